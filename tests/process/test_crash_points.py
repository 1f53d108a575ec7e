"""The journal's process dies anywhere; what `store` returned for is there, and nothing is torn."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.process.crash_points import LOG, PARCEL, after

PROGRAM = [sys.executable, "-m", "tests.process.crash_points"]
# A death loses nothing that was written, so a disk in memory tells the same, sooner.
MEMORY = next((folder for folder in ("/dev/shm",) if Path(folder).is_dir()), None)  # noqa: S108
STRACE = shutil.which("strace")


def test_a_journal_survives_death_before_any_sql_statement():
    """From the making of the file to the last commit, a new epoch in the middle included."""
    with TemporaryDirectory(dir=MEMORY) as folder:
        done = subprocess.run([*PROGRAM, "every", folder], stdout=subprocess.PIPE, check=True)
    points = [json.loads(line) for line in done.stdout.splitlines()]
    assert [wrong for _, _, wrong in points if wrong] == []
    told = [rows for _, rows, _ in points]
    assert told == sorted(told)
    assert set(told) == set(range(0, len(LOG) + 1, PARCEL)), "death came between all the stores"
    assert len(points) > 80, "and between the statements of each"


@pytest.mark.all_only("needs strace")
@pytest.mark.skipif(STRACE is None, reason="strace is not installed: apt-get install strace")
@pytest.mark.parametrize(("call", "step"), [("fdatasync", 1), ("pwrite64", 11)])
def test_a_journal_survives_death_within_a_commit(tmp_path, call, step):
    """Killed at a write or a sync that SQLite makes, with pages of a transaction half in the file."""
    told, place = [], 0
    while not told or told[-1] < len(LOG):
        place += step
        folder = tmp_path / str(place)
        folder.mkdir()
        strace = [STRACE, "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}"]
        strace += ["-e", f"inject={call}:signal=SIGKILL:when={place}"]
        died = subprocess.run([*strace, *PROGRAM, "live", folder], stdout=subprocess.PIPE)
        told.append(max(died.stdout, default=0))
        assert after(folder, told[-1]) == [], f"died at {call} number {place}"
    assert len(told) > 8, "the life held so many deaths"
