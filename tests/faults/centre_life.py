"""The centre's life with its ledger, as a program of its own, so that what it asks of the disk can be
recorded: `python -m tests.faults.centre_life FOLDER` takes FOLDER-frames/*, and tells after each."""

import os
import sys
from pathlib import Path

from tests.halves import Centre, TestClock

KID = "T07A"


def frames(folder: Path) -> list[bytes]:
    """What the kiosk sends, in order."""
    return [file.read_bytes() for file in sorted(folder.with_name("frames").iterdir())]


def live(folder: Path) -> None:
    """Commit frame after frame; tell how many are whenever the receipt may go."""
    centre = Centre(folder, TestClock())
    for count, frame in enumerate(frames(folder), 1):
        assert len(centre.desk.take([(KID, frame)])) == 1
        os.write(1, bytes([count]))
    centre.close()


if __name__ == "__main__":
    live(Path(sys.argv[1]))
