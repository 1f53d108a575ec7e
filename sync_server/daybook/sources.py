"""The chains that the book is read from, and what else in the ledger its days rest on."""

from datetime import UTC, date, datetime, timedelta

import msgspec
from sqlalchemy import Connection, select

from sync_server import dirt, roster, schema
from sync_server.daybook import reader, states, watch
from sync_server.daybook.reader import Source
from sync_server.daybook.watch import Devices

_WRITING = 0x4AD1_0004  # PostgreSQL: the advisory locks of whoever writes an office's book


def behind(tx: Connection) -> list[str]:
    """The offices that have chains with events that were not read yet."""
    kiosk, chain, read = schema.kiosk.c, schema.chain.c, schema.reading
    rows = tx.execute(
        select(kiosk.opd)
        .distinct()
        .select_from(
            schema.chain.join(schema.kiosk, chain.kid == kiosk.kid).outerjoin(
                read, (read.c.kid == chain.kid) & (read.c.epoch == chain.epoch)
            )
        )
        .where((read.c.upto.is_(None)) | (read.c.upto < chain.acked))
    )
    return sorted(rows.scalars())


def offices(tx: Connection) -> list[str]:
    """Every office that people were imported for."""
    return sorted(tx.execute(select(schema.person.c.opd).distinct()).scalars())


def hold(tx: Connection, opd: str) -> None:
    """Be the only one who writes an office's book until the transaction ends: the keeper and people
    who ask for days read the same chains on. (SQLite has one writer anyhow.)"""
    if tx.dialect.name == "postgresql":
        tx.exec_driver_sql("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", (_WRITING, opd))


def of_office(tx: Connection, opd: str) -> list[Source]:
    """An office's chains; none as long as nobody was imported for it: its zone is not known."""
    zone = roster.zone(tx, opd)
    if zone is None:
        return []
    kiosk, chain = schema.kiosk.c, schema.chain.c
    rows = tx.execute(
        select(chain.kid, chain.epoch, chain.acked)
        .select_from(schema.chain.join(schema.kiosk, chain.kid == kiosk.kid))
        .where(kiosk.opd == opd)
        .order_by(chain.kid, chain.opened, chain.epoch)
    )
    return [Source(kid, epoch, acked, opd, zone) for kid, epoch, acked in rows]


def read_on(tx: Connection, opd: str, now: float) -> None:
    """Read an office's chains up to where they stand, and mark its days where its devices are not
    what they were: a new one, a gap that closed, a fork that was resolved. `now`: UTC seconds."""
    hold(tx, opd)
    for source in of_office(tx, opd):
        reader.advance(tx, source, now)
    devices = watch.devices(tx, opd)
    body = states.of_office(tx, opd)
    was = None if body is None else msgspec.msgpack.decode(body, type=Devices)
    if was != devices:
        states.keep_office(tx, opd, msgspec.msgpack.encode(devices))
        if was is not None:
            dirt.mark(tx, opd, _since(was, devices), date.max, now)


def _since(was: Devices, now: Devices) -> date:
    """From when on days change: a fork's from when its chain was opened, a device's all."""
    forks = [one for one in (was.forked_since, now.forked_since) if one is not None]
    if was.serials != now.serials or not forks:
        return date.min
    return datetime.fromtimestamp(min(forks), UTC).date() - timedelta(days=3)
