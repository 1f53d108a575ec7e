"""How fast the centre takes events: real frames through the desk, one commit per frame.

Ours checks the MAC, decodes the columns, verifies the hash chain, stores events, PINs and punch
keys, moves the watermark and seals a receipt. The peer is sqlite3's executemany into the event table
alone, rows ready made, the same durability (WAL, synchronous FULL) and one commit per batch.
"""

import contextlib
import random
import sqlite3
import time
from collections.abc import Iterator, Sequence
from itertools import count, islice
from pathlib import Path

import msgspec

from bench.report import Figure, alternate, disk_folder, figure
from contract import batch, chain, receipt
from contract.event import Clock, Covered, Device, Epoch, Record, Scan, canonical, kind, read
from sync_server import authority
from sync_server.authority import Keys, Registrar
from sync_server.config import Broker
from sync_server.database import Database
from sync_server.desk import Desk

USED = ("hadir", "msgspec", "SQLAlchemy")
_NOW = 1_795_000_000
_WIB = 25_200
_STAFF = 120
_DAY = 86_400
_SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_EPOCH = 2_718_281_828

Row = tuple[str, int, int, str, bytes, bytes, int]


class Sizes(msgspec.Struct, frozen=True):
    """Frames per round for batches of 1000, 100 and 10 events, and how many rounds."""

    thousands: int
    hundreds: int
    tens: int
    rounds: int


FULL = Sizes(thousands=20, hundreds=100, tens=300, rounds=7)
QUICK = Sizes(thousands=2, hundreds=10, tens=30, rounds=3)


class Load(msgspec.Struct, frozen=True):
    """What one kiosk sends: its frames, and the event rows that hold the same."""

    kid: str
    mac_key: bytes
    events: int
    frames: list[bytes]
    batches: list[list[Row]]


def measure(quick: bool) -> dict[str, Figure]:
    """The figures of `bench ingest`."""
    return figures(QUICK if quick else FULL)


def figures(sizes: Sizes) -> dict[str, Figure]:
    """Every round is a new kiosk on a ledger that grows."""
    with disk_folder() as folder, contextlib.closing(Bench(folder, sizes.rounds)) as bench:
        thousands = bench.loads(1000, sizes.thousands)
        thousand = bench.figure("batch_1000", thousands)
        met = thousand.ours >= 25_000 or (thousand.ratio or 0) >= 0.5
        return {
            "batch_1000": thousand.judged("25,000 events/s or ratio >= 0.5", met),
            "batch_100": bench.figure("batch_100", bench.loads(100, sizes.hundreds)),
            "batch_10": bench.figure("batch_10", bench.loads(10, sizes.tens)),
            "replay": bench.figure("replay", thousands),
        }


class Bench:
    """The centre with its ledger, and the peer with its one table."""

    def __init__(self, folder: Path, rounds: int) -> None:
        self._rounds = rounds
        self._database = Database(folder / "ledger.db")
        self._registrar = Registrar(Keys(folder), Broker(), _NOW)
        self._desk = Desk(self._database, lambda: float(_NOW))
        self._kiosks = count(32**3)
        self._peer = sqlite3.connect(folder / "peer.db", isolation_level=None)
        self._peer.execute("PRAGMA journal_mode = WAL")
        self._peer.execute("PRAGMA synchronous = FULL")
        self._peer.execute(
            "CREATE TABLE event (kid TEXT, epoch INTEGER, seq INTEGER, kind TEXT, record BLOB, "
            "head BLOB, received INTEGER, PRIMARY KEY (kid, epoch, seq)) WITHOUT ROWID"
        )

    def close(self) -> None:
        """Give the files back."""
        self._database.close()
        self._peer.close()

    def loads(self, size: int, times: int) -> list[Load]:
        """For each round a new kiosk with `times` frames of `size` events."""
        return [self._load(size, times) for _ in range(self._rounds)]

    def figure(self, key: str, loads: Sequence[Load]) -> Figure:
        """Both sides take each load in turn."""
        ours, peer = iter(loads), iter(loads)
        rates = alternate(
            f"ingest {key}",
            len(loads),
            lambda: self._take(next(ours)),
            lambda: self._insert(next(peer)),
        )
        return figure("events/s", "sqlite3 executemany, one table", *rates)

    def _load(self, size: int, times: int) -> Load:
        kid = _name(next(self._kiosks))
        with self._database.writing() as tx:
            invited = authority.invite(tx, self._registrar, kid, "1.01")
        records = list(islice(office(kid), size * times))
        return load(kid, invited.mac_key, [canonical(record) for record in records], size)

    def _take(self, load: Load) -> float:
        began = time.perf_counter()
        answers = [self._desk.take([(load.kid, frame)]) for frame in load.frames]
        took = time.perf_counter() - began
        ((_, last),) = answers[-1]
        if receipt.decode(load.kid, last, load.mac_key).acked != load.events:
            raise RuntimeError("the desk did not take everything")
        return load.events / took

    def _insert(self, load: Load) -> float:
        began = time.perf_counter()
        for rows in load.batches:
            self._peer.execute("BEGIN")
            self._peer.executemany("INSERT OR IGNORE INTO event VALUES (?,?,?,?,?,?,?)", rows)
            self._peer.execute("COMMIT")
        return load.events / (time.perf_counter() - began)


def load(kid: str, mac_key: bytes, records: Sequence[bytes], size: int) -> Load:
    """What a kiosk sends that journaled these records, `size` to a frame."""
    head = chain.genesis(kid, _EPOCH)
    pins: dict[str, None] = {}
    frames, batches = [], []
    for at in range(0, len(records), size):
        run = tuple(records[at : at + size])
        heads = chain.heads(head, run)
        sent = batch.Batch(kid, _EPOCH, at + 1, run, head, heads[-1])
        frames.append(batch.encode(sent, list(pins), mac_key))
        batches.append(
            [
                (kid, _EPOCH, seq, kind(data), data, head, _NOW)
                for seq, (data, head) in enumerate(zip(run, heads, strict=True), at + 1)
            ]
        )
        read_back = map(read, run)
        pins |= dict.fromkeys(scan.pin for scan in read_back if isinstance(scan, Scan))
        head = heads[-1]
    return Load(kid, mac_key, len(records), frames, batches)


def office(kid: str) -> Iterator[Record]:
    """120 staff scan in and out at two terminals, which are polled every minute; for ever."""
    chance = random.Random(kid)  # noqa: S311 - the same office in every run
    yield Epoch(0, 0, "new")
    yield Clock("bench", 60, _NOW - 400 * _DAY, 3, 5, ((1, _WIB * 1000), (2, _WIB * 1000)))
    for index in (1, 2):
        yield Device(index, f"BWXP{kid}{index}", "ZMM220_TFT", "Ver 6.60 Apr 26 2016")
    for day in count(_NOW // _DAY - 400):
        for hour, state in ((7, 0), (16, 1)):
            opens = day * _DAY + hour * 3600
            moments = sorted(chance.randrange(3600) for _ in range(_STAFF))
            staff = chance.sample(range(_STAFF), _STAFF)
            for person, moment in zip(staff, moments, strict=True):
                verify = chance.choice((1, 1, 15))
                pin = str(1_000 + 7 * person)
                device, lag = 1 + person % 2, 60 - moment % 60
                yield Scan(device, pin, opens + moment, False, lag, verify, state, 0, "pull")
            for index in (1, 2):
                yield Covered(index, 0, opens + 3600 - _WIB, 4_000 + day % 1_000)


def _name(no: int) -> str:
    """A kiosk's name of four characters."""
    return "".join(_SYMBOLS[no >> shift & 31] for shift in (15, 10, 5, 0))
