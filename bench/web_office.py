"""An office of 120 whose people arrive one a second, for `bench web`: a real kiosk's frames into the
ledger of a server that runs beside."""

import time
from pathlib import Path

from sync_server import posts, roster, rulings, tables
from sync_server.accounts import book, sessions
from sync_server.accounts.book import Account
from sync_server.posts import Office as Unit
from tests.halves import Centre, Kiosk, TestClock, talk

OPD = "1.01"
_PEOPLE = 120
_WIB = 7 * 3_600
_SHIFTS = """schema = "tukin-shifts/1"
[shift.REG]
works_on_holidays = true
[shift.REG.hours]
all = { start = "00:01", end = "23:58", open = "00:00", split = "23:57", close = "23:59" }
"""
_CALENDAR = """schema = "tukin-calendar/1"
[meta]
year = {year}
decree = "contoh"
[holidays]
dates = []
"""


class Office:
    """The centre's folder, one kiosk, and everybody's logins."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config = folder / "server.toml"
        self.port = 0
        self._clock = TestClock(now=time.time() - 86_400)
        self._centre = Centre(folder / "centre", self._clock)
        self._kiosk = Kiosk(folder / "kiosk", self._centre.invite("T07A", OPD), self._clock)
        self._came = 0

    def __enter__(self) -> "Office":
        self._people()
        self._read()
        self._clock.now = time.time()
        self._read()
        born = self._kiosk.dispatch.birth("1.0", {})
        self._centre.desk.born([("T07A", born)])
        return self

    def __exit__(self, *_: object) -> None:
        self._kiosk.journal.close()
        self._centre.close()

    def open_ports(self, web: int, broker: int) -> None:
        """Where the next server listens."""
        self.port = web
        self.config.write_text(
            f'state = "{self.folder / "centre"}"\n[broker]\nport = {broker}\n[web]\nport = {web}\n'
        )

    def punch(self) -> None:
        """One more person is there."""
        self._clock.now = time.time()
        pin = str(1_001 + self._came % _PEOPLE)
        self._came += 1
        self._read((pin, int(self._clock.now) + _WIB))

    def logins(self, count: int) -> list[str]:
        """The cookies of so many browsers."""
        with self._centre.database.writing() as tx:
            return [sessions.begin(tx, "kepala", time.time()) for _ in range(count)]

    def _read(self, *scans: tuple[str, int]) -> None:
        self._kiosk.punch(*scans, serial="CJ1", read_at=int(self._clock.now), count=self._came)
        talk(self._kiosk, self._centre)

    def _people(self) -> None:
        nips = {str(pin): f"00000000000000{pin}" for pin in range(1_001, 1_001 + _PEOPLE)}
        lines = [f"{nip},Pegawai {pin},{OPD},WIB,{pin}\n" for pin, nip in nips.items()]
        turns = "nip,shift\n" + "".join(f"{nip},REG\n" for nip in nips.values())
        year = time.localtime().tm_year
        head = Account("kepala", nips["1001"], "kepala", OPD, False, False, "", int(time.time()))
        with self._centre.database.writing() as tx:
            posts.store_offices(tx, [Unit(OPD, "Dinas Komunikasi")])
            people = tables.read(
                roster.PEOPLE, "nip,nama,opd,zona,pin\n" + "".join(lines), "pegawai.csv"
            )
            roster.store_people(tx, people)
            roster.store_rota(tx, tables.read(roster.turns(("REG",)), turns, "giliran.csv"))
            rulings.store_ruling(tx, "shifts", "shifts", _SHIFTS, 0)
            for each in (year - 1, year, year + 1):
                text = _CALENDAR.format(year=each)
                rulings.store_ruling(tx, "calendar", str(each), text, 0)
            book.add(tx, head, "sembilan-perahu-biru")
