"""What journal and ledger hold, read from their files beside whoever writes them."""

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.process.check import Copy

KID = "T07A"


def rows_of(file: Path, question: str) -> list[tuple]:
    """Rows of a database that others write; none while it is being made."""
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=10)) as db:
            return db.execute(question).fetchall()
    except sqlite3.OperationalError:
        return []


def journal_copy(file: Path) -> Copy:
    """A journal's events and acked marks, as the file has them."""
    events = rows_of(
        file, "SELECT epoch.epoch, seq, record, head FROM event JOIN epoch ON no = event.epoch"
    )
    return copy_of(events, rows_of(file, "SELECT epoch, acked FROM epoch ORDER BY no"))


def copy_of(events: list[tuple], acked: list[tuple]) -> Copy:
    """A copy from rows of (epoch, seq, record, head) and of (epoch, acked)."""
    return Copy(KID, {(e, s): (record, head) for e, s, record, head in events}, dict(acked))
