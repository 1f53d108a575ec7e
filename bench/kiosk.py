"""How soon the kiosk's screen shows what the agent says, and how long fifty people stand before it.

From the agent's line on the Unix socket, through `terminal-agent kiosk`, to Chromium's second
animation frame after the card is in the page, with the camera's picture running. In the queue each
person comes as soon as the one before is shown; the peer is our own page, one result at a time, as
confirmation screens do it: each person waits until the card before has left.
"""

import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from playwright.sync_api import Page, sync_playwright

from bench.report import Figure, figure, say
from bench.screen import Film, Stage, launched
from terminal_agent.door.words import Card

USED = ("hadir", "starlette", "uvicorn", "playwright")
_PORTRAIT = Path(__file__).parent.parent / "simulators/portraits/hopper.jpg"
_QUEUE = 50
_BLOCKING = "our own page, one result at a time"

# Date.now() two animation frames after a person's card came into the page: then it is painted.
_WATCH = """() => {
  window.painted = {};
  const seen = new Set();
  new MutationObserver(() => {
    for (const one of document.querySelectorAll('#cards .hello')) {
      const name = one.textContent.split(' ').pop();
      if (seen.has(name)) continue;
      seen.add(name);
      requestAnimationFrame(() => requestAnimationFrame(() => { painted[name] = Date.now(); }));
    }
  }).observe(document.getElementById('cards'), { childList: true });
}"""


class Sizes(msgspec.Struct, frozen=True):
    """Events whose way to the screen is measured, and people of the peer's queue (it is scaled)."""

    events: int
    peer: int


FULL = Sizes(events=200, peer=10)
QUICK = Sizes(events=40, peer=3)


def measure(quick: bool) -> dict[str, Figure]:
    """The figures of `bench kiosk`."""
    sizes = QUICK if quick else FULL
    with _screen() as (stage, page):
        say(f"kiosk: {sizes.events} events to the painted screen")
        took = [_painted(stage, page, f"E{no}", 0.05) * 1000 for no in range(sizes.events)]
        say(f"kiosk: a queue of {_QUEUE}")
        ours = _queue(stage, page, "Q", _QUEUE, blocking=False)
        say(f"kiosk: {sizes.peer} people, one result at a time")
        peer = _queue(stage, page, "P", sizes.peer, blocking=True) * _QUEUE / sizes.peer
    median = statistics.median(took)
    say(
        f"kiosk: 95 % within {statistics.quantiles(took, n=20)[-1]:.0f} ms, most {max(took):.0f} ms"
    )
    return {
        "event_to_paint_ms": Figure(median, "ms").judged("<= 100 ms", median <= 100),
        "queue_50_seconds": figure("s", _BLOCKING, ours, peer),
    }


@contextmanager
def _screen() -> Iterator[tuple[Stage, Page]]:
    with (
        tempfile.TemporaryDirectory() as folder,
        Stage(Path(folder)) as stage,
        Film(stage.picture, _PORTRAIT.read_bytes()),
        sync_playwright() as playwright,
    ):
        browser = launched(playwright)
        page = browser.new_page(viewport={"width": 1024, "height": 600})
        page.goto(stage.address)
        page.wait_for_selector("body:not(.start)")
        page.evaluate(_WATCH)
        yield stage, page
        browser.close()


def _painted(stage: Stage, page: Page, name: str, pause: float) -> float:
    """Seconds from the agent's line to the painted card of this person; then a pause."""
    began = time.time()
    stage.agent.say(Card("recorded", int(began), name, name, way="face", planned=True))
    page.wait_for_function("(name) => name in painted", arg=name, polling=20)
    at = page.evaluate("(name) => painted[name]", name)
    time.sleep(pause)
    return at / 1000 - began


def _queue(stage: Stage, page: Page, mark: str, people: int, *, blocking: bool) -> float:
    """Seconds until the last one is shown."""
    page.wait_for_selector("#cards li", state="detached")
    began = time.perf_counter()
    for no in range(people):
        _painted(stage, page, f"{mark}{no}", 0)
        if blocking:
            page.wait_for_selector("#cards li", state="detached")
    return time.perf_counter() - began
