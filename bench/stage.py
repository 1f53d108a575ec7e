"""A kiosk, the sky, and the centre: real programs at both ends of an emulated link, as root.

The centre is mosquitto with our production listener (mutual TLS 1.3) and `sync-server run`; what
plays the kiosk, ours or a peer, is a program of its own in the other namespace that is told what to
do in JSON lines. All byte figures are the emulator's counters of IP packets.
"""

import json
import re
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any, Self

import click
import msgspec

from contract import invitation
from contract.invitation import Invitation
from simulators import link
from simulators.link import Counters, Habits, Link, Weather
from sync_server.certificates import PrivateAuthority

MOSQUITTO = Path("/usr/sbin/mosquitto")
KID = "T07A"
_ROOT = Path(__file__).parent.parent
_BIN = Path(sys.executable).parent
_PORT, _INNER_PORT = 8883, 1883
# As Raspberry Pi OS has it with systemd/sysctl.d; for peers too. Our agent asks for bbr by itself.
_TCP = Habits(congestion="cubic", timestamps=False)
_STARTED = 20.0  # seconds until what was started must listen
_NO_ACL = ("acl_file", "use_identity_as_username", "use_username_as_clientid", "allow_anonymous")


class Paced(msgspec.Struct, frozen=True):
    """How a kiosk paces itself: seconds, already scaled."""

    patience: float = 300.0
    schedule: float = 3600.0
    keep_alive: int = 900


def possible() -> None:
    """Raises click.ClickException that says what is missing here."""
    if why := link.missing():
        raise click.ClickException(f"{why}: ./run bench wire and drain play on an emulated link")
    if not MOSQUITTO.exists():
        raise click.ClickException("mosquitto is not installed. Type: apt-get install mosquitto")


class Stage:
    """A link with a centre at its far end. `tuned`: the broker waits for no company of small packets,
    as our configuration says; peers have it as it comes."""

    def __init__(
        self,
        folder: Path,
        up: Weather,
        down: Weather | None = None,
        *,
        tuned: bool = True,
        seed: int = 7,
    ) -> None:
        folder.mkdir(parents=True)
        self._tuned = tuned
        self.folder = folder
        self.capture = folder / "link.pcap"
        self.wire = Link(up, down, seed=seed, tcp=_TCP, capture=self.capture)
        self.invited = folder / "invitation.json"
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            stack.enter_context(self.wire)
            self._broker()
            self._centre()
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def ours(self, pace: Paced, records: "Office") -> "Player":
        """Our agent's journal, dispatch and uplink at the near end."""
        words = (str(self.folder / "kiosk"), str(self.invited))
        told = (msgspec.json.encode(pace).decode(), msgspec.json.encode(records).decode())
        return self._player("bench.wire_kiosk", *words, *told)

    def peer(self, whose: str, records: "Office") -> "Player":
        """A peer's publisher at the near end."""
        told = msgspec.json.encode(records).decode()
        return self._player("bench.wire_peers", whose, str(self.invited), told)

    def settled(self, seconds: float = 2.5) -> Counters:
        """The counters once nothing has moved for so long: the last TCP acknowledgement counts."""
        before = self.wire.counters()
        while True:
            time.sleep(seconds)
            now = self.wire.counters()
            if now == before:
                return now
            before = now

    def _player(self, module: str, *words: str) -> "Player":
        log = self._stack.enter_context((self.folder / f"{module}.log").open("ab"))
        command = [sys.executable, "-m", module, *words]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": log}
        process = self.wire.spawn("kiosk", command, cwd=_ROOT, text=True, **pipes)
        return self._stack.enter_context(Player(process, self.folder / f"{module}.log"))

    def _broker(self) -> None:
        """Our production listener; beside it a plain one that only the centre itself can reach."""
        authority = PrivateAuthority(self.folder / "server", int(time.time()))
        paper = authority.broker(link.CENTRE)
        (self.folder / "ca.pem").write_bytes(authority.file.read_bytes())
        (self.folder / "broker.pem").write_text(paper.certificate)
        (self.folder / "broker.key").write_text(paper.private_key)
        shipped = (_ROOT / "systemd/mosquitto/hadir.conf").read_text()
        # Peers have topics and names of their own, so who may do what is left out; it costs no byte.
        left_out = _NO_ACL if self._tuned else (*_NO_ACL, "set_tcp_nodelay")
        kept = [line for line in shipped.splitlines() if not line.startswith(left_out)]
        own = "\n".join(kept).replace("/etc/mosquitto/hadir", str(self.folder))
        own = re.sub(r"^listener 8883$", f"listener {_PORT} {link.CENTRE}", own, flags=re.MULTILINE)
        inner = f"listener {_INNER_PORT} 127.0.0.1\nallow_anonymous true\n"
        conf = self.folder / "mosquitto.conf"
        conf.write_text(f"user root\n{own}\nallow_anonymous true\n{inner}")
        self._start("mosquitto", [MOSQUITTO, "-c", conf])
        self._listening((link.CENTRE, _PORT))

    def _centre(self) -> None:
        config = self.folder / "server.toml"
        config.write_text(
            f'state = "{self.folder}/server"\n'
            f'[broker]\nhost = "127.0.0.1"\nport = {_INNER_PORT}\nembedded = false\n'
            "[web]\nport = 0\n"
        )
        invite = ["kiosk", "invite", KID, "--opd", "1.01", "--to", self.invited]
        server = [_BIN / "sync-server", "--config", config]
        subprocess.run([*server, *invite], check=True, capture_output=True)
        invited = invitation.decode(self.invited.read_bytes())
        self.invited.write_bytes(invitation.encode(self._certified(invited)))
        self._start("sync-server", [*server, "run"])
        log = self.folder / "sync-server.log"
        _until(lambda: "broker.connected" in log.read_text(), log)

    def _certified(self, invited: Invitation) -> Invitation:
        authority = PrivateAuthority(self.folder / "server", int(time.time()))
        paper = authority.kiosk(KID)
        return msgspec.structs.replace(
            invited,
            broker_host=link.CENTRE,
            broker_port=_PORT,
            tls=True,
            ca=authority.file.read_text(),
            certificate=paper.certificate,
            private_key=paper.private_key,
        )

    def _start(self, name: str, command: list[str | Path]) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.wire.spawn("centre", command, stdout=log, stderr=log)

    def _listening(self, place: tuple[str, int]) -> None:
        def answers() -> bool:
            with self.wire.entered("centre"):
                try:
                    socket.create_connection(place, 1).close()
                except OSError:
                    return False
            return True

        _until(answers, self.folder / "mosquitto.log")


class Office(msgspec.Struct, frozen=True):
    """Whose records are played: so many staff, from this seed."""

    staff: int = 100
    seed: int = 1


class Player:
    """The program at the near end. Raises RuntimeError with its log where it ends by itself."""

    def __init__(self, process: subprocess.Popen[str], log: Path) -> None:
        self._process = process
        self._orders: IO[str] = process.stdin or sys.stdout
        self._answers: IO[str] = process.stdout or sys.stdin
        self._log = log

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        self._orders.close()
        self._answers.close()

    def tell(self, do: str, **values: object) -> None:
        """Give an order; `answer` waits for what came of it."""
        self._orders.write(json.dumps({"do": do, **values}) + "\n")
        self._orders.flush()

    def answer(self) -> dict[str, Any]:
        """What the oldest order came to."""
        line = self._answers.readline()
        if not line:
            raise RuntimeError(f"{self._log}:\n{self._log.read_text()[-2000:]}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def ask(self, do: str, **values: object) -> dict[str, Any]:
        """Give an order and wait for what came of it."""
        self.tell(do, **values)
        return self.answer()


def _until(true: Any, log: Path) -> None:
    deadline = time.monotonic() + _STARTED
    while not true():
        if time.monotonic() > deadline:
            raise RuntimeError(f"{log}:\n{log.read_text()[-2000:]}")
        time.sleep(0.05)
