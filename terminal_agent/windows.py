"""The hours of the day at which the link is switched on. Pure.

A window is "05:30-06:30", local time of the kiosk's zone; "22:00-01:00" goes over midnight.
"""

import math
import re
from collections.abc import Sequence

import msgspec

_DAY = 86_400
_FORM = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")


class Window(msgspec.Struct, frozen=True):
    """From `begin` on, for `length`; both in seconds, `begin` after local midnight."""

    begin: int
    length: int


def read(texts: Sequence[str]) -> tuple[Window, ...]:
    """The windows in a configuration. Raises ValueError with what to write instead."""
    return tuple(map(_read, texts))


def opens_in(windows: Sequence[Window], local: float) -> float:
    """Seconds until a window opens, 0 inside one and where there is none; `local` counts the
    seconds of the kiosk's local time."""
    waits = [0.0 if _inside(one, local) else (one.begin - local) % _DAY for one in windows]
    return min(waits, default=0.0)


def closes_in(windows: Sequence[Window], local: float) -> float:
    """Seconds until the window that is open now closes: 0 outside, endless where there is none."""
    left = [(one.begin + one.length - local) % _DAY for one in windows if _inside(one, local)]
    return max(left, default=0.0) if windows else math.inf


def later(window: Window, late: int) -> Window:
    """The window without its first `late` seconds, or without its first tenth if that is less: the
    kiosks of a region do not all come in its first second."""
    late = min(late, window.length // 10)
    return Window(window.begin + late, window.length - late)


def _inside(window: Window, local: float) -> bool:
    return (local - window.begin) % _DAY < window.length


def _read(text: str) -> Window:
    found = _FORM.fullmatch(text)
    if found is None:
        raise ValueError(f'"{text}" is not a window; write two times, such as "05:30-06:30"')
    hours, minutes, end_hours, end_minutes = map(int, found.groups())
    begin = hours * 3600 + minutes * 60
    length = (end_hours * 3600 + end_minutes * 60 - begin) % _DAY
    if not length:
        raise ValueError(f'"{text}" is a window without length; leave it out to be always on')
    return Window(begin, length)
