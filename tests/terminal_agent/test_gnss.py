"""A satellite receiver on a serial port: what it may tell the kiosk, and what it may not."""

import os
import threading
import tty
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from contract.event import Clock as ClockRecord
from contract.receipt import Receipt
from terminal_agent import supervise
from terminal_agent.clock import Clock
from terminal_agent.clock_trust import Fix, server_fix
from terminal_agent.config import Gnss
from terminal_agent.gnss import GnssReceiver
from terminal_agent.intake import Intake
from terminal_agent.journal import Journal

NOON = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
NOON_MS = round(NOON.timestamp() * 1000)
OFFICE = (-7_285_240, 112_565_254)


def sentence(body: str) -> bytes:
    total = 0
    for byte in body.encode():
        total ^= byte
    return b"$%s*%02X\r\n" % (body.encode(), total)


def angle(microdegrees, width, letters):
    whole, rest = divmod(abs(microdegrees), 1_000_000)
    letter = letters[microdegrees < 0]
    return f"{whole:0{width}d}{rest * 60 / 1e6:08.5f},{letter}"


def rmc(at, status="A", place=OFFICE):
    where = f"{angle(place[0], 2, 'NS')},{angle(place[1], 3, 'EW')}"
    return sentence(f"GNRMC,{at:%H%M%S}.00,{status},{where},0.0,0.0,{at:%d%m%y},,,A")


def gga(at, satellites=8, quality=1, place=OFFICE):
    where = f"{angle(place[0], 2, 'NS')},{angle(place[1], 3, 'EW')}"
    return sentence(f"GNGGA,{at:%H%M%S}.00,{where},{quality},{satellites:02d},1.0,9.0,M,3.0,M,,")


class Machine:
    """A kiosk that starts in 1970; the test moves its boot-time clock."""

    boot = "boot-1"

    def __init__(self):
        self.now = 60_000
        self.ntp_ahead = None

    def up_ms(self):
        return self.now

    def wall_ms(self):
        return self.now if self.ntp_ahead is None else self.now + self.ntp_ahead

    def vouched_ms(self):
        return None if self.ntp_ahead is None else 20

    def set_by_rtc(self):
        return False


class Listening(GnssReceiver):
    """Says when the port is open: what was written before that is thrown away."""

    def _listen(self, port, intake):
        with self.bench.told:
            self.bench.opened += 1
            self.bench.told.notify_all()
        super()._listen(port, intake)


class Bench:
    """A pty with the receiver's end in the test's hand, and the agent's thread at the other."""

    def __init__(self, folder):
        self.machine = Machine()
        self.clock = Clock(machine=self.machine)
        self.journal = Journal(folder / "journal.db", "T07A", self.clock.look())
        self.link = folder / "gnss"
        self.stop = threading.Event()
        self.codes, self.told = [], threading.Condition()
        self.intake = Intake(self.journal, self.clock, self.stop, self._beat, self._tell)
        self.beats = self.opened = 0
        self.plug()

    def plug(self):
        self.master, self.slave = os.openpty()
        for end in (self.master, self.slave):
            tty.setraw(end)
        with suppress(FileNotFoundError):
            self.link.unlink()
        self.link.symlink_to(os.ttyname(self.slave))

    def unplug(self):
        os.close(self.master)
        os.close(self.slave)

    def run(self, surveyed=None):
        receiver = Listening(Gnss(str(self.link)), surveyed)
        receiver.bench = self
        self.thread = threading.Thread(
            target=supervise.keep_running, args=(receiver, self.intake), daemon=True
        )
        self.thread.start()
        self.wait(lambda: self.opened == 1)

    def say(self, *sentences, seconds=1):
        """The receiver's second: its sentences, heard before the clock goes on."""
        self.machine.now += seconds * 1000
        before = self.beats
        for one in sentences:
            os.write(self.master, one)
        heard = sum(one.count(b"$G") for one in sentences)
        self.wait(lambda: self.beats >= before + max(1, heard))

    def second(self, n, satellites=8, shift=timedelta(), place=OFFICE, status="A"):
        at = NOON + timedelta(seconds=n) + shift
        self.say(rmc(at, status, place), gga(at, satellites, place=place))

    def wait(self, done):
        with self.told:
            assert self.told.wait_for(done, 10), "the receiver's thread did not get so far"

    def close(self):
        self.stop.set()
        self.thread.join(10)
        self.journal.close()
        with suppress(OSError):
            self.unplug()

    def level(self):
        return self.clock.look().trust

    def _beat(self):
        with self.told:
            self.beats += 1
            self.told.notify_all()

    def _tell(self, code):
        with self.told:
            self.codes.append(code)
            self.told.notify_all()


@pytest.fixture
def bench(tmp_path):
    bench = Bench(tmp_path)
    bench.run()
    yield bench
    bench.close()


def test_three_good_sentences_give_the_time_to_the_second(bench):
    for n in (1, 2):
        bench.second(n)
        assert bench.level() == 0, "two may be an accident"
    bench.second(3)
    look = bench.clock.look()
    assert (look.trust, look.error_ms) == (4, 1_000)
    assert abs(bench.clock.wall() * 1000 - (NOON_MS + 3_000)) <= 1_000
    bench.machine.now += 1_800_000
    assert bench.level() == 4, "under a roof satellites come and go"
    assert abs(bench.clock.wall() * 1000 - (NOON_MS + 1_803_000)) <= bench.clock.look().error_ms


@pytest.mark.parametrize(
    "odd",
    [
        {"status": "V"},
        {"satellites": 3},
        {"shift": timedelta(weeks=-1024)},
        {"shift": timedelta(weeks=1024)},
    ],
    ids=["no fix", "three satellites", "a week rollover back", "a week rollover ahead"],
)
def test_the_time_is_not_believed_with(bench, odd):
    for n in range(1, 8):
        bench.second(n, **odd)
    assert bench.level() == 0


def test_a_receiver_that_repeats_its_last_fix_is_not_believed(bench):
    """Some go on with the frozen second when the antenna is off."""
    for _ in range(8):
        bench.say(rmc(NOON), gga(NOON))
    assert bench.level() == 0


def test_what_waited_in_a_buffer_is_not_believed(bench):
    """Sentences of ten seconds within one: the time is right, the moment is not."""
    burst = [rmc(NOON + timedelta(seconds=n)) + gga(NOON) for n in range(10)]
    bench.say(*burst)
    assert bench.level() == 0


def test_a_broken_checksum_and_garbage_are_skipped_and_the_rest_is_heard(bench):
    """A wrong baud rate at the plug, a spark on the cable."""
    bench.say(bytes(range(128, 256)) * 4 + b"\r\n")
    bench.second(1)
    bench.say(rmc(NOON).replace(b"*", b"1*"))
    bench.second(3)
    bench.second(4)
    assert bench.level() == 4


def test_noise_that_reads_as_an_infinite_longitude_is_no_place_and_the_rest_is_heard(bench):
    """Its checksum may hold: the receiver itself may have garbled it."""
    bench.say(sentence(f"GNRMC,{NOON:%H%M%S}.00,A,0717.11,S,11233.9e999,E,,,{NOON:%d%m%y},,,A"))
    bench.second(3)
    bench.second(4)
    bench.second(5)
    assert bench.level() == 4


@pytest.mark.parametrize(
    "odd",
    [
        sentence("PUBX"),
        sentence("GNRMC,,,,,,,,,,,,,,,,,,,,"),
        sentence("GNGSV,9,9,99,1,2,3,4,5,6,7,8"),
        b"$GPTXT,\xff\xfe*00\r\n",
    ],
    ids=["no fields", "too many", "too few", "no letters"],
)
def test_a_sentence_that_nobody_can_read_ends_nothing_and_the_rest_is_heard(bench, odd):
    """Its checksum is right at times: the receiver's maker, or a thief with a cable, wrote it so."""
    bench.say(odd)
    for n in (1, 2, 3, 4):
        bench.second(n)
    assert bench.level() == 4


def test_a_stream_without_line_ends_holds_up_nobody(bench):
    """A wrong speed, or another device at that port: the watchdog's beats go on."""
    over, before = threading.Event(), bench.beats

    def flood():
        while not over.wait(0.005):
            os.write(bench.master, b"$GPXXX," + b"A" * 64)

    voice = threading.Thread(target=flood)
    voice.start()
    try:
        bench.wait(lambda: bench.beats >= before + 4)
    finally:
        over.set()
        voice.join()


def test_a_sentence_may_come_in_two_pieces(bench):
    bench.second(1)
    bench.second(2)
    at = NOON + timedelta(seconds=3)
    whole = rmc(at) + gga(at)
    os.write(bench.master, whole[:25])
    bench.say(whole[25:])
    assert bench.level() == 4


def test_after_an_unplugging_three_new_sentences_are_needed(bench):
    bench.second(1)
    bench.second(2)
    bench.unplug()
    bench.wait(lambda: "gnss_unplugged" in bench.codes)
    bench.plug()
    bench.wait(lambda: bench.opened == 2)
    bench.second(3)
    assert bench.level() == 0
    bench.second(4)
    bench.second(5)
    assert bench.level() == 4


def test_a_jump_by_an_hour_lowers_trust_says_so_and_moves_no_clock(bench):
    """A spoofer, or a receiver gone mad: nothing else tells the time here."""
    for n in (1, 2, 3):
        bench.second(n)
    for n in (4, 5, 6, 7):
        bench.second(n, shift=timedelta(hours=-1))
    look = bench.clock.look()
    assert look.trust == 1
    assert look.error_ms >= 3_600_000, "whichever is true is within the bound"
    assert abs(look.wall * 1000 - (NOON_MS + 7_000)) <= 2_000
    bench.wait(lambda: "gnss_disagrees" in bench.codes)


@pytest.mark.parametrize("who", ["server", "ntp"])
def test_gnss_that_contradicts_the_network_lowers_trust_and_moves_no_clock(bench, who):
    if who == "ntp":
        bench.machine.ntp_ahead = NOON_MS - bench.machine.now
        assert bench.level() == 3
    else:
        true_ms = NOON_MS
        receipt = Receipt(1, 1, true_ms - 100, true_ms - 100)
        bench.clock.learn(server_fix(bench.machine.now - 200, bench.machine.now, receipt))
        assert bench.level() == 2
    for n in (1, 2, 3, 4):
        bench.second(n, shift=timedelta(hours=1))
    look = bench.clock.look()
    assert look.trust == 1
    assert abs(look.wall * 1000 - (NOON_MS + 4_000)) <= 2_000
    bench.wait(lambda: "gnss_disagrees" in bench.codes)


def test_gnss_that_agrees_within_two_seconds_disturbs_nobody(bench):
    bench.machine.ntp_ahead = NOON_MS - bench.machine.now
    for n in (1, 2, 3, 4):
        bench.second(n, shift=timedelta(seconds=1))
    assert bench.level() == 3
    assert "gnss_disagrees" not in bench.codes


def test_a_kiosk_that_stands_elsewhere_says_so(tmp_path):
    bench = Bench(tmp_path)
    bench.run(surveyed=(OFFICE[0] + 3_000, OFFICE[1]))
    try:
        for n in range(1, 32):
            bench.second(n)
        bench.wait(lambda: "kiosk_moved" in bench.codes)
        here = bench.clock.look().place
        assert here == pytest.approx(OFFICE, abs=2)
        bench.journal.keep_clock(bench.clock.look())
        assert bench.journal.past.surveyed() == here
        assert isinstance(bench.journal.past.trusted_clock(), ClockRecord)
    finally:
        bench.close()


def test_one_wild_position_moves_nobody(bench):
    for n in range(1, 40):
        wild = (OFFICE[0] + 900_000, OFFICE[1]) if n == 20 else OFFICE
        bench.second(n, place=wild)
    assert "kiosk_moved" not in bench.codes


def test_a_fix_is_what_it_says():
    assert Fix(0, NOON_MS, 1_000, 4).error_at(86_400_000) == 1_000 + 4_320
