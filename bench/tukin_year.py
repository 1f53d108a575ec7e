"""A region's whole year in the book: 10,000 staff, twelve months, on SQLite and on PostgreSQL.

`python -m bench.tukin_year [--postgres]` takes its time and some gigabytes; it prints one JSON
object. What `bench tukin` measures of a month is measured here once the year is full.
"""

import resource
import time
from contextlib import ExitStack
from datetime import date

import click
import msgspec
from sqlalchemy import Connection

from bench import tukin
from bench.region import Region
from bench.report import disk_folder, say
from sync_server.database import Database
from sync_server.daybook import book
from tests.postgres import Postgres

_FIRST, _LAST = date(2026, 1, 1), date(2026, 12, 31)
_LATER = 1_900_000_000
_TABLES = ("placed", "day", "scan")


@click.command()
@click.option("--postgres", is_flag=True, help="On a PostgreSQL of its own.")
@click.option("--staff", default=10_000, help="How many people.")
def main(postgres: bool, staff: int) -> None:
    """Make a year's facts, then one month beside its peers and one office's day.

    Example: python -m bench.tukin_year --postgres
    """
    region = Region(staff, _FIRST, _LAST)
    with ExitStack() as stack:
        folder = stack.enter_context(disk_folder())
        where = folder / "ledger.db"
        if postgres:
            server = stack.enter_context(Postgres(folder.parent, fsync=True))
            database = Database(server.database())
        else:
            database = Database(where)
        bench = tukin.Bench(database, region)
        seconds = [_month(database, region, no) for no in range(1, 13)]
        with database.reading() as tx:
            rows = {name: _count(tx, name) for name in _TABLES}
            size = _size(tx) if postgres else where.stat().st_size
        figures = tukin.figures(bench, 21)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    out = {"staff": staff, "months_s": seconds, "rows": rows, "bytes": size}
    more = {"rss_kib": memory, "figures": figures}
    click.echo(msgspec.json.encode({"postgres": postgres, **out, **more}))


def _month(database: Database, region: Region, number: int) -> float:
    """The seconds that all facts of a month take."""
    days = [day for day in region.days if day.month == number]
    began = time.perf_counter()
    for opd in region.offices:
        book.make(database, opd, days, _LATER)
    took = time.perf_counter() - began
    say(f"tukin year: month {number} in {took:.1f} s")
    return took


def _count(tx: Connection, table: str) -> int:
    return int(tx.exec_driver_sql(f"SELECT COUNT(*) FROM {table}").scalar_one())  # noqa: S608


def _size(tx: Connection) -> int:
    return int(tx.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one())


if __name__ == "__main__":
    main()
