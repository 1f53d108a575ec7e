"""Certificates that count no more, told to the brokers: a list in the state folder, and beside the
broker's own certificate wherever `certify` wrote one.

The list also names a number that stands for all others in it: the doctor shows the broker a
certificate with that number, and the broker refuses it exactly where it has read this very list.
"""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import msgspec
from sqlalchemy import Connection

from sync_server import credentials
from sync_server.certificates import ENDS_SOON, PrivateAuthority, described, write_private

FILE = "crl.pem"
BROKER = "broker.pem"
_BROKERS = "broker-folders.json"
_WORN_OUT = 30 * 86_400  # a certificate that ended is refused for that; clocks may disagree a while

Numbers = list[tuple[int, int]]


def numbers(tx: Connection, now: int) -> Numbers:
    """What is revoked now (server UTC seconds), with the number that stands for all of it."""
    found = credentials.revoked(tx, now - _WORN_OUT)
    return [*found, (standing_for(found), now)]


def standing_for(found: Sequence[tuple[int, int]]) -> int:
    """The number that is in the list exactly while these are, and no others."""
    text = "\0".join(f"{number:x}" for number, _ in found)
    return int.from_bytes(sha256(b"hadir/1 revoked\0" + text.encode()).digest()[:16], "big")


def publish(state: Path, papers: PrivateAuthority, found: Numbers) -> list[Path]:
    """Write the list to the state folder and for every broker that was certified here; the folders
    where it could not be written. Raises OSError where the state cannot be."""
    data = papers.revocations(found)
    write_private(state / FILE, data, 0o644)
    failed = []
    for folder in brokers(state):
        try:
            write_private(folder / FILE, data, 0o644)
        except OSError:
            failed.append(folder)
    return failed


def remember(state: Path, folder: Path) -> None:
    """A broker reads its certificates in this folder. Raises OSError."""
    known = dict.fromkeys([*map(str, brokers(state)), str(folder.resolve())])
    write_private(state / _BROKERS, msgspec.json.encode(list(known)))


def brokers(state: Path) -> list[Path]:
    """Where brokers read their certificates, as far as `certify` was told."""
    try:
        return [Path(one) for one in msgspec.json.decode((state / _BROKERS).read_bytes())]
    except FileNotFoundError:
        return []


def ending(state: Path, now: int) -> list[tuple[Path, int]]:
    """Brokers whose own certificate ends within 60 days or has ended: its folder, and the UTC second.
    One that is on another machine, or whose file is not ours to read, is left out."""
    found = []
    for folder in brokers(state):
        try:
            ends = described((folder / BROKER).read_text()).expires
        except (OSError, ValueError):
            continue
        if ends < now + ENDS_SOON:
            found.append((folder, ends))
    return found
