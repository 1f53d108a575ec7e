"""What goes next and what a receipt changes: the rewind rules of the wire, one by one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract.receipt import Receipt
from terminal_agent import outbox
from terminal_agent.outbox import Outbox, Waiting
from terminal_agent.pace import Pace

PACE = Pace(patience=60.0)


def receipt(acked, **more) -> Receipt:
    return Receipt(epoch=9, acked=acked, received_ms=0, sent_ms=0, **more)


def box(acked=0, sent=0, **more) -> Outbox:
    return Outbox(acked=acked, sent=sent, **more)


def after(state: Outbox, *receipts: Receipt, newest=10**6, now=100.0) -> Outbox:
    for one in receipts:
        state = outbox.receipted(state, one, newest, now)
    return state


def flushing(state: Outbox, waiting: Waiting, now=100.0) -> Outbox:
    return outbox.due(state, waiting, PACE, now)


def run_of(state: Outbox, waiting: Waiting, now: float) -> int:
    """How many events go out in one look at what waits."""
    return outbox.next_run(flushing(state, waiting, now), now)


def late_by(state: Outbox, since: float, chance=0.0) -> float:
    """Seconds until a receipt is overdue, from the moment when the socket was seen empty."""
    return outbox.looked(state, 0, since, chance).late_at - since


# When a batch leaves


def test_coverage_alone_goes_once_an_hour():
    """The last absence of a month must not wait for somebody's next punch."""
    state = box(acked=10, sent=10, goal=10)
    assert run_of(state, Waiting(11), now=3_599.0) == 0
    assert run_of(state, Waiting(11), now=3_600.0) == 1


def test_bookkeeping_alone_takes_the_place_of_a_ping():
    """A batch and its receipt tell as much as a ping, and then the schedule has nothing to send."""
    state = box(acked=10, sent=10, goal=10)
    assert run_of(state, Waiting(11, ping_in=3.1), now=900.0) == 0
    assert run_of(state, Waiting(11, ping_in=3.0), now=900.0) == 1
    slow = box(acked=10, sent=10, goal=10, rtt=1.5)
    assert run_of(slow, Waiting(11, ping_in=6.0), now=900.0) == 1, "its receipt needs longer"
    assert run_of(state, Waiting(10, ping_in=0.0), now=900.0) == 0, "nothing waits: let it ping"


@pytest.mark.parametrize(
    ("waiting", "leaves"),
    [
        (Waiting(0), 0),
        (Waiting(1, 1, 59.9), 0),
        (Waiting(1, 1, 60.0), 1),
        (Waiting(30, 28, 60.0), 30),
        (Waiting(199, 199, 3.0), 0),
        (Waiting(200, 200, 3.0), 200),
        (Waiting(5000, 5000, 3.0), 1000),
        (Waiting(3), 0),
        (Waiting(200), 0),
        (Waiting(5000), 0),
        (Waiting(400, 199, 3.0), 0),
    ],
    ids=str,
)
def test_a_flush_starts_by_age_or_by_two_hundred_waiting_scans(waiting, leaves):
    """Bookkeeping rides along and never starts one, however much of it there is."""
    assert run_of(outbox.opened(0, 0, 0.0), waiting, now=100.0) == leaves


def test_bookkeeping_rides_with_the_scan_that_is_due():
    assert run_of(box(acked=10, sent=10, goal=10), Waiting(25, 12, 60.0), now=0.0) == 15


def test_what_comes_while_a_batch_is_in_flight_waits_for_company_of_its_own():
    """Otherwise everyone behind the first in the morning queue would cost a batch."""
    state = outbox.sent(flushing(outbox.opened(0, 0, 0.0), Waiting(1, 1, 60.0)), 1, 100.0)
    assert run_of(state, Waiting(3, 3, 0.1), now=100.2) == 0
    assert run_of(state, Waiting(3, 3, 60.0), now=160.1) == 2


def test_a_flush_that_has_begun_goes_to_its_end():
    """The last few of a backlog do not wait for company."""
    state = flushing(outbox.opened(0, 0, 0.0), Waiting(1005, 1005, 60.0))
    state = outbox.sent(state, 1000, 100.0)
    assert run_of(state, Waiting(1005, 1005, 0.0), now=100.0) == 5


def test_a_new_connection_sends_up_to_its_goal_at_once():
    assert outbox.next_run(outbox.opened(812, 815, 5.0), 5.0) == 3
    assert outbox.next_run(outbox.opened(812, 812, 5.0), 5.0) == 0


def test_a_backlog_goes_in_batches_of_a_thousand_up_to_the_window():
    state, runs = outbox.opened(0, 50_000, 0.0), []
    while run := outbox.next_run(state, 0.0):
        state = outbox.sent(state, state.sent + run, 0.0)
        runs.append(run)
    assert runs == [1000] * 20
    assert state.sent - state.acked == outbox.WINDOW


def test_a_receipt_opens_the_window_by_what_it_acknowledges():
    state = after(box(sent=outbox.WINDOW, goal=50_000), receipt(1500))
    assert outbox.next_run(state, 100.0) == 1000
    state = outbox.sent(state, state.sent + 1000, 100.0)
    assert outbox.next_run(state, 100.0) == 500


def test_a_centre_that_asks_to_slow_down_is_left_in_peace():
    state = after(box(sent=5, goal=50_000), receipt(5, slow=30), now=100.0)
    assert outbox.next_run(state, 129.9) == 0
    assert outbox.next_run(state, 130.0) == 1000


def test_a_plain_receipt_does_not_cut_a_slow_down_short():
    state = after(box(sent=5, goal=50_000), receipt(4, slow=30), receipt(5))
    assert outbox.next_run(state, 129.9) == 0


def test_a_new_connection_sends_everything_without_a_receipt_again():
    state = outbox.opened(812, 812, 5.0)
    assert (state.acked, state.sent, state.rtt) == (812, 812, None)


# Receipts


def test_only_a_receipt_moves_the_mark():
    state = outbox.sent(outbox.opened(0, 50, 0.0), 50, 1.0)
    assert state.acked == 0
    assert outbox.rewound(state).acked == 0
    assert after(state, receipt(30)).acked == 30


def test_an_acked_above_what_exists_is_ignored():
    state = box(acked=3, sent=10)
    assert after(state, receipt(11), newest=10) == state


def test_an_acked_beyond_what_this_connection_sent_counts():
    """Sent and receipted before the link broke; the receipt of the birth says so."""
    state = after(outbox.opened(0, 0, 0.0), receipt(40), newest=50)
    assert (state.acked, state.sent) == (40, 40)


def test_an_acked_that_goes_back_resends_from_there():
    """The centre was restored from a backup."""
    state = after(box(acked=900, sent=1200), receipt(300))
    assert (state.acked, state.sent) == (300, 300)


def test_a_round_trip_is_not_measured_over_a_restored_centre():
    """Karn's rule: what goes out twice says nothing about the time of one way and back."""
    state = outbox.sent(outbox.sent(box(acked=900, sent=900), 950, 0.0), 1200, 0.5)
    state = after(state, receipt(300), now=1.0)
    state = after(outbox.sent(state, 1300, 400.0), receipt(1300), now=401.0)
    assert state.rtt == 1.0


# Rewinds


def test_a_hole_is_filled_at_once():
    state = after(box(acked=10, sent=60), receipt(10, want=11))
    assert state.sent == 10


@pytest.mark.parametrize(("rtt", "trip"), [(2.0, 2.0), (None, 3.0)])
def test_a_hole_is_filled_once_per_round_trip(rtt, trip):
    """Every batch in flight reports the same hole: one answer is enough. Before the first receipt
    three seconds pass for a round trip."""
    state = after(box(sent=60, rtt=rtt), receipt(0, want=1), now=100.0)
    state = outbox.looked(outbox.sent(state, 60, 100.1), 0, 100.2, 0.0)
    assert after(state, receipt(0, want=1), now=100.19 + trip).sent == 60
    assert after(state, receipt(0, want=1), now=100.21 + trip).sent == 0


def test_a_hole_is_not_filled_again_while_the_answer_stands_in_the_socket():
    """Over a thin link what was sent behind the hole reports it for longer than a round trip."""
    state = after(box(sent=60, rtt=0.6), receipt(0, want=1), now=100.0)
    state = outbox.looked(outbox.sent(state, 60, 100.1), 9_000, 104.0, 0.0)
    assert after(state, receipt(0, want=1), now=104.1).sent == 60


def test_another_hole_is_filled_at_once_too():
    state = after(box(sent=60, rtt=2.0), receipt(0, want=1), now=100.0)
    state = outbox.sent(state, 60, 100.1)
    assert after(state, receipt(20, want=21), now=100.2).sent == 20


def test_a_hole_beyond_what_was_sent_waits_for_its_turn():
    assert after(box(acked=5, sent=8), receipt(5, want=30)).sent == 8


def test_a_hole_below_the_mark_does_not_put_sending_behind_it():
    state = after(box(acked=5, sent=8), receipt(6, want=2))
    assert (state.acked, state.sent) == (5, 5)


@pytest.mark.parametrize("more", [{"want": 7}, {"refused": True}])
def test_a_receipt_that_took_nothing_never_moves_the_mark_forward(more):
    """Nobody compared what the centre says it holds with what is here; back it may go."""
    assert after(box(acked=5, sent=8), receipt(6, **more)).acked == 5
    assert after(box(acked=5, sent=8), receipt(3, **more)).acked == 3


@pytest.mark.parametrize(
    ("rtt", "backoff", "seconds"),
    [
        (None, 0, 3.0),
        (0.05, 0, 3.0),
        (0.75, 0, 3.0),
        (0.76, 0, 3.04),
        (5.0, 0, 20.0),
        (None, 1, 6.0),
        (None, 3, 24.0),
        (None, 6, 192.0),
        (None, 7, 300.0),
        (5.0, 4, 300.0),
        (200.0, 0, 300.0),
    ],
)
def test_a_receipt_is_late_after_three_seconds_or_four_round_trips_doubling_to_five_minutes(
    rtt, backoff, seconds
):
    assert outbox.timeout(box(sent=5, rtt=rtt, backoff=backoff)) == pytest.approx(seconds)


def test_every_timeout_doubles_the_next_until_a_receipt_comes():
    state, waits = box(sent=5, goal=5), []
    for _ in range(12):
        waits.append(outbox.timeout(state))
        state = outbox.sent(outbox.rewound(state), 5, 0.0)
    assert waits[:7] == [3, 6, 12, 24, 48, 96, 192]
    assert waits[7:] == [300] * 5
    assert outbox.timeout(after(state, receipt(1))) == 3


@pytest.mark.parametrize(("chance", "seconds"), [(0.0, 3.0), (0.5, 4.5), (0.99, 5.97)])
def test_a_wait_is_drawn_from_its_length_to_twice_that(chance, seconds):
    assert late_by(box(sent=5), 100.0, chance) == pytest.approx(seconds)


def test_the_jitter_of_a_wait_is_drawn_once():
    """Drawn at every look, the smallest of thirty would win: no jitter at all."""
    state = outbox.looked(box(sent=5), 0, 100.0, 0.9)
    for look in range(1, 30):
        state = outbox.looked(state, 0, 100.0 + look * 0.1, 0.0)
    assert not outbox.overdue(state, 0, 105.6)
    assert outbox.overdue(state, 0, 105.8)


def test_nothing_is_late_while_the_socket_holds_it_or_nothing_is_awaited():
    waiting = outbox.looked(box(sent=5), 0, 100.0, 0.0)
    assert not outbox.overdue(waiting, 0, 103.0)
    assert outbox.overdue(waiting, 0, 103.1)
    assert not outbox.overdue(waiting, 1, 999.0)
    assert outbox.looked(box(sent=5), 1, 100.0, 0.0).late_at is None
    assert outbox.looked(box(acked=5, sent=5), 0, 100.0, 0.0).late_at is None


def test_the_wait_begins_when_the_socket_has_let_go():
    """Over a thin link a batch of backlog takes longer to leave than a receipt may take to come."""
    state = outbox.looked(box(sent=1000), 40_000, 100.0, 0.0)
    state = outbox.looked(state, 0, 110.0, 0.0)
    assert not outbox.overdue(state, 0, 113.0)
    assert outbox.overdue(state, 0, 113.1)


def test_a_trickle_of_new_scans_does_not_postpone_the_timeout():
    """A morning's queue at a broker that lost a batch: somebody comes every second."""
    state, now = outbox.looked(box(sent=5, goal=90), 0, 100.0, 0.0), 100.0
    while not outbox.overdue(state, 0, now):
        now += 1.0
        state = outbox.looked(outbox.sent(state, state.sent + 1, now), 0, now, 0.0)
        assert now < 110, "it never comes"
    assert now == 104.0


def test_a_receipt_that_moves_on_is_progress_and_another_is_not():
    state = outbox.looked(box(acked=1, sent=9), 0, 100.0, 0.0)
    assert after(state, receipt(1), now=102.0).late_at == 103.0
    state = after(state, receipt(2), now=102.0)
    assert late_by(state, 102.1) == pytest.approx(3.0)


def test_after_a_timeout_one_batch_goes_until_a_receipt_arrives():
    state = outbox.rewound(box(acked=100, sent=9000, goal=9000, top=9000))
    assert (state.acked, state.sent) == (100, 100)
    assert outbox.next_run(state, 50.0) == 1000
    state = outbox.sent(state, 1100, 50.0)
    assert outbox.next_run(state, 50.0) == 0, "one batch"
    assert outbox.next_run(outbox.sent(state, 600, 50.0), 50.0) == 0, "however small"


def test_after_a_timeout_and_one_receipt_a_round_trip_shows_whether_the_rest_was_lost():
    state = outbox.rewound(box(acked=100, sent=9000, goal=9000, top=9000, rtt=0.7))
    state = after(outbox.sent(state, 1100, 50.0), receipt(1100), now=51.0)
    assert outbox.next_run(state, 51.6) == 0, "the receipts of the first sending may follow"
    assert outbox.next_run(state, 51.7) == 1000, "they did not"
    state = outbox.sent(state, 2100, 51.7)
    assert outbox.next_run(state, 51.7) == 1000, "and the window is open again"


@pytest.mark.parametrize("first", [600, 2100], ids=["a part of it", "more than it"])
def test_a_receipt_for_what_did_not_go_again_shows_that_nothing_was_lost(first):
    """It was only late: nothing of the rest goes a second time."""
    state = outbox.rewound(box(acked=100, sent=9000, goal=9000, top=9000, rtt=0.7))
    state = after(outbox.sent(state, 1100, 50.0), receipt(first), now=51.0)
    assert (state.acked, state.sent) == (first, 9000)
    assert outbox.next_run(state, 51.0) == 0


def test_receipts_that_follow_the_first_show_that_nothing_was_lost():
    state = outbox.rewound(box(acked=100, sent=9000, goal=9000, top=9000, rtt=0.7))
    state = after(outbox.sent(state, 1100, 50.0), receipt(1100), now=51.0)
    state = after(state, receipt(2100), now=51.1)
    assert state.sent == 9000
    assert late_by(state, 51.1) == pytest.approx(3.0), "if they were lost all the same"


# The smoothed round trip


def test_the_round_trip_is_smoothed_by_an_eighth():
    state = outbox.sent(outbox.opened(0, 0, 0.0), 10, 0.0)
    state = after(state, receipt(10), now=4.0)
    assert state.rtt == 4.0
    state = after(outbox.sent(state, 20, 10.0), receipt(20), now=22.0)
    assert state.rtt == 5.0


def test_one_batch_is_timed_at_a_time_and_only_whole():
    state = outbox.sent(outbox.sent(outbox.opened(0, 0, 0.0), 10, 0.0), 20, 1.0)
    assert after(state, receipt(9), now=2.0).rtt is None
    assert after(state, receipt(20), now=2.0).rtt == 2.0


@pytest.mark.parametrize("how", ["timeout", "hole", "refused"])
def test_what_was_sent_twice_is_not_timed(how):
    """Karn's rule: nobody knows which of the two was answered."""
    state = outbox.sent(outbox.opened(0, 20, 0.0), 10, 0.0)
    if how == "timeout":
        state = outbox.rewound(state)
    else:
        state = after(state, receipt(0, want=1) if how == "hole" else receipt(0, refused=True))
    assert state.timed is None
    state = outbox.sent(state, 10, 60.0)
    assert state.timed is None
    assert outbox.sent(state, 20, 61.0).timed == (20, 61.0)


# Refusals


def test_a_refusal_halves_what_was_sent_down_to_the_one_event_at_fault():
    state, runs = box(goal=700), []
    for _ in range(10):
        run = outbox.next_run(state, 100.0)
        runs.append(run)
        state = after(outbox.sent(state, run, 100.0), receipt(0, refused=True))
    assert runs == [700, 350, 175, 87, 43, 21, 10, 5, 2, 1]
    assert outbox.next_run(state, 100.0) == 1, "never less than one"


def test_a_refusal_sends_again_at_once_one_batch_at_a_time():
    state = after(box(acked=0, sent=5000, goal=5000), receipt(0, refused=True))
    assert (state.sent, state.run) == (0, 500)
    assert outbox.next_run(state, 100.0) == 500
    state = outbox.sent(state, 500, 100.0)
    assert outbox.next_run(state, 100.0) == 0


def test_what_goes_through_after_a_refusal_lets_the_next_batch_be_twice_as_long():
    state, runs = box(goal=3000, run=1, cautious=True), []
    while state.acked < 3000:
        run = outbox.next_run(state, 100.0)
        runs.append(run)
        state = outbox.sent(state, state.sent + run, 100.0)
        state = after(state, receipt(state.sent))
    assert runs[:10] == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512]
    assert set(runs[10:-1]) == {1000}


def test_a_receipt_that_acknowledges_nothing_new_does_not_lengthen_batches():
    assert after(box(acked=4, sent=9, run=2), receipt(4), receipt(4)).run == 2


# Everything at once


receipts = st.builds(
    receipt,
    st.integers(0, 70_000),
    want=st.just(0) | st.integers(0, 70_000),
    refused=st.booleans(),
    slow=st.just(0) | st.integers(0, 300),
)
happenings = st.one_of(
    st.tuples(st.just("scan"), st.integers(1, 5_000)),
    st.tuples(st.just("send"), st.integers(0, 30)),
    st.tuples(st.just("wait"), st.floats(0, 400)),
    st.tuples(st.just("receipt"), receipts),
    st.tuples(st.just("reconnect"), st.none()),
)


class Sending:
    """A kiosk's outbox beside a centre that keeps nothing but how far it has got."""

    def __init__(self):
        self.box, self.last, self.now, self.stored = outbox.opened(0, 0, 0.0), 0, 0.0, 0

    def scan(self, count):
        self.last += count

    def wait(self, seconds):
        self.now += seconds

    def reconnect(self, _):
        self.box = outbox.opened(self.box.acked, self.last, self.now)

    def receipt(self, one):
        self.box = outbox.receipted(self.box, one, self.last, self.now)

    def send(self, delivered):
        """One turn of the dispatch; the first so many batches of it reach the centre."""
        self.box = outbox.looked(self.box, 0, self.now, 0.5)
        if outbox.overdue(self.box, 0, self.now):
            self.box = outbox.rewound(self.box)
        self.box = outbox.due(self.box, Waiting(self.last, self.last, 60.0), PACE, self.now)
        said, turns = [], 0
        while run := outbox.next_run(self.box, self.now):
            first, turns = self.box.sent + 1, turns + 1
            assert 1 <= run <= self.box.run <= outbox.RUN
            self.box = outbox.sent(self.box, self.box.sent + run, self.now)
            self.check()
            if turns <= delivered:
                said.append(self.centre(first, run))
            assert turns <= outbox.WINDOW, "a turn ends"
        return said

    def centre(self, first, run):
        """Go-back-N in four lines: what continues is stored, a hole is asked for."""
        if first > self.stored + 1:
            return receipt(self.stored, want=self.stored + 1)
        self.stored = max(self.stored, first + run - 1)
        return receipt(self.stored)

    def check(self):
        assert 0 <= self.box.acked <= self.box.sent <= self.box.goal <= self.last, "never past them"
        assert self.box.sent <= max(self.box.top, self.box.acked)
        assert self.box.sent - self.box.acked <= max(outbox.WINDOW, outbox.RUN)


@settings(max_examples=200)
@given(st.lists(happenings, max_size=25))
def test_whatever_the_link_does_everything_arrives_once_it_lets_something_through(history):
    """Sending stays between mark and newest seq, inside the window; and any finite loss ends."""
    sending = Sending()
    for name, value in history:
        for one in getattr(sending, name)(value) or ():
            sending.receipt(one)
        sending.check()
    # From here on the link is perfect. The centre stored what it stored; false receipts end.
    for _ in range(400):
        for one in sending.send(10**6) or [receipt(sending.stored)]:
            sending.receipt(one)
            sending.check()
        sending.wait(301)
        if sending.box.acked == sending.last == sending.stored:
            return
    pytest.fail(f"{sending.box} of {sending.last}, stored {sending.stored}")
