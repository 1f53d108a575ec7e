"""A megabyte kept beside the journal for the moment when the disk is full.

On a full disk SQLite in WAL mode refuses even the checkpoint that would make room. Given up at that
moment, the ballast lets the journal check point, take receipts and send what it holds; scans wait on
their devices until there is room for the ballast again.
"""

import errno
import logging
import os
from pathlib import Path

from terminal_agent import durable

log = logging.getLogger(__name__)

FILE = "ballast"
SIZE = 1_048_576  # more than the largest WAL that the journal leaves behind (journal_schema)
_FULL = (errno.ENOSPC, errno.EDQUOT)


class Ballast:
    """The ballast in the folder `state`. While it is not there, nothing large may be written."""

    def __init__(self, state: Path) -> None:
        self._path = state / FILE
        self.is_there = False

    def keep(self) -> bool:
        """Whether it is there; made where the disk has room for it and for as much again, so that a
        disk at its brim is not full a moment later. Raises OSError where the folder is unusable."""
        if not self.is_there:
            self.is_there = self._is_whole() or (self._has_room() and self._made())
        return self.is_there

    def drop(self) -> bool:
        """Give the room back; False where there was nothing to give."""
        was_there = self.is_there or self._path.exists()
        self.is_there = False
        durable.remove(self._path)
        if was_there:
            log.error("storage.full ballast given up, scans wait on their devices")
        return was_there

    def _is_whole(self) -> bool:
        try:
            found = self._path.stat()
        except FileNotFoundError:
            return False
        return found.st_blocks * 512 >= SIZE  # not a hole of that length

    def _has_room(self) -> bool:
        disk = os.statvfs(self._path.parent)
        return disk.f_bavail * disk.f_frsize >= 2 * SIZE

    def _made(self) -> bool:
        handle = os.open(self._path, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            os.posix_fallocate(handle, 0, SIZE)
            os.fsync(handle)
        except OSError as problem:
            if problem.errno not in _FULL:
                raise
            durable.remove(self._path)
            return False
        finally:
            os.close(handle)
        log.info("storage.ballast kept bytes=%d", SIZE)
        return True
