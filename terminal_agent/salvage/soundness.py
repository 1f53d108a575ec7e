"""Whether a journal needs to be salvaged at all: looked at in a copy, so that the file is not touched."""

import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from terminal_agent import evidence, journal_schema, unchained
from terminal_agent.errors import JournalFailed
from terminal_agent.journal_view import View

BROKEN = ("chain_broken", "event_missing")


def is_whole(path: Path, kid: str) -> bool:
    """Whether SQLite finds nothing wrong with the journal of kiosk `kid` at `path`, and every chain
    in it holds, and what stands beside the chains agrees with them. Raises JournalFailed where it is another kiosk's, OSError where it cannot be copied.
    """
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        copy = Path(folder) / path.name
        for suffix in ("", "-wal"):
            if (source := path.with_name(path.name + suffix)).exists():
                shutil.copy(source, copy.with_name(copy.name + suffix))
        try:
            with closing(sqlite3.connect(copy, isolation_level=None)) as db:
                journal_schema.prepare(db)
            with closing(View(copy)) as view:
                view.belongs_to(kid)
                found = evidence.proven(view, None)
                if any(one.wrong in BROKEN for one in found):
                    return False
                return not unchained.differing(view, {one.epoch: one.wrong_at for one in found})
        except sqlite3.Error:
            return False
        except JournalFailed as problem:
            if problem.code == "other_journal":
                raise
            return False
