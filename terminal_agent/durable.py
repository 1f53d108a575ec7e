"""Small private files that a power cut leaves whole: the old one or the new one."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def write_whole(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Write 0600 beside, rename, and bring the directory to the disk too. Raises OSError."""
    beside = path.with_name(path.name + ".new")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        os.fchmod(handle, mode)  # not what the umask leaves of it
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    sync_directory(path.parent)


def remove(path: Path) -> None:
    """The file is gone after this, also after a power cut. Raises OSError."""
    path.unlink(missing_ok=True)
    sync_directory(path.parent)


def sync_directory(folder: Path) -> None:
    """A new name is only there after a power cut once its directory is on disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def owned_like_folder(file: Path) -> None:
    """What root's command has made belongs to whoever owns the folder. Raises OSError."""
    if os.geteuid() == 0:
        owner = file.parent.stat()
        os.chown(file, owner.st_uid, owner.st_gid)


@contextmanager
def as_owner(folder: Path) -> Iterator[None]:
    """What root makes in the agent's folder is the agent's, and root follows nobody's links there: it is
    the folder's owner meanwhile."""
    if os.geteuid() != 0 or not folder.exists():
        yield
        return
    its, group = folder.stat(), os.getegid()
    os.setegid(its.st_gid)
    os.seteuid(its.st_uid)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(group)
