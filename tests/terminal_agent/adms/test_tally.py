"""A terminal that pushes is covered where its own count is what came, and never for less."""

from contract.event import Covered, LogReplaced, Scan, Unreadable
from simulators.adms.terminal import Pushed, Quirks
from tests.pushed import MORNING


def test_a_count_that_agrees_covers_up_to_when_it_was_asked_for(office):
    here = office()
    here.terminal.start()
    here.terminal.punch("18")
    told = here.calls(4)
    assert [one.split()[0] for one in told] == ["INFO", "VERIFY"]
    [covered] = here.records(Covered)
    assert (covered.since, covered.through, covered.count) == (0, MORNING + 20, 1)
    assert here.calls(100) == []  # once an hour
    here.clock.now += 3_600
    assert [one.split()[0] for one in here.calls(3)] == ["VERIFY"]
    assert len(here.records(Covered)) == 2


def test_a_punch_that_never_came_is_asked_for_again_before_anything_is_covered(office):
    here = office(quirks=Quirks(forgets=1))
    here.terminal.start()
    here.terminal.punch("17")
    here.terminal.punch("18")
    assert [pin for pin, _ in here.seen()] == ["18"]
    told = [one.split(" ATT")[0] for one in here.calls(12)]
    assert told == ["INFO", "VERIFY SUM", "LOG", "VERIFY SUM", "DATA QUERY", "VERIFY SUM"]
    assert sorted(pin for pin, _ in here.seen()) == ["17", "18"]
    assert [one.count for one in here.records(Covered)] == [2]
    assert here.alerts == {}


def test_a_terminal_that_counts_more_than_it_sends_is_not_covered(office):
    here = office(quirks=Quirks(forgets=1, commands=frozenset({"INFO", "LOG", "VERIFY"})))
    here.terminal.start()
    here.terminal.punch("17")
    here.calls(20)
    assert here.records(Covered) == []
    assert here.alerts == {"gerbang": "push_incomplete"}
    here.terminal.punch("18")
    assert here.alerts == {"gerbang": "push_incomplete"}


def test_rubbish_in_its_operation_log_stands_for_no_punch(office):
    """Four punches never came; lines of the other log that nobody can read hide none of them,
    whenever they come."""
    here = office(quirks=Quirks(forgets=4, stutters=4))
    here.terminal.start()
    for _ in range(5):
        here.terminal.post("cdata", b"OPLOG rubbish\n" * 4, table="OPERLOG")
        here.terminal.punch("18")
    while "DATA" not in "".join(here.calls(1)):
        pass
    here.terminal.post("cdata", b"OPLOG rubbish\n" * 4, table="OPERLOG")
    here.calls(20)
    assert len(here.records(Unreadable)) == 4
    assert here.records(Covered) == []
    assert here.alerts == {"gerbang": "push_incomplete"}


def test_a_punch_that_nobody_can_read_is_covered_once_everything_came_again(office):
    here = office()
    here.terminal.start()
    here.terminal.punch("18")
    here.terminal.punch("x" * 30)
    told = [one.split(" ATT")[0] for one in here.calls(12)]
    assert told == ["INFO", "VERIFY SUM", "LOG", "VERIFY SUM", "DATA QUERY", "VERIFY SUM"]
    assert [one.count for one in here.records(Covered)] == [2]
    here.clock.now += 3_600
    assert [one.split()[0] for one in here.calls(5)] == ["VERIFY"]  # it is known now
    assert [one.count for one in here.records(Covered)] == [2, 2]
    assert here.alerts == {}


def test_a_batch_that_came_twice_does_not_stand_for_one_that_never_came(office):
    here = office(quirks=Quirks(forgets=4, stutters=4))
    here.terminal.start()
    for pin in range(10):
        here.terminal.punch(str(pin))
    here.calls(20)
    assert len(here.seen()) == 6
    assert here.records(Covered) == []
    assert here.alerts == {"gerbang": "push_incomplete"}
    here.terminal.quirks.stutters = 0
    here.clock.now += 3_600
    here.calls(20)
    assert [one.count for one in here.records(Covered)] == [10]
    assert here.alerts == {}


def test_a_thousand_answers_in_one_body_count_the_journal_once(office):
    here = office()
    here.terminal.start()
    here.terminal.call()
    asked = []
    here.journal._db.set_trace_callback(asked.append)
    here.terminal.quirks.commands = frozenset()
    here.clock.now += 10
    here.terminal.call()
    number = here.source._number
    body = b"".join(b"ID=%d&Return=0&CMD=VERIFY\n" % one for one in range(number, number + 1000))
    assert here.terminal.post("devicecmd", body)[0] == 200
    here.journal._db.set_trace_callback(None)
    assert sum("count(*) FROM evidence" in one for one in asked) == 1


def test_a_terminal_that_cannot_count_is_not_covered(office):
    here = office(quirks=Quirks(commands=frozenset({"INFO"})))
    here.terminal.start()
    here.calls(20)
    assert here.records(Covered) == []
    assert here.alerts == {"gerbang": "push_unproven"}


def test_a_log_that_was_cleared_is_declared_once_and_then_covered_anew(office):
    here = office()
    here.terminal.start()
    for pin in "abc":
        here.clock.now += 1
        here.terminal.punch(pin)
    here.calls(4)
    here.terminal.log, here.terminal.sent = [], 0
    here.terminal.operate(23, 1)
    here.clock.now += 3_600
    here.terminal.punch("d")
    here.calls(20)
    assert [(one.had, one.has) for one in here.records(LogReplaced)] == [(3, 1)]
    here.clock.now += 3_600
    here.calls(20)
    assert len(here.records(LogReplaced)) == 1
    assert [one.count for one in here.records(Covered)] == [3, 1, 1]


def test_a_new_card_gets_the_whole_log(office, tmp_path):
    here = office()
    here.terminal.log = [Pushed(str(n), here.terminal.clock()) for n in range(200)]
    here.terminal.sent = 200  # to the card before
    here.terminal.start()
    here.terminal.upload()
    assert len(here.records(Scan)) == 200


def test_coverage_and_stamps_outlive_a_restart(office):
    here = office()
    here.terminal.start()
    here.terminal.punch("18")
    here.calls(4)
    here.stop.set()
    here.thread.join()
    here.begin()
    here.terminal.port = here.source.port
    here.terminal.start()
    assert here.terminal.options["ATTLOGStamp"] == "9999"
    assert [one.split()[0] for one in here.calls(6)] == ["INFO"]


def test_nothing_but_five_commands_is_ever_sent(office):
    here = office(quirks=Quirks(forgets=3))
    here.terminal.start()
    for pin in "abcd":
        here.terminal.punch(pin)
    for _ in range(5):
        here.clock.now += 3_600
        here.calls(10)
    heads = {one.split(" Start")[0] for one in here.terminal.executed}
    assert heads == {"INFO", "LOG", "VERIFY SUM ATTLOG", "DATA QUERY ATTLOG"}
