"""How far a terminal's clock is ahead, from punches that came the moment they were made. Pure.

The protocol never tells the terminal's time (the security dialect does, in rtstate). But a terminal
that called in vain just before and then sends one punch has just stamped it: it is `delay` late at
most. The least late of the newest ones is the measure; a clock that was set shows in the first.
"""

import msgspec

_NEWEST = 8
_SET_MS = 10_000  # later than this is no delay of a punch: the clock was set back
_IN_VAIN = 2  # calls without anything to send: nothing waited
_CALLED_MS = 30_000  # a terminal that was cut off for longer may bring what waited


class Ticking(msgspec.Struct, frozen=True):
    """`seen`: how far the newest live punches were ahead of the boot-time clock, milliseconds.
    `in_vain`: calls since something was sent, `called_ms`: boot time of the newest call."""

    seen: tuple[int, ...] = ()
    in_vain: int = 0
    called_ms: int = 0


def called(ticking: Ticking, up_ms: int) -> Ticking:
    """The terminal called and had nothing to send."""
    near = up_ms - ticking.called_ms <= _CALLED_MS
    return Ticking(ticking.seen, ticking.in_vain + 1 if near else 1, up_ms)


def sent(ticking: Ticking, stamps: tuple[int, ...], up_ms: int) -> Ticking:
    """The terminal sent punches with these stamps (device seconds)."""
    near = up_ms - ticking.called_ms <= _CALLED_MS
    quiet = Ticking(ticking.seen, 0, ticking.called_ms)
    if len(stamps) != 1 or not near or ticking.in_vain < _IN_VAIN:
        return quiet
    return told(quiet, stamps[0], up_ms)


def told(ticking: Ticking, t: int, up_ms: int) -> Ticking:
    """The terminal's clock showed `t` (device seconds) just now."""
    ahead = t * 1000 + 500 - up_ms
    set_back = bool(ticking.seen) and ahead < max(ticking.seen) - _SET_MS
    before = () if set_back else ticking.seen[1 - _NEWEST :]
    return Ticking((*before, ahead), ticking.in_vain, ticking.called_ms)


def offset_ms(ticking: Ticking, utc_ahead_ms: int) -> int | None:
    """Milliseconds that the terminal's wall clock is ahead of UTC, which is `utc_ahead_ms` ahead of
    the boot-time clock; None before any measure."""
    return max(ticking.seen) - utc_ahead_ms if ticking.seen else None
