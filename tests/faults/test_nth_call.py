"""One scan on its way to its receipt, and every n-th call to the kernel fails, once or from then on.

Whatever was promised is there when life goes on; every failure has a name; nothing comes twice.
"""

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.faults.cycle import AT, LOG

pytestmark = [
    pytest.mark.all_only("needs strace"),
    pytest.mark.skipif(not shutil.which("strace"), reason="apt-get install strace"),
]
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - strace is the fault here
SEED = int(os.environ.get("HADIR_SEED", "1"))
STEP = {"pwrite64": 3, "openat": 7}  # another HADIR_SEED tries the others
STRACE = ["strace", "-f", "-qq"]
PROGRAM = [sys.executable, "-m", "tests.faults.cycle"]


@pytest.fixture
def place():
    with TemporaryDirectory(dir=MEMORY) as folder:
        made = Path(folder) / "site"
        made.mkdir()
        yield made


@lru_cache
def calls_of_a_cycle(call: str) -> int:
    """How many there are, from a cycle in which none fails."""
    with TemporaryDirectory(dir=MEMORY) as folder:
        log, place = Path(folder) / "log", Path(folder) / "site"
        place.mkdir()
        strace = [*STRACE, "-o", log, "-e", f"trace={call}"]
        subprocess.run(
            [*strace, *PROGRAM, place, call, "1", "1", "1"], check=True, capture_output=True
        )
        counted = Counter(line.split()[0] for line in log.read_text().splitlines())
    return max(counted.values()) - (AT[call] - 1)


@pytest.mark.parametrize(
    ("call", "fault"),
    [
        ("fdatasync", "error=EIO:when={}"),
        ("fdatasync", "error=EIO:when={}+"),
        ("fdatasync", "signal=SIGKILL:when={}"),
        ("fsync", "error=EIO:when={}+"),
        ("pwrite64", "error=ENOSPC:when={}"),
        ("pwrite64", "error=ENOSPC:when={}+"),
        ("pwrite64", "error=EIO:when={}"),
        ("openat", "error=EIO:when={}"),
        ("openat", "error=ENOSPC:when={}+"),
    ],
)
def test_a_call_that_fails_breaks_no_promise(place, call, fault):
    count = calls_of_a_cycle(call)
    assert count > 0
    strace = [*STRACE, "-o", "/dev/null", "-e", f"trace={call}"]
    strace += ["-e", f"inject={call}:{fault.format(AT[call])}"]
    step = STEP.get(call, 1)
    run = [*strace, *PROGRAM, place, call, str(1 + SEED % step), str(count), str(step)]
    done = subprocess.run(run, capture_output=True, text=True, check=False)
    ends = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(ends) == len(range(1 + SEED % step, count + 1, step)), done.stderr[-2_000:]
    for one in ends:
        assert one["end"] in ("whole", "named", "signal 9"), (one, done.stderr[-2_000:])
        assert one["cursor"] >= min(one.get("stored", 0), len(LOG)), f"stored and lost: {one}"
        assert one["all_there_once"], one
    assert any(one["end"] != "whole" for one in ends), "a failure was met"
