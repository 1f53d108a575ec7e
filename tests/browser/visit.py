"""What a test does with a page of the centre: press what leads on, see that it fits, photograph it."""

from tests.browser import walk
from tests.browser.conftest import SCREENS


def press(page, what):
    """Press what leads to another page, and be there: on a busy machine a click alone is over before
    the form has been sent, and the next step would overtake it."""
    with page.expect_navigation():
        page.click(what)


def enter(page):
    """The same, by keyboard."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def fits(page):
    """Nothing reaches out of the window, and nothing that walk.FAULTS looks for is there."""
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    assert page.evaluate(walk.FAULTS) == []


def shot(page, name):
    """A picture of the whole page for whoever wants to see it."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENS / f"{name}.png", full_page=True)


def look(page, name):
    """Both."""
    fits(page)
    shot(page, name)
