"""January 2026 in two offices as their terminals recorded it, to be closed, frozen and paid; one person
moves from the first to the second in the middle of the month."""

from datetime import date

from sync_server import ekinerja, posts, regulations, roster, rulings, sheet, tables
from sync_server.accounts import book as accounts
from sync_server.accounts.book import Account
from sync_server.closing import Deed, late
from sync_server.daybook import book
from sync_server.ekinerja import Total
from sync_server.roles import Viewer
from tests.halves import Centre, Kiosk, TestClock, talk
from tests.region import (
    ACCOUNTS,
    OFFICES,
    PASSWORD,
    PEOPLE,
    WIB,
    _post,
    at,
    days,
    nip,
    touches_of,
)

MONTH, NEXT = "2026-01", "2026-02"
FIRST, LAST = date(2026, 1, 1), date(2026, 1, 31)
SITES = {"1.01": "T01A", "1.02": "T02A"}
MOVER, MOVED = "1007", date(2026, 1, 16)  # Yosef; his PIN in the other office is 2007
HEAD = Viewer("sari", nip("1001"), "kepala", "1.01", frozenset({"1.01"}))
CLERK = Viewer("dewi", nip("1004"), "admin_opd", "1.01", frozenset({"1.01"}))
BKPSDM = Viewer("bkpsdm", nip("9001"), "bkpsdm", "", None)
CLOSING_DAY, AFTER_OBJECTIONS = date(2026, 2, 2), date(2026, 2, 10)


class MonthSite:
    """The centre and its kiosks. What they recorded waits in them until `send`."""

    def __init__(self, folder, invited=None, ledger=None):
        self.folder = folder
        self.clock = TestClock(now=float(at(date(2026, 1, 1), 6)))
        self.centre = Centre(folder / "centre", self.clock, ledger)
        self.database = self.centre.database
        self.invited = invited or {kid: self.centre.invite(kid, o) for o, kid in SITES.items()}
        self.kiosks = {}
        for kid, invitation in self.invited.items():
            self.clock.now = float(at(date(2026, 1, 1), 7))
            self.kiosks[kid] = Kiosk(folder / kid, invitation, self.clock)

    @property
    def wall(self):
        """The centre's clock."""
        return self.clock.wall

    def accounts(self):
        """Somebody for every role, to log in."""
        with self.database.writing() as tx:
            for role, (name, pin, opd) in ACCOUNTS.items():
                whose = Account(name, pin and nip(pin), role, opd, False, False, "", 0)
                accounts.add(tx, whose, PASSWORD)

    def close(self):
        for kiosk in self.kiosks.values():
            kiosk.journal.close()
        self.centre.close()

    def files(self):
        """What people import."""
        lines = [f"{nip(p)},{name},{opd},WIB,{p},,\n" for p, name, opd, *_ in PEOPLE if p != MOVER]
        lines.append(f"{nip(MOVER)},Yosef,1.01,WIB,{MOVER},,2026-01-15\n")
        lines.append(f"{nip(MOVER)},Yosef,1.02,WIB,2007,2026-01-16,\n")
        heads = "nip,nama,opd,zona,pin,mulai,selesai\n"
        turns = "nip,shift\n" + "".join(f"{nip(pin)},REG\n" for pin, *_ in PEOPLE)
        with self.database.writing() as tx:
            posts.store_offices(tx, OFFICES)
            posts.store_posts(tx, [_post(*one) for one in PEOPLE])
            roster.store_people(
                tx, tables.read(roster.PEOPLE, heads + "".join(lines), "pegawai.csv")
            )
            roster.store_rota(tx, tables.read(roster.turns(("REG",)), turns, "giliran.csv"))
            for kind, name, text in (
                ("shifts", "shifts", "shifts.toml"),
                ("calendar", "2026", "calendar-2026.toml"),
            ):
                rulings.store_ruling(tx, kind, name, regulations.text(text), 0)
            rulings.store_rules(tx, regulations.text("rules-40-60.toml"), "aturan.toml", 0, "uji")

    def record(self, last=LAST):
        """Everybody's touches of every day, read each night."""
        for opd, kid in SITES.items():
            self.clock.now = float(at(date(2026, 1, 1), 8))
            self.kiosks[kid].punch(serial=f"CJ{opd}", read_at=int(self.clock.now), count=0)
        for day in days(date(2026, 1, 2), last):
            here = {opd: list(touches_of(opd, day)) for opd in SITES}
            moved = [t for t, pin in here["1.01"] if pin == MOVER] if day >= MOVED else []
            here["1.01"] = [(t, pin) for t, pin in here["1.01"] if t not in moved or pin != MOVER]
            here["1.02"] += [(t, "2007") for t in moved]
            for opd, touches in here.items():
                self.read(opd, day, touches)

    def read(self, opd, day, touches=(), kid=None, serial=None):
        """A terminal is read at 22:30 local time of a day: (UTC seconds, PIN)."""
        self.clock.now = max(self.clock.now, float(at(day, 22, 30)))
        scans = [(pin, t + WIB) for t, pin in sorted(touches)]
        read = {"read_at": int(self.clock.now), "count": 1}
        self.kiosks[kid or SITES[opd]].punch(*scans, serial=serial or f"CJ{opd}", **read)

    def send(self, *kids):
        """Good links, one kiosk after the other."""
        for kid in kids or self.kiosks:
            talk(self.kiosks[kid], self.centre)

    def on(self, day, hour=9):
        """It is that day at the centre now."""
        self.clock.now = float(at(day, hour))

    def renew(self):
        """The facts are made, as the server does all the time."""
        for opd in SITES:
            book.renew(self.database, opd, FIRST, LAST, self.clock.now)

    def earn(self, percent="92"):
        """Everybody's e-kinerja, imported."""
        found = [Total(nip(pin), MONTH, "percent", percent, "e-kinerja") for pin, *_ in PEOPLE]
        with self.database.writing() as tx:
            ekinerja.store_productivity(tx, found, "uji", self.clock.now)

    def sheet(self, opd="1.01", month=MONTH):
        with self.database.reading() as tx:
            return sheet.sheet(tx, opd, month)

    def bytes(self):
        """Both offices' sheets."""
        return [sheet.encode(self.sheet(opd)) for opd in SITES]

    def do(self, step, viewer, *more, opd="1.01", month=MONTH, why=""):
        """One step of closing; susulan are noted and moved in a transaction of their own."""
        deed = Deed(viewer, self.clock.now, why)
        if step in (late.note, late.move):
            with self.database.writing() as tx:
                return step(tx, opd, month, *more, deed)
        return step(self.database, opd, month, *more, deed)
