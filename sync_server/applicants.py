"""Who asks to be a kiosk and was not answered: the list has an end, and whoever floods it hides nobody.

A kiosk that waits asks again every few seconds, so whoever has not asked for longest gives way.
"""

from collections import Counter

import msgspec
from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from contract import enrolment
from contract.enrolment import Application
from sync_server import bulk, schema
from sync_server.errors import BadFile

_MOST = 200  # at once
_MOST_OF_ONE = 20  # of one address: the kiosks of an office may share one
_DAY = 86_400

_ITS = schema.asking.c


class Asking(msgspec.Struct, frozen=True):
    """A kiosk that waits for somebody to approve it; `asked` server UTC seconds."""

    code: str
    serial: str
    came_from: str
    asked: int


def letters(asked: Application) -> str:
    """By what an applicant is known: a digest of its keys, whose beginning people type."""
    return enrolment.asking_letters(asked.csr, asked.event_key)


def wait(tx: Connection, now: int, asked: Application, came_from: str) -> None:
    """Put an applicant on the list, or note that it asks still; `now` server UTC seconds."""
    code = letters(asked)
    if tx.execute(select(_ITS.code).where(_ITS.code == code)).first() is None:
        _make_room(tx, now, came_from)
    values = {"code": code, "serial": asked.serial, "came_from": came_from, "asked": now}
    dialect = postgresql if bulk.is_postgres(tx) else sqlite
    put = dialect.insert(schema.asking).values(values)
    tx.execute(
        put.on_conflict_do_update(index_elements=["code"], set_={"asked": now, "decided": 0})
    )


def asking(tx: Connection, now: int) -> list[Asking]:
    """Kiosks that ask and were not answered, the newest first."""
    query = select(_ITS.code, _ITS.serial, _ITS.came_from, _ITS.asked)
    waits = (_ITS.kid == "", _ITS.decided == 0, _ITS.asked > now - _DAY)
    query = query.where(*waits).order_by(_ITS.asked.desc())
    return [Asking(enrolment.asking_code(row.code), *row[1:]) for row in tx.execute(query)]


def who_shows(tx: Connection, code: str, now: int) -> str:
    """All letters of the one applicant that shows this code. Raises BadFile."""
    query = select(_ITS.code).where(_ITS.kid == "", _ITS.decided == 0, _ITS.asked > now - _DAY)
    known: list[str] = list(tx.execute(query).scalars())
    shown = [one for one in known if enrolment.asking_code(one) == code]
    if len(shown) != 1:
        raise BadFile(code, "", "asked_twice" if shown else "nobody_asks")
    return shown[0]


def refuse(tx: Connection, code: str, now: int) -> Asking:
    """Nobody lets the one applicant in that shows this code; it stays, decided. Raises BadFile."""
    waits = (_ITS.code == who_shows(tx, code, now), _ITS.kid == "", _ITS.decided == 0)
    decided = update(schema.asking).where(*waits).values(decided=now)
    row = tx.execute(decided.returning(_ITS.serial, _ITS.came_from, _ITS.asked)).first()
    if row is None:  # somebody else was faster
        raise BadFile(code, "", "nobody_asks")
    return Asking(code, *row)


def forget(tx: Connection, code: str) -> None:
    """An applicant is on the list no more, and nothing is decided about it."""
    tx.execute(delete(schema.asking).where(_ITS.code == code))


def withdraw(tx: Connection, kid: str) -> None:
    """No token and no approval that was not used yet makes anybody this kiosk."""
    its = schema.ticket.c
    tx.execute(update(schema.ticket).where(its.kid == kid, its.used == 0).values(expires=0))
    tx.execute(delete(schema.asking).where(_ITS.kid == kid, _ITS.enrolled == 0))


def _make_room(tx: Connection, now: int, came_from: str) -> None:
    """For one more of this address."""
    tx.execute(delete(schema.asking).where(_ITS.kid == "", _ITS.asked <= now - _DAY))
    query = select(_ITS.code, _ITS.came_from).where(_ITS.kid == "")
    rows = tx.execute(query.order_by(_ITS.asked, _ITS.code)).all()
    crowds = Counter(row.came_from for row in rows)
    if crowds[came_from] >= _MOST_OF_ONE:
        fullest = came_from
    elif len(rows) >= _MOST:
        [(fullest, _)] = crowds.most_common(1)
    else:
        return
    forget(tx, next(row.code for row in rows if row.came_from == fullest))
