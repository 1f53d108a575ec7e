"""How fast the kiosk's journal commits: one scan, a hundred, a thousand per transaction.

Ours does all that a kiosk needs (canonical bytes, chain, punch key, raw evidence, the device's
cursor); the peer, sqlite-utils, puts plain rows into one table with the same durability (WAL,
synchronous FULL). The bound of single scans is the disk's own rate of appended 4 KiB writes, each
with fdatasync, in the same folder.
"""

import os
import time
from itertools import count
from pathlib import Path

import msgspec
from sqlite_utils import Database

from bench.report import Figure, alternate, disk_folder, figure
from contract.event import Scan
from terminal_agent.clock import Look
from terminal_agent.delivery import Delivery, Reading
from terminal_agent.journal import Journal

USED = ("hadir", "msgspec", "sqlite-utils")
_PEER = "sqlite-utils insert"
_START = 1_795_000_000
_WIB = 25_200
_STAFF = 120
_CURSOR_BYTES = 800  # a terminal's bookmark with the anchors of two logs


class Sizes(msgspec.Struct, frozen=True):
    """How much each round commits, and how many rounds there are."""

    singles: int
    hundreds: int
    thousands: int
    rounds: int


FULL = Sizes(singles=2_000, hundreds=100, thousands=20, rounds=7)
QUICK = Sizes(singles=200, hundreds=10, thousands=2, rounds=3)


def measure(quick: bool) -> dict[str, Figure]:
    """The figures of `bench journal`."""
    return figures(QUICK if quick else FULL)


def figures(sizes: Sizes) -> dict[str, Figure]:
    """Every round on files that grow, as a kiosk's do."""
    with disk_folder() as folder:
        ours, peer = Ours(folder), Peer(folder)
        single = _single(ours, peer, folder, sizes)
        hundred = _batches(ours, peer, (sizes.hundreds, 100), sizes.rounds)
        thousand = _batches(ours, peer, (sizes.thousands, 1000), sizes.rounds)
        ours.close()
        peer.close()
    return {"single_scan": single, "batch_100": hundred, "batch_1000": thousand}


def _batches(ours: "Ours", peer: "Peer", each: tuple[int, int], rounds: int) -> Figure:
    rates = alternate(
        f"journal batch_{each[1]}", rounds, lambda: ours.commits(*each), lambda: peer.commits(*each)
    )
    return figure("rows/s", _PEER, *rates)


def _single(ours: "Ours", peer: "Peer", folder: Path, sizes: Sizes) -> Figure:
    rates = alternate(
        "journal single_scan",
        sizes.rounds,
        lambda: ours.commits(sizes.singles, 1),
        lambda: peer.commits(sizes.singles, 1),
        lambda: _fsyncs(folder / "raw", sizes.singles),
    )
    single = figure("scans/s", _PEER, *rates)
    return single.judged("of_bound >= 0.7", (single.of_bound or 0) >= 0.7)


class Ours:
    """A journal that a terminal with 120 people is polled into."""

    def __init__(self, folder: Path) -> None:
        self._journal = Journal(folder / "journal.db", "T07A", _look(0))
        self._no = 0
        self._cursor = b""

    def commits(self, times: int, batch: int) -> float:
        """Rows per second of `times` polls with `batch` new readings each."""
        parcels = [self._parcel(batch) for _ in range(times)]
        looks = [_look(self._no + i) for i in range(times)]
        began = time.perf_counter()
        for parcel, look in zip(parcels, looks, strict=True):
            self._journal.store(parcel, look)
        took = time.perf_counter() - began
        if self._journal.standing().last < self._no:
            raise RuntimeError("the journal holds less than was stored")
        return times * batch / took

    def close(self) -> None:
        self._journal.close()

    def _parcel(self, batch: int) -> Delivery:
        readings = tuple(_reading(self._no + i) for i in range(batch))
        self._no += batch
        since, self._cursor = self._cursor, b"%0*d" % (_CURSOR_BYTES, self._no)
        return Delivery(
            serial="BWXP204560001",
            family="ZMM220_TFT",
            firmware="Ver 6.60 Apr 26 2016",
            readings=readings,
            offset_ms=_WIB * 1000,
            since=since,
            cursor=self._cursor,
        )


class Peer:
    """One table of plain rows."""

    def __init__(self, folder: Path) -> None:
        self._db = Database(folder / "peer.db")
        self._db.enable_wal()
        self._db.execute("PRAGMA synchronous = FULL")
        self._rows = (_plain(no) for no in count())
        self._table = self._db.table("scan")
        self._table.insert(next(self._rows), pk="seq")

    def commits(self, times: int, batch: int) -> float:
        """Rows per second of `times` transactions with `batch` rows each."""
        batches = [[next(self._rows) for _ in range(batch)] for _ in range(times)]
        began = time.perf_counter()
        for rows in batches:
            if batch == 1:
                self._table.insert(rows[0])
            else:
                with self._db.atomic():  # insert_all alone would commit every 100 rows
                    self._table.insert_all(rows)
        return times * batch / (time.perf_counter() - began)

    def close(self) -> None:
        self._db.close()


def _look(no: int) -> Look:
    return Look("bench", no, _START + no, 3, 5)


def _reading(no: int) -> Reading:
    scan = Scan(0, _pin(no), _START + _WIB + no - 4, False, 0, 1, 0, 0, "pull")
    return Reading(scan, _raw(no))


def _plain(no: int) -> dict[str, object]:
    return {
        "seq": no,
        "serial": "BWXP204560001",
        "pin": _pin(no),
        "t": _START + _WIB + no - 4,
        "verify": 1,
        "punch": 0,
        "raw": _raw(no),
        "received": _START + no,
    }


def _pin(no: int) -> str:
    return str(1_000 + 7 * (no % _STAFF))


def _raw(no: int) -> bytes:
    return no.to_bytes(40, "little")


def _fsyncs(path: Path, times: int) -> float:
    """Appended 4 KiB writes per second, each on disk before the next."""
    block = os.urandom(4096)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND)
    try:
        began = time.perf_counter()
        for _ in range(times):
            os.write(handle, block)
            os.fdatasync(handle)
        return times / (time.perf_counter() - began)
    finally:
        os.close(handle)
