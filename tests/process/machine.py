"""A machine that really boots: systemd as its first process, the project's own units, its own tree.

systemd-nspawn on an overlay of this machine's root; whatever is written is gone with the test. The
network is this machine's, so that a test's terminals and ports are reached. Root only.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.process.office import until

ROOT = Path(__file__).parent.parent.parent
SYSTEMD = ROOT / "systemd"
UNITS = sorted(SYSTEMD.glob("hadir*.service"))
_PYTHON = f"python{sys.version_info.major}.{sys.version_info.minor}"
_PATIENCE = 60.0

_TARGET = "[Unit]\nRequires=basic.target\nAfter=basic.target\nAllowIsolate=yes\n"
_SCRIPT = """#!/opt/hadir/venv/bin/python
import os, sys
sys.path.insert(0, "/opt/hadir/tree")
os.environ["PYTHONPATH"] = "/opt/hadir/tree"  # whoever it starts is of this tree, too
sys.dont_write_bytecode = True
from {package}.cli import main
main()
"""
# Not ours, and of no use here: they would look for devices and networks of a real machine.
_MASKED = (
    "systemd-udevd.service",
    "systemd-udev-trigger.service",
    "systemd-networkd.service",
    "systemd-resolved.service",
    "systemd-timesyncd.service",
    "systemd-logind.service",
    "dbus.service",
    "dbus.socket",
)


def missing() -> str:
    """Why no machine can boot here; empty where one can."""
    if not shutil.which("systemd-nspawn"):
        return "systemd-nspawn is not installed: apt-get install systemd-container"
    if os.geteuid():
        return "only root can boot a machine"
    trial = ("unshare", "--mount", "--pid", "--fork", "mount", "-t", "tmpfs", "tmpfs", "/mnt")
    if subprocess.run(trial, capture_output=True, check=False).returncode:
        return "no machine can boot here: mounting in a namespace is not allowed"
    return ""


class Machine:
    """Its root folder is `root`; the log of unit X is `root`/var/log/X.log."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._leader = 0

    def settle_in(self) -> None:
        """Program, units, users and folders, as a package would lay them out."""
        its = self.root
        for name in ("machine-id", "hostname"):
            (its / "etc" / name).write_text("" if name == "machine-id" else "hadir\n")
        units = its / "etc/systemd/system"
        for unit in UNITS:
            shutil.copy(unit, units)
        for kind in ("sysusers.d", "tmpfiles.d"):
            for file in (SYSTEMD / kind).iterdir():
                shutil.copy(file, its / "usr/lib" / kind)
        self._program()
        users = sorted((SYSTEMD / "sysusers.d").iterdir())
        subprocess.run(["systemd-sysusers", f"--root={its}", *users], check=True)
        self.quieten()

    def quieten(self) -> None:
        """Leave out what would look for a real machine's devices and networks."""
        (self.root / "etc/systemd/system/hadir-test.target").write_text(_TARGET)
        for name in _MASKED:
            unit = self.root / "etc/systemd/system" / name
            unit.unlink(missing_ok=True)
            unit.symlink_to("/dev/null")

    def _program(self) -> None:
        """A virtual environment at /opt/hadir that is this one, without a path of this machine: homes
        are hidden from the units."""
        venv = self.root / "opt/hadir/venv"
        (venv / "bin").mkdir(parents=True)
        (venv / "lib" / _PYTHON).mkdir(parents=True)
        for folder in ("tree", "python", "site"):
            (self.root / "opt/hadir" / folder).mkdir(exist_ok=True)
        (venv / "pyvenv.cfg").write_text("home = /opt/hadir/python/bin\n")
        (venv / "bin/python").symlink_to(f"/opt/hadir/python/bin/{_PYTHON}")
        (venv / "lib" / _PYTHON / "site-packages").symlink_to("/opt/hadir/site")
        for name, side in (("terminal-agent", "kiosk"), ("sync-server", "server")):
            script = self.root / "opt/hadir" / side / "current/bin" / name
            script.parent.mkdir(parents=True)
            script.write_text(_SCRIPT.format(package=name.replace("-", "_")))
            script.chmod(0o755)

    def drop_in(self, unit: str, text: str) -> None:
        """Lines of [Service] on top of a unit's own."""
        folder = self.root / f"etc/systemd/system/{unit}.d"
        folder.mkdir(exist_ok=True)
        log = f"StandardOutput=append:/var/log/{unit}.log\nStandardError=inherit\n"
        # Where this machine's Python is one that was built in a home, its library is looked for there.
        found = "Environment=LD_LIBRARY_PATH=/opt/hadir/python/lib\n"
        (folder / "test.conf").write_text(f"[Service]\n{log}{found}{text}")

    def its(self) -> tuple[str, ...]:
        """What systemd-nspawn is told about this machine."""
        return (
            "--machine=hadir-test",
            f"--bind-ro={ROOT}:/opt/hadir/tree",
            f"--bind-ro={sysconfig.get_path('purelib')}:/opt/hadir/site",
            f"--bind-ro={sys.base_prefix}:/opt/hadir/python",
        )

    @contextmanager
    def booted(self, *wanted: str) -> Iterator[None]:
        """Boot it with these units, and power it off in the end."""
        target = self.root / "etc/systemd/system/hadir-test.target.wants"
        target.mkdir()
        for unit in wanted:
            (target / unit).symlink_to(f"/etc/systemd/system/{unit}")
        log = self.root / "var/log/boot.log"
        with log.open("wb") as file:
            process = subprocess.Popen(
                [
                    *("systemd-nspawn", "--quiet", "--register=no", "--keep-unit"),
                    *(f"--directory={self.root}", "--console=pipe", *self.its()),
                    # Reading how well the clock is kept is all that the agent does with it.
                    "--system-call-filter=adjtimex clock_adjtime",
                    *("--boot", "systemd.unit=hadir-test.target", "systemd.show_status=no"),
                ],
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
            )
        try:
            until(lambda: self._found(process), lambda: log.read_text(errors="replace"), _PATIENCE)
            yield
        finally:
            self._power_off(process)

    def _power_off(self, process: subprocess.Popen[bytes]) -> None:
        """Orderly; where it hangs its first process is killed, which ends all in it: killing nspawn
        alone would leave a machine that runs for ever."""
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            if self._leader:
                os.kill(self._leader, signal.SIGKILL)
            process.kill()
            process.wait()

    def _found(self, process: subprocess.Popen[bytes]) -> bool:
        """Whether its first process answers."""
        if process.poll() is not None:
            log = (self.root / "var/log/boot.log").read_text(errors="replace")
            pytest.skip(f"no machine can boot here: {log[-300:]}")
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        self._leader = int(children[0]) if children else 0
        return bool(self._leader) and self.inside("systemctl", "show", "-p", "Version") != ""

    def inside(self, *command: str) -> str:
        """Type a command in the machine; what it printed, whether or not it succeeded."""
        line = ("nsenter", "-t", str(self._leader), "--all", "-r", "-w", *command)
        return subprocess.run(line, capture_output=True, text=True, check=False).stdout.strip()

    def shown(self, unit: str, key: str) -> str:
        """One property of a unit."""
        return self.inside("systemctl", "show", "-p", key, "--value", unit)

    def log(self, unit: str) -> str:
        """What a unit has said."""
        file = self.root / f"var/log/{unit}.log"
        return file.read_text("utf-8", "replace") if file.exists() else ""

    def report(self) -> str:
        """Where every unit stands, for a failed test."""
        told = []
        for unit in UNITS:
            keys = "ActiveState,SubState,Result,NRestarts,StatusText"
            states = self.inside("systemctl", "show", "-p", keys, unit.name).replace("\n", " ")
            told.append(f"{unit.name}: {states}\n{self.log(unit.name)[-1500:]}")
        return "\n".join(told)

    def uid(self, user: str) -> tuple[int, int]:
        """A user of the machine: its number, and its group's."""
        text = (self.root / "etc/passwd").read_text()
        found = re.search(rf"(?m)^{user}:[^:]*:(\d+):(\d+):", text)
        assert found is not None, f"no user {user}"
        return int(found[1]), int(found[2])


@contextmanager
def machine(folder: Path) -> Iterator[Machine]:
    """A machine that is this one's copy and forgets everything."""
    with overlay(folder, Path("/")) as root:
        made = Machine(root)
        made.settle_in()
        yield made


@contextmanager
def overlay(folder: Path, lower: Path) -> Iterator[Path]:
    """A root like `lower`; whatever is written in it is gone in the end."""
    if why := missing():
        pytest.skip(why)
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", folder], check=True)
    try:
        for name in ("upper", "work", "root"):
            (folder / name).mkdir()
        layers = f"lowerdir={lower},upperdir={folder}/upper,workdir={folder}/work"
        mount = ["mount", "-t", "overlay", "overlay", "-o", layers, str(folder / "root")]
        subprocess.run(mount, check=True)
        try:
            yield folder / "root"
        finally:
            subprocess.run(["umount", "--lazy", folder / "root"], check=True)
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)
