"""How fast the centre takes events: real frames through the desk, one commit per frame.

Ours checks the MAC, decodes the columns, verifies the hash chain, stores events, PINs and punch
keys, moves the watermark and seals a receipt. The peer is sqlite3's executemany into the event table
alone, rows ready made, the same durability (WAL, synchronous FULL) and one commit per batch.
"""

import random
import sqlite3
import time
from collections.abc import Callable, Sequence
from functools import partial
from itertools import count
from pathlib import Path

import msgspec

from bench.report import Figure, alternate, disk_folder, figure
from contract import batch, chain, receipt
from contract.event import Clock, Covered, Device, Epoch, Record, Scan, canonical, kind
from sync_server import authority
from sync_server.authority import Keys, Registrar
from sync_server.config import Broker
from sync_server.database import Database
from sync_server.desk import Desk

USED = ("hadir", "msgspec", "SQLAlchemy")
_PEER = "sqlite3 executemany"
_NOW = 1_795_000_000
_WIB = 25_200
_STAFF = 120
_DAY = 86_400
_SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_GOAL = "25,000 events/s or ratio >= 0.5"

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
    events: int
    frames: list[bytes]
    batches: list[list[Row]]


def measure(quick: bool) -> dict[str, Figure]:
    """The figures of `bench ingest`."""
    return figures(QUICK if quick else FULL)


def figures(sizes: Sizes) -> dict[str, Figure]:
    """Every round is a new kiosk on a ledger that grows."""
    with disk_folder() as folder:
        centre, peer = Centre(folder), Peer(folder)
        keys = ("batch_1000", "batch_100", "batch_10")
        times = (sizes.thousands, sizes.hundreds, sizes.tens)
        out = {
            key: figure("events/s", *_rates(centre, peer, key, (size, many), sizes.rounds), _PEER)
            for key, size, many in zip(keys, (1000, 100, 10), times, strict=True)
        }
        known = centre.loads[-sizes.rounds :]
        again = iter(known)
        repeated = iter(known)
        replay = alternate(
            "ingest replay",
            sizes.rounds,
            lambda: centre.take(next(again)),
            lambda: peer.insert(next(repeated)),
        )
        centre.close()
        peer.close()
    thousand = out["batch_1000"]
    met = thousand.ours >= 25_000 or (thousand.ratio or 0) >= 0.5
    out["batch_1000"] = thousand.judged(_GOAL, met=met)
    return out | {"replay": figure("events/s", *replay, f"{_PEER} OR IGNORE")}
