"""What arrives at the centre in the morning: real frames of offices at work, as its queue groups them."""

import random
import time
from collections.abc import Iterator, Sequence
from itertools import count, islice

import msgspec

from contract import batch, chain
from contract.event import Clock, Covered, Device, Epoch, Record, Scan, canonical, kind, read
from sync_server.arrivals import Arrivals

NOW = 1_795_000_000
_WIB = 25_200
_STAFF = 120
_DAY = 86_400
_SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
EPOCH = 2_718_281_828

Row = tuple[str, int, int, str, bytes, bytes, int]


class Load(msgspec.Struct, frozen=True):
    """What one kiosk sends: its frames, and the event rows that hold the same."""

    kid: str
    mac_key: bytes
    events: int
    frames: list[bytes]
    batches: list[list[Row]]


class Group(msgspec.Struct, frozen=True):
    """What one commit holds: frames as they arrived, and their event rows."""

    frames: list[tuple[str, bytes]]
    rows: list[Row]


class Morning(msgspec.Struct, frozen=True):
    """One round: many kiosks' frames, in turn, as the centre's queue groups them."""

    loads: list[Load]
    groups: list[Group]

    @property
    def events(self) -> int:
        """How many events that is."""
        return sum(load.events for load in self.loads)


def morning(kiosks: Iterator[int], size: int, crowd: int, frames: int) -> Morning:
    """New kiosks whose frames arrive in turn: the first of each, the second of each, …"""
    loads = [_sent(name(next(kiosks)), size, frames) for _ in range(crowd)]
    arrivals = Arrivals(time.monotonic)
    rows = {}
    for nth in range(frames):
        for one in loads:
            arrivals.put("e", one.kid, one.frames[nth])
            rows[one.frames[nth]] = one.batches[nth]
    groups = []
    while taken := arrivals.group().frames:
        groups.append(Group(taken, [row for _, frame in taken for row in rows[frame]]))
    return Morning(loads, groups)


def _sent(kid: str, size: int, times: int) -> Load:
    records = islice(office(kid), size * times)
    return load(kid, kid.encode() * 8, [canonical(record) for record in records], size)


def load(kid: str, mac_key: bytes, records: Sequence[bytes], size: int) -> Load:
    """What a kiosk sends that journaled these records, `size` to a frame."""
    head = chain.genesis(kid, EPOCH)
    pins: dict[str, None] = {}
    frames, batches = [], []
    for at in range(0, len(records), size):
        run = tuple(records[at : at + size])
        heads = chain.heads(head, run)
        sent = batch.Batch(kid, EPOCH, at + 1, run, head, heads[-1])
        frames.append(batch.encode(sent, list(pins), mac_key))
        batches.append(
            [
                (kid, EPOCH, seq, kind(data), data, head, NOW)
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
    yield Clock("bench", 60, NOW - 400 * _DAY, 3, 5, ((1, _WIB * 1000), (2, _WIB * 1000)))
    for index in (1, 2):
        yield Device(index, f"BWXP{kid}{index}", "ZMM220_TFT", "Ver 6.60 Apr 26 2016")
    for day in count(NOW // _DAY - 400):
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


def name(no: int) -> str:
    """A kiosk's name of four characters."""
    return "".join(_SYMBOLS[no >> shift & 31] for shift in (15, 10, 5, 0))
