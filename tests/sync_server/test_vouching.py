"""What kiosks vouch for and what the centre signs: seals, receipts, checkpoints, the hardware."""

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine
from sqlalchemy.event import listen, remove

from contract import vouched
from contract.event import CheckpointNoted, Clock, Device, Epoch, Hardware, LogShifted, Scan
from sync_server import (
    authority,
    checkpoints,
    events,
    fleet,
    office_log,
    restored,
    signatures,
    standing,
    verifying,
)
from sync_server.checkpoints import rounds
from tests.card import Card
from tests.halves import Centre, TestClock

HOUR = 3_600
KID = "T07A"


@pytest.fixture
def centre(tmp_path, ledger_at):
    centre = Centre(tmp_path / "centre", TestClock(), ledger_at)
    yield centre
    centre.close()


@pytest.fixture
def invited(centre):
    found = centre.invite(KID)
    centre.start()  # with the key that the first invitation made
    return found


@pytest.fixture
def card(centre, invited):
    card = Card(centre, invited)
    card.add(Device(1, "CJ1", "ZKTeco", "6.60"), LogShifted(1, 3))
    return card


def ask(centre, question, *values):
    with centre.database.reading() as tx:
        return question(tx, *values)


def kiosk(centre):
    [found] = ask(centre, standing.kiosks)
    return found


def failing(centre):
    """The kinds of checks that do not hold, each with why and the event."""
    _, checks = ask(centre, verifying.everything, authority.signer(centre.folder).key)
    return {one.kind: (one.first.why, one.first.seq) for one in checks if one.failed}


def signed(card, told):
    """Whether the centre of the invitation vouches for what it says."""
    data = vouched.receipt_bytes(
        card.kid, card.epoch, told.acked, card.head(told.acked), told.received_ms // 1000
    )
    key = authority.signer(card.centre.folder).key
    return told.head == card.head(told.acked) and signatures.holds(key, told.signature, data)


def test_a_kiosk_that_never_sealed_gets_receipts_as_before(card):
    told = card.send()
    assert (told.acked, told.head, told.signature) == (2, b"", b"")


def test_a_kiosk_that_seals_is_told_once_a_day_and_signed_where_the_centre_stands(card, centre):
    card.send()
    card.seal()
    told = card.send()
    assert told.acked == 3
    assert not told.signature, "the seal that makes it due came with this frame"
    card.add(LogShifted(1, 4))
    told = card.send()
    assert signed(card, told)
    card.note(told)
    card.add(LogShifted(1, 5))
    assert not card.send().signature
    centre.clock.now += 19 * HOUR
    card.add(LogShifted(1, 6))
    assert not card.send().signature
    centre.clock.now += 2 * HOUR
    card.add(LogShifted(1, 7))
    assert signed(card, card.send())
    assert failing(centre) == {}


def test_until_the_kiosk_says_that_it_has_one_another_is_signed_every_ten_minutes(card, centre):
    card.seal()
    card.send()
    told = []
    for n in range(25):
        card.add(LogShifted(1, n))
        told.append(bool(card.send().signature))
        centre.clock.now += 60
    assert [n for n, one in enumerate(told) if one] == [0, 10, 20]


def test_a_centre_restored_from_yesterday_signs_again(card, centre):
    card.seal()
    card.send()
    card.add(LogShifted(1, 4))
    card.note(card.send())
    card.send()
    centre.clock.now -= 48 * HOUR
    centre.start()
    card.add(LogShifted(1, 5))
    assert signed(card, card.send())


@pytest.mark.parametrize(
    ("lie", "why"),
    [
        (lambda card: card.seal(head=b"\1" * 32), "seal_false"),
        (lambda card: card.seal(by=Ed25519PrivateKey.generate()), "seal_stranger"),
        (lambda card: card.note(card.told, later=1), "receipt_false"),
        (lambda card: card.add(CheckpointNoted(4, "ab" * 32)), "checkpoint_unknown"),
    ],
)
def test_what_proves_nothing_is_kept_named_and_waits_for_a_person(card, centre, lie, why):
    card.seal()
    card.send()
    card.add(LogShifted(1, 4))
    card.told = card.send()
    lied = lie(card)
    assert card.send().acked == lied == centre.rows("event")[-1].seq, "it is evidence too"
    assert [(row.seq, row.reason) for row in centre.rows("distrusted")] == [(lied, why)]
    assert kiosk(centre).distrusted == (why,)
    [health] = ask(centre, fleet.fleet, int(centre.clock.now))
    assert health.level == "bad"
    assert "need_distrusted" in health.needs
    kinds = {"seal": "seals", "receipt": "receipts", "checkpoint": "witnessed"}
    assert failing(centre) == {kinds[why.split("_")[0]]: (why, lied), "distrusted": (why, lied)}
    with centre.database.writing() as tx:
        assert standing.resolve_forks(tx, KID, "dilihat", "siti", centre.clock.now) == 1
    assert kiosk(centre).distrusted == ()
    assert failing(centre) == {}


def test_a_receipt_that_cannot_be_checked_for_want_of_the_centres_key_is_not_called_false(
    card, centre
):
    card.seal()
    card.send()
    card.add(LogShifted(1, 4))
    noted = card.note(card.send())
    card.send()
    assert failing(centre) == {}
    _, checks = ask(centre, verifying.everything, b"")
    named = {one.kind: (one.first.why, one.first.seq) for one in checks if one.first}
    assert named == {"receipts": ("receipt_unchecked", noted)}


def test_what_is_taken_off_the_list_is_found_all_the_same(card, centre):
    card.seal()
    card.send()
    lied = card.seal(head=b"\1" * 32)
    card.send()
    unguarded(centre, "distrusted")
    with centre.database.writing() as tx:
        tx.exec_driver_sql("DELETE FROM distrusted")
    assert failing(centre) == {"seals": ("seal_false", lied)}


def unguarded(centre, table):
    """As an administrator of the database would."""
    with centre.database.writing() as tx:
        if tx.dialect.name == "postgresql":
            tx.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        else:
            for verb in ("update", "delete"):
                tx.exec_driver_sql(f"DROP TRIGGER IF EXISTS {table}_never_{verb}")


@pytest.mark.parametrize("lied", [False, True])
def test_a_receipt_that_nobody_signed_bounds_no_time(card, centre, lied):
    """A kiosk without any clock: its scans happened after the signed receipt that it noted."""
    card.add(Clock("b" * 32, 5, 0, 0, 0))
    card.seal()
    card.send()
    card.add(LogShifted(1, 4))
    told = card.send()
    card.note(told, later=HOUR if lied else 0)
    seq = card.add(Scan(1, "17", 60, False, 0, 15, 0, 0, "camera"))
    centre.clock.now += HOUR
    card.send()
    with centre.database.reading() as tx:
        derived = events.derived(tx, KID, card.epoch, 420)[seq]
    assert derived.lo == (None if lied else told.received_ms // 1000)


def test_another_card_or_board_alarms_unless_the_kiosk_was_replaced(card, centre):
    card.add(Hardware("b1", "c1"))
    card.send()
    card.add(Hardware("b1", "c1"), Hardware("", "c1"))
    card.send()
    assert kiosk(centre).distrusted == ()
    card.add(Hardware("b2", "c1"))
    card.send()
    assert kiosk(centre).distrusted == ("board_changed",)
    card.add(Hardware("b2", "c2"))
    card.send()
    assert kiosk(centre).distrusted == ("board_changed", "card_changed")
    assert failing(centre)["distrusted"] == ("board_changed", card.last - 1)
    with centre.database.writing() as tx:
        standing.resolve_forks(tx, KID, "papan diganti", "siti", centre.clock.now)
    centre.clock.now += HOUR
    centre.registrar = authority.Registrar(
        centre.registrar.keys, centre.registrar.broker, int(centre.clock.now)
    )
    new = Card(centre, centre.replace(KID), epoch=8)
    new.add(Hardware("b3", "c3"))
    new.seal()
    new.send()
    assert kiosk(centre).distrusted == ()
    assert failing(centre) == {}


def test_a_checkpoint_that_a_kiosk_witnessed_can_never_be_another(card, centre):
    card.seal()
    card.send()
    signer = authority.signer(centre.folder)
    kept = rounds.daily(centre.database, signer, centre.clock.now)
    card.add(CheckpointNoted(kept.no, kept.digest))
    card.send()
    assert failing(centre) == {}
    unguarded(centre, "checkpoint")
    with centre.database.writing() as tx:  # a clerk with the centre's key makes it anew
        tx.exec_driver_sql("DELETE FROM checkpoint")
        checkpoints.make(tx, signer, centre.clock.now + 1)
    assert failing(centre)["witnessed"] == ("checkpoint_unknown", card.last)


def test_a_frame_full_of_hardware_is_judged_by_what_came_before_each_record(card, centre):
    """Once read, not again for each: a mad kiosk must not hold the ledger for everybody."""
    card.add(*(Hardware(f"b{n}", "c1") for n in range(3)))
    asked = []

    def listening(_connection, _cursor, statement, values, *_rest):
        if statement.startswith("SELECT") and "'hardware'" in str(values):
            asked.append("hardware")

    first = card.last - 2
    card.send()
    card.add(*(Hardware("b2", "c1") for _ in range(500)))
    listen(Engine, "before_cursor_execute", listening)
    try:
        card.send()
    finally:
        remove(Engine, "before_cursor_execute", listening)
    assert asked == ["hardware"]
    assert [row.seq for row in centre.rows("distrusted")] == [first + 1, first + 2]


def test_what_a_kiosk_cannot_read_of_itself_hides_no_change_and_makes_none(card, centre):
    card.add(Hardware("b1", "c1"))
    card.send()
    card.add(Hardware("", ""), Hardware("b1", ""))
    card.send()
    assert kiosk(centre).distrusted == ()
    card.add(Hardware("", "c2"))
    card.send()
    assert kiosk(centre).distrusted == ("card_changed",)


def test_a_row_left_on_the_list_stops_no_kiosk_from_sending(card, centre):
    """Somebody took the events out of the ledger and left their place on the list."""
    with centre.database.writing() as tx:
        tx.exec_driver_sql("INSERT INTO distrusted VALUES ('T07A', 7, 3, 'seal_false', 1, '')")
    card.seal(head=b"\1" * 32)
    assert card.send().acked == 3
    assert [row.seq for row in centre.rows("distrusted")] == [3]


def signed_ahead(card, centre, ahead):
    """A receipt signed and noted while the centre's clock was ahead by so many seconds, which then is
    right again."""
    card.seal()
    card.send()
    centre.clock.now += ahead
    card.add(LogShifted(1, 4))
    told = card.send()
    assert told.signature
    card.note(told)
    return told


@pytest.mark.parametrize("sent_while_ahead", [False, True])
def test_an_hour_when_the_centres_clock_was_ahead_takes_no_time_from_anybody(
    card, centre, sent_while_ahead
):
    card.add(Clock("b" * 32, 5, int(centre.clock.now), 3, 100))
    signed_ahead(card, centre, 24 * HOUR)
    if sent_while_ahead:
        card.send()
    centre.clock.now -= 24 * HOUR - 600
    t = int(centre.clock.now)
    card.add(Clock("b" * 32, 605, t, 3, 100))
    seq = card.add(Scan(1, "17", t + 10, False, 0, 15, 0, 0, "camera"))
    centre.clock.now += 60
    card.send()
    with centre.database.reading() as tx:
        derived = events.derived(tx, KID, card.epoch, 420)[seq]
    assert (derived.t, derived.quality) == (t + 10, "ok")
    assert centre.rows("distrusted") == []


def test_a_kiosk_told_by_a_centre_that_was_ahead_needs_no_receipt_every_ten_minutes(card, centre):
    signed_ahead(card, centre, 48 * HOUR)
    card.send()
    centre.clock.now -= 48 * HOUR
    centre.start()
    card.add(LogShifted(1, 5))
    card.note(card.send())
    card.send()
    centre.clock.now += HOUR
    card.add(LogShifted(1, 6))
    assert not card.send().signature


def test_a_new_card_and_a_new_epoch_are_vouched_for_at_once(card, centre):
    card.seal()
    card.send()
    card.add(LogShifted(1, 4))
    card.note(card.send())
    card.send()
    again = Card(centre, card, epoch=8, by=card.by)
    again.add(Epoch(7, card.last, "fork"), LogShifted(1, 4))
    again.send()
    centre.clock.now += HOUR
    again.add(LogShifted(1, 5))
    told = again.send()
    assert signed(again, told)
    again.note(told)
    again.send()
    centre.registrar = msgspec.structs.replace(centre.registrar, now=int(centre.clock.now))
    new = Card(centre, centre.replace(KID), epoch=9)
    new.seal()
    new.send()
    centre.clock.now += HOUR
    new.add(LogShifted(1, 4))
    assert signed(new, new.send())


@pytest.mark.parametrize("no", [2**53, 2**53 - 1, 2**62, 9_000])
def test_no_kiosk_uses_up_the_numbers_of_checkpoints(card, centre, no):
    signer = authority.signer(centre.folder)
    rounds.daily(centre.database, signer, centre.clock.now)
    lied = card.add(CheckpointNoted(no, "ab" * 32))
    assert card.send().acked == lied
    assert [row.reason for row in centre.rows("distrusted")] == ["checkpoint_unknown"]
    kept = rounds.daily(centre.database, signer, centre.clock.now + 24 * HOUR)
    assert kept.no == 2


def test_a_ledger_put_back_without_restore_gives_no_number_again_that_a_kiosk_saw(card, centre):
    card.add(CheckpointNoted(4_000, "ab" * 32))
    card.send()
    signer = authority.signer(centre.folder)
    assert rounds.daily(centre.database, signer, centre.clock.now).no == 4_001


def test_checkpoints_lost_with_a_restore_are_neither_made_again_nor_held_against_kiosks(
    card, centre
):
    signer = authority.signer(centre.folder)
    now = centre.clock.now
    first = rounds.daily(centre.database, signer, now)
    with centre.database.writing() as tx:  # what came after the backup is not here
        office_log.note(tx, now, "siti", restored.DEED, detail=restored.told(tx, int(now)))
    card.add(CheckpointNoted(first.no + 1, "ab" * 32))
    card.send()
    assert centre.rows("distrusted") == []
    kept = rounds.daily(centre.database, signer, now + 24 * HOUR)
    assert kept.no == first.no + restored.MARGIN + 1
    assert failing(centre) == {}
    lied = card.add(CheckpointNoted(first.no, "ab" * 32), CheckpointNoted(kept.no, "ab" * 32))
    card.send()
    assert [row.seq for row in centre.rows("distrusted")] == [lied - 1, lied]
