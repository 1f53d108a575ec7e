"""The sending half without a carrier: live mode, the first flush, and what a receipt teaches."""

import pytest

from contract import batch, receipt
from contract.invitation import Invitation
from contract.receipt import Receipt
from terminal_agent.pace import Pace
from tests.halves import Kiosk, TestClock

KID, KEY = "T07A", bytes(range(32))
NOON = 1_795_025_000


@pytest.fixture
def kiosk(tmp_path):
    invited = Invitation(KID, "127.0.0.1", 1, False, "", KEY, bytes(32), bytes(32))
    kiosk = Kiosk(tmp_path, invited, TestClock(), Pace(patience=300.0))
    yield kiosk
    kiosk.journal.close()


def counts(kiosk, **link):
    """How many events each frame holds that goes out now."""
    return [batch.peek(frame).count for frame in kiosk.dispatch.frames(0, **link)]


def receipted(kiosk, acked=None, took_ms=0, **more):
    """The centre has committed everything, or up to `acked`; its clock is an hour ahead."""
    standing = kiosk.journal.standing()
    came = int(kiosk.clock.now * 1000) + 3_600_000
    acked = standing.last if acked is None else acked
    answer = Receipt(standing.epoch, acked, came, came + took_ms, **more)
    kiosk.dispatch.take(receipt.encode(KID, answer, KEY))


def settled(kiosk):
    """A connection, on which nothing waits any more, and a device that is known."""
    kiosk.punch(("16", NOON))
    kiosk.dispatch.connected()
    list(kiosk.dispatch.frames(0))
    receipted(kiosk)


def test_a_new_connection_brings_the_scans_that_wait_at_once(kiosk):
    """Nobody knows how long the link lasts."""
    settled(kiosk)
    kiosk.punch(("17", NOON))
    assert counts(kiosk) == []
    kiosk.dispatch.connected()
    assert len(counts(kiosk)) == 1


def test_a_new_connection_does_not_hurry_bookkeeping(kiosk):
    settled(kiosk)
    kiosk.clock.now += 7_200
    kiosk.punch(read_at=int(kiosk.clock.now), count=0)
    kiosk.dispatch.connected()
    assert counts(kiosk) == []
    assert len(counts(kiosk, ping_in=2.0)) == 1, "instead of a ping"


def test_live_mode_sends_within_seconds_until_it_expires(kiosk):
    settled(kiosk)
    kiosk.dispatch.go_live(kiosk.clock.now + 900)
    sent = []
    for _ in range(200):
        kiosk.punch(("17", int(kiosk.clock.now) + 25_200))
        waited = 0
        while not (frames := counts(kiosk)) and waited < 400:
            kiosk.clock.now += 1
            waited += 1
        receipted(kiosk)
        sent.append((waited, sum(frames)))
        if waited > 5:
            break
    assert set(sent[:-1]) == {(5, 1)}
    assert sent[-1][0] == 300
    assert len(sent) - 1 == 179, "the last one would fall on the end itself"


def test_live_mode_can_be_ended(kiosk):
    settled(kiosk)
    kiosk.dispatch.go_live(kiosk.clock.now + 900)
    kiosk.dispatch.go_live(0)
    kiosk.punch(("17", NOON))
    assert counts(kiosk) == []
    kiosk.clock.now += 5
    assert counts(kiosk) == []


def test_the_receipt_of_a_batch_that_went_once_tells_the_centres_time(kiosk):
    kiosk.punch(("17", NOON))
    kiosk.dispatch.connected()
    list(kiosk.dispatch.frames(0))
    kiosk.clock.now += 0.8
    receipted(kiosk, took_ms=200)
    [fix] = kiosk.clock.fixes
    assert fix.up_ms == kiosk.clock.up_ms()
    assert fix.utc_ms == int(kiosk.clock.now * 1000) + 3_600_200 + 300
    assert 300 <= fix.error_ms <= 310


@pytest.mark.parametrize(
    "how", ["sent twice", "an earlier one", "a hole", "a refusal", "nothing sent"]
)
def test_no_other_receipt_tells_the_time(kiosk, how):
    """Nobody knows which of two was answered, or when what it answers was sent."""
    kiosk.punch(("17", NOON))
    last = kiosk.journal.standing().last
    kiosk.dispatch.connected()
    if how != "nothing sent":
        list(kiosk.dispatch.frames(0))
    if how == "sent twice":
        for _ in range(2):
            kiosk.clock.now += 5
            list(kiosk.dispatch.frames(0))
    more = {"a hole": {"want": last + 1}, "a refusal": {"refused": True}}.get(how, {})
    receipted(kiosk, acked=last - 1 if how == "an earlier one" else last, **more)
    assert kiosk.clock.fixes == []
