"""The configuration that the centre ordered, kept beside the local file, and the way back from it.

`ordered.toml` is in force from the agent's next start on. It is on trial until an agent has been up
for a minute with it: one that dies twice before that comes back with the configuration before.
"""

import re
from pathlib import Path

import msgspec

from terminal_agent import durable

TRIAL_SECONDS = 60.0
_MOST_DEATHS = 2
_HEAD = re.compile(rb"# command (\d{1,16})\n")


class Ordered(msgspec.Struct, frozen=True):
    """A configuration of the centre and the counter of the command that brought it."""

    counter: int
    toml: bytes


def read(state: Path) -> Ordered | None:
    """What the centre ordered last and is in force; None: the local file is."""
    return _read(_kept(state))


def keep(state: Path, counter: int, toml: bytes) -> None:
    """Put a configuration in force for the next start, on trial. Doing it again changes nothing.

    Raises OSError.
    """
    now = read(state)
    if now and now.counter == counter:
        return
    _store(_before(state), now)
    durable.write_whole(_trial(state), b"0")
    _store(_kept(state), Ordered(counter, toml))


def starting(state: Path) -> bool:
    """Count the start of an agent on trial; True where it must end and start again, because the
    configuration before is in force now. Raises OSError."""
    starts = _count(_trial(state))
    if starts is None:
        return False
    if starts < _MOST_DEATHS:
        durable.write_whole(_trial(state), b"%d" % (starts + 1))
        return False
    failed = read(state)
    durable.write_whole(_fallen(state), b"%d" % (failed.counter if failed else 0))
    _store(_kept(state), _read(_before(state)))
    durable.remove(_trial(state))
    return True


def ended(state: Path) -> None:
    """The agent was stopped on purpose: that start does not count. Raises OSError."""
    starts = _count(_trial(state))
    if starts:
        durable.write_whole(_trial(state), b"%d" % (starts - 1))


def proven(state: Path) -> None:
    """An agent has been up long enough: the trial is over. Raises OSError."""
    if _trial(state).exists():
        durable.remove(_trial(state))
    now = read(state)
    if now and now.counter > fallen(state) > 0:
        durable.remove(_fallen(state))


def fallen(state: Path) -> int:
    """The counter of the configuration that was given up last, 0 where none was."""
    return _count(_fallen(state)) or 0


def _kept(state: Path) -> Path:
    return state / "ordered.toml"


def _before(state: Path) -> Path:
    return state / "ordered.before.toml"


def _trial(state: Path) -> Path:
    return state / "ordered.trial"


def _fallen(state: Path) -> Path:
    return state / "ordered.fallen"


def _read(path: Path) -> Ordered | None:
    """A file that somebody made by hand has no counter and is not in force."""
    data = path.read_bytes() if path.exists() else b""
    head = _HEAD.match(data)
    return Ordered(int(head[1]), data[head.end() :]) if head else None


def _store(path: Path, ordered: Ordered | None) -> None:
    if ordered is None:
        durable.remove(path)
    else:
        durable.write_whole(path, b"# command %d\n" % ordered.counter + ordered.toml)


def _count(path: Path) -> int | None:
    """The number in a small file, None where there is none."""
    text = path.read_bytes() if path.exists() else b""
    return int(text) if text.isdigit() else None
