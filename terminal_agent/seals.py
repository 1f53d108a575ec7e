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


class Noted(msgspec.Struct, frozen=True):
    """The newest receipt noted in this epoch: event `seq`, of this UTC second of the server."""

    seq: int
    server_time: int


def note_due(newest: Noted | None, server_time: int, acked: int) -> bool:
    """Whether a receipt signed at `server_time` for event `acked` of this epoch is to be noted: one in
    20 hours is enough to bound a day.

    An older one only where the centre had the newest note when it signed, so that its clock went
    back; one that somebody sends again was signed before.
    """
    if newest is None or server_time - newest.server_time >= NOTED_S:
        return True
    return newest.server_time - server_time >= NOTED_S and acked >= newest.seq
