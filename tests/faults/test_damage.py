"""A bit turns on the card, or somebody edits it: found at start, on reading or on sending, never sent
as what happened. Another seed: HADIR_SEED=7 ./run test tests/faults/test_damage.py
"""

import contextlib
import os
import random
import shutil
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from msgspec.structs import replace

from contract.event import Scan, canonical, read
from terminal_agent.errors import JournalFailed
from terminal_agent.journal import Journal
from terminal_agent.journal_view import View
from tests.halves import Centre, Kiosk, TestClock, talk

SEED = int(os.environ.get("HADIR_SEED", "1"))
KID, NOON = "T07A", 1_795_000_000 + 25_200
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
LOG = [(str(1 + no % 40), NOON + no) for no in range(200)]  # what the terminal holds
FLIPS = 500
EDITS = 1_000


class Card:
    """A kiosk's card half of whose events have a receipt, and the centre as it is then."""

    def __init__(self, folder: Path):
        self.folder, self.clock = folder, TestClock()
        centre = Centre(folder / "centre", self.clock)
        self.invited = centre.invite(KID)
        kiosk = Kiosk(folder / "card", self.invited, self.clock)
        self._read_terminal(kiosk, 120)
        talk(kiosk, centre)
        centre.close()
        self._read_terminal(kiosk, 200)
        self.scans, self.epoch = self._scans(kiosk.journal), kiosk.journal.standing().epoch
        self.files = {
            name: (folder / "card" / name).read_bytes() for name in ("journal.db", "journal.db-wal")
        }
        kiosk.journal.close()
        self._spares = 0

    def _read_terminal(self, kiosk, end):
        """From where the journal says that it was read, as a source does. Raises JournalFailed."""
        while (at := _cursor(kiosk.journal)) < end:
            scans = LOG[at : at + 20]
            since, cursor = (b"%d" % place if place else b"" for place in (at, at + 20))
            kiosk.punch(*scans, since=since, cursor=cursor)

    @staticmethod
    def _scans(journal):
        """What was journalled, but for how late: what is read again is read later."""
        records = map(read, journal.run(1, journal.standing().last).records)
        return {replace(one, lag=0) for one in records if isinstance(one, Scan)}

    def spare(self, files) -> Path:
        """A card with these files."""
        self._spares += 1
        folder = self.folder / f"spare-{self._spares}"
        folder.mkdir()
        for name, data in files.items():
            (folder / name).write_bytes(data)
        return folder

    def sent(self, folder: Path) -> tuple[str, set[Scan], list[tuple[str, int]]]:
        """What becomes of a card that goes on: how its life ends, the scans at the centre that it had
        numbered before, and the punches there."""
        try:
            kiosk = Kiosk(folder, self.invited, self.clock)
        except JournalFailed as problem:
            return f"at start: {problem.code}", set(), []
        place = self.folder / f"centre-{self._spares}"
        shutil.copytree(self.folder / "centre", place)
        centre = Centre(place, self.clock)
        with contextlib.ExitStack() as stack:
            stack.callback(shutil.rmtree, place)
            stack.callback(centre.close)
            end = self._live(kiosk, centre)
            rows = centre.rows("event", kid=KID, kind="scan", epoch=self.epoch)
            punches = [(row.pin, row._mapping["t"]) for row in centre.rows("punch")]
            if centre.rows("refused"):
                end = "refused by the centre"
        return end, {replace(read(bytes(row.record)), lag=0) for row in rows}, punches

    def _live(self, kiosk: Kiosk, centre) -> str:
        try:
            for _ in range(2):
                self._read_terminal(kiosk, len(LOG))
                kiosk.dispatch.connected()
                for _, data in centre.desk.born([(KID, kiosk.dispatch.birth("1", {}))]):
                    kiosk.dispatch.take(data)
                talk(kiosk, centre)
        except JournalFailed as problem:
            return f"on reading: {problem.code}"
        finally:
            kiosk.journal.close()
        return "sent"


@pytest.fixture(scope="module")
def card():
    with TemporaryDirectory(dir=MEMORY) as folder:
        yield Card(Path(folder))


def flipped(files, chance):
    """One bit of one file is another."""
    name = chance.choice(sorted(files))
    data = bytearray(files[name])
    at = chance.randrange(len(data))
    data[at] ^= 1 << chance.randrange(8)
    return {**files, name: bytes(data)}, f"{name} byte {at}"


@pytest.mark.all_only("many seconds")
def test_a_bit_that_turned_is_never_sent_as_what_happened(card):
    """SQLite ends its WAL at a frame that does not hold, so a bit there puts the journal back to an
    earlier moment, its cursor with it: the terminal is read again from there."""
    ends = Counter()
    for no in range(FLIPS):
        files, where = flipped(card.files, random.Random(f"{SEED}:{no}"))
        folder = card.spare(files)
        end, received, punches = card.sent(folder)
        shutil.rmtree(folder)
        ends[end] += 1
        what = f"seed {SEED}, flip {no}, {where}: {end}"
        assert received <= card.scans, f"{what}: not what was journalled"
        assert set(punches) <= set(LOG), f"{what}: invented"
        assert len(punches) == len(set(punches)), f"{what}: doubled"
        assert end != "sent" or set(punches) == set(LOG), f"{what}: lost without a word"
    assert ends["sent"] < FLIPS, ends
    assert {"sent", "refused by the centre"} <= set(ends), ends


def _cursor(journal):
    known = journal.device("CJ1")
    return int(known.cursor or 0) if known else 0


def edited(db, chance):
    """One thing that whoever holds the card may do to a row; what it was. The newest row is left out:
    to delete it is to roll the card back by one, which only receipts can tell."""
    [(last,)] = db.execute("SELECT max(seq) FROM event").fetchall()
    seq = chance.randrange(1, last)
    one = "SELECT kind, record, head FROM event WHERE epoch = 1 AND seq = ?"
    kind, record, _head = db.execute(one, (seq,)).fetchone()
    deed = chance.choice(("edit", "delete", "swap", "forge"))
    if deed == "delete":
        db.execute("DELETE FROM event WHERE epoch = 1 AND seq = ?", (seq,))
    elif deed == "swap":
        other = seq % last + 1
        theirs = db.execute(one, (other,)).fetchone()
        write = "UPDATE event SET kind = ?, record = ? WHERE epoch = 1 AND seq = ?"
        db.execute(write, (*theirs[:2], seq))
        db.execute(write, (kind, record, other))
    elif deed == "edit":
        at = chance.randrange(len(record))
        changed = record[:at] + bytes([record[at] ^ (1 + chance.randrange(255))]) + record[at + 1 :]
        db.execute("UPDATE event SET record = ? WHERE epoch = 1 AND seq = ?", (changed, seq))
    else:
        forged = canonical(Scan(1, "4711", NOON - 1_800, False, 0, 1, 0, 0, "pull"))
        db.execute("UPDATE event SET record = ? WHERE epoch = 1 AND seq = ?", (forged, seq))
    return deed, seq


@pytest.mark.all_only("many seconds")
def test_every_row_that_somebody_edited_deleted_or_moved_on_the_card_is_named(card):
    """By the same recomputation that `journal verify` prints; the first row that does not hold."""
    folder = card.spare(card.files)
    Journal(folder / "journal.db", KID, card.clock.look()).close()
    deeds = Counter()
    path = folder / "journal.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for no in range(EDITS):
            chance = random.Random(f"{SEED}:edit:{no}")
            db.execute("BEGIN")
            before = db.execute("SELECT record FROM event ORDER BY seq").fetchall()
            deed, seq = edited(db, chance)
            same = db.execute("SELECT record FROM event ORDER BY seq").fetchall() == before
            broken = verified(db)
            db.execute("ROLLBACK")
            deeds[deed] += 1
            what = f"seed {SEED}, edit {no}: {deed} at {seq}"
            assert same or broken, f"{what} was not seen"
            assert same or seq <= broken <= seq + 1 or deed == "swap", f"{what}, named {broken}"
    assert set(deeds) == {"edit", "delete", "swap", "forge"}
    shutil.rmtree(folder)


def verified(db):
    """What `journal verify` says of this file as one connection sees it: the breaking seq, 0 = none."""
    view = View.__new__(View)
    view._db, view.kid, view._path = db, KID, Path()
    [epoch] = view.epochs()
    return epoch.broken_at


@pytest.mark.parametrize("deed", ["edit", "delete", "swap", "forge"])
def test_an_edited_row_reaches_the_ledger_as_nothing(card, deed):
    """Whatever was done to rows without a receipt: the centre refuses the frame, or never gets one."""
    for no in range(4):
        folder = card.spare(card.files)
        with closing(sqlite3.connect(folder / "journal.db", isolation_level=None)) as db:
            chance, done, seq = random.Random(f"{SEED}:{deed}:{no}"), "", 0
            while done != deed or seq < 130:
                db.execute("BEGIN")
                done, seq = edited(db, chance)
                db.execute("COMMIT" if done == deed and seq >= 130 else "ROLLBACK")
        end, received, punches = card.sent(folder)
        assert set(punches) <= set(LOG), f"seed {SEED}, {deed} at {seq}: invented"
        assert received <= card.scans, f"seed {SEED}, {deed} at {seq}: {end}"
        assert end != "sent", f"seed {SEED}, {deed} at {seq} was not noticed"
        shutil.rmtree(folder)


def test_a_row_that_the_chain_does_not_prove_gets_no_new_number(card):
    """A new epoch must not launder what was edited before it."""
    folder = card.spare(card.files)
    forged = canonical(Scan(1, "4711", NOON - 1_800, False, 0, 1, 0, 0, "pull"))
    with closing(sqlite3.connect(folder / "journal.db", isolation_level=None)) as db:
        db.execute("UPDATE event SET record = ? WHERE seq = 150", (forged,))
    journal = Journal(folder / "journal.db", KID, card.clock.look())
    with pytest.raises(JournalFailed, match="event 150 is not what was journalled") as failed:
        journal.begin_epoch("fork", card.clock.look())
    assert failed.value.code == "journal_damaged"
    shutil.rmtree(folder)
