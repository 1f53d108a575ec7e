"""Reads the agent's folder as root without being led anywhere: no link is followed, nothing but plain
files is opened, and what is copied is what was hashed."""

import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC
_BLOCK = 1 << 20


class Foreign:
    """A folder of somebody else's, and the folders below it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, name: str, most: int) -> bytes | None:
        """A file's bytes; None where there is no plain file of at most so many."""
        try:
            with self._opened(name) as file:
                data = file.read(most + 1)
        except OSError:
            return None
        return data if len(data) <= most else None

    def copy(self, name: str, to: Path, mode: int) -> str:
        """Copy a file to a new one, on the disk after this; its SHA-256 in hex. Raises OSError."""
        digest = hashlib.sha256()
        handle = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as out, self._opened(name) as source:
            while block := source.read(_BLOCK):
                digest.update(block)
                out.write(block)
            out.flush()
            os.fchmod(handle, mode)
            os.fsync(handle)
        return digest.hexdigest()

    @contextmanager
    def _opened(self, name: str) -> Iterator[BinaryIO]:
        """Raises OSError."""
        *folders, last = name.split("/")
        at = os.open(self._folder, _FLAGS | os.O_DIRECTORY)
        try:
            for folder in folders:
                below = os.open(folder, _FLAGS | os.O_DIRECTORY, dir_fd=at)
                os.close(at)
                at = below
            handle = os.open(last, _FLAGS | os.O_NONBLOCK, dir_fd=at)  # a pipe must not hold us
        finally:
            os.close(at)
        with os.fdopen(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise OSError(f"{name} is no plain file")
            yield file
