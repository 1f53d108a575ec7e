"""When a chain is to be vouched for: seals of the kiosk, receipts of the centre in it. Pure.

A seal closes what came before it: a thousand events or a day of them, whichever comes first, and a
new epoch at once, which tells the centre the kiosk's key as well. A seal never makes a seal due.
"""

import msgspec

EVENTS = 1_000
DAY_S = 86_400
NOTED_S = 20 * 3_600


class Sealed(msgspec.Struct, frozen=True, array_like=True):
    """The newest seal: event `seq` of `epoch`, made at `wall` (UTC seconds by the kiosk's clock)."""

    epoch: int
    seq: int
    wall: int


def has_news(newest: Sealed | None, epoch: int, last: int) -> bool:
    """Whether events up to `last` of this epoch came after the newest seal."""
    return last > (newest.seq if newest and newest.epoch == epoch else 0)


def due(newest: Sealed | None, epoch: int, last: int, wall: int) -> bool:
    """Whether the chain is to be sealed at `wall` (UTC seconds). A clock that was put back by days
    makes a seal early, and none wait for years."""
    if newest is None or newest.epoch != epoch:
        return last > 0
    aged = abs(wall - newest.wall) >= DAY_S
    return last - newest.seq >= EVENTS or (aged and last > newest.seq)


def note_due(newest: int | None, server_time: int) -> bool:
    """Whether a signed receipt of `server_time` is to be noted in a chain whose newest one is of
    `newest` (UTC seconds of the server): one in 20 hours is enough to bound a day."""
    return newest is None or abs(server_time - newest) >= NOTED_S
