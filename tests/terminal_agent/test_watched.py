"""When a camera was up: hourly, without holes, and never more than it said; and how long to wait after
wrong numbers."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from terminal_agent import watched
from terminal_agent.watched import Span

HOUR = 3_600
AHEAD = 1_795_000_123  # from the seconds since the boot to UTC
# Minutes that a camera says, in order, with a break before each of so many seconds.
days = st.lists(st.tuples(st.sampled_from([0, 0, 0, 1, 2, 3, 60, 4_000]), st.integers(1, 900)))


def said(day):
    """(since, through) as the camera tells them, from a full hour on."""
    at = 1_795_032_000
    for pause, lasted in day:
        yield at + pause, at + pause + lasted
        at += pause + lasted


def played(words):
    open_, done = None, []
    for since, through in words:
        worth = watched.more(open_, since - AHEAD, through - AHEAD, AHEAD)
        done += worth.done
        open_ = worth.open
    spans = [*done, *watched.ended_at(open_)]
    return [Span(one.since + AHEAD, one.through + AHEAD, one.count) for one in spans]


@given(days)
def test_what_is_committed_is_what_the_camera_said(day):
    """No second more, but for breaks of two that whole seconds make of none; none less."""
    words = list(said(day))
    covered = {t for span in played(words) for t in range(span.since, span.through)}
    told = {t for since, through in words for t in range(since, through)}
    assert told <= covered
    slack = {t for (_, end), (begin, _) in itertools.pairwise(words) if begin - end <= 2
             for t in range(end, begin)}  # fmt: skip
    assert covered - told <= slack


@given(days)
def test_a_camera_that_runs_on_costs_one_record_an_hour(day):
    words = list(said([(0, lasted) for _, lasted in day]))
    spans = played(words)
    hours = {through // HOUR for _, through in words}
    assert len(spans) <= len(hours) + 1
    for before, after in itertools.pairwise(spans):
        assert after.since == before.through, "the centre takes a hole for a time without eyes"


def test_a_camera_that_says_its_whole_life_each_minute_is_understood_too():
    spans = played((1_795_032_000, 1_795_032_000 + 60 * n) for n in range(1, 130))
    assert spans[0].since == 1_795_032_000
    assert all(one.through == two.since for one, two in itertools.pairwise(spans))
    assert len(spans) == 3


def test_it_is_the_hour_of_the_office_that_closes_a_span_not_one_since_the_boot():
    half_past = 1_800
    assert watched.more(Span(0, 1_700), 1_700, 1_760, half_past).done == ()
    assert watched.more(Span(0, 1_760), 1_760, 1_820, half_past).done == (Span(0, 1_820),)


def test_scans_are_counted_with_the_span_in_which_they_came():
    assert watched.scanned(None) is None
    counted = watched.scanned(Span(10, 20))
    assert counted == Span(10, 20, 1)
    assert watched.more(counted, 20, 30, 0).open == Span(10, 30, 1)
