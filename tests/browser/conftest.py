"""One Chromium and one kiosk for a file's tests; pictures of every state in .hadir/screens."""

from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from bench.screen import CHROMIUM, MISSING, Film, Stage, launched
from bench.scripted import SEES, SENT
from terminal_agent.door.words import Face, Told
from tests.browser.centre import centre, signed_in

ROOT = Path(__file__).parents[2]
__all__ = ["centre", "signed_in"]  # fixtures for every file here

SCREENS = ROOT / ".hadir/screens"
PORTRAITS = ROOT / "simulators/portraits"


@pytest.fixture(scope="module")
def chromium():
    if not CHROMIUM.exists():
        pytest.skip(MISSING)
    with sync_playwright() as playwright:
        browser = launched(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    with Stage(tmp_path_factory.mktemp("k")) as running:
        frames = (PORTRAITS / "hopper.jpg").read_bytes()
        with Film(running.picture, frames):
            yield running


class Seen:
    """A page that was opened, and whatever it complained about."""

    def __init__(self, page, stage):
        self.page = page
        self.stage = stage
        self.complaints = []
        page.on("console", lambda said: self.complaints.append(f"{said.type}: {said.text}"))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def open(self, query="?theme=day", size=(1024, 600)):
        self.page.set_viewport_size({"width": size[0], "height": size[1]})
        self.page.goto(self.stage.address + "/" + query)
        self.page.wait_for_selector("body:not(.start)")
        return self.page

    def picture(self, name):
        SCREENS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENS / f"{name}.png")


@pytest.fixture
def seen(chromium, stage):
    """A fresh page; at the end nobody is before the camera and the page has complained of nothing."""
    context = chromium.new_context()
    seen = Seen(context.new_page(), stage)
    stage.agent.asked.clear()
    stage.agent.answer = lambda asked: Told(asked.ask, ok=True)
    yield seen
    context.close()
    stage.agent.say(*(Face("idle", track) for track in range(9)), SENT, SEES)
    assert seen.complaints == []
