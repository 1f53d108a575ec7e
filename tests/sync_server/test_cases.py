"""The worked cases: each day of cases.json becomes the fact that its expected codes stand on.

The codes and cuts themselves are the rules' affair. Here each code is read back into the minutes or
the missing checkpoint that must have caused it, by the bands of its rule set, written out below.
"""

import json
from datetime import date, datetime
from pathlib import Path

import pytest

from sync_server import calendar, shifts
from sync_server.fact import Fact
from sync_server.pairing import Absence, PersonDay, pair
from sync_server.retime import Derived
from sync_server.touches import Punch

DATA = Path(__file__).parent / "data"
CASES = json.loads((DATA / "cases.json").read_text(encoding="utf-8"))
SHIFTS = shifts.parse((DATA / "shifts.toml").read_text(encoding="utf-8"))
YEAR = calendar.parse((DATA / "calendar.toml").read_text(encoding="utf-8"))

# What HR reads off each case: late minutes, early minutes, checkpoints missing.
FACTS = {
    "C01": (0, 0, ""),  # 07:24:10 to 16:03
    "C02": (0, 0, ""),  # 07:30:59 is not late yet
    "C03": (30, 0, ""),  # 08:00:59
    "C05": (61, 30, ""),  # 08:31:00 to 15:29:59
    "C06": (0, 0, "out"),  # no departure, everything read
    "C08": (0, 0, "in out"),  # no scan, everything read
    "C09": (0, 0, "in out"),  # no scan, a terminal is behind: waiting for both
    "C11": (0, 0, ""),  # duty travel all day
    "C12": (11, 0, ""),  # 07:41, duty travel from noon
    "C13": (0, 0, ""),  # holiday, touched all the same
    "C14": (0, 0, ""),  # joint leave
    "C16": (0, 0, ""),  # Ramadan, 08:00 to 15:00
    "C18": (0, 30, ""),  # Friday until 16:30, left at 16:00
    "C19": (0, 28, ""),  # night until 07:00, left at 06:32
    "C22": (0, 0, ""),  # WIT, 07:24
    "C23": (15, 0, ""),  # WITA, 07:45
    "C24": (0, 0, ""),  # device 37 minutes ahead, corrected to 07:28
    "C26": (0, 0, "in out"),  # the only scan has no usable clock: held
    "C27": (0, 0, ""),  # forgotten departure, forgiven
    "C29": (0, 0, ""),  # sick leave, fourth day
    "C30": (0, 0, ""),  # on time (the assembly is the rules' affair)
    "C31": (0, 0, ""),  # finger and face 4 s apart, noon, 16:00:01
    "C33": (61, 30, ""),  # C05 in WITA, priced by other rules
    "C35": (40, 0, ""),  # 08:10 to 16:40 (flexible hours are the rules' affair)
    "C36": (40, 0, ""),  # 08:10 to 16:25
    "C38": (0, 0, ""),  # 24 hours, 07:58 to 08:01
}

# The bands of the three rule sets: code -> (what it is about, from minute, to before minute).
END = 10_000
BANDS = {
    "contoh-pola-061-5449": {
        "TL1": ("late", 1, 31), "TL2": ("late", 31, 61), "TL3": ("late", 61, 91),
        "TL4": ("late", 91, END), "PSW1": ("early", 1, 31), "PSW2": ("early", 31, 61),
        "PSW3": ("early", 61, 91), "PSW4": ("early", 91, END),
    },
    "ttu-snapshot-2023-11": {
        "T15": ("late", 1, 16), "T30": ("late", 16, 31), "T31": ("late", 31, END),
        "P15": ("early", 1, 16), "P30": ("early", 16, 31), "P31": ("early", 31, END),
    },
}  # fmt: skip
# Codes of the rules alone: nothing in the fact's minutes causes them.
NOT_MINUTES = {"TK", "DL", "CS", "APEL"}
# A missing checkpoint is priced like the worst band of its side.
MISSING = {"late": "in", "early": "out"}


def person_day(case: dict) -> PersonDay:
    day = date.fromisoformat(case["date"])
    shift = SHIFTS[YEAR.shift_on(case["shift"], day)]
    zone = shifts.zone(case["tz"])
    return PersonDay(
        nip="199001012015031001",
        opd="1.02.01",
        workdate=day,
        zone=zone,
        shift=shift.code,
        window=shifts.window(shift, day, zone),
        day_kind=YEAR.day_kind(day),
        works_on_holidays=shift.works_on_holidays,
        punches=[punch(n, event) for n, event in enumerate(case["events"])],
        complete=case["coverage_complete"],
        behind=[] if case["coverage_complete"] else ["T07"],
        absences=[Absence(one["code"], one["scope"]) for one in case["absences"]],
        excused=case["excused"],
    )


def seconds(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def punch(n: int, event: dict) -> Punch:
    quality = event.get("clock", "ok")
    t = seconds(event["t"])
    if quality == "unknown":
        derived = Derived(None, None, None, quality, "case")
    elif quality == "bounded":
        derived = Derived(None, seconds(event["lo"]), seconds(event["hi"]), quality, "case")
    else:
        derived = Derived(t, t, t, quality, "case")
    return Punch(f"T07-{n:06}", "T07", "finger", derived)


def test_every_case_has_its_line_in_the_table_and_no_line_is_without_a_case() -> None:
    assert [case["id"] for case in CASES] == list(FACTS)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['id']} {case['title']}")
def test_the_case_s_status_minutes_and_missing_checkpoints(case: dict) -> None:
    fact = pair(person_day(case))
    late, early, missing = FACTS[case["id"]]
    assert fact.status == case["expect"]["status"]
    assert (fact.late_min, fact.early_min, " ".join(fact.missing)) == (late, early, missing)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_the_case_s_codes_follow_from_the_fact(case: dict) -> None:
    """Every code has its cause in the fact, and where no code is expected there is none."""
    codes = set(case["expect"]["codes"])
    fact = pair(person_day(case))
    if case["ruleset"] == "pmk-221-2021":  # 90 minutes of flexible time
        by_flex = max(0, fact.late_min - overtime(case, fact))
        assert codes == ({"PSW1"} if by_flex else set())
        assert by_flex in ({"C35": [0], "C36": [15]}[case["id"]])
        return
    assert banded(case["ruleset"], fact) == codes - NOT_MINUTES
    assert ("TK" in codes) == (fact.status == "TK")
    absent = {code for code in (fact.absence, fact.absence_in, fact.absence_out) if code}
    assert codes & {"DL", "CS"} == absent


def overtime(case: dict, fact: Fact) -> int:
    """Minutes stayed after the end of the day."""
    assert fact.due_out is not None
    return int((seconds(case["events"][-1]["t"]) - fact.due_out.timestamp()) // 60)


def banded(ruleset: str, fact: Fact) -> set[str]:
    if fact.status != "HADIR":
        return set()
    found = set()
    for code, (side, first, end) in BANDS[ruleset].items():
        measured = {"late": fact.late_min, "early": fact.early_min}[side]
        worst = MISSING[side] in fact.missing and end == END
        if first <= measured < end or worst:
            found.add(code)
    return found
