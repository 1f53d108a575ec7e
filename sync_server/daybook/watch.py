"""What an office's kiosks have told of their devices, as the daybook has read it: coverage, forks."""

import msgspec
from sqlalchemy import Connection

from sync_server import coverage, plain
from sync_server.coverage import Claim, Coverage
from sync_server.daybook import states
from sync_server.shifts import Window

SCREEN = "screen"  # the family of a kiosk's own screen: it has no log and no eye


class Devices(msgspec.Struct, frozen=True):
    """The devices of an office that can be covered, by serial, with a name for each thing that is
    not known; and since when (UTC seconds) a fork is unresolved (None: there is none)."""

    serials: tuple[str, ...]
    forked_since: int | None


class Watch(msgspec.Struct, frozen=True):
    """Coverage of an office: its devices, and the claims about each."""

    devices: Devices
    claims: list[Claim]

    def judge(self, window: Window | None) -> Coverage:
        """Whether every device was read past the window's close; a day without hours needs none."""
        if window is None:
            return Coverage(complete=True, behind=())
        return coverage.judge(self.claims, self.devices.serials, window.open, window.close)


_KIDS = "SELECT kid FROM kiosk WHERE opd = ?"
_CLAIMS = f"SELECT serial, since, through, spare FROM claim WHERE kid IN ({_KIDS})"  # noqa: S608
_CHAINS = (
    f"SELECT kid, epoch, opened, forked FROM chain WHERE kid IN ({_KIDS}) "  # noqa: S608
    "ORDER BY kid, opened, epoch"
)
_DEVICES = f"SELECT kid, serial FROM device WHERE kid IN ({_KIDS}) AND family <> ?"  # noqa: S608
_GAPS = f"SELECT kid FROM gap WHERE closed = 0 AND kid IN ({_KIDS})"  # noqa: S608


def load(tx: Connection, opd: str) -> Watch:
    """Coverage of an office: every claim, because a camera's first one says when it was put up."""
    return Watch(devices(tx, opd), [Claim(*row) for row in plain.rows(tx, _CLAIMS, opd)])


def devices(tx: Connection, opd: str) -> Devices:
    """The devices of an office as they stand."""
    seen: dict[str, set[str]] = {kid: set() for (kid,) in plain.rows(tx, _KIDS, opd)}
    chains = plain.rows(tx, _CHAINS, opd)
    for kid, serial in plain.rows(tx, _DEVICES, opd, SCREEN):
        seen[kid].add(serial)
    known = states.configured(tx, opd) if chains else {}
    configured: dict[str, int] = {}
    for kid, epoch, _, _ in chains:
        configured[kid] = known.get((kid, epoch), 0) or configured.get(kid, 0)
    # What stands for devices that nothing is known of, and for events that are missing: a kiosk that
    # never spoke or has read fewer terminals than it is to read, and an open gap.
    unread = {kid for kid in seen if len(seen[kid]) < max(1, configured.get(kid, 1))}
    unknown = {f"kiosk {kid}" for kid in unread}
    unknown |= {f"gap {kid}" for (kid,) in plain.rows(tx, _GAPS, opd)}
    forks = [opened for _, _, opened, forked in chains if forked]
    return Devices(tuple(sorted(unknown.union(*seen.values()))), min(forks, default=None))
