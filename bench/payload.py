"""How many bytes an event costs in a frame, everything counted: header, heads, columns, MAC.

The journals are those of simulated offices, cut into frames from their first record on. The peer is
the JSON that ThingsBoard's gateway publishes for the same scans (`v1/gateway/telemetry`), without
any proof of origin or order. The bound is the entropy of the scan model, habits known.
"""

import json
import statistics
from collections.abc import Sequence

import msgspec

from bench.report import Figure, figure, say
from contract import batch
from contract.event import Record, Scan, canonical
from simulators import staff

_KID, _KEY, _EPOCH, _SEED = "T07A", bytes(32), 2_718_281_828, 1
_HEADS = bytes(4), bytes(4)
_PEER = "ThingsBoard gateway JSON"
# Bytes per event at 10, 100 and 1000 events a frame.
_GOALS = {
    batch.COLUMNS: {10: 3.6, 100: 2.6, 1000: 2.4},
    batch.ARITHMETIC: {10: 3.0, 100: 2.1, 1000: 1.9},
}
_NAMES = {
    batch.COLUMNS: "payload_bytes_per_event",
    batch.ARITHMETIC: "payload_codec2_bytes_per_event",
}


class Sizes(msgspec.Struct, frozen=True):
    """Staff of the offices, working days of each, and how many events of one are framed at most."""

    offices: tuple[int, ...]
    days: int
    events: int


FULL = Sizes(offices=(30, 60, 120, 200), days=22, events=20_000)
QUICK = Sizes(offices=(30, 60, 120), days=10, events=2_000)


def figures(sizes: Sizes = FULL) -> dict[str, Figure]:
    """Medians over the offices, for codecs 1 and 2 and frames of 10, 100 and 1000 events."""
    journals = [list(staff.records(_KID, n, sizes.days, _SEED)) for n in sizes.offices]
    bound = statistics.median(map(staff.entropy, sizes.offices)) / 8
    out = {}
    for codec, goals in _GOALS.items():
        for size, goal in goals.items():
            say(f"payload: codec {codec}, {size} events a frame")
            ours = statistics.median(
                cost(journal, size, codec, sizes.events) for journal in journals
            )
            peer = statistics.median(gateway_cost(journal, size) for journal in journals)
            made = figure("bytes/event", _PEER, ours, peer, bound)
            out[f"{_NAMES[codec]}_{size}"] = made.judged(f"<= {goal}", ours <= goal)
    return out


def cost(journal: Sequence[Record], size: int, codec: int, most: int) -> float:
    """Bytes per event of frames as they are sent, over at most `most` events from the first on."""
    pins: dict[str, None] = {}
    sent = events = 0
    for at in range(0, min(most, len(journal)) - size + 1, size):
        run = journal[at : at + size]
        lines = tuple(canonical(record) for record in run)
        whole = batch.Batch(_KID, _EPOCH, at + 1, lines, *_HEADS)
        sent += len(batch.encode(whole, list(pins), _KEY, codec))
        events += size
        pins |= dict.fromkeys(record.pin for record in run if isinstance(record, Scan))
    return sent / events


def gateway_cost(journal: Sequence[Record], size: int) -> float:
    """Bytes per scan of the gateway's JSON, `size` scans to a message."""
    scans = [record for record in journal if isinstance(record, Scan)]
    messages = [gateway_json(scans[at : at + size]) for at in range(0, len(scans), size)]
    return sum(map(len, messages)) / len(scans)


def gateway_json(scans: Sequence[Scan]) -> bytes:
    """What thingsboard-gateway publishes: {"device": [{"ts": ms, "values": {...}}, ...]}."""
    devices: dict[str, list[dict[str, object]]] = {}
    for scan in scans:
        values = {"pin": scan.pin, "verify": scan.verify, "punch": scan.punch, "work": scan.work}
        row = {"ts": (scan.t - staff.ZONE) * 1000, "values": {**values, "lag": scan.lag}}
        devices.setdefault(f"ZKTeco {_KID}-{scan.device}", []).append(row)
    return json.dumps(devices, separators=(",", ":")).encode()
