"""One office on this machine: agent, server and broker as real processes, a simulated terminal.

Everything binds 127.0.0.1 on free ports. Waiting is always for something that can be seen: a log
line, a row, the end of a process.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Set
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

import pytest
from click.testing import CliRunner

from contract.event import BOOKKEEPING_KINDS
from simulators.zk import wire
from simulators.zk.device import Device
from simulators.zk.profiles import F19, Profile
from simulators.zk.terminal import Terminal
from sync_server import cli as server_cli
from terminal_agent import cli as agent_cli
from tests.process.check import Copy, Key, check
from tests.process.copies import KID, copy_of, journal_copy, rows_of

BIN = Path(sys.executable).parent
PATIENCE = 30.0  # seconds until a test gives up on what should happen within one or two
_SIDES = {"terminal-agent": "agent", "sync-server": "server"}
_COMMANDS = {"terminal-agent": agent_cli.main, "sync-server": server_cli.main}
_STANDING = f"""
SELECT (SELECT max(seq) FROM event WHERE event.epoch = epoch.no AND kind NOT IN {BOOKKEEPING_KINDS}),
    acked, epoch FROM epoch ORDER BY no DESC LIMIT 1"""  # noqa: S608 - our own names
_ENGLISH = {**os.environ, "LANG": "en_US.UTF-8"}


def until(
    condition: Callable[[], object],
    what: Callable[[], str],
    patience: float = PATIENCE,
    step: float = 0.01,
) -> None:
    """Wait until something can be seen to be so; fail with what `what` says where it never is."""
    deadline = time.monotonic() + patience
    while not condition():
        if time.monotonic() > deadline:
            pytest.fail(f"waited {patience:.0f} s in vain: {what()}")
        time.sleep(step)


def free_port() -> int:
    """A port that nobody has now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def utc_now() -> datetime:
    """The machine's clock, which the simulated terminals and the agent share."""
    return datetime.now(UTC)


COMM_KEY = 77  # a terminal that lets anybody in is an alert


def terminal(
    profile: Profile = F19, serial: str = "BWXP204560001", comm_key: int = COMM_KEY
) -> Terminal:
    """A simulated terminal whose clock is right; it serves from `with` on."""
    return Terminal(Device(profile, utc_now, serial, comm_key))


def crowd(at: Terminal, first: int, count: int = 250) -> None:
    """PINs `first`, `first` + 1, … punch: so many that nothing has to wait for company."""
    for pin in range(first, first + count):
        at.device.punch(str(pin))


class Program:
    """A command that runs until it is told to stop, and its log, which outlives restarts."""

    def __init__(self, log: Path, *command: str | Path) -> None:
        self.log = log
        self.command = command
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> Self:
        """Start it (again); its log goes on in the same file."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, stdout=log, stderr=subprocess.STDOUT, env=_ENGLISH
            )
        return self

    def said(self) -> str:
        """The whole log."""
        return self.log.read_text("utf-8", "replace") if self.log.exists() else ""

    def running(self) -> bool:
        """Whether it has not ended."""
        return self.process is not None and self.process.poll() is None

    def signal(self, number: int) -> None:
        """Send a signal."""
        assert self.process is not None
        self.process.send_signal(number)

    def ended(self, patience: float = PATIENCE) -> int:
        """Wait for its end; the exit code."""
        assert self.process is not None
        return self.process.wait(patience)

    def kill(self) -> None:
        """SIGKILL, as a power cut takes it."""
        self.signal(signal.SIGKILL)
        self.ended()

    def stop(self) -> None:
        """SIGTERM, and SIGKILL where that is not heard."""
        if not self.running():
            return
        self.signal(signal.SIGTERM)
        try:
            self.ended(10)
        except subprocess.TimeoutExpired:
            self.kill()

    def wait_for(self, line: str, times: int = 1) -> None:
        """Wait until the log holds `line` so many times."""
        until(
            lambda: self.said().count(line) >= times,
            lambda: f"{line!r} in the log of {self.command[0]}:\n{self.said()[-3000:]}",
        )


class Office:
    """A kiosk, its centre and their broker, all below `folder`."""

    host = "127.0.0.1"

    def __init__(
        self, folder: Path, *, own_broker: bool = True, ca: Path | None = None, mutual: bool = False
    ) -> None:
        """`own_broker`: the server runs the embedded one; otherwise somebody else runs one at
        `port`, with a certificate signed by `ca` where one is given, or `mutual` by the server's own
        authority."""
        self.folder = folder
        self.port = free_port()
        self.agent_state, self.server_state = folder / "agent", folder / "server"
        self.door = (
            folder / "door"
        )  # not in the state: a card is copied whole, and a socket cannot be
        self.more = ""  # what else stands in agent.toml
        self.terminals: list[Terminal] = []
        self._own_broker, self._ca, self._mutual = own_broker, ca, mutual
        self._stack = ExitStack()
        self.server = Program(folder / "server.log", *self._command("sync-server", "run"))
        self.agent = Program(folder / "agent.log", *self._command("terminal-agent", "run"))

    def __enter__(self) -> Self:
        self._stack.callback(self.server.stop)
        self._stack.callback(self.agent.stop)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def furnish(self, *terminals: Terminal, every: float = 0.2) -> None:
        """Write both configurations and enrol the kiosk, which reads these terminals."""
        self.terminals = list(terminals)
        for one in terminals:
            self._install(one)
        tls = f'ca = "{self._ca}"\n' if self._ca else f"mutual = {str(self._mutual).lower()}\n"
        (self.folder / "server.toml").write_text(
            f'state = "{self.server_state}"\n[broker]\nhost = "{self.host}"\nport = {self.port}\n'
            f"embedded = {str(self._own_broker).lower()}\n{tls}[web]\nport = 0\n"
        )
        devices = "".join(
            f'[[zkteco]]\nname = "t{i}"\nhost = "127.0.0.1"\nport = {one.port}\nevery = {every}\n'
            f"comm_key = {COMM_KEY}\n"
            for i, one in enumerate(terminals)
        )
        (self.folder / "agent.toml").write_text(
            f'[kiosk]\nstate = "{self.agent_state}"\nsocket = "{self.door}"\nlink = "live"\n'
            f'clock = "host"\n{devices}{self.more}'
        )
        file = self.folder / "invitation.json"
        self.type("sync-server", "kiosk", "invite", KID, "--opd", "1.01", "--to", file)
        self.type("terminal-agent", "enrol-kiosk", file)

    def _install(self, terminal: Terminal) -> None:
        self._stack.enter_context(terminal)

    def another(self, program: Program) -> Program:
        """The same command once more, beside the first."""
        second = Program(program.log.with_suffix(".second.log"), *program.command)
        self._stack.callback(second.stop)
        return second.start()

    def start(self) -> None:
        """Start centre and kiosk."""
        self.server.start()
        self.agent.start()

    def type(self, program: str, *words: str | Path) -> str:
        """Type a command that must succeed; what it printed. In this process, to spare start-ups."""
        config = self.folder / f"{_SIDES[program]}.toml"
        command = _COMMANDS[program]
        line = ["--config", str(config), "--lang", "en", *map(str, words)]
        done = CliRunner().invoke(command, line, catch_exceptions=False)
        assert done.exit_code == 0, f"{program} {words}: {done.output}"
        return done.stdout

    def held(self) -> list[Key]:
        """Every punch in the terminals' own logs."""
        keys = []
        for one in self.terminals:
            serial = one.device.options["~SerialNumber"]
            with one.device.lock:
                keys += [(serial, p.pin, device_second(p.code)) for p in one.device.log.punches]
        return keys

    def journalled(self) -> int:
        """How many punches the journal has committed."""
        question = "SELECT count(*) FROM event WHERE kind = 'scan'"
        row = rows_of(self.agent_state / "journal.db", question)
        return row[0][0] if row else 0

    def stored(self) -> int:
        """How many punches the ledger has committed."""
        row = rows_of(self.server_state / "ledger.db", "SELECT count(*) FROM punch")
        return row[0][0] if row else 0

    def marks(self) -> tuple[int, int, int]:
        """Newest seq in the journal that does not only wait for company, its acked mark, and the
        centre's; all of the newest epoch."""
        journal = rows_of(self.agent_state / "journal.db", _STANDING)
        last, acked, epoch = journal[0] if journal else (0, 0, 0)
        question = f"SELECT acked FROM chain WHERE epoch = {epoch}"  # noqa: S608 - an integer
        ledger = rows_of(self.server_state / "ledger.db", question)
        return last or 0, acked, ledger[0][0] if ledger else 0

    def arrived(self) -> bool:
        """Whether every punch of the terminals is receipted."""
        last, acked, stored = self.marks()
        return self.journalled() == self.stored() == len(self.held()) and last <= acked == stored

    def settle(self, patience: float = PATIENCE) -> None:
        """Wait until every punch is receipted."""
        until(self.arrived, lambda: f"everything receipted; {self.report()}", patience)

    def audit(self) -> None:
        """Nothing lost, nothing double, nothing invented; both commands find their chains whole."""
        held = self.held()
        assert len(set(held)) == len(held), "the test punched one PIN twice in a second"
        assert self.wrong() == [], self.report()
        self.type("terminal-agent", "journal", "verify")
        self.type("sync-server", "ledger", "verify")
        self.type("sync-server", "gaps")
        self.type("sync-server", "forks")
        assert rows_of(self.server_state / "ledger.db", "SELECT reason FROM refused") == []

    def wrong(self, torn: Set[int] = frozenset()) -> list[str]:
        """What the checker finds; `torn`: the epochs that a rolled-back card tore."""
        return check(self.held(), self.journal(), self.ledger(), self.punches(), torn=torn)

    def journal(self) -> Copy:
        """The kiosk's copy of its events."""
        return journal_copy(self.agent_state / "journal.db")

    def ledger(self) -> Copy:
        """The centre's copy of the kiosk's events."""
        file = self.server_state / "ledger.db"
        events = rows_of(file, "SELECT epoch, seq, record, head FROM event")
        return copy_of(events, rows_of(file, "SELECT epoch, acked FROM chain ORDER BY opened"))

    def punches(self) -> list[Key]:
        """What the ledger counts as punches."""
        return rows_of(self.server_state / "ledger.db", "SELECT serial, pin, t FROM punch")

    def kiosk(self) -> dict[str, object]:
        """What the centre says of the kiosk."""
        return json.loads(self.type("sync-server", "kiosk", "list", "--json"))["kiosks"][0]

    def report(self) -> str:
        """Where everything stands, for a failed test."""
        return (
            f"on the devices {len(self.held())}, journalled {self.journalled()}, stored "
            f"{self.stored()}, (last, acked, stored) {self.marks()}\n"
            f"agent:\n{self.agent.said()[-1500:]}\nserver:\n{self.server.said()[-1500:]}"
        )

    def _command(self, program: str, *words: str | Path) -> tuple[str | Path, ...]:
        return (BIN / program, "--config", self.folder / f"{_SIDES[program]}.toml", *words)


def device_second(code: int) -> int:
    """A terminal's time code as seconds, its local time counted as if it were UTC."""
    return int(datetime(*wire.fields_of(code), tzinfo=UTC).timestamp())


def children(program: Program) -> list[int]:
    """The processes that a program has started."""
    files = Path(f"/proc/{program.process.pid}/task").glob("*/children")
    return [int(child) for file in files for child in file.read_text().split()]


def listening(port: int) -> bool:
    """Whether something takes connections there."""
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


class EmbeddedBroker:
    """The embedded broker in a process of its own, as `sync-server broker` runs it."""

    name = "embedded"

    def __init__(self, port: int, folder: Path) -> None:
        config = folder / "broker.toml"
        config.write_text(f"[broker]\nport = {port}\n")
        self._port = port
        command = (BIN / "sync-server", "--config", config, "broker")
        self._program = Program(folder / "broker.log", *command)

    def start(self) -> None:
        """Start it (again); it listens when this returns."""
        self._program.start()
        until(lambda: listening(self._port), self._program.said)

    def kill(self) -> None:
        """SIGKILL; what it held is gone."""
        served_by = children(self._program)
        self._program.kill()
        for child in served_by:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        until(lambda: not listening(self._port), lambda: "the broker is gone")

    def stop(self) -> None:
        """End it."""
        self._program.stop()


class Mosquitto:
    """Debian's mosquitto, on loopback only and without persistence."""

    name = "mosquitto"
    binary = Path("/usr/sbin/mosquitto")

    def __init__(self, port: int, folder: Path, tls: str = "", conf: str = "") -> None:
        """`conf`: the whole configuration, instead of an open one with what `tls` adds."""
        file = folder / "mosquitto.conf"
        file.write_text(
            conf
            # Debian's package would give up root for a user who may not read the test's folder.
            or f"user root\nlistener {port} 127.0.0.1\nallow_anonymous true\npersistence false\n{tls}"
        )
        self._port = port
        self.program = Program(folder / "mosquitto.log", self.binary, "-c", file)

    def start(self) -> None:
        """Start it (again); it listens when this returns."""
        self.program.start()
        until(lambda: listening(self._port), self.program.said)

    def kill(self) -> None:
        """SIGKILL; what it held is gone."""
        self.program.kill()

    def stop(self) -> None:
        """End it."""
        self.program.stop()
