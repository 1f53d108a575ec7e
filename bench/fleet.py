"""A region's kiosks come back at once: 5,000 of them, after an outage of the broker.

Real frames with real MACs over raw MQTT, a real mosquitto and real ingest workers (two on PostgreSQL;
where none is installed, one on SQLite). Ours keeps the agent's rules: jittered backoff, one batch
after a timeout, and waiting where a receipt says so. The peer is the same fleet without them.
"""

import time
from itertools import islice
from pathlib import Path

import msgspec

from bench.crowd import Crowd, Load, names
from bench.morning import EPOCH, load, office
from bench.report import Figure, disk_folder, figure, say
from contract.event import canonical
from sync_server import schema
from sync_server.authority import Keys
from sync_server.database import Database
from tests.postgres import MISSING, Postgres, binaries
from tests.process.office import BIN, Mosquitto, Program, free_port

USED = ("hadir", "paho-mqtt", "SQLAlchemy")
_PATIENCE = 600.0  # seconds until a fleet is given up
_PEER = "the same fleet without backoff and slow-down"


class Sizes(msgspec.Struct, frozen=True):
    """Kiosks, frames that each has kept, events in a frame, and seconds without a broker."""

    kiosks: int
    frames: int
    events: int
    outage: float


FULL = Sizes(kiosks=5_000, frames=2, events=20, outage=15.0)
QUICK = Sizes(kiosks=100, frames=2, events=5, outage=1.0)


class Return(msgspec.Struct, frozen=True):
    """What it took from the broker's start until everything was receipted. `sent`: frames sent for
    each frame needed; memory in MB at most; `queue`: most frames that waited in a worker."""

    seconds: float
    queue: float
    sent: float
    connects: float
    broker_mb: float
    worker_mb: float


def measure(quick: bool) -> dict[str, Figure]:
    """The figures of `bench fleet`."""
    return figures(QUICK if quick else FULL)


def figures(sizes: Sizes) -> dict[str, Figure]:
    """One return with the rules, one without, each on a ledger of its own."""
    say(f"fleet: making the frames of {sizes.kiosks} kiosks")
    loads = [_load(kid, sizes) for kid in names(sizes.kiosks)]
    with disk_folder() as folder:
        if binaries() is None:
            say(f"fleet: {MISSING}; one worker on SQLite instead of two")
            ours, peer = (_back(folder, None, loads, sizes, polite=p) for p in (True, False))
        else:
            with Postgres(folder.parent, fsync=True) as server:
                ours = _back(folder, server.database(), loads, sizes, polite=True)
                peer = _back(folder, server.database(), loads, sizes, polite=False)
    units = {"seconds": "s", "queue": "frames", "sent": "frames/frame", "connects": "per kiosk"}
    return {
        key: figure(units.get(key, "MB"), _PEER, getattr(ours, key), getattr(peer, key))
        for key in Return.__struct_fields__
    }


def _load(kid: str, sizes: Sizes) -> Load:
    records = [canonical(one) for one in islice(office(kid), sizes.frames * sizes.events)]
    made = load(kid, kid.encode() * 8, records, sizes.events)
    return Load(kid, made.mac_key, EPOCH, sizes.events, made.events, made.frames)


def _back(below: Path, url: str | None, loads: list[Load], sizes: Sizes, *, polite: bool) -> Return:
    folder = below / ("polite" if polite else "rude")
    folder.mkdir()
    port = free_port()
    broker = Mosquitto(port, folder)
    workers = _workers(folder, port, url, loads)
    started: list[Program] = []
    try:
        with Crowd(port, loads, polite=polite, seed=1) as crowd:
            crowd.come()
            crowd.turn(sizes.outage)
            broker.start()
            began = time.monotonic()
            started += [worker.start() for worker in workers]
            _serve(crowd, began, "polite" if polite else "rude")
            return _returned(crowd, time.monotonic() - began, broker, workers)
    finally:
        for program in started:
            program.stop()
        broker.stop()


def _serve(crowd: Crowd, began: float, name: str) -> None:
    while left := crowd.left():
        if time.monotonic() - began > _PATIENCE:
            raise TimeoutError(f"{left} kiosks wait after {_PATIENCE:.0f} s")
        say(f"fleet {name}: {left} kiosks wait after {time.monotonic() - began:.0f} s")
        crowd.turn(1.0)


def _workers(folder: Path, port: int, url: str | None, loads: list[Load]) -> list[Program]:
    file = folder / "server.toml"
    ledger = f'[ledger]\nurl = "{url}"\n' if url else ""
    file.write_text(
        f'state = "{folder}"\n[broker]\nport = {port}\nembedded = false\n[web]\nport = 0\n{ledger}',
        "utf-8",
    )
    Keys(folder)  # a centre that has kiosks starts with its keys only
    database = Database(url or folder / "ledger.db")
    rows = [{"kid": one.kid, "opd": "1", "mac_key": one.mac_key, "invited": 0} for one in loads]
    with database.writing() as tx:
        tx.execute(schema.kiosk.insert(), rows)
    database.close()
    command = (BIN / "sync-server", "--config", file)
    if url is None:
        return [Program(folder / "worker.log", *command, "run")]
    return [
        Program(folder / f"{name}.log", *command, "ingest", "--worker", name)
        for name in ("one", "two")
    ]


def _returned(crowd: Crowd, seconds: float, broker: Mosquitto, workers: list[Program]) -> Return:
    needed = sum(len(kiosk.load.frames) for kiosk in crowd.kiosks)
    behind = [
        int(line.partition("waiting=")[2].split()[0])
        for worker in workers
        for line in worker.said().splitlines()
        if "queue.behind" in line
    ]
    return Return(
        seconds=seconds,
        queue=max(behind, default=0) or 1.0,
        sent=sum(kiosk.sent_frames for kiosk in crowd.kiosks) / needed,
        connects=sum(kiosk.connects for kiosk in crowd.kiosks) / len(crowd.kiosks),
        broker_mb=_most_memory(broker.program),
        worker_mb=max(map(_most_memory, workers)),
    )


def _most_memory(program: Program) -> float:
    """The most RAM that a process ever had, in MB."""
    if program.process is None:
        return 0.0
    status = Path(f"/proc/{program.process.pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024
