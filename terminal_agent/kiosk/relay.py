"""What the agent says, kept and handed on to every page that is open."""

import asyncio
import logging
import threading
from collections.abc import Callable

import msgspec

from terminal_agent.door.client import Door, Question
from terminal_agent.door.words import Card, Face, FromAgent, Sight, Standing, Told
from terminal_agent.errors import SourceUnavailable

_log = logging.getLogger(__name__)
_AGAIN_S = 0.5  # between two tries to reach the agent; it starts within seconds
_LISTEN_S = 1.0
_MOST_BEHIND = 256  # words; a page that is further behind starts anew with the whole state
TAIL, TAIL_S = 5, 600  # names beside the picture, and for how many seconds


class Present(msgspec.Struct, frozen=True):
    """Everything that a page has to know when it opens. `here`: the agent answers."""

    here: bool = False
    standing: Standing | None = None
    sight: Sight | None = None
    faces: tuple[Face, ...] = ()
    tail: tuple[Card, ...] = ()
    ahead: float = 0.0


class Changed(msgspec.Struct, frozen=True):
    """The agent came or went."""

    here: bool


News = Card | Face | Sight | Standing | Changed
Page = asyncio.Queue[News | None]  # None: it is too far behind, or the server ends


class Relay:
    """One connection to the agent, any number of pages. `wall` reads UTC seconds; `beat` is called
    at least every 15 s."""

    def __init__(
        self, door: Door, wall: Callable[[], float], beat: Callable[[], None] = lambda: None
    ) -> None:
        self._beat = beat
        self._door = door
        self._wall = wall
        self._loop: asyncio.AbstractEventLoop | None = None
        self._pages: set[Page] = set()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="relay", daemon=True)
        self.present = Present()

    def start(self) -> None:
        """Follow the agent from now on, and tell the pages of the running event loop."""
        self._loop = asyncio.get_running_loop()
        self._thread.start()

    def stop(self) -> None:
        """Hang up and send every page away."""
        self._stop.set()
        self._door.close()
        self._thread.join(_LISTEN_S * 5)
        for page in self._pages:
            page.put_nowait(None)

    def open(self) -> Page:
        """A queue of everything that the agent says from now on."""
        page: Page = asyncio.Queue()
        self._pages.add(page)
        return page

    def leave(self, page: Page) -> None:
        """Nobody reads this queue any more."""
        self._pages.discard(page)

    def now(self) -> float:
        """UTC seconds by the agent's clock, as far as it told; otherwise by the system's."""
        return self._wall() + self.present.ahead

    def tail(self) -> tuple[Card, ...]:
        """The last few who were recorded, newest first; names do not stay on the screen for long."""
        since = self.now() - TAIL_S
        return tuple(card for card in self.present.tail if card.t >= since)

    def ask(self, question: Question) -> Told:
        """The agent's answer; blocks for seconds. Raises SourceUnavailable."""
        return self._door.ask(question)

    def _follow(self) -> None:
        while not self._stop.is_set():
            self._beat()
            try:
                self._door.connect()
                self._hand_on(Changed(here=True))
                self._listen()
            except SourceUnavailable as problem:
                _log.info("agent.away reason=%s", problem)
                self._hand_on(Changed(here=False))
                self._stop.wait(_AGAIN_S)

    def _listen(self) -> None:
        while not self._stop.is_set():
            self._beat()
            for word in self._door.words(_LISTEN_S):
                self._hand_on(word)

    def _hand_on(self, word: FromAgent | Changed) -> None:
        if isinstance(word, News) and self._loop is not None and not self._stop.is_set():
            self._loop.call_soon_threadsafe(self._publish, word)

    def _publish(self, news: News) -> None:
        if isinstance(news, Changed) and news.here == self.present.here:
            return
        self.present = after(self.present, news, self._wall())
        for page in tuple(self._pages):
            if page.qsize() > _MOST_BEHIND:
                self._pages.discard(page)
                page.put_nowait(None)
            else:
                page.put_nowait(news)


def after(present: Present, news: News, wall: float) -> Present:
    """What is known after these news; `wall` is UTC seconds of the system's clock."""
    change = msgspec.structs.replace
    match news:
        case Changed(here=here):
            # Whoever was before the camera may have gone; of who still stands there the camera says
            # so again within seconds.
            return Present(here=here, tail=present.tail, ahead=present.ahead)
        case Standing():
            ahead = news.now - int(wall) if news.now else 0
            # The system's own clock is the better one as long as both agree on the second.
            return change(present, standing=news, ahead=float(ahead if abs(ahead) > 1 else 0))
        case Sight():
            return change(present, sight=news, faces=present.faces if news.up else ())
        case Face():
            return change(present, faces=_with_face(present.faces, news))
        case Card():
            rest = _without(present.faces, news.track) if news.track else present.faces
            return change(present, faces=rest, tail=_with_card(present.tail, news))


def _without(faces: tuple[Face, ...], track: int) -> tuple[Face, ...]:
    return tuple(face for face in faces if face.track != track)


def _with_face(faces: tuple[Face, ...], news: Face) -> tuple[Face, ...]:
    others = _without(faces, news.track)
    return others if news.progress == "idle" else (*others, news)[-8:]


def _with_card(tail: tuple[Card, ...], news: Card) -> tuple[Card, ...]:
    if news.state in ("checking", "unknown"):
        return tail
    others = tuple(card for card in tail if card.pin != news.pin)
    return (news, *others)[:TAIL]
