"""A kiosk seals its own chain and notes what the centre signed; neither costs a flush."""

import json
import threading
from contextlib import closing
from itertools import pairwise

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from contract import receipt, vouched
from contract.event import CheckpointNoted, Hardware, ReceiptNoted, Seal, read
from contract.invitation import Invitation
from contract.receipt import Receipt
from terminal_agent import hardware, seals, vouching
from terminal_agent.identity import Sealer, signed_by
from terminal_agent.journal_view import View
from terminal_agent.seals import Sealed
from terminal_agent.vouching import Vouching
from tests.halves import Centre, Kiosk, TestClock, talk

KID = "T07A"
HOME = Hardware("10000000a1b2c3d4", "03534453433332478041f2e1c7011500")
CENTRE, OWN, OTHER = (Ed25519PrivateKey.generate() for _ in range(3))
RAW = (Encoding.Raw, PublicFormat.Raw)


def public(key):
    return key.public_key().public_bytes(*RAW)


@pytest.fixture
def centre(tmp_path):
    one = Centre(tmp_path / "centre", TestClock())
    yield one
    one.close()


@pytest.fixture
def kiosk(tmp_path):
    invited = Invitation(KID, "127.0.0.1", 1883, False, "", bytes(32), public(CENTRE), bytes(32))
    one = Kiosk(tmp_path / "kiosk", invited, TestClock())
    yield one
    one.journal.close()


def vouches(kiosk, key=OWN, on=HOME):
    return Vouching(kiosk.journal, kiosk.clock, key and Sealer(public(key), key.sign), on)


def chained(kiosk):
    with closing(View(kiosk.journal.path)) as view:
        return [(seq, read(data), head) for seq, data, head in view.events()]


def kinds(kiosk):
    return [type(record).__name__ for _, record, _ in chained(kiosk)]


def sealed_up_to(kiosk):
    """The events that the seals of this epoch close, each checked."""
    rows = chained(kiosk)
    out = []
    for (before, _, head), (_, record, _) in pairwise(rows):
        if isinstance(record, Seal):
            signed = vouched.seal_bytes(KID, kiosk.journal.standing().epoch, before, head)
            assert signed_by(vouched.key_of(record.key), signed, record.signature)
            out.append(before)
    return out


def a_receipt(kiosk, acked=None, key=CENTRE, head=None, **more):
    standing, now_ms = kiosk.journal.standing(), int(kiosk.clock.now * 1000)
    acked = standing.last if acked is None else acked
    held = kiosk.journal.past.head(standing.epoch, acked) if head is None else head
    signed = vouched.receipt_bytes(KID, standing.epoch, acked, held, now_ms // 1000)
    said = Receipt(standing.epoch, acked, now_ms, now_ms + 5, head=held, signature=key.sign(signed))
    said = msgspec.structs.replace(said, **more)
    return receipt.encode(KID, said, kiosk.invited.mac_key)


def noted(kiosk):
    return [
        record.server_time for _, record, _ in chained(kiosk) if isinstance(record, ReceiptNoted)
    ]


def test_signed_receipts_sent_again_are_not_noted_again_and_again(kiosk):
    """Whoever holds the link can only make a kiosk note what the centre signed since its last note."""
    kiosk.punch(("1", int(kiosk.clock.now)))
    old = a_receipt(kiosk)
    kiosk.clock.now += seals.NOTED_S
    new = a_receipt(kiosk)
    for _ in range(5):
        kiosk.dispatch.take(old)
        kiosk.dispatch.take(new)
    assert len(noted(kiosk)) == 2


def test_a_centre_whose_clock_was_ahead_is_noted_again_once_it_is_right(kiosk):
    kiosk.punch(("1", int(kiosk.clock.now)))
    right = int(kiosk.clock.now)
    kiosk.clock.now += seals.DAY_S * 400
    kiosk.dispatch.take(a_receipt(kiosk))
    kiosk.clock.now = right
    kiosk.dispatch.take(a_receipt(kiosk))
    assert noted(kiosk) == [right + seals.DAY_S * 400, right]


# when a seal is due


@pytest.mark.parametrize(
    ("newest", "last", "wall", "is_due"),
    [
        (None, 1, 0, True),
        (Sealed(6, 900, 0), 1, 0, True),
        (Sealed(7, 900, 0), 900, seals.DAY_S * 9, False),
        (Sealed(7, 900, 0), 901, seals.DAY_S - 1, False),
        (Sealed(7, 900, 0), 901, seals.DAY_S, True),
        (Sealed(7, 900, seals.DAY_S), 901, 0, True),
        (Sealed(7, 900, 0), 1_899, 0, False),
        (Sealed(7, 900, 0), 1_900, 0, True),
    ],
)
def test_a_seal_is_due_in_a_new_epoch_after_a_thousand_events_and_after_a_day(
    newest, last, wall, is_due
):
    assert seals.due(newest, 7, last, wall) is is_due


def test_a_new_chain_is_sealed_at_once_and_says_what_the_kiosk_runs_on(kiosk):
    vouches(kiosk).look()
    assert kinds(kiosk) == ["Epoch", "Clock", "Hardware", "Seal"]
    assert sealed_up_to(kiosk) == [3]


def test_nothing_is_sealed_twice_and_a_seal_never_makes_one_due(kiosk):
    for _ in range(40):
        kiosk.clock.now += seals.DAY_S
        kiosk.journal.keep_clock(kiosk.clock.look())
        vouches(kiosk).look()
    once = len(kinds(kiosk))
    for _ in range(3):
        kiosk.clock.now += seals.DAY_S
        vouches(kiosk).look()
        vouches(kiosk).look()
    assert len(kinds(kiosk)) == once, "nothing happened, so nothing is said"


def test_a_day_with_events_is_sealed_once_whatever_restarts_in_between(kiosk):
    watch = vouches(kiosk)
    watch.look()
    for hour in range(24 * 3):
        kiosk.punch((str(hour), int(kiosk.clock.now)))
        kiosk.clock.now += 3_600
        if hour % 5 == 0:
            kiosk.crash()
            watch = vouches(kiosk)
        watch.look()
    assert kinds(kiosk).count("Seal") == 4
    sealed_up_to(kiosk)


def test_a_thousand_events_are_sealed_without_waiting_for_the_day(kiosk):
    watch = vouches(kiosk)
    watch.look()
    for run in range(5):
        t = int(kiosk.clock.now)
        kiosk.punch(*((str(n), t + n) for n in range(run * 250, run * 250 + 250)))
        watch.look()
    assert len(sealed_up_to(kiosk)) == 2


def test_what_is_journalled_again_in_a_new_epoch_is_sealed_again(kiosk):
    watch = vouches(kiosk)
    kiosk.punch(("17", 1_795_000_300))
    watch.look()
    kiosk.dispatch.take(a_receipt(kiosk))
    kiosk.journal.acknowledge(kiosk.journal.standing().epoch, 2)
    kiosk.journal.begin_epoch("fork", kiosk.clock.look())
    assert "Seal" not in kinds(kiosk)
    assert "ReceiptNoted" not in kinds(kiosk), "it was signed for another chain"
    watch.look()
    assert kinds(kiosk)[-1] == "Seal"
    assert sealed_up_to(kiosk) == [kiosk.journal.standing().last - 1]


def test_a_copied_card_shows_another_serial_and_the_same_one_says_nothing_twice(kiosk):
    vouches(kiosk).look()
    kiosk.crash()
    vouches(kiosk).look()
    assert kinds(kiosk).count("Hardware") == 1
    vouches(kiosk, on=msgspec.structs.replace(HOME, card="00ff")).look()
    assert kinds(kiosk).count("Hardware") == 2


def test_a_kiosk_that_lost_its_key_records_and_seals_nothing(kiosk):
    watch = vouches(kiosk, key=None)
    watch.look()
    kiosk.punch(("17", 1_795_000_300))
    watch.look()
    assert "Scan" in kinds(kiosk)
    assert "Seal" not in kinds(kiosk)


def test_neither_seals_nor_notes_start_a_flush(kiosk):
    urgent = kiosk.journal.standing().urgent
    vouches(kiosk).look()
    kiosk.dispatch.take(a_receipt(kiosk))
    assert {"Seal", "ReceiptNoted", "Hardware"} <= set(kinds(kiosk))
    assert kiosk.journal.standing().urgent == urgent


def test_a_wish_for_a_seal_is_granted_by_the_agent_where_something_waits(kiosk):
    watch, stop = vouches(kiosk), threading.Event()
    watch.look()
    kiosk.punch(("17", 1_795_000_300))
    agent = threading.Thread(
        target=lambda: [watch.look() for _ in iter(lambda: stop.wait(0.05), 1)]
    )
    agent.start()
    try:
        assert vouching.ask(kiosk.folder, RealClock(), patience=20.0)
    finally:
        stop.set()
        agent.join()
    assert kinds(kiosk)[-1] == "Seal"
    before = len(kinds(kiosk))
    kiosk.journal.acknowledge(kiosk.journal.standing().epoch, before)
    (kiosk.folder / "seal.asked").touch()
    watch.look()
    assert len(kinds(kiosk)) == before, "nothing waits, so nothing is sealed for it"


class RealClock:
    """The clock of whoever waits beside the agent."""

    def __init__(self):
        self.now = 0.0

    def monotonic(self):
        self.now += 0.1
        return self.now


def test_a_wish_that_nobody_grants_is_given_up_and_taken_back(tmp_path):
    assert not vouching.ask(tmp_path, RealClock(), patience=0.5)
    assert list(tmp_path.iterdir()) == []


# hardware


def test_the_serials_of_a_raspberry_and_its_card_are_read(tmp_path):
    board = tmp_path / "sys/firmware/devicetree/base/serial-number"
    card = tmp_path / "sys/block/mmcblk0/device/cid"
    for path, data in ((board, HOME.board.encode() + b"\0"), (card, HOME.card.encode() + b"\n")):
        path.parent.mkdir(parents=True)
        path.write_bytes(data)
    assert hardware.look(tmp_path) == HOME


def test_another_machine_is_known_by_its_installation_without_telling_its_id(tmp_path):
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/machine-id").write_text("7d1c5b3a9e8f4d2c8b6a5f4e3d2c1b0a\n")
    found = hardware.look(tmp_path)
    assert len(found.board) == 32
    assert "7d1c5b3a" not in found.board
    assert found.card == ""


def test_a_machine_that_names_nothing_is_no_error(tmp_path):
    assert hardware.look(tmp_path) == Hardware("", "")


# signed receipts


def test_a_receipt_that_agrees_is_noted_once_in_twenty_hours(kiosk):
    kiosk.punch(("17", 1_795_000_300))
    began = int(kiosk.clock.now)
    for hour in range(50):
        kiosk.dispatch.take(a_receipt(kiosk))
        kiosk.clock.now += 3_600
        assert kiosk.dispatch.noting.alert == "", hour
    noted = [record for _, record, _ in chained(kiosk) if isinstance(record, ReceiptNoted)]
    hours = [(record.server_time - began) // 3_600 for record in noted]
    assert hours == [0, 20, 40]


def test_an_unsigned_receipt_is_taken_as_ever_and_not_noted(kiosk):
    now_ms = int(kiosk.clock.now * 1000)
    standing = kiosk.journal.standing()
    plain = Receipt(standing.epoch, standing.last, now_ms, now_ms)
    kiosk.dispatch.take(receipt.encode(KID, plain, kiosk.invited.mac_key))
    assert kiosk.journal.standing().acked == standing.last
    assert "ReceiptNoted" not in kinds(kiosk)


def test_a_receipt_that_contradicts_the_journal_changes_nothing_and_is_told(kiosk):
    kiosk.punch(("17", 1_795_000_300))
    before = kinds(kiosk)
    kiosk.dispatch.take(a_receipt(kiosk, head=bytes(32)))
    assert kiosk.dispatch.noting.alert == "receipt_contradicts"
    assert kiosk.journal.standing().acked == 0
    assert kinds(kiosk) == before
    kiosk.dispatch.take(a_receipt(kiosk))
    assert kiosk.dispatch.noting.alert == "", "a receipt that agrees ends the alarm"
    assert kiosk.journal.standing().acked == len(before)


def test_a_carried_receipt_that_contradicts_the_journal_changes_nothing_either(kiosk):
    kiosk.punch(("17", 1_795_000_300))
    key = kiosk.invited.mac_key
    kiosk.dispatch.carried(receipt.decode(KID, a_receipt(kiosk, head=bytes(32)), key))
    assert kiosk.journal.standing().acked == 0
    kiosk.dispatch.carried(receipt.decode(KID, a_receipt(kiosk), key))
    assert kinds(kiosk)[-1] == "ReceiptNoted"


def test_a_signature_of_somebody_else_is_told_and_proves_nothing(kiosk):
    kiosk.punch(("17", 1_795_000_300))
    last = kiosk.journal.standing().last
    kiosk.dispatch.take(a_receipt(kiosk, key=OTHER, head=bytes(32)))
    assert kiosk.dispatch.noting.alert == "receipt_badly_signed"
    assert kiosk.journal.standing().acked == last, "its MAC holds, so it counts as an unsigned one"
    assert "ReceiptNoted" not in kinds(kiosk)


def test_a_signature_cannot_be_moved_to_another_moment(kiosk):
    """The server time is what bounds the scans that follow."""
    kiosk.dispatch.take(a_receipt(kiosk, received_ms=5_000, sent_ms=5_000))
    assert "ReceiptNoted" not in kinds(kiosk)


# checkpoints, through the real halves


def test_the_centre_signs_until_the_kiosk_has_noted_it(tmp_path, centre):
    """The whole way: seal, signed receipt, note, and no more signatures for twenty hours."""
    kiosk = Kiosk(tmp_path / "kiosk", centre.invite(KID), centre.clock)
    with closing(kiosk.journal):
        watch = vouches(kiosk)
        for hour in range(30):
            kiosk.punch((str(hour), int(kiosk.clock.now) + 25_200))
            watch.look()
            talk(kiosk, centre)
            kiosk.clock.now += 3_600
        noted = kinds(kiosk).count("ReceiptNoted")
        standing = kiosk.journal.standing()
    assert noted == 2
    assert standing.acked >= standing.urgent
    assert centre.rows("distrusted") == []
    [row] = centre.rows("kiosk", kid=KID)
    assert row.event_key == public(OWN)
    assert row.noted > centre.clock.now - 24 * 3_600


def test_what_the_kiosk_noted_is_json_that_anybody_can_read(kiosk):
    kiosk.journal.note([CheckpointNoted(3, "ab" * 32)], kiosk.clock.look())
    assert json.loads(kiosk.journal.newest("checkpoint_noted")) == [
        "checkpoint_noted",
        3,
        "ab" * 32,
    ]
