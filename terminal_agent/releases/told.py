"""What agent and keeper tell each other in small files: wishes from below, what came of them from above."""

from pathlib import Path
from typing import Literal, TypeVar

import msgspec

from contract.release import Digest, Version
from terminal_agent import durable

FOLDER = "update"  # in the agent's state: what it has fetched, and what it wishes
WISH, WORD = "wish.json", "word.json"
TRIAL, OUTCOME, FLOOR = "trial.json", "outcome.json", "floor.json"
MOST = 16 * 1024  # bytes of such a file


class Wish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the agent asks of the keeper. `no` is another one for each wish: the command's counter, or
    UTC milliseconds."""

    no: int
    do: Literal["install", "rollback"]
    digest: Digest | None = None


class Word(msgspec.Struct, frozen=True):
    """What the agent says of itself: which version it is, whether it has had a receipt over its link
    since it began, when the newest came (UTC seconds, 0 = never), and until when the link is on (UTC
    seconds; 0 = always, 1 = it is off)."""

    version: str
    heard: bool = False
    heard_at: int = 0
    open_until: int = 0


class Trial(msgspec.Struct, frozen=True):
    """A release that has not proven itself. `boots`: how often the machine started with it; `beside`: the
    units that ran beside the agent before it."""

    no: int
    version: Version
    release: int
    digest: str
    came_from: Version
    needs_receipt: bool
    boots: int = 0
    beside: tuple[str, ...] = ()


class Outcome(msgspec.Struct, frozen=True):
    """What became of wish `no` at UTC second `at`. "rolled_back": `version`, which wish `tried` had put
    on trial, did not prove itself, `reason` says why; "back": somebody asked to go back to `version`."""

    no: int
    did: Literal["installed", "rolled_back", "refused", "back"]
    version: str
    at: int
    tried: int = 0
    release: int = 0
    digest: str = ""
    came_from: str = ""
    reason: str = ""
    detail: str = ""


class Floor(msgspec.Struct, frozen=True):
    """No release below this number is installed here any more; none below `least` is gone back to."""

    release: int = 0
    least: int = 0


_Kind = TypeVar("_Kind", Wish, Word, Trial, Outcome, Floor)


def read(path: Path, kind: type[_Kind]) -> _Kind | None:
    """What a file says; None where there is none, or a card has damaged it."""
    try:
        return understood(path.read_bytes(), kind)
    except OSError:
        return None


def understood(data: bytes | None, kind: type[_Kind]) -> _Kind | None:
    """What bytes say; None where they say nothing of the kind."""
    try:
        return msgspec.json.decode(data, type=kind) if data else None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def write(path: Path, said: msgspec.Struct, mode: int = 0o644) -> None:
    """Write it down for the other one to read, whole or not at all. Raises OSError."""
    path.parent.mkdir(exist_ok=True)
    durable.write_whole(path, msgspec.json.encode(said), mode)
