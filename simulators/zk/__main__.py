"""`python -m simulators.zk`: a terminal to rehearse with, on this machine."""

import random
from contextlib import suppress
from datetime import UTC, datetime
from threading import Event

import click

from simulators.zk.device import Device
from simulators.zk.profiles import PROFILES
from simulators.zk.sample import furnish
from simulators.zk.terminal import Terminal


def _clock() -> datetime:
    # The one place of the ZKTeco simulator that reads time; everything else is given a clock.
    return datetime.now(UTC)  # noqa: TID251


@click.command()
@click.option("--port", default=4370, show_default=True, help="TCP and UDP port.")
@click.option("--profile", type=click.Choice(sorted(PROFILES)), default="f19", show_default=True)
@click.option("--records", default=1_000, show_default=True, help="Punches in the log.")
@click.option("--comm-key", default=0, help="Communication key; 0 asks for none.")
@click.option("--punch-every", type=float, help="Somebody scans every so many seconds.")
def main(
    port: int,
    profile: str,
    records: int,
    comm_key: int,
    punch_every: float | None,
) -> None:
    """Be a ZKTeco terminal in the WIB zone until Ctrl-C."""
    device = Device(PROFILES[profile], _clock, comm_key=comm_key)
    furnish(device, records)
    with Terminal(device, port=port) as terminal:
        click.echo(
            f"{profile} with {records} punches on {terminal.address}:{terminal.port}, Ctrl-C ends it"
        )
        with suppress(KeyboardInterrupt):
            _work(device, punch_every)


def _work(device: Device, punch_every: float | None) -> None:
    never = Event()
    while not never.wait(punch_every):
        user = random.choice(list(device.users.values()))
        punch = device.punch(user.pin)
        click.echo(f"{punch.pin} scanned at {device.now():%H:%M:%S}")


if __name__ == "__main__":
    main()
