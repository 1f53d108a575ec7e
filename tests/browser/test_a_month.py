"""A month from an empty centre to its frozen list, by people who know nothing but Excel: what the first
start gives is a one-time code, and all the rest goes through the pages."""

import re
import threading
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from sync_server import closing
from sync_server.accounts import first
from sync_server.config import Config, Web
from sync_server.daybook import worker
from tests.browser.centre import Served
from tests.browser.conftest import SCREENS
from tests.halves import Centre, Kiosk, TestClock, talk
from tests.region import WIB, at, days, nip

pytestmark = pytest.mark.all_only("needs Chromium: apt-get install chromium")
OPD, MONTH = "1.01", "2026-01"
PHRASE = "tujuh-kerbau-menyeberang"
LATE, DARK = date(2026, 1, 13), date(2026, 1, 20)
# PIN, name, title, rank, grade, TPP as people write it, superior's PIN
STAFF = (
    ("1001", "Sari", "Kepala Dinas", "IV/b", "14", "Rp 6.000.000", ""),
    ("1002", "Budi", "Kepala Bidang", "IV/a", "11", "Rp 4.500.000", "1001"),
    ("1003", "Wayan", "Analis Jaringan", "III/c", "8", "3000000", "1002"),
    ("1004", "Dewi", "Pengelola Kepegawaian", "III/a", "7", "2.500.000", "1001"),
)
WAYAN = nip("1003")
LETTER = b"%PDF-1.4\n1 0 obj << >> endobj\ntrailer << >>\n%%EOF\n"


class Empty:
    """A centre on its first day, and a kiosk whose terminal nobody has touched yet."""

    def __init__(self, folder):
        self.clock = TestClock(now=float(at(date(2026, 1, 2), 6)))
        self.centre = Centre(folder / "centre", self.clock)
        self.database, self.wall = self.centre.database, self.clock.wall
        self.kiosk = Kiosk(folder / "T01A", self.centre.invite("T01A", OPD), self.clock)
        self.kiosk.punch(serial="CJ1", read_at=int(self.clock.now), count=0)
        self.stop = threading.Event()
        keep = (self.database, self.wall, self.stop)
        self.daybook = threading.Thread(target=worker.run, args=keep)

    def touch(self, day, *touches, hour=22):
        """The terminal is read at that hour: (hour, minute, PIN) of that day; the kiosk sends."""
        self.clock.now = max(self.clock.now + 1, float(at(day, hour, 30)))
        scans = [(pin, at(day, hours, minutes) + WIB) for hours, minutes, pin in touches]
        read = {"read_at": int(self.clock.now), "count": 1}
        self.kiosk.punch(*scans, serial="CJ1", **read)
        talk(self.kiosk, self.centre)

    def work(self, since, until):
        """Everybody comes and goes; Wayan is late once, and one day has no power."""
        for day in days(since, until):
            touches = [(7, 10 + n, pin) for n, (pin, *_) in enumerate(STAFF)]
            if day == LATE:  # the others were told while the board was open
                touches = [(9, 2, "1003")]
            touches += [(17, n, pin) for n, (pin, *_) in enumerate(STAFF)]
            self.touch(day, *([] if day == DARK or day.weekday() > 4 else touches))

    def on(self, day, hour=9):
        self.clock.now = float(at(day, hour))

    def close(self):
        self.stop.set()
        self.daybook.join()
        self.kiosk.journal.close()
        self.centre.close()


@pytest.fixture(scope="module")
def centre(tmp_path_factory):
    home = Empty(tmp_path_factory.mktemp("kosong"))
    home.daybook.start()
    settings = Config(state=str(home.centre.folder), web=Web(title="Kabupaten Contoh"))
    with Served(home, settings) as served:
        yield served
    home.close()


class Person:
    """Somebody at a browser; every page is photographed."""

    shots = 0

    def __init__(self, page, name, password=PHRASE):
        self.page, self.name, self.password = page, name, password
        page.set_default_timeout(12_000)

    def look(self, name):
        Person.shots += 1
        wide, inner = self.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert wide <= inner, f"{self.page.url} is {wide} px wide"
        SCREENS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENS / f"a-month-{Person.shots:02}-{name}.png", full_page=True)

    def log_in(self):
        self.page.goto("/")
        if "/login" not in self.page.url:  # still logged in
            return self
        self.page.get_by_label("Nama akun").fill(self.name)
        self.page.get_by_label("Kata sandi").fill(self.password)
        self.page.get_by_role("button", name="Masuk").click()
        if self.page.url.endswith("/me/password"):
            self.page.fill("#f-old", self.password)
            self.password = PHRASE
            self.page.fill("#f-new", PHRASE)
            self.page.fill("#f-again", PHRASE)
            self.page.locator("main button").click()
        self.page.wait_for_selector("nav.places")
        return self

    def open(self, place):
        """By the menu, as people go."""
        self.page.locator("nav.places").get_by_role("link", name=place, exact=True).click()

    def make(self, name, role, opd="", whose=""):
        """Another account; what it may log in with once."""
        self.open("Akun")
        self.page.fill("#f-name", name)
        self.page.select_option("#f-role", role)
        if opd:
            self.page.select_option("#f-opd", opd)
        self.page.fill("#f-nip", whose)
        self.page.locator("form[action='/accounts'] button").click()
        return self.page.inner_text(".secret").strip()

    def fill_in(self, kind, folder, *rows):
        """The page's own example, its row replaced, handed in, looked at, agreed to."""
        self.open("Data & aturan")
        with self.page.expect_download() as caught:
            self.page.locator(f"#{kind} a[download]").click()
        path = folder / caught.value.suggested_filename
        caught.value.save_as(path)
        book = openpyxl.load_workbook(path)
        page = book.active
        width = page.max_column
        page.delete_rows(2)
        for row in rows:
            page.append([*row, *[""] * (width - len(row))])
        book.save(path)
        self.page.set_input_files(f"#file-{kind}", path)
        self.page.locator(f"#{kind} button").click()
        self.look(f"data-{kind}")
        self.page.get_by_role("button", name="Simpan").click()
        assert f"{len(rows)} baru" in self.page.inner_text("[role=status]")

    def month(self):
        """The office's month, by the menu."""
        self.open("Bulan")
        self.page.locator(f"a[href='/months/{MONTH}/{OPD}']").click()

    def rule(self, name):
        self.open("Data & aturan")
        self.page.get_by_role("link", name=name, exact=True).click()
        self.look(f"rule-{name}")
        example = self.page.locator("input[name=example]")
        if example.count():  # an example's decree is nobody's: one has to say that it is meant
            example.check()
        self.page.locator("main form button").click()
        self.page.wait_for_selector("[role=status]")


def first_admin(page, code):
    """Whoever has the code that the first start printed."""
    ani = Person(page, "ani")
    page.goto("/mulai")
    ani.look("first")
    for field, value in (("code", code), ("name", "ani"), ("new", PHRASE), ("again", PHRASE)):
        page.fill(f"#f-{field}", value)
    page.locator("main button").click()
    page.wait_for_selector("nav.places")
    ani.look("first-home")
    return ani


def furnish(rini, folder):
    """Everything that a month needs, from the page's own examples."""
    office = (OPD, "Dinas Komunikasi", "", "", "", nip("1001"), nip("1004"))
    rini.fill_in("office", folder, office)
    people = [(nip(pin), name, OPD, "WIB", pin, "2026-01-01") for pin, name, *_ in STAFF]
    rini.fill_in("person", folder, *people)
    jobs = [
        (nip(pin), *job, nip(boss) if boss else "", "", "tidak", "2026-01-01")
        for pin, _, *job, boss in STAFF
    ]
    rini.fill_in("post", folder, *jobs)
    for name in ("rules-40-60", "shifts.toml", "calendar-2026.toml"):
        rini.rule(name)
    rini.fill_in("roster", folder, *((nip(pin), "REG", "2026-01-01") for pin, *_ in STAFF))
    earned = ((nip(pin), MONTH, "persen", "92,5", "e-Kinerja daerah") for pin, *_ in STAFF)
    rini.fill_in("productivity", folder, *earned)
    rini.open("Data & aturan")
    rini.look("data")


def watch(rini, home):
    """The board changes while it is open."""
    rini.log_in().page.goto(f"/offices/{OPD}")
    here = "#board-counts a[href$='state=here'] strong"
    assert rini.page.inner_text(here) == "0"
    rini.look("board-before")
    home.touch(LATE, (7, 10, "1001"), (7, 11, "1002"), (7, 12, "1004"), hour=7)
    rini.page.locator(here, has_text="3").wait_for()
    rini.look("board-after")


def ask_why(rini):
    """From the month's cut to the day, its sentence, and the raw event under it."""
    rini.log_in().month()
    cut = rini.page.locator(f"#rows a[href*='{WAYAN}'][data-sum='450']")
    until(rini, lambda: cut.count())
    rini.look("month-before")
    cut.click()
    rini.look("person-month")
    rini.page.locator(f"a[href^='/explain/{WAYAN}/{LATE}']").first.click()
    rini.look("explain")
    said = rini.page.inner_text("main")
    assert "masuk 09.02, 92 menit setelah 07.30; dipotong 1,5 %" in said
    rini.page.locator("a[href*='/events/T01A/']").first.click()
    rini.look("event")
    assert "CJ1" in rini.page.inner_text("main")


def report_outage(dewi):
    """A day without power, with the letter that says so."""
    dewi.log_in().open("Koreksi")
    dewi.page.get_by_role("link", name="Laporkan gangguan").click()
    dewi.page.fill("#f-since", f"{DARK}T05:00")
    dewi.page.fill("#f-until", f"{DARK}T22:00")
    dewi.page.fill("#f-reason", "Listrik padam sehari penuh")
    letter = {"name": "surat PLN.pdf", "mimeType": "application/pdf", "buffer": LETTER}
    dewi.page.set_input_files("#f-file", letter)
    dewi.look("outage")
    dewi.page.locator("button[value=send]").click()
    dewi.page.wait_for_url(re.compile(r"/corrections/\d+$"))
    dewi.look("outage-asked")


def say_yes(person):
    person.log_in().open("Koreksi")
    person.page.locator("#waiting tbody a").first.click()
    person.page.get_by_role("button", name="Setujui").click()
    person.page.locator("#decide").wait_for(state="detached")
    person.look(f"outage-yes-{person.name}")


def until(person, there):
    """Look again until the centre has reckoned what was sent or decided."""
    for _ in range(60):
        if there():
            return
        person.page.wait_for_timeout(500)
        person.page.reload()
    raise AssertionError(person.page.inner_text("main"))


def decide(person, act, after):
    person.log_in().month()
    person.page.get_by_role("button", name=act).click()
    person.page.wait_for_selector(f"text={after}")
    person.look(f"month-{person.name}")


def downloaded(rini, folder):
    """The list of the workbook that a frozen month is paid by: gross by name and of all."""
    rini.open("Unduhan")
    rini.look("exports")
    with rini.page.expect_download() as caught:
        rini.page.locator(f"a[href='/exports/{MONTH}/{OPD}.xlsx']").click()
    caught.value.save_as(folder / "tpp.xlsx")
    sheet = openpyxl.load_workbook(folder / "tpp.xlsx")["Daftar TPP"]
    lines = list(sheet.iter_rows(values_only=True))
    gross = next(line.index("Kotor (Rp)") for line in lines if "Kotor (Rp)" in line)
    return {line[1]: line[gross] for line in lines if line[1]}


def test_who_knows_only_excel_takes_a_month_from_an_empty_centre_to_its_list(
    centre, signed_in, tmp_path
):
    home = centre.region
    code = first.invite(Path(centre.settings.state), home.clock.now)
    ani = first_admin(signed_in(""), code)
    rini = Person(signed_in(""), "rini", ani.make("rini", "bkpsdm", whose="000000000000009001"))
    ani.look("accounts")
    rini.log_in().look("bkpsdm-home")
    furnish(rini, tmp_path)
    home.work(date(2026, 1, 2), date(2026, 1, 12))
    home.on(LATE, 7)
    watch(rini, home)
    home.work(LATE, date(2026, 1, 31))
    home.on(date(2026, 2, 2))
    ask_why(rini)
    sari, dewi = (
        Person(signed_in(""), name, ani.log_in().make(name, role, OPD, nip(pin)))
        for name, role, pin in (("sari", "kepala", "1001"), ("dewi", "admin_opd", "1004"))
    )
    report_outage(dewi)
    say_yes(sari)
    say_yes(rini)
    rini.page.goto(f"/explain/{WAYAN}/{DARK}")
    until(rini, lambda: "Tidak ada potongan" in rini.page.inner_text("main"))
    rini.look("explain-outage")
    decide(dewi, "Tutup bulan", "Ditutup, masa sanggah")
    home.on(date(2026, 2, 10))
    decide(sari, "Setujui", "Disetujui kepala")
    decide(rini, "Bekukan", "lembar beku")
    shown = int(rini.page.locator(".figures a").first.get_attribute("data-sum"))
    listed = downloaded(rini, tmp_path)
    with home.database.reading() as tx:
        frozen = closing.frozen(tx, OPD, MONTH)
    assert shown == frozen.gross == listed["Jumlah"] == sum(row.record.gross for row in frozen.rows)
    cuts = {row.record.nip: row.record.cut_bp for row in frozen.rows}
    assert cuts == {nip(pin): 150 if pin == "1003" else 0 for pin, *_ in STAFF}
