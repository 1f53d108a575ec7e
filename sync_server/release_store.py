"""The releases that this centre gives to its kiosks: files in its state, named by their digest.

They are checked when they are added; a kiosk believes the signature and no one else.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec

from contract import release
from contract.errors import BatchError
from contract.release import Manifest
from sync_server import signatures
from sync_server.errors import BadFile, unreadable

_FOLDER, _KEY = "releases", "release.pub"
_SHARED_KEY = Path("/usr/share/hadir") / _KEY


class Stored(msgspec.Struct, frozen=True):
    """A release that kiosks may be given; `bytes` of its file."""

    digest: str
    release: int
    version: str
    arch: str
    files: int
    bytes: int


def add(state: Path, file: Path, key: Path | None) -> Stored:
    """Take a release file in. `key`: a release.pub, remembered from then on. Raises BadFile."""
    manifest, signature = _read(file)
    source, trusted = _trusted(state, key)
    signed = release.to_sign(manifest)
    if not any(signatures.holds(one, signature, signed) for one in trusted):
        raise BadFile(str(file), "", "release_unsigned", key=source)
    found = _decoded(file, manifest)
    _check_objects(file, found)
    _check_only(state, file, found, release.digest(manifest))
    to = _path(state, release.digest(manifest))
    try:
        to.parent.mkdir(mode=0o700, exist_ok=True)
        if key is not None:
            _bring(key, to.parent / _KEY)
        _bring(file, to)
    except OSError as problem:
        raise BadFile(str(to), "", "file_unwritable", detail=problem.strerror) from problem
    return _stored(to, manifest, found)


def _check_only(state: Path, file: Path, found: Manifest, digest: str) -> None:
    """One build of a version: people name it by that, and a kiosk keeps it under that. Raises BadFile."""
    for one in stored(state):
        same = (one.version, one.arch) == (found.version, found.arch)
        if same and one.digest != digest:
            raise BadFile(str(file), "", "release_twice", version=one.version, arch=one.arch)


def _bring(file: Path, to: Path) -> None:
    """Copy a file, whole or not at all, and on the disk after this. Raises OSError."""
    beside = to.with_suffix(".new")
    shutil.copyfile(file, beside)
    _sync(beside)
    beside.replace(to)
    _sync(to.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def stored(state: Path) -> list[Stored]:
    """Every release that is whole, the newest first."""
    found = [one for one in _looked(state) if isinstance(one, Stored)]
    return sorted(found, key=lambda one: (one.release, one.arch), reverse=True)


def damaged(state: Path) -> list[BadFile]:
    """The files that are no releases any more."""
    return [one for one in _looked(state) if isinstance(one, BadFile)]


def _looked(state: Path) -> Iterator[Stored | BadFile]:
    for path in sorted((state / _FOLDER).glob("*.hadir")):
        try:
            manifest, _ = _read(path)
            yield _stored(path, manifest, _decoded(path, manifest))
        except BadFile as problem:
            yield problem


def chosen(state: Path, version: str) -> list[Stored]:
    """The releases of that version, one for each architecture: of two the newer. Raises BadFile."""
    kept = stored(state)
    found = {one.arch: one for one in reversed(kept) if version in (one.version, one.digest)}
    if not found:
        known = ", ".join(sorted({one.version for one in kept})) or "-"
        raise BadFile(version, "", "release_unknown", known=known)
    return list(found.values())


def carried(state: Path, digest: str) -> bytes | None:
    """Signature and manifest as they go over the air; None where there is no such release."""
    path = _path(state, digest)
    try:
        manifest, signature = _read(path)
    except BadFile:
        return None
    return release.carried(signature, manifest)


def pack(state: Path, digest: str) -> Path:
    """The file of a release, whether or not it is there."""
    return _path(state, digest)


def _path(state: Path, digest: str) -> Path:
    return state / _FOLDER / f"{digest}.hadir"


def _read(file: Path) -> tuple[bytes, bytes]:
    """Manifest and signature. Raises BadFile."""
    try:
        with file.open("rb") as held:
            return release.enclosed(held)
    except FileNotFoundError as problem:
        unreadable(str(file), problem)
    except (OSError, BatchError) as problem:
        raise BadFile(str(file), "", "release_damaged", detail=problem) from problem


def _decoded(file: Path, manifest: bytes) -> Manifest:
    try:
        return release.decode(manifest)
    except BatchError as problem:
        raise BadFile(str(file), "", "release_damaged", detail=problem) from problem


def _check_objects(file: Path, found: Manifest) -> None:
    """Each object where the manifest says that it is: a kiosk asks for bytes by their place."""
    with file.open("rb") as data:
        for one in {one.sha256: one for one in found.files}.values():
            data.seek(one.at)
            try:
                release.opened(data.read(one.packed), one)
            except BatchError as problem:
                raise BadFile(str(file), one.path, "release_damaged", detail=problem) from problem


def _trusted(state: Path, key: Path | None) -> tuple[Path, list[bytes]]:
    """Whose releases are taken, and which file says so. Raises BadFile."""
    if key is not None:
        if not (found := _keys(key)):
            raise BadFile(str(key), "", "release_key_wrong")
        return key, found
    for path in (state / _FOLDER / _KEY, _SHARED_KEY):
        if path.exists() and (found := _keys(path)):
            return path, found
    raise BadFile("--key", "", "release_no_key")


def _keys(path: Path) -> list[bytes]:
    try:
        return release.keys(path.read_text("ascii", "replace"))
    except OSError as problem:
        unreadable(str(path), problem)


def _stored(path: Path, manifest: bytes, found: Manifest) -> Stored:
    size = os.stat(path).st_size
    digest = release.digest(manifest)
    return Stored(digest, found.release, found.version, found.arch, len(found.files), size)
