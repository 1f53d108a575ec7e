"""A small region for tests of the centre: two offices, twelve people who belong to nobody, a month that
their terminals recorded, and an account for every role."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random

from sync_server import absences, posts, regulations, roster, rulings, schema, tables
from sync_server.accounts import book, passwords, viewing
from sync_server.accounts.book import Account
from sync_server.corrections import asking
from sync_server.daybook import book as book_of_days
from sync_server.ekinerja import diary, totals
from sync_server.ekinerja.activity import Entry
from sync_server.ekinerja.totals import Total
from sync_server.posts import Office, Post
from tests.halves import Centre, Kiosk, TestClock, talk

DATA = Path(__file__).parent / "sync_server/data"
WIB = 7 * 3_600
ALWAYS = (date(2020, 1, 1), date(9999, 12, 31))
FIRST, TODAY = date(2026, 1, 2), date(2026, 1, 30)
PASSWORD = "sembilan-perahu-biru"  # noqa: S105 - nobody's

OFFICES = (
    Office("1", "Pemerintah Kabupaten Contoh"),
    Office("1.01", "Dinas Komunikasi", "1", -3_800_000, 102_270_000, "000000000000001001"),
    Office("1.02", "Kecamatan Teluk Jauh", "1", -3_420_000, 101_880_000, "000000000000002001"),
)
# PIN, name, office, title, rank, grade, TPP in rupiah, superior's PIN
PEOPLE = (
    ("1001", "Sari", "1.01", "Kepala Dinas", "IV/b", "14", 6_000_000, ""),
    ("1002", "Budi", "1.01", "Kepala Bidang", "IV/a", "11", 4_500_000, "1001"),
    ("1003", "Wayan", "1.01", "Analis Jaringan", "III/c", "8", 3_000_000, "1002"),
    ("1004", "Dewi", "1.01", "Pengelola Kepegawaian", "III/a", "7", 2_500_000, "1001"),
    ("1005", "Agus", "1.01", "Operator", "II/c", "6", 2_000_000, "1002"),
    ("1006", "Rina", "1.01", "Bendahara", "III/b", "7", 2_500_000, "1001"),
    ("1007", "Yosef", "1.01", "Teknisi", "II/d", "6", 2_000_000, "1002"),
    ("2001", "Tono", "1.02", "Camat", "IV/a", "12", 5_000_000, ""),
    ("2002", "Nur", "1.02", "Sekretaris", "III/d", "9", 3_500_000, "2001"),
    ("2003", "Made", "1.02", "Pengelola Data", "III/a", "7", 2_500_000, "2002"),
    ("2004", "Lina", "1.02", "Pelayanan", "II/c", "6", 2_000_000, "2002"),
    ("2005", "Joko", "1.02", "Ketertiban", "II/b", "5", 1_800_000, "2002"),
)
ACCOUNTS = {
    "pegawai": ("wayan", "1003", "1.01"),
    "atasan": ("budi", "1002", "1.01"),
    "kepala": ("sari", "1001", "1.01"),
    "admin_opd": ("dewi", "1004", "1.01"),
    "bkpsdm": ("bkpsdm", "9001", ""),
    "bpkad": ("bpkad", "", ""),
    "inspektorat": ("inspektorat", "", ""),
    "teknisi": ("teknisi", "", ""),
    "admin": ("admin", "", ""),
}
LETTERS = (
    absences.Entry(
        document="800/012/SPT/2026",
        nip="000000000000001005",
        code="DL",
        scope="day",
        first=date(2026, 1, 29),
        last=TODAY,
        place="Teluk Jauh",
        purpose="memasang kios",
    ),
    absences.Entry(
        document="850/007/CT/2026",
        nip="000000000000001006",
        code="CT",
        scope="day",
        first=date(2026, 1, 12),
        last=date(2026, 1, 14),
    ),
)
FORGOTTEN = asking.Ask(
    kind="LUPA",
    reason="Lupa absen pulang setelah rapat",
    nip="000000000000001003",
    workdate=date(2026, 1, 28),
    points=("out",),
)
# The last day that a terminal of the office was read to; the far office's link is down since.
READ_TO = {"1.01": TODAY, "1.02": date(2026, 1, 28)}


def nip(pin: str) -> str:
    """An 18-digit number that belongs to nobody."""
    return f"00000000000000{pin}"


def at(day: date, hour: int, minute: int = 0, second: int = 0) -> int:
    """UTC seconds of a local time of day in both offices."""
    return int(datetime.combine(day, time(hour, minute, second), UTC).timestamp()) - WIB


NOW = at(TODAY, 10, 15)  # a Friday morning


class Region:
    """The centre, two kiosks with a terminal each, and all that people imported."""

    def __init__(self, folder: Path, ledger=None) -> None:
        self.folder = folder
        self.clock = TestClock(now=float(at(date(2026, 1, 1), 8)))
        self.centre = Centre(folder / "centre", self.clock, ledger)
        self.database = self.centre.database
        self._kiosks = {
            opd: Kiosk(folder / kid, self.centre.invite(kid, opd), self.clock)
            for opd, kid in (("1.01", "T01A"), ("1.02", "T02A"))
        }

    @property
    def wall(self):
        """The centre's clock."""
        return self.clock.wall

    def people(self) -> None:
        """Who is who: offices, posts, PINs, shifts, calendar, accounts."""
        lines = [f"{nip(pin)},{name},{opd},WIB,{pin}" for pin, name, opd, *_ in PEOPLE]
        found = tables.read(
            roster.PEOPLE, "nip,nama,opd,zona,pin\n" + "\n".join(lines), "pegawai.csv"
        )
        turns = "nip,shift\n" + "".join(f"{nip(pin)},REG\n" for pin, *_ in PEOPLE)
        with self.database.writing() as tx:
            posts.store_offices(tx, OFFICES)
            posts.store_posts(tx, [_post(*one) for one in PEOPLE])
            roster.store_people(tx, found)
            roster.store_rota(tx, tables.read(roster.turns(("REG",)), turns, "giliran.csv"))
            self.rulings(tx)
            for role, (name, pin, opd) in ACCOUNTS.items():
                account = Account(name, pin and nip(pin), role, opd, False, False, "", NOW)
                book.add(tx, account, "")
            # Argon2 is slow by design: once for all of them.
            tx.execute(schema.account.update().values(password=passwords.digest(PASSWORD)))

    def whole(self) -> "Region":
        """With its people, their month and papers, computed."""
        self.people()
        self.month()
        self.papers()
        self.settle()
        return self

    def rulings(self, tx) -> None:
        """The shift and calendar files of January 2026."""
        for kind, name in (("shifts", "shifts"), ("calendar", "2026")):
            text = (DATA / f"{kind}.toml").read_text("utf-8")
            rulings.store_ruling(tx, kind, name, text, 0)

    def papers(self) -> None:
        """A rule file, leave and letters, a correction that waits, a month of e-kinerja."""
        with self.database.writing() as tx:
            text = regulations.text("rules-40-60")
            rulings.store_rules(tx, text, "rules-40-60.toml", NOW, "bkpsdm")
            absences.store(tx, LETTERS, "dewi", NOW)
            no = asking.draft(tx, FORGOTTEN, self.viewer(tx, "pegawai"), NOW)
            asking.submit(tx, no, self.viewer(tx, "pegawai"), NOW)
            earned = [Total(nip(one[0]), "2026-01", "percent", "92", "e-Kinerja") for one in PEOPLE]
            totals.store_productivity(tx, earned, "bkpsdm", NOW)
        for role in ("pegawai", "atasan"):
            self._diary(role)

    def viewer(self, tx, role: str):
        """Somebody of a role, as the pages see him."""
        found = viewing.viewer(tx, ACCOUNTS[role][0], NOW)
        assert found is not None
        return found[0]

    def _diary(self, role: str) -> None:
        with self.database.writing() as tx:
            author = self.viewer(tx, role)
            for day in days(date(2026, 1, 26), TODAY):
                entry = Entry(day, "Memeriksa jaringan kantor", "Laporan", "1 laporan", 300)
                no = diary.write(tx, entry, author, NOW)
                if day < date(2026, 1, 29):
                    diary.submit(tx, [no], author, NOW)

    def settle(self) -> None:
        """The daily facts of the month, as the daybook's keeper makes them."""
        for opd in self._kiosks:
            book_of_days.renew(self.database, opd, FIRST, TODAY, NOW)

    def month(self) -> None:
        """What the terminals recorded, day by day, as real frames over a good link."""
        for opd, kiosk in self._kiosks.items():
            self.clock.now = max(self.clock.now, at(date(2026, 1, 1), 8))
            kiosk.punch(serial=f"CJ{opd}", read_at=int(self.clock.now), count=0)
        for day in days(FIRST, TODAY):
            for opd, kiosk in self._kiosks.items():
                if day <= READ_TO[opd]:
                    self._day(opd, kiosk, day)
        self.clock.now = float(NOW)

    def _day(self, opd: str, kiosk: Kiosk, day: date) -> None:
        until = NOW - 60 if day == TODAY else at(day, 22, 30)
        touches = sorted((t, pin) for t, pin in touches_of(opd, day) if t < until)
        self.clock.now = max(self.clock.now + 1, until)
        scans = [(pin, t + WIB) for t, pin in touches]
        read = {"read_at": int(self.clock.now), "count": 1}
        kiosk.punch(*scans, serial=f"CJ{opd}", **read)
        talk(kiosk, self.centre)

    def close(self) -> None:
        """Give the files back."""
        for kiosk in self._kiosks.values():
            kiosk.journal.close()
        self.centre.close()


def days(first: date, last: date):
    """Every day from `first` to `last`."""
    while first <= last:
        yield first
        first += timedelta(days=1)


def touches_of(opd: str, day: date):
    """(UTC seconds, PIN) of everybody of an office; most are in time, the same in every run."""
    if day.weekday() > 4:
        return
    draw = Random(f"{opd} {day}")
    out = 16 if day.weekday() < 4 else 16.5
    for pin, _, office, *_ in PEOPLE:
        if office != opd:
            continue
        came, went = draw.randint(-25, -2), draw.randint(1, 40)
        if draw.random() < 0.12:
            came = draw.choice((4, 22, 35, 70, 95))
        if draw.random() < 0.05:
            went = draw.choice((-12, -40))
        missing = draw.random()
        if missing < 0.03:
            continue  # absent
        yield at(day, 7, 30) + came * 60 + draw.randint(0, 59), pin
        if missing > 0.07:
            yield at(day, 0) + int(out * 3_600) + went * 60 + draw.randint(0, 59), pin


def _post(pin, _name, _opd, title, rank, grade, base, superior) -> Post:
    return Post(
        nip=nip(pin),
        title=title,
        rank=rank,
        grade=grade,
        base=base,
        superior=superior and nip(superior),
        npwp="",
        exempt=False,
        mulai=ALWAYS[0],
        selesai=ALWAYS[1],
    )
