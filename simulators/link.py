"""A long, thin, lossy link on this machine: two network namespaces, "kiosk" and "centre".

Delay, loss, rate, queue, doubling, reordering and cuts are played in user space by a process of its
own (`simulators.link_carrier`), because netem is not in every kernel. Linux and root only;
`missing()` says why where it cannot be. The kiosk is 10.77.0.1, the centre 10.77.0.2.
"""

import contextlib
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import click
import msgspec

from simulators import namespaces
from simulators.link_carrier import ADDRESSES, SIDES, Ask, Counters, Order
from simulators.namespaces import Habits, missing
from simulators.wire_weather import Weather

KIOSK, CENTRE = ADDRESSES
__all__ = ["CENTRE", "KIOSK", "Counters", "Habits", "Link", "Weather", "missing", "weather"]


def weather(  # noqa: PLR0913 - each is a dial of its own
    rtt_ms: float = 0.0,
    loss: float = 0.0,
    *,
    burst: float = 1.0,
    bps: float = 0.0,
    queue: int = 64 * 1024,
    doubled: float = 0.0,
    reordered: float = 0.0,
) -> Weather:
    """One direction of a link with this round trip (milliseconds; half of it is the delay)."""
    return Weather(rtt_ms / 2000, loss, burst, bps, queue, doubled, reordered)


class Link:
    """The link for the length of a `with` block. `up` is from the kiosk to the centre, `down` the
    other way (the same where it is not given); `capture` names a pcap file for every packet.

    Raises OSError where the namespaces cannot be made.
    """

    def __init__(
        self,
        up: Weather,
        down: Weather | None = None,
        *,
        seed: int = 0,
        tcp: Habits | None = None,
        capture: Path | None = None,
    ) -> None:
        self._order = Order(up, down or up, seed, tcp or Habits(), str(capture or ""))
        self._names: dict[str, str] = {}
        self._children: list[subprocess.Popen[Any]] = []

    def __enter__(self) -> Self:
        self._wire, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        handle = theirs.fileno()
        command = [sys.executable, "-m", "simulators.link_carrier", str(handle)]
        self._carrier = subprocess.Popen(  # noqa: S603 - our own module
            [*command, msgspec.json.encode(self._order).decode()],
            pass_fds=[handle],
            cwd=Path(__file__).parent.parent,
            start_new_session=True,
        )
        theirs.close()
        said = self._wire.recv(65_536).decode()
        if not said or said.startswith("!"):
            self.close()
            raise OSError(said.removeprefix("! ") or "the link's carrier did not start")
        self._names = dict(zip(SIDES, said.split("\n"), strict=True))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End what runs at both ends and remove the namespaces."""
        for child in self._children:
            child.kill()
            child.wait()
        self._wire.close()
        self._carrier.wait()

    def spawn(self, side: str, argv: Sequence[str | Path], **how: Any) -> subprocess.Popen[Any]:  # noqa: ANN401 - as Popen
        """Start a program at one end ("kiosk" or "centre"); it is killed with the link. `how` goes
        to Popen."""
        child: subprocess.Popen[Any] = subprocess.Popen([*self.at(side), *map(str, argv)], **how)  # noqa: S603 - the caller's own
        self._children.append(child)
        return child

    def run_in(self, side: str, argv: Sequence[str | Path]) -> str:
        """What a program prints at one end. Raises subprocess.CalledProcessError where it fails."""
        command = [*self.at(side), *map(str, argv)]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603

    def at(self, side: str) -> list[str]:
        """What to put before a command that is to run at one end."""
        return namespaces.command_in(self._names[side])

    def entered(self, side: str) -> contextlib.AbstractContextManager[None]:
        """This thread's new sockets are at one end until the end of the block."""
        return namespaces.entered(self._names[side])

    def cut(self) -> Counters:
        """Nothing passes any more, not even what is under way."""
        return self._ask(Ask(whole=False))

    def mend(self) -> Counters:
        """The link is whole again."""
        return self._ask(Ask(whole=True))

    def become(self, up: Weather, down: Weather | None = None) -> Counters:
        """Another weather from now on."""
        return self._ask(Ask(up=up, down=down or up))

    def counters(self, *, reset: bool = False) -> Counters:
        """What each direction has carried; `reset` counts from here on."""
        return self._ask(Ask(reset=reset))

    def _ask(self, ask: Ask) -> Counters:
        self._wire.send(msgspec.json.encode(ask))
        return msgspec.json.decode(self._wire.recv(65_536), type=Counters)


class _Share(click.FloatRange):
    """A part of all packets; who writes 5 may mean percent."""

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Raises click.BadParameter."""
        number = float(click.FLOAT(value, param, ctx))
        if not 0 <= number <= 1:
            name = param.opts[0] if param else ""
            self.fail(f"{value} is not in 0 … 1: {name} 0.05 means 5 %", param, ctx)
        return number


_SHARE = _Share(0, 1)
_AMOUNT = click.FloatRange(min=0)
_RUN = click.FloatRange(min=1)


@click.command(context_settings={"allow_interspersed_args": False})
@click.option("--rtt", default=600.0, show_default=True, type=_AMOUNT, help="Milliseconds.")
@click.option("--loss", default=0.0, show_default=True, type=_SHARE, help="Share of packets lost.")
@click.option(
    "--burst", default=1.0, show_default=True, type=_RUN, help="Lost in a row on average."
)
@click.option("--up-bps", default=0.0, type=_AMOUNT, help="Kiosk to centre, bit/s; 0: no limit.")
@click.option("--down-bps", default=0.0, type=_AMOUNT, help="Rate from centre to kiosk, bit/s.")
@click.option("--doubled", default=0.0, type=_SHARE, help="Share of packets that arrive twice.")
@click.option("--reordered", default=0.0, type=_SHARE, help="Share that arrive behind later ones.")
@click.option("--seed", default=0, show_default=True)
@click.option("--at", type=click.Choice(SIDES), default="kiosk", show_default=True)
@click.option("--capture", type=click.Path(path_type=Path), help="Write every packet (pcap).")
@click.argument("command", nargs=-1, required=True)
def main(rtt: float, seed: int, at: str, capture: Path | None, **rest: Any) -> None:  # noqa: ANN401 - click's
    """Run COMMAND at one end of an emulated satellite link, then print what the link carried.

    The other end is 10.77.0.2 (centre) or 10.77.0.1 (kiosk). Needs root.

    Example: python -m simulators.link --rtt 600 --loss 0.05 ping -c 5 10.77.0.2
    """
    if why := missing():
        raise click.ClickException(why)
    command, up, down = rest.pop("command"), rest.pop("up_bps"), rest.pop("down_bps")
    ways = [weather(rtt, bps=bps, **rest) for bps in (up, down)]
    with Link(*ways, seed=seed, capture=capture) as wire:
        code = wire.spawn(at, command).wait()
        counters = wire.counters()
    click.echo(msgspec.json.encode(counters).decode(), err=True)
    raise SystemExit(code)


if __name__ == "__main__":
    main(prog_name="python -m simulators.link")
