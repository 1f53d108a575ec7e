"""What a byte of attendance costs on a satellite link, counted packet by packet on an emulated one.

Ours is the agent's journal, dispatch and uplink against mosquitto (mutual TLS 1.3, our production
listener) and `sync-server run`: a batch is over when its receipt, given after COMMIT, has come back.
The peers (bench/wire_peers.py) have the same link, certificates and scans, and trust a PUBACK. Bytes
are those of all IP packets that either side put on the link, headers, acknowledgements and lost ones
included. The day is played: speed, and what was scaled by it, is printed.
"""

import statistics
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec

from bench import capture, payload
from bench.report import Figure, disk_folder, figure, say
from bench.stage import Office, Paced, Player, Stage, possible
from simulators import staff
from simulators.link import weather

USED = ("hadir", "msgspec", "paho-mqtt")
_RTT_MS = 600.0
_PEERS = {"json": "JSON per event, paho defaults", "thingsboard": "ThingsBoard gateway format"}
_METERED = Paced()
_AT_ONCE = Paced(patience=0.0, schedule=0.0)
_GOALS = {10: 30.0, 100: 5.5, 1000: 3.0}
_HEADERS = 206  # bytes: MAC, TLS, TCP and IP of one batch and its receipt (docs: the bound)
_SMALL = 3  # scans in a batch of at most 40 bytes
_FIRST = 1_000  # events before anything is counted, so that PINs are known as they are in an office
_SEED = Office(staff=100, seed=1)


class Sizes(msgspec.Struct, frozen=True):
    """How often a batch of 10, 100, 1000 events is sent, how often we connect, and the day's speed."""

    tens: int
    hundreds: int
    thousands: int
    connects: int
    speed: float


FULL = Sizes(tens=20, hundreds=10, thousands=3, connects=5, speed=60)
QUICK = Sizes(tens=3, hundreds=2, thousands=1, connects=2, speed=240)


def measure(quick: bool) -> dict[str, Figure]:
    """The figures of `bench wire`."""
    possible()
    sizes = QUICK if quick else FULL
    with disk_folder() as folder:
        return {
            **payload.figures(payload.QUICK if quick else payload.FULL),
            **_steady(folder, sizes),
            **_connects(folder, sizes),
            "day_100_staff_bytes": _day(folder, sizes.speed),
        }


def _steady(folder: Path, sizes: Sizes) -> dict[str, Figure]:
    """Batches on a connection that is up, without loss."""
    rounds = {10: sizes.tens, 100: sizes.hundreds, 1000: sizes.thousands}
    with _ours(folder / "steady", _AT_ONCE) as (stage, kiosk):
        ours = {n: _each(stage, kiosk, n, times) for n, times in rounds.items()}
        small = _each(stage, kiosk, _SMALL, sizes.tens) * _SMALL
    theirs = {}
    for whose in _PEERS:
        with _peer(folder / whose, whose) as (stage, peer):
            theirs[whose] = {n: _each(stage, peer, n, times) for n, times in rounds.items()}
            theirs[whose][1] = _each(stage, peer, _SMALL, sizes.tens) * _SMALL
    out = {
        f"wire_bytes_per_event_{n}": _best(
            "bytes/event", ours[n], {w: theirs[w][n] for w in _PEERS}, _bound(n), _GOALS[n]
        )
        for n in rounds
    }
    single = {w: theirs[w][1] for w in _PEERS}
    out["durable_batch_bytes"] = _best("bytes", small, single, 190.0, 290.0)
    return out


def _connects(folder: Path, sizes: Sizes) -> dict[str, Figure]:
    """From the first SYN to the broker's CONNACK, TLS resumed; and all bytes until then."""
    with _ours(folder / "connects", _AT_ONCE) as (stage, kiosk):
        ours = [_again(stage, kiosk) for _ in range(sizes.connects)]
    seconds, octets = (statistics.median(column) for column in zip(*ours, strict=True))
    with _stage(folder / "peer-connects", tuned=False) as stage:
        kiosk = stage.peer("thingsboard", _SEED)
        up = kiosk.ask("connect")["up"]
        theirs = capture.opening(stage.capture, up, _RTT_MS / 2000)
    name = "paho and mosquitto as they come"
    took = figure("s", name, seconds, theirs[0], 3 * _RTT_MS / 1000)
    moved = figure("bytes", name, octets, theirs[1])
    return {
        "connect_600ms_seconds": took.judged("<= 1.9 s", seconds <= 1.9),
        "connect_bytes_resumed": moved.judged("<= 2,500 bytes", octets <= 2_500),
    }


def _again(stage: Stage, kiosk: Player) -> tuple[float, int]:
    kiosk.ask("hang_up")
    stage.settled()
    stage.wire.counters(reset=True)
    answer = kiosk.ask("connect")
    if not answer["resumed"]:
        raise RuntimeError("the TLS session was not resumed")
    all_said = stage.settled().octets
    seconds, octets = capture.opening(stage.capture, answer["up"], _RTT_MS / 2000)
    say(f"wire: connected in {seconds:.2f} s, {octets} bytes; {all_said} with subscribe and birth")
    return seconds, octets


def _day(folder: Path, speed: float) -> Figure:
    """A day of 100 staff at 600 ms and 5 % loss, ours and both peers at the same time."""
    say(
        f"wire: a day at {speed:g} times its speed ({86_400 / speed / 60:.0f} min): patience, "
        "schedule, keep-alive and the office's clock are scaled; round trip, loss, TCP's and our "
        "receipt timeouts are not"
    )
    bad = weather(_RTT_MS, 0.05)
    with ExitStack() as stack:
        stages, players = {}, {}
        for whose in ("ours", *_PEERS):
            stage = Stage(folder / f"day-{whose}", bad, tuned=whose == "ours")
            stages[whose] = stack.enter_context(stage)
        pace = _scaled(_METERED, speed)
        players["ours"] = stages["ours"].ours(pace, _SEED)
        players |= {whose: stages[whose].peer(whose, _SEED) for whose in _PEERS}
        for player in players.values():
            player.tell("connect", speed=speed)
            player.tell("play", speed=speed)
        octets = {}
        for whose, player in players.items():
            say(f"wire: {whose}: {player.answer()} {player.answer()}")
            octets[whose] = stages[whose].wire.counters().octets  # its pings go on
        for whose, stage in stages.items():
            say(f"wire: {whose}: {octets[whose]} bytes; {capture.by_size(stage.capture, 0.0)}")
    return _best("bytes", octets.pop("ours"), octets, None, 35_000.0)


def _scaled(pace: Paced, speed: float) -> Paced:
    # MQTT counts keep-alives in whole seconds.
    keep_alive = max(1, round(pace.keep_alive / speed))
    return Paced(pace.patience / speed, pace.schedule / speed, keep_alive)


def _each(stage: Stage, player: Player, count: int, times: int) -> float:
    """Bytes per event of batches with `count` events, each by itself."""
    say(f"wire: {times} batches of {count}")
    stage.wire.counters(reset=True)
    for _ in range(times):
        player.ask("store", count=count)
        stage.settled(1.5)
    return stage.wire.counters().octets / (count * times)


@contextmanager
def _ours(folder: Path, pace: Paced) -> Iterator[tuple[Stage, Player]]:
    """Our kiosk, connected, with some history."""
    with _stage(folder) as stage:
        kiosk = stage.ours(pace, _SEED)
        kiosk.ask("connect")
        kiosk.ask("store", count=_FIRST)
        stage.settled()
        yield stage, kiosk


@contextmanager
def _peer(folder: Path, whose: str) -> Iterator[tuple[Stage, Player]]:
    with _stage(folder, tuned=False) as stage:
        peer = stage.peer(whose, _SEED)
        peer.ask("connect")
        stage.settled()
        yield stage, peer


def _stage(folder: Path, *, tuned: bool = True) -> Stage:
    return Stage(folder, weather(_RTT_MS), tuned=tuned)


def _bound(count: int) -> float:
    return staff.entropy(_SEED.staff) / 8 + _HEADERS / count


def _best(
    unit: str, ours: float, theirs: dict[str, float], bound: float | None, goal: float
) -> Figure:
    """Beside the better peer; the other is said."""
    whose = min(theirs, key=lambda name: theirs[name])
    for other, value in theirs.items():
        say(f"wire: ours {ours:,.1f}, {_PEERS[other]} {value:,.1f} {unit}")
    made = figure(unit, _PEERS[whose], ours, theirs[whose], bound)
    return made.judged(f"<= {goal:,g} {unit}", ours <= goal)
