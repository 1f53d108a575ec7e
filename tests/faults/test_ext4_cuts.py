"""The plug is pulled on a real ext4: its image, as it is at any moment, is another disk's life."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.process.crash_points import LOG, after
from tests.process.disks import ext4_disk
from tests.process.office import until

pytestmark = pytest.mark.all_only("needs root")

SEED = int(os.environ.get("HADIR_SEED", "1"))
CUTS, TOGETHER = 10, 5
LIFE = 1.0  # seconds from its first file to its end, or a little less
PROGRAM = [sys.executable, "-m", "tests.process.crash_points", "slowly"]


def test_an_ext4_that_lost_its_power_keeps_every_scan_that_was_told(tmp_path):
    """What the kernel had not written to the image is lost, its journal is played back, and the life
    goes on."""
    with ThreadPoolExecutor(TOGETHER) as pool:  # a life rests most of its time
        told = list(pool.map(lambda no: told_before_cut(no, tmp_path / str(no)), range(CUTS)))
    assert len(set(told)) > 1, "the cuts came at different moments"
    assert max(told) <= len(LOG)


def told_before_cut(no, place):
    """What the life had told when its power was cut; all of it is found again."""
    place.mkdir()
    live, found = place / "live.img", place / "found.img"
    with (
        ext4_disk(place / "card", live, 8) as card,
        subprocess.Popen([*PROGRAM, card], stdout=subprocess.PIPE) as life,
    ):
        os.set_blocking(life.stdout.fileno(), False)
        until((card / "journal.db").exists, lambda: "a journal on the card", step=0.002)
        time.sleep(random.Random(f"{SEED}:{no}").uniform(0.0, LIFE))
        life.send_signal(signal.SIGSTOP)
        promised = life.stdout.read() or b""
        shutil.copyfile(live, found)  # the image only: no unmounting, no sync
        life.kill()
    checked = subprocess.run(["e2fsck", "-fy", found], capture_output=True, check=False)
    assert checked.returncode in (0, 1), checked.stdout
    with ext4_disk(place / "card", found, 8) as card:
        problems = after(card, max(promised, default=0))
        assert problems == [], f"seed {SEED}, cut {no}, told {max(promised, default=0)}"
    live.unlink(), found.unlink()
    return max(promised, default=0)
