"""An aarch64 Debian's Python on this machine, emulated: the root, and the wheels of the lock.

Both are made once, under .hadir/arm, and made anew when the lock changes. No root of this machine is
entered: qemu runs the one program and finds its libraries there.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
_CACHE = ROOT / ".hadir/arm"
_LOCK = ROOT / "requirements/app.lock"
_RELEASE = "bookworm"  # its Python is 3.11, the oldest that Hadir runs on
_QEMU = "qemu-aarch64-static"

# What journal, ledger and their tests import; the camera's libraries are a hundred times slower here.
_WHEELS = [
    "alembic",
    "cffi",
    "click",
    "click-default-group",
    "cryptography",
    "greenlet",
    "hypothesis",
    "iniconfig",
    "mako",
    "markupsafe",
    "msgspec",
    "packaging",
    "paho-mqtt",
    "pluggy",
    "psycopg",
    "psycopg-binary",
    "pycparser",
    "pygments",
    "pynmeagps",
    "pyserial",
    "pytest",
    "pytest-timeout",
    "python-dateutil",
    "segno",
    "six",
    "sortedcontainers",
    "sqlalchemy",
    "sqlite-fts4",
    "sqlite-utils",
    "tabulate",
    "tenacity",
    "typing-extensions",
]


def missing() -> str:
    """Why nothing can be emulated here; empty where it can."""
    for program, package in ((_QEMU, "qemu-user-static"), ("mmdebstrap", "mmdebstrap")):
        if not shutil.which(program):
            return f"{program} is not installed: apt-get install {package}"
    return "only root can unpack a foreign Debian" if os.geteuid() else ""


def python(*words: str | Path) -> list[str | Path]:
    """The command line of an aarch64 Python with these arguments. Skips where it cannot be made."""
    root, wheels = _made(f"root-{_RELEASE}", _unpack), _made(f"wheels-{_locked()}", _download)
    path = f"PYTHONPATH={wheels}:{Path(__file__).parent}:{ROOT}"
    return [_QEMU, "-L", root, "-E", path, root / "usr/bin/python3.11", "-B", *words]


def _made(name: str, make: Callable[[Path], str]) -> Path:
    """A folder of the cache, whole or not there."""
    folder = _CACHE / name
    if not folder.exists():
        beside = folder.with_suffix(f".{os.getpid()}")
        beside.mkdir(parents=True)
        try:
            if why := make(beside):
                pytest.skip(why)
            beside.rename(folder)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    return folder


def _unpack(folder: Path) -> str:
    include = "--include=python3,libpython3.11-stdlib,libsqlite3-0"
    command = ["mmdebstrap", "--quiet", "--variant=extract", "--mode=root", "--arch=arm64", include]
    done = subprocess.run([*command, _RELEASE, folder], capture_output=True, text=True, check=False)
    return f"no Debian mirror in reach: {done.stderr[-200:]}" if done.returncode else ""


def _download(folder: Path) -> str:
    pip = [Path(sys.base_prefix) / "bin/python3", "-m", "pip", "download", "--quiet", "--no-deps"]
    of_arm = [f"--platform=manylinux{kind}_aarch64" for kind in ("2014", "_2_17", "_2_28")]
    lock, wheels = folder / "arm.lock", folder / "wheels"
    lock.write_text("".join(line for line in _cut(_LOCK.read_text())))
    command = [*pip, "--require-hashes", "--only-binary=:all:", "--python-version=3.11", *of_arm]
    line = [*command, "--requirement", lock, "--dest", wheels]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    if done.returncode:
        return f"no package index in reach: {done.stderr[-200:]}"
    for wheel in wheels.iterdir():
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder)
    shutil.rmtree(wheels)
    return ""


def _cut(lock: str) -> list[str]:
    """The lines of the lock that are about our wheels, with their hashes."""
    kept, ours = [], False
    for line in lock.splitlines(keepends=True):
        if line[0].isalpha():
            ours = re.split(r"[=<> ]", line)[0].lower() in _WHEELS
        if ours:
            kept.append(line)
    return kept


def _locked() -> str:
    return hashlib.sha256("".join(_cut(_LOCK.read_text())).encode()).hexdigest()[:16]
