"""From daily facts to a frozen month, and what is paid when the facts change afterwards."""

import contextlib
import json
import random
import re
import shutil
import threading
from datetime import date, timedelta
from functools import partial

import msgspec
import pytest
from click.testing import CliRunner
from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError

from sync_server import (
    absences,
    cli,
    closing,
    decisions,
    dirt,
    imports,
    notices,
    posts,
    regulations,
    roster,
    rulings,
    schema,
    server,
    sheet,
    whatif,
)
from sync_server.absences import Entry
from sync_server.authority import Keys
from sync_server.closing import NotYet, drafts, lacks, steps
from sync_server.config import Config, Ledger, Web
from sync_server.corrections import asking, deciding
from sync_server.corrections.asking import Ask
from sync_server.errors import BadFile
from sync_server.exports import issue, manifest, pages, workbook
from sync_server.fact import Fact
from sync_server.imports import Upload
from sync_server.roles import Viewer
from sync_server.sheet import counting
from sync_server.sheet.members import Member
from sync_server.tukin import reading
from tests.halves import Kiosk
from tests.region import PEOPLE, at, nip
from tests.sync_server.month_site import (
    AFTER_OBJECTIONS,
    BKPSDM,
    CLERK,
    CLOSING_DAY,
    FIRST,
    HEAD,
    LAST,
    MONTH,
    MOVER,
    NEXT,
    SITES,
    MonthSite,
)
from tests.sync_server.test_webhooks import Application


@pytest.fixture(scope="module")
def unsent(tmp_path_factory):
    """Files imported; the month waits in the kiosks."""
    site = MonthSite(tmp_path_factory.mktemp("januari") / "site")
    site.files()
    site.record()
    site.close()
    return site


@pytest.fixture(scope="module")
def recorded(unsent, tmp_path_factory):
    """The month sent, facts made, on the day of closing."""
    site = copied(unsent, tmp_path_factory.mktemp("terkirim") / "site")
    site.send()
    site.on(CLOSING_DAY)
    site.earn()
    site.renew()
    site.close()
    return site


@pytest.fixture
def january(recorded, tmp_path):
    site = copied(recorded, tmp_path / "site")
    yield site
    site.close()


def copied(recorded, folder):
    """The same in a folder of its own."""
    shutil.copytree(recorded.folder, folder)
    site = MonthSite(folder, recorded.invited)
    site.on(CLOSING_DAY)
    return site


def freeze(site):
    """The whole way, as it should go."""
    site.do(closing.close, CLERK)
    site.on(AFTER_OBJECTIONS)
    site.do(closing.approve, HEAD)
    deed = closing.Deed(BKPSDM, site.clock.now)
    return closing.freeze(site.database, "1.01", MONTH, deed)


def letter(who, code, first, last):
    return Entry(
        document=f"SK-{who}-{first}", nip=nip(who), code=code, scope="day", first=first, last=last
    )


def excuse(site, *letters):
    with site.database.writing() as tx:
        absences.store(tx, letters, "dewi", site.clock.now)
    site.renew()


def absent_days(site, opd="1.01"):
    """(PIN, day) of everybody whom the sheet has absent."""
    return [
        (row.record.nip[-4:], day.workdate)
        for row in site.sheet(opd).rows
        for day in row.record.days
        if day.status == "TK"
    ]


def test_every_rupiah_of_a_row_follows_from_its_days(january):
    made = january.sheet()
    assert len(made.rows) == 6
    assert made.pending == ()
    for row in made.rows:
        its = row.record
        assert its.workdays == 20  # January 2026: 21 weekdays less 16 Jan, and 1 Jan
        assert its.cut_bp == sum(day.cut_bp for day in its.days)
        assert its.gross == its.discipline + its.productivity
        assert its.discipline == its.base * 40 // 100 - its.cut
        assert its.cut == (its.base * 40 // 100 * its.cut_bp + 5_000) // 10_000
        assert its.productivity == its.base * 60 // 100 * 92 // 100


def test_who_moves_within_the_month_is_paid_once_by_the_office_where_he_ends(january):
    here, there = january.sheet("1.01"), january.sheet("1.02")
    assert nip(MOVER) not in {row.record.nip for row in here.rows}
    (row,) = (row for row in there.rows if row.record.nip == nip(MOVER))
    assert [day.workdate.day for day in row.record.days] == list(range(1, 32))
    assert row.record.workdays == 20


def test_a_decree_that_begins_within_the_month_prices_from_its_day(january):
    first = regulations.text("rules-40-60.toml")
    later = first.replace("5449", "baru").replace("2026-01-01", "2026-01-16")
    with january.database.writing() as tx:
        rulings.store_rules(tx, later.replace('cut = "3"', 'cut = "2"'), "baru.toml", 1, "uji")
    made = january.sheet()
    assert [one.id for one in made.rulesets] == ["contoh-pola-061-5449", "contoh-pola-061-baru"]
    spans = [row.record.rulesets for row in made.rows]
    assert {tuple((one.first.day, one.last.day) for one in its) for its in spans} == {
        ((1, 15), (16, 31))
    }
    costs = {
        (d.workdate.day < 16, d.cut_bp)
        for r in made.rows
        for d in r.record.days
        if d.codes == ("TK",)
    }
    assert costs == {(True, 300), (False, 200)}


def test_a_month_goes_from_open_to_frozen_through_two_people(january):
    frozen = freeze(january)
    assert frozen.state == "frozen"
    with january.database.reading() as tx:
        stored = closing.frozen(tx, "1.01", MONTH)
        acts = decisions.of(tx, closing.SUBJECT, frozen.ref)
        body = closing.body(tx, frozen)
    assert stored == january.sheet()
    assert sheet.digest(body) == frozen.digest
    assert [(one.verdict, one.who) for one in acts] == [
        ("closed", "dewi"),
        ("approved", "sari"),
        ("frozen", "bkpsdm"),
    ]


def test_a_month_is_not_closed_before_its_last_day_is_over(january):
    january.on(date(2026, 1, 31), 23)
    with pytest.raises(NotYet) as refused:
        january.do(closing.close, HEAD)
    assert [one.code for one in refused.value.lacks] == ["RUNNING"]
    january.on(date(2026, 2, 1), 0)
    assert january.do(closing.close, HEAD).state == "closed"


def test_people_have_five_workdays_to_object(january):
    january.do(closing.close, CLERK)  # on Monday the 2nd
    january.on(date(2026, 2, 9), 23)
    with pytest.raises(NotYet) as refused:
        january.do(closing.approve, HEAD)
    assert [(one.code, one.detail) for one in refused.value.lacks] == [("DISPUTE", "2026-02-09")]
    january.on(date(2026, 2, 10), 0)
    assert january.do(closing.approve, HEAD).state == "approved"


def test_nobody_gives_both_approvals_even_under_another_account(january):
    january.do(closing.close, HEAD)
    january.on(AFTER_OBJECTIONS)
    january.do(closing.approve, HEAD)
    same = Viewer("sari-bkpsdm", nip("1001"), "bkpsdm", "", None)
    with pytest.raises(BadFile, match="month_same_person"):
        closing.freeze(january.database, "1.01", MONTH, closing.Deed(same, january.clock.now))


@pytest.mark.parametrize(
    ("step", "viewer"),
    [
        (closing.close, Viewer("wayan", nip("1003"), "pegawai", "1.01")),
        (closing.close, Viewer("tono", nip("2001"), "kepala", "1.02", frozenset({"1.02"}))),
        (closing.approve, CLERK),
        (closing.approve, BKPSDM),
    ],
)
def test_who_may_not_decide_is_refused(january, step, viewer):
    if step is closing.approve:
        january.do(closing.close, CLERK)
        january.on(AFTER_OBJECTIONS)
    with pytest.raises(BadFile, match="month_not_yours"):
        january.do(step, viewer)


def test_everything_that_waits_is_listed_at_once_and_stops_the_approval(recorded, tmp_path):
    site = MonthSite(tmp_path / "site")
    site.files()
    site.record(last=date(2026, 1, 28))  # the terminals have said nothing since
    site.send()
    site.on(CLOSING_DAY)
    with site.database.writing() as tx:
        tx.execute(schema.post.delete().where(schema.post.c.nip == nip("1005")))
        asked = {"opd": "1.01", "nip": nip("1003"), "workdate": "2026-01-20", "kind": "LUPA"}
        asked |= {"points": "in", "reason": "lupa", "state": "submitted", "asked": 0}
        tx.execute(insert(schema.correction).values(**asked, asked_by="wayan"))
    site.renew()
    site.do(closing.close, CLERK)
    site.on(AFTER_OBJECTIONS)
    with pytest.raises(NotYet) as refused:
        site.do(closing.approve, HEAD)
    found = {(one.code, one.nip[-4:], one.workdate) for one in refused.value.lacks}
    assert ("CORRECTION", "1003", "2026-01-20") in found
    assert ("NO_BASE", "1005", "") in found
    assert {("TUNGGU_DATA", "1001", f"2026-01-{day}") for day in (29, 30)} <= found
    with site.database.reading() as tx:
        late = closing.long_waiting(tx, site.sheet(), site.clock.now)
    assert {one.workdate for one in late} == {"2026-01-29", "2026-01-30"}
    assert all(day.cut_bp == 0 for row in site.sheet().rows for day in row.record.days[28:])
    site.close()


def people_of(opd, mistyped=""):
    """pegawai.csv of an office as `files` has it; the PIN 1003 may be written otherwise."""
    until = {MOVER: "2026-01-15"}
    rows = [(p, name) for p, name, of, *_ in PEOPLE if of == opd]
    lines = [f"{nip(p)},{name},{opd},WIB,{p},,{until.get(p, '')}\n" for p, name in rows]
    text = "nip,nama,opd,zona,pin,mulai,selesai\n" + "".join(lines)
    return text.replace(",WIB,1003,", f",WIB,{mistyped or 1003},")


def bring(site, kind, text):
    """Somebody imports a file, and the facts follow."""
    with site.database.writing() as tx:
        upload = Upload(f"{kind}.csv", text, "dewi", site.clock.now)
        imports.take(tx, imports.read(tx, kind, upload))
    site.renew()


def waiting(site, code):
    return [one for one in site.sheet().pending if one.code == code]


def test_touches_that_are_nobodys_hold_the_month_while_somebody_counts_as_absent(january):
    bring(january, "person", people_of("1.01", mistyped="1033"))
    (line,) = waiting(january, "NO_OWNER")
    assert "PIN 1003 " in line.detail
    absent = [day for pin, day in absent_days(january) if pin == "1003"]
    assert line.workdate == min(absent).isoformat()
    assert len(absent) > 15
    january.do(closing.close, CLERK)
    january.on(AFTER_OBJECTIONS)
    with pytest.raises(NotYet, match="NO_OWNER"):
        january.do(closing.approve, HEAD)
    bring(january, "person", people_of("1.01"))
    assert waiting(january, "NO_OWNER") == []
    january.do(closing.approve, HEAD)


def test_the_head_may_answer_for_a_pin_that_is_no_employees(january):
    day = absent_days(january)[0][1]
    touch = {"kid": "T01A", "epoch": 1, "seq": 99_999, "opd": "1.01", "pin": "9001", "body": b""}
    with january.database.writing() as tx:
        tx.execute(insert(schema.placed).values(**touch, lo=at(day, 7), hi=at(day, 7)))
    (line,) = waiting(january, "NO_OWNER")
    assert line.workdate == str(day)
    cleaner = closing.Deed(HEAD, january.clock.now, "petugas kebersihan")
    for refused in (closing.Deed(CLERK, 0, "x"), closing.Deed(HEAD, 0, " ")):
        with january.database.writing() as tx, pytest.raises(BadFile):
            closing.answer(tx, "1.01", "9001", refused)
    with january.database.writing() as tx:
        closing.answer(tx, "1.01", "9001", cleaner)
    assert waiting(january, "NO_OWNER") == []


def test_a_late_arrival_waits_while_a_device_that_may_hold_an_earlier_touch_is_not_read(january):
    late = {
        (row.record.nip, day.workdate.isoformat())
        for row in january.sheet().rows
        for day in row.record.days
        if day.status == "HADIR" and day.cut_bp
    }
    assert late
    assert waiting(january, "UNREAD") == []
    january.centre.invite("T09A", "1.01")
    january.renew()
    found = {(one.nip, one.workdate, one.detail) for one in waiting(january, "UNREAD")}
    assert {(*of, "kiosk T09A") for of in late} >= found
    assert found
    january.do(closing.close, CLERK)
    january.on(AFTER_OBJECTIONS)
    with pytest.raises(NotYet, match="UNREAD"):
        january.do(closing.approve, HEAD)


def test_whom_a_post_frees_from_being_recorded_needs_a_turn_to_be_paid(january):
    with january.database.writing() as tx:
        tx.execute(schema.rota.delete().where(schema.rota.c.nip == nip("1003")))
        tx.execute(update(schema.post).where(schema.post.c.nip == nip("1003")).values(exempt=True))
        dirt.mark_all(tx, FIRST, LAST, january.clock.now)
    january.renew()
    assert [one.nip for one in waiting(january, "NO_FACT")] == [nip("1003")]


def test_a_post_that_frees_from_being_recorded_makes_its_days_anew(january):
    pin, day = absent_days(january)[0]
    heads = "nip,jabatan,golongan,kelas,tpp,dikecualikan\n"
    bring(january, "post", f"{heads}{nip(pin)},Analis,III/c,8,3000000,ya\n")
    assert (pin, day) not in absent_days(january)
    bring(january, "post", f"{heads}{nip(pin)},Analis,III/c,8,3000000,\n")
    assert (pin, day) in absent_days(january)


def test_what_changes_between_approval_and_freeze_has_to_be_approved_again(january):
    january.do(closing.close, CLERK)
    january.on(AFTER_OBJECTIONS)
    first = january.do(closing.approve, HEAD)
    pin, day = absent_days(january)[0]
    excuse(january, letter(pin, "CT", day, day))
    deed = closing.Deed(BKPSDM, january.clock.now)
    with pytest.raises(NotYet) as refused:
        closing.freeze(january.database, "1.01", MONTH, deed)
    (lack,) = refused.value.lacks
    assert lack.code == "CHANGED"
    again = january.do(closing.approve, HEAD)  # the masa sanggah is not counted anew
    assert (again.rev, again.digest) == (first.rev + 1, lack.detail)
    assert closing.freeze(january.database, "1.01", MONTH, deed).digest == lack.detail


def test_a_step_is_not_noted_for_a_sheet_that_newer_facts_or_events_have_overtaken(january):
    """The sheet is made while others write."""
    with january.database.reading() as tx:
        drawn = drafts.draw(tx, "1.01", MONTH)
        assert drafts.moved(tx, drawn) == []
    january.read("1.01", date(2026, 2, 9))
    january.send("T01A")
    with january.database.reading() as tx:
        assert [one.code for one in drafts.moved(tx, drawn)] == ["UNMADE"], "it was not read yet"
    january.renew()
    with january.database.reading() as tx:
        assert drafts.moved(tx, drawn) == [], "it changed no fact"
    pin, day = absent_days(january)[0]
    excuse(january, letter(pin, "CT", day, day))
    deed = closing.Deed(CLERK, january.clock.now)
    with january.database.writing() as tx, pytest.raises(NotYet, match="UNMADE"):
        steps.close_drawn(tx, drawn, deed)


def test_what_is_approved_is_what_was_looked_at(january):
    looked = sheet.digest(sheet.encode(january.sheet()))
    january.do(closing.close, CLERK)
    pin, day = absent_days(january)[0]
    excuse(january, letter(pin, "CT", day, day))
    january.on(AFTER_OBJECTIONS)
    deed = closing.Deed(HEAD, january.clock.now)
    with pytest.raises(NotYet, match="CHANGED"):
        closing.approve(january.database, "1.01", MONTH, deed, looked)


def test_a_fact_that_does_not_follow_from_the_raw_events_is_named_before_the_freeze(january):
    made = january.sheet()
    pin, day = absent_days(january)[0]
    its = schema.day.c
    with january.database.writing() as tx:
        where = (its.nip == nip(pin), its.workdate == day.isoformat())
        other = tx.execute(
            schema.day.select().where(its.nip == nip(pin), its.status == "HADIR")
        ).first()
        tx.execute(update(schema.day).where(*where).values(body=other.body, status="HADIR"))
    assert january.sheet() != made
    january.do(closing.close, CLERK)
    january.on(AFTER_OBJECTIONS)
    january.do(closing.approve, HEAD)
    with pytest.raises(NotYet) as refused:
        closing.freeze(january.database, "1.01", MONTH, closing.Deed(BKPSDM, january.clock.now))
    found = [(one.code, one.nip, one.workdate) for one in refused.value.lacks]
    assert found == [("DIFFERS", nip(pin), day.isoformat())]
    assert january.sheet() == made


def test_a_frozen_month_cannot_be_changed_or_reopened(january):
    frozen = freeze(january)
    with pytest.raises(BadFile, match="month_is_frozen"):
        january.do(closing.reopen, HEAD, why="keliru")
    with pytest.raises(IntegrityError, match="append-only"), january.database.writing() as tx:
        tx.execute(update(schema.closing).values(digest="0"))
    with january.database.reading() as tx:
        assert closing.standing(tx, "1.01", MONTH) == frozen


def test_a_reopened_month_is_closed_anew_with_another_time_to_object(january):
    january.do(closing.close, CLERK)
    january.on(date(2026, 2, 5))
    january.do(closing.reopen, HEAD, why="absensi pulang tertinggal")
    again = january.do(closing.close, CLERK)
    assert again.rev == 2
    with january.database.reading() as tx:
        assert closing.objections_until(tx, "1.01", MONTH, again.closed) == date(2026, 2, 12)


def test_a_month_is_reopened_with_a_reason_and_an_approved_one_by_who_approves(january):
    january.do(closing.close, CLERK)
    with pytest.raises(BadFile, match="month_why"):
        january.do(closing.reopen, HEAD, why=" ")
    january.on(AFTER_OBJECTIONS)
    january.do(closing.approve, HEAD)
    with pytest.raises(BadFile, match="month_not_yours"):
        january.do(closing.reopen, CLERK, why="berubah pikiran")
    assert january.do(closing.reopen, BKPSDM, why="surat tertinggal").state == "reopened"


def test_a_difference_after_the_freeze_is_paid_once_by_a_later_month(january):
    before = {
        row.record.nip: row.record.gross for row in (freeze(january), january.sheet())[1].rows
    }
    (pin, day), (other, later) = absent_days(january)[:2]
    excuse(january, letter(pin, "CT", day, day))
    with january.database.reading() as tx:
        (found,) = closing.differences(tx, "1.01", MONTH)
    base = next(row.record.base for row in january.sheet().rows if row.record.nip == nip(pin))
    assert (found.nip, found.was) == (nip(pin), before[nip(pin)])
    assert found.amount == base * 40 // 100 * 3 // 100
    assert found.reasons[0] == f"{day}: TK TK 3 % → SAH CT 0 %"
    assert [one.amount for one in january.do(closing.note, BKPSDM, NEXT)] == [found.amount]
    assert january.do(closing.note, BKPSDM, NEXT) == []
    excuse(january, letter(other, "CT", later, later))
    (more,) = january.do(closing.note, BKPSDM, NEXT)
    assert (more.nip, more.amount > 0) == (nip(other), True)
    owed = january.sheet(month=NEXT).owed
    assert [one.amount for one in owed] == [found.amount, more.amount]
    with january.database.reading() as tx:
        assert closing.frozen(tx, "1.01", MONTH).gross == sum(before.values())


def take(site, kind, text):
    """A file, as people import it; what its preview says is odd."""
    with site.database.writing() as tx:
        found = imports.read(tx, kind, Upload("berkas.csv", text, "dewi", site.clock.now))
        odd = imports.preview(tx, found).oddities
        imports.take(tx, found)
    site.renew()
    return {one.code: one.values.get("who", "") for one in odd}


def compared(site, opd="1.01"):
    """{PIN: (amount, whether it waits)} of everybody whose pay differs from the frozen month."""
    with site.database.reading() as tx:
        found = closing.differences(tx, opd, MONTH)
    return {one.nip[-4:]: (one.amount, one.waiting) for one in found}


def people(*rows):
    return "nip,nama,opd,zona,pin,mulai,selesai\n" + "".join(
        f"{nip(pin)},{name},{opd},WIB,{own},{first},{last}\n"
        for pin, name, opd, own, first, last in rows
    )


def everybody(opd, *but):
    """The office's people as they were imported, without some."""
    until = {MOVER: "2026-01-15"}
    named = ((p, name) for p, name, o, *_ in PEOPLE if o == opd and p not in but)
    return [(p, name, opd, p, "", until.get(p, "")) for p, name in named]


GRADED = regulations.text("rules-40-60.toml").replace("5449", "nilai") + (
    '\n[productivity]\nkind = "grade"\ngrades = { A = "100", B = "80" }\n'
)


def test_ekinerja_that_the_months_last_decree_cannot_read_stops_the_approval(january):
    with january.database.writing() as tx:
        later = GRADED.replace("2026-01-01", "2026-01-16")
        rulings.store_rules(tx, later, "nilai.toml", 1, "uji")
    said = {(one.code, one.nip[-4:]) for one in january.sheet().pending}
    assert ("KINERJA_UNREADABLE", "1003") in said
    with pytest.raises(NotYet):
        freeze(january)
    grades = "nip,bulan,jenis,nilai,sumber\n" + "".join(
        f"{row.record.nip},{MONTH},nilai,B,e-kinerja\n" for row in january.sheet().rows
    )
    take(january, "productivity", grades)
    assert {row.record.productivity_bp for row in january.sheet().rows} == {8000}
    assert january.sheet().pending == ()


def test_a_leavers_ekinerja_is_read_by_the_decree_of_the_months_last_day(january):
    rows = [*everybody("1.01", "1005"), ("1005", "Agus", "1.01", "1005", "", "2026-01-10")]
    take(january, "person", people(*rows))
    with january.database.writing() as tx:
        rulings.store_rules(tx, GRADED.replace("2026-01-01", "2026-01-16"), "nilai.toml", 1, "uji")
    take(
        january,
        "productivity",
        f"nip,bulan,jenis,nilai,sumber\n{nip('1005')},{MONTH},nilai,B,lama\n",
    )
    (left,) = (one.record for one in january.sheet().rows if one.record.nip == nip("1005"))
    assert (left.days[-1].workdate.day, left.productivity_bp) == (10, 8000)


def test_verified_work_that_a_decree_of_percentages_cannot_count_waits_and_none_does_not(january):
    with january.database.writing() as tx:
        tx.execute(schema.productivity.delete().where(schema.productivity.c.nip == nip("1003")))
    assert january.sheet().pending == (), "who brings nothing is warned of only"
    work = {"nip": nip("1003"), "workdate": "2026-01-07", "minutes": 300, "state": "verified"}
    with january.database.writing() as tx:
        tx.execute(insert(schema.activity).values(**work, entered=0))
    assert [one.code for one in january.sheet().pending] == ["KINERJA_UNREADABLE"]


def test_who_is_dropped_from_the_import_is_said_before_and_loses_nothing_after(january):
    freeze(january)
    odd = take(january, "person", people(*everybody("1.01", "1005")))
    assert odd["people_gone"] == "Agus (2026-01 – 2026-01)"
    assert odd["months_touched"].startswith("Agus (2026-01)")
    amount, waits = compared(january)["1005"]
    assert (amount < 0, waits) == (True, True)
    assert january.do(closing.note, BKPSDM, NEXT) == []


def test_a_post_without_a_first_day_changes_frozen_months_and_one_with_it_does_not(january):
    freeze(january)
    head = "nip,jabatan,golongan,kelas,tpp,mulai\n"
    odd = take(january, "post", f"{head}{nip('1003')},Analis,III/c,8,5000000,2026-02-01\n")
    assert (odd, compared(january)) == ({}, {})
    odd = take(january, "post", f"{head}{nip('1003')},Analis,III/c,8,5000000,\n")
    assert odd == {"months_touched": "Wayan (2026-01)"}
    assert compared(january)["1003"][0] > 0


def test_a_file_of_turns_keeps_those_before_its_first_day(january):
    freeze(january)
    head = "nip,shift,mulai,selesai\n"
    odd = take(january, "roster", f"{head}{nip('1003')},REG,2026-02-01,2026-02-28\n")
    assert (odd, compared(january)) == ({}, {})
    with january.database.reading() as tx:
        turns = roster.rota(tx)[nip("1003")]
    assert [(one.mulai, one.selesai) for one in turns] == [
        (date.min, date(2026, 1, 31)),
        (date(2026, 2, 1), date(2026, 2, 28)),
    ]
    assert take(january, "roster", f"{head}{nip('1003')},REG,2026-01-20,\n") == {}
    odd = take(january, "roster", f"{head}{nip('1003')},RS_PAGI,2026-01-20,\n")
    assert odd == {"months_touched": "Wayan (2026-01)"}


def test_nobody_is_paid_for_one_month_by_two_offices(january):
    freeze(january)
    left = ("1005", "Agus", "1.01", "1005", "", "2026-01-30")
    take(january, "person", people(*everybody("1.01", "1005"), left))
    moved = [
        ("1005", "Agus", "1.02", "2555", "2026-01-31", ""),
        (MOVER, "Yosef", "1.02", "2007", "2026-01-16", ""),
    ]
    take(january, "person", people(*everybody("1.02"), *moved))
    with january.database.reading() as tx:
        found = list(lacks.paid_elsewhere(tx, january.sheet("1.02")))
    assert [(one.code, one.nip, one.detail) for one in found] == [
        ("PAID_ELSEWHERE", nip("1005"), "1.01")
    ]
    assert compared(january)["1005"][1] is False, "another office's import knows him"
    january.do(closing.note, BKPSDM, NEXT)
    with january.database.reading() as tx:
        assert list(lacks.paid_elsewhere(tx, january.sheet("1.02"))) == []


def test_a_difference_waits_while_something_of_the_whole_office_does(january):
    freeze(january)
    pin, day = absent_days(january)[0]
    with january.database.writing() as tx:  # the day is not made anew yet
        absences.store(tx, [letter(pin, "CT", day, day)], "dewi", january.clock.now)
        posts.store_posts(tx, [msgspec.structs.replace(posts.history(tx, nip(pin))[0], base=9)])
    assert {waits for _, waits in compared(january).values()} == {True}
    january.renew()
    assert {waits for _, waits in compared(january).values()} == {False}


def test_the_month_that_pays_a_susulan_is_near_and_open_and_can_be_another(january):
    freeze(january)
    pin, day = absent_days(january)[0]
    excuse(january, letter(pin, "CT", day, day))
    for far in ("2099-12", "2026-06"):
        with pytest.raises(BadFile, match="susulan_far"):
            january.do(closing.note, BKPSDM, far)
    (noted,) = january.do(closing.note, BKPSDM, "2026-05")
    with pytest.raises(BadFile, match="month_not_yours"):
        january.do(closing.move, HEAD, noted.no, NEXT)
    january.do(closing.move, BKPSDM, noted.no, NEXT)
    assert [one.no for one in january.sheet(month=NEXT).owed] == [noted.no]
    with january.database.writing() as tx:
        logged = tx.execute(schema.access.select().where(schema.access.c.did == "susulan_moved"))
        assert logged.one().detail == f"{MONTH} no {noted.no}: 2026-05 -> {NEXT}"
    january.on(date(2026, 3, 2))
    january.do(closing.close, CLERK, month=NEXT)
    with pytest.raises(BadFile, match="susulan_month_closed"):
        january.do(closing.move, BKPSDM, noted.no, "2026-04")


def test_the_susulan_of_somebody_who_has_moved_has_his_name(january):
    freeze(january)
    pin, day = absent_days(january)[0]
    excuse(january, letter(pin, "CT", day, day))
    january.do(closing.note, BKPSDM, NEXT)
    name = next(one for p, one, *_ in PEOPLE if p == pin)
    rows = [*everybody("1.01", pin), (pin, name, "1.01", pin, "", "2026-01-31")]
    take(january, "person", people(*rows))
    assert [one.name for one in january.sheet(month=NEXT).owed] == [name]


def test_a_persons_frozen_month_is_the_one_that_was_frozen(january):
    freeze(january)
    pin, day = absent_days(january)[0]
    paid = next(one.record for one in january.sheet().rows if one.record.nip == nip(pin))
    excuse(january, letter(pin, "CT", day, day))
    (amount, _) = compared(january)[pin]
    with january.database.reading() as tx:
        found = closing.counted(tx, nip(pin), MONTH)
        told = closing.explained(tx, nip(pin), day)
    assert (found.month.record, found.changed) == (paid, amount)
    assert (told.fact.status, told.priced.cut_bp, told.money.lost > 0) == ("TK", 300, True)
    january.do(closing.note, BKPSDM, NEXT)
    with january.database.reading() as tx:
        assert closing.counted(tx, nip(pin), MONTH).changed == 0


def test_the_days_money_adds_up_to_the_months_cut(january):
    head = "nip,jabatan,golongan,kelas,tpp,mulai\n"
    rows = "".join(f"{nip(pin)},Analis,III/c,8,3333337,2026-01-20\n" for pin, *_ in PEOPLE)
    take(january, "post", head + rows)
    for row in january.sheet().rows:
        with january.database.reading() as tx:
            told = [closing.explained(tx, row.record.nip, day.workdate) for day in row.record.days]
        assert sum(one.money.lost for one in told) == row.record.cut
    assert sum(row.record.cut for row in january.sheet().rows) > 0


def test_of_two_letters_for_one_day_the_cheaper_counts_by_the_rules_in_force(january):
    day = date(2026, 1, 20)
    sick, leave = letter("1003", "CS", day, day), letter("1003", "CT", day, day)
    excuse(january, sick, msgspec.structs.replace(leave, document="SK-2"))
    assert codes(january, "1003", day) == ("CT",), "free for as long as it takes"
    rules = regulations.text("rules-40-60.toml")
    free = 'cuti tahunan\nscope="day"\ncut="0"'
    assert free in rules
    with january.database.writing() as tx:
        dear = rules.replace(free, free.replace("0", "2"))
        rulings.store_rules(tx, dear, "aturan.toml", int(january.clock.now), "uji")
    january.renew()
    assert codes(january, "1003", day) == ("CS",)


def codes(site, pin, day):
    """The codes of somebody's day."""
    row = next(one for one in site.sheet().rows if one.record.nip == nip(pin))
    return next(one.codes for one in row.record.days if one.workdate == day)


def test_a_susulan_is_not_put_into_a_month_that_is_frozen_or_earlier(january):
    freeze(january)
    with pytest.raises(BadFile, match="susulan_not_later"):
        january.do(closing.note, BKPSDM, MONTH)
    with pytest.raises(BadFile, match="month_not_yours"):
        january.do(closing.note, HEAD, NEXT)


def test_a_batch_that_comes_after_the_freeze_becomes_a_susulan(january):
    """A terminal at the back door that nobody had linked saw somebody on a day on which all that was
    known said absent; its log comes in February."""
    pin, day = absent_days(january)[0]
    frozen = freeze(january)
    before, files = january.sheet(), printed(january)
    with january.database.reading() as tx:
        assert counting.digest(closing.facts(tx, frozen)) == before.facts_sha256
    invited = january.centre.invite("T03A", "1.01")
    january.kiosks["T03A"] = Kiosk(january.folder / "T03A", invited, january.clock)
    scans = [(at(day, 7, 20), pin), (at(day, 17), pin)]
    january.read("1.01", date(2026, 2, 20), scans, "T03A", "CJ9")
    january.send("T03A")
    january.renew()
    with january.database.reading() as tx:
        (found,) = closing.differences(tx, "1.01", MONTH)
    assert (found.nip, found.waiting, found.reasons[0]) == (
        nip(pin),
        False,
        f"{day}: TK TK 3 % → HADIR 0 %",
    )
    assert january.sheet().facts_sha256 != before.facts_sha256
    assert printed(january) == files, "the frozen month is printed as it was frozen"
    (paid,) = january.do(closing.note, BKPSDM, NEXT)
    (line,) = january.sheet(month=NEXT).owed
    assert line.amount == paid.amount == found.amount > 0


def printed(site):
    """The month's workbook, papers and data."""
    with site.database.reading() as tx:
        paper = issue.paper(tx, "1.01", MONTH, "Kabupaten Contoh")
    return [made(paper) for made in (workbook.made, pages.made, manifest.packed)]


class Second:
    """Somebody who closes the month in another thread."""

    def __init__(self, site):
        self.site, self.said = site, None
        self.thread = threading.Thread(target=self._close)

    def _close(self):
        try:
            self.site.do(closing.close, CLERK)
        except BadFile as refused:
            self.said = refused.code

    def waits_for(self, first, begun):
        """Close while `first` has closed and not yet committed; what this one is told."""
        with self.site.database.reading() as tx:
            drawn = drafts.draw(tx, "1.01", MONTH)
        with self.site.database.writing() as tx:
            steps.close_drawn(tx, drawn, closing.Deed(first, self.site.clock.now))
            self.thread.start()
            begun()
        self.thread.join()
        return self.said


def test_of_two_who_close_a_month_at_once_the_second_is_told_that_it_is_closed(january):
    second = Second(january)
    assert second.waits_for(HEAD, lambda: None) == "month_is_closed"


@pytest.mark.all_only("needs postgresql")
def test_of_two_who_close_at_once_on_postgresql_the_second_is_told_too(tmp_path, postgres):
    url = postgres.database()
    site = MonthSite(tmp_path / "site", ledger=url)
    site.files()
    site.on(CLOSING_DAY)
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"

    def begun():
        with postgres.session(url.rpartition("/")[2]) as session:
            while not session.execute(waiting).fetchone()[0]:
                assert second.thread.is_alive()

    second = Second(site)
    assert second.waits_for(HEAD, begun) == "month_is_closed"
    site.close()


def test_a_run_of_absence_that_began_before_the_month_goes_on_in_it():
    """Absent on the last six workdays of December and the first four of January: ten in a row, and
    the decree then takes all of January's discipline."""
    rules = reading.parse(regulations.text("rules-40-60"), "aturan.toml")
    before = tuple(fact(date(2025, 12, 22 + n), "TK") for n in range(6))
    own = [fact(date(2026, 1, 2 + n), "TK" if n < 4 else "HADIR") for n in range(20)]
    days = counting.ruled(own, lambda _: rules)
    who = Member(nip("1001"), "Sari", frozenset(), frozenset(), None)
    assert counting.looks_back(days.days)
    alone = counting.row(who, "1.01", MONTH, days, counting.Beside(None)).record
    told = counting.row(who, "1.01", MONTH, days, counting.Beside(None, before)).record
    assert (alone.cut_bp, told.cut_bp) == (1_200, 10_000)
    assert not counting.looks_back(days.days[4:])


def test_where_two_offices_know_a_day_the_one_that_speaks_for_the_employee_counts():
    day = date(2026, 1, 5)
    here, there = fact(day, "HADIR", "1.02"), fact(day, "TUNGGU_DATA", "1.01")
    absent = fact(day, "TK", "1.00")
    assert counting.once([absent, there, here]) == [here]
    assert counting.once([absent, there]) == [there]


def fact(day, status, opd="1.01"):
    """A day without times."""
    return Fact(
        nip=nip("1001"),
        opd=opd,
        workdate=day,
        tz="+07:00",
        shift="REG",
        due_in=None,
        due_out=None,
        arrival=None,
        departure=None,
        mid=(),
        late_min=0,
        early_min=0,
        missing=(),
        status=status,
        absence=None,
        absence_in=None,
        absence_out=None,
        excused=(),
        coverage="complete",
        behind=(),
        evidence=(),
        flags=(),
        engine="",
        retime="",
        apel=None,
    )


SLOW = pytest.mark.all_only("some seconds")


@pytest.mark.parametrize("seed", [0, *(pytest.param(n, marks=SLOW) for n in range(1, 12))])
def test_no_order_of_batches_letters_corrections_and_reckoning_changes_a_sheet(
    unsent, recorded, tmp_path, seed
):
    """The same month, told in pieces, letters and corrections between them, facts made at any
    moment."""
    draw = random.Random(seed)
    site = copied(unsent, tmp_path / "site")
    pins = ("1003", "1004", "2003", MOVER)
    letters = [
        letter(p, "CT", FIRST + timedelta(n), FIRST + timedelta(n + 1))
        for n, p in enumerate(pins, 5)
    ]
    steps = [lambda kid=kid: piece(site, kid) for kid in SITES.values() for _ in range(3)]
    steps += [lambda one=one: excuse(site, one) for one in letters]
    steps += [site.renew, site.earn]
    outages = [(opd, absent_days(recorded, opd)[0][1]) for opd in SITES]
    for course in courses(site, outages):
        steps += [partial(next, course, None) for _ in range(3)]
    draw.shuffle(steps)
    for step in steps:
        step()
    site.send()
    site.renew()
    found = site.bytes()
    site.close()
    other = copied(recorded, tmp_path / "other")
    excuse(other, *letters)
    uncorrected = other.bytes()
    for course in courses(other, outages):
        list(course)
    other.renew()
    assert found == other.bytes()
    assert all(a != b for a, b in zip(found, uncorrected, strict=True))
    other.close()


FAR = frozenset({"1.02"})
TONO, JOKO = (
    Viewer("tono", nip("2001"), "kepala", "1.02", FAR),
    Viewer("joko", nip("2005"), "admin_opd", "1.02", FAR),
)
BUDI = Viewer("budi", nip("1002"), "atasan", "1.01", juniors=frozenset({nip("1003"), nip("1005")}))


def courses(site, outages):
    """Corrections, each from the asking to what became of it, one act at a time: in both offices a day
    without power, a forgotten punch that two people grant, another that is not granted."""
    people = {"1.01": (CLERK, HEAD, BKPSDM), "1.02": (JOKO, TONO, BKPSDM)}
    for opd, day in outages:
        dark = {"opd": opd, "since": at(day, 6), "until": at(day, 18)}
        why = {"reason": "listrik padam", "document": "PLN 12/2026"}
        yield course(site, Ask(kind="GANGGUAN", **why, **dark), *people[opd])
    for pin, day, second in (("1003", 29, HEAD), ("1005", 30, None)):
        forgotten = {"nip": nip(pin), "workdate": date(2026, 1, day), "points": ("out",)}
        yield course(site, Ask(kind="LUPA", reason="lupa", **forgotten), CLERK, BUDI, second)


def course(site, ask, asker, first, second):
    """Asked, then granted by two people, or turned down by the first where there is no second."""
    now = site.clock.now
    with site.database.writing() as tx:
        no = asking.draft(tx, ask, asker, now)
        asking.submit(tx, no, asker, now)
    yield
    with site.database.writing() as tx:
        if second is None:
            deciding.reject(tx, no, first, now, "ada absensi pulang")
            return
        deciding.approve(tx, no, first, now)
    yield
    with site.database.writing() as tx:
        deciding.approve(tx, no, second, now)


def piece(site, kid):
    """A few frames of one kiosk."""
    kiosk = site.kiosks[kid]
    for frame in list(kiosk.dispatch.frames(0))[:1]:
        for _, data in site.centre.desk.take([(kid, frame)]):
            kiosk.dispatch.take(data)


def test_every_batch_told_again_changes_no_byte(january):
    before = january.bytes()
    for kid, kiosk in january.kiosks.items():
        frames = list(kiosk.dispatch.frames(0))
        january.centre.desk.take([(kid, frame) for frame in frames * 2])
    january.renew()
    assert january.bytes() == before
    with january.database.writing() as tx:
        tx.execute(schema.day.delete())
    january.renew()
    assert january.bytes() == before


def test_a_draft_is_compared_person_by_person_and_nothing_is_kept(january):
    before = january.bytes()
    same = reading.parse(regulations.text("rules-40-60.toml"), "sama.toml")
    harder = reading.parse(
        regulations.text("rules-40-60.toml").replace('cut = "3"', 'cut = "5"').replace('"3"', '""'),
        "keras.toml",
    )
    with january.database.reading() as tx:
        assert whatif.compare(tx, same, MONTH).difference == 0
        found = whatif.compare(tx, harder, MONTH)
    absent = {pin for opd in SITES for pin, _ in absent_days(january, opd)}
    assert {one.nip[-4:] for one in found.people if one.difference < 0} == absent
    assert found.difference == sum(one.becomes - one.was for one in found.people) < 0
    assert found.worse == len(absent)
    assert january.bytes() == before


@pytest.mark.all_only("needs postgresql")
def test_a_month_is_frozen_and_paid_later_on_postgresql_too(tmp_path, postgres):
    url = postgres.database()
    site = MonthSite(tmp_path / "site", ledger=url)
    site.files()
    site.record()
    site.send()
    site.on(CLOSING_DAY)
    site.earn()
    site.renew()
    with contextlib.closing(Application()) as application:
        with site.database.writing() as tx:
            notices.add(tx, notices.Asked(application.url, "5" * 64, ["month.frozen"], "sari"), 0)
        frozen = freeze(site)
        Keys(tmp_path)  # no program serves kiosks without them
        told = heard(application, Config(state=str(tmp_path), ledger=Ledger(url), web=Web(port=0)))
    assert told == {
        "opd": "1.01",
        "month": MONTH,
        "rev": frozen.rev,
        "digest": frozen.digest,
        "state": "frozen",
    }
    with site.database.reading() as tx:
        assert sheet.digest(closing.body(tx, frozen)) == frozen.digest
    pin, day = absent_days(site)[0]
    excuse(site, letter(pin, "CT", day, day))
    (noted,) = site.do(closing.note, BKPSDM, NEXT)
    assert [one.no for one in site.sheet(month=NEXT).owed] == [noted.no]
    with pytest.raises(IntegrityError, match="append-only"), site.database.writing() as tx:
        tx.execute(update(schema.closing).values(digest="0"))
    site.close()


def heard(application, config):
    """What an application is told by the centre's own program."""
    stop = threading.Event()
    program = threading.Thread(target=server.web, args=(config, stop))
    program.start()
    while not application.heard:
        program.join(0.05)
        assert program.is_alive()
    stop.set()
    program.join()
    return json.loads(application.heard[0][1])


class Desk:
    """Somebody who types at the centre."""

    def __init__(self, site):
        self.folder = site.folder
        site.accounts()
        (self.folder / "server.toml").write_text(f'state = "{self.folder}/centre"\n')

    def type(self, *words):
        line = ["--config", f"{self.folder}/server.toml", "--lang", "id", *words]
        done = CliRunner().invoke(cli.main, list(map(str, line)))
        assert isinstance(done.exception, SystemExit | None), done.exception
        return done


def contents(folder):
    """Every file below a folder."""
    return {
        path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


@SLOW
def test_the_same_is_typed(january, tmp_path):
    """The real clock is past the time to object: what was closed in January's site was closed long
    ago, and what is closed now has to wait."""
    desk = Desk(january)
    shown = desk.type("month", "show", MONTH, "1.01", "--json")
    assert shown.exit_code == 0
    found = json.loads(shown.stdout)
    digest = sheet.digest(sheet.encode(january.sheet()))
    assert (found["state"], found["digest"]) == ("open", digest)
    assert "Wayan" in desk.type("month", "show", MONTH, "1.01").stdout
    january.do(closing.close, CLERK)
    assert desk.type("month", "close", MONTH, "1.01", "--as", "sari").exit_code == 2
    assert desk.type("month", "approve", MONTH, "1.01", "--as", "nobody").exit_code == 2
    wrong = desk.type("month", "approve", MONTH, "1.01", "--as", "sari", "--digest", "0")
    assert wrong.exit_code == 1
    assert digest in wrong.stderr
    assert desk.type("month", "approve", MONTH, "1.01", "--as", "sari").exit_code == 0
    assert desk.type("month", "freeze", MONTH, "1.01", "--as", "bkpsdm").exit_code == 0
    assert desk.type("month", "diff", MONTH, "1.01").exit_code == 0
    assert desk.type("month", "export", MONTH, "1.01", "--to", tmp_path / "dulu").exit_code == 0
    pin, day = absent_days(january)[0]
    excuse(january, letter(pin, "CT", day, day))
    assert desk.type("month", "export", MONTH, "1.01", "--to", tmp_path / "kini").exit_code == 0
    first, again = (contents(tmp_path / name) for name in ("dulu", "kini"))
    assert len(first) == 7
    assert first == again
    told = desk.type("month", "diff", MONTH, "1.01", "--json")
    assert (told.exit_code, len(json.loads(told.stdout)["differences"])) == (1, 1)
    paid = desk.type("month", "susulan", MONTH, "1.01", "--as", "bkpsdm", "--pay-in", NEXT)
    assert nip(pin) in paid.stdout
    assert desk.type("month", "reopen", MONTH, "1.01", "--as", "sari", "--why", "x").exit_code == 2
    draft = tmp_path / "rancangan.toml"
    draft.write_text(regulations.text("rules-40-60"))
    asked = ("whatif", "--rules", draft, "--month", MONTH)
    assert json.loads(desk.type(*asked, "--json").stdout)["difference"] == 0
    assert MONTH in desk.type(*asked, "--opd", "1.02").stdout


def test_a_letter_whose_code_the_decree_no_longer_has_waits_instead_of_being_free(january):
    pin, day = absent_days(january)[0]
    excuse(january, letter(pin, "IZ", day, day))
    assert waiting(january, "LEAVE_CODE") == []
    text = re.sub(r"\[leave\.IZ\][^\[]*", "", regulations.text("rules-40-60"))
    with january.database.writing() as tx:
        rulings.store_rules(tx, text, "aturan.toml", 0, "uji")
    (line,) = waiting(january, "LEAVE_CODE")
    assert (line.nip, line.workdate, line.detail) == (nip(pin), str(day), "IZ")
