"""An office whose kiosk stands at one end of an emulated satellite link, its centre at the other."""

from pathlib import Path

from simulators import link
from simulators.link import Link
from simulators.zk.terminal import Terminal
from tests.process.office import Mosquitto, Office, Program


class SkyOffice(Office):
    """Agent and terminals run in the kiosk's namespace, server and broker in the centre's."""

    host = link.CENTRE

    def __init__(self, folder: Path, wire: Link) -> None:
        self.wire = wire
        super().__init__(folder, own_broker=False)
        self.broker = FarBroker(self.port, folder, wire)

    def __exit__(self, *problem: object) -> None:
        with self.wire.entered("kiosk"):  # a terminal wakes its own socket to end
            super().__exit__(*problem)

    def start(self) -> None:
        """Start broker, centre and kiosk."""
        self.broker.start()
        super().start()

    def stop(self) -> None:
        """End them all, the kiosk first."""
        for one in (self.agent, self.server, self.broker):
            one.stop()

    def _install(self, terminal: Terminal) -> None:
        with self.wire.entered("kiosk"):
            super()._install(terminal)

    def _command(self, program: str, *words: str | Path) -> tuple[str | Path, ...]:
        side = "kiosk" if program == "terminal-agent" else "centre"
        return (*self.wire.at(side), *super()._command(program, *words))


class FarBroker:
    """Debian's mosquitto at the centre's end of the link, with its own defaults."""

    def __init__(self, port: int, folder: Path, wire: Link) -> None:
        file = folder / "mosquitto.conf"
        file.write_text(
            f"user root\nlistener {port} {link.CENTRE}\nallow_anonymous true\npersistence false\n"
        )
        command = (*wire.at("centre"), Mosquitto.binary, "-c", file)
        self._program = Program(folder / "mosquitto.log", *command)
        self._starts = 0

    def start(self) -> None:
        """Start it (again); it listens when this returns."""
        self._program.start()
        self._starts += 1
        self._program.wait_for(" running", self._starts)

    def running(self) -> bool:
        """Whether it has not ended."""
        return self._program.running()

    def kill(self) -> None:
        """SIGKILL; what it held is gone."""
        self._program.kill()

    def stop(self) -> None:
        """End it."""
        self._program.stop()
