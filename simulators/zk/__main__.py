"""`python -m simulators.zk`: a terminal to rehearse with, on this machine."""

import random
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from threading import Event

import click
import msgspec

from simulators.zk.device import Device
from simulators.zk.profiles import PROFILES
from simulators.zk.sample import furnish
from simulators.zk.terminal import Terminal


def _clock() -> datetime:
    # The one place of the ZKTeco simulator that reads time; everything else is given a clock.
    return datetime.now(UTC)  # noqa: TID251


class Wanted(msgspec.Struct, frozen=True):
    """What was typed."""

    address: str
    port: int
    profile: str
    serial: str | None
    records: int
    people: int
    fingers: int
    comm_key: int
    punch_every: float | None


@click.command()
@click.option("--address", default="127.0.0.1", show_default=True, help="Where it listens.")
@click.option("--port", default=4370, show_default=True, help="TCP and UDP port.")
@click.option("--profile", type=click.Choice(sorted(PROFILES)), default="f19", show_default=True)
@click.option("--serial", help="Serial number; without it, one of the profile and the port.")
@click.option("--records", default=1_000, show_default=True, help="Punches in the log.")
@click.option("--people", default=70, show_default=True, help="People enrolled.")
@click.option("--fingers", default=0, help="How many of them have a finger enrolled.")
@click.option("--comm-key", default=0, help="Communication key; 0 asks for none.")
@click.option("--punch-every", type=float, help="Somebody scans every so many seconds.")
def main(**wanted: object) -> None:
    """Be a ZKTeco terminal in the WIB zone until Ctrl-C."""
    want = msgspec.convert(wanted, Wanted)
    device = Device(PROFILES[want.profile], _clock, comm_key=want.comm_key)
    furnish(device, want.records, want.people, fingers=want.fingers)
    place = Terminal(device, address=want.address, port=want.port)
    with suppress(KeyboardInterrupt), _explained(want), place as terminal:
        # Two terminals of one rehearsal must differ, and one that is started again must not.
        device.become(want.serial or f"{want.profile.upper()}{terminal.port:05}")
        click.echo(
            f"{want.profile} with {want.records} punches on {terminal.address}:{terminal.port}, "
            f"serial {device.options['~SerialNumber']}, Ctrl-C ends it"
        )
        _work(device, want.punch_every)


@contextmanager
def _explained(want: Wanted) -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        raise click.ClickException(f"{want.address}:{want.port}: {problem.strerror}") from problem


def _work(device: Device, punch_every: float | None) -> None:
    never = Event()
    while not never.wait(punch_every):
        user = random.choice(list(device.users.values()))
        punch = device.punch(user.pin)
        click.echo(f"{punch.pin} scanned at {device.now():%H:%M:%S}")


if __name__ == "__main__":
    main()
