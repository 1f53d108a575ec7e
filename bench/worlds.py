"""Simulated worlds, mangled inputs and a quarter of a year offline, as part of `bench chaos`.

The tests play hundreds of worlds in memory; here it is thousands, and longer ones. No peer: what a
gateway that trusts a PUBACK loses is shown on real disks by the days of chaos.
"""

import contextlib
import random
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from bench.report import Figure, disk_folder, say
from tests.faults import offline
from tests.faults.decoders import Decoder, all_of_them
from tests.faults.mangled import mangled
from tests.faults.nemesis import play

_WORLDS, _WORLDS_QUICK = 10_000, 40
_DAYS = 14  # of the longest worlds here; a test's last two
_INPUTS, _INPUTS_QUICK = 50_000, 500  # of each decoder
_FUZZED, _FUZZED_QUICK = 60, 2  # seconds of each decoder
_MEGABYTE = 1_000_000


def measure(quick: bool) -> dict[str, Figure]:
    """The figures that `bench chaos` prints beside its days."""
    worlds = range(1, 1 + (_WORLDS_QUICK if quick else _WORLDS))
    wrong = sum(_wrong(seed) for seed in worlds)
    broken = sum(_fuzzed(one, quick) for one in all_of_them())
    with disk_folder() as folder:
        found = offline.lived(folder, days=9 if quick else 90)
    stored = Figure(found.stored / _MEGABYTE, f"MB for {found.touches} touches of 200 people")
    return {
        "worlds_wrong": Figure(wrong, f"of {len(worlds)} worlds").judged("0", wrong == 0),
        "decoders_broken": Figure(broken, "decoders").judged("0", broken == 0),
        "offline_90_days": stored.judged(
            "40, in order", None if quick else found.in_order and found.stored < 40 * _MEGABYTE
        ),
    }


def _wrong(seed: int) -> bool:
    shm = Path("/dev/shm")  # noqa: S108 - a crash is modelled, so syncing tests nothing here
    with tempfile.TemporaryDirectory(dir=shm if shm.is_dir() else None) as folder:
        _, found = play(Path(folder), seed, most_days=_DAYS)
    for sentence in found[:3]:
        say(f"world {seed}: {sentence}")
    return bool(found)


def _fuzzed(decoder: Decoder, quick: bool) -> bool:
    """Whether anything undeclared came out of a decoder: over mangled inputs that ends the bench
    with its traceback, the fuzzer says what it found."""
    for seed in range(_INPUTS_QUICK if quick else _INPUTS):
        draw = random.Random(seed)  # noqa: S311 - it must come again
        with contextlib.suppress(decoder.declared):
            decoder.read(mangled(draw.choice(decoder.honest), draw))
    if not find_spec("atheris"):
        say(f"{decoder.name}: atheris has no wheel here, only mangled inputs were tried")
        return False
    seconds = str(_FUZZED_QUICK if quick else _FUZZED)
    command = [sys.executable, "-m", "tests.faults.fuzz", decoder.name, seconds]
    root = Path(__file__).parent.parent
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    if done.returncode:
        say(f"{decoder.name}: {done.stdout[-800:]}{done.stderr[-800:]}")
    return done.returncode != 0
