"""`python -m simulators.adms`: a terminal that pushes to a kiosk, to rehearse with."""

import random
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from threading import Event

import click
import msgspec

from simulators.adms.terminal import Pushed, PushTerminal

_CALLS = 10.0  # seconds between two calls: Delay of the protocol
_WIB = timedelta(hours=7)


def _clock() -> datetime:
    # The one place of the push simulator that reads time; everything else is given a clock.
    return datetime.now(UTC)  # noqa: TID251


class Wanted(msgspec.Struct, frozen=True):
    """What was typed."""

    kiosk: str
    port: int
    address: str
    serial: str
    security: bool
    records: int
    people: int
    punch_every: float | None


@click.command()
@click.option("--kiosk", default="127.0.0.1", show_default=True, help="Where the kiosk listens.")
@click.option(
    "--port", default=8081, show_default=True, type=click.IntRange(1, 65_535), help="[adms] port."
)
@click.option("--address", default="", help="Call from this address of this machine.")
@click.option("--serial", default="ADMS00001", show_default=True, help="Serial number.")
@click.option("--security", is_flag=True, help="Speak the dialect of access terminals.")
@click.option("--records", default=20, show_default=True, help="Punches in the log, 7 s apart.")
@click.option("--people", default=70, show_default=True, help="People enrolled: 1007, 1014, ...")
@click.option("--punch-every", type=float, help="Somebody scans every so many seconds.")
def main(**wanted: object) -> None:
    """Be a terminal in the WIB zone that pushes to a kiosk (ADMS), until Ctrl-C.

    Example: python -m simulators.adms --port 8081 --serial GERBANG01 --punch-every 5
    """
    want = msgspec.convert(wanted, Wanted)
    terminal = PushTerminal(
        want.serial, want.port, _clock, want.address, want.security, to=want.kiosk
    )
    first = terminal.clock() - timedelta(seconds=7 * want.records)
    for number in range(want.records):
        pin = _pin(number % want.people)
        terminal.log.append(Pushed(pin, first + timedelta(seconds=7 * number)))
    click.echo(
        f"{want.serial} with {want.records} punches pushes to {want.kiosk}:{want.port}, Ctrl-C ends it"
    )
    with suppress(KeyboardInterrupt):
        _work(terminal, want)


def _work(terminal: PushTerminal, want: Wanted) -> None:
    never, said = Event(), ""
    while True:
        told = _call(terminal)
        if told != said:  # what goes on the same is said once
            click.echo(told)
        said = told
        if never.wait(want.punch_every or _CALLS):
            return
        if want.punch_every:
            record = Pushed(_pin(random.randrange(want.people)), terminal.clock())
            terminal.log.append(record)
            click.echo(f"{record.pin} scanned at {record.at:%H:%M:%S}")


def _call(terminal: PushTerminal) -> str:
    """One call, as it is made every ten seconds; how it went."""
    try:
        if not terminal.options and not terminal.start():
            return f"the kiosk refuses it: HTTP {terminal.statuses[-1]}"
        done = terminal.upload()
        commands = terminal.call()
    except (OSError, HTTPException) as problem:
        return f"the kiosk is out of reach: {problem}"
    told = f"{terminal.sent} of {len(terminal.log)} punches are with the kiosk"
    told += "" if done else f"; it does not take more: HTTP {terminal.statuses[-2]}"
    return told + "".join(f"; done: {command}" for command in commands)


def _pin(number: int) -> str:
    return str(1_007 + 7 * number)


if __name__ == "__main__":
    main()
