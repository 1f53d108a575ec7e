"""The book of facts: kept up to date piece by piece it is what the raw events say, on SQLite and on
PostgreSQL, and a rebuild finds and repairs whatever is otherwise."""

import threading
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import SQLAlchemyError

from contract import event
from contract.event import Device, Scan
from sync_server import coverage, dirt, months, rulings, schema, verifying
from sync_server.coverage import Claim
from sync_server.database import Database
from sync_server.daybook import book, reader, sources, worker
from sync_server.daybook.worker import Keeper
from tests.postgres import MISSING, Postgres, binaries
from tests.sync_server.clock_life import START, Schedule

DATA = Path(__file__).parent / "data"
BEGUN = START // 1_000
FIRST = datetime.fromtimestamp(BEGUN, UTC).date() - timedelta(days=2)
LAST = FIRST + timedelta(days=40)
LATER = BEGUN + 60 * 86_400
OPD = "1.01"


def opened(where):
    """A database with the sample shifts and the calendar of 2026."""
    database = Database(where)
    with database.writing() as tx:
        for kind in ("shifts", "calendar"):
            text = (DATA / f"{kind}.toml").read_text("utf-8")
            rulings.store_ruling(tx, kind, "2026" if kind == "calendar" else kind, text, 0)
    return database


@pytest.fixture
def database(tmp_path):
    made = opened(tmp_path / "ledger.db")
    yield made
    made.close()


def staff(tx, opd, pins, shifts=("REG", "RS_MALAM")):
    """Six people with these PINs; every third one works at night."""
    always = {"valid_from": "0001-01-01", "valid_to": "9999-12-31"}
    people = [
        {"opd": opd, "pin": str(pin), "nip": f"{opd}-{pin % 6}", "name": "", "zone": "WIB"} | always
        for pin in range(pins)
    ]
    tx.execute(schema.person.insert(), people)
    turns = [
        {"nip": f"{opd}-{n}", "shift": shifts[n % 3 == 2]} | always for n in range(min(6, pins))
    ]
    tx.execute(schema.rota.insert(), turns)


def kiosk(tx, kid, opd=OPD):
    row = {"kid": kid, "opd": opd, "mac_key": b"", "invited": BEGUN}
    tx.execute(schema.kiosk.insert().values(**row))


def arrive(tx, kid, epoch, records):
    """As the desk stores a batch: events, devices, the mark of the chain."""
    chain = schema.chain
    which = {"kid": kid, "epoch": epoch}
    known = tx.execute(chain.select().filter_by(**which)).first()
    mark = {"acked": records[-1][0], "head": b""}
    if known:
        tx.execute(chain.update().filter_by(**which).values(**mark))
    else:
        tx.execute(chain.insert().values(**which, **mark, opened=BEGUN))
    for seq, received, record in records:
        if tx.dialect.name == "postgresql":
            months.make(tx, received)
        data, kind = event.canonical(record), event.tag_of(record)
        row = which | {"seq": seq, "kind": kind, "record": data, "head": b"", "received": received}
        tx.execute(schema.event.insert().values(**row))
        if isinstance(record, Device):
            named = {"idx": record.index, "serial": f"{kid}-{record.serial}"}
            rest = {"family": record.family, "firmware": record.firmware}
            tx.execute(schema.device.insert().values(**which, **named, **rest))


def is_scan(record):
    return isinstance(record, Scan)


def play(database, folder, seed, days):
    """Two kiosks of an office, each with a life of its own of so many days at most, arrive piece by
    piece, interleaved."""
    draw = Random(seed)
    lives = {
        kid: Schedule(folder / kid, seed * 2 + n, most_days=days).play()
        for n, kid in enumerate(("T1", "T2"))
    }
    left = [
        (kid, epoch, records)
        for kid, life in lives.items()
        for epoch, records in life.current.items()
    ]
    pins = {record.pin for _, _, records in left for _, _, record in records if is_scan(record)}
    with database.writing() as tx:
        staff(tx, OPD, max(map(int, pins)) + 1)
        for kid in lives:
            kiosk(tx, kid)
    while left:
        at = draw.randrange(len(left))
        kid, epoch, records = left[at]
        size = draw.choice((1, 20, 300))
        with database.writing() as tx:
            arrive(tx, kid, epoch, records[:size])
        left[at : at + 1] = [(kid, epoch, records[size:])] if records[size:] else []
        if draw.random() < 0.5:
            book.renew(database, OPD, FIRST, LAST, records[0][1] + draw.randint(0, 86_400))
    book.renew(database, OPD, FIRST, LAST, LATER)


def copy(database):
    """Everything that the book holds."""
    with database.reading() as tx:
        return {
            table.name: sorted(map(tuple, tx.execute(columns)))
            for table, columns in (
                (schema.placed, schema.placed.select()),
                (schema.claim, schema.claim.select()),
                (schema.day, schema.day.select().with_only_columns(*list(schema.day.c)[:5])),
            )
        }


def prove(database, folder, seed, days=2):
    folder.mkdir(exist_ok=True)
    for kid in ("T1", "T2"):
        (folder / kid).mkdir()
    play(database, folder, seed, days)
    kept = copy(database)
    assert len(kept["placed"]) > 20
    assert len({row[3] for row in kept["day"]}) > 1, "the days are not all alike"
    assert book.rebuild(database, OPD, FIRST, LAST, LATER) == []
    assert copy(database) == kept


@pytest.mark.parametrize("seed", range(2))
def test_facts_kept_up_to_date_are_those_of_a_whole_rebuild_byte_for_byte(database, tmp_path, seed):
    prove(database, tmp_path / "lives", seed)


@pytest.mark.all_only("dozens of whole lives: minutes")
@pytest.mark.parametrize("seed", range(2, 12))
def test_the_same_in_many_more_lives(database, tmp_path, seed):
    prove(database, tmp_path / "lives", seed, days=31)


@pytest.mark.all_only("a PostgreSQL of its own")
@pytest.mark.skipif(binaries() is None, reason=MISSING)
def test_the_same_on_postgresql_where_one_of_two_keepers_works(tmp_path):
    with Postgres() as server:
        database = opened(server.database())
        prove(database, tmp_path / "lives", 1)
        stop, rounds = threading.Event(), []

        def wall():
            rounds.append(threading.get_ident())
            stop.set() if len(rounds) > 4 else None
            return float(LATER)

        keepers = [threading.Thread(target=worker.run, args=(database, wall, stop)) for _ in "12"]
        for one in keepers:
            one.start()
        for one in keepers:
            one.join()
        assert len(set(rounds)) == 1
        database.close()


def test_a_rebuild_names_what_the_book_had_otherwise_and_puts_it_right(database, tmp_path):
    prove(database, tmp_path / "lives", 7)
    kept = copy(database)
    with database.writing() as tx:
        tx.exec_driver_sql("UPDATE placed SET hi = hi + 60 WHERE seq % 7 = 0")
        tx.exec_driver_sql("DELETE FROM claim WHERE kid = 'T1'")
        tx.exec_driver_sql("UPDATE day SET body = ? WHERE nip = '1.01-1'", (kept["day"][0][4],))
    named = book.rebuild(database, OPD, FIRST, LAST, LATER)
    assert {one.nip for one in named} >= {"", "1.01-1"}
    assert book.rebuild(database, OPD, FIRST, LAST, LATER) == []
    assert copy(database) == kept


@pytest.mark.parametrize(
    ("tampering", "why"),
    [
        ("UPDATE placed SET lo = lo - 3600", "placed_differs"),
        ("DELETE FROM placed WHERE seq % 3 = 0", "placed_differs"),
        ("UPDATE placed SET epoch = epoch + 900", "placed_stray"),
        ("DELETE FROM claim", "claims_differ"),
        ("UPDATE day SET status = 'SAH' WHERE nip = '1.01-1'", "day_differs"),
        ("DELETE FROM day WHERE nip = '1.01-1'", "day_differs"),
    ],
)
def test_verify_names_kept_facts_that_the_events_do_not_say_and_repairs_nothing(
    database, tmp_path, tampering, why
):
    prove(database, tmp_path / "lives", 7)
    with database.writing() as tx:
        tx.exec_driver_sql("DELETE FROM dirty")
    with database.reading() as tx:
        sound, _ = verifying.facts(tx, LATER)
    assert (sound.failed, sound.looked > 0) == (0, True)
    with database.writing() as tx:
        tx.exec_driver_sql(tampering)
    spoilt = copy(database)
    with database.reading() as tx:
        found, _ = verifying.facts(tx, LATER)
    assert (found.first.why, copy(database) == spoilt) == (why, True)


def test_days_that_wait_to_be_made_anew_are_no_finding(database, tmp_path):
    prove(database, tmp_path / "lives", 7)
    with database.writing() as tx:
        tx.exec_driver_sql("UPDATE day SET status = 'SAH'")
        dirt.mark(tx, OPD, FIRST, LAST, LATER)
    with database.reading() as tx:
        found, waiting = verifying.facts(tx, LATER)
    assert (found.failed, waiting > 0) == (0, True)


def test_events_that_come_while_a_rebuild_reads_are_read_on_by_it(database, tmp_path):
    (tmp_path / "T1").mkdir()
    [(epoch, records)] = Schedule(tmp_path / "T1", 4, most_days=2).play().current.items()
    with database.writing() as tx:
        staff(tx, OPD, 30)
        kiosk(tx, "T1")
        arrive(tx, "T1", epoch, records[:-40])
        sources.read_on(tx, OPD, BEGUN)
        [early] = sources.of_office(tx, OPD)
        found = reader.whole(tx, early)
        arrive(tx, "T1", epoch, records[-40:])
        sources.read_on(tx, OPD, BEGUN)
        [late] = sources.of_office(tx, OPD)
        assert reader.write(tx, late, reader.onward(tx, late, found), BEGUN) == 0
        assert reader.onward(tx, late, found).rows == reader.whole(tx, late).rows


@contextmanager
def meanwhile(*acts):
    """Each of these again and again in a thread of its own; what failed."""
    over, failed = threading.Event(), []

    def again(act):
        try:
            while not over.is_set():
                act()
        except SQLAlchemyError as problem:
            failed.append(problem)

    threads = [threading.Thread(target=again, args=(act,)) for act in acts]
    for one in threads:
        one.start()
    try:
        yield failed
    finally:
        over.set()
        for one in threads:
            one.join()


@pytest.mark.all_only("needs postgresql, and some seconds")
def test_a_keeper_and_people_who_rebuild_an_office_at_the_same_time_agree(postgres, tmp_path):
    database = opened(url := postgres.database())
    (tmp_path / "T1").mkdir()
    life = Schedule(tmp_path / "T1", 3, most_days=2).play().current
    other = Database(url)
    with database.writing() as tx:
        staff(tx, OPD, 30)
        kiosk(tx, "T1")

    keeper = Keeper(database)
    acts = (
        lambda: keeper.round(LATER),
        lambda: book.rebuild(other, OPD, FIRST, FIRST + timedelta(days=5), LATER),
        lambda: book.rebuild(other, OPD, FIRST, FIRST + timedelta(days=5), LATER),
    )
    with meanwhile(*acts) as failed:
        for epoch, records in life.items():
            for at in range(0, len(records), 20):
                with database.writing() as tx:
                    arrive(tx, "T1", epoch, records[at : at + 20])
    assert failed == []
    book.rebuild(database, OPD, FIRST, LAST, LATER)
    assert book.rebuild(database, OPD, FIRST, LAST, LATER) == []
    for one in (database, other):
        one.close()


def days_of(database, opd, nip):
    with database.reading() as tx:
        return [
            one.workdate for one in book.facts(tx, opd, FIRST, LAST) if one.nip == f"{opd}-{nip}"
        ]


def test_a_day_has_a_fact_once_its_own_hours_are_over(database):
    """The night shift's window closes at noon of the next day."""
    tuesday = date(2026, 12, 1)
    with database.writing() as tx:
        staff(tx, OPD, 3)
        kiosk(tx, "T1")
    midnight = int(datetime(2026, 12, 1, tzinfo=UTC).timestamp()) - 7 * 3_600
    keeper = Keeper(database)
    for hour, office, night in ((12, False, False), (25, True, False), (37, True, True)):
        keeper.round(midnight + hour * 3_600)
        assert (tuesday in days_of(database, OPD, 0)) is office
        assert (tuesday in days_of(database, OPD, 2)) is night
    with database.reading() as tx:
        before = book.revision(tx, OPD)
    keeper.round(midnight + 38 * 3_600)
    with database.reading() as tx:
        assert book.revision(tx, OPD) == before, "nothing was made for nothing"


def test_an_office_whose_calendar_is_missing_holds_up_no_other_and_is_told_once(database, caplog):
    new_year = int(datetime(2027, 1, 3, tzinfo=UTC).timestamp())
    with database.writing() as tx:
        for kid, opd in (("T1", OPD), ("T2", "1.02")):
            staff(tx, opd, 1)
            kiosk(tx, kid, opd)
        gone = {"valid_to": "2026-12-31"}
        tx.execute(schema.person.update().filter_by(opd="1.02").values(**gone))
    keeper = Keeper(database)
    for second in range(3):
        while keeper.round(new_year + second * 100) > 3:
            pass
    assert days_of(database, "1.02", 0)[-1] == LAST
    assert [record.args[0] for record in caplog.records] == [OPD]


def test_a_mark_reaches_from_an_offices_first_day_to_today(database):
    with database.writing() as tx:
        staff(tx, OPD, 1)
        kiosk(tx, "T1")
        dirt.mark_person(tx, "1.01-0", date.min, date.max, BEGUN)
        dirt.mark(tx, "1.02", date.min, date.max, BEGUN)
        rows = tx.execute(schema.dirty.select().order_by(schema.dirty.c.workdate)).all()
    first = datetime.fromtimestamp(BEGUN, UTC).date()
    assert [row.workdate for row in rows] == [
        f"{date(2026, 11, n)}" for n in range(1, first.day + 1)
    ]
    assert {row.opd for row in rows} == {OPD}, "an office without a kiosk has no days yet"


CLAIMS = st.lists(
    st.builds(
        lambda device, since, length: Claim(
            device, since, since + length, 300 if device == "CAM" else 0
        ),
        st.sampled_from(("CJ1", "CAM")),
        st.integers(0, 3_000),
        st.integers(0, 900),
    ),
    max_size=12,
)


@given(CLAIMS, CLAIMS, st.integers(0, 3_500), st.integers(0, 900))
def test_joined_claims_judge_every_window_as_the_single_ones_do(claims, later, since, length):
    for devices in ({"CJ1"}, {"CAM"}, {"CJ1", "CAM"}):
        judged = [
            coverage.judge(some, devices, since, since + length)
            for some in (
                [*claims, *later],
                coverage.joined([*coverage.joined(claims), *later]),
                [*coverage.joined(claims), *coverage.joined(later)],
            )
        ]
        verdicts = [(one.complete, [b.device for b in one.behind]) for one in judged]
        assert verdicts[0] == verdicts[1] == verdicts[2]
