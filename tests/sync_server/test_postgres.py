"""The ledger on PostgreSQL: months, guards, writers side by side, and what is said where it is away."""

import threading
from contextlib import ExitStack

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.exc import DBAPIError, OperationalError

from contract import chain, event
from contract.event import Device, Scan
from sync_server import buckets, ledger, page, patience, schema, verifying
from sync_server.buckets import NameTaken, Share
from sync_server.database import REVISION, Database
from sync_server.errors import BadFile
from sync_server.ingest import Verdict
from tests.process.office import until

pytestmark = pytest.mark.all_only("needs postgresql")

KID, EPOCH, NOW = "T07A", 7, 1_795_000_000  # 18 November 2026
MONTH = 31 * 86_400


@pytest.fixture
def url(postgres):
    return postgres.database()


@pytest.fixture
def database(url):
    database = Database(url)
    with database.writing() as tx:
        tx.execute(schema.kiosk.insert().values(kid=KID, opd="1.01", mac_key=b"k", invited=NOW))
    yield database
    database.close()


def append(tx, *records, now=NOW):
    stored = ledger.chain_of(tx, KID, EPOCH)
    data = tuple(map(event.canonical, records))
    heads = tuple(chain.heads(stored.head, data))
    opened = page.Page(tx, {stored.kid}, now, page.Memory())
    opened.append(stored, Verdict("take", stored.acked + 1, data, heads))
    opened.write()


def scan(pin, t=NOW):
    return Scan(1, pin, t, False, 0, 1, 0, 0, "pull")


def months(tx):
    question = "SELECT relname FROM pg_class WHERE relispartition AND relkind = 'r' ORDER BY 1"
    return [name for (name,) in tx.exec_driver_sql(question)]


def test_the_migrations_make_what_the_schema_says(database):
    with database.reading() as tx:
        assert compare_metadata(MigrationContext.configure(tx), schema.metadata) == []
        assert tx.exec_driver_sql("SELECT version_num FROM alembic_version").all() == [(REVISION,)]


def test_several_workers_may_make_a_new_ledger_at_once(url):
    made = []
    threads = [threading.Thread(target=lambda: made.append(Database(url))) for _ in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(made) == 3
    for one in made:
        one.close()


def test_each_month_has_its_table_made_ahead_and_a_chain_goes_on_through_them(database):
    with database.writing() as tx:
        append(tx, Device(1, "CJ1", "", ""), scan("17"))
        assert months(tx) == ["event_2026_11", "event_2026_12"]
    with database.writing() as tx:
        append(tx, scan("17", NOW + MONTH), now=NOW + MONTH)
        append(tx, scan("17", NOW + 2 * MONTH), now=NOW + 2 * MONTH)
        assert months(tx)[-1] == "event_2027_02"
        assert tx.exec_driver_sql("SELECT count(*) FROM ONLY event_2026_12").scalar() == 1
        assert [check.broken_at for check in verifying.chains(tx)] == [0]


def test_a_number_is_stored_once_in_a_month(database):
    """Behind the watermark, which keeps this from being tried."""
    with database.writing() as tx:
        append(tx, scan("17"))
    again = "INSERT INTO event SELECT * FROM event"
    with pytest.raises(DBAPIError, match="duplicate key"), database.writing() as tx:
        tx.exec_driver_sql(again)


@pytest.mark.parametrize("table", ["event", "punch", "repeat", "event_2026_11"])
@pytest.mark.parametrize("change", ["DELETE FROM {}", "UPDATE {} SET seq = 9", "TRUNCATE {}"])
def test_what_is_raw_is_never_changed(database, table, change):
    with database.writing() as tx:
        append(tx, Device(1, "CJ1", "", ""), scan("17"), scan("17"))
    with pytest.raises(DBAPIError, match="is append-only"), database.writing() as tx:
        tx.exec_driver_sql(change.format(table))


@pytest.mark.parametrize("pin", ["a\0b", "\x1b", "\x1b0", "\x1b\x1b0\0", "\0" * 3])
def test_a_pin_that_postgresql_cannot_write_is_read_back_as_it_was(database, pin):
    """A PIN's number on the wire depends on it."""
    with database.writing() as tx:
        append(tx, Device(1, "C\0J", "f\0", "\0"), scan(pin), scan("17"))
    with database.reading() as tx:
        assert ledger.chain_of(tx, KID, EPOCH).pins == {pin: 2, "17": 3}


def test_two_writers_of_one_kiosk_wait_for_each_other(database, url):
    """Each adds events behind what the other has stored, never over it."""
    other = Database(url)
    rounds = 20
    failed = []

    def write(one):
        for n in range(rounds):
            with one.writing() as tx:
                opened = page.Page(tx, {KID}, NOW, page.Memory())
                stored = opened.chain(KID, EPOCH)
                data = (event.canonical(scan(str(n))),)
                heads = tuple(chain.heads(stored.head, data))
                opened.append(stored, Verdict("take", stored.acked + 1, data, heads))
                opened.write()

    def guarded(one):
        try:
            write(one)
        except DBAPIError as problem:
            failed.append(problem)

    threads = [threading.Thread(target=guarded, args=(one,)) for one in (database, other)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    other.close()
    assert failed == []
    with database.reading() as tx:
        [check] = verifying.chains(tx)
    assert (check.events, check.broken_at) == (2 * rounds, 0)


def test_a_reader_sees_one_moment(database):
    with database.reading() as tx:
        before = verifying.chains(tx)
        with database.writing() as other:
            append(other, scan("17"))
        assert verifying.chains(tx) == before == []


def test_no_month_is_made_for_a_clock_that_cannot_be_right(database):
    for now in (-1, 253_402_300_800):
        with pytest.raises(BadFile, match="clock_absurd"), database.writing() as tx:
            append(tx, scan("17"), now=now)


def has_everything(share):
    """A thawed server lets go of a session that was given up once it has seen that it was."""
    try:
        return len(share.look()) == 256
    except NameTaken:
        return False


def test_whoever_serves_others_notices_a_server_that_is_frozen(
    database, url, postgres, monkeypatch
):
    """Without a deadline of our own this test never ends."""
    share = Share(url, "one")
    database.hurry()
    with database.writing() as tx:
        append(tx, scan("17"))
    assert len(share.look()) == 256
    with postgres.frozen(), monkeypatch.context() as soon:
        soon.setattr(patience.Impatient.wait, "__defaults__", (0.1, 0.5))
        assert share.look() == frozenset()
    until(lambda: has_everything(share), lambda: "the session of before lives on")
    with ExitStack() as stack:
        stack.enter_context(pytest.raises(OperationalError, match="no answer"))
        tx = stack.enter_context(database.writing())
        stack.enter_context(postgres.frozen())
        stack.enter_context(monkeypatch.context()).setattr(
            patience.Impatient.wait, "__defaults__", (0.1, 0.5)
        )
        append(tx, scan("18"))
    until(lambda: has_everything(share), lambda: "the session of before lives on")
    with database.writing() as tx:
        append(tx, scan("18"))
        assert tx.exec_driver_sql("SHOW statement_timeout").scalar() == "5s"
    share.close()


def test_a_report_may_take_its_time(database):
    with database.reading() as tx:
        assert tx.exec_driver_sql("SHOW statement_timeout").scalar() == "0"


def test_a_server_that_is_away_is_out_of_reach_and_its_password_is_not_said():
    with pytest.raises(BadFile) as caught:
        Database("postgresql+psycopg://hadir:secret@127.0.0.1:1/hadir")
    assert caught.value.code == "ledger_away"
    assert "secret" not in str(caught.value)


def test_workers_share_the_buckets_and_whoever_is_gone_leaves_his_to_the_others(url):
    first, second, third = (Share(url, name) for name in ("one", "two", "three"))
    assert len(first.look()) == 256
    assert second.look() == frozenset(), "nothing is free yet"
    assert len(first.look()) == 128
    assert len(second.look()) == 128
    assert first.look() | second.look() == {f"{n:02x}" for n in range(256)}
    assert first.look().isdisjoint(second.look())
    third.look()
    shares = [len(one.look()) for one in (first, second, third, third)]
    assert shares[:2] == [86, 86]
    assert shares[3] == 84
    second.close()
    for one in (first, third):
        one.look()
    assert sorted(len(one.look()) for one in (first, third)) == [128, 128]
    first.close()
    third.close()


def test_a_worker_whose_session_is_cut_owns_nothing_until_it_has_another(url):
    share = Share(url, "one")
    assert len(share.look()) == 256
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as session:
        session.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks "
            "WHERE locktype = 'advisory' AND classid::bigint = %s",
            (buckets._PRESENT,),
        )
    assert share.look() == frozenset()
    assert len(share.look()) == 256
    share.close()
