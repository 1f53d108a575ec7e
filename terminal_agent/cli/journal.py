"""Commands that look at the journal of this kiosk, beside the agent."""

import json

import click
import msgspec

from terminal_agent.cli.setting import BROKEN, Setting, journal_of, setting


@click.group("journal")
def journal_group() -> None:
    """Look at the journal of this kiosk."""


@journal_group.command("show")
@click.option("--after", default=0, show_default=True, help="Only events after this seq.")
@setting
def show(setting: Setting, after: int) -> None:
    """Print the events of the current epoch as JSON lines.

    Example: terminal-agent journal show --after 120
    """
    with setting.explaining():
        view = journal_of(setting)
        events = view.events(after)
    for seq, record, head in events:
        click.echo(json.dumps({"seq": seq, "record": json.loads(record), "head": head.hex()}))
    view.close()


@journal_group.command("verify")
@setting
def verify(setting: Setting) -> None:
    """Recompute every hash chain; name the first event that does not hold.

    Example: terminal-agent journal verify
    """
    with setting.explaining():
        view = journal_of(setting)
        epochs = view.epochs()
    view.close()
    for seen in epochs:
        values = msgspec.to_builtins(seen)
        setting.tell("chain_broken" if seen.broken_at else "chain_holds", **values)
    if any(seen.broken_at for seen in epochs):
        raise click.exceptions.Exit(BROKEN)


COMMANDS = (journal_group,)
