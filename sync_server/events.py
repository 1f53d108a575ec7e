"""The ledger's events of one office, as pairing needs them: punches with derived times, coverage.

Facts are made of punches, not of events: a repeat of a punch by another way is left out here.
"""

from collections import defaultdict
from collections.abc import Mapping

import msgspec
from sqlalchemy import Connection, select

from contract.event import read
from sync_server import schema
from sync_server.chains import KINDS, Chain, Held
from sync_server.coverage import Claim
from sync_server.retime import Derived
from sync_server.touches import Punch

SCREEN = "screen"  # the family of a kiosk's own screen


class Office(msgspec.Struct, frozen=True):
    """What an office's kiosks have told: punches by PIN, coverage, its devices by serial (those that
    can be covered: a screen has no log and no eye), and since when (UTC seconds) a fork is unresolved
    (None: there is none)."""

    punches: Mapping[str, list[Punch]]
    claims: list[Claim]
    devices: frozenset[str]
    forked_since: int | None


def of_office(tx: Connection, opd: str, zone: int) -> Office:
    """Everything that the kiosks of an office have told; `zone` in minutes east of UTC."""
    kiosk, chain = schema.kiosk.c, schema.chain.c
    kids = tx.execute(select(kiosk.kid).where(kiosk.opd == opd)).scalars().all()
    chains = tx.execute(
        select(chain.kid, chain.epoch, chain.opened, chain.forked)
        .where(chain.kid.in_(kids))
        .order_by(chain.kid, chain.opened, chain.epoch)
    ).all()
    punches: dict[str, list[Punch]] = defaultdict(list)
    claims: list[Claim] = []
    devices: dict[str, set[str]] = {kid: set() for kid in kids}
    configured: dict[str, int] = {}
    for kid, epoch, _, _ in chains:
        told = _chain(tx, kid, epoch, zone)
        devices[kid].update(_watched(tx, kid, epoch))
        configured[kid] = told.configured or configured.get(kid, 0)
        claims += told.claims
        for pin, one in told.punches:
            punches[pin].append(one)
    forks = [row.opened for row in chains if row.forked]
    everything = frozenset().union(*devices.values(), _unknown(tx, devices, configured))
    return Office(punches, claims, everything, min(forks, default=None))


def derived(tx: Connection, kid: str, epoch: int, zone: int) -> dict[int, Derived]:
    """When the punches of a chain happened, by seq; none for repeats. `zone` as above."""
    punches = _chain(tx, kid, epoch, zone).punches
    return {int(one.event.rpartition("-")[2]): one.derived for _, one in punches}


def _unknown(
    tx: Connection, devices: Mapping[str, set[str]], configured: Mapping[str, int]
) -> set[str]:
    """What stands for devices that nothing is known of, and for events that are missing: a kiosk
    that never spoke or has read fewer terminals than it is to read, and an open gap."""
    gap = schema.gap.c
    open_gaps = tx.execute(select(gap.kid).where(gap.closed == 0, gap.kid.in_(devices))).scalars()
    unread = {kid for kid in devices if len(devices[kid]) < max(1, configured.get(kid, 1))}
    return {f"kiosk {kid}" for kid in unread} | {f"gap {kid}" for kid in open_gaps}


def _watched(tx: Connection, kid: str, epoch: int) -> list[str]:
    """The serials of a chain's devices whose silence means something once they are covered."""
    device = schema.device.c
    query = select(device.serial).where(device.kid == kid, device.epoch == epoch)
    return list(tx.execute(query.where(device.family != SCREEN)).scalars())


def _chain(tx: Connection, kid: str, epoch: int, zone: int) -> Chain:
    device, repeat, event = schema.device.c, schema.repeat.c, schema.event.c
    serials = tx.execute(
        select(device.idx, device.serial).where(device.kid == kid, device.epoch == epoch)
    )
    again = select(repeat.seq).where(repeat.kid == kid, repeat.epoch == epoch)
    rows = tx.execute(
        select(event.seq, event.received, event.record)
        .where(event.kid == kid, event.epoch == epoch, event.kind.in_(KINDS))
        .order_by(event.seq)
    )
    decoded = ((seq, received, read(record)) for seq, received, record in rows)
    records = [(seq, received, record) for seq, received, record in decoded if record]
    repeats = set(tx.execute(again).scalars())
    by_index = {idx: serial for idx, serial in serials}
    return Chain(Held(kid, epoch, records, by_index, repeats), zone)
