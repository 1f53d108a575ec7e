"""The kiosk's MQTT session, against a scripted broker on a real socket; more in tests/process."""

import socket
import threading
from contextlib import suppress
from itertools import accumulate, pairwise

import pytest

from contract import batch, health, receipt, topics
from contract.invitation import Invitation
from contract.receipt import Receipt
from terminal_agent.uplink import Uplink
from tests.halves import Kiosk, TestClock

KID = "T07A"
KEY = bytes(range(32))
CONNECT, CONNACK, PUBLISH, PUBACK, SUBSCRIBE, SUBACK, PING = 1, 2, 3, 4, 8, 9, 12


class Broker:
    """As much of MQTT 5 as one kiosk needs; it notes what it hears and says what a test wants."""

    def __init__(self, code=0):
        self.code = code
        self.heard: list[tuple[str, bytes, bool]] = []  # topic, payload, retained
        self.subscribed: list[str] = []
        self.connects: list[bytes] = []
        self.said = threading.Condition()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self._serve)
        self.thread.start()

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join()

    def until(self, condition):
        with self.said:
            assert self.said.wait_for(condition, 10), "it was never said"

    def say(self, topic, payload):
        name = topic.encode()
        body = len(name).to_bytes(2, "big") + name + b"\0" + payload
        self.wire.sendall(bytes([PUBLISH << 4]) + batch.varint(len(body)) + body)

    def _serve(self):
        while True:
            try:
                self.wire, _ = self.listener.accept()
            except OSError:
                return
            with self.wire, self.wire.makefile("rb") as stream, suppress(OSError, IndexError):
                while head := stream.read(1):
                    self._packet(head[0], stream.read(self._length(stream)))

    def _length(self, stream):
        digits = b""
        while not digits or digits[-1] > 0x7F:
            digits += stream.read(1)
        return batch.read_varint(digits, 0)[0]

    def _packet(self, head, body):
        with self.said:
            answer = self._answer(head >> 4, head, body)
            self.said.notify_all()
        if answer:
            self.wire.sendall(answer)

    def _answer(self, kind, head, body):
        if kind == CONNECT:
            self.connects.append(body)
            return bytes([CONNACK << 4, 3, 0, self.code, 0])
        if kind == SUBSCRIBE:
            return (
                bytes([SUBACK << 4, 3 + self._subscribe(body)])
                + body[:2]
                + b"\0" * (1 + self._count)
            )
        if kind == PUBLISH:
            return self._publish(head, body)
        return bytes([13 << 4, 0]) if kind == PING else b""

    def _subscribe(self, body):
        at, self._count = 3, 0
        while at < len(body):
            size = int.from_bytes(body[at : at + 2], "big")
            self.subscribed.append(body[at + 2 : at + 2 + size].decode())
            at, self._count = at + 3 + size, self._count + 1
        return self._count

    def _publish(self, head, body):
        size = int.from_bytes(body[:2], "big")
        topic, rest = body[2 : 2 + size].decode(), body[2 + size :]
        number = rest[:2] if head & 6 else b""
        self.heard.append((topic, rest[len(number) + 1 :], bool(head & 1)))
        return bytes([PUBACK << 4, 2]) + number if number else b""


@pytest.fixture
def broker():
    broker = Broker()
    yield broker
    broker.close()


class Running:
    """A kiosk's uplink in a thread of its own, until `end`."""

    def __init__(self, folder, port, **alerts):
        invited = Invitation(KID, "127.0.0.1", port, False, "", KEY, bytes(32), bytes(32))
        self.clock = TestClock()
        self.kiosk = Kiosk(folder, invited, self.clock)
        self.alerts = alerts
        self.stop = threading.Event()
        self.beats = 0
        uplink = Uplink(self.kiosk.dispatch, self.clock, 60, lambda: 1.0, self.alerts)
        self.thread = threading.Thread(target=uplink.run, args=(self.stop, self.beat))
        self.thread.start()

    def beat(self):
        self.beats += 1

    def end(self):
        self.stop.set()
        self.thread.join()
        self.kiosk.journal.close()


@pytest.fixture
def running(tmp_path, broker):
    running = Running(tmp_path / "kiosk", broker.port)
    yield running
    running.end()


BUCKET = topics.owner(topics.bucket(KID))
EVENTS, STATUS = topics.events(KID), topics.status(KID)


def said(broker, topic):
    return [payload for name, payload, _ in broker.heard if name == topic]


def test_a_kiosk_is_born_retained_with_a_will_and_hears_its_own_topics(broker, running):
    broker.until(lambda: said(broker, STATUS) and len(broker.subscribed) == 2)
    assert broker.subscribed == [topics.receipts(KID), BUCKET]
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
    running = Running(tmp_path / "kiosk", broker.port)
    broker.until(lambda: said(broker, STATUS))
    running.end()
    broker.until(lambda: len(said(broker, STATUS)) == 2)
    assert not health.decode_birth(said(broker, STATUS)[-1]).online


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
def test_a_broker_that_cannot_be_used_is_tried_after_pauses_that_double_to_five_minutes(
    tmp_path, caplog, code, why
):
    """With full chance: 1, 2, 4 ... 256, 300 s; and the watchdog hears of it every 10 s."""
    clock = TestClock(now=0.0)
    broker = Broker(code or 0)
    if code is None:
        broker.close()
    invited = Invitation(KID, "127.0.0.1", broker.port, False, "", KEY, bytes(32), bytes(32))
    kiosk = Kiosk(tmp_path / "kiosk", invited, clock)
    beats, tries = [], []
    real = kiosk.dispatch.will
    kiosk.dispatch.will = lambda: tries.append(clock.now) or real()
    uplink = Uplink(kiosk.dispatch, clock, 60, lambda: 1.0, {})
    uplink.run(Steps(clock, 1_500), lambda: beats.append(clock.now))
    kiosk.journal.close()
    if code is not None:
        broker.close()
        assert len(broker.connects) == len(tries)
        assert "the broker refused the connection" in caplog.text
    assert tries[:11] == list(accumulate([0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 300]))
    assert max(b - a for a, b in pairwise(beats)) <= 10
