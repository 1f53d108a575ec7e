"""Frozen months: the bytes that were paid by are those that two people approved, and the office's log
says so."""

import zlib
from collections.abc import Iterator

from sqlalchemy import Connection, select

from sync_server import schema
from sync_server import sheet as sheets
from sync_server.verifying.found import Broken, Check, Tally

_FROZEN = "month_frozen"


def check(tx: Connection) -> Check:
    """Every month that was ever frozen, by the log and by the months themselves."""
    tally = Tally("months")
    for broken in (*_stored(tx), *_gone(tx)):
        tally.look(broken)
    return tally.check()


def _stored(tx: Connection) -> Iterator[Broken | None]:
    its, log = schema.closing.c, schema.access.c
    query = select(its.opd, its.month, its.rev, its.digest, its.body).where(its.state == "frozen")
    for row in tx.execute(query.order_by(its.opd, its.month, its.rev)).all():
        name = f"{row.opd} {row.month} rev {row.rev}"
        said = f"{row.month} rev {row.rev} {row.digest}"
        if _digest(row.body) != row.digest:
            yield Broken("month_changed", detail=name)
            continue
        where = (log.did == _FROZEN, log.opd == row.opd, log.detail == said)
        known = tx.execute(select(log.no).where(*where).limit(1)).first()
        yield None if known else Broken("month_unlogged", detail=name)


def _gone(tx: Connection) -> Iterator[Broken]:
    """Months that the log knows as frozen and that are not."""
    its, log = schema.closing.c, schema.access.c
    rows = tx.execute(select(log.no, log.opd, log.detail).where(log.did == _FROZEN)).all()
    held = {
        (row.opd, f"{row.month} rev {row.rev} {row.digest}")
        for row in tx.execute(
            select(its.opd, its.month, its.rev, its.digest).where(its.state == "frozen")
        )
    }
    for row in rows:
        if (row.opd, row.detail) not in held:
            yield Broken("month_gone", line=row.no, detail=f"{row.opd} {row.detail[:20]}")


def _digest(body: object) -> str:
    try:
        return sheets.digest(zlib.decompress(body)) if isinstance(body, bytes) else ""
    except zlib.error:
        return ""
