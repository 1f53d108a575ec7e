"""PostgreSQL keeps the events of each month in a table of their own: an old month can be moved away,
and the index that is written to stays small."""

from datetime import UTC, datetime

from sqlalchemy import Connection, text

from sync_server.errors import BadFile

# SHARE UPDATE EXCLUSIVE stops other makers of months, neither readers nor writers.
_ALONE = text("LOCK TABLE event IN SHARE UPDATE EXCLUSIVE MODE")
_LAST = 32_503_680_000  # the year 3000, UTC seconds
_THERE = text("SELECT to_regclass(:name) IS NOT NULL")


def make(tx: Connection, now: int) -> None:
    """Make the tables of this month and the next where they are missing; `now` UTC seconds.

    Raises BadFile where no clock can be right that says so.
    """
    if not 0 <= now < _LAST:
        raise BadFile("clock", "", "clock_absurd", seconds=now)
    first = datetime.fromtimestamp(now, UTC).replace(day=1, hour=0, minute=0, second=0)
    second, third = _after(first), _after(_after(first))
    for begins, ends in ((first, second), (second, third)):
        if not _is_there(tx, begins):
            tx.execute(_ALONE)
            if not _is_there(tx, begins):
                _make(tx, begins, ends)


def _make(tx: Connection, begins: datetime, ends: datetime) -> None:
    """Made beside and attached then: PARTITION OF would wait for every long reader.

    The key is unique within a month; across months the kiosk's row, locked by every writer, and its
    watermark keep a number from being stored twice.
    """
    name, since, until = _name(begins), int(begins.timestamp()), int(ends.timestamp())
    for statement in (
        f"CREATE TABLE {name} (LIKE event INCLUDING DEFAULTS)",
        f"CREATE UNIQUE INDEX {name}_key ON {name} (kid, epoch, seq)",
        f"CREATE TRIGGER event_never_truncate BEFORE TRUNCATE ON {name} "
        "EXECUTE FUNCTION never_changed()",
        f"ALTER TABLE event ATTACH PARTITION {name} FOR VALUES FROM ({since}) TO ({until})",
    ):
        tx.exec_driver_sql(statement)


def _is_there(tx: Connection, month: datetime) -> bool:
    return bool(tx.execute(_THERE, {"name": _name(month)}).scalar_one())


def _after(month: datetime) -> datetime:
    return month.replace(year=month.year + month.month // 12, month=month.month % 12 + 1)


def _name(month: datetime) -> str:
    return f"event_{month:%Y_%m}"
