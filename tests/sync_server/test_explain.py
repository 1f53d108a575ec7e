"""Why a day costs what it costs: from rupiah and percent down to the bytes that a kiosk signed for."""

import hashlib
import json
from datetime import date

import pytest
from click.testing import CliRunner

from sync_server import explain, reports
from sync_server.cli import main
from sync_server.daybook import book
from sync_server.explain import reckoning, told, trace
from sync_server.explain.punches import parts
from sync_server.reports import known, lines
from sync_server.schema import access
from sync_server.sheet import sheet
from tests.halves import talk
from tests.region import WIB, Region, at, nip

WAYAN, AGUS, RINA = nip("1003"), nip("1005"), nip("1006")
MONDAY, TUESDAY, WEDNESDAY = date(2026, 1, 12), date(2026, 1, 13), date(2026, 1, 14)
THURSDAY, HOLIDAY, NEXT_MONDAY = date(2026, 1, 15), date(2026, 1, 16), date(2026, 1, 19)
SUNDAY, NEXT_TUESDAY, CUT_OFF, TODAY = (date(2026, 1, n) for n in (18, 20, 21, 22))
PUT_UP = date(2026, 1, 9)


class Week:
    """Office 1.01 in January 2026: what Wayan and Agus touched, and how far the terminal was read."""

    def __init__(self, folder):
        self.region = Region(folder)
        self.region.people()
        self.region.papers()
        self.kiosk = self.region._kiosks["1.01"]
        self._read(PUT_UP, 17, count=0)
        self.day(MONDAY, ("1003", "04:10:00"), ("1003", "07:20:00"), ("1003", "16:05:00"))
        self.day(
            TUESDAY,
            *(
                ("1003", "08:31:00"),
                ("1003", "08:31:04"),
                ("1003", "12:10:00"),
                ("1003", "15:29:59"),
            ),
            *(("1005", "07:20:00"), ("1005", "16:01:00")),
        )
        self.day(WEDNESDAY, ("1003", "07:20:00"))
        self.day(THURSDAY)
        self.day(HOLIDAY, ("1003", "07:20:00"))
        self._read(SUNDAY, 22, wrong=37 * 60)
        self.day(NEXT_MONDAY, ("1003", "07:28:00"), ("1003", "16:10:00"), wrong=37 * 60)
        self.day(NEXT_TUESDAY, raw=(("1003", 946_684_800),))
        self.day(CUT_OFF, ("1003", "07:29:00"), hour=12)
        self.region.clock.now = float(at(TODAY, 9))
        book.renew(self.region.database, "1.01", PUT_UP, TODAY, at(TODAY, 9))

    def day(self, day, *touches, hour=22, wrong=0, raw=()):
        scans = []
        for pin, clock in touches:
            hours, minutes, seconds = map(int, clock.split(":"))
            scans.append((pin, at(day, hours, minutes, seconds) + WIB + wrong))
        self._read(day, hour, *scans, *raw, wrong=wrong)

    def _read(self, day, hour, *scans, count=1, wrong=0):
        self.region.clock.now = float(at(day, hour, 30))
        offset = (WIB + wrong) * 1_000
        read = {"read_at": int(self.region.clock.now), "count": count, "offset_ms": offset}
        self.kiosk.punch(*scans, serial="CJ1.01", **read)
        self.kiosk.punch(("999", int(self.region.clock.now) + WIB + wrong), serial="CJ1.01", **read)
        talk(self.kiosk, self.region.centre)

    def explained(self, who, day):
        with self.region.database.reading() as tx:
            return explain.explain(tx, who, day)

    def said(self, who, day, lang="id"):
        return " | ".join(explain.sentences(lang, self.explained(who, day)))


@pytest.fixture(scope="module")
def week(tmp_path_factory):
    made = Week(tmp_path_factory.mktemp("week"))
    yield made
    made.region.close()


def test_a_late_and_early_day_is_told_with_minutes_decree_percent_and_rupiah(week):
    said = week.said(WAYAN, TUESDAY)
    assert "TL3: masuk 08.31, 61 menit setelah 07.30; dipotong 1,25 %" in said
    assert "PSW1: pulang 15.29, 30 menit sebelum 16.00; dipotong 0,5 %" in said
    assert "Potongan hari ini 1,75 %" in said
    # 40 % of a TPP of 3,000,000, and 1.75 % of that.
    assert "Nilainya Rp 21.000: 1,75 % dari Rp 1.200.000, bagian disiplin TPP Rp 3.000.000" in said
    assert "CONTOH Perbup 1/2026" in said
    english = week.said(WAYAN, TUESDAY, "en")
    assert "in at 08.31, 61 minutes after 07.30" in english
    assert "This day's cut is 1,75 %" in english


def test_every_punch_says_whether_it_counted_and_why_not(week):
    by_time = {
        told.when("id", one, "+07:00"): one for one in week.explained(WAYAN, TUESDAY).punches
    }
    uses = {clock: one.use for clock, one in by_time.items()}
    assert uses == {
        "08.31.00": "in",
        "08.31.04": "duplicate",
        "12.10.00": "between",
        "15.29.59": "out",
    }
    assert by_time["08.31.04"].of == by_time["08.31.00"].event
    assert "(selang 4 detik)" in week.said(WAYAN, TUESDAY)
    early = {told.when("id", p, "+07:00"): p.use for p in week.explained(WAYAN, MONDAY).punches}
    assert early == {"04.10.00": "outside", "07.20.00": "in", "16.05.00": "out"}
    assert "di luar jendela presensi 05.00–22.00" in week.said(WAYAN, MONDAY)
    assert [one.use for one in week.explained(WAYAN, HOLIDAY).punches] == ["idle"]


def test_a_wrong_device_clock_is_shown_beside_the_time_that_counts(week):
    said = week.said(WAYAN, NEXT_MONDAY)
    assert "Jam perangkat menunjukkan 08:05:00; yang berlaku 07.28.00" in said
    assert "selisih jam perangkat terukur oleh kios" in said
    assert "Tidak ada potongan" in said


def test_what_is_missing_is_told_and_silence_is_never_an_absence(week):
    assert "PSW4: tidak ada presensi pulang" in week.said(WAYAN, WEDNESDAY)
    assert "TK: tanpa keterangan sehari penuh; dipotong 3 %" in week.said(WAYAN, THURSDAY)
    waiting = week.said(AGUS, CUT_OFF)
    assert "CJ1.01: baru terbaca sampai Rab 21 Jan 2026 12.29" in waiting
    assert "dihitung ulang dengan sendirinya" in waiting
    assert "anpa keterangan" not in waiting
    assert "dipotong 3" not in waiting
    held = week.said(WAYAN, NEXT_TUESDAY)
    assert "Ditahan" in held
    assert "jamnya tidak dapat dipastikan" in held
    assert "Teknisi memeriksa jam perangkat" in held


def test_today_is_shown_as_provisional_before_there_is_a_fact(week):
    found = week.explained(WAYAN, TODAY)
    assert found.provisional
    assert found.fact.status == "TUNGGU_DATA"
    assert "Catatan ini sementara" in week.said(WAYAN, TODAY)
    assert not week.explained(WAYAN, TUESDAY).provisional


def test_until_when_somebody_may_object_is_counted_in_workdays(week):
    # Three workdays after Tuesday the 13th: 14, 15, and (16 is a holiday) 19.
    assert week.explained(WAYAN, TUESDAY).dispute_until == NEXT_MONDAY
    assert "Ajukan koreksi paling lambat 2026-01-19" in week.said(WAYAN, TUESDAY)


def test_the_cut_can_be_worked_out_again_from_the_raw_events_that_the_explanation_names(week):
    """By hand: bytes, chain, minutes and the decree's bands; nothing of the server's rules."""
    found = week.explained(WAYAN, TUESDAY)
    touched = {}
    with week.region.database.reading() as tx:
        for one in found.punches:
            raw = trace.trace(tx, *parts(one.event))
            assert raw.digest == hashlib.sha256(raw.record.encode()).hexdigest()
            step = bytes.fromhex(raw.before) + raw.record.encode()
            assert raw.head == hashlib.sha256(step).hexdigest()
            assert raw.holds
            assert raw.code == one.code
            assert next(mark.offset_ms for mark in raw.marks) == WIB * 1_000
            tag, _device, pin, shown, *_ = json.loads(raw.record)
            assert (tag, pin) == ("scan", "1003")
            touched[one.use] = shown - WIB
    late = (touched["in"] - at(TUESDAY, 7, 30)) // 60
    early = (at(TUESDAY, 16) - touched["out"]) // 60
    bands = ((91, 150), (61, 125), (31, 100), (1, 50))
    by_hand = sum(next(cut for first, cut in bands if m >= first) for m in (late, early))
    assert by_hand == found.priced.cut_bp == sum(one.cut_bp for one in found.priced.reasons)


def test_an_event_that_is_not_there_or_was_changed_is_not_vouched_for(week):
    kid, epoch, seq = parts(week.explained(WAYAN, TUESDAY).punches[0].event)
    with week.region.database.reading() as tx:
        assert trace.trace(tx, kid, epoch, 10**9) is None
        assert trace.trace(tx, "T99Z", epoch, seq) is None


def test_a_persons_month_is_the_row_that_his_offices_sheet_has(week):
    with week.region.database.reading() as tx:
        rows = {row.record.nip: row.record for row in sheet(tx, "1.01", "2026-01").rows}
        assert rows[WAYAN] == reckoning.reckon(tx, WAYAN, "2026-01").record
        assert rows[WAYAN].productivity_bp == 9_200
        assert rows[RINA] == reckoning.reckon(tx, RINA, "2026-01").record


def test_somebody_absent_for_days_is_reported_and_days_without_data_are_not_counted(week):
    span = known.month("2026-01")
    with week.region.database.reading() as tx:
        found = {one.nip: one for one in reports.inactive.people(tx, ["1.01"], span)}
        warned = {one.nip: one for one in reports.discipline.warned(tx, ["1.01"], span)}
    agus = found[AGUS]
    # 14, 15, 19 and 20 January; the 21st waits for its data.
    assert (agus.since, agus.until, agus.days) == (WEDNESDAY, NEXT_TUESDAY, 4)
    assert agus.waiting == 1
    assert agus.ongoing
    assert WAYAN not in found
    assert RINA not in found or found[RINA].since > date(2026, 1, 14)  # on leave until then
    assert warned[AGUS].counter.days == 5
    assert warned[AGUS].counter.step == "written"
    assert "5 hari tanpa keterangan tahun ini" in lines.row("id", warned[AGUS])


def test_the_first_day_after_a_holiday_counts_who_had_come_by_ten(week):
    with week.region.database.reading() as tx:
        found = reports.holiday.returns(tx, ["1.01"], known.month("2026-01"))
    after = next(one for one in found if one.day == NEXT_MONDAY)
    assert (after.expected, after.by_ten) == (7, 1)
    places = (after.by_ten, after.later, after.excused, after.absent, after.waiting)
    assert sum(places) == after.expected


def test_people_type_explain_and_report(week, tmp_path):
    config = tmp_path / "server.toml"
    ledger = week.region.folder / "centre/ledger.db"
    (tmp_path / "state").symlink_to(ledger.parent)
    config.write_text(f'state = "{tmp_path}/state"\n')

    def type_(*words, lang="id"):
        line = ["--config", str(config), "--lang", lang, *words]
        return CliRunner().invoke(main, line, catch_exceptions=False)

    done = type_("explain", "1.01:1003", "2026-01-13")
    assert done.exit_code == 0, done.stderr
    assert "TL3: masuk 08.31" in done.stdout
    told_ = json.loads(type_("explain", WAYAN, "2026-01-13", "--json").stdout)
    assert told_["explained"]["priced"]["cut_bp"] == 175
    assert type_("explain", "1.01:9999", "2026-01-13").exit_code == 2
    assert type_("explain", WAYAN, "13 Januari").exit_code == 2
    assert type_("explain", WAYAN, "2031-01-13").exit_code == 1
    found = type_("report", "inactive", "2026-01", "--opd", "1.01")
    assert "Agus" in found.stdout
    patterns = type_("report", "patterns", "2026-01", "--json")
    assert json.loads(patterns.stdout)["report"] == "patterns"
    assert type_("report", "inactive", "Januari").exit_code == 2
    with week.region.database.reading() as tx:
        did = set(tx.execute(access.select().with_only_columns(access.c.did, access.c.whom)))
    assert ("read_day", WAYAN) in {tuple(row) for row in did}
