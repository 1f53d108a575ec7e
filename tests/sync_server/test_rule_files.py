"""A rule file says what a decree says, or is refused with what to write instead."""

import re
from datetime import date
from pathlib import Path

import msgspec
import pytest

from sync_server import calendar, regulations, shifts
from sync_server.errors import BadFile
from sync_server.touches import Measure
from sync_server.tukin import keys, reading
from sync_server.tukin.questions import questions
from sync_server.wording import complaint, say

PLAIN = regulations.text("rules-40-60")
PER_MINUTE = regulations.text("rules-per-menit")
FOUR = regulations.text("rules-empat-titik")


def refused(text):
    """The key and the code of the complaint, which can be told in both languages."""
    with pytest.raises(BadFile) as caught:
        reading.parse(text, "r.toml")
    bad = caught.value
    for lang in ("id", "en"):
        assert complaint(lang, bad.file, bad.where, bad.code, bad.values).startswith("r.toml: ")
    return bad.where, bad.code


# (what is changed, into what, the key that is named, the code of the complaint)
WRONG = [
    ('schema = "tukin-rules/1"', 'schema = "tukin-rules/9"', "schema", "unknown_schema"),
    ("[flex]", "[flexi]", "", "unknown_key"),
    ('in_event     = "first"', 'in_evnt = "first"', "measure", "unknown_key"),
    ('seconds      = "floor"', 'seconds = "round"', "measure.seconds", "not_a_choice"),
    ('decree    = "CONTOH Perbup 1/2026"', 'decree = " "', "ruleset.decree", "rule_decree_empty"),
    ('decree    = "CONTOH Perbup 1/2026"', "", "ruleset", "missing_key"),
    ('id        = "contoh-pola-061-5449"', 'id = ""', "ruleset.id", "rule_id_empty"),
    ("effective_from = 2026-01-01", "effective_from = 2026-01-01\neffective_to = 2025-12-31",
     "ruleset.effective_to", "rule_backwards"),
    ("effective_from = 2026-01-01", 'effective_from = "Januari"', "ruleset.effective_from",
     "not_as_shown"),
    ('status    = "active"', 'status = "aktif"', "ruleset.status", "not_a_choice"),
    ('productivity = "60"', 'productivity = "61"', "weights", "weights_not_100"),
    ('productivity = "60"', "productivity = 60", "weights.productivity", "not_text"),
    ('productivity = "60"', 'productivity = "60,0"', "weights.productivity", "not_percent"),
    ('day_cap     = "3" ', 'day_cap = "300"', "deduct.day_cap", "percent_over"),
    ('base        = "discipline"', 'base = "gaji"', "deduct.base", "not_a_choice"),
    ('rounding    = "half_up"', 'rounding = "down"', "deduct.rounding", "not_a_choice"),
    ("round_to    = 1", "round_to = 0", "deduct.round_to", "out_of_range"),
    ('code = "TL2", from = 31, to = 61', 'code = "TL2", from = 30, to = 61', "deduct.late[1]",
     "bands_overlap"),
    ('code = "TL2", from = 31, to = 61', 'code = "TL2", from = 32, to = 61', "deduct.late[1]",
     "bands_gap"),
    ('code = "TL1", from = 1, to = 31', 'code = "TL1", from = 2, to = 31', "deduct.late[0]",
     "bands_gap"),
    ('code = "TL1", from = 1, to = 31', 'code = "TL1", from = 1', "deduct.late[0]", "band_endless"),
    ('code = "TL2", from = 31, to = 61', 'code = "TL2", from = 31, to = 31', "deduct.late[1]",
     "band_empty"),
    ('code = "TL4", from = 91', 'code = "TL4", from = 91, to = 120', "deduct.late", "bands_end"),
    ('to = 61, cut = "1" },\n  { code = "TL3"', 'to = 61 },\n  { code = "TL3"', "deduct.late[1]",
     "code_unpriced"),
    ('code = "PSW1"', 'code = "TL1"', "deduct.early[0]", "code_twice"),
    ('both = "TK"', 'both = "ALPA"', "deduct.missing.both", "code_unpriced"),
    ('both = "TK"', "", "deduct.missing.both", "absence_unpriced"),
    ('cut = "3"\n', "", "deduct.codes.TK", "code_without_cut"),
    ("days = 10\n", "days = 0\n", "deduct.escalation[0].days", "out_of_range"),
    ('code = "TK"\ndays', 'code = "TX"\ndays', "deduct.escalation[0]", "code_unpriced"),
    ('month_cut = "100"', 'month_cut = "120"', "deduct.escalation[0].month_cut", "percent_over"),
    ("max_minutes = 0 ", "max_minutes = -1", "flex.max_minutes", "out_of_range"),
    ('tiers=[ {from=1, cut="0"}', 'cut="0"\ntiers=[ {from=1, cut="0"}', "leave.CS", "cut_and_tiers"),
    ('tiers=[ {from=1, cut="0"}', 'tiers=[ {from=2, cut="0"}', "leave.CS.tiers", "tiers_order"),
    ('tier_apply="from_tier"', 'tier_apply="mundur"', "leave.CS.tier_apply", "not_a_choice"),
    ("[leave.CM]", "[leave.TL1]", "leave.TL1", "code_twice"),
    ('[leave.CT]                  # cuti tahunan\nscope="day"', '[leave.CT]\nscope="hari"',
     "leave.CT.scope", "not_a_choice"),
    ('approvers = ["atasan_langsung","kepala_opd"]', "approvers = []", "regularise.LUPA.approvers",
     "approvers_none"),
    ('"atasan_langsung","kepala_opd"', '"atasan_langsun"', "regularise.LUPA.approvers",
     "not_a_choice"),
    ("[flex]", '[apel]\ncode = "APLE"\n[flex]', "apel.code", "code_unpriced"),
    ('[deduct.codes.APEL]\ncut = "2"', '[apel]\ncode = "APEL"', "apel.code", "code_unpriced"),
    ('{ code = "TL1", from = 1, to = 31, cut = "0.5" }', '{ code = "", from = 1, to = 31 }',
     "deduct.late[0]", "band_no_code"),
    ("round_to    = 1", "round_to = 500", "deduct.round_to", "out_of_range"),
    ("[flex]", '[[deduct.escalation]]\ncode = "TK"\ndays = 10\nconsecutive = true\n'
     'month_cut = "50"\n[flex]', "deduct.escalation[1]", "escalation_twice"),
    ("[coverage]", '[productivity]\ngrades = { A = "100" }\n[coverage]', "productivity.grades",
     "productivity_unused"),
    ("absence_needs_complete_coverage = true", "absence_needs_complete_coverage = false",
     "coverage.absence_needs_complete_coverage", "never_cut_on_silence"),
    ("hold_if_unbounded = true", "hold_if_unbounded = false", "clock.hold_if_unbounded",
     "never_cut_without_clock"),
    ("[coverage]", '[productivity]\nkind = "step"\n[coverage]', "productivity.steps",
     "productivity_without"),
    ("[coverage]", '[productivity]\nunit = "points"\n[coverage]', "productivity.target",
     "productivity_without"),
    ("[coverage]", '[productivity]\nkind = "step"\nsteps = [{from=5, pays="1"}]\n[coverage]',
     "productivity.steps", "steps_order"),
    ("[coverage]", "[ekinerja]\nminutes_per_point = 0\n[coverage]", "ekinerja.minutes_per_point",
     "out_of_range"),
    ("[coverage]", "[ekinerja]\ncredit = { CX = 3 }\n[coverage]", "ekinerja.credit.CX",
     "credit_unknown"),
    ("[deduct]", '[deduct]\nmethod = "kira-kira"', "deduct.method", "not_a_choice"),
    ("[deduct]", '[deduct]\nper_minute = "1"', "deduct.per_minute", "per_minute_only"),
    ("[deduct]", '[deduct]\nmethod = "proportional"', "deduct.late", "bands_unused"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "where", "code"), WRONG, ids=lambda text: str(text)[:40])
def test_a_mistake_is_named_with_its_key_and_what_to_write(old, new, where, code):
    assert old in PLAIN
    assert refused(PLAIN.replace(old, new, 1)) == (where, code)


def test_a_family_asks_for_what_it_needs():
    tiers = regulations.text("rules-kode-bertingkat")
    bandless = re.sub(r"late = \[.*\]\n", "", tiers)
    assert refused(bandless) == ("deduct.late", "bands_needed")
    assert refused(PER_MINUTE.replace('per_minute = "0.02"\n', "")) == (
        "deduct.per_minute", "per_minute_only",
    )  # fmt: skip
    assert refused(FOUR.replace('out = "SORE"\n', "")) == ("deduct.missing", "checkpoints_needed")


def test_flexible_minutes_may_leave_the_first_band_that_much_later():
    flexible = regulations.text("rules-pmk-221-2021")
    assert reading.parse(flexible).flex_max == 90
    assert refused(flexible.replace("max_minutes = 90", "max_minutes = 89")) == (
        "deduct.late[0]", "bands_gap",
    )  # fmt: skip


def changed(text, **values):
    rules = reading.parse(text, "b.toml")
    return msgspec.structs.replace(rules, **values)


def test_two_files_in_force_from_one_day_are_refused_and_drafts_are_not():
    old, new = reading.parse(PLAIN, "a.toml"), changed(PLAIN, id="baru")
    with pytest.raises(BadFile) as caught:
        reading.check_together([old, new])
    assert (caught.value.code, caught.value.values["other"]) == ("two_in_force", old.id)
    reading.check_together([old, msgspec.structs.replace(new, status="draft")])
    reading.check_together([old, msgspec.structs.replace(new, region="11.01")])
    later = msgspec.structs.replace(new, effective_from=date(2026, 1, 16))
    reading.check_together([later, old])
    tpp = msgspec.structs.replace(later.deduct, base="tpp")
    with pytest.raises(BadFile, match="base_within_month"):
        reading.check_together([msgspec.structs.replace(later, deduct=tpp), old])
    with pytest.raises(BadFile, match="ruleset_twice"):
        reading.check_together([old, msgspec.structs.replace(later, id=old.id)])


def test_the_file_with_the_latest_begin_is_in_force_on_a_work_date():
    old = reading.parse(PLAIN)
    new = changed(PLAIN, id="baru", effective_from=date(2026, 1, 16))
    ended = changed(PLAIN, id="usai", effective_to=date(2026, 1, 20))
    draft = msgspec.structs.replace(new, id="draf", status="draft")
    known = [new, draft, old]
    assert reading.in_force(known, date(2025, 12, 31)) is None
    assert reading.in_force(known, date(2026, 1, 15)) == old
    assert reading.in_force(known, date(2026, 1, 16)) == new
    assert reading.in_force(known, date(2026, 1, 16), "11.01") is None
    short = msgspec.structs.replace(new, effective_to=date(2026, 1, 20))
    assert reading.in_force([old, short], date(2026, 1, 20)) == short
    assert (
        reading.in_force([old, short], date(2026, 1, 21)) is None
    )  # the old one ended on the 15th
    assert reading.in_force([ended], date(2026, 1, 20)) == ended
    assert reading.in_force([ended], date(2026, 1, 21)) is None


def test_every_shipped_file_reads_and_its_questions_can_be_asked_in_both_languages():
    found = {name: reading.parse(regulations.text(name), name) for name in regulations.names()}
    reading.check_together(found.values())
    methods = {rules.deduct.method for rules in found.values()}
    assert methods == {
        "band_per_occurrence", "band_on_month_total", "per_minute", "proportional",
        "fixed_per_checkpoint", "code_tier",
    }  # fmt: skip
    for rules in found.values():
        said = {
            lang: [say(lang, q.code, **q.values) for q in questions(rules)] for lang in ("id", "en")
        }
        assert len(set(said["id"])) == len(said["id"]) >= 3
        assert not set(said["id"]) & set(said["en"])
    table = shifts.parse(regulations.text("shifts.toml"))
    calendar.parse(regulations.text("calendar-2026.toml")).check_shifts(table)
    with pytest.raises(KeyError):
        regulations.text("../rulings.py")


def test_the_questions_say_what_this_file_answers():
    asked = [say("id", q.code, **q.values) for q in questions(reading.parse(PLAIN))]
    assert "31 menit kurang satu detik dihitung 30 menit (TL1)" in asked[0]
    assert "TL4 dan PSW4 sehari berjumlah 3 %, sama dengan TK" in asked[1]
    assert any("CS: potongan 2,5 % hanya untuk hari ke-3" in one for one in asked)
    back = PLAIN.replace('tier_apply="from_tier"', 'tier_apply="retroactive"')
    back = back.replace('seconds      = "floor"', 'seconds = "ceil"')
    asked = [say("id", q.code, **q.values) for q in questions(reading.parse(back))]
    assert "30 menit lebih satu detik dihitung 31 menit (TL2)" in asked[0]
    assert any("semua harinya dipotong 2,5 %" in one for one in asked)


# (what is changed, into what, the question that it brings)
ODD = [
    ('code = "TL4", from = 91, cut = "1.5"', 'code = "TL4", from = 91, cut = "0.1"', "ask_falling"),
    ('{from=3, cut="2.5"}', '{from=3, cut="2.5"}, {from=9, cut="1"}', "ask_tier_falling"),
    ('day_cap     = "3"', 'day_cap = "1"', "ask_day_cap"),
    ('day_cap     = "3"', 'day_cap = "0"', "ask_day_cap"),
    ('month_cap   = "100"', 'month_cap = "0"', "ask_month_cap"),
    ("duplicate_seconds = 120", "duplicate_seconds = 36000", "ask_duplicate"),
    ("max_minutes = 0", "max_minutes = 600", "ask_flex"),
    ('[deduct.codes.APEL]\ncut = "2"', "", "ask_apel_none"),
    ("[coverage]", '[productivity]\nkind = "step"\nsteps = [{from=0, pays="50"}]\n[coverage]',
     "ask_step_nothing"),
    ("[coverage]", '[productivity]\nkind = "step"\nsteps = [{from=0, pays="0"}, '
     '{from=1, pays="9"}, {from=2, pays="8"}]\n[coverage]', "ask_step_falling"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "code"), ODD, ids=lambda text: str(text)[:40])
def test_what_looks_like_a_slip_is_asked_about(old, new, code):
    assert old in PLAIN
    asked = {q.code: q.values for q in questions(reading.parse(PLAIN.replace(old, new, 1)))}
    assert code in asked
    assert say("id", code, **asked[code]) != say("en", code, **asked[code])
    assert code not in {q.code for q in questions(reading.parse(PLAIN))}


def test_days_of_leave_may_lead_to_a_cut_of_the_month():
    more = '[[deduct.escalation]]\ncode = "CS"\ndays = 30\nmonth_cut = "50"\n[flex]'
    rules = reading.parse(PLAIN.replace("[flex]", more))
    assert [one.code for one in rules.deduct.escalations] == ["TK", "CS"]


def test_what_a_file_leaves_out_has_its_stated_meaning():
    rules = reading.parse(FOUR)
    assert (rules.measure, rules.flex_max, rules.budget_bp) == (Measure(), 0, 10_000)
    assert (rules.dispute_workdays, rules.max_wait_days, rules.effective_to) == (5, 10, None)
    assert (rules.productivity.kind, rules.ekinerja.minutes_per_point) == ("linear", 1)
    assert rules.deduct.cuts["PAGI"].legal == rules.decree


def test_every_key_of_a_rule_file_is_in_the_guide():
    guide = (Path(__file__).parents[2] / "docs/rule-files.md").read_text("utf-8")
    kept_from_readers = {"schema", "sha256_of_decree_pdf"}
    tables = [one for one in vars(keys).values() if isinstance(one, type)]
    structs = [one for one in tables if issubclass(one, msgspec.Struct)]
    named = {field.encode_name for one in structs for field in msgspec.structs.fields(one)}
    missing = {name for name in named - kept_from_readers if not re.search(rf"\b{name}\b", guide)}
    assert len(named) > 60
    assert not missing


def test_regularisation_quotas_are_read():
    rules = reading.parse(PLAIN)
    lost, outage = rules.regularise["LUPA"], rules.regularise["GANGGUAN"]
    assert (lost.per_month, lost.deadline_workdays, lost.scope) == (2, 3, "person")
    assert lost.approvers == ("atasan_langsung", "kepala_opd")
    assert (outage.per_month, outage.scope) == (0, "office")


def test_an_assembly_window_lies_between_open_and_split():
    good = regulations.text("shifts.toml")
    assert shifts.parse(good)["REG_APEL"].week[0].apel == (450, 480)
    assert shifts.parse(good)["REG_APEL"].week[1].apel is None
    for bad in ('apel=["04:00","08:00"]', 'apel=["08:00","07:30"]', 'apel=["07:30","12:00"]'):
        with pytest.raises(BadFile, match="apel_outside"):
            shifts.parse(good.replace('apel=["07:30","08:00"]', bad))
    with pytest.raises(BadFile, match="not_a_time"):
        shifts.parse(good.replace('apel=["07:30","08:00"]', 'apel=["07:30","16:030:00"]'))
