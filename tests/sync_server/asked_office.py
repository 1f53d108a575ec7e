"""An office whose people ask for corrections: its decree, its accounts, and a ledger that is rolled back."""

from datetime import UTC, date, datetime
from pathlib import Path

from sync_server import posts, roster, rulings, tables
from sync_server.posts import Office, Post
from sync_server.roles import Viewer

DATA = Path(__file__).parent / "data"
WIB = 7 * 3600
RULES = """schema = "tukin-rules/1"
[ruleset]
id = "contoh"
title = "Contoh"
decree = "CONTOH Perbup 1/2026"
region = "00.00"
effective_from = 2026-01-01
status = "active"
[measure]
seconds = "floor"
in_event = "first"
out_event = "last"
duplicate_seconds = 120
[weights]
discipline = "40"
productivity = "60"
[deduct]
base = "discipline"
month_cap = "100"
day_cap = "3"
rounding = "half_up"
round_to = 1
late = [ { code = "TL1", from = 1, cut = "0.5" } ]
early = [ { code = "PSW1", from = 1, cut = "0.5" } ]
[deduct.missing]
in = "TL1"
out = "PSW1"
both = "TK"
[deduct.codes.TK]
cut = "3"
[flex]
max_minutes = 0
[leave.DL]
scope = "day|checkpoint"
cut = "0"
[leave.CT]
scope = "day"
cut = "0"
[regularise.LUPA]
per_month = 2
deadline_workdays = 3
approvers = ["atasan_langsung", "kepala_opd"]
effect = "excuse_checkpoint"
[regularise.GANGGUAN]
per_month = 0
approvers = ["kepala_opd"]
effect = "excuse_checkpoint"
scope = "office"
[dispute]
workdays = 5
[coverage]
absence_needs_complete_coverage = true
max_wait_days = 10
[clock]
suspect_policy = "favour_bounded"
hold_if_unbounded = true
"""
ALWAYS = (date(2020, 1, 1), date(9999, 12, 31))
# PIN, office, superior's PIN
PEOPLE = (
    ("1001", "1.01", ""),
    ("1002", "1.01", "1001"),
    ("1003", "1.01", "1002"),
    ("1004", "1.01", "1001"),
    ("2001", "1.02", ""),
    ("2002", "1.02", "2001"),
)


def nip(pin):
    """An 18-digit number that belongs to nobody."""
    return f"00000000000000{pin}" if pin else ""


def at(day, hour, minute=0):
    """UTC seconds of a local time of day."""
    return int(datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC).timestamp()) - WIB


def viewer(name, pin, role, opd, reach=frozenset()):
    return Viewer(name, nip(pin), role, opd, reach, frozenset(_juniors(pin)))


def _juniors(pin):
    return (nip(one) for one, _, superior in PEOPLE if pin and superior == pin)


_OPD, _FAR = frozenset({"1.01"}), frozenset({"1.02"})
WHO = {
    "sari": viewer("sari", "1001", "kepala", "1.01", _OPD),
    "sari-too": viewer("sari-too", "", "kepala", "1.01", _OPD),
    "sari-2": viewer("sari-2", "9003", "kepala", "1.01", _OPD),
    "budi": viewer("budi", "1002", "atasan", "1.01"),
    "wayan": viewer("wayan", "1003", "pegawai", "1.01"),
    "wayan-too": viewer("wayan-too", "1003", "kepala", "1.01", _OPD),
    "dewi": viewer("dewi", "1004", "admin_opd", "1.01", _OPD),
    "dewi-too": viewer("dewi-too", "1004", "bkpsdm", "", None),
    "tono": viewer("tono", "2001", "kepala", "1.02", _FAR),
    "bkpsdm": viewer("bkpsdm", "9001", "bkpsdm", "", None),
    "bkpsdm-2": viewer("bkpsdm-2", "9002", "bkpsdm", "", None),
    "inspektorat": viewer("inspektorat", "", "inspektorat", "", None),
    "admin": viewer("admin", "", "admin", "", None),
}


def furnish(tx, rules=RULES):
    """People, posts, hours, the calendar of 2026 and the rules."""
    lines = "".join(f"{nip(pin)},{pin},{opd},WIB,{pin}\n" for pin, opd, _ in PEOPLE)
    turns = "nip,shift\n" + "".join(f"{nip(pin)},REG\n" for pin, *_ in PEOPLE)
    heads = (("1.01", "1001"), ("1.02", "2001"))
    posts.store_offices(tx, [Office(opd, opd, head=nip(head)) for opd, head in heads])
    posts.store_posts(tx, [_post(pin, superior) for pin, _, superior in PEOPLE])
    roster.store_people(tx, tables.read(roster.PEOPLE, "nip,nama,opd,zona,pin\n" + lines, "p.csv"))
    roster.store_rota(tx, tables.read(roster.turns(("REG",)), turns, "g.csv"))
    for kind, name in (("shifts", "shifts"), ("calendar", "2026")):
        rulings.store_ruling(tx, kind, name, (DATA / f"{kind}.toml").read_text("utf-8"), 0)
    if rules:
        rulings.store_rules(tx, rules, "aturan.toml", 0, "uji")


def _post(pin, superior):
    words = {"title": "", "rank": "", "grade": "", "npwp": ""}
    days = {"mulai": ALWAYS[0], "selesai": ALWAYS[1]}
    return Post(nip=nip(pin), base=1_000_000, superior=nip(superior), exempt=False, **words, **days)
