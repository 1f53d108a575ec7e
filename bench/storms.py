"""Kills, power cuts and turned bits by the thousand, as part of `bench chaos`.

The tests do the same with fewer: what is struck, and the check of it, is theirs.
"""

import random
import shutil
import sys
import tempfile
from pathlib import Path

from bench.report import Figure, disk_folder, say
from tests.faults import test_damage as damage
from tests.faults import test_powercut as powercut
from tests.faults.powercut import cuts
from tests.faults.recorded import record
from tests.process.crash_points import after, life_holds
from tests.process.office import EmbeddedBroker, Office, terminal
from tests.process.storm import Crowd, Storm

_KILLS, _KILLS_QUICK = 1_000, 30
_CUTS, _CUTS_QUICK = 20_000, 200  # of each model of a disk
_FLIPS, _FLIPS_QUICK = 5_000, 50
_SEED = 6


def measure(quick: bool) -> dict[str, Figure]:
    """The figures that `bench chaos` prints beside its days."""
    kills = _KILLS_QUICK if quick else _KILLS
    wrong = _storm(kills)
    figures = {"storm_wrong": Figure(wrong, f"wrong after {kills} kills").judged("0", wrong == 0)}
    if shutil.which("strace"):
        pulled, broken = _power_cuts(_CUTS_QUICK if quick else _CUTS)
        unit = f"of {pulled} different disks"
        figures["cuts_wrong"] = Figure(broken, unit).judged("0", broken == 0)
    else:
        say("power cuts: apt-get install strace")
    flips = _FLIPS_QUICK if quick else _FLIPS
    lied = _bit_flips(flips)
    figures["flips_wrong"] = Figure(lied, f"of {flips} turned bits").judged("0", lied == 0)
    return figures


def _storm(kills: int) -> int:
    """How many sentences are wrong after so many kills of agent and server under a crowd."""
    with tempfile.TemporaryDirectory() as name, Office(Path(name), own_broker=False) as office:
        broker = EmbeddedBroker(office.port, Path(name))
        broker.start()
        office.furnish(terminal())
        office.start()
        storm = Storm(office, _SEED)
        # Fewer at once than in the tests, so that a terminal's log holds the longer storm.
        with Crowd(office, burst=12):
            office.server.wait_for("batch.stored")
            while storm.kills.total() < kills:
                storm.strike()
        office.settle(120)
        found = office.wrong()
        for program in (office.agent, office.server, broker):
            program.stop()
    say(f"storm: {dict(storm.kills)}, interrupted {dict(storm.interrupted)}")
    for sentence in found[:3]:
        say(f"storm, seed {_SEED}: {sentence}")
    return len(found)


def _power_cuts(count: int) -> tuple[int, int]:
    """Different disks that cuts of a card's life left, and those on which a promise was broken."""
    disks = broken = 0
    with disk_folder() as memory:
        card = memory / "card"
        card.mkdir()
        life = record(card, [sys.executable, "-m", "tests.process.crash_points", "live", card])
        for model in powercut.MODELS:
            for no, found in powercut.different(cuts(life, model, _SEED, count)):
                folder = powercut.laid_out(found, memory / f"{model}-{no}")
                look = after if no % powercut.LIVE_ON == 0 else life_holds
                if problems := look(folder, powercut.told(found)):
                    broken += 1
                    say(f"power cut, seed {_SEED}, {model}, step {found.step}: {problems}")
                disks += 1
                shutil.rmtree(folder)
    return disks, broken


def _bit_flips(count: int) -> int:
    """Turned bits after which the centre holds what never happened, or lacks it without a word."""
    wrong = 0
    with disk_folder() as folder:
        card, log = damage.Card(folder), set(damage.LOG)
        for no in range(count):
            draw = random.Random(f"{_SEED}:{no}")  # noqa: S311 - it must come again
            files, where = damage.flipped(card.files, draw)
            spare = card.spare(files)
            end, received, punches = card.sent(spare)
            shutil.rmtree(spare)
            invented = not (received <= card.scans and set(punches) <= log)
            lost = end == "sent" and set(punches) != log
            if invented or lost or len(punches) > len(set(punches)):
                wrong += 1
                say(f"bit flip, seed {_SEED}, {where}: {end}")
    return wrong
