"""A fresh Debian 12: minbase, systemd, Python, and nothing of this machine.

Made once, under .hadir/packages, from the Debian mirror that this machine itself uses. Each test gets
a copy that forgets everything; booted, its network is its own.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.process.machine import ROOT, Machine, missing, overlay

_BASE = ROOT / ".hadir/packages/root-bookworm"
_BARE = {
    "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
    "LANG": "C.UTF-8",
    "DEBIAN_FRONTEND": "noninteractive",
}


class Fresh(Machine):
    """A machine that was made with nothing but Debian's own packages."""

    def its(self) -> tuple[str, ...]:
        """A network of its own: whatever serves in it disturbs no other test."""
        return (f"--machine=hadir-{os.getpid()}", "--private-network")

    def typed(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        """A command in the root, which need not be booted, as root would type it there."""
        enter = ("nsenter", "-t", str(self._leader), "--all", "-r", "-w") if self._leader else ()
        line = enter or ("chroot", str(self.root))
        return subprocess.run(
            [*line, *command], capture_output=True, text=True, check=False, env=_BARE
        )

    def done(self, *command: str | Path) -> str:
        """What a command said that succeeds."""
        told = self.typed(*command)
        assert told.returncode == 0, f"{command}:\n{told.stdout}{told.stderr}"
        return told.stdout + told.stderr

    def install(self, package: Path) -> str:
        """What dpkg said while it installed it."""
        shutil.copy(package, self.root / "srv")
        return self.done("dpkg", "--install", f"/srv/{package.name}")

    def active(self, unit: str) -> bool:
        """Whether it works (Type=notify: it has said so itself)."""
        return self.shown(unit, "ActiveState") == "active"

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Not booted, as where an image for a card is made: what a chroot needs."""
        for name in ("proc", "dev"):
            subprocess.run(["mount", "--bind", f"/{name}", self.root / name], check=True)
        try:
            yield
        finally:
            for name in ("proc", "dev"):
                subprocess.run(["umount", "--lazy", self.root / name], check=True)


@contextmanager
def fresh(folder: Path) -> Iterator[Fresh]:
    """A fresh Debian, not booted. Skips where none can be made."""
    if why := missing():
        pytest.skip(why)
    if not _BASE.exists():
        _make()
    with overlay(folder, _BASE) as root:
        made = Fresh(root)
        made.quieten()
        yield made


def _make() -> None:
    if not shutil.which("mmdebstrap"):
        pytest.skip("mmdebstrap is not installed: apt-get install mmdebstrap")
    beside = _BASE.with_suffix(f".{os.getpid()}")
    beside.parent.mkdir(parents=True, exist_ok=True)
    include = "--include=systemd,systemd-sysv,python3"
    command = ["mmdebstrap", "--quiet", "--variant=minbase", "--mode=root", include]
    done = subprocess.run(
        [*command, "bookworm", beside], capture_output=True, text=True, check=False
    )
    try:
        if done.returncode:
            pytest.skip(f"no Debian mirror in reach: {done.stderr[-200:]}")
        beside.rename(_BASE)
    except OSError:
        assert _BASE.exists()  # somebody else was faster
    finally:
        shutil.rmtree(beside, ignore_errors=True)
