"""Every chain recomputed from its first event."""

from collections.abc import Iterator

from sqlalchemy import Connection, select

from contract import chain
from contract.event import read, tag_of
from sync_server import schema
from sync_server.verifying.found import ChainCheck
from sync_server.verifying.stored import is_as_made, whole

# Kinds that every version could read: what calls itself unread of these was relabelled to hide it.
_ALWAYS_READ = ("scan", "clock", "covered", "device", "epoch", "receipt_noted", "configuration")


def chains(tx: Connection, kid: str | None = None) -> list[ChainCheck]:
    """Recompute every chain (of one kiosk) from its first event; also what stands in no chain."""
    table = schema.chain
    query = select(table.c.kid, table.c.epoch, table.c.acked, table.c.head)
    if kid is not None:
        query = query.where(table.c.kid == kid)
    rows = tx.execute(query.order_by(table.c.kid, table.c.opened)).all()
    known = {(row.kid, row.epoch) for row in rows}
    found = [
        _verify(tx, *row)
        if is_as_made(table, row._asdict())
        else ChainCheck(str(row.kid), whole(row.epoch), whole(row.acked), 1)
        for row in rows
    ]
    return [*found, *(ChainCheck(*one, 0, 1) for one in _held(tx, kid) if one not in known)]


def _held(tx: Connection, kid: str | None) -> Iterator[tuple[str, int]]:
    """Every chain that has an event, found by the key: one step for each."""
    event = schema.event.c
    found = select(event.kid, event.epoch).order_by(event.kid, event.epoch).limit(1)
    if kid is not None:
        found = found.where(event.kid == kid)
    at = tx.execute(found).first()
    while at is not None:
        yield str(at.kid), whole(at.epoch)
        same = found.where(event.kid == at.kid, event.epoch > at.epoch)
        at = tx.execute(same).first() or tx.execute(found.where(event.kid > at.kid)).first()


def _verify(tx: Connection, kid: str, epoch: int, acked: int, newest: bytes) -> ChainCheck:
    table = schema.event
    rows = tx.execute(
        select(table.c.seq, table.c.kind, table.c.record, table.c.head)
        .where(table.c.kid == kid, table.c.epoch == epoch)
        .order_by(table.c.seq)
    )
    head, last = chain.genesis(kid, epoch), 0
    for seq, kind, record, stored in rows:
        # SQLite keeps what an editor of the file put there, text for bytes too.
        head = chain.link(head, record) if isinstance(record, bytes) else b""
        if whole(seq) > last + 1:
            return ChainCheck(kid, epoch, acked, last + 1, missing=True)
        if seq != last + 1 or head != stored or not _named(kind, record):
            return ChainCheck(kid, epoch, acked, whole(seq) or last + 1)
        last = seq
    complete = last == acked and head == newest
    return ChainCheck(kid, epoch, acked, 0 if complete else last + 1, missing=last < acked)


def _named(kind: object, record: bytes) -> bool:
    """Whether a record is filed as what it is: the kind is no part of the chain."""
    if not isinstance(kind, str):
        return False
    if record.startswith(b'["%b"' % kind.encode()):
        return True
    tag, known = kind.removeprefix("unread:"), read(record)
    return tag != kind and (known is None or tag == tag_of(known) not in _ALWAYS_READ)
