"""A centre in a folder: its ledger as it was at one moment, and its keys; and back again.

A backup may be made while the centre runs: SQLite's own backup reads one moment and holds nobody up.
What a restored centre lacks, kiosks send again, because they keep what they sent; what people typed
since then is lost. A PostgreSQL ledger is copied by pg_dump; this takes its keys.
"""

import contextlib
import hashlib
import os
import shutil
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path

import msgspec

from sync_server.config import Config
from sync_server.database import REVISION
from sync_server.errors import BadFile, unusable

LEDGER, KEYS, MANIFEST = "ledger.db", "keys", "backup.json"
_ARRIVING = "ledger.db.restored"
# What belongs to processes that run, or is the ledger itself.
_NOT_KEPT = ("*.lock", "*.new", "*.log", "*-wal", "*-shm", LEDGER, _ARRIVING)


class Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file of a backup; `mode` is what it had at the centre, for a stick may not keep it."""

    sha256: str
    mode: int


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a backup holds. `made` is server UTC seconds; each file by its path."""

    made: int
    revision: str
    files: dict[str, Kept]


def make(config: Config, to: Path, now: int) -> Manifest:
    """A backup in the new folder `to`, which appears when it is whole; nobody else may read it.
    Raises BadFile."""
    beside = to.with_name(to.name + ".new")
    with _explained(to):
        if to.exists():
            raise BadFile(str(to), "", "backup_there")
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir(mode=0o700)
        if isinstance(config.database, Path):
            _copy_ledger(config.database, beside / LEDGER)
        shutil.copytree(config.state, beside / KEYS, ignore=_ignored)
        manifest = Manifest(now, REVISION, {name: _kept(beside / name) for name in _files(beside)})
        (beside / MANIFEST).write_bytes(msgspec.json.encode(manifest))
        for name in _files(beside):
            (beside / name).chmod(0o600)
            _sync(beside / name)
        _sync(beside)
        beside.rename(to)
        _sync(to.parent)
    return manifest


def look(source: Path) -> Manifest:
    """What a backup says that it holds, once every file of it is as it was. Raises BadFile."""
    with _explained(source):
        try:
            manifest = msgspec.json.decode((source / MANIFEST).read_bytes(), type=Manifest)
        except FileNotFoundError as problem:
            raise BadFile(str(source), "", "backup_none") from problem
        except (msgspec.DecodeError, UnicodeDecodeError) as problem:
            unusable(str(source / MANIFEST), problem)
        for name in sorted({*manifest.files, *_files(source)} - {MANIFEST}):
            path = source / name
            kept = manifest.files.get(name)
            if kept is None or not path.is_file() or _digest(path) != kept.sha256:
                raise BadFile(str(source), name, "backup_damaged")
    return manifest


def bring_keys(source: Path, manifest: Manifest, state: Path) -> None:
    """Put the keys of a backup into the centre's folder `state`, as they were there and its owner's;
    other keys are never overwritten. Raises BadFile."""
    with _explained(state):
        names = [name for name in manifest.files if name.startswith(f"{KEYS}/")]
        for name in names:
            there = state / name.removeprefix(f"{KEYS}/")
            if there.exists() and _digest(there) != manifest.files[name].sha256:
                raise BadFile(str(there), "", "restore_other_key")
        for name in names:
            there = state / name.removeprefix(f"{KEYS}/")
            there.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _bring(source / name, there, manifest.files[name].mode)


@contextlib.contextmanager
def arriving(source: Path, state: Path) -> Iterator[Path]:
    """The ledger of a backup beside where it will be, to be looked at. Raises BadFile where there is
    a ledger already."""
    ledger, beside = state / LEDGER, state / _ARRIVING
    with _explained(state):
        if ledger.exists():
            raise BadFile(str(ledger), "", "restore_ledger_there")
        for file in state.glob(f"{_ARRIVING}*"):
            file.unlink()
        _bring(source / LEDGER, beside, 0o600)
    yield beside


def settle(state: Path) -> None:
    """The ledger that arrived is the centre's from now on, also after a power cut. Raises BadFile."""
    with _explained(state):
        beside = state / _ARRIVING
        _sync(beside)
        beside.rename(state / LEDGER)
        _sync(state)


def _copy_ledger(ledger: Path, to: Path) -> None:
    """One moment of it, however many write meanwhile; whole, or BadFile."""
    if not ledger.exists():
        raise BadFile(str(ledger), "", "file_missing")
    name = f"file:{ledger}?mode=ro"
    try:
        with (
            contextlib.closing(sqlite3.connect(name, uri=True, timeout=30)) as of,
            contextlib.closing(sqlite3.connect(to)) as copy,
        ):
            of.backup(copy)
            verdict = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.Error as problem:
        raise BadFile(str(ledger), "", "ledger_unusable", detail=str(problem)) from problem
    if verdict != "ok":
        raise BadFile(str(ledger), "", "ledger_unusable", detail=verdict)


def _ignored(folder: str, names: list[str]) -> set[str]:
    """Sockets cannot be copied either, and mean nothing elsewhere."""
    passing = shutil.ignore_patterns(*_NOT_KEPT)(folder, names)
    return passing | {name for name in names if Path(folder, name).is_socket()}


def _files(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix()


def _bring(source: Path, to: Path, mode: int) -> None:
    """A file of the owner of its folder, whoever restores; never readable by more than at last."""
    handle = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with source.open("rb") as read, os.fdopen(handle, "wb") as write:
        shutil.copyfileobj(read, write)
        write.flush()
        os.fsync(write.fileno())
        if os.geteuid() == 0:
            owner = to.parent.stat()
            os.fchown(write.fileno(), owner.st_uid, owner.st_gid)
        os.fchmod(write.fileno(), mode)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _kept(path: Path) -> Kept:
    return Kept(_digest(path), stat.S_IMODE(path.stat().st_mode))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextlib.contextmanager
def _explained(where: Path) -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        detail = problem.strerror or str(problem)
        raise BadFile(str(where), "", "backup_unusable", detail=detail) from problem
