"""The demo's site: one kiosk with two terminals, a centre, and the cable between them.

Programs are run as a technician would type them, and the ledger file is read as an auditor would.
"""

import json
import socket
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from simulators import office
from simulators.relay import Relay
from simulators.zk.device import WIB, Device
from simulators.zk.profiles import F19, FACE49
from simulators.zk.sample import furnish
from simulators.zk.terminal import Terminal
from simulators.zk.wire import time_code

_OLD_RECORDS = 1_000
_DOOR, _LOBBY = "DEPAN00001", "LOBI000001"
PROGRAMS = Path(sys.executable).parent


class Unproven(Exception):
    """A step of the story did not come true; the text says what was seen instead."""


class Site:
    """One kiosk with two terminals, a centre, and the cable between them."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.folder = folder
        self.door = Device(F19, now, _DOOR)
        self.lobby = Device(FACE49, now, _LOBBY)
        self.lobby.drift = office.FAST_CLOCK
        for device in (self.door, self.lobby):
            furnish(device, _OLD_RECORDS)
        self.day = office.working_day(now().astimezone(WIB).date())
        office.play(self.door, self.lobby, self.day)
        terminals = [stack.enter_context(Terminal(one)) for one in (self.door, self.lobby)]
        broker, web = free_port(), free_port()
        self.pages = f"http://127.0.0.1:{web}/"
        self.cable = stack.enter_context(Relay(broker))
        (folder / "server.toml").write_text(
            f'state = "{folder}/server"\n[broker]\nport = {broker}\n[web]\nport = {web}\n',
            "utf-8",
        )
        (folder / "agent.toml").write_text(_agent_toml(folder, terminals), "utf-8")

    def server(self, *words: str) -> str:
        """What a sync-server command prints. Raises Unproven where it does not end well."""
        return command("sync-server", self.folder, "server.toml", *words)

    def agent(self, *words: str) -> str:
        """What a terminal-agent command prints. Raises Unproven where it does not end well."""
        return command("terminal-agent", self.folder, "agent.toml", *words)

    def on_devices(self) -> int:
        """How many punches the terminals hold."""
        return len(self.door.log) + len(self.lobby.log)

    def scans_stored(self) -> int:
        """How many scans the kiosk's journal holds."""
        return self.agent("journal", "show").count('"record": ["scan",')

    def waiting(self) -> int:
        """How many events the kiosk holds without a receipt."""
        return int(json.loads(self.agent("status", "--json"))["waiting"])

    def received(self) -> Counter[tuple[str, str, int]]:
        """(serial, PIN, time code) of every scan of the terminals in the ledger, read from the file
        as an auditor would."""
        ledger = sqlite3.connect(f"file:{self.folder}/server/ledger.db?mode=ro", uri=True)
        try:
            rows = ledger.execute("SELECT record FROM event WHERE kind = 'scan'").fetchall()
            serials = dict(ledger.execute("SELECT idx, serial FROM device"))
        finally:
            ledger.close()
        scans = (json.loads(row[0]) for row in rows)
        return Counter(
            (serials[device], pin, t if impossible else time_code(datetime.fromtimestamp(t, UTC)))
            for _, device, pin, t, impossible, *_ in scans
            if serials[device] in (_DOOR, _LOBBY)
        )

    def finds(self, code: str) -> bool:
        """Whether an evidence code is in the ledger."""
        try:
            self.server("ledger", "code", code)
        except Unproven:
            return False
        return True

    def faces_stored(self) -> int:
        """How many scans of the camera the kiosk's journal holds."""
        lines = self.agent("journal", "show").splitlines()
        return sum('"record": ["scan",' in line and '"camera"' in line for line in lines)

    def faces_apart(self) -> int:
        """How many finger punches the centre lists before which the camera saw somebody else."""
        told = json.loads(self.server("copresence", "--json"))
        return sum(office["mismatch"] for office in told["offices"])

    def truth(self) -> Counter[tuple[str, str, int]]:
        """(serial, PIN, time code) of every punch that the terminals hold."""
        return Counter(
            (serial, punch.pin, punch.code)
            for serial, device in ((_DOOR, self.door), (_LOBBY, self.lobby))
            for punch in device.log.punches
        )


def command(program: str, folder: Path, config: str, *words: str) -> str:
    """What a command prints. Raises Unproven where it does not end well."""
    done = subprocess.run(  # noqa: S603 our own programs, arguments from here
        [PROGRAMS / program, "--config", folder / config, *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Unproven(f"{program} {' '.join(words)}: {done.stderr.strip()[-400:]}")
    return done.stdout


@contextmanager
def running(program: str, folder: Path, config: str, part: str = "run") -> Iterator[int]:
    """A daemon, until the end of the block; its process id."""
    log = (folder / f"{program}-{part}.log").open("ab")
    process = subprocess.Popen(  # noqa: S603 our own programs
        [PROGRAMS / program, "--config", folder / config, part], stdout=log, stderr=log
    )
    try:
        yield process.pid
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        log.close()


def _agent_toml(folder: Path, terminals: list[Terminal]) -> str:
    head = (
        f'[kiosk]\nstate = "{folder}/agent"\nsocket = "{folder}/agent.sock"\n'
        'link = "live"\nclock = "host"\n'
    )
    return head + "".join(
        f'[[zkteco]]\nname = "mesin-{n}"\nhost = "127.0.0.1"\nport = {one.port}\nevery = 1\n'
        for n, one in enumerate(terminals, 1)
    )


def free_port() -> int:
    """A TCP port of this machine that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])


def now() -> datetime:
    """This moment."""
    # The demo plays in real time: its terminals' clocks are this machine's.
    return datetime.now(UTC)  # noqa: TID251
