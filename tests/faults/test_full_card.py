"""The kiosk's card is full: nothing is promised, nothing is lost, and room is all it needs."""

import errno
import os
from pathlib import Path

import pytest

from contract.event import Configuration
from sync_server.wording import alert
from terminal_agent import ballast
from terminal_agent.ballast import Ballast
from terminal_agent.errors import JournalFailed, SourceUnavailable
from terminal_agent.journal import Journal
from tests.halves import Centre, Kiosk, TestClock, talk
from tests.process.check import check
from tests.process.copies import copy_of, journal_copy
from tests.process.disks import ext4_disk

KID, NOON = "T07A", 1_795_000_000 + 25_200
root = pytest.mark.all_only("needs root")


def fill(folder: Path) -> Path:
    """Leave no room at all; the file that took it."""
    filler = folder / "filler"
    handle = os.open(filler, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    try:
        for size in (65_536, 4_096, 1):
            with pytest.raises(OSError, match="No space left"):
                _pour(handle, size)
    finally:
        os.close(handle)
    return filler


def _pour(handle, size):
    while True:
        os.write(handle, bytes(size))


class Office:
    """A kiosk on a small card, and a terminal that keeps what the kiosk does not take."""

    def __init__(self, card: Path, centre: Path):
        self.clock = TestClock()
        self.centre = Centre(centre, self.clock)
        self.kiosk = Kiosk(card, self.centre.invite(KID), self.clock)
        self.held, self.taken = [], 0

    def punch(self, count):
        self.held += [(str(len(self.held) + no), NOON + len(self.held)) for no in range(count)]

    def poll(self):
        """Read what the kiosk does not have, as its cursor says. Raises SourceUnavailable."""
        mark = b"%d" % self.taken if self.taken else b""
        coming = self.held[self.taken : self.taken + 200]
        cursor = b"%d" % (self.taken + len(coming))
        self.kiosk.punch(*coming, since=mark, cursor=cursor)
        self.taken += len(coming)

    def go_on(self):
        """People come for as long as the kiosk takes their scans."""
        while True:
            self.punch(200)
            self.poll()

    def poll_until_full(self):
        with pytest.raises(SourceUnavailable) as refused:
            self.go_on()
        assert refused.value.code == "storage_full"

    def wrong(self):
        events = [
            (row.epoch, row.seq, bytes(row.record), bytes(row.head))
            for row in self.centre.rows("event")
        ]
        acked = [(row.epoch, row.acked) for row in self.centre.rows("chain")]
        punches = [(row.serial, row.pin, row._mapping["t"]) for row in self.centre.rows("punch")]
        held = [("CJ1", pin, t) for pin, t in self.held[: self.taken]]
        journal = journal_copy(self.kiosk.journal.path)
        return check(held, journal, copy_of(events, acked), punches)


@pytest.fixture
def office(tmp_path):
    with ext4_disk(tmp_path / "card", tmp_path / "card.img", 8) as card:
        made = Office(card, tmp_path / "centre")
        yield made
        made.kiosk.journal.close()
        made.centre.close()


@root
def test_a_full_card_refuses_scans_sends_what_it_holds_and_resumes_with_room(office):
    for _ in range(5):
        office.punch(200)
        office.poll()
    filler = fill(office.kiosk.folder)
    office.poll_until_full()
    assert fill(office.kiosk.folder) == filler, (
        "what the ballast gave is taken too, by somebody else"
    )
    assert not office.kiosk.journal.has_room()
    with pytest.raises(SourceUnavailable, match="disk is full"):
        office.poll()
    filler.unlink()
    assert office.kiosk.journal.has_room()
    while office.taken < len(office.held):
        office.poll()
    talk(office.kiosk, office.centre, turns=500)
    assert office.wrong() == []


@root
def test_receipts_are_taken_and_commands_settled_while_the_card_is_full(office):
    """In the ballast's room: the agent neither ends nor forgets where it stands."""
    filler = fill(office.kiosk.folder)
    office.poll_until_full()
    held = office.kiosk.journal.standing().last
    talk(office.kiosk, office.centre, turns=500)
    office.kiosk.journal.settle(7, "done", "", NOON)
    office.kiosk.journal.note([Configuration("d", "v", 1)], office.clock.look())
    standing = office.kiosk.journal.standing()
    assert standing.acked >= held
    assert standing.last > held
    office.kiosk.crash()
    assert office.kiosk.journal.standing().acked >= held
    assert not office.kiosk.journal.has_room(), "it starts on the full card, and says so"
    filler.unlink()
    assert office.kiosk.journal.has_room()


@root
def test_an_agent_starts_on_a_card_without_a_single_free_block(office):
    """The ballast goes first: SQLite needs room for the index of its WAL."""
    office.punch(50)
    office.poll()
    office.kiosk.journal.close()
    fill(office.kiosk.folder)
    office.kiosk.start()
    assert office.kiosk.journal.standing().last > 50
    talk(office.kiosk, office.centre)
    assert office.wrong() == []


@root
def test_without_ballast_the_same_card_locks_its_journal(office, monkeypatch):
    """What the ballast is for: the old way ends here, until a person makes room."""
    monkeypatch.setattr(Ballast, "keep", lambda self: setattr(self, "is_there", True) or True)
    monkeypatch.setattr(Ballast, "drop", lambda self: False)
    office.kiosk.journal.close()
    (office.kiosk.folder / ballast.FILE).unlink()
    office.kiosk.start()
    fill(office.kiosk.folder)
    with pytest.raises(JournalFailed) as failed:
        office.go_on()
    assert failed.value.code == "storage_full"


def test_the_ballast_is_a_real_megabyte_and_is_made_once(tmp_path):
    made = Ballast(tmp_path)
    assert made.keep()
    assert (tmp_path / ballast.FILE).stat().st_blocks * 512 >= ballast.SIZE
    again = Ballast(tmp_path)
    assert again.keep()
    assert again.drop()
    assert not (tmp_path / ballast.FILE).exists()
    assert not again.drop(), "there is nothing more to give"


def test_a_ballast_that_is_a_hole_is_filled(tmp_path):
    """A file of that length without blocks would give nothing back."""
    with (tmp_path / ballast.FILE).open("wb") as file:
        file.truncate(ballast.SIZE)
    made = Ballast(tmp_path)
    assert made.keep()
    assert (tmp_path / ballast.FILE).stat().st_blocks * 512 >= ballast.SIZE


def test_no_ballast_is_made_where_the_room_ends_half_way(tmp_path, monkeypatch):
    def fails(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", fails)
    assert not Ballast(tmp_path).keep()
    assert not (tmp_path / ballast.FILE).exists(), "half a ballast only takes room"


def test_the_centre_and_the_journal_agree_on_the_word(tmp_path):
    """The alert of a full card has words at the centre; scans are refused with the same code."""
    journal = Journal(tmp_path / "journal.db", KID, TestClock().look())
    assert journal.has_room()
    journal.close()
    assert "penuh" in alert("id", "storage_full")
