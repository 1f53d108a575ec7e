"""Whatever happens to a terminal, its whole log is in the journal: a random history of its life."""

import tempfile
from collections import Counter
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from msgspec.structs import replace

from contract import chain, event
from contract.event import LogEdited, LogReplaced, LogShifted, Operation, Scan
from simulators.zk import wire
from simulators.zk.device import Device
from simulators.zk.layouts import PUNCH_LAYOUTS, operation_record
from simulators.zk.profiles import F19, FACE49, OLD16
from simulators.zk.terminal import Terminal
from terminal_agent.config import ZONES, ZkDevice
from terminal_agent.errors import SourceMisconfigured
from terminal_agent.intake import Intake
from terminal_agent.sources.zk_pull import ZkPull
from terminal_agent.zk import oplog
from terminal_agent.zk.link import Link
from tests.halves import WIB_MS, Centre, Kiosk, TestClock, talk

DAY = 86_400
SERIALS = ("CJ1", "CJ2")
PINS = st.sampled_from(["7", "17", "1003"])
THEN = st.sampled_from(["", "poll", "the_night_passes"])
FEBRUARY_30 = wire.time_code(datetime(2026, 2, 28)) + 2 * DAY


class Site:
    """One terminal on loopback, the kiosk that reads it, and the centre behind."""

    def __init__(self, folder: Path, profile, capacity: int, cyclic: int) -> None:
        self.stack = ExitStack()
        self.folder, self.cards = folder, 1
        self.clock = TestClock()
        # A real terminal holds thousands of records; a small one meets cyclic delete within a test.
        profile = replace(profile, record_capacity=capacity, cyclic_delete=cyclic)
        self.device = Device(profile, self.now, serial=SERIALS[0])
        self.terminal = self.stack.enter_context(Terminal(self.device))
        self.centre = Centre(folder / "centre", self.clock)
        self.stack.callback(self.centre.close)
        self.kiosk = Kiosk(folder / "card1", self.centre.invite("T07A"), self.clock)
        self.stack.callback(lambda: self.kiosk.journal.close())
        settings_ = ZkDevice("lobi", "127.0.0.1", self.terminal.port, live=False)
        self.source = ZkPull(settings_, ZONES["WIB"])
        self.alerts: list[str] = []

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.clock.now, UTC)

    def new_card(self) -> None:
        self.kiosk.journal.close()
        self.cards += 1
        invited = self.centre.replace("T07A")
        self.kiosk = Kiosk(self.folder / f"card{self.cards}", invited, self.clock)

    def poll(self) -> None:
        """As the agent does on a new connection: until nothing more came in meanwhile."""
        intake = Intake(self.kiosk.journal, self.clock, Event(), lambda: None, self.alerts.append)
        with Link("127.0.0.1", self.terminal.port, timeout=5) as link:
            while self.source.poll_once(link, intake):
                pass

    def raws(self) -> list[bytes]:
        """The log as the terminal itself has it."""
        layout = PUNCH_LAYOUTS[self.device.log.width]
        return [layout(punch) for punch in self.device.log.punches]

    def serial(self) -> str:
        return self.device.options["~SerialNumber"]

    def records(self) -> list:
        standing = self.kiosk.journal.standing()
        return [event.read(data) for data in self.kiosk.journal.run(1, standing.last).records]

    def stored(self) -> list[bytes]:
        """What the journal keeps of this terminal, in the terminal's own bytes."""
        return self.kiosk.journal.past.raws(self.serial())

    def declared(self, *kinds: type) -> int:
        """How often the journal says that the log is not what it was."""
        kinds = kinds or (LogShifted, LogReplaced, LogEdited)
        return sum(isinstance(record, kinds) for record in self.records())

    def edits(self) -> list[LogEdited]:
        """What the audits of this card found."""
        return [record for record in self.records() if isinstance(record, LogEdited)]

    def operations(self) -> Counter:
        """The terminal's operation log: (code, u32 time code)."""
        lines = map(operation_record, self.device.operations)
        return Counter((op.code, op.t) for op in oplog.decode(b"".join(lines)))

    def noted(self) -> Counter:
        """The operations of this terminal in the journal."""
        index = self.kiosk.journal.device(self.serial()).index
        said = [r for r in self.records() if isinstance(r, Operation) and r.device == index]
        return Counter((record.code, record.t) for record in said)

    def assert_chained(self) -> None:
        """Every record recomputed, from the first of the epoch."""
        standing = self.kiosk.journal.standing()
        run = self.kiosk.journal.run(1, standing.last)
        heads = chain.heads(chain.genesis("T07A", standing.epoch), run.records)
        assert heads[-1] == standing.head == run.after


class Histories(RuleBasedStateMachine):
    """Rules are what people, firmware and power do; after every poll the promises are checked.

    Punches are counted by (PIN, device second), as the wire does. `honest` are those stamped by a
    clock that was right, `ever` all that were ever on the device, `hidden` those that only an audit
    can see because somebody edited a stored record.
    """

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory()))
        self.ever: Counter = Counter()
        self.honest: set = set()
        self.key: dict[bytes, tuple[str, int]] = {}
        self.works = self.touched = self.cleared = 0
        self.forget()

    def forget(self) -> None:
        """What a journal knows is gone with its card."""
        self.hidden: dict[str, Counter] = {serial: Counter() for serial in SERIALS}
        self.seen: dict[str, list[bytes]] = {}
        self.changed, self.said = dict.fromkeys(SERIALS, False), dict.fromkeys(SERIALS, 0)
        self.tampered = False

    @initialize(
        profile=st.sampled_from([F19, OLD16, FACE49]),
        capacity=st.sampled_from([12, 40, 10_000]),
        cyclic=st.sampled_from([1, 3, 9]),
    )
    def install(self, profile, capacity, cyclic):
        self.site = Site(self.folder, profile, capacity, cyclic)
        self.roomy = capacity == 10_000
        self.punch("7", 9)

    # People

    @rule(pin=PINS, seconds=st.sampled_from([0, 0, 1, 7]), then=THEN)
    def punch(self, pin, seconds, then=""):
        self.site.clock.now += seconds
        self._stored(self.site.device.punch(pin))
        self._go_on(then)

    @rule(pins=st.lists(PINS, min_size=2, max_size=15), pace=st.sampled_from([0, 1]), then=THEN)
    def people_crowd_in(self, pins, pace, then):
        """One a second, or all within one: the same person more than once, too."""
        for pin in pins:
            self.site.clock.now += pace
            self._stored(self.site.device.punch(pin))
        self._go_on(then)

    @precondition(lambda self: len(self.site.device.log) > 4)
    @rule(pin=PINS)
    def punch_on_a_date_that_does_not_exist(self, pin):
        self._stored(self.site.device.punch(pin, at=FEBRUARY_30))

    @rule(days=st.sampled_from([-9_800, -400, 0, 10]))
    def set_the_clock(self, days):
        """A flat battery, a wrong year, right again, ten days ahead."""
        if self.site.device.profile.record_width == 16 and days < -9_000:
            return  # rows of 16 bytes from early 2000 can be taken for rows of 8: terminal_agent.zk.dialect
        right = self.site.now().replace(tzinfo=None) + timedelta(milliseconds=WIB_MS)
        self.site.device.set_clock(right + timedelta(days=days))

    # Hands that should not

    @rule(then=THEN)
    def clear_the_log(self, then):
        self.site.clock.now += 2
        self.cleared += len(self.site.device.log)
        self.site.device.clear_log()
        self.tampered = True
        self._go_on(then)

    @precondition(lambda self: len(self.site.device.log))
    @rule(data=st.data(), then=THEN)
    def delete_a_range(self, data, then):
        """Without a trace in the operation log."""
        codes = [punch.code for punch in self.site.device.log.punches]
        first, last = sorted(data.draw(st.sampled_from(codes)) for _ in range(2))
        with self.site.device.lock:
            self.touched += self.site.device.log.delete(lambda punch: first <= punch.code <= last)
        self.tampered = True
        self._go_on(then)

    @precondition(lambda self: len(self.site.device.log))
    @rule(data=st.data(), pin=PINS, then=THEN)
    def edit_a_record(self, data, pin, then):
        log = self.site.device.log
        at = data.draw(st.integers(0, len(log) - 1))
        self.works += 1
        self.touched += 1
        self.site.device.edit(at, pin=pin, workcode=self.works)
        self._stored(log.punches[at], edited=True)
        self.tampered = True
        self._go_on(then)

    # Cards and terminals

    @rule(serial=st.sampled_from(SERIALS))
    def another_terminal_at_this_address(self, serial):
        self.site.device.become(serial)

    @rule()
    def the_kiosk_loses_power(self):
        self.site.kiosk.crash()

    @rule()
    def the_kiosk_gets_a_new_card(self):
        self.site.new_card()
        self.forget()

    @rule()
    def the_centre_is_in_reach(self):
        talk(self.site.kiosk, self.site.centre)

    # Polls

    @rule()
    def poll(self):
        self._look()

    def _look(self) -> bool:
        log, said = self.site.raws(), self.site.declared()
        try:
            self.site.poll()
        except SourceMisconfigured as problem:
            if problem.code != "dialect_unclear":
                raise
            return False  # a layout is not guessed from dates that are mostly wrong
        serial = self.site.serial()
        known = self.seen.get(serial, [])
        self.changed[serial] |= log[: len(known)] != known
        self.said[serial] += self.site.declared() - said
        self.seen[serial] = log
        self.check(serial)
        return True

    @rule()
    def the_night_passes(self):
        """Over the hour of the audit, which may wait a poll where the log was replaced."""
        self.site.clock.now += DAY
        if not all([self._look() for _ in range(3)]):
            return
        serial = self.site.serial()
        self.hidden[serial].clear()
        on_device = Counter(self.site.raws())
        assert not on_device - Counter(self.site.stored()), "after an audit every byte is kept"
        if self.changed[serial]:
            assert self.said[serial], "a log that is not what it was is declared"
        self.changed[serial], self.said[serial] = False, 0

    def _go_on(self, then):
        """What follows at once, more often than by chance."""
        if then:
            getattr(self, then)()

    def check(self, serial):
        on_device = Counter(self.key[raw] for raw in self.site.raws())
        stored = Counter(self.key[raw] for raw in self.site.stored())
        assert not on_device - stored - self.hidden[serial], (
            "every punch on the device is journalled"
        )
        twice = stored - self.ever
        assert sum(twice[key] for key in self.honest) <= self.touched, (
            "no punch is journalled twice"
        )
        odd = sum(times for key, times in stored.items() if key not in self.honest)
        accused = max((edited.missing for edited in self.site.edits()), default=0)
        assert accused <= self.touched + self.cleared + odd, "nobody is accused of what nobody did"
        if not self.tampered:
            assert not self.site.edits(), "nor of anything where nobody did a thing"
        if not self.tampered and self.roomy:
            assert not self.site.declared(), "a log that only grew is not called another"
        assert not self.site.operations() - self.site.noted(), "every operation is journalled"
        self.site.assert_chained()

    def _stored(self, punch, edited=False):
        raw = PUNCH_LAYOUTS[self.site.device.log.width](punch)
        self.key[raw] = key = (punch.pin, punch.code)
        self.ever[key] += 1
        if edited:
            for serial in SERIALS:
                self.hidden[serial][key] += 1
        elif punch.code != FEBRUARY_30 and -500 < self.site.device.drift.days < 1:
            self.honest.add(key)

    def teardown(self):
        """In the end the centre holds every punch that this card journalled."""
        with self.stack:
            if hasattr(self, "site"):
                self._compare_with_the_centre()

    def _compare_with_the_centre(self):
        with self.site.stack:
            talk(self.site.kiosk, self.site.centre)
            sent = Counter((r.pin, r.t) for r in self.site.records() if isinstance(r, Scan))
            assert not sent - Counter(self.site.centre.scans("T07A"))


TestHistories = Histories.TestCase
TestHistories.settings = settings(
    max_examples=40, stateful_step_count=20, report_multiple_bugs=False
)
