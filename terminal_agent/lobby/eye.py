"""The kiosk's own camera as a source: what its process says becomes events of the journal."""

import threading

import msgspec

from contract.event import (
    Challenge,
    Copresence,
    Enrolment,
    Gallery,
    Record,
    Scan,
    canonical,
    read,
)
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
from terminal_agent.lobby import cards, watched
from terminal_agent.lobby.crier import Crier, ahead
from terminal_agent.lobby.lately import Lately
from terminal_agent.lobby.watched import Span
from terminal_agent.staff import Staff

FAMILY = "camera"
_GALLERY = 0  # the device of an Enrolment record: the kiosk's own gallery
_JUST_NOW = 60.0  # seconds that a recognised face may vouch for a colleague, or open its own list


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
        ago = self._clock.wall() - t  # more than moments where the agent was away
        with self._turn:
            self._recognised[word.pin] = (self._clock.monotonic() - ago, word.verify)
            before = self._lately.before(self._serial, word.pin, t)
            if before is None:
                face = (word.score, word.liveness, word.gallery)
                scan = Scan(0, word.pin, t, False, 0, word.verify, 0, 0, "camera", *face)
                self._store(scan)
                self._lately.keep(self._serial, word.pin, t)
                self._span = watched.scanned(self._span)
        if before is not None and ago <= cards.FRESH:
            self._crier.again(word.pin, before, word.verify)

    def _unmet(self, word: Unmet) -> None:
        """A challenge that did not end in a scan."""
        t = self._dated(word.t)
        ended = (word.asked, word.outcome, word.pin, word.score, word.gallery)
        self._store(Challenge(0, t, *ended))

    def _watched(self, word: Watched) -> None:
        """The camera was up. Nothing before this boot counts, and nothing while nobody vouches for
        the clock: such a word may come from before somebody set it."""
        look = self._clock.look()
        with self._turn:
            if self._intake.remembered(self._serial) is None:
                self._intake.store(Delivery(self._serial, FAMILY))
            since = max(self._dated(word.since), look.wall - look.up)
            through = self._dated(word.through)
            if not look.trust or since > through:
                self._span = None
                return
            worth = watched.more(self._span, since, through)
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

    def recognised(self, pin: str) -> int | None:
        """The verify code by which this person's face was recognised within the last minute."""
        at, verify = self._recognised.get(pin, (0.0, 0))
        return verify if verify and self._clock.monotonic() - at <= _JUST_NOW else None

    def _store(self, record: Record) -> None:
        readings = (Reading(record, placed=False),)
        self._intake.store(Delivery(self._serial, FAMILY, readings=readings))

    def _cover(self, spans: tuple[Span, ...]) -> None:
        for span in spans:
            parcel = Delivery(self._serial, FAMILY, up_since=span.since)
            up = {"read_at": span.through, "count": span.count}
            self._intake.store(msgspec.structs.replace(parcel, **up))

    def _dated(self, t: int) -> int:
        """A stamp of the camera's process as the kiosk's clock has it; never in the future."""
        return min(t + ahead(self._clock), int(self._clock.wall()))
