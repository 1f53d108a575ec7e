"""The kiosk's own camera as a source: what its process says becomes events of the journal."""

import threading

import msgspec

from contract.event import (
    VERIFY_NIP_AND_FACE,
    Challenge,
    Copresence,
    Enrolment,
    Gallery,
    Record,
    Scan,
    canonical,
    read,
)
from terminal_agent import watched
from terminal_agent.delivery import Delivery, Reading
from terminal_agent.door.words import (
    Compared,
    FromClient,
    MadeGallery,
    Seen,
    Told,
    Unmet,
    Watched,
)
from terminal_agent.intake import Intake
from terminal_agent.journal import Journal
from terminal_agent.lately import Lately
from terminal_agent.lobby import cards
from terminal_agent.lobby.crier import Crier, ahead
from terminal_agent.staff import Staff
from terminal_agent.watched import Span

FAMILY = "camera"
_GALLERY = 0  # the device of an Enrolment record: the kiosk's own gallery
_JUST_NOW = 30.0  # seconds in which a face may vouch for a colleague, or open its own list


class Room(msgspec.Struct, frozen=True):
    """What camera and screen work with."""

    intake: Intake
    journal: Journal
    crier: Crier
    staff: Staff
    lately: Lately


class Eye:
    """Takes the camera's words."""

    def __init__(self, room: Room) -> None:
        self._intake = room.intake
        self._clock = room.intake.clock
        self._journal = room.journal
        self._crier = room.crier
        self._lately = room.lately
        self._serial = f"CAM-{room.journal.kid}"
        self._turn = threading.Lock()  # a camera that came back, and the connection that it left
        self._recognised: dict[str, tuple[float, int]] = {}
        self._span: Span | None = None

    def hear(self, word: FromClient) -> Told | None:
        """What the camera says; None where it needs no answer."""
        match word:
            case Seen():
                self._seen(word)
            case Unmet():
                self._unmet(word)
            case Watched():
                self._watched(word)
            case Compared():
                self._compared(word)
            case MadeGallery():
                self._made_gallery(word)
            case _:
                return None
        return Told(word.ask, ok=True)

    def _seen(self, word: Seen) -> None:
        """A person was recognised: recorded, or told that it was done a few minutes ago."""
        t = self._dated(word.t)
        fresh = self._clock.up_ms() / 1000 - word.t <= cards.FRESH  # not where the agent was away
        with self._turn:
            if fresh and not word.again:  # of whom nothing was asked, nothing is proven
                self._recognised[word.pin] = (self._clock.monotonic(), word.verify)
            before = self._lately.before(self._serial, word.pin, t)
            if before is None and not word.again:
                self._record(word, t)
        if before is not None and fresh:
            self._crier.again(word.pin, before, word.verify, word.track)

    def _record(self, word: Seen, t: int) -> None:
        face = (word.score, word.liveness, word.gallery)
        self._crier.stands(word.pin, word.track)
        self._store(Scan(0, word.pin, t, False, 0, word.verify, 0, 0, "camera", *face))
        self._lately.keep(self._serial, word.pin, t)
        self._span = watched.scanned(self._span)

    def _unmet(self, word: Unmet) -> None:
        """A challenge that did not end in a scan."""
        t = self._dated(word.t)
        ended = (word.asked, word.outcome, word.pin, word.score, word.gallery)
        self._store(Challenge(0, t, *ended))

    def _watched(self, word: Watched) -> None:
        """The camera was up. Nothing counts while nobody can say when that was."""
        with self._turn:
            if self._intake.remembered(self._serial) is None:
                self._intake.store(Delivery(self._serial, FAMILY))
            if not self._clock.look().trust or word.since > word.through:
                self._span = None
                return
            worth = watched.more(self._span, word.since, word.through, ahead(self._clock))
            self._span = worth.open
            self._cover(worth.done)

    def _compared(self, word: Compared) -> None:
        """Whose face was there when a finger punched; of an epoch that is over it names nothing."""
        about = Copresence(word.seq, word.outcome)
        self._journal.note_about(word.epoch, word.seq, about, self._clock.look())

    def _made_gallery(self, word: MadeGallery) -> None:
        """The camera matches with another gallery; one that it had before is news only once."""
        made = Gallery(word.version, word.model, word.people, word.threshold, word.digest)
        with self._turn:
            if self._journal.newest("gallery") != canonical(made):
                self._journal.note([made], self._clock.look())

    def enrolled(self, pin: str, change: str, digest: str) -> None:
        """Somebody's template changed; the same word twice in a row is one."""
        with self._turn:
            newest = read(self._journal.newest("enrolment") or b"")
            if isinstance(newest, Enrolment) and (newest.pin, newest.change, newest.digest) == (
                pin,
                change,
                digest,
            ):
                return
            look = self._clock.look()
            self._journal.note([Enrolment(_GALLERY, pin, change, digest)], look)

    def away(self) -> None:
        """The camera has gone, or the agent goes: nobody says any more that it is up."""
        with self._turn:
            if self._clock.look().trust:
                self._cover(watched.ended_at(self._span))
            self._span = None

    def claimed(self, pin: str, since: float) -> bool:
        """Whether this person's face was compared with the NIP that they typed at `since` (monotonic
        seconds) and matched, just now. True once: each proof is good for one thing."""
        at, verify = self._recognised.get(pin, (0.0, 0))
        just_now = max(since, self._clock.monotonic() - _JUST_NOW)
        if verify != VERIFY_NIP_AND_FACE or at < just_now:
            return False
        return self._recognised.pop(pin, None) is not None

    def _store(self, record: Record) -> None:
        readings = (Reading(record, placed=False),)
        self._intake.store(Delivery(self._serial, FAMILY, readings=readings))

    def _cover(self, spans: tuple[Span, ...]) -> None:
        for span in spans:
            parcel = Delivery(self._serial, FAMILY, up_since=self._dated(span.since))
            up = {"read_at": self._dated(span.through), "count": span.count}
            self._intake.store(msgspec.structs.replace(parcel, **up))

    def _dated(self, up: int) -> int:
        """A moment that the camera tells (CLOCK_BOOTTIME seconds) in UTC; never in the future."""
        return min(up + ahead(self._clock), int(self._clock.wall()))
