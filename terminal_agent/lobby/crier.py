"""Tells the people at the kiosk what became of their scans, whichever way these came in.

It listens to every intake, in that source's thread, and never waits.
"""

from collections.abc import Callable

from contract.chain import evidence_code
from contract.event import Scan
from terminal_agent.clock import Clock
from terminal_agent.delivery import Delivery, Stored
from terminal_agent.door.words import Card, Face, FromAgent, Punched, Role
from terminal_agent.journal import Journal
from terminal_agent.lobby import cards
from terminal_agent.lobby.sounds import Sounds
from terminal_agent.staff import Punctual, Staff

_MOST_CARDS = 8  # of one look at a device; after an outage it brings a morning at once
_CHECKED = 10.0  # seconds: a hint that comes after its scan was told says nothing new

Tell = Callable[..., None]  # a word, then the roles that hear it


class Crier:
    """`tell(word, *roles)` reaches whoever stands at the door."""

    def __init__(
        self, journal: Journal, clock: Clock, staff: Staff, sounds: Sounds, tell: Tell
    ) -> None:
        self._journal = journal
        self._clock = clock
        self._staff = staff
        self._sounds = sounds
        self._tell = tell
        self._told: dict[str, float] = {}
        self._failed: tuple[int, str] = (0, "")

    def stored(self, parcel: Delivery, stored: Stored) -> None:
        """Cards for those who are still there; what a finger did just now, to the camera."""
        fresh = []
        for seq, record in enumerate(stored.records, stored.first):
            age = cards.age(record, parcel) if isinstance(record, Scan) else None
            if isinstance(record, Scan) and age is not None and age <= cards.FRESH:
                fresh.append((seq, record))
        for seq, scan in fresh[-_MOST_CARDS:]:
            self._show(seq, scan, stored)
            if self._is_live(scan):
                when = cards.scanned_at(scan, stored.look) - ahead(self._clock)
                self._say(Punched(stored.epoch, seq, scan.pin, when), "camera")

    def hint(self, pin: str, verify: int) -> None:
        """A device says that somebody is there."""
        now = self._clock.monotonic()
        if pin and now - self._told.get(pin, -_CHECKED) < _CHECKED:
            return
        wall, name = int(self._clock.wall()), self._name(pin)
        self._say(Card("checking", wall, name, pin, cards.way(verify)), "screen")

    def again(self, pin: str, t: int, verify: int) -> None:
        """Somebody is here again who was recorded at `t` (UTC seconds) a few minutes ago."""
        arrival, _, _ = self._staff.touch(pin, t)
        way = cards.way(verify)
        self._say(Card("again", t, self._name(pin), pin, way, arrival), "screen")
        self._sounds.play("again")

    def face(self, face: Face) -> None:
        """How it stands with a face: to the screen, and once to the ear where it was in vain."""
        self._say(face, "screen")
        mark = (face.track, face.progress)
        if face.progress in ("unknown", "failed") and mark != self._failed:
            self._sounds.play("failed")
        self._failed = mark

    def _show(self, seq: int, scan: Scan, stored: Stored) -> None:
        t = cards.scanned_at(scan, stored.look)
        arrival, state, minutes, is_planned = self._touch(scan.pin, t)
        is_dated = stored.look.trust > 0
        card = Card(
            state if is_dated else "held",
            t,
            self._name(scan.pin),
            scan.pin,
            cards.way(scan.verify),
            arrival,
            minutes if is_dated else 0,
            self._code(stored.epoch, seq),
            planned=is_dated and is_planned,
        )
        self._remember(scan.pin)
        self._say(card, "screen")
        self._sounds.play("recorded" if is_dated else "held")

    def _touch(self, pin: str, t: int) -> tuple[bool, Punctual, int, bool]:
        """By the hours, if there are any. Whoever arrived before is not late a second time, nor on
        time by this scan."""
        arrival, state, minutes = self._staff.touch(pin, t)
        day = self._staff.window(pin, t)
        if state == "late" and day is not None:
            before = self._journal.past.scans(pin, day.opens)
            if any(one.t < t for one in before):
                return arrival, "recorded", 0, False
        return arrival, state, minutes, day is not None

    def _is_live(self, scan: Scan) -> bool:
        """Whether the camera may still have seen who it was. A device that looked at the face itself
        needs nobody's second look."""
        own = cards.is_own(scan) or cards.way(scan.verify) == "face"
        return not own and abs(scan.lag) <= cards.LIVE

    def _remember(self, pin: str) -> None:
        now = self._clock.monotonic()
        recent = {who: at for who, at in self._told.items() if now - at < _CHECKED}
        self._told = {**recent, pin: now}

    def _code(self, epoch: int, seq: int) -> str:
        return evidence_code(self._journal.kid, seq, self._journal.run(seq, 1, epoch).after)

    def _name(self, pin: str) -> str:
        member = self._staff.by_pin(pin)
        return member.name if member else ""

    def _say(self, word: FromAgent, role: Role) -> None:
        self._tell(word, role)


def ahead(clock: Clock) -> int:
    """Whole seconds that the kiosk's clock is ahead of the system's, by which camera and screen
    stamp; 0 but where a receipt or a satellite told it better than the system knows."""
    return round(clock.wall() - clock.system())
