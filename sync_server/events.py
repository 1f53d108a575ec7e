"""When the punches of a chain happened, read from its events."""

from sqlalchemy import Connection, select

from contract.event import read
from sync_server import schema, vouching
from sync_server.chains import KINDS, Chain, Held
from sync_server.retime import Derived


def derived(tx: Connection, kid: str, epoch: int, zone: int) -> dict[int, Derived]:
    """When the punches of a chain happened, by seq; none for repeats. `zone` in minutes east of UTC."""
    punches = _chain(tx, kid, epoch, zone).punches
    return {int(one.event.rpartition("-")[2]): one.derived for _, one in punches}


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
    distrusted = vouching.of_chain(tx, kid, epoch)
    decoded = (
        (seq, received, read(record)) for seq, received, record in rows if seq not in distrusted
    )
    records = [(seq, received, record) for seq, received, record in decoded if record]
    repeats = set(tx.execute(again).scalars())
    by_index = {idx: serial for idx, serial in serials}
    return Chain(Held(kid, epoch, records, by_index, repeats), zone)
