"""A stick is handed in while the server takes the same kiosk's batches, on either database."""

import threading
from contextlib import closing

import pytest

from sync_server.database import Database
from sync_server.desk import Desk
from sync_server.sticks import Counter
from tests.halves import Centre, TestClock, talk
from tests.link.test_sticks import NOON, Office

on_postgres = pytest.mark.all_only("needs postgresql")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=on_postgres)])
def centre(request, tmp_path):
    ledger = tmp_path / "ledger.db"
    if request.param == "postgresql":
        ledger = request.getfixturevalue("postgres").database()
    with closing(Centre(tmp_path / "centre", TestClock(), ledger)) as centre:
        centre.ledger = ledger
        yield centre


def test_a_stick_and_the_link_at_once_lose_and_double_nothing(centre, tmp_path):
    """Both bring the same events at the same time; each has a desk of its own, as two processes."""
    office = Office(tmp_path / "a", centre)
    said = [(str(i % 90), NOON + i) for i in range(6_000)]
    office.punch(*said)
    files, results = office.export(), []

    def hand_in():
        with closing(Database(centre.ledger)) as database:
            desk = Desk(database, centre.clock.wall)
            results.append(Counter(database, desk, centre.registrar.keys).sticks(files * 2))

    carrier = threading.Thread(target=hand_in)
    carrier.start()
    talk(office.kiosk, centre)
    carrier.join(60)
    [([taken], problems)] = results
    assert (taken.missing_from, taken.forked, problems) == (0, False, [])
    assert centre.scans("T07A") == said
    assert len(centre.rows("punch")) == len(said)
    assert (centre.rows("refused"), centre.rows("repeat")) == ([], [])
    [row] = centre.rows("chain")
    assert (
        row.acked >= office.standing().urgent
    )  # what a receipt let the kiosk note waits for company
    assert row.head == office.kiosk.journal.run(row.acked, 1).after
    office.bring([taken])
    assert office.standing().acked == row.acked
    office.kiosk.journal.close()
