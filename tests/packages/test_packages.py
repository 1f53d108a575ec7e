"""The packages on a fresh Debian: installed, started, upgraded, removed, purged."""

import json
import re
import shutil
import subprocess
import time
from contextlib import closing

import pytest

from shipping import deb, tree
from terminal_agent.errors import JournalFailed
from terminal_agent.journal_view import View
from tests.packages.fresh import fresh
from tests.process.machine import ROOT, until

pytestmark = [
    pytest.mark.all_only("needs root, systemd-container, mmdebstrap and a package index"),
    pytest.mark.timeout(1200),  # the packages are built before the first of them: minutes
]

OLD, NEW = "0.1.0", "0.1.1"
_KIOSK_UNITS = (
    "hadir-agent.service",
    "hadir-camera.service",
    "hadir-clock.service",
    "hadir-kiosk.service",
)
_LIB = "PYTHONPATH=/opt/hadir/kiosk/current/lib"
_TERMINAL = (
    *("systemd-run", "--quiet", f"--setenv={_LIB}", "/usr/bin/python3", "-m", "simulators.zk"),
    *("--port=4370", "--records=200", "--people=20", "--comm-key=77"),
)
_AGENT = """
[[zkteco]]
name = "lobi"
host = "127.0.0.1"
comm_key = 77
every = 1.0
[camera]
source = "/srv/portraits#5?loop"
[screen]
sound = false
"""


@pytest.fixture(scope="module")
def packages(tmp_path_factory):
    """Both packages of this checkout, and the kiosk's of a later version, whose tree is the same."""
    dist = tmp_path_factory.mktemp("dist")
    built = {
        (name, OLD): deb.build(product, OLD, "amd64", dist, level=1)
        for name, product in (("kiosk", tree.KIOSK), ("server", tree.SERVER))
    }
    for name, product in (("kiosk", tree.KIOSK), ("server", tree.SERVER)):
        releases = f"opt/hadir/{name}/releases"
        old, new = (dist / f"tree/hadir-{name}_{v}_amd64" for v in (OLD, NEW))
        shutil.copytree(old / releases / OLD, new / releases / NEW, copy_function=shutil.move)
        [info] = (new / releases / NEW / "lib").glob("hadir-*.dist-info")
        metadata = info / "METADATA"
        metadata.write_text(metadata.read_text().replace(f"Version: {OLD}", f"Version: {NEW}"))
        built[name, NEW] = deb.pack(product, NEW, "amd64", dist, level=1)
    return built


@pytest.fixture
def host(tmp_path):
    with fresh(tmp_path / "machine") as made:
        yield made


@pytest.fixture
def image(host):
    with host.entered():
        yield host


def standing(host) -> dict:
    """What the kiosk itself says of its journal."""
    told = host.typed("terminal-agent", "status", "--json")
    return json.loads(told.stdout) if told.returncode == 0 else {}


def report(host) -> str:
    units = ("hadir.service", "hadir-setup.service", *_KIOSK_UNITS)
    return "\n".join(
        host.typed("journalctl", "--no-pager", "-n", "15", "-u", unit).stdout for unit in units
    )


def enrol(host, *, agent: str = _AGENT) -> None:
    """Become a kiosk of the centre on the same machine."""
    centre, kiosk = "hadir-server", "hadir-agent"
    invitation = "/tmp/T07A.json"  # noqa: S108 - the machine's own
    invite = ("sync-server", "kiosk", "invite", "T07A", "--opd", "1.01", "--to", invitation)
    host.done("runuser", "-u", centre, "--", *invite)
    host.done("chown", kiosk, invitation)
    file = host.root / "etc/hadir/agent.toml"
    text = file.read_text()
    assert 'link = "normal"' in text
    # Nobody waits here for a link that gathers twenty seconds of events.
    file.write_text(text.replace('link = "normal"', 'link = "live"') + agent)
    host.done("runuser", "-u", kiosk, "--", "terminal-agent", "enrol-kiosk", invitation)


def test_a_kiosk_and_a_centre_are_installed_started_upgraded_and_removed(host, packages):
    shutil.copytree(ROOT / "simulators/portraits", host.root / "srv/portraits")
    with host.booted():
        began = time.monotonic()
        said = host.install(packages["server", OLD]) + host.install(packages["kiosk", OLD])
        print(f"both installed in {time.monotonic() - began:.1f} s")  # noqa: T201
        assert "enable --now hadir" in said, "a centre that nobody configured is not started"
        assert "belum terdaftar" in said, "an agent that is not enrolled is not started"
        assert not host.active("hadir.service")
        assert not host.active("hadir-agent.service")
        until(lambda: host.active("hadir-setup.service"), lambda: report(host), 60, 0.2)
        until(lambda: host.active("hadir-clock.service"), lambda: report(host), 60, 0.2)

        host.done("systemctl", "enable", "--now", "hadir.service")
        host.done(*_TERMINAL)
        enrol(host)
        host.done("terminal-agent", "units")
        assert not host.active("hadir-setup.service"), "its page is no longer open"
        for unit in _KIOSK_UNITS:
            until(lambda u=unit: host.active(u), lambda: report(host), 120, 0.2)
        arrived(host, 200)
        works(host)

        config = (host.root / "etc/hadir/agent.toml").read_text()
        upgraded(host, packages, config)
        removed_and_back(host, packages, config)
        purged(host)


def upgraded(host, packages, config: str) -> None:
    """The new release runs, with the configuration and the journal of the old one."""
    began = time.monotonic()
    host.install(packages["kiosk", NEW])
    host.install(packages["server", NEW])
    print(f"both upgraded in {time.monotonic() - began:.1f} s")  # noqa: T201
    for unit in (*_KIOSK_UNITS, "hadir.service"):
        until(lambda u=unit: host.active(u), lambda: report(host), 120, 0.2)
    assert (host.root / "etc/hadir/agent.toml").read_text() == config
    assert (host.root / "opt/hadir/kiosk/current").readlink().name == NEW
    assert not (host.root / "opt/hadir/kiosk/releases" / OLD).exists()
    running = host.done("cat", f"/proc/{host.shown('hadir-agent.service', 'MainPID')}/maps")
    assert f"/releases/{NEW}/" in running
    assert f"/releases/{OLD}/" not in running
    arrived(host, 200)


def removed_and_back(host, packages, config: str) -> None:
    """Without the package nothing runs and nothing is lost; with it again, it goes on."""
    host.done("dpkg", "--remove", "hadir-kiosk")
    assert not [unit for unit in _KIOSK_UNITS if host.active(unit)]
    assert not (host.root / "opt/hadir/kiosk").exists()
    assert (host.root / "var/lib/hadir/agent/journal.db").exists(), "remove keeps the state"
    assert (host.root / "etc/hadir/agent.toml").read_text() == config
    host.install(packages["kiosk", NEW])
    until(lambda: host.active("hadir-agent.service"), lambda: report(host), 60, 0.2)
    arrived(host, 200)


def purged(host) -> None:
    """Nothing is left but what must not be lost."""
    host.done("systemctl", "stop", "hadir-agent.service")
    said = host.done("dpkg", "--purge", "hadir-kiosk", "hadir-server")
    assert "semua sudah diterima pusat" in said
    assert not (host.root / "var/lib/hadir").exists()
    assert not (host.root / "etc/hadir").exists()
    assert not (host.root / "opt/hadir").exists()
    [ledger] = (host.root / "var/backups").glob("hadir-server-*/ledger.db")
    assert "TIDAK dihapus" in said, ledger
    left = host.done("find", "/etc/systemd/system", "-name", "hadir*", "-not", "-name", "*test*")
    assert left == ""


def arrived(host, scans: int) -> None:
    """Every scan is at the centre, and the kiosk has the receipt. Its journal is looked at from
    outside: a command a moment would keep the machine busy with nothing else."""

    def waiting() -> int:
        try:
            with closing(View(host.root / "var/lib/hadir/agent/journal.db")) as view:
                found = view.waiting()
        except JournalFailed:  # not begun yet
            return -1
        return found.last - found.acked if found.last >= scans else -1

    until(lambda: waiting() == 0, lambda: report(host), 120, 0.2)
    assert standing(host)["waiting"] == 0


def works(host) -> None:
    """What needs a library of the package does what it is for."""
    models = host.done("terminal-agent", "models", "check")
    assert models.count("\n") == 6, models
    assert not list((host.root / "var/lib/hadir/agent").glob("models/*.onnx")), "it came ready"
    page = "import urllib.request as r; print(r.urlopen('http://127.0.0.1:8080/').status)"
    until(
        lambda: host.typed("python3", "-c", page).stdout == "200\n", lambda: report(host), 60, 0.2
    )
    libraries = "import cv2, dlib, onnx, onnxruntime, zeroconf, zk.base"
    host.done("env", _LIB, "/usr/bin/python3", "-c", libraries)
    until(
        lambda: "camera.there" in host.typed("journalctl", "-u", "hadir-camera").stdout,
        lambda: report(host),
        60,
        0.2,
    )
    stat = host.done("stat", "-c", "%a %U:%G", "/etc/hadir/agent.toml", "/etc/hadir/server.toml")
    assert stat.split("\n")[:2] == ["640 root:hadir-agent", "640 root:hadir-server"]


def test_purge_deletes_no_journal_whose_events_the_centre_has_not(image, packages):
    """In an image that is being made, where systemd does not run: that can be installed too."""
    image.install(packages["server", OLD])
    image.install(packages["kiosk", OLD])
    enabled = image.done("systemctl", "list-unit-files", "--state=enabled", "hadir*")
    assert "hadir-clock.service" in enabled
    enrol(image, agent="")
    image.typed(
        *("timeout", "--signal=TERM", "10", "runuser", "-u", "hadir-agent"),
        *("--", "terminal-agent", "run"),
    )
    waiting = standing(image)["waiting"]
    assert waiting > 0, report(image)
    said = image.done("dpkg", "--purge", "hadir-kiosk")
    assert re.search(rf"{waiting} dari \d+ kejadian belum diterima pusat", said), said
    assert f"{waiting} of " in said
    [kept] = (image.root / "var/backups").glob("hadir-agent-*")
    assert (kept / "journal.db").exists()
    assert (kept / "event-key.pem").exists(), "without its key no event can be sent"
    assert not (image.root / "var/lib/hadir/agent").exists()
    assert not (image.root / "etc/hadir/agent.toml").exists()


def test_purge_keeps_a_journal_that_it_cannot_read(image, packages):
    image.install(packages["kiosk", OLD])
    journal = image.root / "var/lib/hadir/agent/journal.db"
    journal.write_bytes(b"not a journal" * 100)
    said = image.done("dpkg", "--purge", "hadir-kiosk")
    assert "jurnal tidak terbaca" in said
    [kept] = (image.root / "var/backups").glob("hadir-agent-*/journal.db")
    assert kept.read_bytes() == b"not a journal" * 100


@pytest.mark.parametrize("name", ["kiosk", "server"])
def test_everything_in_a_package_belongs_to_root_and_is_written_by_nobody_else(packages, name):
    package = packages[name, OLD]
    listed = subprocess.run(["dpkg-deb", "-c", package], capture_output=True, text=True, check=True)
    lines = [line.split(None, 5) for line in listed.stdout.splitlines()]
    assert {line[1] for line in lines} == {"root/root"}
    assert {line[0] for line in lines} == {"drwxr-xr-x", "-rw-r--r--", "-rwxr-xr-x", "lrwxrwxrwx"}
    programs = [line[5] for line in lines if line[0] == "-rwxr-xr-x"]
    assert all("/bin/" in path for path in programs), programs
    paths = {line[5].split(" -> ")[0].removeprefix(".") for line in lines}
    assert not [path for path in paths if "68_face" in path], "not ours to hand on"
    assert not [path for path in paths if re.search("/lib/(pytest|mypy|ruff|pip)/", path)]
    assert not [path for path in paths if path.startswith("/etc")], "dpkg must not ask about them"
    [shown] = [line[5] for line in lines if line[5].startswith("./usr/bin/") and " -> " in line[5]]
    of = "kiosk/keeper" if name == "kiosk" else "server/current"
    assert f" -> /opt/hadir/{of}/bin/" in shown, (
        "a release on trial that cannot start takes no command away"
    )


def test_a_release_runs_from_wherever_it_is_put(packages, tmp_path):
    where = tmp_path / "a place" / "x"
    where.parent.mkdir()
    subprocess.run(["dpkg-deb", "-x", packages["kiosk", OLD], where], check=True)
    program = where / "opt/hadir/kiosk/releases" / OLD / "bin/terminal-agent"
    config = tmp_path / "agent.toml"
    config.write_text(f'[kiosk]\nstate = "{tmp_path}/state"\n')
    done = subprocess.run(
        ["/usr/bin/python3.11", "-sP", program, "--config", config, "models", "check"],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "/usr/bin:/bin"},
    )
    assert done.returncode == 0, done.stdout + done.stderr
