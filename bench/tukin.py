"""How fast a month's facts, cuts and sheets are made for a region, and one office's day.

Ours makes the stored daily facts with their evidence out of the book, and every office's sheet with
each cut's reason. The peer asks the database for each employee's day and writes a row of figures; raw
SQL makes the same figures in one statement. All must agree on every total.
"""

import statistics
import time
from collections.abc import Callable
from contextlib import closing
from datetime import date

from sqlalchemy import delete

from bench import tukin_peers
from bench.region import OFFICE, Hours, Region, furnish
from bench.report import Figure, alternate, disk_folder, figure, say
from bench.tukin_peers import Total
from sync_server import schema
from sync_server import sheet as sheets
from sync_server.database import Database
from sync_server.daybook import book
from sync_server.tukin.month import MonthRecord
from tests.postgres import MISSING, Postgres, binaries

USED = ("hadir", "msgspec", "SQLAlchemy")
_MONTH = (date(2026, 10, 1), date(2026, 10, 31))
_LATER = 1_900_000_000
_PEER = "asking for each employee's day"
_BARE = "asking for each, on the bare driver"
_DAY_MS = 5.0


def measure(quick: bool) -> dict[str, Figure]:
    """The figures of `bench tukin`."""
    region, rounds = Region(120 if quick else 10_000, *_MONTH), 5 if quick else 21
    with disk_folder() as folder:
        out = figures(Bench(Database(folder / "ledger.db"), region), rounds)
        if binaries():
            with Postgres(folder.parent, fsync=True) as server:
                bench = Bench(Database(server.database()), region)
                out |= {f"postgres_{key}": one for key, one in figures(bench, rounds).items()}
        else:
            say(MISSING)
    return out


def figures(bench: "Bench", rounds: int) -> dict[str, Figure]:
    """A month, and an office's day so many times; the database is given back."""
    with closing(bench):
        return {**bench.month(), "office_day_ms": bench.day(rounds)}


class Office(Region, frozen=True):
    """One office of a region."""

    opd: str = ""

    @property
    def offices(self) -> list[str]:
        """Only this one."""
        return [self.opd]


class Bench:
    """A region in a database."""

    def __init__(self, database: Database, region: Region) -> None:
        self._database, self._region, self._hours = database, region, Hours()
        say(f"tukin: making {region.staff} staff, {region.first} to {region.last}")
        say(f"tukin: {furnish(database, region, self._hours)} punches")
        self._prepare()

    def close(self) -> None:
        """Give the database back."""
        self._database.close()

    def month(self, month: str = "2026-10") -> dict[str, Figure]:
        """The seconds of a whole month. Raises RuntimeError where they do not agree."""
        found: dict[str, str] = {}
        days = [day for day in self._region.days if day.isoformat()[:7] == month]

        def ours() -> float:
            with self._database.writing() as tx:
                tx.execute(delete(schema.day).where(schema.day.c.workdate.like(f"{month}%")))
            began = time.perf_counter()
            totals = [one for opd in self._region.offices for one in self._office(opd, month, days)]
            took = time.perf_counter() - began
            found["ours"] = tukin_peers.digest(totals)
            return took

        def theirs(name: str, how: Callable[..., list[Total]]) -> float:
            self._prepare()
            began = time.perf_counter()
            with self._database.writing() as tx:
                totals = how(tx, self._region, self._hours, days)
            took = time.perf_counter() - began
            found[name] = tukin_peers.digest(totals)
            return took

        taken = alternate(
            f"tukin {month}",
            1,
            ours,
            lambda: theirs("peer", tukin_peers.by_queries),
            lambda: theirs("bare", tukin_peers.by_cursor),
            lambda: theirs("sql", tukin_peers.by_sql),
        )
        if len(set(found.values())) != 1:
            raise RuntimeError(f"they do not agree: {found}")
        made, theirs_, bare, sql = taken
        return {
            "month_10k": figure("s", _PEER, made, theirs_, sql),
            "month_10k_bare": figure("s", _BARE, made, bare, sql),
        }

    def day(self, rounds: int) -> Figure:
        """The milliseconds of one office's day, made anew and committed."""
        days = [day for day in self._region.days if day.weekday() < 5]
        ours, theirs, sql = [], [], []
        for no in range(rounds):
            opd, day = self._region.offices[no % len(self._region.offices)], days[no % len(days)]
            with self._database.writing() as tx:
                its = schema.day.c
                tx.execute(delete(schema.day).where(its.opd == opd, its.workdate == f"{day}"))
            ours.append(_ms(lambda o=opd, d=day: book.make(self._database, o, [d], _LATER)))
            self._prepare()
            one = Office(self._region.staff, day, day, opd)
            theirs.append(_ms(lambda one=one: self._theirs(tukin_peers.by_queries, one)))
            sql.append(_ms(lambda one=one: self._theirs(tukin_peers.by_sql, one)))
        taken = [statistics.median(one) for one in (ours, theirs, sql)]
        found = figure("ms", _PEER, *taken)
        return found.judged(f"{_DAY_MS:g} ms for {OFFICE} people", found.ours < _DAY_MS)

    def _prepare(self) -> None:
        with self._database.writing() as tx:
            tukin_peers.prepare(tx)

    def _theirs(self, how: Callable[..., list[Total]], region: Region) -> None:
        with self._database.writing() as tx:
            how(tx, region, self._hours, region.days)

    def _office(self, opd: str, month: str, days: list[date]) -> list[Total]:
        book.make(self._database, opd, days, _LATER)
        with self._database.reading() as tx:
            return [_total(row.record) for row in sheets.sheet(tx, opd, month).rows]


def _total(record: MonthRecord) -> Total:
    absent = record.counts.get("TK", 0)
    minutes = record.late_min, record.early_min
    return record.nip, record.present, absent, *minutes, record.cut_bp


def _ms(deed: Callable[[], object]) -> float:
    began = time.perf_counter()
    deed()
    return (time.perf_counter() - began) * 1_000
