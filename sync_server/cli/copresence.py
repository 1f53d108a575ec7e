"""The weekly list of finger punches before which another face was seen."""

from datetime import UTC, datetime

import click
import msgspec

from sync_server import copresence, server
from sync_server.cli.awaiting import DAY
from sync_server.cli.setting import Setting, as_json, emit, setting
from sync_server.wording import say


@click.command("copresence")
@click.option("--opd", help="Only this office.")
@click.option("--days", default=7, show_default=True, type=click.IntRange(1, 366))
@as_json
@setting
def copresence_list(setting: Setting, opd: str | None, days: int, as_json: bool) -> None:
    """List finger punches before which the camera saw somebody else: questions, never sanctions.

    Example: sync-server copresence --opd 1.01 --days 7
    """
    with setting.ledger() as database, database.reading() as tx:
        found = copresence.watches(tx, opd, int(server.wall()) - days * DAY)
    if as_json:
        emit(found, "offices")
        return
    for office in found:
        click.echo(say(setting.lang, "copresence_line", **msgspec.structs.asdict(office)))
        for one in office.apart:
            when = datetime.fromtimestamp(one.t, UTC).strftime("%Y-%m-%d %H:%M")
            code = "copresence_apart" if one.pin else "copresence_gone"
            click.echo(say(setting.lang, code, **msgspec.structs.asdict(one), when=when))
    if not found:
        setting.tell("no_copresence", days=days)


COMMANDS = (copresence_list,)
