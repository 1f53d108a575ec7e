"""Bad days: how many punches are lost or doubled when everything fails at once.

Each seed is one day of an office over an emulated satellite link with 10 % bursty loss: agent, server
and broker are killed, the link is cut, the card is full, the card is put back to an older image. The
peer, a gateway that trusts a PUBACK, lives through the same seed with a broker of the same kind. Root.
"""

import json
import sqlite3
import sys
import tempfile
from collections import Counter
from contextlib import closing
from pathlib import Path
from threading import Event, Thread

from bench import storms, worlds
from bench.report import Figure, say
from simulators import link
from simulators.link import Link
from tests.process import chaos
from tests.process.disks import small_disk
from tests.process.office import Program, free_port
from tests.process.sky import FarBroker

USED = ("hadir", "paho-mqtt")
_SECONDS = 30.0
_SEEDS, _SEEDS_QUICK = 200, 3
_PEER_SEEDS = 20  # enough to see what it loses; it takes as long as ours
_CALM_AFTER = 20.0
_ROOT = Path(__file__).parent.parent


def measure(quick: bool) -> dict[str, Figure]:
    """The figures of `bench chaos`."""
    if why := link.missing():
        raise SystemExit(f"bench chaos: {why}")
    seeds = range(1, 1 + (_SEEDS_QUICK if quick else _SEEDS))
    wrong = [_ours(seed) for seed in seeds]
    peers = [_peer(seed) for seed in seeds[:_PEER_SEEDS]]
    lost, doubled = (sum(column) for column in zip(*peers, strict=True))
    name = f"gateway that trusts a PUBACK, {len(peers)} days"
    return {
        "days_wrong": Figure(sum(map(bool, wrong)), f"of {len(wrong)} days").judged(
            "0", not any(wrong)
        ),
        "punches_lost": _count("lost", wrong, lost, name),
        "punches_doubled": _count("doubled", wrong, doubled, name),
        "chains_broken": _count("chain", wrong, None, None),
        **worlds.measure(quick),
        **storms.measure(quick),
    }


def _count(what: str, wrong: list[list[str]], peer: float | None, name: str | None) -> Figure:
    ours = sum(
        sentence.startswith(what) or f" {what} " in sentence for day in wrong for sentence in day
    )
    return Figure(ours, "punches", peer, name).judged("0", ours == 0)


def _ours(seed: int) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        found = chaos.play(Path(folder), seed, _SECONDS, say)
    for sentence in found:
        say(f"seed {seed}: {sentence}")
    return found


def _peer(seed: int) -> tuple[int, int]:
    """Punches lost and doubled in the peer's day."""
    with tempfile.TemporaryDirectory() as folder, Link(chaos.CALM, seed=seed) as wire:
        office = TrustingOffice(Path(folder), wire)
        with small_disk(office.agent_state, chaos.CARD_MB):
            missing, again = office.live(chaos.Chaos(office, Path(folder, "image"), seed))
    say(f"seed {seed}, the peer: {missing} lost, {again} doubled")
    return missing, again


class TrustingOffice:
    """The peer as chaos's victim."""

    def __init__(self, folder: Path, wire: Link) -> None:
        self.wire = wire
        self.agent_state, self._centre = folder / "kiosk", folder / "centre"
        self._centre.mkdir()
        self._log = folder / "terminal.log"
        self._log.touch()
        port = free_port()
        self.broker = FarBroker(port, folder, wire)
        where = {"host": link.CENTRE, "port": port, "log": str(self._log)}
        self.agent = self._program("kiosk", self.agent_state, where)
        self.server = self._program("centre", self._centre, where)
        self._punched = 0
        self._stop = Event()

    def live(self, strikes: chaos.Chaos) -> tuple[int, int]:
        """A day under these strikes; how many punches were lost, and how many came again."""
        programs = (self.broker, self.server, self.agent)
        for program in programs:
            program.start()
        crowd = Thread(target=self._punch)
        crowd.start()
        strikes.rage(_SECONDS)
        self._stop.set()
        crowd.join()
        self._settle()
        for program in reversed(programs):
            program.stop()
        received = Counter(self._received())
        return self._punched - len(received), received.total() - len(received)

    def progress(self) -> object:
        """How much the centre holds."""
        return len(self._received())

    def card_changes(self) -> None:
        """Nothing to note: it has one history or none."""

    def _settle(self) -> None:
        """Until nothing has arrived for a while, on a calm link."""
        before = -1
        while before != (before := len(self._received())):
            Event().wait(_CALM_AFTER)

    def _punch(self) -> None:
        """As many people as in our own office."""
        with self._log.open("a") as log:
            while not self._stop.wait(0.2):
                for _ in range(8):
                    self._punched += 1
                    log.write(f"{self._punched}\n")
                log.flush()

    def _received(self) -> list[str]:
        file = self._centre / "centre.db"
        try:
            with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=10)) as db:
                return [scan for (scan,) in db.execute("SELECT scan FROM got")]
        except sqlite3.OperationalError:
            return []

    def _program(self, side: str, state: Path, where: dict[str, str | int]) -> Program:
        told = json.dumps({"side": side, "state": str(state), **where})
        command = (sys.executable, _ROOT / "bench/trusting.py", told)
        return Program(state.with_suffix(".log"), *self.wire.at(side), *command)
