"""Commands that show what the ledger proves: gaps, forks, evidence codes."""

from datetime import UTC, datetime

import click
import msgspec

from sync_server import office_log, server, standing
from sync_server.cli import proving
from sync_server.cli.setting import BROKEN, Setting, as_json, emit, setting
from sync_server.wording import say


@click.command("gaps")
@as_json
@setting
def gaps(setting: Setting, as_json: bool) -> None:
    """List events that were announced and are not here; exit code 1 where there are any.

    Example: sync-server gaps
    """
    with setting.ledger() as database, database.reading() as tx:
        found = standing.gaps(tx)
    if as_json:
        emit(found, "gaps")
    else:
        for gap in found:
            click.echo(say(setting.lang, "gap", **msgspec.structs.asdict(gap)))
        if not found:
            setting.tell("no_gap")
    raise click.exceptions.Exit(BROKEN if found else 0)


@click.group("forks", invoke_without_command=True)
@as_json
@click.pass_context
def forks(context: click.Context, as_json: bool) -> None:
    """List cards that were copied or rolled back; exit code 1 where there are any.

    Example: sync-server forks
    """
    if context.invoked_subcommand:
        return
    setting = context.obj
    with setting.ledger() as database, database.reading() as tx:
        found = standing.forks(tx)
    if as_json:
        emit(found, "forks")
    else:
        for fork in found:
            click.echo(say(setting.lang, "fork", **msgspec.structs.asdict(fork)))
            if fork.times > 1:
                click.echo(say(setting.lang, "kiosk_back_again", times=fork.times))
        if not found:
            setting.tell("no_fork")
    raise click.exceptions.Exit(BROKEN if found else 0)


@forks.command("resolve")
@click.argument("kid")
@click.option("--note", required=True, help="What was found, for the audit.")
@setting
def resolve(setting: Setting, kid: str, note: str) -> None:
    """Let the days of a forked kiosk count again, once somebody has looked; so with its events that
    prove nothing.

    Example: sync-server forks resolve T07A --note "kartu dipulihkan dari cadangan"
    """
    with setting.ledger() as database, database.writing() as tx:
        who = office_log.system_user()
        count = standing.resolve_forks(tx, kid, note, who, server.wall())
    setting.tell("forks_resolved", count=count)
    raise click.exceptions.Exit(0 if count else BROKEN)


@click.group("ledger")
def ledger_group() -> None:
    """Look after the ledger of events."""


@ledger_group.command("code")
@click.argument("code")
@as_json
@setting
def find_code(setting: Setting, code: str, as_json: bool) -> None:
    """Say whether the event of an evidence code is in the ledger; exit code 1 where it is not.

    As it was copied from the screen: small letters, blanks and 0 for O do not matter.

    Example: sync-server ledger code T07A-1234-ABCD2345
    """
    with setting.ledger() as database, database.reading() as tx:
        found = standing.by_code(tx, code)
        other = found is None and standing.numbered(tx, code)
    if as_json:
        click.echo(msgspec.json.encode({"code": code, "event": found, "contradicts": other}))
    elif found:
        when = datetime.fromtimestamp(found.received, UTC).strftime("%Y-%m-%d %H:%M")
        known = {**msgspec.structs.asdict(found), "record": bytes(found.record).decode()}
        click.echo(say(setting.lang, "code_held", **known, when=when))
    else:
        setting.tell("code_contradicts" if other else "code_unknown", sought=code)
    raise click.exceptions.Exit(0 if found else BROKEN)


for command in proving.COMMANDS:
    ledger_group.add_command(command)

COMMANDS = (gaps, forks, ledger_group)
