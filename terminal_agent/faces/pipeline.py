"""From a frame to words: detector, tracks, mesh and quality, then each face's own visit.

In a frame the detector runs once, the mesh on up to four faces, the recogniser on a face's best three
frames of five together, later every other second; the eyes are looked at only while a blink is asked.
"""

from collections.abc import Callable, Sequence

from terminal_agent.door.words import Face, Word
from terminal_agent.faces import glances, tracks
from terminal_agent.faces.face import Floats, Image
from terminal_agent.faces.glances import Moment
from terminal_agent.faces.hall import Hall, Policy
from terminal_agent.faces.match import Roster
from terminal_agent.faces.models import Models
from terminal_agent.faces.prompt import Prompt
from terminal_agent.faces.tracks import Track, Tracks
from terminal_agent.faces.visit import Visit


class Pipeline:
    """One camera's. Not for several threads at once.

    `chance` gives 0 <= c < 1. Numbers (`ask`) of words are 0: who sends them numbers them.
    """

    def __init__(
        self, models: Models, roster: Roster, policy: Policy, chance: Callable[[], float]
    ) -> None:
        self._models = models
        self._hall = Hall(models.embedder.embed, roster, policy, chance)
        self._tracks = Tracks()
        self._visits: dict[int, Visit] = {}
        self._crowd = Prompt()

    @property
    def watching(self) -> bool:
        """Whether a face is followed: then every frame counts, whether or not something moves."""
        return bool(self._tracks.all)

    def replace(self, roster: Roster, gallery: int, now: float) -> list[Word]:
        """Match with another roster, whose version is `gallery`, from now on."""
        self._hall.replace(roster, gallery)
        waiting = [visit for visit in self._visits.values() if not visit.dealt_with]
        return [word for visit in waiting for word in visit.again(now)]

    def expect(self, pin: str, now: float) -> list[Word]:
        """Somebody typed who they are: for some seconds the nearest face is compared with them."""
        self._hall.expect(pin, now)
        nearest = self._visits.get(self._tracks.present[0]) if self._tracks.present else None
        return nearest.claimed(pin, now) if nearest else []

    def seen_between(self, start: int, end: int) -> list[Floats]:
        """The embeddings, (n, size) each, of every face seen from `start` to `end` (CLOCK_BOOTTIME
        seconds, both included) of the last 15 seconds."""
        return self._hall.seen_between(start, end)

    def step(self, image: Image | None, now: float, up: int) -> list[Word]:
        """What a frame tells, taken at `now` (monotonic seconds) and `up` (CLOCK_BOOTTIME seconds);
        None: time went on without one worth looking at."""
        boxes = self._models.detector.find(image) if image is not None else []
        self._tracks = tracks.followed(self._tracks, boxes, now, up)
        words = [word for number in self._tracks.ended for word in self._ended(number, now)]
        if image is not None:
            words += self._crowded(now)
            for place, number in enumerate(self._tracks.present):
                track = self._tracks.of(number)
                words += self._seen(image, track, up, nearest=place == 0)
        return words

    def _seen(self, image: Image, track: Track, up: int, *, nearest: bool) -> list[Word]:
        number = track.number
        if number not in self._visits:
            self._visits[number] = Visit(self._hall, number, track.t, track.since)
        visit, moment = self._visits[number], Moment(track.at, up)
        glance = glances.glance(self._models, image, track.box, moment, eyes=visit.blink_asked)
        return visit.seen(glance, glances.across(track.box, image), track.at, nearest)

    def _ended(self, number: int, now: float) -> list[Word]:
        visit = self._visits.pop(number, None)
        return [*visit.gone(now), Face("idle", number)] if visit else []

    def _crowded(self, now: float) -> Sequence[Word]:
        return self._crowd.told(Face("crowd" if self._tracks.crowd else "idle", 0), now)
