"""What commands to kiosks have in common: who signs, what became of them, and the exit code of that."""

import threading
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from sync_server import commands, server
from sync_server.authority import Keys
from sync_server.cli.setting import BROKEN, OUT_OF_REACH, Setting
from sync_server.commands import Issuer, Sent
from sync_server.database import Database
from sync_server.wording import fate, say

DAY = 86_400
_LOOK = 0.2

waiting = click.option(
    "--wait", type=click.FloatRange(0, 7 * DAY), metavar="SECONDS", help="See what becomes of it."
)


def keys_of(setting: Setting) -> Keys:
    """The server's own keys."""
    return Keys(Path(setting.load().state))


def issuer(setting: Setting, ttl: int) -> Issuer:
    """Who signs commands now, to be done within `ttl` seconds."""
    return Issuer(keys_of(setting).sign.sign, int(server.wall()), ttl)


def settled(database: Database, asked: Mapping[str, Sequence[int]], seconds: float) -> list[Sent]:
    """What became of commands (counters by kiosk), as soon as all have their fate or after so many
    seconds."""
    deadline = server.wall() + seconds
    while True:
        with database.reading() as tx:
            found = [
                one
                for kid, counters in asked.items()
                if counters
                for one in commands.fates(tx, kid, counters)
            ]
        if all(one.fate not in commands.OPEN for one in found) or server.wall() > deadline:
            return found
        threading.Event().wait(_LOOK)


def show_fates(setting: Setting, found: Sequence[Sent]) -> None:
    """One line for each command."""
    for one in found:
        when = datetime.fromtimestamp(one.issued, UTC).strftime("%Y-%m-%d %H:%M")
        part = f" {one.part}/{one.parts}" if one.parts > 1 else ""
        words = fate(setting.lang, one.fate, one.detail)
        click.echo(f"{one.kid}  {when}  {one.name}{part}: {words}")
    if not found:
        click.echo(say(setting.lang, "nothing_sent"), err=True)


def exit_code(found: Sequence[Sent]) -> int:
    """0 where all were done, 3 where a kiosk has not answered, else 1."""
    fates = {one.fate for one in found}
    if fates & set(commands.OPEN):
        return OUT_OF_REACH
    return 0 if fates <= {"done"} else BROKEN


def await_all(
    setting: Setting, database: Database, asked: Mapping[str, Sequence[int]], wait: float | None
) -> None:
    """With `wait`, show what became of it all and end with its exit code."""
    if wait is None:
        return
    fates = settled(database, asked, wait)
    if fates:
        show_fates(setting, fates)
    raise click.exceptions.Exit(exit_code(fates))
