"""Lays a release out beside those that are there: unchanged files are the same files, linked.

Nothing shows it before every byte has been read again and is on the disk.
"""

import logging
import os
import shutil
from pathlib import Path

from contract import release
from contract.release import File, Manifest
from terminal_agent import durable
from terminal_agent.errors import SourceMisconfigured
from terminal_agent.releases.foreign import Foreign
from terminal_agent.releases.gathered import is_there
from terminal_agent.releases.place import Place

log = logging.getLogger(__name__)

_SPARE = 64 * 1024 * 1024  # bytes that stay free for the journal


def lay_out(place: Place, manifest: bytes, found: Manifest, gathered: Foreign) -> None:
    """The release stands in its folder after this. Raises SourceMisconfigured and OSError."""
    coming = place.releases / f"{found.version}.part"
    shutil.rmtree(coming, ignore_errors=True)
    try:
        _fill(place, coming, found, gathered)
        durable.write_whole(coming / release.MANIFEST, manifest, 0o644)
        for folder in (coming, *(path for path in coming.rglob("*") if _is_folder(path))):
            durable.sync_directory(folder)
        _show(place, coming, found)
    finally:
        shutil.rmtree(coming, ignore_errors=True)


def _fill(place: Place, coming: Path, found: Manifest, gathered: Foreign) -> None:
    base = place.tree(place.points("current") or place.version)
    lacking = [one for one in found.files if not is_there(base / one.path, one)]
    _check_room(place, lacking)
    copied = {one.path for one in lacking}
    coming.mkdir(mode=0o755)
    coming.chmod(0o755)
    for one in found.files:
        to = _made(coming, one.path)
        if one.path in copied:
            _copy(one, gathered, to)
        else:
            _link(base / one.path, one, to)
    for link in found.links:
        _made(coming, link.path).symlink_to(link.target)
    log.info(
        "release.laid_out version=%s new=%d of=%d", found.version, len(copied), len(found.files)
    )


def _show(place: Place, coming: Path, found: Manifest) -> None:
    """Under its name; what stood there, a release that was given up, goes."""
    there = place.tree(found.version)
    if there.exists():
        shutil.rmtree(there)
    coming.rename(there)
    durable.sync_directory(place.releases)


def _link(held: Path, file: File, to: Path) -> None:
    """The same file again; a copy where its mode changes, for a link would change the old one's."""
    if held.stat().st_mode & 0o777 == file.mode:
        os.link(held, to)
        return
    shutil.copyfile(held, to)
    to.chmod(file.mode)
    with to.open("rb") as copy:
        os.fsync(copy.fileno())


def _copy(file: File, gathered: Foreign, to: Path) -> None:
    try:
        digest = gathered.copy(f"objects/{file.sha256}", to, file.mode)
    except FileNotFoundError as problem:
        raise SourceMisconfigured("release_incomplete", file.path) from problem
    if digest != file.sha256:
        raise SourceMisconfigured("release_damaged", file.path)


def _made(coming: Path, path: str) -> Path:
    """The path in the coming tree, with the folders above it for everybody to read."""
    to = coming / path
    for folder in reversed([one for one in to.parents if coming in one.parents]):
        if not folder.exists():
            folder.mkdir()
            folder.chmod(0o755)
    return to


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _check_room(place: Place, lacking: list[File]) -> None:
    needed = sum(one.size for one in lacking) + _SPARE
    room = os.statvfs(place.root)
    if room.f_bavail * room.f_frsize < needed:
        raise SourceMisconfigured("release_no_room", f"{needed // 1_000_000} MB are needed")


def prune(place: Place, keep: set[str]) -> None:
    """Drop the releases that nobody goes back to, and what was begun."""
    for tree in place.releases.iterdir():
        if tree.name not in keep:
            shutil.rmtree(tree, ignore_errors=True)
