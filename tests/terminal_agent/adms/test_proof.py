"""When a terminal that pushes counts as read whole, and what its live punches say of its clock."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from terminal_agent.adms import lines, proof, ticking
from terminal_agent.adms.again import Again, Rows
from terminal_agent.adms.asking import Reply
from terminal_agent.adms.proof import Held, Proof
from terminal_agent.adms.ticking import Ticking

NOON = 1_795_046_400
HOUR = 3_600


def counted(standing, count, held, now=NOON + 1):
    """The terminal answers the count that it was asked for."""
    return proof.answered(standing, Reply(standing.number, 0, count), held, now)


def asked(standing=None, now=NOON, covered=0, number=7):
    standing, what = proof.ask(standing or Proof(), now, covered, number)
    assert what is not None
    return standing


@pytest.mark.parametrize(
    ("count", "held", "whole"),
    [
        (10, Held(10, 0), True),
        (11, Held(10, 0), False),
        (9, Held(10, 0), False),
        (11, Held(10, 0, Again(10, 1)), False),
        (11, Held(10, -1), True),
        (12, Held(10, -1), False),
        (10, Held(25, 15), True),
        (0, Held(0, 0), True),
    ],
    ids=[
        "as many",
        "one was never sent",
        "one went from the terminal",
        "one that nobody can read is no reason to believe it at once",
        "the one that nobody can read is known",
        "more than nobody can read",
        "without those that were cleared",
        "an empty log",
    ],
)
def test_a_terminal_is_whole_where_it_counts_what_is_stored(count, held, whole):
    _, verdict = counted(asked(), count, held)
    assert (verdict is not None and verdict.whole) is whole


def test_a_count_with_a_punch_in_between_proves_nothing_and_is_asked_again():
    """The missing one and the new one would hide each other."""
    standing = proof.came(asked(), 1, NOON)
    standing, verdict = counted(standing, 10, Held(10, 0))
    assert verdict is None
    assert standing.step == "count"
    _, verdict = counted(asked(standing, number=8), 10, Held(10, 0))
    assert verdict.whole


def test_at_a_busy_door_the_count_waits_for_a_quieter_time():
    standing = Proof()
    for number in range(21):
        standing = proof.came(asked(standing, number=number), 1, NOON)
        standing, _ = counted(standing, 10, Held(10, 0))
    assert proof.ask(standing, NOON + 10, 0, 99)[1] is None
    assert proof.ask(standing, NOON + 302, 0, 99)[1] == "verify"


def test_an_answer_to_another_command_is_no_answer():
    standing = asked()
    assert proof.answered(standing, Reply(6, 0, 10), Held(10, 0), NOON) == (standing, None)
    assert proof.answered(Proof(), Reply(0, 0, 10), Held(10, 0), NOON) == (Proof(), None)


def test_a_command_that_is_never_answered_is_given_up_and_begun_anew():
    standing = asked()
    assert proof.ask(standing, NOON + 119, 0, 8)[1] is None
    standing, what = proof.ask(standing, NOON + 120, 0, 8)
    assert what is None
    assert proof.ask(standing, NOON + 419, 0, 8)[1] is None
    assert proof.ask(standing, NOON + 420, 0, 8)[1] == "verify"


def test_a_terminal_that_is_still_sending_its_log_is_not_asked():
    standing = proof.came(Proof(), 128, NOON)
    assert proof.ask(standing, NOON + 59, 0, 7)[1] is None
    assert proof.ask(standing, NOON + 60, 0, 7)[1] == "verify"


def test_one_claim_an_hour_is_asked_for():
    assert proof.ask(Proof(), NOON, NOON - NOON % HOUR, 7)[1] is None
    assert proof.ask(Proof(), NOON, NOON - NOON % HOUR - 1, 7)[1] == "verify"


def test_a_clock_that_was_set_back_keeps_nothing_waiting_for_ever():
    standing = asked(now=NOON)
    standing, what = proof.ask(standing, NOON - 5 * HOUR, 0, 8)
    assert what is None
    assert proof.ask(standing, NOON - 4 * HOUR, 0, 8)[1] == "verify"


def test_what_went_out_at_the_first_second_of_time_is_out():
    standing, what = proof.ask(Proof(rest_until=NOON), NOON - 1, 0, 7)
    assert what is None
    assert standing.asked == 0


@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40), st.integers(-5, 5))
def test_nothing_is_whole_unless_as_many_are_stored_or_all_of_it_came_again(
    count, punches, resent, gone
):
    final = replace(asked(), step="final")
    _, verdict = counted(final, count, Held(punches, gone, Again(resent)))
    assert verdict.whole == (count in (punches - gone, resent))
    if verdict.whole:
        assert punches - verdict.gone == count


@pytest.mark.parametrize(
    ("count", "again", "whole"),
    [
        (95, Again(90, 10), False),
        (100, Again(90, 10), True),
        (90, Again(90, 10), True),
        (89, Again(90, 10), False),
        (101, Again(90, 10), False),
    ],
    ids=[
        "some of those that nobody can read",
        "with those that nobody can read",
        "without them",
        "fewer than came: it was cleared since",
        "more than came",
    ],
)
def test_after_everything_came_again_the_terminal_counts_exactly_that(count, again, whole):
    _, verdict = counted(replace(asked(), step="final"), count, Held(50, 0, again))
    assert verdict.whole is whole


def row(pin, second=0):
    return b"%d\t2026-11-19 08:00:%02d\t0\t1\t0\n" % (pin, second)


def test_a_batch_that_comes_twice_is_no_more_rows():
    came = Rows()
    batch = lines.attlog(b"".join(row(pin) for pin in range(600)) + b"rubbish\n")
    for _ in range(3):
        came.came(batch)
    assert came.counted() == Again(600, 1)


def test_two_rows_of_one_person_and_second_in_one_body_are_two():
    came = Rows()
    came.came(lines.attlog(row(18) * 2 + b"rubbish\n" * 2))
    came.came(lines.attlog(row(18) + row(18, 1)))
    assert came.counted() == Again(3, 2)


def live(seconds, up_ms, before=None):
    """Three calls in vain, then one punch that shows these device seconds."""
    standing = before or Ticking()
    for early in (30_000, 20_000, 10_000):
        standing = ticking.called(standing, up_ms - early)
    return ticking.sent(standing, (seconds,), up_ms)


def test_one_punch_after_calls_in_vain_is_a_measure():
    assert ticking.offset_ms(live(NOON, 100_000), 0) == NOON * 1000 + 500 - 100_000


@pytest.mark.parametrize("calls", [0, 1])
def test_a_punch_before_the_second_call_in_vain_may_have_waited(calls):
    standing = Ticking()
    for call in range(calls):
        standing = ticking.called(standing, 90_000 + call)
    assert ticking.sent(standing, (NOON,), 100_000).seen == ()


def test_two_punches_at_once_measure_nothing():
    standing = ticking.called(ticking.called(Ticking(), 80_000), 90_000)
    assert ticking.sent(standing, (NOON, NOON + 1), 100_000).seen == ()


def test_a_terminal_that_was_cut_off_brings_what_waited():
    standing = ticking.called(ticking.called(Ticking(), 50_000), 60_000)
    assert ticking.sent(standing, (NOON,), 100_000).seen == ()


def test_the_least_late_of_the_newest_punches_counts():
    standing = live(NOON, 100_000)
    late = live(NOON + 60, 163_000, standing)  # three seconds on its way
    assert ticking.offset_ms(late, 0) == ticking.offset_ms(standing, 0)
    for more in range(2, 10):
        late = live(NOON + more * 60, 103_000 + more * 60_000, late)
    assert ticking.offset_ms(late, 0) == ticking.offset_ms(standing, 0) - 3_000


def test_a_clock_that_was_set_shows_in_the_next_live_punch():
    standing = live(NOON, 100_000)
    back = live(NOON - 3_600 + 60, 160_000, standing)
    assert ticking.offset_ms(back, 0) == ticking.offset_ms(standing, 0) - 3_600_000
    on = live(NOON + 3_600 + 60, 160_000, standing)
    assert ticking.offset_ms(on, 0) == ticking.offset_ms(standing, 0) + 3_600_000
