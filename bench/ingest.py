"""How fast the centre takes events: real frames through the desk, in the groups that its queue makes.

Ours checks the MAC, decodes the columns, verifies the hash chain, stores events, PINs and punch
keys, moves the watermarks and seals the receipts. The peer stores the event rows alone, ready made,
in one table, with the same groups and the same durability: sqlite3's executemany (WAL, synchronous
FULL), and on PostgreSQL raw COPY without any key. Where no PostgreSQL is installed its figures are
left out.
"""

import contextlib
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Protocol

import msgspec
import psycopg

from bench.morning import EPOCH, NOW, Load, Morning, Row, morning
from bench.report import Figure, alternate, disk_folder, figure, say
from contract import receipt
from sync_server import page, schema
from sync_server.database import Database
from sync_server.desk import Desk
from sync_server.ingest import Verdict
from tests.postgres import MISSING, Postgres, binaries

USED = ("hadir", "msgspec", "SQLAlchemy")
_COLUMNS = (
    "(kid TEXT, epoch BIGINT, seq BIGINT, kind TEXT, record {bytes}, head {bytes}, "
    "received BIGINT{key})"
)


class Sizes(msgspec.Struct, frozen=True):
    """(kiosks, frames of each) per round for batches of 1000, 100 and 10 events; how many rounds."""

    thousands: tuple[int, int]
    hundreds: tuple[int, int]
    tens: tuple[int, int]
    rounds: int


FULL = Sizes(thousands=(10, 3), hundreds=(64, 3), tens=(128, 5), rounds=5)
QUICK = Sizes(thousands=(2, 2), hundreds=(16, 1), tens=(32, 2), rounds=3)
_GOALS = {"batch_1000": 50_000, "batch_100": 25_000, "batch_10": 15_000}


class Peer(Protocol):
    """Rows into one table, each group its own commit."""

    name: str

    def insert(self, rows: Sequence[Row]) -> None:
        """One durable commit."""


def measure(quick: bool) -> dict[str, Figure]:
    """The figures of `bench ingest`."""
    return figures(QUICK if quick else FULL)


def figures(sizes: Sizes) -> dict[str, Figure]:
    """Every round is of new kiosks, on ledgers that grow."""
    kiosks = count(32**3)
    mornings = {
        f"batch_{size}": [morning(kiosks, size, *shape) for _ in range(sizes.rounds)]
        for size, shape in ((1000, sizes.thousands), (100, sizes.hundreds), (10, sizes.tens))
    }
    with disk_folder() as folder:
        with contextlib.closing(Bench(Database(folder / "ledger.db"))) as bench:
            peer = Executemany(folder / "peer.db")
            out = _figures(bench, peer, mornings, "")
            peer.close()
        if binaries() is None:
            say(f"ingest: {MISSING}; its figures are left out")
            return out
        with Postgres(folder.parent, fsync=True) as server:  # its user may not enter `folder`
            url = server.database()
            with contextlib.closing(Bench(Database(url))) as bench, _raw_copy(server) as peer:
                stored = bench.storage(mornings["batch_1000"], peer)
                out |= _figures(bench, peer, mornings, "postgres_")
                out["postgres_storage_1000"] = stored
    return out


def _figures(
    bench: "Bench", peer: Peer, mornings: dict[str, list[Morning]], prefix: str
) -> dict[str, Figure]:
    out = {}
    for key, rounds in mornings.items():
        bench.invite(rounds)
        out[f"{prefix}{key}"] = _judged(key, bench.figure(f"{prefix}{key}", rounds, peer))
    out[f"{prefix}replay"] = bench.figure(f"{prefix}replay", mornings["batch_1000"], peer)
    return out


def _judged(key: str, found: Figure) -> Figure:
    goal = _GOALS[key]
    return found.judged(f"{goal:,} events/s", found.ours >= goal)


class Bench:
    """The centre with its ledger."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._desk = Desk(database, lambda: float(NOW))

    def close(self) -> None:
        """Give the ledger back."""
        self._database.close()

    def invite(self, mornings: Sequence[Morning]) -> None:
        """Admit the kiosks of these rounds."""
        with self._database.writing() as tx:
            for load in (load for morning in mornings for load in morning.loads):
                row = {"kid": load.kid, "opd": "1.01", "mac_key": load.mac_key, "invited": NOW}
                tx.execute(schema.kiosk.insert().values(**row))

    def figure(self, key: str, mornings: Sequence[Morning], peer: Peer) -> Figure:
        """Both sides take each round in turn."""
        return _alternated(key, mornings, self._take, lambda one: _insert(one, peer), peer.name)

    def storage(self, mornings: Sequence[Morning], peer: Peer) -> Figure:
        """Only what is left once a batch is verified: the rows, the watermark, the commit. One batch
        a commit on both sides. The kiosks are other ones than those of the frames."""

        def ours(morning: Morning) -> float:
            verified = [_verified(load, nth) for load in morning.loads for nth in _batches(load)]
            began = time.perf_counter()
            for kid, verdict in verified:
                with self._database.writing() as tx:
                    opened = page.Page(tx, {kid}, NOW, self._memory)
                    opened.append(opened.chain(kid, EPOCH), verdict)
                    opened.write()
                self._memory.keep(opened.chains())
            return morning.events / (time.perf_counter() - began)

        def theirs(morning: Morning) -> float:
            began = time.perf_counter()
            for load in morning.loads:
                for rows in load.batches:
                    peer.insert(rows)
            return morning.events / (time.perf_counter() - began)

        twins = [
            msgspec.structs.replace(one, kid=f"x{one.kid}") for m in mornings for one in m.loads
        ]
        self.invite([Morning(twins, [])])
        self._memory = page.Memory()
        key = "postgres_storage_1000"
        found = _alternated(key, mornings, ours, theirs, f"{peer.name}, a commit a batch")
        bound = msgspec.structs.replace(found, bound=found.peer, of_bound=found.ratio)
        return bound.judged("0.85 of raw COPY", (found.ratio or 0) >= 0.85)

    def _take(self, morning: Morning) -> float:
        answers = []
        began = time.perf_counter()
        for group in morning.groups:
            answers += self._desk.take(group.frames)
        took = time.perf_counter() - began
        last = dict(answers)
        for load in morning.loads:
            if receipt.decode(load.kid, last[load.kid], load.mac_key).acked != load.events:
                raise RuntimeError("the desk did not take everything")
        return morning.events / took


class Executemany:
    """sqlite3, one table with its key."""

    name = "sqlite3 executemany, one table"

    def __init__(self, file: Path) -> None:
        self._db = sqlite3.connect(file, isolation_level=None)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        columns = _COLUMNS.format(bytes="BLOB", key=", PRIMARY KEY (kid, epoch, seq)")
        self._db.execute(f"CREATE TABLE event {columns} WITHOUT ROWID")

    def insert(self, rows: Sequence[Row]) -> None:
        """One durable commit."""
        self._db.execute("BEGIN")
        self._db.executemany("INSERT OR IGNORE INTO event VALUES (?,?,?,?,?,?,?)", rows)
        self._db.execute("COMMIT")

    def close(self) -> None:
        """Give the file back."""
        self._db.close()


class RawCopy:
    """PostgreSQL's COPY into a table that has no key: nothing could be found there again."""

    name = "raw COPY, no key"

    def __init__(self, session: psycopg.Connection) -> None:
        self._session = session
        session.execute(f"CREATE TABLE raw {_COLUMNS.format(bytes='BYTEA', key='')}")

    def insert(self, rows: Sequence[Row]) -> None:
        """One durable commit."""
        with self._session.cursor() as cursor, cursor.copy("COPY raw FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)


@contextlib.contextmanager
def _raw_copy(server: Postgres) -> Iterator[RawCopy]:
    name = server.database().rpartition("/")[2]
    with server.session(name) as session:
        yield RawCopy(session)


def _alternated(
    key: str,
    mornings: Sequence[Morning],
    ours: Callable[[Morning], float],
    theirs: Callable[[Morning], float],
    peer: str,
) -> Figure:
    mine, other = iter(mornings), iter(mornings)
    rates = alternate(
        f"ingest {key}", len(mornings), lambda: ours(next(mine)), lambda: theirs(next(other))
    )
    return figure("events/s", peer, *rates)


def _insert(morning: Morning, peer: Peer) -> float:
    began = time.perf_counter()
    for group in morning.groups:
        peer.insert(group.rows)
    return morning.events / (time.perf_counter() - began)


def _batches(load: Load) -> range:
    return range(len(load.batches))


def _verified(load: Load, nth: int) -> tuple[str, Verdict]:
    rows = load.batches[nth]
    kid = f"x{load.kid}"  # a chain of its own: the frames come later
    return kid, Verdict("take", rows[0][2], tuple(r[4] for r in rows), tuple(r[5] for r in rows))
