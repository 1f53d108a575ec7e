"""An office's journal, as its kiosk writes it: scans with their lags, coverage, clocks. Seeded.

The model of one working day (local time; weekends, which hold only coverage, are left out):

- 8 % of the staff are away. The others scan in the morning and the evening, 80 % of them also out and
  in at noon; 7 % of all scans are repeated within 20 s, because the first beep was not heard.
- Each person has habits: a moment (normal around the session's, 6 min), a door (80 % of scans) and
  finger (65 % of people) or face (97 % of scans). Moments vary by day, normally, 5 to 9 min.
- 2 % press a wrong key. ZKTeco logs carry no score.
- 1 to 3 terminals, clocks wrong by up to 20 s and drifting by up to 2 s a day, polled every 30 s. In
  90 % of scans a live event makes the kiosk look at once, which takes 0.3 to 2.3 s until the commit.
  On 3 % of days a terminal is out of reach for 20 to 180 minutes.
- After each full hour and terminal a coverage record; a clock record at boot (a tenth of days) and
  when a measured offset moved by more than a second. A terminal shows whole seconds, so a measured
  offset, and with it the lag, is half a second unsure.

Who comes when is independent of everything else, so the entropy of a scan is a sum: `entropy`.
"""

import math
from collections import Counter
from collections.abc import Iterator
from heapq import merge
from random import Random

from msgspec import Struct

from contract.event import Clock, Configuration, Covered, Device, Epoch, Record, Scan

MONDAY = 1_798_416_000  # 28 December 2026, 00:00 UTC; days begin at local midnight
ZONE = 25_200
_DAY, _HOUR, _EVERY = 86_400, 3_600, 30
# Where a session lies (local second of day), how its moments vary by day (s), and its key.
_SESSIONS = ((26_400, 360, 0), (43_380, 300, 2), (46_500, 360, 3), (57_900, 540, 1))
_NOON = (1, 2)
_KEYS = 6
_FINGER, _FACE = 1, 15
_AWAY, _LUNCH, _TWICE, _WRONG, _OWN_DOOR, _EXCEPTION = 0.08, 0.8, 0.07, 0.02, 0.8, 0.03
_HINTED, _FASTEST, _SLOWEST = 0.9, 0.3, 2.3


class Person(Struct, frozen=True):
    """Somebody and their habits; `early` seconds before the session's moment, per session."""

    pin: str
    verify: int
    door: int
    early: tuple[float, ...]


class Touch(Struct, frozen=True, order=True):
    """A scan as it happened: UTC seconds, at which terminal, and what the terminal noted."""

    at: float
    device: int
    pin: str
    verify: int
    punch: int


class Poll(Struct, frozen=True):
    """One look at a terminal: asked and committed (UTC seconds), and what was new."""

    asked: float
    done: float
    device: int
    touches: tuple[Touch, ...]


def devices(staff: int) -> int:
    """How many terminals an office has."""
    return 1 + (staff > 90) + (staff > 150)


def records(kid: str, staff: int, days: int, seed: int) -> Iterator[Record]:
    """Everything that the kiosk journals in `days` working days, in order, from its first start."""
    return (record for _, record in journal(kid, staff, days, seed))


def day(kid: str, staff: int, seed: int) -> list[tuple[int, Record]]:
    """A whole day of an office that has been running for a week: (local second of day, record)."""
    begin = MONDAY + 7 * _DAY - ZONE
    played = journal(kid, staff, 6, seed)
    return [(at - begin, record) for at, record in played if at >= begin]


def journal(kid: str, staff: int, days: int, seed: int) -> Iterator[tuple[int, Record]]:
    """(UTC second of the commit, record) of `days` working days."""
    chance = Random(f"{kid} {staff} {seed}")
    people = _people(chance, staff)
    kiosk = _Kiosk(chance, kid, devices(staff))
    begin = MONDAY - ZONE
    yield from kiosk.start(begin)
    for no in range(days):
        midnight = begin + (no + no // 5 * 2) * _DAY
        kiosk.begin_day(midnight, rebooted=no > 0 and chance.random() < 0.1)
        touches = sorted(_touches(chance, people, midnight))
        looks = [_polls(chance, device, touches, midnight) for device in kiosk.doors]
        for poll in merge(*looks, key=lambda poll: poll.done):
            yield from ((int(poll.done), record) for record in kiosk.commit(poll))


def _people(chance: Random, staff: int) -> list[Person]:
    pins = chance.sample(range(10_000, 100_000), staff)
    doors = range(1, devices(staff) + 1)
    return [
        Person(
            str(pin),
            _FINGER if chance.random() < 0.65 else _FACE,
            chance.choice(doors),
            tuple(chance.gauss(0, 360) for _ in _SESSIONS),
        )
        for pin in pins
    ]


def _touches(chance: Random, people: list[Person], midnight: int) -> Iterator[Touch]:
    doors = devices(len(people))
    for person in people:
        if chance.random() < _AWAY:
            continue
        lunch = chance.random() < _LUNCH
        for no, (moment, varies, key) in enumerate(_SESSIONS):
            if no in _NOON and not lunch:
                continue
            at = midnight + chance.gauss(moment - person.early[no], varies)
            touch = Touch(
                at, _door(chance, person, doors), person.pin, *_noted(chance, person, key)
            )
            yield touch
            if chance.random() < _TWICE:
                again = at + chance.uniform(1, 20)
                yield Touch(again, touch.device, touch.pin, touch.verify, touch.punch)


def _door(chance: Random, person: Person, doors: int) -> int:
    others = [door for door in range(1, doors + 1) if door != person.door]
    return chance.choice(others) if others and chance.random() > _OWN_DOOR else person.door


def _noted(chance: Random, person: Person, key: int) -> tuple[int, int]:
    verify = person.verify
    if chance.random() < _EXCEPTION:
        verify = _FACE if verify == _FINGER else _FINGER
    if chance.random() < _WRONG:
        key = chance.choice([other for other in range(_KEYS) if other != key])
    return verify, key


def _polls(chance: Random, device: int, touches: list[Touch], midnight: int) -> Iterator[Poll]:
    """The looks at one terminal over a day: every 30 s, and at once where it hints at a scan."""
    out_of_reach = midnight + chance.uniform(0, _DAY) if chance.random() < 0.03 else math.inf
    back = out_of_reach + chance.uniform(20, 180) * 60
    waiting = [touch for touch in touches if touch.device == device]
    hints = [touch.at for touch in waiting if chance.random() < _HINTED]
    now = midnight + chance.uniform(0, _EVERY)
    while now < midnight + _DAY:
        asked = now + _EVERY
        while hints and hints[0] <= now:
            hints.pop(0)
        if hints and hints[0] < asked:
            asked = hints.pop(0) + chance.uniform(0, 0.2)
        if out_of_reach <= asked < back:
            asked = back
        now = asked + chance.uniform(_FASTEST, _SLOWEST - 0.2)
        new = 0
        while new < len(waiting) and waiting[new].at <= asked:
            new += 1
        yield Poll(asked, now, device, tuple(waiting[:new]))
        del waiting[:new]


class _Kiosk:
    """What the journal knows between polls. Its clock is right; its terminals' are not."""

    def __init__(self, chance: Random, kid: str, doors: int) -> None:
        self.doors = range(1, doors + 1)
        self._chance = chance
        self._serials = [f"BWXP{kid}{door}" for door in self.doors]
        self._wrong = [ZONE * 1000 + chance.uniform(-20e3, 20e3) for _ in self.doors]
        self._drift = [chance.uniform(-2e3, 2e3) / _DAY for _ in self.doors]  # ms per s
        self._count = [chance.randrange(2_000, 60_000) for _ in self.doors]
        self._covered = [0 for _ in self.doors]
        self._offsets: dict[int, int] = {}
        self._said: Clock | None = None
        self._boot = ""
        self._booted = 0.0

    def start(self, now: int) -> Iterator[tuple[int, Record]]:
        """The first records of an epoch."""
        self._restart(now - 40)
        yield now, Epoch(0, 0, "new")
        yield now, self._say(now)
        digest = f"{self._chance.getrandbits(256):064x}"
        yield now, Configuration(digest, "0.2.0", len(self.doors))
        for door, serial in zip(self.doors, self._serials, strict=True):
            yield now, Device(door, serial, "ZMM220_TFT", "Ver 6.60 Apr 26 2016")

    def begin_day(self, midnight: int, rebooted: bool) -> None:
        """Power may have failed in the night."""
        if rebooted:
            self._restart(midnight - self._chance.uniform(0, 60))

    def commit(self, poll: Poll) -> Iterator[Record]:
        """The records that one poll puts into the journal."""
        no = poll.device - 1
        offset = self._measure(no, poll.asked)
        if self._due(poll.device, offset):
            self._offsets[poll.device] = offset
            yield self._say(poll.done)
        for touch in poll.touches:
            t = math.floor(touch.at + self._true_offset(no, touch.at) / 1000)
            lag = int(poll.done) - (t - round(offset / 1000))
            yield Scan(poll.device, touch.pin, t, False, lag, touch.verify, touch.punch, 0, "pull")
        self._count[no] += len(poll.touches)
        if int(poll.asked) // _HOUR > self._covered[no] // _HOUR:
            self._covered[no] = int(poll.asked)
            yield Covered(poll.device, 0, int(poll.asked), self._count[no])

    def _restart(self, booted: float) -> None:
        self._boot, self._booted = f"{self._chance.getrandbits(128):032x}", booted

    def _true_offset(self, no: int, at: float) -> float:
        return self._wrong[no] + self._drift[no] * (at - MONDAY)

    def _measure(self, no: int, asked: float) -> int:
        """The terminal shows a whole second: half of one is added."""
        shown = math.floor(asked + self._true_offset(no, asked) / 1000)
        return int(shown * 1000 + 500 - asked * 1000)

    def _due(self, device: int, offset: int) -> bool:
        said = dict(self._said.offsets) if self._said else {}
        boot = self._said.boot if self._said else ""
        return boot != self._boot or abs(said.get(device, -ZONE) - offset) > 1_000

    def _say(self, now: float) -> Clock:
        offsets = tuple(sorted(self._offsets.items()))
        up, error = int(now - self._booted), self._chance.randrange(3, 60)
        self._said = Clock(self._boot, up, int(now), 3, error, offsets)
        return self._said


def entropy(staff: int) -> float:
    """Bits per scan that no code can go below which knows the model, every habit and every offset.

    A sum, because all choices are independent: when, whether at all, where, how, which key, lag.
    A code without memory between batches has to pay for the habits as well (about one bit).
    """
    doors = devices(staff)
    present = 2 + 2 * _LUNCH
    whole = (1 - _AWAY) * present
    moments = (
        sum(
            (_LUNCH if no in _NOON else 1) * math.log2(varies * math.sqrt(2 * math.pi * math.e))
            for no, (_, varies, _) in enumerate(_SESSIONS)
        )
        / present
    )
    who = (_choice(_AWAY) + (1 - _AWAY) * _choice(_LUNCH)) / whole
    door = _choice(_OWN_DOOR) + (1 - _OWN_DOOR) * math.log2(doors - 1) if doors > 1 else 0
    how = _choice(_EXCEPTION) + _choice(_WRONG) + _WRONG * math.log2(_KEYS - 1)
    first = moments + who + door + how + _choice(_TWICE)
    return (first + _TWICE * math.log2(19)) / (1 + _TWICE) + _lag()


def _choice(p: float) -> float:
    return -p * math.log2(p) - (1 - p) * math.log2(1 - p)


def _lag() -> float:
    """Of a lag: floor of a moment's fraction and 0.3 to 2.3 s, or anything up to the next poll."""
    steps = 200
    span = _SLOWEST - _FASTEST
    hinted = Counter(
        int(fraction / steps + _FASTEST + span * step / steps)
        for fraction in range(steps)
        for step in range(steps)
    )
    bits = -sum(n / steps**2 * math.log2(n / steps**2) for n in hinted.values())
    return _choice(_HINTED) + _HINTED * bits + (1 - _HINTED) * math.log2(_EVERY)
