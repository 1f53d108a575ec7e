"""What a real program really asked of the disk, in order: its own code, the SQLite that it runs on.

strace tells every write with its bytes, every sync, every name that was made or removed. From that the
disk is built again as it may be found after a power cut at any moment (powercut.py).
"""

import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

_CALLS = "openat,close,write,pwrite64,ftruncate,fallocate,fsync,fdatasync,unlink,unlinkat,rename"
_LINE = re.compile(r"(\w+)\((.*)\) += (-?\d+)")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_HANDLE = re.compile(r"(-?\d+|AT_FDCWD)<([^>]*)>")


class Made(msgspec.Struct, frozen=True):
    """A new empty file."""

    name: str


class Written(msgspec.Struct, frozen=True):
    """Bytes at a place in a file."""

    name: str
    at: int
    data: bytes


class Cut(msgspec.Struct, frozen=True):
    """A file's new length."""

    name: str
    length: int


class Synced(msgspec.Struct, frozen=True):
    """What was written to a file is on the disk; "" is the folder itself."""

    name: str


class Removed(msgspec.Struct, frozen=True):
    """A name is gone."""

    name: str


class Moved(msgspec.Struct, frozen=True):
    """A file has another name, in the place of whatever had it."""

    name: str
    to: str


class Told(msgspec.Struct, frozen=True):
    """A promise: bytes on standard output."""

    data: bytes


Step = Made | Written | Cut | Synced | Removed | Moved | Told


def record(folder: Path, command: Sequence[str | Path]) -> list[Step]:
    """Run a program of one thread to its end; all that it did to files directly in `folder`, and what
    it told on standard output."""
    log = folder.with_suffix(".strace")
    strace = ["strace", "-qq", "-xx", "-y", "-s", "16777216", "-e", f"trace={_CALLS}", "-o", log]
    there = {path.name for path in folder.iterdir()}
    subprocess.run([*strace, *command], stdout=subprocess.PIPE, check=True)
    with log.open(encoding="ascii") as lines:
        return list(_steps(lines, os.fsencode(folder), there))


def _steps(lines: Iterator[str], folder: bytes, there: set[str]) -> Iterator[Step]:
    places: dict[int, int] = {}  # of handles that are written to one after the other
    for line in lines:
        match = _LINE.match(line)
        if match is None or int(match[3]) < 0:
            continue
        call, words, result = match[1], match[2], int(match[3])
        if call == "openat":
            places[result] = 0
            yield from _opened(words, folder, there)
        elif call in ("unlink", "unlinkat", "rename"):
            yield from _named(
                call, [_local(_bytes(t), folder) for t in _TEXT.findall(words)], there
            )
        elif handle := _HANDLE.match(words):
            number, path = int(handle[1]), _bytes(handle[2])
            if call == "write" and number == 1:
                yield Told(_bytes(_TEXT.findall(words)[0]))
            elif (name := _local(path, folder)) is not None:
                yield from _used(call, name, words, (places, number))


def _opened(words: str, folder: bytes, there: set[str]) -> Iterator[Step]:
    name = _local(_bytes(_TEXT.findall(words)[0]), folder)
    if not name:
        return
    if "O_CREAT" in words and name not in there:
        there.add(name)
        yield Made(name)
    elif "O_TRUNC" in words:
        yield Cut(name, 0)


def _named(call: str, names: list[str | None], there: set[str]) -> Iterator[Step]:
    if not names[0]:
        return
    there.discard(names[0])
    if call != "rename":
        yield Removed(names[0])
    elif names[1]:
        there.add(names[1])
        yield Moved(names[0], names[1])


def _used(call: str, name: str, words: str, at: tuple[dict[int, int], int]) -> Iterator[Step]:
    numbers = [int(word) for word in re.findall(r", (\d+)(?=,|$)", _TEXT.sub("", words))]
    if call in ("fsync", "fdatasync"):
        yield Synced(name)
    elif call == "ftruncate":
        yield Cut(name, numbers[0])
    elif call == "pwrite64":
        yield Written(name, numbers[-1], _bytes(_TEXT.findall(words)[0]))
    elif call == "write":
        places, handle = at
        data = _bytes(_TEXT.findall(words)[0])
        yield Written(name, places.get(handle, 0), data)
        places[handle] = places.get(handle, 0) + len(data)


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", "")) if text.startswith("\\x") else text.encode()


def _local(path: bytes, folder: bytes) -> str | None:
    """The name of a file directly in the folder, "" for the folder itself, None elsewhere."""
    if path == folder:
        return ""
    head, _, name = path.rpartition(b"/")
    return os.fsdecode(name) if head == folder else None
