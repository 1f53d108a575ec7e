"""The kiosk's MQTT session, against a scripted broker on a real socket; more in tests/process."""

import socket
import threading
from itertools import accumulate, pairwise

import pytest
from msgspec.structs import replace

from contract import batch, health, receipt, topics
from contract.receipt import Receipt
from terminal_agent import windows
from terminal_agent.line import Line
from terminal_agent.pace import Pace
from terminal_agent.timetable import Timetable
from terminal_agent.uplink import Uplink
from terminal_agent.usage import Meter
from tests.halves import Kiosk, TestClock
from tests.scripted import KEY, KID, Broker, Orders, Running, invitation


@pytest.fixture
def broker():
    broker = Broker()
    yield broker
    broker.close()


@pytest.fixture
def running(tmp_path, broker):
    running = Running(tmp_path / "kiosk", invitation(broker.port))
    yield running
    running.end()


BUCKET = topics.owner(topics.bucket(KID))
EVENTS, STATUS = topics.events(KID), topics.status(KID)


def said(broker, topic):
    return [payload for name, payload, _ in broker.heard if name == topic]


def test_a_kiosk_is_born_retained_with_a_will_and_hears_its_own_topics(broker, running):
    broker.until(lambda: said(broker, STATUS) and len(broker.subscribed) == 3)
    assert broker.subscribed == [topics.receipts(KID), topics.commands(KID), BUCKET]
    born = health.decode_birth(said(broker, STATUS)[0])
    standing = running.kiosk.journal.standing()
    assert (born.online, born.epoch, born.max_seq) == (True, standing.epoch, standing.last)
    assert broker.heard[0][2], "retained"
    will = health.encode(health.Birth(online=False, epoch=standing.epoch))
    assert will in broker.connects[0]
    assert STATUS.encode() in broker.connects[0]


def test_nothing_is_sent_until_a_worker_owns_the_bucket_and_a_receipt_forgets_it(broker, running):
    running.kiosk.punch(("17", 1_795_025_000))
    broker.until(lambda: said(broker, STATUS))
    running.clock.now += 3.0  # a centre that does not answer births
    broker.say(BUCKET, health.encode(health.Owner(online=True, worker="w1")))
    broker.until(lambda: topics.owner("w1") in broker.subscribed)
    broker.say(topics.owner("w1"), health.encode(health.Owner(online=False, worker="w1")))
    running.alerts["lobi"] = "unreachable"  # said in the turn after; by then a batch would be out
    broker.until(lambda: len(said(broker, STATUS)) == 2)
    assert said(broker, EVENTS) == []
    broker.say(topics.owner("w1"), health.encode(health.Owner(online=True, worker="w1")))
    broker.until(lambda: said(broker, EVENTS))
    [frame] = said(broker, EVENTS)
    assert batch.genuine(KID, frame, KEY)
    standing = running.kiosk.journal.standing()
    answer = Receipt(standing.epoch, standing.last, 5, 5)
    broker.say(topics.receipts(KID), receipt.encode(KID, answer, KEY))
    for _ in range(2_000):
        if running.kiosk.journal.standing().acked:
            break
        running.stop.wait(0.005)
    assert running.kiosk.journal.standing().acked == standing.last


def test_forged_receipts_and_owners_change_nothing(broker, running):
    running.kiosk.punch(("17", 1_795_025_000))
    broker.until(lambda: said(broker, STATUS))
    standing = running.kiosk.journal.standing()
    forged = receipt.encode(KID, Receipt(standing.epoch, standing.last, 5, 5), bytes(32))
    broker.say(topics.receipts(KID), forged)
    broker.say(topics.receipts(KID), b"")
    broker.say(BUCKET, b"not an owner")
    running.alerts["lobi"] = "unreachable"
    broker.until(lambda: len(said(broker, STATUS)) == 2)
    assert running.kiosk.journal.standing().acked == 0
    assert said(broker, EVENTS) == []


def test_a_new_alert_is_said_at_once_and_so_is_its_end(broker, running):
    broker.until(lambda: said(broker, STATUS))
    running.alerts["lobi"] = "log_almost_full"
    broker.until(lambda: len(said(broker, STATUS)) == 2)
    del running.alerts["lobi"]
    broker.until(lambda: len(said(broker, STATUS)) == 3)
    told = [health.decode_birth(document).alerts for document in said(broker, STATUS)]
    assert told == [(), (("lobi", "log_almost_full"),), ()]


def test_a_fork_draws_a_new_epoch_and_the_kiosk_is_born_again(broker, running):
    broker.until(lambda: said(broker, STATUS))
    epoch = running.kiosk.journal.standing().epoch
    answer = Receipt(epoch, 0, 5, 5, fork=True)
    broker.say(topics.receipts(KID), receipt.encode(KID, answer, KEY))
    broker.until(lambda: len(said(broker, STATUS)) == 2)
    born = [health.decode_birth(document).epoch for document in said(broker, STATUS)]
    assert born == [epoch, running.kiosk.journal.standing().epoch]
    assert born[0] != born[1]


def test_a_clean_end_says_offline_itself(broker, tmp_path):
    running = Running(tmp_path / "kiosk", invitation(broker.port))
    broker.until(lambda: said(broker, STATUS))
    running.end()
    broker.until(lambda: len(said(broker, STATUS)) == 2)
    assert not health.decode_birth(said(broker, STATUS)[-1]).online


def owned(broker):
    """Tell the kiosk that its batches are taken."""
    for topic in (BUCKET, topics.owner("w1")):
        broker.say(topic, health.encode(health.Owner(online=True, worker="w1")))


def told(broker, running, acked, **more):
    """A genuine receipt."""
    answer = Receipt(running.kiosk.journal.standing().epoch, acked, 5, 5, **more)
    broker.say(topics.receipts(KID), receipt.encode(KID, answer, KEY))


def test_what_the_centre_asks_is_handed_on_and_the_answers_are_said(broker, running):
    broker.until(lambda: said(broker, STATUS))
    running.orders.to_say = [b"done"]
    broker.say(topics.commands(KID), b"please")
    owned(broker)
    told(broker, running, 0)
    broker.until(lambda: said(broker, topics.answers(KID)))
    assert running.orders.asked == [b"please"]
    assert said(broker, topics.answers(KID)) == [b"done"]


def test_nothing_goes_a_second_time_before_the_centre_has_said_what_it_holds(broker, running):
    """A receipt that was lost with the last connection comes with the answer to the birth."""
    running.kiosk.punch(("17", 1_795_025_000))
    broker.until(lambda: said(broker, STATUS))
    owned(broker)
    running.alerts["lobi"] = "unreachable"
    broker.until(lambda: len(said(broker, STATUS)) == 2)
    assert said(broker, EVENTS) == []
    last = running.kiosk.journal.standing().last
    told(broker, running, last)
    running.until(lambda: running.kiosk.journal.standing().acked == last, step=0.0)
    running.alerts["lobi"] = "timeout"
    broker.until(lambda: len(said(broker, STATUS)) == 3)
    assert said(broker, EVENTS) == []


def test_a_centre_that_does_not_answer_a_birth_gets_its_batches_all_the_same(broker, running):
    running.kiosk.punch(("17", 1_795_025_000))
    broker.until(lambda: said(broker, STATUS))
    owned(broker)
    running.clock.now += 3.0
    broker.until(lambda: said(broker, EVENTS))


def test_every_byte_is_counted_and_told_at_the_next_birth(broker, tmp_path):
    running = Running(tmp_path / "kiosk", invitation(broker.port), quota_mb=1)
    broker.until(lambda: said(broker, STATUS))
    for number in range(2):
        running.alerts["lobi"] = str(number)
        broker.until(lambda n=number: len(said(broker, STATUS)) == 2 + n)
    born = health.decode_birth(said(broker, STATUS)[-1])
    payload = sum(len(body) for _, body, _ in broker.heard)
    assert payload < born.bytes_month < payload + 3_000, "with headers, acknowledgements, CONNECT"
    assert born.quota_left + born.bytes_month == 1_000_000
    running.end()
    assert (
        Meter(tmp_path / "kiosk", running.clock, 0, 1, lambda _: None).usage == running.meter.usage
    )


def test_a_used_up_quota_ends_live_mode_but_not_attendance(broker, tmp_path):
    running = Running(tmp_path / "kiosk", invitation(broker.port), quota_mb=1)
    broker.until(lambda: said(broker, STATUS))
    running.kiosk.dispatch.go_live(running.clock.now + 900)
    running.meter.add(1_000_000)
    broker.until(lambda: len(said(broker, STATUS)) >= 2)
    born = health.decode_birth(said(broker, STATUS)[-1])
    assert (born.quota_left, born.alerts) == (0, (("uplink", "quota_used"),))
    running.kiosk.punch(("17", 1_795_025_000))
    owned(broker)
    told(broker, running, 0)
    broker.until(lambda: said(broker, EVENTS))
    assert running.kiosk.dispatch.live_until == 0
    running.end()


def test_a_link_that_is_switched_off_is_left_in_good_order_and_taken_up_again(broker, tmp_path):
    """05:30 to 06:30; the kiosk says itself that it goes, so nobody sends its will."""
    dawn = 1_795_000_000 - (1_795_000_000 + 25_200) % 86_400 + 5.5 * 3600  # 05:30 in WIB
    hours, clock = windows.read(["05:30-06:30"]), TestClock(now=dawn + 1)
    running = Running(tmp_path / "kiosk", invitation(broker.port), hours=hours, clock=clock)
    broker.until(lambda: said(broker, STATUS))
    clock.now = dawn + 3_600
    broker.until(lambda: broker.farewells)
    assert not health.decode_birth(said(broker, STATUS)[-1]).online
    assert len(broker.connects) == 1
    clock.now = dawn + 86_401
    running.until(lambda: len(broker.connects) == 2)
    running.end()


def test_a_clock_that_nobody_vouches_for_knows_no_hours(broker, tmp_path):
    """Perhaps only the centre can tell the time."""
    clock = TestClock(trust=0)
    hours = windows.read(["05:30-05:31"])
    running = Running(tmp_path / "kiosk", invitation(broker.port), hours=hours, clock=clock)
    broker.until(lambda: said(broker, STATUS))
    clock.trust = 2
    broker.until(lambda: broker.farewells)
    running.end()


def test_a_rehearsal_leads_the_line_through_a_relay(broker, tmp_path):
    invited = replace(invitation(1), broker_host="broker.invalid")
    running = Running(tmp_path / "kiosk", invited, via=("127.0.0.1", broker.port))
    broker.until(lambda: said(broker, STATUS))
    running.end()


def test_the_socket_is_set_up_for_a_satellite(broker, running):
    broker.until(lambda: said(broker, STATUS))
    tcp = running.line.wire
    assert tcp.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 1
    assert tcp.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 60_000


class Steps(threading.Event):
    """A stop event whose waiting moves the test's clock; it stops the agent at a time."""

    def __init__(self, clock, end):
        super().__init__()
        self.clock, self.end = clock, end

    def wait(self, timeout=None):
        self.clock.now += timeout
        if self.clock.now >= self.end:
            self.set()
        return self.is_set()


@pytest.mark.parametrize(("code", "why"), [(None, "unreachable"), (0x87, "not authorised")])
@pytest.mark.parametrize("chance", [0.0, 0.5, 1.0])
def test_a_broker_that_cannot_be_used_is_tried_after_jittered_pauses_that_double_to_five_minutes(
    tmp_path, caplog, code, why, chance
):
    """Full jitter from 1 s to 4, 8, 16 ... 300 s; and the watchdog hears of it every 10 s."""
    clock = TestClock(now=0.0)
    broker = Broker(code or 0)
    if code is None:
        broker.close()
    invited = invitation(broker.port)
    kiosk = Kiosk(tmp_path / "kiosk", invited, clock)
    beats, tries = [], []
    real = kiosk.dispatch.will
    kiosk.dispatch.will = lambda: tries.append(clock.now) or real()
    timetable = Timetable(clock, Pace(0.0), lambda: chance)
    line = Line(invited, tmp_path, Meter(tmp_path, clock, 0, 0, lambda _: None))
    uplink = Uplink(kiosk.dispatch, timetable, line, Orders(), {})
    uplink.run(Steps(clock, 1_500), lambda: beats.append(clock.now))
    kiosk.journal.close()
    if code is not None:
        broker.close()
        assert len(broker.connects) == len(tries)
        assert "the broker refused the connection" in caplog.text
    limits = [4, 8, 16, 32, 64, 128, 256, 300, 300]
    waits = [1 + chance * (limit - 1) for limit in limits]
    assert tries[:9] == pytest.approx(list(accumulate([0, *waits]))[:9])
    assert max(b - a for a, b in pairwise(beats)) <= 10
