"""The plug is pulled at every point of the journal's life and of the ledger's: what was told is there.

What is cut is what our own modules, on the SQLite that they run with, really asked of the disk. Another
seed: HADIR_SEED=7 ./run test --all tests/faults/test_powercut.py
"""

import os
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from contract import batch
from sync_server.database import Database
from terminal_agent.errors import JournalFailed
from tests.faults import centre_life
from tests.faults.powercut import Found, cuts
from tests.faults.recorded import Synced, record
from tests.halves import Centre, Kiosk, TestClock
from tests.process.copies import journal_copy
from tests.process.crash_points import HALF, LOG, after, life_holds

pytestmark = [
    pytest.mark.all_only("needs strace"),
    pytest.mark.skipif(not shutil.which("strace"), reason="apt-get install strace"),
]

SEED = int(os.environ.get("HADIR_SEED", "1"))
MODELS = ("ordered", "strict")
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - the model is the disk here
CUTS = 2_000
LIVE_ON = 6  # every so many disks the life goes on to its end; the others are opened and read


@pytest.fixture(scope="module")
def memory():
    with TemporaryDirectory(dir=MEMORY) as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def kiosk_life(memory):
    folder = memory / "card"
    folder.mkdir()
    life = [sys.executable, "-m", "tests.process.crash_points", "live", folder]
    return record(folder, life)


def laid_out(found: Found, folder: Path) -> Path:
    """A disk as it was found, in a folder of its own."""
    folder.mkdir()
    for name, data in found.image.items():
        (folder / name).write_bytes(data)
    return folder


def different(found):
    """Cuts that left different disks, or came after other promises; the index of a WAL, which SQLite
    makes anew, does not count."""
    seen = set()
    for one in found:
        files = frozenset((n, data) for n, data in one.image.items() if not n.endswith("-shm"))
        key = hash((files, len(one.told)))
        if key not in seen:
            seen.add(key)
            yield len(seen), one


def told(found: Found) -> int:
    return max(map(max, found.told), default=0)


@pytest.mark.parametrize("model", MODELS)
def test_a_card_without_power_keeps_every_scan_that_was_told(kiosk_life, model, memory):
    promises = set()
    for no, found in different(cuts(kiosk_life, model, SEED, CUTS)):
        folder = laid_out(found, memory / f"{model}-{no}")
        promises.add(told(found))
        problems = (after if no % LIVE_ON == 0 else life_holds)(folder, told(found))
        assert problems == [], f"seed {SEED}, {model}, cut at step {found.step}: {problems}"
        shutil.rmtree(folder)
    assert promises == {0, 3, HALF, 9, len(LOG)}, "the plug was pulled between all the promises"
    assert no > 200, "and left many different disks"


@pytest.mark.parametrize("model", MODELS)
def test_a_card_that_lies_about_its_syncs_is_found_out(kiosk_life, model, memory):
    """The same checker over the same life on a card that syncs nothing: it must see what is lost."""
    lying = [step for step in kiosk_life if not isinstance(step, Synced)]
    seen = 0
    for no, found in different(cuts(lying, model, SEED, 200)):
        folder = laid_out(found, memory / f"lying-{model}-{no}")
        try:
            seen += bool(life_holds(folder, told(found)))
        except (JournalFailed, sqlite3.DatabaseError):  # a file that is none
            seen += 1
        shutil.rmtree(folder)
    assert seen > 20, "a checker that finds nothing here finds nothing anywhere"


def ledger_rows(file: Path):
    """(epoch, seq) to (record, head) as SQLite finds them after the cut."""
    with closing(sqlite3.connect(file)) as db:
        assert db.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
        rows = db.execute("SELECT epoch, seq, record, head FROM event").fetchall()
    return {(epoch, seq): (bytes(record), bytes(head)) for epoch, seq, record, head in rows}


@pytest.fixture(scope="module")
def centre_tale(memory):
    """A centre that knows one kiosk; what the kiosk sent; what the centre's disk was asked for."""
    folder, clock = memory / "centre", TestClock()
    centre = Centre(folder, clock)
    kiosk = Kiosk(memory / "sender", centre.invite(centre_life.KID), clock)
    centre.close()
    sent = folder.with_name("frames")
    sent.mkdir()
    for no in range(12):
        kiosk.punch(*[(str(no * 10 + k), 1_795_000_000 + 25_200 + no) for k in range(5)])
        for frame in kiosk.dispatch.frames(0):
            (sent / f"{no:02}").write_bytes(frame)
    kiosk.journal.close()
    events = journal_copy(memory / "sender" / "journal.db").events
    before = {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}
    life = [sys.executable, "-m", "tests.faults.centre_life", folder]
    return events, before, record(folder, life), centre_life.frames(folder)


@pytest.mark.parametrize("model", MODELS)
def test_a_centre_without_power_keeps_every_event_that_it_receipted(centre_tale, model, memory):
    """And takes what the kiosk sends again, until both hold the same."""
    events, before, steps, frames = centre_tale
    ends = [0, *(batch.peek(frame).first + batch.peek(frame).count - 1 for frame in frames)]
    for no, found in different(cuts(steps, model, SEED, CUTS, before)):
        folder = laid_out(found, memory / f"centre-{model}-{no}")
        where = f"seed {SEED}, {model}, cut at step {found.step}"
        held = ledger_rows(folder / "ledger.db")
        assert len(held) >= ends[told(found)], f"{where}: receipted and lost"
        assert held.items() <= events.items(), f"{where}: other bytes than were sent"
        assert sorted(seq for _, seq in held) == list(range(1, len(held) + 1)), where
        if no % LIVE_ON == 0:
            centre = Centre(folder, TestClock())
            centre.desk.take([(centre_life.KID, frame) for frame in frames])
            centre.close()
            assert ledger_rows(folder / "ledger.db") == events, f"{where}: sent again"
        shutil.rmtree(folder)
    assert no > 200, "and left many different disks"


def test_a_ledger_whose_making_was_cut_short_is_made_all_the_same(memory):
    """The plug is pulled while the tables are laid; the next start lays what is missing."""
    folder = memory / "first"
    folder.mkdir()
    make = "import sys; from pathlib import Path; from sync_server.database import Database\n"
    make += "Database(Path(sys.argv[1]) / 'ledger.db').close()"
    steps = record(folder, [sys.executable, "-c", make, folder])
    assert len(steps) > 100
    for model in MODELS:
        for no, found in different(cuts(steps, model, SEED, 24)):
            place = laid_out(found, memory / f"first-{model}-{no}")
            database = Database(place / "ledger.db")
            with database.reading() as tx:
                assert tx.exec_driver_sql("SELECT count(*) FROM event").scalar() == 0
            database.close()
            shutil.rmtree(place)
