"""What is missing, forked or refused, kiosk by kiosk; and whether every chain still holds."""

import sqlite3
from contextlib import closing
from itertools import product

import pytest

from contract import batch, chain, event, health
from contract.batch import Batch
from sync_server import fleet, standing, verifying
from tests.halves import Centre, Kiosk, TestClock, talk

NOON = 1_795_000_000 + 25_200


@pytest.fixture
def centre(tmp_path):
    centre = Centre(tmp_path / "centre", TestClock())
    yield centre
    centre.close()


@pytest.fixture
def kiosk(tmp_path, centre):
    kiosk = Kiosk(tmp_path / "kiosk", centre.invite("T07A"), centre.clock)
    kiosk.punch(*[(str(n), NOON + n) for n in range(5)])
    yield kiosk
    kiosk.journal.close()


def ask(centre, question, *values):
    with centre.database.reading() as tx:
        return question(tx, *values)


def born(centre, kiosk, alerts):
    centre.desk.born([("T07A", kiosk.dispatch.birth("1", alerts))])


def test_a_kiosk_that_was_invited_and_never_spoke_is_listed_offline(centre):
    centre.invite("T07B", opd="1.02")
    [found] = ask(centre, standing.kiosks)
    assert (found.kid, found.opd, found.seen, found.online) == ("T07B", "1.02", 0, False)
    assert (found.stored, found.waiting, found.trust, found.alerts) == (0, None, None, ())
    assert (found.forked, found.refused) == (False, 0)


def test_a_kiosk_is_shown_with_what_it_sent_what_waits_and_its_alerts(centre, kiosk):
    talk(kiosk, centre)
    stored = kiosk.journal.standing().last
    kiosk.punch(("9", NOON + 60), ("9", NOON + 90))
    born(centre, kiosk, {"lobi": "unreachable", "aula": "comm_key"})
    [found] = ask(centre, standing.kiosks)
    assert (found.online, found.stored, found.waiting) == (True, stored, 2)
    assert found.alerts == (("aula", "comm_key"), ("lobi", "unreachable"))
    assert found.seen == int(centre.clock.now)
    centre.desk.born([("T07A", health.encode(health.Birth(online=False, epoch=0)))])
    assert not ask(centre, standing.kiosks)[0].online


def test_what_is_stored_counts_all_epochs_and_what_waits_only_the_newest(centre, kiosk):
    talk(kiosk, centre)
    kiosk.journal.begin_epoch("salvage", centre.clock.look())
    kiosk.dispatch.connected()
    kiosk.punch(("9", NOON + 60))
    born(centre, kiosk, {})
    [found] = ask(centre, standing.kiosks)
    assert found.waiting == kiosk.journal.standing().last > 0
    before = found.stored
    talk(kiosk, centre)
    born(centre, kiosk, {})
    [found] = ask(centre, standing.kiosks)
    assert (found.stored, found.waiting) == (before + kiosk.journal.standing().last, 0)


def test_a_gap_is_listed_until_it_is_closed(centre, kiosk):
    list(kiosk.dispatch.frames(0))  # lost on the way
    last = kiosk.journal.standing().last
    kiosk.punch(("9", NOON + 60))
    [late] = kiosk.dispatch.frames(0)
    centre.desk.take([("T07A", late)])
    [gap] = ask(centre, standing.gaps)
    assert (gap.kid, gap.first, gap.last) == ("T07A", 1, last)
    kiosk.dispatch.connected()
    talk(kiosk, centre)
    assert ask(centre, standing.gaps) == []


def fork(centre, kiosk):
    """A genuine frame that contradicts what is stored, as a copy of the card would send it."""
    standing_ = kiosk.journal.standing()
    head = kiosk.journal.run(1, 1).before
    other = (event.canonical(event.LogShifted(1, 3)),)
    sent = Batch("T07A", standing_.epoch, 1, other, head, chain.heads(head, other)[-1])
    frame = batch.encode(sent, [], kiosk.invited.mac_key)
    for _ in range(2):  # sent again, and kept once
        centre.desk.take([("T07A", frame)])
    return standing_.epoch


def test_a_fork_is_listed_with_its_branches_until_a_person_has_looked(centre, kiosk):
    talk(kiosk, centre)
    stored = kiosk.journal.standing().last
    epoch = fork(centre, kiosk)
    forged = batch.encode(Batch("T07A", epoch, 1, (b"[]",), b"....", b"...."), [], b"no key")
    centre.desk.take([("T07A", forged), ("T07A", b"hello")])
    assert ask(centre, standing.forks) == [standing.Fork("T07A", epoch, stored, 1)]
    [found] = ask(centre, standing.kiosks)
    assert (found.forked, found.refused) == (True, 3)
    with centre.database.writing() as tx:
        assert standing.resolve_forks(tx, "T07B", "lain", "siti", 0) == 0
        assert standing.resolve_forks(tx, "T07A", "kartu dipulihkan", "siti", 0) == 1
        assert standing.resolve_forks(tx, "T07A", "sekali lagi", "siti", 0) == 0
    assert ask(centre, standing.forks) == []
    [found] = ask(centre, standing.kiosks)
    assert (found.forked, found.refused) == (False, 0)
    assert [row.resolved for row in centre.rows("refused")] == ["kartu dipulihkan"] * 3


def test_a_whole_ledger_verifies_chain_by_chain(centre, kiosk, tmp_path):
    talk(kiosk, centre)
    other = Kiosk(tmp_path / "other", centre.invite("T07B"), centre.clock)
    other.punch(("1", NOON))
    talk(other, centre)
    other.journal.close()
    checks = ask(centre, verifying.chains)
    assert [(one.kid, one.broken_at) for one in checks] == [("T07A", 0), ("T07B", 0)]
    assert checks[0].events == kiosk.journal.standing().last
    assert [one.kid for one in ask(centre, verifying.chains, "T07B")] == ["T07B"]
    assert ask(centre, verifying.chains, "ZZZZ") == []


# What somebody with the database file in hand may do, and the first event that gives it away,
# counted from the newest one, a scan of PIN 4.
TAMPERED = {
    "a record was edited": (
        """UPDATE event SET record = replace(record, '"2"', '"7"') WHERE seq = {last} - 2""",
        -2,
    ),
    "a record was edited and its head made to fit": (
        "UPDATE event SET record = '[]', head = x'00' WHERE seq = {last} - 2",
        -2,
    ),
    "a record was taken out": ("DELETE FROM event WHERE seq = {last} - 3", -3),
    "the newest record was taken out": ("DELETE FROM event WHERE seq = {last}", 0),
    "the newest record got another number": (
        "UPDATE event SET seq = {last} + 5 WHERE seq = {last}",
        0,
    ),
    "the mark was moved": ("UPDATE chain SET acked = {last} - 1", 1),
    "the newest head was changed": ("UPDATE chain SET head = x'00'", 1),
    "two records changed places": (
        "UPDATE event SET record = (SELECT record FROM event AS other "
        "WHERE other.seq = 2 * {last} - 5 - event.seq) WHERE seq IN ({last} - 3, {last} - 2)",
        -3,
    ),
}


@pytest.mark.parametrize("how", TAMPERED)
def test_the_first_event_that_does_not_hold_is_named(centre, kiosk, how):
    statement, broken_at = TAMPERED[how]
    talk(kiosk, centre)
    last = kiosk.journal.standing().last
    with closing(sqlite3.connect(centre.folder / "ledger.db")) as db, db:
        for table, verb in product(("event", "punch"), ("update", "delete")):
            db.execute(f"DROP TRIGGER {table}_never_{verb}")
        assert db.execute(statement.format(last=last)).rowcount
    [check] = ask(centre, verifying.chains)
    assert check.broken_at == last + broken_at


def test_a_card_that_goes_back_a_second_time_while_the_first_is_not_looked_at_is_counted(
    centre, kiosk
):
    """The epoch is flagged already: only the number says that it happened again."""
    talk(kiosk, centre)
    epoch = kiosk.journal.standing().epoch
    with closing(sqlite3.connect(kiosk.folder / "journal.db")) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    old = (kiosk.folder / "journal.db").read_bytes()
    kiosk.punch(("8", NOON + 70))
    talk(kiosk, centre)
    for times in (1, 2):
        kiosk.journal.close()
        (kiosk.folder / "journal.db").write_bytes(old)
        kiosk.start()
        for _, answer in centre.desk.born([("T07A", kiosk.dispatch.birth("1", {}))]):
            kiosk.dispatch.take(answer)
        kiosk.punch(("9", NOON + 80 + times))
        talk(kiosk, centre)
        assert kiosk.journal.standing().epoch != epoch
        [fork] = ask(centre, standing.forks)
        assert (fork.epoch, fork.times) == (epoch, times)
        assert ask(centre, standing.kiosks)[0].went_back == times
        with centre.database.reading() as tx:
            [health] = fleet.fleet(tx, int(centre.clock.now))
        assert ("need_back_again" in health.needs) == (times > 1)
