"""What waits for its commit: in the order of arrival, in groups that keep nobody waiting for long."""

from contract import topics
from sync_server import ingest
from sync_server.arrivals import Arrivals


class Stopwatch:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


def emptied(arrivals):
    groups = []
    while (group := arrivals.group()).frames:
        groups.append(group)
    return groups


def test_frames_leave_in_the_order_in_which_they_came():
    arrivals = Arrivals(Stopwatch())
    frames = [(f"T{n:03}", bytes([n])) for n in range(200)]
    for kid, data in frames:
        arrivals.put("e", kid, data)
    groups = emptied(arrivals)
    assert [one for group in groups for one in group.frames] == frames
    assert [len(group.frames) for group in groups] == [64, 64, 64, 8]


def test_large_frames_make_small_groups():
    arrivals = Arrivals(Stopwatch())
    for _ in range(10):
        arrivals.put("e", "T07A", bytes(40_000))
    assert [len(group.frames) for group in emptied(arrivals)] == [4, 4, 2]


def test_births_and_answers_do_not_wait_for_frames():
    arrivals = Arrivals(Stopwatch())
    for _ in range(100):
        arrivals.put("e", "T07A", b"frame")
    arrivals.put("s", "T07B", b"birth")
    arrivals.put("r", "T07C", b"answer")
    group = arrivals.group()
    assert (group.births, group.answers) == ([("T07B", b"birth")], [("T07C", b"answer")])
    assert arrivals.waiting() == 36


def test_a_queue_that_empties_is_not_behind_however_old_its_frames_are():
    clock = Stopwatch()
    arrivals = Arrivals(clock)
    for _ in range(65):
        arrivals.put("e", "T07A", b"frame")
    clock.now += 3
    assert [group.behind for group in emptied(arrivals)] == [3.0, 0.0]


def test_a_reader_stops_before_memory_does():
    arrivals = Arrivals(Stopwatch())
    for _ in range(4_096):
        assert not arrivals.full()
        arrivals.put("e", "T07A", b"frame")
    assert arrivals.full()


def test_births_and_answers_that_the_ledger_did_not_take_come_again_in_a_second_and_first():
    clock = Stopwatch()
    arrivals = Arrivals(clock)
    arrivals.put("s", "T07A", b"birth")
    arrivals.put("r", "T07A", b"answer")
    group = arrivals.group()
    arrivals.put("s", "T07B", b"later")
    arrivals.put_back(group.births, group.answers)
    assert (arrivals.waiting(), arrivals.group().births) == (0, []), (
        "nobody asks a full disk at once"
    )
    clock.now += 1
    assert arrivals.waiting() == 3
    group = arrivals.group()
    assert group.births == [("T07A", b"birth"), ("T07B", b"later")]
    assert group.answers == [("T07A", b"answer")]
    assert arrivals.waiting() == 0


def test_a_birth_that_waits_is_forgotten_with_its_bucket():
    arrivals = Arrivals(Stopwatch())
    arrivals.put("s", "T07A", b"birth")
    arrivals.put("s", "T07B", b"birth")
    arrivals.forget(frozenset({topics.bucket("T07A")}))
    assert arrivals.group().births == [("T07B", b"birth")]


def test_what_waits_for_a_ledger_that_fails_counts_until_a_reader_stops():
    arrivals = Arrivals(Stopwatch())
    arrivals.put_back([("T07A", b"birth")] * 4_000, [("T07A", b"answer")] * 96)
    assert arrivals.full()


def test_kiosks_are_slowed_by_what_they_wait_and_do_not_come_back_together():
    assert ingest.slow_down(0.9, 3) == [0, 0, 0]
    assert ingest.slow_down(4.0, 4) == [4, 5, 6, 7]
    assert max(ingest.slow_down(500.0, 64)) == 60
    assert ingest.slow_down(9.0, 0) == []
