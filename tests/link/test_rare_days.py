"""What happens to honest people's punches on the days when cards die, are copied or go back."""

import shutil

import pytest
from sqlalchemy.exc import IntegrityError

from contract import batch, event
from sync_server import schema
from tests.halves import Centre, Kiosk, TestClock, talk

NOON = 1_795_000_000 + 25_200


@pytest.fixture
def clock():
    return TestClock()


@pytest.fixture
def centre(tmp_path, clock):
    centre = Centre(tmp_path / "centre", clock)
    yield centre
    centre.close()


@pytest.fixture
def kiosk(tmp_path, centre, clock):
    kiosk = Kiosk(tmp_path / "kiosk", centre.invite("T07A"), clock)
    yield kiosk
    kiosk.journal.close()


def test_only_a_receipt_lets_a_kiosk_forget(kiosk):
    kiosk.punch(("17", NOON))
    assert list(kiosk.dispatch.frames(0))
    assert kiosk.journal.standing().acked == 0
    kiosk.dispatch.connected()
    assert list(kiosk.dispatch.frames(0)), "sent again after a reconnect"


def test_a_card_that_was_rolled_back_draws_a_new_epoch_and_loses_nothing(kiosk, centre, tmp_path):
    """Restored from last week's image, it would number new scans with old seqs."""
    kiosk.punch(("17", NOON))
    talk(kiosk, centre)
    kiosk.journal.close()
    shutil.copytree(tmp_path / "kiosk", tmp_path / "image")
    kiosk.start()
    kiosk.punch(("18", NOON + 60))
    talk(kiosk, centre)
    kiosk.journal.close()
    shutil.rmtree(tmp_path / "kiosk")
    shutil.copytree(tmp_path / "image", tmp_path / "kiosk")
    kiosk.start()
    kiosk.punch(("19", NOON + 120))
    talk(kiosk, centre)
    assert [row.forked for row in centre.rows("chain")].count(True) == 1
    assert sorted(set(centre.scans("T07A"))) == [
        ("17", NOON),
        ("18", NOON + 60),
        ("19", NOON + 120),
    ]
    assert len(centre.rows("punch")) == 3, "the same punch twice is one punch"
    assert [row.reason for row in centre.rows("refused")] == ["fork"], "the branch is kept"


def test_a_rolled_back_card_is_told_at_its_birth(kiosk, centre, tmp_path):
    kiosk.punch(("17", NOON))
    kiosk.journal.close()
    shutil.copytree(tmp_path / "kiosk", tmp_path / "image")
    kiosk.start()
    kiosk.punch(("18", NOON + 60))
    talk(kiosk, centre)
    kiosk.journal.close()
    shutil.rmtree(tmp_path / "kiosk")
    shutil.move(tmp_path / "image", tmp_path / "kiosk")
    kiosk.start()
    before = kiosk.journal.standing().epoch
    [(_, data)] = centre.desk.born([("T07A", kiosk.dispatch.birth("1", {}))])
    assert kiosk.dispatch.take(data), "it must be born again"
    assert kiosk.journal.standing().epoch != before


def test_a_new_card_reads_the_device_again_and_every_punch_counts_once(
    kiosk, centre, tmp_path, clock
):
    """kiosk replace: the new card's full read repeats what the old card had sent."""
    log = [("17", NOON), ("18", NOON + 5), ("17", NOON + 9)]
    kiosk.punch(*log)
    talk(kiosk, centre)
    fresh = Kiosk(tmp_path / "new-card", centre.replace("T07A"), clock)
    fresh.punch(*log, ("19", NOON + 60), placed=False)
    talk(fresh, centre)
    fresh.journal.close()
    assert len(centre.rows("punch")) == 4
    assert len(centre.rows("repeat")) == 3, "each repeat is kept and points to the first"


def test_the_old_cards_key_is_worth_nothing_after_a_replacement(kiosk, centre):
    centre.replace("T07A")
    kiosk.punch(("17", NOON))
    talk(kiosk, centre, turns=1)
    assert centre.rows("event") == []
    assert [row.reason for row in centre.rows("refused")] == ["the MAC is not this kiosk's"]


def test_two_kiosks_on_one_device_make_one_punch(kiosk, centre, tmp_path, clock):
    other = Kiosk(tmp_path / "other", centre.invite("T07B"), clock)
    for each in (kiosk, other):
        each.punch(("17", NOON))
        talk(each, centre)
    other.journal.close()
    assert len(centre.rows("punch")) == 1
    assert [row.kid for row in centre.rows("repeat")] == ["T07B"]


def test_rows_behind_a_matching_anchor_are_new_even_within_one_second(kiosk):
    """Two touches in one second are two records; only a re-read is told apart by its key."""
    assert kiosk.punch(("17", NOON), ("17", NOON)) == 2
    assert kiosk.punch(("17", NOON), ("17", NOON), placed=False) == 0
    assert kiosk.punch(*[("17", NOON)] * 3, placed=False) == 1


def test_a_clock_that_was_reset_never_merges_two_people_days(kiosk):
    """1 January 2000 comes again after every reset; each is another punch."""
    reset = 946_684_800
    assert kiosk.punch(("17", reset), placed=False) == 1
    assert kiosk.punch(("17", reset), placed=False) == 1


def test_a_hole_is_not_stored_and_is_asked_for(kiosk, centre):
    kiosk.punch(("17", NOON))
    [first] = kiosk.dispatch.frames(0)
    kiosk.punch(("18", NOON + 1))
    kiosk.clock.now += 1
    [second] = kiosk.dispatch.frames(0)
    [(_, data)] = centre.desk.take([("T07A", second)])
    assert centre.rows("event") == []
    assert [row.closed for row in centre.rows("gap")] == [0]
    kiosk.dispatch.take(data)
    talk(kiosk, centre)
    assert len(centre.scans("T07A")) == 2
    assert all(row.closed for row in centre.rows("gap"))
    assert first != second


def test_a_record_that_this_server_cannot_read_is_stored_and_blocks_nothing(kiosk, centre):
    """A newer kiosk may say more than an older centre understands."""
    kiosk.punch(("17", NOON))

    class Future(event.Record, frozen=True, array_like=True, tag="weather"):
        rain: int

    kiosk.journal.note([Future(3)], kiosk.clock.look())
    kiosk.punch(("18", NOON + 1))
    talk(kiosk, centre)
    assert [row.record for row in centre.rows("event", kind="unread:weather")] == [b'["weather",3]']
    assert len(centre.scans("T07A")) == 2


def test_a_restored_ledger_gets_everything_again(kiosk, centre, tmp_path, clock):
    """The backup is older than the last receipt: acked goes back, and the kiosk sends again."""
    kiosk.punch(("17", NOON))
    talk(kiosk, centre)
    centre.close()
    shutil.copytree(tmp_path / "centre", tmp_path / "backup")
    kiosk.punch(("18", NOON + 1))
    talk(kiosk, centre)
    restored = Centre(tmp_path / "backup", clock)
    kiosk.dispatch.connected()
    [(_, data)] = restored.desk.born([("T07A", kiosk.dispatch.birth("1", {}))])
    kiosk.dispatch.take(data)
    talk(kiosk, restored)
    assert restored.scans("T07A") == [("17", NOON), ("18", NOON + 1)]
    restored.close()


def test_a_batch_that_is_refused_shrinks_until_one_event_is_named(kiosk, centre, monkeypatch):
    """Nothing blocks the rest for ever: halves, down to one event as plain JSON."""
    for i in range(8):
        kiosk.punch((str(i), NOON + i))
    seen = []
    real = batch.decode

    def picky(kid, header, frame, pins):
        seen.append((header.count, header.codec))
        if header.codec == batch.COLUMNS:
            raise batch.BatchError("this centre has a bug in its columns")
        return real(kid, header, frame, pins)

    monkeypatch.setattr(batch, "decode", picky)
    talk(kiosk, centre)
    assert len(centre.scans("T07A")) == 8
    assert (1, batch.JSON) in seen
    assert centre.rows("refused")


@pytest.mark.parametrize("table", ["event", "punch"])
def test_raw_rows_cannot_be_edited_in_the_ledger(kiosk, centre, table):
    kiosk.punch(("17", NOON))
    talk(kiosk, centre)
    chosen = getattr(schema, table)
    for statement in (chosen.update().values(seq=99), chosen.delete()):
        with pytest.raises(IntegrityError, match="append-only"), centre.database.writing() as tx:
            tx.execute(statement)


def test_an_uninvited_kiosk_is_kept_and_not_answered(kiosk, centre, tmp_path, clock):
    assert centre.desk.take([("ABCD", b"hello")]) == []
    assert [(row.kid, row.reason) for row in centre.rows("refused")] == [
        ("ABCD", "frame version 6 is not known")
    ]


def test_the_same_forged_frame_a_thousand_times_is_one_row(kiosk, centre):
    for _ in range(1000):
        centre.desk.take([("T07A", b"\x14" + bytes(60))])
    assert [row.times for row in centre.rows("refused")] == [1000]
