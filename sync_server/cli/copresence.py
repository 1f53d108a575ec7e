"""The weekly list of finger punches before which another face was seen."""

from datetime import UTC, datetime

import click
import msgspec

from sync_server import copresence, face_orders, server
from sync_server.cli.awaiting import DAY
from sync_server.cli.setting import Setting, as_json, emit, setting
from sync_server.copresence import Apart
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
        face_orders.check_office(tx, opd)
        found = copresence.watches(tx, opd, int(server.wall()) - days * DAY)
    if as_json:
        emit(found, "offices")
        return
    for office in found:
        click.echo(say(setting.lang, "copresence_line", **msgspec.structs.asdict(office)))
        for one in office.apart:
            when = _when(setting, one)
            code = "copresence_apart" if one.pin else "copresence_gone"
            click.echo(say(setting.lang, code, **msgspec.structs.asdict(one), when=when))
    if not found:
        setting.tell("no_copresence", days=days)


def _when(setting: Setting, one: Apart) -> str:
    """Local time of day; the terminal's own, saying so, where nothing is known of its clock."""
    known = one.happened is not None
    shown = one.t if one.happened is None else one.happened + one.zone * 60
    when = datetime.fromtimestamp(shown, UTC).strftime("%Y-%m-%d %H:%M")
    return when if known else say(setting.lang, "copresence_by_terminal", when=when)


COMMANDS = (copresence_list,)
