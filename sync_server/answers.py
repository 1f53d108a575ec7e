"""What kiosks sent back beside the fate of a command, part by part: log bundles, templates."""

import logging
from collections.abc import Iterable

from sqlalchemy import Connection, and_, delete, func, insert, select

from contract import command
from sync_server import schema

log = logging.getLogger(__name__)

_MOST_BODY = 8 * 1024 * 1024  # bytes: a kiosk's 2,000 newest lines of log are a tenth of that


def take(tx: Connection, kid: str, told: command.Answer) -> bool:
    """Keep a part; the first one begins anew, because a kiosk that is asked again collects again.
    A part that would make too much of it all is not kept, so it never becomes whole."""
    table = schema.answer
    mine = and_(table.c.kid == kid, table.c.counter == told.counter)
    tx.execute(
        delete(table).where(mine if told.part == 1 else and_(mine, table.c.part == told.part))
    )
    count, size = tx.execute(
        select(func.count(), func.sum(func.length(table.c.body))).where(mine)
    ).one()
    if int(size or 0) + len(told.body) > _MOST_BODY:
        log.error("answer.too_large kid=%s counter=%d part=%d", kid, told.counter, told.part)
        return False
    row = {"kid": kid, "counter": told.counter, "part": told.part, "body": told.body}
    tx.execute(insert(table).values(row))
    return bool(count + 1 == told.parts)


def bodies(tx: Connection, kid: str, name: str) -> dict[int, bytes]:
    """What a kiosk sent back for its commands of that name, whole, by their counters."""
    its, table = schema.command.c, schema.answer
    same = and_(its.kid == table.c.kid, its.counter == table.c.counter)
    query = (
        select(table.c.counter, table.c.body)
        .join(schema.command, same)
        .where(its.kid == kid, its.name == name, its.fate == "done")
        .order_by(table.c.counter, table.c.part)
    )
    found: dict[int, bytes] = {}
    for counter, body in tx.execute(query):
        found[counter] = found.get(counter, b"") + body
    return found


def drop_bodies(tx: Connection, kid: str, counters: Iterable[int]) -> None:
    """Forget what a kiosk sent back for these commands."""
    table = schema.answer
    tx.execute(delete(table).where(table.c.kid == kid, table.c.counter.in_(list(counters))))
