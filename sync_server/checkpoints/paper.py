"""A checkpoint as text: what it says, and reading it back. Pure.

One statement a line, in one order, so that a person can read it and two can compare it:

    hadir checkpoint 1
    no 12
    day 2026-11-22
    made 1795000000
    before 5f3a... (the digest of number 11; - for the first)
    log 4711 9c0d...            access, decision, ruling: newest row and the head after it
    decision 96 77aa...
    ruling 3 10fe...
    key T07A 04ab...            the key that the kiosk seals with
    kiosk T07A 0000002a 1234 be01...    epoch, newest event, chain head

and below it, in a file, an empty line and the signature over all of that in base64.
"""

from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Iterable, Iterator
from hashlib import sha256

import msgspec

from sync_server.errors import BadFile

TITLE = "hadir checkpoint 1"
FIRST = "-"  # stands for the digest before the first
BOOKS = {"log": "access", "decision": "decision", "ruling": "ruling"}  # by the word on paper
_PURPOSE = b"hadir/1 checkpoint\0"
_MARK = "signature "


class Standing(msgspec.Struct, frozen=True):
    """Where a chain stood: newest event and its head, in hex."""

    kid: str
    epoch: int
    acked: int
    head: str


class Checkpoint(msgspec.Struct, frozen=True):
    """What a checkpoint says. `made` is server UTC seconds, `day` the date in western Indonesia;
    `books` maps the linked tables to (newest number, head in hex); `keys` kiosks to their key in hex."""

    no: int
    day: str
    made: int
    before: str
    books: dict[str, tuple[int, str]]
    keys: dict[str, str]
    kiosks: tuple[Standing, ...]


def text(one: Checkpoint) -> str:
    """The lines that are signed."""
    return "".join(f"{line}\n" for line in _lines(one))


def digest(text: str) -> str:
    """What names a checkpoint beyond doubt: SHA-256 of its lines, in hex."""
    return sha256(text.encode()).hexdigest()


def short(digest: str) -> str:
    """The digest as it is printed and read out: 64 bits, in fours."""
    return "-".join(digest[at : at + 4] for at in range(0, 16, 4)).upper()


def to_sign(text: str) -> bytes:
    """What the centre signs."""
    return _PURPOSE + text.encode()


def signed_text(text: str, signature: bytes) -> str:
    """The file that is mailed."""
    return f"{text}\n{_MARK}{b64encode(signature).decode()}\n"


def parse(data: str, file: str) -> tuple[Checkpoint, str, bytes]:
    """What a file says, the lines that were signed, and the signature. Line ends may be those of
    another system, as mail makes them. Raises BadFile."""
    lines = [line.rstrip() for line in data.replace("\r\n", "\n").strip().split("\n")]
    if len(lines) < 2 or lines[-2] or not lines[-1].startswith(_MARK):
        raise BadFile(file, "", "not_a_checkpoint")
    try:
        signature = b64decode(lines[-1].removeprefix(_MARK), validate=True)
        found = read(lines[:-2])
    except (NotBase64, ValueError, IndexError, KeyError) as problem:
        raise BadFile(file, "", "not_a_checkpoint") from problem
    return found, "".join(f"{line}\n" for line in lines[:-2]), signature


def read(lines: Iterable[str]) -> Checkpoint:
    """What the lines say. Raises ValueError, IndexError or KeyError where they are no checkpoint."""
    told = [line.split(" ") for line in lines]
    if " ".join(told[0]) != TITLE:
        raise ValueError(TITLE)
    once = {words[0]: words[1:] for words in told[1:] if words[0] not in ("key", "kiosk")}
    return Checkpoint(
        no=int(once["no"][0]),
        day=once["day"][0],
        made=int(once["made"][0]),
        before=once["before"][0],
        books={BOOKS[word]: (int(once[word][0]), once[word][1]) for word in BOOKS},
        keys={words[1]: words[2] for words in told if words[0] == "key"},
        kiosks=tuple(
            Standing(words[1], int(words[2], 16), int(words[3]), words[4])
            for words in told
            if words[0] == "kiosk"
        ),
    )


def _lines(one: Checkpoint) -> Iterator[str]:
    yield TITLE
    yield f"no {one.no}"
    yield f"day {one.day}"
    yield f"made {one.made}"
    yield f"before {one.before}"
    for word, table in BOOKS.items():
        no, head = one.books[table]
        yield f"{word} {no} {head}"
    for kid, key in sorted(one.keys.items()):
        yield f"key {kid} {key}"
    for its in sorted(one.kiosks, key=lambda each: (each.kid, each.epoch)):
        yield f"kiosk {its.kid} {its.epoch:08x} {its.acked} {its.head}"
