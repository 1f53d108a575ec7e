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
_MOST_FACES = 8  # whose standing is remembered: a camera that was killed ends none
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
        self._stood: dict[int, str] = {}
        self._places: dict[str, int] = {}

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
                when = stored.look.up - scan.lag  # on the clock that the camera counts by
                self._say(Punched(stored.epoch, seq, scan.pin, when), "camera")

    def hint(self, pin: str, verify: int) -> None:
        """A device says that somebody is there."""
        now = self._clock.monotonic()
        if pin and now - self._told.get(pin, -_CHECKED) < _CHECKED:
            return
        wall, name = int(self._clock.wall()), self._name(pin)
        self._say(Card("checking", wall, name, pin, cards.way(verify)), "screen")

    def stands(self, pin: str, track: int) -> None:
        """On which track the camera sees the person whose scan is committed next."""
        self._places = {pin: track}

    def again(self, pin: str, t: int, verify: int, track: int = 0) -> None:
        """Somebody is here again who was recorded at `t` (UTC seconds) a few minutes ago; `track`:
        where the camera sees them."""
        arrival, _, _ = self._staff.touch(pin, t)
        way = cards.way(verify)
        card = Card("again", t, self._name(pin), pin, way, arrival, track=track)
        self._say(card, "screen")
        self._sounds.play("again")

    def unknown(self, verify: int) -> None:
        """A finger that is nobody's on the kiosk's own sensor."""
        wall, way = int(self._clock.wall()), cards.way(verify)
        self._say(Card("unknown", wall, way=way), "screen")
        self._sounds.play("failed")

    def face(self, face: Face) -> None:
        """How it stands with a face: to the screen, and once to the ear where it was in vain."""
        self._say(face, "screen")
        before = self._stood.pop(face.track, "idle")
        if face.progress in ("unknown", "failed") and face.progress != before:
            self._sounds.play("failed")
        if face.progress != "idle":
            newest = list(self._stood.items())[-_MOST_FACES:]
            self._stood = {**dict(newest), face.track: face.progress}

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
            track=self._places.pop(scan.pin, 0) if scan.source == "camera" else 0,
            planned=is_dated and is_planned,
            known=self._staff.is_empty() or self._staff.by_pin(scan.pin) is not None,
        )
        self._remember(scan.pin)
        self._say(card, "screen")
        self._sounds.play("recorded" if is_dated else "held")

    def _touch(self, pin: str, t: int) -> tuple[bool, Punctual, int, bool]:
        """By the hours, if there are any. Whoever arrived before is not late a second time, nor on
        time by this scan."""
        arrival, state, minutes = self._staff.touch(pin, t)
        day = self._staff.window(pin, t)
        if arrival and day is not None:
            before = self._journal.past.scans(pin, day.opens)
            if any(one.t < t for one in before):
                return arrival, "recorded", 0, False
        return arrival, state, minutes, day is not None

    def _is_live(self, scan: Scan) -> bool:
        """Whether the camera may still have seen who it was. A device that looked at the face itself
        needs nobody's second look."""
        seen = scan.source in ("camera", "kiosk") or cards.way(scan.verify) == "face"
        return not seen and abs(scan.lag) <= cards.LIVE

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
    """Whole seconds from CLOCK_BOOTTIME, which the camera counts by, to the kiosk's UTC."""
    return round(clock.wall() - clock.up_ms() / 1000)
