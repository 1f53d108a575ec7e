"""From facts to tukin: what a day costs, what a month comes to, and that its parts always add up."""

import random
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync_server import calendar, pairing, regulations, shifts
from sync_server.fact import Fact, Touch
from sync_server.pairing import PersonDay
from sync_server.retime import Derived
from sync_server.touches import Punch
from sync_server.tukin import (
    case_file,
    cases,
    counters,
    money,
    month,
    productivity,
    reading,
    streaks,
)
from sync_server.tukin.cases import Files
from sync_server.tukin.price import price
from sync_server.tukin.ruleset import Cut
from sync_server.wording import reasons

RULES = {name: reading.parse(regulations.text(name), name) for name in regulations.names()}
BASIC, FLEX = RULES["rules-40-60"], RULES["rules-pmk-221-2021"]
SHIFTS = shifts.parse(regulations.text("shifts.toml"))
YEAR = calendar.parse(regulations.text("calendar-2026.toml"))
FILES = Files(list(RULES.values()), SHIFTS, YEAR)
CASES = case_file.parse(regulations.text("cases.json"))
TUESDAY = date(2026, 1, 13)
DUE_IN = datetime(2026, 1, 13, 0, 30, tzinfo=UTC)
DUE_OUT = DUE_IN + timedelta(hours=8, minutes=30)


def fact(day=TUESDAY, **values):
    """A fact of an ordinary day; what is named is otherwise."""
    plain = dict(
        nip="199001012015031001", opd="1.01", workdate=day, tz="+07:00", shift="REG",
        due_in=DUE_IN, due_out=DUE_OUT, arrival=touch(DUE_IN), departure=touch(DUE_OUT), mid=(),
        late_min=0, early_min=0, missing=(), status="HADIR", absence=None, absence_in=None,
        absence_out=None, excused=(), apel=None, coverage="complete", behind=(), evidence=(),
        flags=(), engine="", retime="",
    )  # fmt: skip
    return Fact(**plain | values)


def touch(at):
    return Touch(at, "T07-1", "T07", "finger", "ok")


# One whole month of ordinary days, to be changed here and there.
JANUARY = [date(2026, 1, 1) + timedelta(days=n) for n in range(31)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_worked_case_agrees(case):
    found = cases.judge(case, FILES)
    assert found.holds, (case.title, found.expected, found.got)


def test_the_reference_s_cases_are_all_there_and_a_wrong_expectation_is_noticed():
    assert len([case for case in CASES if case.id[0] == "C"]) == 26
    assert {"M1", "M2", "M5", "M6a", "M6b", "M7"} <= {case.id for case in CASES}
    for case in CASES:
        for key, value in case.expect.items():
            other = "x" if isinstance(value, str) else ["x"] if isinstance(value, list) else -1
            wrong = msgspec.structs.replace(case, expect=case.expect | {key: other})
            assert not cases.judge(wrong, FILES).holds, (case.id, key)


def naive_code(minutes, table):
    """The bands of the 40/60 decree as its text says them."""
    if minutes < 1:
        return None
    return table + (
        "1" if minutes <= 30 else "2" if minutes <= 60 else "3" if minutes <= 90 else "4"
    )


NAIVE_BP = {"1": 50, "2": 100, "3": 125, "4": 150}


@given(st.integers(0, 300), st.integers(0, 300))
def test_bands_are_as_the_decree_s_text_says_them(late, early):
    priced = price(fact(late_min=late, early_min=early), BASIC, {})
    expected = [code for code in (naive_code(late, "TL"), naive_code(early, "PSW")) if code]
    assert list(priced.codes) == expected
    assert priced.cut_bp == min(300, sum(NAIVE_BP[code[-1]] for code in expected))


@given(st.integers(1, 200), st.integers(-100, 300))
def test_flexible_hours_ask_back_every_minute_after_the_end_of_the_day(late, stayed):
    """`stayed`: seconds are minutes here; who came within the limit owes what he has not stayed."""
    day = fact(
        late_min=late,
        early_min=max(0, -stayed),
        departure=touch(DUE_OUT + timedelta(minutes=stayed)),
    )
    priced = price(day, FLEX, {})
    owed = {one.point: one.minutes for one in priced.reasons}
    if late <= 90:
        assert owed == ({"out": late - stayed} if stayed < late else {})
    else:
        assert owed == {"in": late} | ({"out": -stayed} if stayed < 0 else {})


DAYS = st.builds(
    fact,
    late_min=st.integers(0, 400),
    early_min=st.integers(0, 400),
    missing=st.lists(st.sampled_from(["in", "mid", "out"]), unique=True).map(tuple),
    mid=st.sampled_from([(), (None,), (None, None)]),
    status=st.sampled_from(
        [
            "HADIR",
            "HADIR",
            "HADIR",
            "TK",
            "SAH",
            "TUNGGU_DATA",
            "TAHAN_JAM",
            "LIBUR_NASIONAL",
            "DIKECUALIKAN",
        ]
    ),
    absence=st.sampled_from([None, "CT", "CS", "IZ", "XX"]),
    absence_in=st.sampled_from([None, None, "DL", "IZ"]),
    absence_out=st.sampled_from([None, None, "DL"]),
    apel=st.sampled_from([None, None, "missed", "attended"]),
)
MONTHS = st.lists(DAYS, min_size=31, max_size=31).map(
    lambda days: [
        msgspec.structs.replace(one, workdate=day) for one, day in zip(days, JANUARY, strict=True)
    ]
)


@settings(max_examples=30, deadline=None)
@given(
    MONTHS,
    st.sampled_from(sorted(RULES)),
    st.integers(0, 50_000_000),
    st.one_of(st.none(), st.integers(0, 10_000)),
)
def test_in_every_month_under_every_rule_set_the_parts_make_the_whole(days, name, base, earned):
    rules = RULES[name]
    record = month.total("1", "1.01", "2026-01", [(one, rules) for one in days], base, earned)
    for priced in record.days:
        assert priced.cut_bp == sum(one.cut_bp for one in priced.reasons) >= 0
        cap = rules.deduct.day_cap_bp
        apel = sum(one.cut_bp for one in priced.reasons if one.point == "apel")
        assert cap is None or priced.cut_bp - apel <= cap
        assert priced.cut_bp == 0 or priced.status in ("HADIR", "TK", "SAH")
    parts = [day.cut_bp for day in record.days] + [jump.cut_bp for jump in record.jumps]
    assert record.cut_bp == sum(parts) <= rules.deduct.month_cap_bp
    assert record.gross == record.discipline + record.productivity
    assert record.discipline >= 0
    assert record.productivity >= 0
    assert record.gross <= base
    assert record.workdays == sum(d.status not in ("LIBUR_NASIONAL", "DIKECUALIKAN") for d in days)
    assert len(record.pending) == sum(d.status in ("TUNGGU_DATA", "TAHAN_JAM") for d in days)
    assert sum(record.counts.values()) == sum(len(day.codes) for day in record.days)
    assert msgspec.json.decode(msgspec.json.encode(record), type=month.MonthRecord) == record
    for lang in ("id", "en"):
        for one, priced in zip(days, record.days, strict=True):
            assert all(reasons.sentence(lang, reason, one) for reason in priced.reasons)
        assert all(reasons.jumped(lang, jump) for jump in record.jumps)


@settings(max_examples=30, deadline=None)
@given(MONTHS, st.integers(0, 10_000_000), st.integers(0, 10_000))
def test_money_is_rounded_once_from_the_exact_share(days, base, earned):
    record = month.total("1", "1.01", "2026-01", [(one, BASIC) for one in days], base, earned)
    share = (base * 4_000 + 5_000) // 10_000
    assert record.discipline == share - (share * record.cut_bp * 2 + 10_000) // 20_000
    assert record.productivity == ((base - share) * earned * 2 + 10_000) // 20_000


def test_a_decree_that_changes_within_the_month_prices_its_own_days_only():
    """Half an hour late on the 15th under the old one, on the 19th under the new one."""
    dear = {code: msgspec.structs.replace(cut, tiers=((1, 200),), legal="Perbup 9/2026")
            for code, cut in BASIC.deduct.cuts.items() if code == "TL1"}  # fmt: skip
    cuts = msgspec.structs.replace(BASIC.deduct, cuts={**BASIC.deduct.cuts, **dear})
    new = msgspec.structs.replace(
        BASIC, id="baru", decree="Perbup 9/2026", effective_from=date(2026, 1, 16), deduct=cuts
    )
    known = [new, BASIC]
    late = {date(2026, 1, 15), date(2026, 1, 19)}
    days = [(fact(day, late_min=30 if day in late else 0), reading.in_force(known, day))
            for day in JANUARY]  # fmt: skip
    record = month.total("1", "1.01", "2026-01", days, 3_000_000, 10_000)
    cuts = {
        day.workdate.day: (day.cut_bp, day.reasons[0].legal) for day in record.days if day.codes
    }
    assert cuts == {15: (50, "CONTOH Perbup 1/2026"), 19: (200, "Perbup 9/2026")}
    spans = [(span.id, span.first.day, span.last.day) for span in record.rulesets]
    assert spans == [("contoh-pola-061-5449", 1, 15), ("baru", 16, 31)]


def test_jumps_tell_what_led_to_them():
    days = [(fact(day, status="TK" if 5 <= day.day <= 14 else "HADIR"), BASIC) for day in JANUARY]
    record = month.total("1", "1.01", "2026-01", days, 3_000_000, 9_200)
    (jump,) = record.jumps
    assert (jump.kind, jump.code, jump.count, jump.cut_bp) == ("escalation", "TK", 10, 7_000)
    assert "TK 10 hari" in reasons.jumped("id", jump)
    late = [(fact(day, late_min=90), BASIC) for day in JANUARY]
    capped = msgspec.structs.replace(BASIC.deduct, month_cap_bp=2_000)
    late[-1] = (late[-1][0], msgspec.structs.replace(BASIC, deduct=capped))
    record = month.total("1", "1.01", "2026-01", late, 3_000_000, None)
    assert [(one.kind, one.cut_bp) for one in record.jumps] == [("cap", 2_000 - 31 * 125)]
    assert (record.cut_bp, record.productivity_bp, record.productivity) == (2_000, None, 0)


def test_of_several_escalations_that_were_reached_the_dearest_applies():
    """Whichever of them a decree names first, and more than the days have cut already."""
    more = """[[deduct.escalation]]
code = "TK"
days = {days}
consecutive = false
month_cut = "{cut}"
"""
    text = regulations.text("rules-40-60")
    absent = [fact(day, status="TK", missing=("in", "out")) for day in JANUARY[4:9]]  # 5 x 3 %
    for cuts, comes_to in ((("40", "25"), 4_000), (("25", "40"), 4_000), (("10", "5"), 1_500)):
        rows = "".join(more.format(days=n + 2, cut=cut) for n, cut in enumerate(cuts))
        rules = reading.parse(text.replace("[flex]", rows + "[flex]", 1), "dua.toml")
        made = month.total("1", "1.01", "2026-01", [(one, rules) for one in absent], 1_000_000, 0)
        assert made.cut_bp == comes_to, cuts


def test_nobody_loses_more_minutes_than_he_owed():
    rules = RULES["rules-proporsional"]
    owed = int((DUE_OUT - DUE_IN).total_seconds()) // 60
    days = [(fact(late_min=owed, early_min=owed), rules)]
    [lost] = month.total("1", "1.01", "2026-01", days, 1_000_000, 0).jumps
    assert (lost.kind, lost.count, lost.cut_bp) == ("proportional", owed, 10_000)


def paid(base, cut_bp, of="discipline", **rules):
    deduct = msgspec.structs.replace(BASIC.deduct, base=of)
    rules = msgspec.structs.replace(BASIC, deduct=deduct, **rules)
    made = money.share(rules, base, cut_bp, 10_000)
    return made.cut, made.discipline, made.productivity


def test_no_rupiah_is_lost_between_the_components_and_a_cut_of_the_whole_falls_on_both():
    assert paid(1_000_001, 0, discipline_bp=5_000) == (0, 500_001, 500_000)
    assert paid(1_000_000, 7_000, of="tpp") == (700_000, 0, 300_000)
    assert paid(1_000_000, 10_000, of="tpp") == (1_000_000, 0, 0)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000_000), st.sampled_from((1, 10, 100, 1000)), st.integers(0, 10_000),
       st.integers(0, 10_000), st.integers(0, 10_000))  # fmt: skip
def test_rounding_never_pays_more_than_the_base_and_the_budget(base, step, bp, budget, earned):
    deduct = msgspec.structs.replace(BASIC.deduct, round_to=step)
    rules = msgspec.structs.replace(BASIC, deduct=deduct, discipline_bp=bp, budget_bp=budget)
    made = money.share(rules, base, 0, earned)
    assert min(made.discipline, made.productivity) >= 0
    assert (made.discipline + made.productivity) * 10_000 <= base * budget


def test_minutes_of_two_decrees_are_counted_apart():
    old = RULES["rules-proporsional"]
    new = msgspec.structs.replace(old, id="baru", effective_from=date(2026, 1, 16))
    days = [(fact(day, late_min=day.day == 5), old) for day in JANUARY[4:15]]
    days += [(fact(day, late_min=2 * (day.day == 20)), new) for day in JANUARY[15:]]
    jumps = month.total("1", "1.01", "2026-01", days, 1_000_000, 0).jumps
    assert [one.count for one in jumps] == [1, 2]


def bounded(**deduct):
    """A day that is late and early by 3 % and missed its assembly, which costs 2 %."""
    cuts = {**BASIC.deduct.cuts, "AP": Cut("AP", ((1, 200),), "")}
    deduct = msgspec.structs.replace(BASIC.deduct, cuts=cuts, apel="AP", **deduct)
    rules = msgspec.structs.replace(BASIC, deduct=deduct)
    return price(fact(late_min=200, early_min=200, apel="missed"), rules, {}).cut_bp


def test_the_assembly_stands_outside_the_day_s_bound_unless_the_decree_says_otherwise():
    assert bounded(day_cap_bp=300, apel_in_day_cap=False) == 300 + 200
    assert bounded(day_cap_bp=299, apel_in_day_cap=False) == 299 + 200
    assert bounded(day_cap_bp=300, apel_in_day_cap=True) == 300
    assert bounded(day_cap_bp=499, apel_in_day_cap=True) == 499


def test_a_started_minute_is_not_owed_and_an_excused_end_of_the_day_owes_nothing():
    late = fact(late_min=2, departure=touch(DUE_OUT + timedelta(seconds=30)))
    assert [one.minutes for one in price(late, FLEX, {}).reasons] == [1]
    gone = touch(DUE_OUT - timedelta(hours=1))
    assert price(fact(late_min=30, departure=gone, excused=("out",)), FLEX, {}).reasons == ()
    assert price(fact(late_min=30, departure=gone), FLEX, {}).reasons != ()


def test_a_code_for_both_halves_of_a_day_costs_once():
    whole = price(fact(absence_in="IZ", absence_out="IZ"), BASIC, {})
    assert whole.codes == ("IZ",)


def test_a_run_is_not_ended_by_days_off_but_by_a_day_of_work():
    statuses = ["TK", "TK", "LIBUR_JADWAL", "LIBUR_NASIONAL", "TK", "HADIR", "TK"]
    days = [fact(day, status=one) for day, one in zip(JANUARY, statuses, strict=False)]
    assert streaks.carried(days[:5], BASIC) == {"TK": 3}
    assert streaks.carried(days[:6], BASIC) == {}
    assert streaks.carried(days, BASIC) == {"TK": 1}


def test_pp_94_counts_the_year_and_the_longest_run_and_says_since_when():
    first = date(2026, 1, 1)
    days = [
        fact(first + timedelta(days=n), status="TK" if n % 2 == 0 else "HADIR") for n in range(14)
    ]
    found = counters.count("1", 2026, [fact(date(2025, 12, 31), status="TK"), *days])
    assert (found.days, found.longest, found.step) == (7, 1, "statement")
    assert found.since == date(2026, 1, 13)
    ten = [fact(first + timedelta(days=n), status="TK") for n in range(10)]
    assert counters.count("1", 2026, ten).step == "dismissal"
    assert counters.count("1", 2026, ten[:9]).step == "statement"
    assert counters.count("1", 2026, days[:4]).step is None
    assert counters.count("1", 2026, days[:5]).step == "oral"


def test_e_kinerja_becomes_a_share_by_percentage_points_or_grade():
    linear, step, grade = BASIC, RULES["rules-proporsional"], RULES["rules-per-menit"]
    share = productivity.percent_bp
    assert [share(linear, "percent", v) for v in ("92", "92,5", "92.05", "100", "130")] == [
        9_200, 9_250, 9_205, 10_000, 10_000,
    ]  # fmt: skip
    assert [share(step, "points", v) for v in ("0", "6749", "6750", "9000")] == [
        0,
        0,
        10_000,
        10_000,
    ]
    assert [share(grade, "grade", v) for v in "ABE"] == [10_000, 9_000, 0]
    pointed = msgspec.structs.replace(linear.productivity, target=6750)
    assert share(msgspec.structs.replace(linear, productivity=pointed), "points", "3375") == 5_000
    for rules, kind, value in (
        (linear, "grade", "A"), (grade, "percent", "92"), (grade, "grade", "Z"),
        (linear, "percent", "banyak"), (linear, "points", "10"), (step, "percent", "92"),
        (step, "points", "-1"),
    ):  # fmt: skip
        with pytest.raises(ValueError, match=r"\S"):
            share(rules, kind, value)


def test_minutes_become_points_up_to_the_day_s_cap_and_leave_is_credited():
    rules = RULES["rules-proporsional"]  # 1 minute a point, 450 a day, CT 360
    minutes = {date(2026, 1, 5): 500, date(2026, 1, 6): 90}
    assert productivity.points(rules, minutes, ["CT", "CT", "CS"]) == 450 + 90 + 720
    fives = msgspec.structs.replace(rules.ekinerja, minutes_per_point=5, day_cap_minutes=0)
    assert productivity.points(msgspec.structs.replace(rules, ekinerja=fives), minutes, []) == 118


def test_a_reason_is_told_with_its_times_and_its_decree():
    day = fact(late_min=61, early_min=30, arrival=touch(DUE_IN + timedelta(minutes=61)),
               departure=touch(DUE_OUT - timedelta(minutes=30)))  # fmt: skip
    late, early = price(day, BASIC, {}).reasons
    assert reasons.sentence("id", late, day) == (
        "TL3: masuk 08.31, 61 menit setelah 07.30; dipotong 1,25 % (CONTOH Perbup 1/2026)."
    )
    assert reasons.sentence("en", early, day) == (
        "PSW1: out at 15.30, 30 minutes before 16.00; cut 0,5 % (CONTOH Perbup 1/2026)."
    )
    for both in reasons._WORDS.values():
        assert both[0] != both[1]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(-60 * 60, 15 * 60 * 60), max_size=6, unique=True),
    st.sampled_from([420, 480, 540]),
    st.integers(0, 364),
    st.randoms(use_true_random=False),
)
def test_the_order_in_which_events_arrive_never_changes_a_price_in_any_zone_or_season(
    seconds, zone, day, order: random.Random
):
    """Indonesia knows no summer time: the same local times cost the same on every workday."""
    prices = set()
    for at in (TUESDAY, date(2026, 1, 1) + timedelta(days=day)):
        window = shifts.window(SHIFTS["RS_PAGI"], at, zone)
        for _ in range(2):
            order.shuffle(seconds)
            punches = [
                Punch(f"T{t}", "T07", "finger", Derived(t, t, t, "ok", "")) for t in
                (window.open + s for s in seconds)
            ]  # fmt: skip
            made = pairing.pair(
                PersonDay(nip="1", opd="1.01", workdate=at, zone=zone, shift="RS_PAGI",
                          window=window, day_kind="workday", works_on_holidays=True,
                          punches=punches, complete=True)
            )  # fmt: skip
            priced = price(made, BASIC, {})
            prices.add((priced.codes, priced.cut_bp, tuple(r.minutes for r in priced.reasons)))
    assert len(prices) == 1
