"""The room behind the agent's door: camera, screen and commands come in, and each is heard.

It is kept running like a source. A kiosk whose socket cannot be there goes on reading its devices.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import msgspec

from contract.invitation import Invitation
from terminal_agent.clock import Clock
from terminal_agent.config import Config
from terminal_agent.door import words
from terminal_agent.door.server import Doorway
from terminal_agent.door.words import (
    Compared,
    Enrolled,
    Expect,
    Face,
    FingerWish,
    FromAgent,
    FromClient,
    Lend,
    MadeGallery,
    Mine,
    Pushed,
    Regallery,
    Role,
    Seen,
    Sight,
    Told,
    Typed,
    Unmet,
    Vouched,
    Watched,
)
from terminal_agent.errors import SourceUnavailable
from terminal_agent.intake import Intake
from terminal_agent.journal import Journal
from terminal_agent.lately import Lately
from terminal_agent.lobby.board import Board
from terminal_agent.lobby.counter import Counter, Refused
from terminal_agent.lobby.crier import Crier
from terminal_agent.lobby.eye import Eye, Room
from terminal_agent.lobby.fingers import FingerDesk
from terminal_agent.lobby.lending import Lending
from terminal_agent.lobby.sounds import Sounds
from terminal_agent.staff import Staff

log = logging.getLogger(__name__)

# What each may say; a screen that says Seen is no screen.
MAY: dict[Role, tuple[type[words.Word], ...]] = {
    "camera": (Seen, Unmet, Watched, Compared, MadeGallery, Enrolled, Face, Sight),
    "screen": (Typed, Vouched, Mine),
    "command": (Enrolled, Lend, Pushed, FingerWish),
}


class Home(msgspec.Struct, frozen=True):
    """The kiosk that the lobby belongs to. `alerts`: what a technician should look at, by part.
    `intakes`: the sources whose terminals a command may borrow."""

    config: Config
    invited: Invitation
    journal: Journal
    clock: Clock
    alerts: dict[str, str]
    intakes: Mapping[str, Intake] = {}


class Lobby:
    """`intake` is the door's own; `sent` tells the newest seq of the current epoch that has left."""

    name = "door"

    def __init__(self, home: Home, intake: Intake, sent: Callable[[], int]) -> None:
        config, self._home = home.config, home
        staff = Staff.load(Path(config.kiosk.state))
        self.sounds = Sounds(audible=config.screen.sound)
        self.crier = Crier(home.journal, home.clock, staff, self.sounds, self.tell)
        self.fingers = FingerDesk(self.tell)
        intake.listener = self.crier
        lately = Lately(home.clock, home.journal.past, config.camera.again_minutes * 60)
        room = Room(intake, home.journal, self.crier, staff, lately)
        fitted = bool(config.camera.source)
        self._board = Board(home.journal, home.clock, home.alerts, fitted=fitted)
        self._eye = Eye(room)
        self._counter = Counter(room, self._eye, home.invited.mac_key, sent, home.invited.earlier)
        self._lending = Lending(home.intakes, home.journal, home.clock)
        self._doorway: Doorway | None = None

    def run(self, intake: Intake) -> None:
        """Let camera and screen in until the agent stops. Raises SourceMisconfigured."""
        path = Path(self._home.config.kiosk.socket)
        self._doorway = Doorway(path, self._hear, self._greet, self._left)
        intake.tell("")
        self._doorway.run(lambda: intake.wait(0))

    def tell(self, word: FromAgent, *roles: Role) -> None:
        """News for whoever of these roles is there; any thread, and it never waits."""
        if self._doorway is not None:
            self._doorway.tell(word, *roles)

    def enrolled(self, pin: str, change: str, digest: str) -> None:
        """A template changed, by whatever way: it is noted, and the camera makes its gallery anew."""
        self._eye.enrolled(pin, change, digest)
        self.tell(Regallery(), "camera")

    def look(self, online: Callable[[], bool]) -> None:
        """Once a second: what the screen shows of link and clock, where it changed; whether the
        camera is there."""
        there = self._has_camera() and not self._board.hangs()
        if not there and self._board.sight.up:
            self._see(Sight(up=False, code="camera_away"))
        self._board.camera(there=there)
        if self._doorway is None or not self._doorway.count("screen"):
            return
        standing = self._board.news(online)
        if standing is not None:
            self.tell(standing, "screen")

    def _has_camera(self) -> bool:
        return self._doorway is not None and self._doorway.count("camera") > 0

    def _greet(self, role: Role) -> Iterable[FromAgent]:
        if role != "screen":
            return ()
        self._board.anew()  # the next look tells the newcomer, and everybody
        return (self._board.sight,)

    def _left(self, role: Role) -> None:
        if role == "camera" and not self._has_camera():
            self._eye.away()
            self._see(Sight(up=False, code="camera_away"))

    def _hear(self, role: Role, word: FromClient) -> Told | None:
        if not isinstance(word, MAY[role]):
            log.warning("door.refused role=%s said=%s", role, type(word).__name__)
            return Told(getattr(word, "ask", 0), ok=False, code="malformed")
        try:
            if isinstance(word, Lend):
                return self._lending.lend(word)
            if isinstance(word, Pushed):
                return self._lending.pushed(word)
            if isinstance(word, FingerWish):
                return self.fingers.hear(word)
            return self._at_the_counter(word) if role == "screen" else self._from_the_camera(word)
        except SourceUnavailable as problem:  # the disk is full: nothing is promised
            return Told(getattr(word, "ask", 0), ok=False, code=problem.code)

    def _from_the_camera(self, word: FromClient) -> Told | None:
        self._board.heard()
        match word:
            case Face():
                self.crier.face(word)
                return None
            case Sight():
                self._see(word)
                return None
            case Enrolled():
                self.enrolled(word.pin, word.change, word.digest)
                return Told(word.ask, ok=True)
            case _:
                return self._eye.hear(word)

    def _see(self, sight: Sight) -> None:
        self._board.sight = sight
        self.tell(sight, "screen")

    def _at_the_counter(self, word: FromClient) -> Told | None:
        match word:
            case Typed(secret=""):
                return self._expect(word)
            case Typed():
                return self._counter.typed(word)
            case Vouched():
                return self._counter.vouched(word)
            case Mine():
                return self._counter.mine(word)
            case _:
                return None

    def _expect(self, word: Typed) -> Told:
        try:
            pin = self._counter.expected(word)
        except Refused as why:
            return Told(word.ask, ok=False, code=why.args[0])
        if not self._has_camera() or not self._board.sight.up:
            return Told(word.ask, ok=False, code="no_camera")
        self.tell(Expect(pin), "camera")
        return Told(word.ask, ok=True)
