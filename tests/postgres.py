"""A PostgreSQL of our own, in a temporary folder, as a user that is not root; gone afterwards."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self

import psycopg

_LIB = Path("/usr/lib/postgresql")  # where Debian keeps what is not in PATH
MISSING = "PostgreSQL is not installed: apt-get install postgresql"


def binaries() -> Path | None:
    """The folder that holds initdb and pg_ctl, of the newest version; None where there is none."""
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    versions = sorted(_LIB.glob("*/bin/initdb"), key=lambda file: float(file.parts[-3]))
    return versions[-1].parent if versions else None


class Postgres:
    """A cluster that serves 127.0.0.1 and a socket from `with` on. It is durable only where `fsync`
    says so: tests do not cut the power."""

    def __init__(self, below: Path | None = None, *, fsync: bool = False) -> None:
        """`below`: on which disk, where the cluster's user may go there; the system's own without."""
        home = binaries()
        if home is None:
            raise FileNotFoundError(MISSING)
        self._home, self._fsync = home, fsync
        self._below = below and below.absolute()
        self._names = 0

    def __enter__(self) -> Self:
        self.folder = Path(tempfile.mkdtemp(prefix="hadir-pg-", dir=self._below))
        if os.geteuid() == 0:
            user = _somebody()
            os.chown(self.folder, user.pw_uid, user.pw_gid)
        self._run(
            "initdb", "-U", "hadir", "-A", "trust", "-E", "UTF8", "--locale", "C", "--no-sync"
        )
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self.folder)

    def start(self) -> None:
        """Start it (again); it answers when this returns."""
        durable = "on" if self._fsync else "off"
        options = (
            f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c fsync={durable} "
            "-c max_connections=60 -c max_wal_size=4GB"
        )
        self._run("pg_ctl", "-w", "-l", str(self.folder / "log"), "-o", options, "start")

    def stop(self) -> None:
        """End it at once; every session breaks."""
        self._run("pg_ctl", "-w", "-m", "immediate", "stop")

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Every process of it stands still; the kernel goes on confirming what TCP brings."""
        leader = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{leader}/task/{leader}/children").read_text().split()
        processes = [leader, *map(int, children)]
        _told(processes, signal.SIGSTOP)
        try:
            yield
        finally:
            _told(processes, signal.SIGCONT)

    def database(self) -> str:
        """A new, empty database; its URL as server.toml takes it."""
        self._names += 1
        name = f"hadir{self._names}"
        with self.session("postgres") as session:
            session.execute(f"CREATE DATABASE {name}")
        return f"postgresql+psycopg://hadir@127.0.0.1:{self.port}/{name}"

    def session(self, database: str) -> psycopg.Connection:
        """A plain connection beside the program's own, each statement its own transaction."""
        where = f"host={self.folder} port={self.port} user=hadir dbname={database}"
        return psycopg.connect(where, autocommit=True)

    def _run(self, program: str, *words: str) -> None:
        command = [self._home / program, "-D", self.folder / "data", *words]
        if os.geteuid() == 0:
            user = _somebody()
            who = (f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups")
            command = ["setpriv", *who, *command]
        with tempfile.TemporaryFile() as said:
            done = subprocess.run(command, cwd="/", stdout=said, stderr=said)
            if done.returncode:
                said.seek(0)
                raise RuntimeError(f"{program}: {said.read().decode()}")


def _told(processes: list[int], what: signal.Signals) -> None:
    """One that was about to end when it was frozen is gone as soon as its leader goes on."""
    for one in processes:
        with suppress(ProcessLookupError):
            os.kill(one, what)


def _somebody() -> pwd.struct_passwd:
    """Whom a cluster may belong to: PostgreSQL refuses to run as root."""
    names = {user.pw_name: user for user in pwd.getpwall()}
    return names.get("postgres") or names["nobody"]
