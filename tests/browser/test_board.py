"""A morning as it happens: the board changes by itself, and a cut kiosk makes nobody absent."""

import threading
from datetime import date

import pytest

from sync_server.daybook import worker
from tests.browser.centre import Served, signed_in
from tests.browser.visit import shot
from tests.halves import talk
from tests.region import TODAY, WIB, Region, at

pytestmark = pytest.mark.all_only("needs chromium")
__all__ = ["signed_in"]

SERIAL = "CJ1.01"


class Morning:
    """Office 1.01 on a Friday: its kiosk on line, its terminal read since the day before."""

    def __init__(self, home: Region) -> None:
        self.home = home
        self.kiosk = home._kiosks["1.01"]
        self.to(date(2026, 1, 29), 22, 30)
        self.read()
        self.to(TODAY, 7, 0, 5)
        self.say(self.kiosk.dispatch.birth("1.0", {}))
        self.read()

    def to(self, day, *clock):
        self.home.clock.now = float(at(day, *clock))

    def read(self, *scans):
        """The terminal is read, with (PIN, hour, minute) of this morning in it; the link is good."""
        touches = [(pin, at(TODAY, *when) + WIB) for pin, *when in scans]
        now = int(self.home.clock.now)
        self.kiosk.punch(*touches, serial=SERIAL, read_at=now, count=len(touches))
        talk(self.kiosk, self.home.centre)

    def say(self, birth):
        self.home.centre.desk.born([(self.kiosk.invited.kid, birth)])


@pytest.fixture(scope="module")
def morning(tmp_path_factory):
    home = Region(tmp_path_factory.mktemp("morning"))
    home.people()
    yield Morning(home)
    home.close()


@pytest.fixture(scope="module")
def centre(morning):
    """The pages, and the thread that reads the ledger into the daybook."""
    stop = threading.Event()
    with Served(morning.home) as served:
        book = threading.Thread(target=worker.run, args=(served.database, served.region.wall, stop))
        book.start()
        yield served
        stop.set()
        book.join()


def count(page, state):
    return page.locator(f"#board-counts a[href$='state={state}']")


def until(page, state, number):
    """The board says so by itself, without a reload."""
    page.wait_for_function(
        "([state, number]) => document.querySelector("
        "`#board-counts a[href$='state=${state}']`)?.dataset.sum === String(number)",
        arg=[state, number],
    )


def test_a_head_watches_the_morning_and_a_cut_kiosk_makes_nobody_absent(morning, signed_in):
    """People arrive while the page is open; the one link that has the focus keeps it. When the kiosk
    is cut, whoever has not come turns to "no data"; when it is back, to "not yet"."""
    morning.to(TODAY, 7, 31)
    morning.read(("1001", 7, 20), ("1002", 7, 25))
    page = signed_in("kepala")
    page.set_default_timeout(8000)
    page.goto("/")  # his only office
    assert page.url.endswith("/offices/1.01")
    until(page, "here", 2)
    until(page, "not_yet", 5)
    page.evaluate("window.stayed = true")
    count(page, "late").focus()

    morning.to(TODAY, 7, 46)
    morning.read(("1003", 7, 29), ("1004", 7, 45))
    until(page, "here", 3)
    until(page, "late", 1)
    until(page, "not_yet", 3)
    assert page.evaluate("document.activeElement.getAttribute('href')").endswith("state=late")
    assert page.locator("#list-not_yet").inner_text().count("mulai 07.30") == 3
    assert page.locator("#list-late").inner_text().count("15 menit") == 1
    assert page.locator("#board-now").inner_text().count("terbaca utuh sampai 07.00") == 1
    shot(page, "board_morning")

    morning.say(morning.kiosk.dispatch.will())
    until(page, "no_data", 3)
    until(page, "not_yet", 0)
    assert count(page, "missed").count() == 0
    assert "tidak dianggap alpa" in page.locator("#list-no_data").inner_text()
    shot(page, "board_cut")

    morning.say(morning.kiosk.dispatch.birth("1.0", {}))
    until(page, "not_yet", 3)
    until(page, "no_data", 0)
    assert page.evaluate("window.stayed") is True


def test_the_whole_region_is_one_page_that_changes_row_by_row(morning, signed_in):
    """A far office whose terminal was never read is "no data", and no figure comes without its list."""
    morning.to(TODAY, 7, 50)
    page = signed_in("bkpsdm", size=(360, 740))
    page.goto("/")
    page.wait_for_selector("#row-1\\.01")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    far = page.locator("#row-1\\.02 a[href$='state=no_data']")
    assert far.get_attribute("data-sum") == "5"
    morning.read(("1005", 7, 49))
    page.wait_for_function(
        "() => document.querySelector(`#row-1\\\\.01 a[href$='state=late']`).dataset.sum === '2'"
    )
    shot(page, "board_region_phone")
    for link in sums(page):
        assert_sum(page, *link)


def test_every_figure_of_an_office_leads_to_its_people(morning, signed_in):
    page = signed_in("inspektorat")
    page.goto("/offices/1.01")
    links = sums(page)
    assert len(links) >= 7
    for link in links:
        assert_sum(page, *link)


def sums(page):
    """(address, value) of every figure on a page."""
    return page.eval_on_selector_all(
        "a[data-sum]", "all => all.map(one => [one.getAttribute('href'), +one.dataset.sum])"
    )


def assert_sum(page, href, value):
    page.goto(href)
    parts = page.eval_on_selector_all("[data-part]", "all => all.map(one => +one.dataset.part)")
    assert sum(parts) == value, href


def test_a_technician_sees_what_needs_him_first_and_nobody_s_attendance(morning, signed_in):
    page = signed_in("teknisi")
    page.goto("/kiosks")
    cards = page.locator("article.kiosk-card h2")
    assert cards.first.inner_text().startswith("T02A")
    for link in sums(page):
        assert_sum(page, *link)
    page.goto("/kiosks/T02A")
    assert "Belum pernah tersambung" in page.locator("main").inner_text()
    refused = page.request.get("/offices/1.01")
    assert refused.status == 403
    assert "Sari" not in refused.text()


@pytest.mark.parametrize("wide", [1280, 360])
def test_it_is_readable_by_day_and_by_night(morning, signed_in, wide):
    page = signed_in("bkpsdm", size=(wide, 800))
    for path in ("/", "/offices/1.01", "/kiosks", "/kiosks/T01A"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= wide, path
        name = path.strip("/").replace("/", "_").replace(".", "") or "region"
        for light in ("light", "dark"):
            page.emulate_media(color_scheme=light)
            shot(page, f"board_{name}_{light}_{wide}")
