"""How long a backlog of 24,000 events takes over a satellite link, the connection being up.

200 staff for a month after an outage. Ours ends with the receipt of the last event, which is given
after COMMIT at the centre; the peers (bench/wire_peers.py) with the last PUBACK. A peer that is slow
is stopped after a while and its time extrapolated from the share that was through by then.
"""

import statistics
from pathlib import Path

import msgspec

from bench.report import Figure, disk_folder, figure, say
from bench.stage import Office, Paced, Stage, possible
from simulators.link import Weather, weather

USED = ("hadir", "msgspec", "paho-mqtt")
_RTT_MS = 600.0
_PEERS = {"json": "JSON per event, paho defaults", "thingsboard": "ThingsBoard gateway format"}
_SEED = Office(staff=200, seed=1)
_FIRST = 200  # events before the backlog, so that the connection is in use
# Rates as a small VSAT has them: 128 kbit/s up, 512 down, and a modem's queue of a second or two.
_UP, _DOWN, _QUEUE = 128_000, 512_000, 32 * 1024


class Sizes(msgspec.Struct, frozen=True):
    """Events, seconds after which a peer is stopped, and how many skies ours is played under."""

    events: int
    cap: float
    skies: int


FULL = Sizes(events=24_000, cap=60, skies=5)
QUICK = Sizes(events=4_000, cap=10, skies=1)


def measure(quick: bool) -> dict[str, Figure]:
    """The figures of `bench drain`."""
    possible()
    sizes = QUICK if quick else FULL
    ways = {
        "drain_600ms_loss0": ((weather(_RTT_MS),), 2.0),
        "drain_600ms_loss5": ((weather(_RTT_MS, 0.05),), 4.0),
        "drain_600ms_loss5_128k": (
            (
                weather(_RTT_MS, 0.05, bps=_UP, queue=_QUEUE),
                weather(_RTT_MS, 0.05, bps=_DOWN, queue=_QUEUE),
            ),
            6.0,
        ),
    }
    with disk_folder() as folder:
        return {key: _drain(folder / key, *way, sizes) for key, way in ways.items()}


def _drain(folder: Path, sky: tuple[Weather, ...], goal: float, sizes: Sizes) -> Figure:
    folder.mkdir()
    # Which packets are lost decides more than anything else, so the median of several skies.
    ours = statistics.median(_once(folder, sky, sizes, seed) for seed in range(sizes.skies))
    theirs = {whose: _peer(folder / whose, whose, sky, sizes) for whose in _PEERS}
    whose = min(theirs, key=lambda name: theirs[name])
    made = figure("s", _PEERS[whose], ours, theirs[whose])
    whole = sizes.events == FULL.events
    return made.judged(f"<= {goal:g} s for 24,000 events", ours <= goal if whole else None)


def _once(folder: Path, sky: tuple[Weather, ...], sizes: Sizes, seed: int) -> float:
    with Stage(folder / f"ours-{seed}", *sky, seed=seed) as stage:
        kiosk = stage.ours(Paced(patience=0.0, schedule=0.0), _SEED)
        kiosk.ask("connect")
        kiosk.ask("store", count=_FIRST)
        stage.wire.counters(reset=True)
        seconds = float(kiosk.ask("store", count=sizes.events)["seconds"])
        carried = stage.settled()
    dropped = carried.up.dropped.packets + carried.down.dropped.packets
    say(f"drain: ours {seconds:.2f} s, {carried.octets} bytes, {dropped} packets lost")
    return seconds


def _peer(folder: Path, whose: str, sky: tuple[Weather, ...], sizes: Sizes) -> float:
    with Stage(folder, *sky, tuned=False) as stage:
        peer = stage.peer(whose, _SEED)
        peer.ask("connect")
        peer.ask("store", count=_FIRST)
        answer = peer.ask("store", count=sizes.events, cap=sizes.cap)
        seconds, share = float(answer["seconds"]), float(answer["share"])
    if share >= 1:
        say(f"drain: {_PEERS[whose]}: {seconds:.2f} s")
        return seconds
    if not share:
        raise RuntimeError(f"{_PEERS[whose]} brought nothing through in {sizes.cap:g} s")
    say(
        f"drain: {_PEERS[whose]}: stopped after {seconds:.0f} s with {share:.1%} through: "
        f"{seconds / share:,.0f} s extrapolated"
    )
    return seconds / share
