"""What does not end while a page is open: the news (server-sent events) and the camera's picture."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec

from terminal_agent.door.words import Card, Face, Sight, Standing
from terminal_agent.kiosk import moment, shown
from terminal_agent.kiosk.place import Place
from terminal_agent.kiosk.relay import Changed, News, Page, Relay
from terminal_agent.kiosk.speech import Speech

_BEAT_S = 5.0  # the page calls a server away that says nothing for three of them
_FRAME_S = 0.1
_MOST_JPEG = 1_000_000
BOUNDARY = "hadir-frame"


class Clock(msgspec.Struct, frozen=True):
    """The kiosk's time, ready to be shown. `theme`: day or night."""

    time: str
    date: str
    theme: str


class Tailed(msgspec.Struct, frozen=True):
    """One of those who were just recorded."""

    name: str
    at: str
    look: str
    shape: str


class Whole(msgspec.Struct, frozen=True):
    """All that a page shows, at the start and whenever the agent came or went. `build` changes with
    the page's own files."""

    build: str
    here: bool
    clock: Clock
    line: shown.ShownLine
    rest: shown.State
    light: str
    preview: bool
    faces: list[shown.ShownFace]
    tail: list[Tailed]


class Resting(msgspec.Struct, frozen=True):
    """What the screen says while nobody is before it."""

    rest: shown.State
    light: str
    preview: bool


class Carded(msgspec.Struct, frozen=True):
    """A card, and the list beside the picture after it."""

    card: shown.ShownCard
    tail: list[Tailed]


class Telling:
    """The news of one relay in the words of one page."""

    def __init__(self, relay: Relay, place: Place, speech: Speech, build: str) -> None:
        self._relay = relay
        self._place = place
        self._speech = speech
        self._build = build

    async def events(self) -> AsyncIterator[bytes]:
        """The whole state, then every change, and the time every few seconds."""
        page = self._relay.open()
        try:
            yield b"retry: 1000\n" + _event("whole", self._whole())
            async for news in _listening(page):
                yield self._clocked() if news is None else self._told(news)
        finally:
            self._relay.leave(page)

    def _told(self, news: News) -> bytes:
        place, speech = self._place, self._speech
        match news:
            case Changed():
                return _event("whole", self._whole())
            case Standing():
                line = _event("line", shown.line(news, place, speech))
                return line + self._rested() + self._clocked()
            case Sight():
                return self._rested()
            case Face():
                return _event("face", shown.face(news, place, speech))
            case Card():
                card = shown.card(news, self._relay.now(), place, speech)
                return _event("card", Carded(card, self._tail()))

    def _whole(self) -> Whole:
        present = self._relay.present
        rest, light, preview = self._resting()
        return Whole(
            build=self._build,
            here=present.here,
            clock=self._clock(),
            line=shown.line(present.standing, self._place, self._speech),
            rest=rest,
            light=light,
            preview=preview,
            faces=[shown.face(one, self._place, self._speech) for one in present.faces],
            tail=self._tail(),
        )

    def _rested(self) -> bytes:
        return _event("rest", Resting(*self._resting()))

    def _resting(self) -> tuple[shown.State, str, bool]:
        sight, standing = self._relay.present.sight, self._relay.present.standing
        alarmed = standing is not None and "camera" in standing.alerts
        full = standing is not None and "storage" in standing.alerts
        rest = shown.rest(sight, self._place, self._speech, alarmed=alarmed, full=full)
        return rest, sight.light if sight and sight.up else "ok", bool(sight and sight.up)

    def _clocked(self) -> bytes:
        return _event("clock", self._clock())

    def _clock(self) -> Clock:
        now, east = self._relay.now(), self._place.east
        time, date = moment.clock(now, east), moment.date(now, east, self._speech)
        return Clock(time, date, moment.theme(now, east))

    def _tail(self) -> list[Tailed]:
        now = self._relay.now()
        cards = (shown.card(one, now, self._place, self._speech) for one in self._relay.tail())
        return [Tailed(card.name, card.at, card.look, card.shape) for card in cards]


async def _listening(page: Page) -> AsyncIterator[News | None]:
    """Each piece of news; None after a silence. Ends where the page is sent away."""
    while True:
        try:
            news = await asyncio.wait_for(page.get(), _BEAT_S)
        except TimeoutError:
            yield None
            continue
        if news is None:
            return
        yield news


def _event(name: str, data: msgspec.Struct) -> bytes:
    # JSON has no line breaks of its own, so one "data:" line holds it.
    return b"event: " + name.encode() + b"\ndata: " + msgspec.json.encode(data) + b"\n\n"


async def preview(file: Path) -> AsyncIterator[bytes]:
    """The camera's newest picture whenever there is another one, at most ten a second.

    A browser shows a part when the next boundary is there, so each part ends with it.
    """
    yield f"--{BOUNDARY}\r\n".encode()
    last = 0
    while True:
        made, picture = _picture(file, last)
        if picture:
            last = made
            head = f"Content-Type: image/jpeg\r\nContent-Length: {len(picture)}\r\n\r\n"
            yield head.encode() + picture + f"\r\n--{BOUNDARY}\r\n".encode()
        await asyncio.sleep(_FRAME_S)


def _picture(file: Path, last: int) -> tuple[int, bytes]:
    """When the file was made (ns) and its bytes; none where it is the last one, or not there. It lies
    in memory and is replaced as a whole, so this neither waits nor sees half of one."""
    try:
        about = file.stat()
        if about.st_mtime_ns == last or about.st_size > _MOST_JPEG:
            return last, b""
        return about.st_mtime_ns, file.read_bytes()
    except OSError:
        return last, b""
