"""The short way to a fact says what weighing says, or nothing; and what the book folds it unfolds."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync_server import fact, pairing
from sync_server.daybook import ordinary, placing
from sync_server.daybook.duties import Duty
from sync_server.folded import fold, unfold
from sync_server.pairing import Absence, PersonDay
from sync_server.retime import Derived
from sync_server.shifts import Window
from sync_server.touches import Measure, Punch

DAY = date(2026, 10, 5)
OPEN, DUE_IN, SPLIT, DUE_OUT, CLOSE = 10_000, 12_000, 20_000, 30_000, 33_000
# Around the edges, and around the split as near as two punches of one touch are.
TIMES = st.one_of(
    *(st.integers(edge - 130, edge + 130) for edge in (OPEN, DUE_IN, SPLIT, DUE_OUT, CLOSE)),
    st.integers(OPEN - 500, CLOSE + 500),
)


@st.composite
def punches(draw, *, sure):
    found, plain = [], sure and draw(st.integers(0, 3)) > 0  # else hardly any day is ordinary
    for no in range(draw(st.integers(0, 5))):
        t = draw(TIMES)
        quality = draw(st.sampled_from(("ok", "corrected", "bounded", "unknown")))
        if plain:
            quality = "corrected" if quality == "corrected" else "ok"
        derived = Derived(t, t - 5, t + 5, quality, "device")
        if quality in ("bounded", "unknown"):
            derived = Derived(None, t, t + draw(st.integers(0, 900)), quality, "device")
        mode = draw(st.sampled_from(("finger", "face", *(() if plain else ("secret", "witness")))))
        raw = draw(st.sampled_from((None, "2026-10-05 07:31:00")))
        found.append(
            Punch(f"K-00000001-{draw(st.integers(0, 99)):02}{no}", "K", mode, derived, raw)
        )
    return found


@st.composite
def worked(draw):
    """A day's duty and how the decree measures it."""
    odd = draw(st.integers(0, 3)) == 0
    mid = draw(st.sampled_from(((), ((22_000, 23_000),)))) if odd else ()
    apel = draw(st.sampled_from((None, (DUE_IN, DUE_IN + 60)))) if odd else None
    window = Window(OPEN, DUE_IN, SPLIT, DUE_OUT, CLOSE, mid, apel)
    duty = Duty(
        nip="1" * 18,
        opd="1.01",
        pins=("7",),
        workdate=DAY,
        zone=draw(st.sampled_from((420, 480, 540))),
        shift="REG",
        window=draw(st.sampled_from((None, window, window, window))),
        kind=draw(st.sampled_from(("workday", "workday", "LIBUR_NASIONAL", "CUTI_BERSAMA"))),
        works_on_holidays=draw(st.booleans()),
    )
    measure = Measure(
        seconds=draw(st.sampled_from(("floor", "ceil"))),
        in_event=draw(st.sampled_from(("first", "last"))) if odd else "first",
        out_event=draw(st.sampled_from(("last", "first"))) if odd else "last",
        duplicate_s=draw(st.sampled_from((0, 60, 120))),
        bounded=draw(st.sampled_from(("favour", "hold"))),
    )
    return duty, measure


def day_of(duty, measure, held, **rest):
    return PersonDay(
        nip=duty.nip,
        opd=duty.opd,
        workdate=duty.workdate,
        zone=duty.zone,
        shift=duty.shift,
        window=duty.window,
        day_kind=duty.kind,
        works_on_holidays=duty.works_on_holidays,
        punches=held,
        complete=rest.pop("complete", True),
        measure=measure,
        **rest,
    )


@settings(max_examples=200)
@given(worked(), punches(sure=True))
def test_an_ordinary_day_is_what_weighing_makes_of_it_byte_for_byte(work, found):
    duty, measure = work
    window = duty.window
    held = [one for one in found if window and one.may_lie_in(window.open, window.close)]
    bodies = [placing.read(placing.body(one)) for one in held]
    assert [placing.punch(one) for one in bodies] == held
    agree(duty, measure, held, bodies)


def agree(duty, measure, held, bodies):
    made = ordinary.of(duty, bodies, measure)
    one = pairing.pair(day_of(duty, measure, held))
    assert made is None or made == (one.status, fold(one))


@pytest.mark.parametrize("seconds", ["floor", "ceil"])
@pytest.mark.parametrize("off", [-1, 0, 1, 59, 60, 61])
def test_minutes_begin_at_the_same_second(off, seconds):
    """Late and early by so many seconds."""
    times = {"a": DUE_IN + off, "b": DUE_OUT - off}
    agree_at(times, "finger", Measure(seconds=seconds))


@pytest.mark.parametrize("first", [SPLIT - 1, SPLIT])
@pytest.mark.parametrize("gap", [59, 60, 61])
@pytest.mark.parametrize("mode", ["finger", "secret", "witness"])
def test_touches_that_may_be_one_and_those_by_hand_are_weighed(first, gap, mode):
    """The second of them is past the split."""
    times = {"b": first, "a": first + gap}
    agree_at(times, mode, Measure(duplicate_s=60))


def agree_at(times, mode, measure):
    """On a plain day with these touches, by name."""
    window = Window(OPEN, DUE_IN, SPLIT, DUE_OUT, CLOSE)
    duty = Duty("1" * 18, "1.01", ("7",), DAY, 420, "REG", window, "workday", False)
    held = [Punch(n, "K", mode, Derived(t, t, t, "ok", "device")) for n, t in times.items()]
    agree(duty, measure, held, [placing.read(placing.body(one)) for one in held])


def test_whoever_came_and_went_had_an_ordinary_day():
    """Else the short way would be no way at all."""
    window = Window(OPEN, DUE_IN, SPLIT, DUE_OUT, CLOSE)
    duty = Duty("1" * 18, "1.01", ("7",), DAY, 420, "REG", window, "workday", False)
    times = {"a": DUE_IN + 90, "b": DUE_IN + 94, "c": DUE_OUT}
    held = [Punch(n, "K", "finger", Derived(t, t, t, "ok", "device")) for n, t in times.items()]
    made = ordinary.of(duty, [placing.read(placing.body(one)) for one in held], Measure())
    assert made is not None
    found = unfold((duty.nip, duty.opd, DAY.isoformat(), *made))
    assert (found.status, found.late_min, found.evidence) == ("HADIR", 1, ("a", "b", "c"))


ABSENCES = st.lists(
    st.builds(Absence, st.sampled_from(("CT", "DL")), st.sampled_from(("day", "in", "out"))),
    max_size=2,
)
POINTS = st.lists(st.sampled_from(("in", "mid", "out")), max_size=2)


@settings(max_examples=80)
@given(worked(), punches(sure=False), st.booleans(), st.booleans(), ABSENCES, POINTS)
def test_what_the_book_folds_it_unfolds(work, found, complete, exempt, absences, points):
    duty, measure = work
    more = {"complete": complete, "exempt": exempt, "absences": absences, "excused": points}
    behind = () if complete else ("SN2", "SN1")
    one = pairing.pair(day_of(duty, measure, found, behind=behind, **more))
    again = unfold((one.nip, one.opd, one.workdate.isoformat(), one.status, fold(one)))
    assert again == one
    assert fact.to_json(again) == fact.to_json(one)
