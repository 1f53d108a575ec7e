"""On PostgreSQL many write at once: the office's log is one chain for all of them, and nobody waits for
ever behind another."""

import threading
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from sqlalchemy.exc import DBAPIError

from contract.command import Logs
from contract.event import Device, Scan
from sync_server import authority, commands, dirt, office_log, retiring, verifying
from sync_server.authority import Keys, Registrar
from sync_server.checkpoints import rounds
from sync_server.commands import Issuer
from sync_server.config import Broker
from sync_server.database import Database
from sync_server.desk import Desk
from tests.card import Card
from tests.halves import Centre, TestClock

pytestmark = pytest.mark.all_only("needs postgresql")

OPD, ROUNDS = "1.01", 15


class Worker:
    """Somebody with connections of his own, who does one thing again and again."""

    def __init__(self, url, do):
        self.database, self._do, self.failed = Database(url), do, []
        self._thread = threading.Thread(target=self._work)
        self._thread.start()

    def _work(self):
        try:
            for n in range(ROUNDS):
                self._do(self.database, n)
        except DBAPIError as problem:
            self.failed.append(str(problem.orig))

    def end(self):
        self._thread.join()
        self.database.close()
        return self.failed


def test_ingest_and_whoever_notes_into_the_office_log_never_block_each_other(  # noqa: C901 - deeds
    tmp_path, postgres
):
    """Two who note and mark days, the daily checkpoint and its orders, a revocation, and kiosks that
    send all the while: each locks rows of the others' on its way."""
    url, clock = postgres.database(), TestClock()
    centre = Centre(tmp_path, clock, url)
    cards = []
    for kid in ("T07A", "T07B"):
        cards.append(Card(centre, centre.invite(kid), 7))
    centre.invite("T07C")
    centre.start()
    now, signer = int(clock.now), authority.signer(tmp_path)
    centre.desk.born([(kid, b'{"online":true,"epoch":7}') for kid in ("T07A", "T07B", "T07C")])
    today = datetime.fromtimestamp(now, UTC).date()

    def send(card):
        card.add(Device(1, f"CJ{card.kid}", "ZKTeco", "6.60"))

        def one(database, n):
            desk = Desk(database, clock.wall, signer)
            card.centre = SimpleNamespace(desk=desk)
            card.add(
                *(Scan(1, str(k), now + 60 * n + k, False, 0, 1, 0, 0, "pull") for k in range(9))
            )
            card.send()

        return one

    def note(who):
        def one(database, n):
            with database.writing() as tx:
                office_log.note(tx, now, who, "login_done")
                dirt.mark(tx, OPD, date(today.year, today.month, 1), today, now)
                office_log.note(tx, now, who, "logout")

        return one

    def publish(database, n):
        with database.writing() as tx:
            rounds.publish(tx, signer, now + n, "hadir")

    def ask(database, n):
        with database.writing() as tx:
            commands.issue(tx, Issuer(signer.sign, now, 3_600), "T07A", Logs(60))

    def revoke(database, n):
        by = Registrar(Keys(tmp_path), Broker(), now)
        with database.writing() as tx:
            retiring.revoke(tx, by, "T07C", "hilang", "siti")

    deeds = [*map(send, cards), note("siti"), note("budi"), publish, ask, ask, revoke]
    workers = [Worker(url, do) for do in deeds]
    assert [failed for worker in workers for failed in worker.end()] == []
    with centre.database.reading() as tx:
        chains, checks = verifying.everything(tx, signer.key)
    lines = len(centre.rows("access"))
    centre.close()
    assert [(check.kind, check.first) for check in checks if check.first] == []
    assert sum(one.events for one in chains) == 2 * (1 + 9 * ROUNDS)
    assert lines == len(("T07A", "T07B", "T07C")) + ROUNDS * (2 + 2 + 1 + 1)
