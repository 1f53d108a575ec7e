"""What one process of the centre keeps up: round after round, whatever a round meets."""

import threading

import pytest
from sqlalchemy import insert

from sync_server import duty, schema
from sync_server.database import Database
from sync_server.duty import Duty

OURS = Duty("sweep", 0x4AD1_0F00, 0.01)


def kept_up(database, begin, stop):
    thread = threading.Thread(target=duty.keep, args=(database, OURS, stop, begin))
    thread.start()
    return thread


@pytest.fixture
def database(tmp_path):
    held = Database(tmp_path / "ledger.db")
    yield held
    held.close()


def test_a_row_that_the_ledger_refuses_ends_nothing_and_another_round_comes(database, caplog):
    """Whoever takes batches is in the same process."""
    stop, rounds = threading.Event(), []

    def begin():
        def turn():
            rounds.append(len(rounds))
            if len(rounds) == 5:
                stop.set()
            with database.writing() as tx:
                for _ in range(2):
                    tx.execute(insert(schema.kiosk).values(kid="T07A", opd="1.01"))

        return turn

    kept_up(database, begin, stop).join(30)
    assert rounds == [0, 1, 2, 3, 4]
    assert {one.levelname for one in caplog.records if "sweep.waits" in one.message} == {"ERROR"}


def test_what_is_no_fault_of_the_ledger_ends_the_process_and_is_seen(database):
    def turn():
        raise OSError("the state folder is gone")

    with pytest.raises(OSError, match="state folder"):
        duty.keep(database, OURS, threading.Event(), lambda: turn)


@pytest.mark.all_only("needs postgresql")
def test_of_two_processes_one_does_it_and_the_other_begins_anew_when_that_one_ends(postgres):
    url = postgres.database()
    said, second = [], threading.Event()

    def begin(name, stop):
        def turn():
            said.append(name)
            if name == "first" and len(said) == 3:
                second.set()
            if name == "second" or len(said) > 30:
                stop.set()

        return turn

    ledgers = [Database(url), Database(url)]
    stops = [threading.Event(), threading.Event()]
    one = kept_up(ledgers[0], lambda: begin("first", stops[0]), stops[0])
    assert second.wait(30)
    other = kept_up(ledgers[1], lambda: begin("second", stops[1]), stops[1])
    one.join(30)
    other.join(30)
    assert said == ["first"] * said.count("first") + ["second"]
    assert said.count("first") > 20
    for ledger in ledgers:
        ledger.close()
