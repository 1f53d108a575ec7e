"""Rehearsing an outage."""

import json
import logging
import signal
import threading

import click
import msgspec

from terminal_agent.cli.setting import BROKEN, OUT_OF_REACH, Setting, setting
from terminal_agent.clock import Clock
from terminal_agent.rehearsal import Rehearsal


@click.command("simulate")
@click.option("--seconds", default=60.0, show_default=True, type=click.FloatRange(1, 3600))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@setting
def simulate(setting: Setting, seconds: float, as_json: bool) -> None:
    """Rehearse an outage: the link is cut for a while, people scan, the link returns.

    Runs the agent itself through a cable on this machine that is cut and restored; needs no root.
    Stop the running agent first (systemctl stop hadir-agent). Exit code 0 only where something
    waited and all of it has the centre's receipt.

    Example: terminal-agent simulate --seconds 120
    """
    logging.getLogger("terminal_agent").addHandler(logging.NullHandler())
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    with setting.explaining():
        config = setting.load()
        rehearsal = Rehearsal(config, Clock(config.kiosk.clock), seconds, setting.tell)
        failure = rehearsal.play(stop)
        if failure is not None:
            raise failure
    outcome = rehearsal.outcome
    if outcome is None:
        setting.tell("rehearsal_never_up")
        raise click.exceptions.Exit(OUT_OF_REACH)
    setting.tell(_verdict(outcome.waiting, held=outcome.held), **msgspec.structs.asdict(outcome))
    if as_json:
        click.echo(json.dumps({"held": outcome.held, **msgspec.structs.asdict(outcome)}))
    if not outcome.held:
        raise click.exceptions.Exit(BROKEN)


def _verdict(waiting: int, *, held: bool) -> str:
    if held:
        return "rehearsal_held"
    return "rehearsal_failed" if waiting else "rehearsal_empty"


COMMANDS = (simulate,)
