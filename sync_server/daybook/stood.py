"""The statuses of facts alone, for questions about many people's months: nothing is unfolded."""

from datetime import date

import msgspec
from sqlalchemy import Connection

from sync_server import plain
from sync_server.fact import Status

_OFTEN = """SELECT nip, opd, workdate, status FROM day
WHERE opd = ? AND workdate >= ? AND workdate <= ? AND nip IN
(SELECT nip FROM day WHERE opd = ? AND workdate >= ? AND workdate <= ? AND status = ?
GROUP BY nip HAVING COUNT(*) >= ?) ORDER BY nip, workdate"""


class Stood(msgspec.Struct, frozen=True):
    """How somebody stood on a day."""

    nip: str
    opd: str
    workdate: date
    status: Status


def of_often(
    tx: Connection, opd: str, span: tuple[date, date], status: Status, times: int
) -> list[Stood]:
    """All days of those of an office who have a status at least so many times from the span's first day
    to its last, by NIP and date."""
    within = (opd, *(day.isoformat() for day in span))
    rows = plain.rows(tx, _OFTEN, *within, *within, status, times)
    return [Stood(nip, at, date.fromisoformat(day), stood) for nip, at, day, stood in rows]
