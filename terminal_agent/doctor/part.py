"""One part of the examination by itself: what it cannot understand hides no other part."""

import struct
import termios
from collections.abc import Callable, Iterable, Iterator

from terminal_agent.doctor.finding import Finding

# What a device, a file of the kernel or a name that answers rubbish comes to: a broken line, letters and
# figures that are none (UnicodeError is a ValueError), and less of them than was promised.
RUBBISH = (OSError, ValueError, LookupError, ArithmeticError, struct.error, termios.error)


def looked(part: str, *looks: Callable[[], Iterable[Finding]]) -> Iterator[Finding]:
    """What each of them finds, up to where it understands nothing any more."""
    for look in looks:
        try:
            yield from look()
        except RUBBISH as problem:
            yield unread(part, problem)


def unread(part: str, problem: Exception) -> Finding:
    """The sentence for it."""
    detail = f"{type(problem).__name__}: {problem}"
    return Finding("part_unread", "warn", part, {"detail": detail})
