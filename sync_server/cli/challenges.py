"""Whom liveness challenges serve badly: met and unmet ones by person."""

import click
import msgspec

from sync_server import challenges, face_orders, server
from sync_server.cli.awaiting import DAY
from sync_server.cli.setting import Setting, as_json, emit, setting
from sync_server.wording import say


@click.command("challenges")
@click.option("--opd", help="Only this office.")
@click.option("--days", default=30, show_default=True, type=click.IntRange(1, 366))
@as_json
@setting
def challenge_list(setting: Setting, opd: str | None, days: int, as_json: bool) -> None:
    """List by person how many liveness challenges were met, and how the others ended.

    Whoever fails often may need another challenge, better light, or a number by letter.

    Example: sync-server challenges --opd 1.01 --days 30
    """
    with setting.ledger() as database, database.reading() as tx:
        face_orders.check_office(tx, opd)
        found = challenges.tried(tx, opd, int(server.wall()) - days * DAY)
    if as_json:
        emit(found, "people")
        return
    for one in found:
        code = "challenge_line" if one.pin else "challenge_nobody"
        click.echo(say(setting.lang, code, **msgspec.structs.asdict(one)))
    if not found:
        setting.tell("no_challenges", days=days)


COMMANDS = (challenge_list,)
