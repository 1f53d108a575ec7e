"""Commands that look at one ZKTeco terminal without running the kiosk."""

import json

import click
import msgspec

from terminal_agent import device_read
from terminal_agent.cli.setting import Setting, setting
from terminal_agent.clock import Clock
from terminal_agent.device_read import Where


@click.group("device")
def device_group() -> None:
    """Look at one ZKTeco terminal without running the kiosk."""


def _terminal(command: click.decorators.FC) -> click.decorators.FC:
    """How to reach a terminal: the same words for every command."""
    for option in (
        click.option(
            "--timeout",
            default=10.0,
            show_default=True,
            type=click.FloatRange(0.1, 600),
            help="Seconds for each answer.",
        ),
        click.option("--udp", is_flag=True, help="Speak UDP, for old terminals without TCP."),
        click.option(
            "--password",
            default=0,
            metavar="NUMBER",
            type=click.IntRange(0, 999_999),
            help="The communication key: comm_key in agent.toml.",
        ),
        click.option(
            "--port",
            default=4370,
            show_default=True,
            type=click.IntRange(1, 65_535),
            help="TCP or UDP port.",
        ),
        click.argument("host"),
    ):
        command = option(command)
    return command


@device_group.command("read")
@_terminal
@click.option("--full", is_flag=True, help="Read the whole log, not only what is new.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@setting
def read(setting: Setting, /, full: bool, as_json: bool, **reach: object) -> None:
    """Read a terminal's attendance log; the second time only what is new.

    Prints one JSON line per record, then a summary. Nothing is changed on the terminal.

    Example: terminal-agent device read 192.168.1.201 --password 1234
    """
    where = msgspec.convert(reach, Where)
    with setting.explaining(f"{where.host}:{where.port}"):
        look = device_read.read(where, device_read.FOLDER, Clock(), full=full)
    if as_json:
        click.echo(json.dumps({"records": look.lines, "summary": look.summary}))
        return
    for line in look.lines:
        click.echo(json.dumps(line))
    for code, values in look.sentences():
        setting.tell(code, **values)


@device_group.command("info")
@_terminal
@setting
def info(setting: Setting, /, **reach: object) -> None:
    """Show what a terminal is: serial number, firmware, counters, clock.

    Example: terminal-agent device info 192.168.1.201
    """
    where = msgspec.convert(reach, Where)
    with setting.explaining(f"{where.host}:{where.port}"):
        facts = device_read.info(where, Clock())
    click.echo(json.dumps(facts, indent=2))


@device_group.command("users")
@_terminal
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@setting
def users(setting: Setting, /, as_json: bool, **reach: object) -> None:
    """List the people on a terminal: number, PIN, name, privilege. Nothing is changed there.

    Example: terminal-agent device users 192.168.1.201
    """
    where = msgspec.convert(reach, Where)
    with setting.explaining(f"{where.host}:{where.port}"):
        found = device_read.enrolled(where)
    if as_json:
        click.echo(json.dumps({"users": found}))
        return
    for one in found:
        click.echo(json.dumps(one))


COMMANDS = (device_group,)
