"""Fetches a release from the centre's door: slowly, piece by piece, and on from where a link broke.

The door is known by Hadir's own authority; what comes is believed for its signature and hashes alone.
"""

import http.client
import ssl
from collections.abc import Callable, Iterator
from contextlib import closing

import msgspec

from contract import enrolment, release
from contract.errors import BatchError
from contract.release import File
from terminal_agent.errors import SourceMisconfigured, SourceUnavailable
from terminal_agent.releases import gathered
from terminal_agent.releases.gathered import Run, Shelf
from terminal_agent.releases.place import Place

PIECE = 256 * 1024  # bytes of one request
_PATIENCE = 30.0  # seconds for each answer of a satellite link
_BLOCK = 16 * 1024
_OVERHEAD = 6_000  # bytes of TCP and TLS for one request, measured on the door
_PARTIAL = 206


class Door(msgspec.Struct, frozen=True):
    """Where a release lies. `carried(n)` is told of every n bytes and waits as long as the link's
    patience wants; it raises where the link has to be left alone. `piece`: bytes of one request; those
    on the way when a link breaks are paid for."""

    url: str
    trust: Callable[[], ssl.SSLContext]
    carried: Callable[[int], None]
    piece: int = PIECE


def begin(door: Door, digest: str, place: Place, shelf: Shelf) -> None:
    """Gather that release from now on. Raises SourceUnavailable, SourceMisconfigured and OSError."""
    if shelf.digest() == digest:
        return
    try:
        signature, manifest = release.uncarried(
            b"".join(_said(door, f"/releases/{digest}/manifest"))
        )
    except BatchError as problem:
        raise SourceUnavailable("release_link", str(problem)) from problem
    if release.digest(manifest) != digest:
        raise SourceUnavailable("release_link", "the door showed another release")
    gathered.accepted(place, manifest, signature)
    shelf.begin(manifest, signature)


def lacking(place: Place, shelf: Shelf) -> list[File]:
    """What is still to come. Raises SourceMisconfigured."""
    held = shelf.manifest()
    if held is None:
        raise SourceMisconfigured("release_incomplete", "its manifest is gone")
    return [
        one for one in gathered.lacking(place, gathered.accepted(place, *held)) if shelf.lacks(one)
    ]


def fetch(door: Door, shelf: Shelf, files: list[File]) -> None:
    """Bring these objects. Raises SourceUnavailable where the link breaks, what came stays; OSError."""
    path = f"/releases/{shelf.digest()}/pack"
    for run in gathered.runs(files, door.piece):
        begin, end = run.at + shelf.begun(run.files[0]), run.at + run.length
        try:
            for at in range(begin, end, door.piece):
                _piece(door, path, shelf, run, (at, min(door.piece, end - at)))
        except BatchError as problem:
            raise SourceUnavailable("release_link", str(problem)) from problem


def _piece(door: Door, path: str, shelf: Shelf, run: Run, span: tuple[int, int]) -> None:
    """Each block is kept as it comes: a link that breaks in every piece gets on all the same."""
    at, length = span
    for block in _said(door, path, at, length):
        for one in run.files:
            first, last = max(at, one.at), min(at + len(block), one.at + one.packed)
            if first < last:
                shelf.add(one, first - one.at, block[first - at : last - at])
        at += len(block)


def _said(door: Door, path: str, at: int = 0, length: int = 0) -> Iterator[bytes]:
    """The bytes of one answer; `length` of them from `at` on. Raises SourceUnavailable."""
    try:
        host, port = enrolment.where(door.url)
        wire = http.client.HTTPSConnection(host, port, timeout=_PATIENCE, context=door.trust())
        with closing(wire):
            span = {"Range": f"bytes={at}-{at + length - 1}"} if length else {}
            wire.request("GET", path, headers=span)
            answer = wire.getresponse()
            if answer.status != (_PARTIAL if length else 200):
                raise SourceUnavailable("release_gone", f"{path}: {answer.status}")
            door.carried(_OVERHEAD)
            yield from _blocks(answer, door, length or release.MAX_MANIFEST)
    except BatchError as problem:
        raise SourceMisconfigured("pass_wrong", str(problem)) from problem
    except (OSError, UnicodeError, http.client.HTTPException) as problem:  # no name at all
        raise SourceUnavailable("door_away", f"{door.url}: {problem}") from problem


def _blocks(answer: http.client.HTTPResponse, door: Door, most: int) -> Iterator[bytes]:
    came = 0
    while block := answer.read1(_BLOCK):
        came += len(block)
        if came > most:
            raise SourceUnavailable("release_link", "the door said more than was asked")
        yield block  # before anything is waited for
        door.carried(len(block))
    if answer.length:  # what was promised and did not come
        raise SourceUnavailable("door_away", f"{answer.length} bytes are missing")
