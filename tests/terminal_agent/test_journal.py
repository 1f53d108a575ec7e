"""The kiosk's journal: what it returned is on disk, numbered without holes, bound to what was before."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract import chain, event
from contract.event import Configuration, Scan
from terminal_agent.clock import Look
from terminal_agent.delivery import Delivery, Reading
from terminal_agent.errors import JournalFailed, SourceUnavailable
from terminal_agent.journal import Journal
from terminal_agent.journal_view import View

NOW = 1_795_000_000
WIB_MS = 25_200_000
CLOCKS = {"boot": "boot-1", "up": 100, "wall": NOW, "trust": 3, "error_ms": 5}
LOOK = Look(**CLOCKS)


def look(seconds=0, **changes) -> Look:
    return Look(**{**CLOCKS, "up": 100 + seconds, "wall": NOW + seconds, **changes})


def delivery(*pins, serial="CJ1", since=b"", cursor=b"", **more) -> Delivery:
    scans = [Scan(0, pin, NOW + 25_200, False, 0, 1, 0, 0, "pull") for pin in pins]
    readings = tuple(Reading(scan, f"raw of {scan.pin}".encode()) for scan in scans)
    plain = {"family": "ZKTeco", "firmware": "6.60", "offset_ms": WIB_MS}
    return Delivery(serial, readings=readings, since=since, cursor=cursor, **{**plain, **more})


@pytest.fixture
def path(tmp_path) -> Path:
    return tmp_path / "journal.db"


@pytest.fixture
def opened(path):
    """Open the journal, as often as a test likes; whatever is open at the end is closed."""
    journals = []

    def open_(kid="T07A", at=LOOK) -> Journal:
        journals.append(Journal(path, kid, at))
        return journals[-1]

    yield open_
    for journal in journals:
        journal.close()


def records(journal) -> list:
    standing = journal.standing()
    return [event.read(data) for data in journal.run(1, standing.last).records]


def kinds(journal) -> list[str]:
    return [event.kind(data) for data in journal.run(1, journal.standing().last).records]


def pins(journal) -> list[str]:
    return [record.pin for record in records(journal) if isinstance(record, Scan)]


# Returned means on disk


def test_what_store_returned_is_there_after_the_process_was_killed(path):
    """The process ends in the middle of its life, without a word to SQLite."""
    program = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from tests.terminal_agent.test_journal import LOOK, Journal, delivery\n"
        "journal = Journal(Path(sys.argv[1]), 'T07A', LOOK)\n"
        "assert len(journal.store(delivery('17', '18', cursor=b'2 rows'), LOOK).records) == 2\n"
        "os.kill(os.getpid(), 9)\n"
    )
    died = subprocess.run(
        [sys.executable, "-c", program, path], cwd=Path(__file__).parents[2], check=False
    )
    assert died.returncode == -9
    with closing(Journal(path, "T07A", LOOK)) as journal:
        assert pins(journal) == ["17", "18"]
        assert journal.device("CJ1").cursor == b"2 rows"


def test_an_open_journal_is_read_by_another_process_as_soon_as_store_returned(opened, path):
    journal = opened()
    journal.store(delivery("17"), LOOK)
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("SELECT count(*) FROM event WHERE kind = 'scan'").fetchone() == (1,)


def test_the_file_is_set_to_survive_a_power_cut(opened, monkeypatch):
    """WAL with FULL: every commit is on the card before store returns; NORMAL would lose some."""
    connections = []
    real = sqlite3.connect
    monkeypatch.setattr(
        sqlite3, "connect", lambda *a, **k: connections.append(real(*a, **k)) or connections[-1]
    )
    opened()
    settings_ = {
        name: connections[0].execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "wal_autocheckpoint")
    }
    assert settings_ == {"journal_mode": "wal", "synchronous": 2, "wal_autocheckpoint": 200}


def test_a_new_file_and_the_folder_that_names_it_reach_the_disk(opened, path, monkeypatch):
    """Without this a power cut leaves no journal at all, though its first rows were acknowledged."""
    synced = []
    real = os.fsync
    monkeypatch.setattr(
        os,
        "fsync",
        lambda handle: synced.append(os.readlink(f"/proc/self/fd/{handle}")) or real(handle),
    )
    opened()
    assert synced == [str(path.parent), str(path.with_name("ballast"))]
    opened()
    assert synced[2:] == [str(path.parent)], "whoever made the file may have died before it was"


def test_a_long_backlog_does_not_leave_a_large_wal(opened, path):
    journal = opened()
    for i in range(400):
        journal.store(delivery(str(i)), LOOK)
    assert path.with_name("journal.db-wal").stat().st_size < 3 << 20


def test_a_store_that_fails_leaves_nothing_behind_and_takes_nothing_more(opened, path):
    """The marks in memory may be ahead of the file, so nothing may follow on them."""
    journal = opened()
    journal.store(delivery("17"), LOOK)
    with closing(sqlite3.connect(path)) as other:
        other.execute(
            "CREATE TRIGGER full BEFORE INSERT ON evidence BEGIN SELECT raise(ABORT, 'disk full'); END"
        )
    with pytest.raises(JournalFailed, match="disk full"):
        journal.store(delivery("18", cursor=b"moved"), LOOK)
    with closing(sqlite3.connect(path)) as other:
        other.execute("DROP TRIGGER full")
    with pytest.raises(JournalFailed):
        journal.store(delivery("19"), LOOK)
    again = opened()
    assert pins(again) == ["17"]
    assert again.device("CJ1").cursor == b""


# Numbers, heads and PINs


def assert_whole(journal, path) -> None:
    """seq without holes from 1, every head recomputed, PINs in order of first appearance."""
    standing = journal.standing()
    with closing(sqlite3.connect(path)) as db:
        [(no, epoch)] = db.execute(
            "SELECT no, epoch FROM epoch ORDER BY no DESC LIMIT 1"
        ).fetchall()
        rows = db.execute(
            "SELECT seq, record, head FROM event WHERE epoch = ? ORDER BY seq", (no,)
        ).fetchall()
        table = db.execute("SELECT pin FROM pin WHERE epoch = ? ORDER BY idx", (no,)).fetchall()
    assert [row[0] for row in rows] == list(range(1, standing.last + 1))
    heads = chain.heads(chain.genesis("T07A", epoch), [row[1] for row in rows])
    assert [row[2] for row in rows] == heads
    assert (standing.epoch, standing.head) == (epoch, heads[-1])
    scanned = [r.pin for r in (event.read(row[1]) for row in rows) if isinstance(r, Scan)]
    assert [pin for (pin,) in table] == list(dict.fromkeys(scanned))
    for first in {1, standing.last // 2 + 1, standing.last}:
        run = journal.run(first, standing.last - first + 1)
        assert run.before == (heads[first - 2] if first > 1 else chain.genesis("T07A", epoch))
        assert run.after == heads[-1]
        earlier = [event.read(row[1]) for row in rows[: first - 1]]
        assert run.pins == list(dict.fromkeys(r.pin for r in earlier if isinstance(r, Scan)))


steps = st.lists(
    st.one_of(
        st.lists(st.sampled_from(["17", "18", "A-9", "é"]), max_size=4),
        st.sampled_from(["crash", "note", "reboot", "fork", "acknowledge"]),
    ),
    max_size=10,
)


@settings(max_examples=40)
@given(steps)
def test_whatever_happens_the_chain_holds_and_no_number_is_missing(tmp_path_factory, history):
    path = tmp_path_factory.mktemp("kiosk") / "journal.db"
    journal = Journal(path, "T07A", LOOK)
    for number, step in enumerate(history):
        now = look(number, boot=f"boot-{history[:number].count('reboot')}")
        match step:
            case "crash" | "reboot":
                journal.close()
                journal = Journal(path, "T07A", now)
            case "note":
                journal.note([Configuration(str(number), "0.1.0", 1)], now)
            case "fork":
                journal.begin_epoch("fork", now)
            case "acknowledge":
                journal.acknowledge(journal.standing().epoch, journal.standing().last // 2)
            case _:
                journal.store(delivery(*step, serial=f"CJ{number % 2}"), now)
    assert_whole(journal, path)
    journal.close()


def test_a_device_is_introduced_before_its_first_record_and_only_once(opened):
    journal = opened()
    journal.store(delivery("17"), LOOK)
    journal.store(delivery("18"), LOOK)
    journal.store(delivery("17", serial="CJ2"), LOOK)
    assert kinds(journal) == [
        "epoch",
        "clock",
        "device",
        "clock",
        "scan",
        "scan",
        "device",
        "clock",
        "scan",
    ]
    scans = [r for r in records(journal) if isinstance(r, Scan)]
    assert [(scan.device, scan.pin) for scan in scans] == [(1, "17"), (1, "18"), (2, "17")]


def test_a_scan_says_how_long_it_waited_for_its_commit(opened):
    journal = opened()
    journal.store(delivery("17"), look(30))
    [scan] = [r for r in records(journal) if isinstance(r, Scan)]
    assert scan.lag == 30


def test_the_devices_own_bytes_stand_beside_the_event_and_are_never_hashed(opened):
    journal = opened()
    journal.store(delivery("17", "18"), LOOK)
    assert journal.past.raws("CJ1") == [b"raw of 17", b"raw of 18"]
    assert b"raw of" not in b"".join(journal.run(1, journal.standing().last).records)


def test_only_what_is_worth_a_flush_is_urgent(opened):
    journal = opened()
    assert journal.standing().urgent == 1, "that an epoch began is news; its clock record is not"
    assert journal.standing().last == 2
    journal.store(delivery("17"), LOOK)
    urgent = journal.standing().last
    assert journal.standing().urgent == urgent
    journal.store(delivery(read_at=NOW, count=1), look(60))
    assert (journal.standing().last, journal.standing().urgent) == (urgent + 1, urgent)
    assert opened().standing() == journal.standing(), "the same after a crash"


# Epochs


def test_a_fresh_journal_draws_an_epoch_and_says_why(opened):
    journal = opened()
    assert records(journal)[0] == event.Epoch(0, 0, "new")
    assert kinds(journal) == ["epoch", "clock"]
    assert opened().standing() == journal.standing(), "reopening draws no other"


def test_two_kiosks_draw_two_epochs(tmp_path):
    drawn = set()
    for name in "ab":
        with closing(Journal(tmp_path / name, "T07A", LOOK)) as journal:
            drawn.add(journal.standing().epoch)
    assert len(drawn) == 2


def test_acknowledged_rows_that_are_gone_draw_a_new_epoch(opened, path):
    """A card that lost its last writes would number other scans with seqs that the centre has."""
    journal = opened()
    journal.store(delivery("17", "18"), LOOK)
    before = journal.standing()
    journal.acknowledge(before.epoch, before.last)
    journal.close()
    with closing(sqlite3.connect(path)) as db:
        db.execute("DELETE FROM event WHERE seq > ?", (before.last - 1,))
        db.commit()
    again = opened()
    assert again.standing().epoch != before.epoch
    assert records(again)[0] == event.Epoch(before.epoch, before.last - 1, "lost_rows")
    assert_whole(again, path)


def test_rows_that_nobody_acknowledged_may_be_gone_without_a_new_epoch(opened, path):
    journal = opened()
    journal.store(delivery("17"), LOOK)
    epoch = journal.standing().epoch
    journal.close()
    with closing(sqlite3.connect(path)) as db:
        db.execute("DELETE FROM event WHERE kind = 'scan'")
        db.execute("DELETE FROM pin")
        db.commit()
    assert opened().standing().epoch == epoch


@pytest.mark.parametrize("reason", ["fork", "lost_rows", "salvage", "replaced"])
def test_a_new_epoch_journals_every_row_without_a_receipt_again(opened, path, reason):
    """Behind the devices it names, and the clock records that last told each one's clock."""
    journal = opened()
    journal.store(delivery("17"), LOOK)
    journal.store(delivery("18", serial="CJ2"), look(3600, boot="boot-2"))
    acked = journal.standing().last
    journal.acknowledge(journal.standing().epoch, acked)
    journal.store(delivery("19"), look(7200, boot="boot-2"))
    journal.note([Configuration("ab", "0.1.0", 1)], look(7201, boot="boot-2"))
    old = journal.standing().epoch
    journal.begin_epoch(reason, look(7300, boot="boot-2"))
    clocks = ["clock", "clock", "clock"]
    expected = ["epoch", "device", "device", *clocks, "scan", "configuration"]
    assert kinds(journal) == expected
    said = records(journal)
    assert said[0] == event.Epoch(old, acked, reason)
    assert [device.serial for device in said[1:3]] == ["CJ1", "CJ2"]
    told = [(clock.boot, dict(clock.offsets)) for clock in said[3:6]]
    assert told[:2] == [(LOOK.boot, {1: WIB_MS}), ("boot-2", {2: WIB_MS})], "each one's last"
    assert told[2] == ("boot-2", {1: WIB_MS}), "had no receipt"
    assert said[6].pin == "19"
    assert journal.standing().acked == 0
    assert_whole(journal, path)


def test_a_record_that_names_a_punch_names_it_by_its_new_number_in_a_new_epoch(opened):
    journal = opened()
    journal.store(delivery("17", "18", "19"), LOOK)
    scans = [n for n, record in enumerate(records(journal), 1) if isinstance(record, Scan)]
    journal.note([event.Copresence(scans[0], "match"), event.Witnessed(scans[2], "18", 15)], LOOK)
    journal.acknowledge(journal.standing().epoch, scans[0])
    journal.begin_epoch("fork", LOOK)
    told = records(journal)
    [met] = [one for one in told if isinstance(one, event.Copresence)]
    [vouched] = [one for one in told if isinstance(one, event.Witnessed)]
    assert told[vouched.seq - 1].pin == "19"
    assert met.seq == -scans[0], "that punch stands in the epoch before"
    journal.acknowledge(journal.standing().epoch, vouched.seq)
    journal.begin_epoch("fork", LOOK)
    [met] = [one for one in records(journal) if isinstance(one, event.Copresence)]
    assert met.seq == 0


def test_a_new_epoch_keeps_the_old_one_readable(opened, path):
    journal = opened()
    journal.store(delivery("17"), LOOK)
    journal.begin_epoch("fork", LOOK)
    with closing(View(path)) as view:
        assert [seen.broken_at for seen in view.epochs()] == [0, 0]


def test_devices_keep_their_index_over_a_new_epoch(opened):
    journal = opened()
    journal.store(delivery("17"), LOOK)
    journal.begin_epoch("fork", LOOK)
    journal.store(delivery("18"), LOOK)
    scans = [r for r in records(journal) if isinstance(r, Scan)]
    assert [(scan.pin, scan.device) for scan in scans] == [("17", 1), ("18", 1)]


def test_a_punch_that_was_journalled_again_is_not_a_second_one(opened):
    """Its evidence stays where it was: a device that is re-read brings nothing new."""
    journal = opened()
    journal.store(delivery("17"), LOOK)
    journal.begin_epoch("fork", LOOK)
    again = delivery("17")
    unplaced = tuple(Reading(r.record, r.raw, placed=False) for r in again.readings)
    assert journal.store(Delivery("CJ1", readings=unplaced), LOOK).records == ()


# Receipts


def test_the_acked_mark_survives_and_may_go_back(opened):
    journal = opened()
    journal.store(delivery("17", "18"), LOOK)
    epoch = journal.standing().epoch
    for acked in (5, 2):
        journal.acknowledge(epoch, acked)
        assert journal.standing().acked == opened().standing().acked == acked


def test_a_receipt_for_an_epoch_that_is_over_moves_nothing(opened):
    journal = opened()
    old = journal.standing().epoch
    journal.begin_epoch("fork", LOOK)
    journal.acknowledge(old, 2)
    assert journal.standing().acked == 0


# Sources


def test_two_ways_to_one_device_do_not_store_its_rows_twice(opened):
    """Two entries in the configuration, one terminal: the slower one is told so."""
    journal = opened()
    journal.store(delivery("17", cursor=b"1"), LOOK)
    journal.store(delivery("18", since=b"1", cursor=b"2"), LOOK)
    with pytest.raises(SourceUnavailable) as told:
        journal.store(delivery("18", since=b"1", cursor=b"2"), LOOK)
    assert told.value.code == "two_ways"
    assert pins(journal) == ["17", "18"]


def test_what_a_device_is_read_by_now_and_later_stays_together(opened):
    journal = opened()
    assert journal.device("CJ1") is None
    journal.store(delivery("17", cursor=b"1", read_at=NOW, count=1), LOOK)
    row = journal.device("CJ1")
    assert (row.index, row.family, row.cursor, row.covered) == (1, "ZKTeco", b"1", NOW)


def test_coverage_is_journalled_once_an_hour_and_outlives_a_crash(opened):
    journal = opened()
    journal.store(delivery(read_at=NOW, count=3), LOOK)
    journal.store(delivery(read_at=NOW + 30, count=3), look(30))
    journal = opened()
    journal.store(delivery(read_at=NOW + 60, count=3), look(60))
    journal.store(delivery(read_at=NOW + 3600, count=4), look(3600))
    told = [(r.through, r.count) for r in records(journal) if isinstance(r, event.Covered)]
    assert told == [(NOW, 3), (NOW + 3600, 4)]


def test_the_newest_record_of_a_kind_is_found(opened):
    journal = opened()
    assert journal.newest("configuration") is None
    for digest in ("aa", "bb"):
        journal.note([Configuration(digest, "0.1.0", 1)], LOOK)
    assert event.read(journal.newest("configuration")).digest == "bb"


# Files that cannot be used


def test_another_kiosks_journal_is_refused(opened):
    opened().close()
    with pytest.raises(JournalFailed, match="it belongs to kiosk T07A, not T07B"):
        opened(kid="T07B")


def test_a_file_that_is_no_journal_is_refused_and_left_as_it_is(opened, path):
    path.write_bytes(b"\0" * 8192 + b"somebody's photo")
    kept = path.read_bytes()
    with pytest.raises(JournalFailed, match="the journal failed: file is not a database"):
        opened()
    assert path.read_bytes() == kept


def test_a_damaged_journal_is_refused_with_a_clear_message(opened, path):
    """A page of a worn card came back as noise, in a table that nothing reads at the start."""
    journal = opened()
    raw = Reading(Configuration("", "", 1), b"Z" * 40_000)
    journal.store(Delivery("CJ1", readings=(raw,)), LOOK)
    journal.close()
    whole = path.read_bytes()
    page = whole.index(b"Z" * 4_000) // 4_096 * 4_096
    path.write_bytes(whole[:page] + b"\xa5" * 4_096 + whole[page + 4_096 :])
    with pytest.raises(JournalFailed, match="the file is damaged") as told:
        opened()
    assert told.value.code == "journal_damaged"


def test_a_journal_that_cannot_be_made_says_so(tmp_path):
    with pytest.raises(JournalFailed, match="unable to open"):
        Journal(tmp_path / "missing" / "journal.db", "T07A", LOOK)


# A look beside the agent


def test_a_look_at_the_journal_names_the_first_event_that_does_not_hold(opened, path):
    journal = opened()
    journal.store(delivery("17", "18", "19"), LOOK)
    journal.close()
    with closing(sqlite3.connect(path)) as db:
        [(record,)] = db.execute("SELECT record FROM event WHERE seq = 6").fetchall()
        tampered = record.replace(b'"18"', b'"81"')
        db.execute("UPDATE event SET record = ? WHERE seq = 6", (tampered,))
        db.commit()
    with closing(View(path)) as view:
        assert [seen.broken_at for seen in view.epochs()] == [6]


def test_a_look_at_the_journal_finds_a_row_that_was_taken_out(opened, path):
    journal = opened()
    journal.store(delivery("17", "18", "19"), LOOK)
    journal.close()
    with closing(sqlite3.connect(path)) as db:
        db.execute("DELETE FROM event WHERE seq = 6")
        db.commit()
    with closing(View(path)) as view:
        assert [seen.broken_at for seen in view.epochs()] == [7]


def test_a_look_at_the_journal_finds_a_number_that_was_skipped(opened, path):
    """Every head holds, but no event has the number in between."""
    journal = opened()
    journal.store(delivery("17"), LOOK)
    last = journal.standing().last
    journal.close()
    with closing(sqlite3.connect(path)) as db:
        db.execute("UPDATE event SET seq = seq + 1 WHERE seq = ?", (last,))
        db.commit()
    with closing(View(path)) as view:
        assert [seen.broken_at for seen in view.epochs()] == [last + 1]


def test_a_look_while_the_agent_writes_sees_what_was_committed(opened, path):
    journal = opened()
    journal.store(delivery("17"), LOOK)
    with closing(View(path)) as view:
        journal.store(delivery("18"), LOOK)
        assert view.epochs()[-1].last == journal.standing().last
        assert [device.serial for device in view.devices()] == ["CJ1"]
        assert [seq for seq, _, _ in view.events(journal.standing().last - 1)] == [6]


@pytest.mark.parametrize(
    "content", [None, b"", b"not a database" * 400], ids=["missing", "empty", "noise"]
)
def test_a_look_at_what_is_no_journal_says_so(path, content):
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(JournalFailed) as told:
        View(path)
    assert str(path) in str(told.value)


def test_a_look_before_the_first_epoch_says_that_it_is_not_begun(opened, path):
    """Power went between making the tables and drawing the first epoch."""
    opened().close()
    with closing(sqlite3.connect(path)) as db:
        db.execute("DELETE FROM epoch")
        db.commit()
    with pytest.raises(JournalFailed, match="not begun"):
        View(path)


def test_a_look_at_a_damaged_page_says_so_instead_of_stopping_with_a_traceback(opened, path):
    journal = opened()
    for i in range(300):
        journal.store(delivery(str(i)), LOOK)
    journal.close()
    with path.open("r+b") as file:
        size = file.seek(0, 2)
        for page in range(size // 8192, size // 4096):
            file.seek(page * 4096)
            file.write(b"\xa5" * 4096)
    with closing(View(path)) as view, pytest.raises(JournalFailed, match="malformed") as told:
        view.epochs()
    assert told.value.code == "journal_damaged"
