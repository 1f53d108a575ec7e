"""The command that brings systemd's units in line with the configuration."""

import json

import click

from terminal_agent import units
from terminal_agent.cli.setting import Setting, setting
from terminal_agent.errors import SourceMisconfigured
from terminal_agent.wording import say

_AGENT = "hadir-agent.service"


@click.command("units")
@click.option("--dry-run", is_flag=True, help="Only say which units are to run.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@setting
def units_command(setting: Setting, dry_run: bool, as_json: bool) -> None:
    """Start and stop the kiosk's units as the configuration and the enrolment ask for.

    After an enrolment, or when a camera or a screen was added. The package does it when it is
    installed. `systemctl mask` keeps a unit off for good.

    Example: sudo terminal-agent units
    """
    with setting.explaining():
        found = units.wanted(setting.path, units.FOLDER)
        if not found:
            raise SourceMisconfigured("units_none", str(units.FOLDER))
        if not dry_run:
            units.bring_about(found)
    if as_json:
        click.echo(json.dumps(found))
        return
    for name, run in found.items():
        click.echo(say(setting.lang, "unit_on" if run else "unit_off", name=name))
    if found.get(_AGENT) is False:
        setting.tell("units_unenrolled")


COMMANDS = (units_command,)
