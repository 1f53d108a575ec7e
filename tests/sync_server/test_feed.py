"""From punches at a terminal to the facts that HR exports: kiosk, centre, roster, rules, files."""

import csv
import io
import json
import shutil
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from contract import batch, chain, event
from contract.batch import Batch
from sync_server import feed, roster, rulings, standing, tables
from sync_server.cli import main
from sync_server.corrections.tally import worked
from sync_server.daybook import book
from sync_server.errors import BadFile
from sync_server.fact import COLUMNS
from terminal_agent.delivery import Delivery, Reading
from tests.halves import Centre, Kiosk, TestClock, talk

DATA = Path(__file__).parent / "data"
HOURS = {"WIB": 7, "WITA": 8, "WIT": 9}
TUESDAY, WEDNESDAY, THURSDAY = date(2026, 1, 13), date(2026, 1, 14), date(2026, 1, 15)
SHIFTS = ("REG", "RS_MALAM")
YEARS_LATER = 1_900_000_000


def utc(day, local, zone="WIB"):
    """UTC seconds of a local time of day; "+1" is the next day."""
    text, _, later = local.partition("+")
    at = datetime.combine(day, time.fromisoformat(text), UTC)
    return int((at + timedelta(days=int(later or 0), hours=-HOURS[zone])).timestamp())


class Site:
    """A kiosk, one terminal behind it, and the office that both serve."""

    def __init__(self, folder, centre, kid="T07A", opd="1.01", zone="WIB", serial="CJ1"):
        self.centre, self.opd, self.zone, self.serial = centre, opd, zone, serial
        self.ahead = HOURS[zone] * 3_600
        self.kiosk = Kiosk(folder / kid, centre.invite(kid, opd), centre.clock)
        self.installed = False

    def _install(self, offset):
        """A terminal is read once when it is put up: from then on its log vouches for itself."""
        if not self.installed:
            self.installed = True
            new_year = utc(date(2026, 1, 1), "00:30:00")
            put_up = {"read_at": new_year, "count": 0, "offset_ms": offset * 1_000}
            self.kiosk.punch(serial=self.serial, **put_up)

    def day(self, day, *punches, until="22:30:00", wrong=0, offset_wrong=None, whole=True, raw=()):
        """People punch (PIN, true local time) and the terminal is read at `until`; its clock is
        `wrong` seconds ahead, and is measured to be `offset_wrong` ahead."""
        clock = self.centre.clock
        offset = self.ahead + (wrong if offset_wrong is None else offset_wrong)
        if whole:
            self._install(offset)
        clock.now = max(clock.now + 1, utc(day, until, self.zone))
        scans = [(pin, utc(day, at, self.zone) + self.ahead + wrong) for pin, at in punches]
        read = {"read_at": int(clock.now), "count": 1} if whole else {}
        self.kiosk.punch(*scans, *raw, serial=self.serial, offset_ms=offset * 1_000, **read)

    def send(self):
        """A stranger's punch takes along what else waits: coverage alone never starts a flush."""
        now = self.centre.clock.now
        self.kiosk.punch(("999", int(now) + self.ahead), serial=self.serial, offset_ms=None)
        talk(self.kiosk, self.centre)

    def reboot(self, trust):
        clock = self.centre.clock
        clock.boot, clock.booted, clock.trust = clock.boot + "+", clock.now, trust
        self.kiosk.crash()

    def facts(self, first=TUESDAY, last=None):
        return facts(self.centre, self.opd, first, last)

    def fact(self, day=TUESDAY):
        [found] = self.facts(day)
        return found


def facts(centre, opd, first, last=None):
    """As the book has them once everything is over, kept up to date from one call to the next."""
    book.renew(centre.database, opd, first, last or first, YEARS_LATER)
    with centre.database.reading() as tx:
        return book.facts(tx, opd, first, last or first)


def staff(centre, people, shift="REG"):
    """Import people, lines of a CSV file, and give everybody the same shift for ever."""
    found = tables.read(
        roster.PEOPLE, "nip,nama,opd,zona,pin,mulai,selesai\n" + people, "pegawai.csv"
    )
    nips = sorted({person.nip for person in found})
    turns = "nip,shift\n" + "".join(f"{nip},{shift}\n" for nip in nips)
    with centre.database.writing() as tx:
        roster.store_people(tx, found)
        roster.store_rota(tx, tables.read(roster.turns(SHIFTS), turns, "giliran.csv"))


@pytest.fixture
def centre(tmp_path):
    centre = Centre(tmp_path / "centre", TestClock(now=float(utc(date(2026, 1, 1), "00:30:00"))))
    with centre.database.writing() as tx:
        for kind, name in (("shifts", "shifts"), ("calendar", "2026")):
            text = (DATA / f"{kind}.toml").read_text("utf-8")
            rulings.store_ruling(tx, kind, name, text, 0)
    yield centre
    centre.close()


@pytest.fixture
def sites(tmp_path, centre):
    """Makes sites and closes their journals afterwards."""
    made = []

    def make(**where):
        made.append(Site(tmp_path, centre, **where))
        return made[-1]

    yield make
    for site in made:
        site.kiosk.journal.close()


@pytest.fixture
def site(sites, centre):
    staff(centre, "1,Sari,1.01,WIB,17,,\n")
    return sites()


def brief(fact):
    return fact.status, fact.late_min, fact.early_min, fact.missing


@pytest.mark.parametrize(
    ("punches", "expected"),
    [
        (["07:24:10", "16:03:00"], ("HADIR", 0, 0, ())),
        (["07:30:59", "16:00:00"], ("HADIR", 0, 0, ())),
        (["08:31:00", "15:29:59"], ("HADIR", 61, 30, ())),
        (["07:20:00"], ("HADIR", 0, 0, ("out",))),
        (["16:20:00"], ("HADIR", 0, 0, ("in",))),
        ([], ("TK", 0, 0, ("in", "out"))),
    ],
)
def test_a_day_that_was_read_whole_is_what_the_punches_say(site, punches, expected):
    site.day(TUESDAY, *[("17", at) for at in punches])
    site.send()
    assert brief(site.fact()) == expected
    assert site.fact().coverage == "complete"
    assert len(site.fact().evidence) == len(punches)


def test_an_absence_is_none_before_every_terminal_was_read_past_the_shifts_window(site):
    site.day(TUESDAY, until="21:30:00")
    site.send()
    assert (site.fact().status, site.fact().behind) == ("TUNGGU_DATA", ("CJ1",))
    site.day(TUESDAY)  # still on the kiosk
    assert site.fact().status == "TUNGGU_DATA"
    site.send()
    assert (site.fact().status, site.fact().behind) == ("TK", ())


def test_a_kiosk_that_never_spoke_may_hold_what_would_clear_everybody(site, centre):
    centre.invite("T07B", "1.01")
    site.day(TUESDAY, ("17", "07:24:00"))
    site.send()
    assert (site.fact().status, site.fact().behind) == ("TUNGGU_DATA", ("kiosk T07B",))
    site.day(WEDNESDAY, ("17", "07:24:00"), ("17", "16:03:00"))
    site.send()
    assert site.fact(WEDNESDAY).status == "HADIR", "nothing more could better this day"


def test_a_kiosk_of_another_office_holds_nobody_here(site, centre):
    centre.invite("T07B", "1.02")
    site.day(TUESDAY)
    site.send()
    assert site.fact().status == "TK"


def test_a_month_is_the_same_in_all_three_zones(sites, centre):
    """Sent at the month's end, as from an office without a link."""
    month = [date(2026, 1, day) for day in range(1, 32)]
    found = {}
    for number, zone in enumerate(HOURS):
        opd, nip = f"1.0{number}", f"{number}"
        staff(centre, f"{nip},Sari,{opd},{zone},17,,\n")
        centre.clock.now = float(utc(month[0], "00:30:00", zone))
        site = sites(kid=f"T07{number}", opd=opd, zone=zone, serial=f"CJ{number}")
        for day in month:
            leave = "16:31:00" if day.weekday() == 4 else "16:01:00"
            site.day(day, ("17", "07:24:00"), ("17", leave))
        site.send()
        found[zone] = site.facts(month[0], month[-1])
    for zone, facts_ in found.items():
        assert [fact.workdate for fact in facts_] == month
        status = [fact.status for fact in facts_]
        assert status.count("HADIR") == 20
        assert (status[0], status[15]) == ("LIBUR_NASIONAL",) * 2
        assert status.count("LIBUR_JADWAL") == 9
        assert {(f.late_min, f.early_min, f.missing) for f in facts_} == {(0, 0, ())}
        due = {f"{fact.due_in:%H:%M}" for fact in facts_ if fact.due_in}
        assert due == {f"{(31 - HOURS[zone]) % 24:02}:30"}
        assert {fact.tz for fact in facts_} == {f"+0{HOURS[zone]}:00"}
        clocks = {fact.arrival.clock for fact in facts_ if fact.arrival}
        assert clocks == {"ok"}


def test_a_night_shift_belongs_to_the_day_on_which_it_began(sites, centre):
    staff(centre, "1,Yosef,1.01,WIB,17,,\n", shift="RS_MALAM")
    site = sites()
    site.day(TUESDAY, ("17", "20:48:00"))
    site.day(WEDNESDAY, ("17", "06:32:00"), until="11:30:00")
    site.send()
    assert brief(site.fact()) == ("HADIR", 0, 28, ())
    assert f"{site.fact().departure.t:%d %H:%M}" == "13 23:32", "UTC"
    assert site.fact(WEDNESDAY).status == "TUNGGU_DATA", "the next night is not over"


def test_a_terminal_37_minutes_ahead_costs_nobody_a_minute(site):
    site.day(TUESDAY, ("17", "07:28:00"), ("17", "16:00:30"), wrong=37 * 60)
    site.send()
    fact = site.fact()
    assert brief(fact) == ("HADIR", 0, 0, ())
    assert (fact.arrival.clock, fact.arrival.raw) == ("corrected", "08:05:00")
    assert (fact.departure.clock, fact.departure.raw) == ("corrected", "16:37:30")
    assert fact.arrival.t == datetime.fromtimestamp(utc(TUESDAY, "07:28:00"), UTC)


def test_a_terminal_behind_gives_nobody_a_minute(site):
    site.day(TUESDAY, ("17", "07:40:00"), ("17", "16:05:00"), wrong=-600)
    site.send()
    assert brief(site.fact()) == ("HADIR", 10, 0, ())
    assert site.fact().arrival.raw == "07:30:00"


def test_a_kiosk_whose_clock_nobody_vouches_for_holds_the_day(site, centre):
    site.reboot(trust=0)
    site.day(TUESDAY, ("17", "07:24:00"), ("17", "16:03:00"))
    site.send()
    fact = site.fact()
    assert (fact.status, fact.coverage) == ("TAHAN_JAM", "incomplete")
    assert (fact.late_min, fact.early_min) == (0, 0)
    assert len(fact.evidence) == 2
    assert "unplaced" in fact.flags


def test_a_reading_dated_by_an_untrusted_clock_proves_no_absence(site, centre):
    """Our own kiosks say nothing then; another's may."""
    site.reboot(trust=0)
    site.day(TUESDAY)
    until = utc(TUESDAY, "23:00:00")
    site.kiosk.journal.note([event.Covered(1, 0, until, 0)], centre.clock.look())
    site.send()
    assert (site.fact().status, site.fact().behind) == ("TUNGGU_DATA", ("CJ1",))


def test_an_untrusted_clock_that_is_set_right_in_the_same_boot_gives_the_day_back(site, centre):
    """Boot-time seconds carry the trusted time back to what was stored before."""
    site.reboot(trust=0)
    site.day(TUESDAY, ("17", "07:24:00"), ("17", "16:03:00"))
    site.send()
    assert site.fact().status == "TAHAN_JAM"
    centre.clock.trust = 3
    site.day(TUESDAY, until="22:40:00")
    site.send()
    assert brief(site.fact()) == ("HADIR", 0, 0, ())


def test_punches_of_a_reset_terminal_clock_hold_only_the_days_they_may_concern(site):
    """It had been read whole on Tuesday night, and its clock was right again on Wednesday night.

    All is sent on Thursday night: the kiosk's own clock says when it stored them.
    """
    site.day(TUESDAY, ("17", "07:24:00"), ("17", "16:03:00"))
    reset = 946_684_800 + 60
    site.day(WEDNESDAY, raw=[("17", reset), ("17", reset + 30_000)])
    site.day(THURSDAY)
    site.send()
    statuses = [fact.status for fact in site.facts(TUESDAY, THURSDAY)]
    assert statuses == ["HADIR", "TAHAN_JAM", "TK"]
    assert len(site.fact(WEDNESDAY).evidence) == 2


def fork(site):
    """Somebody's copy of the card sends another history of the first event."""
    kiosk = site.kiosk
    head = kiosk.journal.run(1, 1).before
    other = (event.canonical(event.LogShifted(1, 3)),)
    after = chain.heads(head, other)[-1]
    sent = Batch("T07A", kiosk.journal.standing().epoch, 1, other, head, after)
    site.centre.desk.take([("T07A", batch.encode(sent, [], kiosk.invited.mac_key))])


def test_while_a_card_may_be_a_copy_its_days_wait_and_come_back_once_resolved(site, centre):
    days = [TUESDAY, WEDNESDAY, THURSDAY, date(2026, 1, 16), date(2026, 1, 17)]
    for day in days:
        site.day(day, ("17", "07:40:00"), ("17", "16:03:00"))
    site.send()
    before = site.facts(days[0], days[-1])
    assert [fact.status for fact in before] == [
        *["HADIR"] * 3, "LIBUR_NASIONAL", "LIBUR_JADWAL"
    ]  # fmt: skip
    centre.clock.now = float(utc(date(2026, 1, 17), "23:00:00"))
    fork(site)
    with centre.database.writing() as tx:  # the chain was opened before those days
        tx.exec_driver_sql("UPDATE chain SET opened = ?", (utc(TUESDAY, "05:00:00"),))
    held = site.facts(days[0], days[-1])
    assert [fact.status for fact in held] == [
        *["TUNGGU_DATA"] * 3, "LIBUR_NASIONAL", "LIBUR_JADWAL"
    ]  # fmt: skip
    for fact in held[:3]:
        assert (fact.late_min, fact.coverage, fact.behind) == (0, "incomplete", ("fork",))
    with centre.database.writing() as tx:
        assert standing.resolve_forks(tx, "T07A", "kartu disalin untuk cadangan", "siti", 0) == 1
    assert site.facts(days[0], days[-1]) == before


def test_a_forked_card_of_another_office_holds_nobody_here(site, sites, centre):
    staff(centre, "2,Budi,1.02,WIB,17,,\n")
    other = sites(kid="T07B", opd="1.02", serial="CJ2")
    for one in (site, other):
        one.day(TUESDAY, ("17", "07:24:00"), ("17", "16:03:00"))
        one.send()
    fork(site)
    assert [site.fact().status, other.fact().status] == ["TUNGGU_DATA", "HADIR"]


def test_the_same_pin_in_another_office_is_another_person(sites, centre):
    staff(centre, "1,Sari,1.01,WIB,17,,\n2,Budi,1.02,WIB,17,,\n")
    here, there = sites(), sites(kid="T07B", opd="1.02", serial="CJ2")
    here.day(TUESDAY, ("17", "07:24:00"), ("17", "16:03:00"))
    there.day(TUESDAY, ("17", "09:00:00"), ("17", "16:03:00"))
    for one in (here, there):
        one.send()
    assert (here.fact().nip, *brief(here.fact())) == ("1", "HADIR", 0, 0, ())
    assert (there.fact().nip, *brief(there.fact())) == ("2", "HADIR", 90, 0, ())
    assert not set(here.fact().evidence) & set(there.fact().evidence)


def test_a_person_with_two_pins_has_one_fact_a_day(sites, centre):
    staff(centre, "1,Sari,1.01,WIB,17,,\n1,Sari,1.01,WIB,0017,,\n")
    site = sites()
    site.day(TUESDAY, ("17", "07:24:00"), ("0017", "16:03:00"))
    site.send()
    assert brief(site.fact()) == ("HADIR", 0, 0, ())
    assert len(site.fact().evidence) == 2


def test_a_pin_that_was_handed_on_belongs_to_whoever_had_it_that_day(sites, centre):
    staff(centre, "1,Sari,1.01,WIB,17,,2026-01-13\n2,Budi,1.01,WIB,17,2026-01-14,\n")
    site = sites()
    site.day(TUESDAY, ("17", "07:24:00"), ("17", "16:03:00"))
    site.day(WEDNESDAY, ("17", "07:50:00"), ("17", "16:03:00"))
    site.send()
    found = [(fact.nip, fact.workdate, fact.late_min) for fact in site.facts(TUESDAY, WEDNESDAY)]
    assert found == [("1", TUESDAY, 0), ("2", WEDNESDAY, 20)]


def test_who_has_no_turn_on_a_date_has_no_fact_for_it(site, centre):
    turns = "nip,shift,mulai,selesai\n1,REG,,2026-01-13\n1,RS_MALAM,2026-01-15,\n"
    with centre.database.writing() as tx:
        roster.store_rota(tx, tables.read(roster.turns(SHIFTS), turns, "g"))
    site.day(TUESDAY)
    site.send()
    found = [(fact.workdate, fact.shift) for fact in site.facts(TUESDAY, THURSDAY)]
    assert found == [(TUESDAY, "REG"), (THURSDAY, "RS_MALAM")]


def test_a_terminal_behind_two_kiosks_makes_one_punch(site, sites):
    """Both read it; the repeat is evidence, and no second arrival."""
    other = sites(kid="T07B")
    for one in (site, other):
        one.day(TUESDAY, ("17", "07:24:00"), ("17", "16:03:00"))
        one.send()
    fact = site.fact()
    assert brief(fact) == ("HADIR", 0, 0, ())
    assert [name.split("-")[0] for name in fact.evidence] == ["T07A", "T07A"]


def test_every_event_that_a_fact_stands_on_is_in_the_ledger(site, centre):
    for day in (TUESDAY, WEDNESDAY):
        site.day(day, ("17", "07:24:00"), ("17", "12:01:00"), ("17", "16:03:00"))
    site.kiosk.journal.begin_epoch("salvage", centre.clock.look())
    site.kiosk.dispatch.connected()
    site.send()
    held = {
        f"{row.kid}-{row.epoch:08x}-{row.seq}": json.loads(row.record)
        for row in centre.rows("event", kind="scan")
    }
    for fact in site.facts(TUESDAY, WEDNESDAY):
        assert len(fact.evidence) == 3
        assert {held[name][2] for name in fact.evidence} == {"17"}
        assert {fact.arrival.event, fact.departure.event} <= set(fact.evidence)


def test_both_exports_say_the_same_and_a_nip_stays_text(sites, centre):
    staff(centre, "001990010120150310,Sari,1.01,WIB,17,,\n2,Budi,1.01,WIB,18,,\n")
    site = sites()
    site.day(TUESDAY, ("17", "07:40:00"), ("17", "16:03:00"))
    site.day(WEDNESDAY, ("17", "07:24:00"), wrong=600)
    site.send()
    found = site.facts(TUESDAY, WEDNESDAY)
    lines = [json.loads(line) for line in feed.json_lines(found).splitlines()]
    table = list(csv.DictReader(io.StringIO(feed.table(found))))
    assert list(table[0]) == list(COLUMNS)
    assert len(lines) == len(table) == 4
    for line, cells in zip(lines, table, strict=True):
        assert isinstance(line["nip"], str)
        for name in ("nip", "opd", "workdate", "tz", "shift", "status", "coverage", "due_in"):
            assert line[name] == cells[name]
        for name in ("late_min", "early_min"):
            assert line[name] == int(cells[name])
        for name in ("missing", "evidence", "behind", "flags"):
            assert " ".join(line[name]) == cells[name]
        for side in ("in", "out"):
            touch = line[side] or {}
            for name in ("t", "event", "terminal", "mode", "clock", "raw"):
                assert touch.get(name, "") == cells[f"{side}_{name}"]
    assert [line["nip"] for line in lines] == ["001990010120150310"] * 2 + ["2"] * 2
    assert table[0]["in_terminal"] == "CJ1"
    assert table[1]["in_raw"] == "07:34:00"


@pytest.mark.parametrize(
    ("statement", "where", "code"),
    [
        ("DELETE FROM ruling WHERE kind = 'shifts'", "", "no_shifts"),
        ("DELETE FROM person", "", "no_people"),
        ("DELETE FROM ruling WHERE kind = 'calendar'", "2026-01-13", "no_calendar"),
        ("UPDATE rota SET shift = 'OLD'", "2026-01-13", "unknown_shift"),
    ],
)
def test_facts_name_what_was_never_imported(site, centre, statement, where, code):
    site.day(TUESDAY)
    site.send()
    with centre.database.writing() as tx:
        tx.exec_driver_sql("DROP TRIGGER ruling_never_delete")
        tx.exec_driver_sql(statement)
    with pytest.raises(BadFile) as caught:
        site.facts()
    assert (caught.value.where, caught.value.code) == (where, code)


def test_a_shift_that_only_a_period_of_the_calendar_names_is_missed_by_its_own_name(site, centre):
    text = (DATA / "calendar.toml").read_text("utf-8").replace("REG_RAMADAN", "REG_PUASA")
    with centre.database.writing() as tx:
        rulings.store_ruling(tx, "calendar", "2026", text, 0)
    with pytest.raises(BadFile) as caught:
        site.facts(date(2026, 2, 19))
    assert caught.value.values == {"shift": "REG_PUASA"}


def test_offices_without_any_kiosk_wait_for_ever_rather_than_call_anybody_absent(centre):
    staff(centre, "1,Sari,1.01,WIB,17,,\n")
    [fact] = facts(centre, "1.01", TUESDAY)
    assert (fact.status, fact.behind) == ("TUNGGU_DATA", ())


def test_a_terminal_set_to_the_zone_next_door_costs_nobody_an_hour(site):
    site.day(TUESDAY, ("17", "07:29:00"), ("17", "16:00:00"), wrong=3_600)
    site.send()
    assert brief(site.fact()) == ("HADIR", 0, 0, ())


def test_nobody_is_absent_while_a_configured_terminal_was_never_read(site, centre):
    """Its communication key is wrong since the first day: who punched there, nobody knows."""
    look = site.kiosk.clock.look()
    site.kiosk.journal.note([event.Configuration("", "1", 2)], look)
    site.day(TUESDAY)
    site.send()
    assert site.fact().status == "TUNGGU_DATA"
    assert site.fact().behind == ("kiosk T07A",)


def test_a_log_that_was_cleared_before_it_was_read_proves_nobody_absent(site):
    """Between the last whole read and the first one after the clearing, nothing is known."""
    site.day(TUESDAY)
    replaced = Reading(event.LogReplaced(0, 500, 0))
    now = {"read_at": utc(THURSDAY, "23:00:00"), "count": 0}
    site.centre.clock.now = float(now["read_at"])
    parcel = Delivery(site.serial, readings=(replaced,), offset_ms=site.ahead * 1_000, **now)
    site.kiosk.journal.store(parcel, site.kiosk.clock.look())
    site.send()
    assert [one.status for one in site.facts(TUESDAY, THURSDAY)] == [
        "TK",
        "TUNGGU_DATA",
        "TUNGGU_DATA",
    ]


def test_days_before_a_terminal_was_put_up_prove_nobody_absent(site):
    """Its log is empty: whether it stood there on Tuesday, nobody knows."""
    site.installed = True
    site.day(WEDNESDAY)
    site.send()
    assert site.fact(TUESDAY).status == "TUNGGU_DATA"


def test_events_that_a_restored_ledger_lost_are_a_declared_hole(site, centre, tmp_path):
    """The kiosk began a new epoch meanwhile, so it does not send the old one again by itself."""
    site.day(TUESDAY)
    site.send()
    centre.close()
    shutil.copytree(centre.folder, tmp_path / "backup")
    site.day(WEDNESDAY)
    site.send()
    site.kiosk.journal.begin_epoch("replaced", site.kiosk.clock.look())
    site.centre = restored = Centre(tmp_path / "backup", centre.clock)
    site.kiosk.dispatch.connected()
    site.send()
    with restored.database.reading() as tx:
        [gap] = standing.gaps(tx)
    assert gap.kid == "T07A"
    assert (site.fact().status, site.fact().behind) == ("TUNGGU_DATA", ("gap T07A",))
    restored.close()


def test_coverage_goes_on_over_a_new_epoch(site):
    """A fork or lost rows number anew, but the terminal was read all the time."""
    site.day(TUESDAY, until="09:00:00")
    site.send()
    site.kiosk.journal.begin_epoch("replaced", site.kiosk.clock.look())
    site.kiosk.dispatch.connected()
    site.day(TUESDAY)
    site.send()
    assert site.fact().status == "TK"


@pytest.mark.parametrize(
    ("tampering", "was"),
    [
        ("UPDATE day SET status = 'TK'", '"status":"TK"'),
        ("UPDATE day SET body = replace(body, 'HADIR', 'TK')", "text: "),  # what SQLite makes of it
        ("UPDATE day SET body = 'rusak'", "rusak"),
        ("UPDATE day SET body = x'00ff'", "xff"),
    ],
)
def test_facts_rebuild_prints_what_was_different_and_puts_it_right(site, centre, tampering, was):
    site.day(TUESDAY, ("17", "07:24:00"), ("17", "16:03:00"))
    site.send()
    right = site.fact()
    with centre.database.writing() as tx:
        tx.exec_driver_sql(f"{tampering} WHERE status = 'HADIR'")
    (centre.folder / "server.toml").write_text(f'state = "{centre.folder}"\n', "utf-8")
    words = ["--config", f"{centre.folder / 'server.toml'}", "facts", "rebuild"]
    words += ["--from", f"{TUESDAY}", "--to", f"{WEDNESDAY}"]
    checked = CliRunner().invoke(main, ["--lang", "en", *words, "--check"])
    assert (checked.exit_code, len(checked.stdout.splitlines())) == (1, 1), checked.output
    assert checked.stdout.startswith(f"1.01 {TUESDAY} 1: kept as ")
    assert "HADIR, 0 minutes late" in checked.stdout.partition("should be")[2]
    spoilt = CliRunner().invoke(main, [*words, "--json"])
    assert spoilt.exit_code == 1, spoilt.stderr
    [named] = json.loads(spoilt.stdout)["differences"]
    assert (named["nip"], named["workdate"]) == ("1", f"{TUESDAY}")
    assert (was in named["was"], '"HADIR"' in named["became"]) == (True, True)
    again = CliRunner().invoke(main, [*words, "--opd", "1.01"])
    assert (again.exit_code, again.stdout) == (0, "")
    assert site.fact() == right


@pytest.mark.parametrize("garbage", [b"rusak", b"\x00\xff", b"\x90"])
def test_a_fact_that_an_editor_of_the_ledger_spoilt_is_called_so_where_it_is_read(
    site, centre, garbage
):
    site.day(TUESDAY, ("17", "07:24:00"), ("17", "16:03:00"))
    site.send()
    site.fact()
    with centre.database.writing() as tx:
        tx.exec_driver_sql("UPDATE day SET body = ? WHERE status = 'HADIR'", (garbage,))
    with centre.database.reading() as tx:
        for read in (
            lambda: book.facts(tx, "1.01", TUESDAY, TUESDAY),
            lambda: worked(tx, "1.01", "2026-01"),
        ):
            with pytest.raises(BadFile, match="fact_damaged"):
                read()
