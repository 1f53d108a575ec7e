"""The agent's part of an update: fetch what the centre orders, ask the keeper for it, and say how the
kiosk is; what became of it is told to the centre and to whoever stands before the kiosk."""

import logging
import math
import ssl
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import msgspec

from contract import release
from contract.command import Update
from contract.invitation import Invitation
from terminal_agent import enrolment, line
from terminal_agent.config import Config
from terminal_agent.errors import SourceMisconfigured, SourceUnavailable
from terminal_agent.journal import Journal
from terminal_agent.releases import fetching, told
from terminal_agent.releases import place as places
from terminal_agent.releases.fetching import Door
from terminal_agent.releases.gathered import Shelf
from terminal_agent.releases.place import Place
from terminal_agent.releases.proving import WINDOW
from terminal_agent.releases.told import Outcome, Trial, Wish, Word
from terminal_agent.timetable import Timetable
from terminal_agent.usage import Meter

log = logging.getLogger(__name__)

_PIECES = {"metered": 128 * 1024}  # what a broken link has on the way is paid for
RATES = {"metered": 8_000, "normal": 125_000, "live": 250_000}  # bytes a second at most
_HOUR = 3_600
_SOON, _LATE, _TURN = 60.0, 3_600.0, 5.0
_OPEN = WINDOW + 300.0  # seconds for which the link stays on: a card is slow to lay a release out
_KEEPER = 2 * WINDOW  # seconds after which nobody answers a wish any more
QUIET = 600.0  # seconds without a scan

Fate = tuple[Literal["done", "failed", "refused"], str]


class Home(msgspec.Struct, frozen=True):
    """The kiosk that is to be updated. `heard`: whether a receipt has come over the link since the agent
    began; `place` None: it runs from no release's folder."""

    config: Config
    invited: Invitation
    journal: Journal
    timetable: Timetable
    meter: Meter
    heard: Callable[[], bool]
    place: Place | None


class Updates:
    """`tell`: the alert's code, "" = none."""

    def __init__(self, home: Home, tell: Callable[[str], None]) -> None:
        self._home, self._tell, self._clock = home, tell, home.timetable.clock
        self._shelf = Shelf(Path(home.config.kiosk.state))
        self._rate = RATES[home.config.kiosk.link]
        self._asked: tuple[int, Update] | None = None
        self._complete, self._online = "", False
        self._failed: dict[int, Fate] = {}
        self._wished_at = math.inf
        word = told.read(self._shelf.folder / told.WORD, Word)
        self._heard_at = word.heard_at if word else 0
        self._said: Word | None = None
        self._scans: tuple[int, float] = (0, 0.0)
        self._stop = threading.Event()

    def ask(self, counter: int, order: Update) -> Fate | None:
        """Install a release; None while it goes on. Any thread."""
        place = self._home.place
        if place is None:
            return "refused", "not_a_release"
        if not self._home.invited.door:
            return "refused", "release_no_door"
        if self._home.timetable.longest() < _OPEN:
            return "refused", "release_window"
        if not _fitting(order):
            return "refused", f"release_arch: {places.arch()}"
        if fate := self.fate(counter):
            return fate
        if release.digest(place.manifest(place.points("keeper"))) == _fitting(order):
            return "done", place.points("keeper")
        if self._asked is None or counter >= self._asked[0]:
            self._asked = (counter, order)
            return None
        return "refused", "release_superseded"

    def fate(self, counter: int) -> Fate | None:
        """What became of an order; None while it goes on."""
        if counter in self._failed:
            return self._failed[counter]
        if self._asked and counter < self._asked[0]:
            return "refused", "release_superseded"
        outcome = self._outcome()
        if outcome is None or counter not in (outcome.no, outcome.tried):
            return None
        if outcome.did == "installed":
            return "done", outcome.version
        return "failed", f"{outcome.reason}: {outcome.detail or outcome.version}"

    def look(self, online: Callable[[], bool]) -> None:
        """Each second: say how the kiosk is, where that changed. `online`: whether the centre takes
        what is sent."""
        place, now = self._home.place, int(self._clock.wall())
        if place is None:
            return
        self._online = online()
        is_later = self._online and not 0 <= now - self._heard_at < _HOUR
        first = self._said is None or self._home.heard() != self._said.heard
        if first or is_later:
            self._speak(place, now)
            outcome = self._outcome()
            is_back = outcome is not None and outcome.did == "rolled_back"
            self._tell("update_rolled_back" if is_back else "")

    def _speak(self, place: Place, now: int) -> None:
        if self._home.heard():
            self._heard_at = now
        closes = self._home.timetable.closes_in()
        until = 0 if closes == math.inf else now + int(closes) if closes else 1
        self._said = Word(place.version, self._home.heard(), self._heard_at, until)
        try:
            told.write(self._shelf.folder / told.WORD, self._said, 0o600)
        except OSError as problem:  # a full disk ends no agent
            log.warning("update.word_not_kept %s", problem)

    def run(self, stop: threading.Event) -> None:
        """Bring what is asked, until the agent stops. What fails is tried again, later and later."""
        self._stop, wait, again = stop, _TURN, _SOON
        while not stop.wait(wait):
            wait, asked = _TURN, self._asked
            if asked is None or self._home.place is None:
                continue
            try:
                self._step(asked, self._home.place)
                again = _SOON
            except SourceUnavailable as problem:
                log.warning("update.waits code=%s %s", problem.code, problem)
                wait, again = again, min(_LATE, 2 * again)
            except SourceMisconfigured as problem:
                self._give_up(asked[0], f"{problem.code}: {problem}")
            except OSError as problem:
                self._give_up(asked[0], f"release_disk: {problem.strerror}")

    def _step(self, asked: tuple[int, Update], place: Place) -> None:
        """One step of an order. Raises SourceUnavailable, SourceMisconfigured and OSError."""
        counter, order = asked
        if self.fate(counter):
            self._asked, self._wished_at, self._complete = None, math.inf, ""
            return
        wish = told.read(self._shelf.folder / told.WISH, Wish)
        trial = told.read(place.kept / told.TRIAL, Trial)
        if (wish and wish.no == counter) or trial:
            self._await_keeper(counter)
            return
        digest = _fitting(order)
        if self._complete != digest:
            door = self._door(order)
            fetching.begin(door, digest, place, self._shelf)
            lacking = fetching.lacking(place, self._shelf)
            self._check_quota(sum(one.packed - self._shelf.begun(one) for one in lacking))
            fetching.fetch(door, self._shelf, lacking)
            self._complete = digest
        if self._quiet() and self._is_provable():
            self._wish(counter, order, place)

    def _wish(self, counter: int, order: Update, place: Place) -> None:
        """Ask the keeper for what is complete. Raises OSError."""
        self._speak(place, int(self._clock.wall()))
        self._wished_at = self._clock.monotonic()
        told.write(self._shelf.folder / told.WISH, Wish(counter, "install", _fitting(order)), 0o600)
        log.warning("update.wished release=%d version=%s", order.release, order.version)

    def _is_provable(self) -> bool:
        """What the new one is proven by is there, and stays: a receipt comes over an open link."""
        return self._online and self._home.timetable.closes_in() >= _OPEN

    def _quiet(self) -> bool:
        """Nobody has scanned for ten minutes: a switch takes the camera away for a moment."""
        newest, now = self._home.journal.standing().urgent, self._clock.monotonic()
        if newest != self._scans[0] or not self._scans[1]:
            self._scans = (newest, now)
        return now - self._scans[1] >= QUIET

    def _await_keeper(self, counter: int) -> None:
        now = self._clock.monotonic()
        self._wished_at = min(self._wished_at, now)
        if now - self._wished_at > _KEEPER:
            self._give_up(counter, "release_no_keeper")

    def _give_up(self, counter: int, detail: str) -> None:
        log.error("update.failed %s", detail)
        self._failed[counter] = ("failed", detail)
        self._asked, self._wished_at, self._complete = None, math.inf, ""

    def _door(self, order: Update) -> Door:
        home = self._home

        def trust() -> ssl.SSLContext:
            return enrolment.trusting(home.invited.ca, dated=line.dated(self._clock))

        piece = _PIECES.get(home.config.kiosk.link, fetching.PIECE)
        return Door(order.where or home.invited.door, trust, self._carried, piece)

    def _carried(self, count: int) -> None:
        """Counted, and slowed down. Raises SourceUnavailable where the link is left alone."""
        home = self._home
        home.meter.add(count)
        if self._stop.wait(count / self._rate) or home.timetable.opens_in() > 0:
            raise SourceUnavailable("release_pause", "the link is off")

    def _check_quota(self, needed: int) -> None:
        """Attendance comes first: an update takes at most half of what is left."""
        left = self._home.meter.left()
        if left is not None and needed > left // 2:
            raise SourceUnavailable("release_quota", f"{needed} bytes of {left}")

    def _outcome(self) -> Outcome | None:
        place = self._home.place
        return told.read(place.kept / told.OUTCOME, Outcome) if place else None


def _fitting(order: Update) -> str:
    """The digest of what fits this machine; "" where nothing does."""
    return dict(order.files).get(places.arch(), "")
