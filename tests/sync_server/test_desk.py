"""Where frames are taken: what is stored, what is answered, and what costs others nothing."""

import random
import shutil
import sqlite3

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import DataError, IntegrityError, OperationalError

from contract import batch, chain, event, health, receipt
from contract.batch import Batch
from sync_server import commands, ledger, page
from tests.contract import strategies
from tests.halves import Centre, Kiosk, TestClock, talk

NOON = 1_795_000_000 + 25_200
KIDS = ("T07A", "T07B", "T07C")


@pytest.fixture
def clock():
    return TestClock()


@pytest.fixture
def centre(tmp_path, clock, ledger_at):
    centre = Centre(tmp_path / "centre", clock, ledger_at)
    yield centre
    centre.close()


@pytest.fixture
def kiosks(tmp_path, centre, clock):
    """Three kiosks, each with a punch of its own to send."""
    found = [Kiosk(tmp_path / kid, centre.invite(kid), clock) for kid in KIDS]
    for n, kiosk in enumerate(found):
        kiosk.punch((str(n), NOON + n), serial=f"CJ{n}")
    yield found
    for kiosk in found:
        kiosk.journal.close()


def waiting(*kiosks):
    """What these kiosks would send now."""
    return [(kiosk.invited.kid, frame) for kiosk in kiosks for frame in kiosk.dispatch.frames(0)]


def answers(kiosk, taken):
    """The receipts for one kiosk, read with its key."""
    invited = kiosk.invited
    return [receipt.decode(kid, data, invited.mac_key) for kid, data in taken if kid == invited.kid]


def genuine(kiosk, records, first=1, *, after=None, epoch=9):
    """A frame with this kiosk's MAC that its journal never made."""
    at = [chain.genesis(kiosk.invited.kid, epoch)]
    at += chain.heads(at[0], records)
    sent = Batch(kiosk.invited.kid, epoch, first, tuple(records), at[0], after or at[-1])
    return batch.encode(sent, [], kiosk.invited.mac_key, batch.JSON)


def test_the_frames_of_several_kiosks_are_one_commit_and_each_has_its_receipt(centre, kiosks):
    taken = centre.desk.take(waiting(*kiosks))
    for n, kiosk in enumerate(kiosks):
        [answer] = answers(kiosk, taken)
        assert answer.acked == kiosk.journal.standing().last
        assert centre.scans(kiosk.invited.kid) == [(str(n), NOON + n)]


BAD = {
    "nothing": (lambda frame: b"", "empty frame"),
    "text": (lambda frame: b"hello, who are you?", "frame version 6 is not known"),
    "half a frame": (lambda frame: frame[: len(frame) // 2], "the MAC is not this kiosk's"),
    "one bit": (lambda frame: frame[:20] + bytes([frame[20] ^ 1]) + frame[21:], "the MAC is not"),
    "too long": (lambda frame: frame + bytes(batch.MAX_FRAME), "longer than 48 KiB"),
}


@pytest.mark.parametrize("how", BAD)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_one_malformed_frame_in_the_group_costs_the_others_nothing(centre, kiosks, how, place):
    spoil, reason = BAD[how]
    arrivals = waiting(*kiosks)
    kid, frame = arrivals[place]
    arrivals[place] = (kid, spoil(frame))
    taken = centre.desk.take(arrivals)
    for kiosk in kiosks:
        held = bool(centre.scans(kiosk.invited.kid))
        assert held == (kiosk.invited.kid != kid) == bool(answers(kiosk, taken))
    [refused] = centre.rows("refused")
    assert (refused.kid, refused.frame) == (kid, spoil(frame)), "kept whole"
    assert reason in refused.reason


def test_a_genuine_frame_that_cannot_be_read_is_answered_so_that_the_kiosk_halves_it(
    centre, kiosks
):
    kiosk = kiosks[0]
    sent = genuine(kiosk, [event.canonical(event.LogShifted(1, 2))] * 2)
    cut = sent[: -batch.MAC_BYTES - 1]
    cut += batch.mac(b"batch", kiosk.invited.kid, cut, kiosk.invited.mac_key)
    taken = centre.desk.take([("T07A", cut), *waiting(kiosks[1])])
    assert [(one.refused, one.acked) for one in answers(kiosk, taken)] == [(True, 0)]
    assert [one.acked for one in answers(kiosks[1], taken)] == [kiosks[1].journal.standing().last]
    assert [row.reason for row in centre.rows("refused")] == ["the body is not a JSON array"]


def test_a_genuine_frame_with_a_wrong_head_is_not_stored_silently(centre, kiosks):
    """The records continue the chain, the head that the kiosk claims for them does not."""
    records = [event.canonical(event.LogShifted(1, 2))]
    taken = centre.desk.take([("T07A", genuine(kiosks[0], records, after=bytes(32)))])
    assert centre.rows("event") == []
    assert [row.reason for row in centre.rows("refused")] == ["fork"]
    assert [(one.fork, one.acked) for one in answers(kiosks[0], taken)] == [(True, 0)]


@pytest.mark.parametrize(
    "record",
    [
        event.Device(2**63, "CJ1", "", ""),
        event.Device(-(2**63) - 1, "CJ1", "", ""),
        event.Scan(2**70, "17", 2**70, False, 0, 1, 0, 0, "pull"),
        event.Clock("b", 2**70, 2**70, 3, 2**70, ((2**70, 2**70),)),
        event.Covered(2**70, 0, 2**70, 2**70),
    ],
)
def test_a_number_that_no_database_holds_stops_nobody(centre, kiosks, record):
    """A kiosk gone mad must not take the centre down with it, again and again."""
    sent = genuine(kiosks[0], [event.canonical(record)])
    centre.desk.take([("T07A", sent), *waiting(*kiosks[1:])])
    assert all(centre.scans(kid) for kid in KIDS[1:])
    assert [row.record for row in centre.rows("event", kid="T07A")] == [event.canonical(record)]


@pytest.mark.parametrize(
    "record",
    [
        event.Epoch(2**40, 5, "fork"),
        event.Epoch(2**32, 0, "new"),
        event.Epoch(-1, 0, "lost_rows"),
        event.Epoch(0, -5, "salvage"),
        event.Epoch(2**32 - 1, 2**53 - 1, "fork"),
    ],
)
def test_an_epoch_that_cannot_have_been_stops_nobody(centre, kiosks, record):
    sent = genuine(kiosks[0], [event.canonical(record)])
    centre.desk.take([("T07A", sent), *waiting(*kiosks[1:])])
    assert all(centre.scans(kid) for kid in KIDS[1:])
    [row] = centre.rows("event", kid="T07A")
    possible = record.previous == 2**32 - 1
    assert (row.kind, row.record) == (
        "epoch" if possible else "unread:epoch",
        event.canonical(record),
    )


@pytest.mark.parametrize("problem", [OverflowError, UnicodeEncodeError, IntegrityError, DataError])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_frame_that_nobody_thought_of_is_refused_and_costs_the_others_nothing(
    centre, kiosks, monkeypatch, problem, place
):
    """What it was is not known today: so a mistake is planted where frames are taken in."""
    arrivals = waiting(*kiosks)
    bad, frame = arrivals[place]
    values = {
        OverflowError: ("int too big\0to convert",),
        UnicodeEncodeError: ("utf-8", "\ud800", 0, 1, "surrogates not allowed"),
    }
    append = page.Page.append

    def planted(self, stored, verdict):
        if stored.kid == bad:
            raise problem(*values.get(problem, ("INSERT", None, OverflowError("out of range"))))
        append(self, stored, verdict)

    monkeypatch.setattr(page.Page, "append", planted)
    taken = centre.desk.take(arrivals)
    for kiosk in kiosks:
        [answer] = answers(kiosk, taken)
        stored = 0 if kiosk.invited.kid == bad else kiosk.journal.standing().last
        assert (answer.acked, answer.refused) == (stored, not stored)
    [refused] = centre.rows("refused")
    assert (refused.kid, refused.frame) == (bad, frame), "kept whole"
    assert problem.__name__ in refused.reason
    monkeypatch.undo()
    kiosks[place].dispatch.connected()
    talk(kiosks[place], centre)
    assert centre.scans(bad), "a centre that knows better takes it"


def test_a_pin_that_fits_no_index_is_refused_or_kept_and_costs_the_others_nothing(centre, kiosks):
    """PostgreSQL calls it operational, as it calls a full disk."""
    chance = random.Random(1)
    long = "".join(chance.choices("0123456789abcdefghijklmnopqrstuvwxyz", k=30_000))
    scan = event.Scan(1, long, NOON, False, 0, 1, 0, 0, "pull")
    sent = genuine(
        kiosks[0], [event.canonical(event.Device(1, "C", "", "")), event.canonical(scan)]
    )
    taken = centre.desk.take([("T07A", sent), *waiting(*kiosks[1:])])
    assert all(centre.scans(kid) for kid in KIDS[1:])
    [answer] = answers(kiosks[0], taken)
    assert answer.refused == bool(centre.rows("refused")) == (answer.acked == 0)


def test_a_birth_or_an_answer_that_nobody_thought_of_costs_the_others_nothing(
    centre, kiosks, monkeypatch
):
    births = [(kid, health.encode(health.Birth(online=True, epoch=1))) for kid in KIDS]
    note, born_ = ledger.note_birth, commands.answered

    def planted(tx, kid, *rest):
        if kid == "T07B":
            raise OverflowError("int too big to convert")
        return note(tx, kid, *rest)

    monkeypatch.setattr(ledger, "note_birth", planted)
    monkeypatch.setattr(commands, "answered", lambda tx, kid, *_: planted(tx, kid, b"", 0))
    told = {kid for kid, _ in centre.desk.born(births)}
    assert told == {row.kid for row in centre.rows("kiosk") if row.seen} == {"T07A", "T07C"}
    centre.desk.answered("T07B", b"")
    monkeypatch.setattr(ledger, "note_birth", note)
    monkeypatch.setattr(commands, "answered", born_)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    records=st.lists(
        st.one_of(strategies.records.map(event.canonical), st.sampled_from([b"1", b"{}", b"[]"])),
        min_size=1,
        max_size=8,
    )
)
def test_whatever_a_genuine_kiosk_says_is_stored_even_where_it_cannot_be_read(
    centre, kiosks, records
):
    epoch = len(centre.rows("chain"))
    taken = centre.desk.take([("T07A", genuine(kiosks[0], records, epoch=epoch))])
    [answer] = answers(kiosks[0], taken)
    assert (answer.acked, answer.refused, answer.fork) == (len(records), False, False)
    assert [row.record for row in centre.rows("event", epoch=epoch)] == records


on_sqlite = pytest.mark.parametrize("ledger_at", ["SQLite"], indirect=True)  # its own SQL


def failing(file, statement):
    with sqlite3.connect(file) as db:
        db.execute(statement)
    db.close()


@on_sqlite
def test_a_ledger_that_fails_stores_nothing_answers_nothing_and_goes_on_afterwards(
    centre, kiosks, ledger_at
):
    """A table is gone: whatever else is written before is undone too."""
    failing(ledger_at, "ALTER TABLE punch RENAME TO away")
    with pytest.raises(OperationalError, match="no such table"):
        centre.desk.take(waiting(*kiosks))
    assert centre.rows("event") == centre.rows("chain") == centre.rows("refused") == []
    failing(ledger_at, "ALTER TABLE away RENAME TO punch")
    for kiosk in kiosks:
        kiosk.dispatch.connected()
        talk(kiosk, centre)
    assert [bool(centre.scans(kid)) for kid in KIDS] == [True] * 3


@on_sqlite
def test_a_full_disk_stores_nothing_answers_nothing_and_heals_without_a_restart(centre, kiosks):
    talk(kiosks[1], centre)
    before = centre.rows("event")
    with centre.database.writing() as tx:
        pages = tx.exec_driver_sql("PRAGMA page_count").scalar()
        tx.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    kiosks[0].punch(*[(str(n), NOON + n) for n in range(3_000)])
    with pytest.raises(OperationalError, match="full"):
        centre.desk.take(waiting(kiosks[0]))
    assert centre.rows("event") == before
    with centre.database.writing() as tx:
        tx.exec_driver_sql("PRAGMA max_page_count = 1000000")
    kiosks[0].dispatch.connected()
    talk(kiosks[0], centre)
    assert len(centre.scans("T07A")) == 3_001


def born(centre, kiosk, **_):
    return centre.desk.born([(kiosk.invited.kid, kiosk.dispatch.birth("1", {}))])


def rolled_back(centre, kiosk, tmp_path, *, grown):
    """A card restored from an image, after two more punches had reached the centre; `grown` new
    ones were made while it had no link."""
    talk(kiosk, centre)
    kiosk.journal.close()
    shutil.copytree(kiosk.folder, tmp_path / "image")
    kiosk.start()
    for n in (1, 2):
        kiosk.punch((f"9{n}", NOON + 60 * n), serial="CJ0")
    talk(kiosk, centre)
    kiosk.journal.close()
    shutil.rmtree(kiosk.folder)
    shutil.move(tmp_path / "image", kiosk.folder)
    kiosk.start()
    for n in range(grown):
        kiosk.punch((f"7{n}", NOON + 600 + n), serial="CJ0")


@pytest.mark.parametrize("grown", [0, 1, 2, 3, 5])
def test_a_card_that_went_back_loses_no_punch_however_much_it_grew_before_it_had_a_link(
    centre, kiosks, tmp_path, grown
):
    """Its new scans have the numbers of scans that the centre holds already."""
    kiosk = kiosks[0]
    rolled_back(centre, kiosk, tmp_path, grown=grown)
    for kid, data in born(centre, kiosk):
        assert kid == "T07A"
        kiosk.dispatch.take(data)
    talk(kiosk, centre)
    assert {pin for pin, _ in centre.scans("T07A")} == {
        "0", "91", "92", *(f"7{n}" for n in range(grown))
    }  # fmt: skip
    assert any(row.forked for row in centre.rows("chain", kid="T07A"))


@pytest.mark.parametrize(("grown", "knows"), [(0, True), (1, True), (2, False), (3, False)])
def test_a_card_beside_the_ledger_is_asked_for_what_follows_and_nothing_is_acknowledged(
    centre, kiosks, tmp_path, grown, knows
):
    """Shorter than the ledger it knows by itself that rows are gone; longer, the judge compares."""
    rolled_back(centre, kiosks[0], tmp_path, grown=grown)
    mark = kiosks[0].journal.standing().acked
    [(_, data)] = born(centre, kiosks[0])
    [answer] = answers(kiosks[0], [("T07A", data)])
    assert answer.want == answer.acked + 1
    assert kiosks[0].dispatch.take(data) is knows
    assert kiosks[0].journal.standing().acked in (mark, 0)


def test_a_birth_that_the_broker_kept_proves_no_rollback(centre, kiosks):
    """It says where the kiosk stood when it connected; the ledger may hold more since."""
    old = kiosks[0].dispatch.birth("1", {})
    kiosks[0].punch(("5", NOON + 5))
    talk(kiosks[0], centre)
    epoch = kiosks[0].journal.standing().epoch
    for _, data in centre.desk.born([("T07A", old)]):
        assert not kiosks[0].dispatch.take(data)
    assert kiosks[0].journal.standing().epoch == epoch
    assert not any(row.forked for row in centre.rows("chain"))
    assert [row.birth for row in centre.rows("kiosk", kid="T07A")] == [old]


def test_a_kiosk_that_missed_its_receipts_is_told_where_the_ledger_stands(centre, kiosks):
    """Its head is the ledger's, so everything is proven."""
    centre.desk.take(waiting(kiosks[0]))
    [answer] = answers(kiosks[0], born(centre, kiosks[0]))
    assert (answer.acked, answer.fork) == (kiosks[0].journal.standing().last, False)


def test_a_will_is_noted_and_not_answered(centre, kiosks):
    will = health.encode(health.Birth(online=False, epoch=1))
    assert centre.desk.born([("T07A", will)]) == []
    assert [row.birth for row in centre.rows("kiosk", kid="T07A")] == [will]


@pytest.mark.parametrize(("kid", "document"), [("T07A", b"not JSON"), ("ZZZZ", b"")])
def test_a_birth_that_is_none_or_of_a_stranger_changes_nothing(centre, kiosks, kid, document):
    before = centre.rows("kiosk")
    document = document or kiosks[0].dispatch.birth("1", {})
    assert centre.desk.born([(kid, document)]) == []
    assert centre.rows("kiosk") == before
