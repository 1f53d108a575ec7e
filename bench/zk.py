"""Reading a terminal's log: our poll beside pyzk 0.9, on one simulated terminal.

The terminal lives in a process of its own, so that it shares the interpreter lock with nobody, and
counts every byte both ways. Full reads go from a closed socket to decoded rows on both sides,
pyzk's ping and port probe left out. A tail poll is the agent's next one on its open connection,
beside the full read that is pyzk's only way to learn of new records.
"""

import contextlib
import statistics
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection

import msgspec
from zk import ZK

from bench.report import Figure, figure, say
from simulators.zk.device import Device
from simulators.zk.profiles import F19
from simulators.zk.sample import furnish
from simulators.zk.terminal import Terminal
from terminal_agent.zk.link import Link
from terminal_agent.zk.poll import poll

USED = ("hadir", "msgspec", "pyzk")
_PEER = "pyzk get_attendance"
_HOST = "127.0.0.1"
_NEW = 20
_GOAL_SIZE = 100_000
_NOON = datetime(2026, 3, 2, 5, tzinfo=UTC)
_PATIENCE = 60


class Sizes(msgspec.Struct, frozen=True):
    """Records on the terminal, how often we read them, and in how many of these rounds pyzk does."""

    records: int
    rounds: int
    peer_rounds: int


# pyzk's time grows with the square of the log: of 100,000 records one read is enough.
FULL = Sizes(records=100_000, rounds=7, peer_rounds=1)
QUICK = Sizes(records=10_000, rounds=3, peer_rounds=3)


class Cost(msgspec.Struct, frozen=True):
    """Seconds and bytes both ways."""

    seconds: float
    moved: int


def measure(quick: bool) -> dict[str, Figure]:
    """The figures of `bench zk`."""
    return figures(QUICK if quick else FULL)


def figures(sizes: Sizes) -> dict[str, Figure]:
    """In every round: pyzk (while its rounds last), our full read, 20 punches, our tail read."""
    peer: list[Cost] = []
    full: list[Cost] = []
    tail: list[Cost] = []
    with _simulated(sizes.records) as terminal:
        for no in range(sizes.rounds):
            say(f"zk: round {no + 1} of {sizes.rounds}")
            if no < sizes.peer_rounds:
                peer.append(terminal.pyzk_reads())
            whole, new = terminal.we_read()
            full.append(whole)
            tail.append(new)
    return _figures(_median(peer), _median(full), _median(tail), sizes.records >= _GOAL_SIZE)


def _figures(peer: Cost, full: Cost, tail: Cost, judge: bool) -> dict[str, Figure]:
    read = figure("s", _PEER, full.seconds, peer.seconds)
    moved = figure("bytes", _PEER, tail.moved, peer.moved)
    fast = (read.ratio or 0) >= 40
    small = tail.moved < 1_500 and (moved.ratio or 0) >= 1_000
    return {
        "full_read": read.judged("ratio >= 40 at 100,000 records", fast if judge else None),
        "tail_poll_bytes": moved.judged(
            "ratio >= 1000 and < 1,500 bytes at 100,000 records", small if judge else None
        ),
        "tail_poll_seconds": figure("s", _PEER, tail.seconds, peer.seconds),
    }


def _median(costs: list[Cost]) -> Cost:
    return Cost(
        statistics.median(cost.seconds for cost in costs),
        int(statistics.median(cost.moved for cost in costs)),
    )


class Simulated:
    """The terminal in the other process, and both ways of reading it."""

    def __init__(self, pipe: Connection, records: int) -> None:
        self._pipe = pipe
        self._port = int(pipe.recv())
        self.records = records

    def pyzk_reads(self) -> Cost:
        """The whole log by pyzk."""
        self._ask(0)
        began = time.perf_counter()
        link = ZK(_HOST, port=self._port, timeout=_PATIENCE, ommit_ping=True).connect()
        rows = link.get_attendance()
        took = time.perf_counter() - began
        link.disconnect()
        return self._cost(took, len(rows), self.records)

    def we_read(self) -> tuple[Cost, Cost]:
        """The whole log by us; then, on the same connection, what 20 scans add to it."""
        began = time.perf_counter()
        with Link(_HOST, self._port) as link:
            found = poll(link, None, time.monotonic_ns, _NOON.year)
            whole = self._cost(time.perf_counter() - began, len(found.rows), self.records)
            self._ask(_NEW)
            self.records += _NEW
            began = time.perf_counter()
            found = poll(link, found.bookmark, time.monotonic_ns, _NOON.year)
            return whole, self._cost(time.perf_counter() - began, len(found.rows), _NEW)

    def _cost(self, took: float, rows: int, expected: int) -> Cost:
        """Raises RuntimeError where rows are missing."""
        if rows != expected:
            raise RuntimeError(f"{rows} rows were read, {expected} are on the terminal")
        return Cost(took, self._ask(0))

    def _ask(self, punches: int) -> int:
        """Let so many people scan; the bytes moved since the last question."""
        self._pipe.send(punches)
        return int(self._pipe.recv())


@contextlib.contextmanager
def _simulated(records: int) -> Iterator[Simulated]:
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, records), daemon=True)
    process.start()
    theirs.close()
    try:
        yield Simulated(ours, records)
    finally:
        ours.close()
        process.join()


def _serve(pipe: Connection, records: int) -> None:
    """Be the terminal until the other end of the pipe is closed."""
    device = Device(msgspec.structs.replace(F19, record_capacity=2 * records), lambda: _NOON)
    furnish(device, records)
    staff = [user.pin for user in device.users.values()]
    with Terminal(device) as terminal, contextlib.suppress(EOFError):
        pipe.send(terminal.port)
        while True:
            for no in range(pipe.recv()):
                device.punch(staff[no])
            pipe.send(terminal.traffic.bytes_in + terminal.traffic.bytes_out)
            terminal.traffic.reset()
