"""The same month by others, over one plain table of punches.

`by_queries` does for each employee's day what the regional systems do that we have read: it asks for
the punches, for an approved leave and for the row that may be there already, and writes one row with
status, times, minutes and cut. They all go through a library that makes statements and rows (an
ORM); here it is SQLAlchemy's lightest, with statements made once. `by_cursor` is the same on the bare
driver, in the same process: nobody works so. `by_sql` is one statement: what a database can do at
best. All write a row a day.
"""

import re
from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import date
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, TextClause, text

from bench.region import Hours, Region
from sync_server.shifts import Window

# NIP, days present, days absent, minutes late, minutes early, basis points
Total = tuple[str, int, int, int, int, int]
Day = tuple[int, int, int, int, int]  # the same of one day
_BANDS = ((1, 50), (31, 100), (61, 125), (91, 150))
_MISSING, _ABSENT = 150, 300
_TABLES = (
    "by_query (nip TEXT, workdate TEXT, status TEXT, came BIGINT, gone BIGINT, "
    "late INT, early INT, cut INT, PRIMARY KEY (nip, workdate))",
    "furlough (nip TEXT, first TEXT, last TEXT, code TEXT, PRIMARY KEY (nip, first))",
    "by_sql (nip TEXT, workdate TEXT, present INT, late INT, early INT, cut INT)",
    "hours (shift TEXT, workdate TEXT, opens BIGINT, due_in BIGINT, split BIGINT, "
    "due_out BIGINT, closes BIGINT)",
    "turn (nip TEXT, shift TEXT)",
)


def digest(totals: Iterable[Total]) -> str:
    """What everybody's month amounts to."""
    return sha256(repr(sorted(totals)).encode()).hexdigest()


def prepare(tx: Connection) -> None:
    """Their tables, empty."""
    for table in _TABLES:
        tx.exec_driver_sql(f"DROP TABLE IF EXISTS {table.partition(' ')[0]}")
        tx.exec_driver_sql(f"CREATE TABLE {table}")


def by_queries(tx: Connection, region: Region, hours: Hours, days: list[date]) -> list[Total]:
    """Three queries and one row for each employee and day, a commit at the end."""

    def ask(statement: TextClause, values: dict[str, object]) -> list[Any]:
        return list(tx.execute(statement, values))

    def put(values: dict[str, object]) -> None:
        tx.execute(_INSERT, values)

    return _each(region, hours, days, _Asking(ask, put))


def by_cursor(tx: Connection, region: Region, hours: Hours, days: list[date]) -> list[Total]:
    """The same without any library."""
    with closing(tx.connection.cursor()) as cursor:
        named = tx.dialect.name == "postgresql"

        def run(statement: TextClause, values: dict[str, object]) -> None:
            cursor.execute(_SAID[statement][named], values)

        def ask(statement: TextClause, values: dict[str, object]) -> list[Any]:
            run(statement, values)
            return list(cursor.fetchall())

        return _each(region, hours, days, _Asking(ask, lambda values: run(_INSERT, values)))


_PUNCHES = text("SELECT t FROM scan WHERE nip = :nip AND t >= :since AND t <= :until ORDER BY t")
_LEAVE = text("SELECT code FROM furlough WHERE nip = :nip AND first <= :day AND last >= :day")
_THERE = text("SELECT status FROM by_query WHERE nip = :nip AND workdate = :day")
_INSERT = text(
    "INSERT INTO by_query VALUES (:nip, :day, :status, :came, :gone, :late, :early, :cut)"
)
_SAID = {
    one: (one.text, re.sub(r":([a-z]+)", r"%(\1)s", one.text))
    for one in (_PUNCHES, _LEAVE, _THERE, _INSERT)
}


def _each(region: Region, hours: Hours, days: list[date], ask: "_Asking") -> list[Total]:
    return [
        _total(nip, [ask.day(nip, *on) for on in _due(hours, code, days)])
        for opd in region.offices
        for nip, code in region.people(opd)
    ]


def _total(nip: str, days: list[Day]) -> Total:
    present, absent, late, early, cut = map(sum, zip((0, 0, 0, 0, 0), *days, strict=True))
    return nip, present, absent, late, early, cut


def _due(hours: Hours, code: str, days: list[date]) -> Iterable[tuple[str, Window]]:
    return [(day.isoformat(), window) for day in days if (window := hours.window(code, day))]


_Ask = Callable[[TextClause, dict[str, object]], list[Any]]


class _Asking:
    """One who asks the database for everything, each time."""

    def __init__(self, ask: _Ask, put: Callable[[dict[str, object]], None]) -> None:
        self._ask, self._put = ask, put

    def day(self, nip: str, on: str, window: Window) -> Day:
        """Present, absent, minutes late and early, basis points of somebody's day."""
        its: dict[str, object] = {"nip": nip, "day": on}
        if self._ask(_LEAVE, its) or self._ask(_THERE, its):
            raise RuntimeError("nobody is on leave here, and no day is made twice")
        span = {"nip": nip, "since": window.open, "until": window.close}
        times = [t for (t,) in self._ask(_PUNCHES, span)]
        came = next((t for t in times if t < window.split), None)
        gone = next((t for t in reversed(times) if t >= window.split), None)
        present, late, early, cut = _priced(window, came, gone)
        figures = {"late": late, "early": early, "cut": cut}
        status = "HADIR" if present else "TK"
        self._put({**its, "status": status, "came": came, "gone": gone, **figures})
        return present, 1 - present, late, early, cut


def by_sql(tx: Connection, region: Region, hours: Hours, days: list[date]) -> list[Total]:
    """One range join, the bands as CASE."""
    mark = _mark(tx)
    for table in ("hours", "turn", "by_sql"):
        tx.exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608 - ours
    windows = [
        (code, day.isoformat(), w.open, w.due_in, w.split, w.due_out, w.close)
        for code in ("REG", "RS_MALAM")
        for day in days
        if (w := hours.window(code, day))
    ]
    people = [one for opd in region.offices for one in region.people(opd)]
    tx.exec_driver_sql(f"INSERT INTO hours VALUES ({', '.join([mark] * 7)})", windows)  # noqa: S608
    tx.exec_driver_sql(f"INSERT INTO turn VALUES ({mark}, {mark})", people)  # noqa: S608
    tx.exec_driver_sql(_SQL)
    rows = tx.exec_driver_sql(
        "SELECT nip, SUM(present), SUM(1 - present), SUM(late), SUM(early), SUM(cut) "
        "FROM by_sql GROUP BY nip"
    )
    return [(nip, *map(int, sums)) for nip, *sums in rows]


def _band(minutes: str) -> str:
    steps = " ".join(f"WHEN {minutes} >= {first} THEN {cut}" for first, cut in reversed(_BANDS))
    return f"CASE {steps} ELSE 0 END"


_SQL = f"""
INSERT INTO by_sql
SELECT nip, workdate, present, late, early,
       CASE WHEN present = 0 THEN {_ABSENT}
            ELSE (CASE WHEN a IS NULL THEN {_MISSING} ELSE {_band("late")} END)
               + (CASE WHEN d IS NULL THEN {_MISSING} ELSE {_band("early")} END) END
FROM (
  SELECT nip, workdate, a, d,
         CASE WHEN a IS NULL AND d IS NULL THEN 0 ELSE 1 END AS present,
         CASE WHEN a > due_in THEN (a - due_in) / 60 ELSE 0 END AS late,
         CASE WHEN d < due_out THEN (due_out - d) / 60 ELSE 0 END AS early
  FROM (
    SELECT turn.nip AS nip, workdate, due_in, due_out,
           MIN(CASE WHEN t < split THEN t END) AS a, MAX(CASE WHEN t >= split THEN t END) AS d
    FROM turn JOIN hours ON hours.shift = turn.shift
    LEFT JOIN scan ON scan.nip = turn.nip AND scan.t >= opens AND scan.t <= closes
    GROUP BY turn.nip, workdate, due_in, due_out
  ) AS seen
) AS measured
"""  # noqa: S608 - nobody types any of it


def _priced(window: Window, came: int | None, left: int | None) -> tuple[int, int, int, int]:
    """Present, minutes late and early, basis points."""
    if came is None and left is None:
        return 0, 0, 0, _ABSENT
    late = 0 if came is None else max(0, (came - window.due_in) // 60)
    early = 0 if left is None else max(0, (window.due_out - left) // 60)
    cut = _cut(late) if came is not None else _MISSING
    return 1, late, early, cut + (_cut(early) if left is not None else _MISSING)


def _cut(minutes: int) -> int:
    return max((cut for first, cut in _BANDS if minutes >= first), default=0)


def _mark(tx: Connection) -> str:
    """How the driver marks a value."""
    return "%s" if tx.dialect.name == "postgresql" else "?"
