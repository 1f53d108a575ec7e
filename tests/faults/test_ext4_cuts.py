"""The plug is pulled on a real ext4: its image, as it is at any moment, is another disk's life."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time

import pytest

from tests.process.crash_points import LOG, after
from tests.process.disks import ext4_disk

pytestmark = pytest.mark.all_only("needs root")

SEED = int(os.environ.get("HADIR_SEED", "1"))
CUTS = 10
PROGRAM = [sys.executable, "-m", "tests.process.crash_points", "slowly"]


def test_an_ext4_that_lost_its_power_keeps_every_scan_that_was_told(tmp_path):
    """What the kernel had not written to the image is lost, its journal is played back, and the life
    goes on."""
    chance, told = random.Random(SEED), []
    for no in range(CUTS):
        live, found = tmp_path / f"live-{no}.img", tmp_path / f"found-{no}.img"
        with (
            ext4_disk(tmp_path / "card", live, 8) as card,
            subprocess.Popen([*PROGRAM, card], stdout=subprocess.PIPE) as life,
        ):
            os.set_blocking(life.stdout.fileno(), False)
            time.sleep(chance.uniform(0.5, 2.0))
            life.send_signal(signal.SIGSTOP)
            promised = life.stdout.read() or b""
            shutil.copyfile(live, found)  # the image only: no unmounting, no sync
            life.kill()
        checked = subprocess.run(["e2fsck", "-fy", found], capture_output=True, check=False)
        assert checked.returncode in (0, 1), checked.stdout
        with ext4_disk(tmp_path / "card", found, 8) as card:
            problems = after(card, max(promised, default=0))
            assert problems == [], f"seed {SEED}, cut {no}, told {max(promised, default=0)}"
        told.append(max(promised, default=0))
        live.unlink(), found.unlink()
    assert len(set(told)) > 1, "the cuts came at different moments"
    assert max(told) <= len(LOG)
