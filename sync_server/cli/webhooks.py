"""Commands for applications that are told of months and corrections."""

import secrets
from datetime import UTC, datetime

import click

from sync_server import notices, office_log, server
from sync_server.cli.setting import BROKEN, Setting, as_json, emit, setting
from sync_server.notices import Asked, Receiver
from sync_server.wording import say


@click.group("webhook")
def webhook() -> None:
    """Applications that are told when a month is frozen or a correction is decided."""


@webhook.command("add")
@click.argument("url")
@click.option(
    "--kind", "kinds", multiple=True, help="month.closed, ...; all of them where none is named."
)
@setting
def add(setting: Setting, url: str, kinds: tuple[str, ...]) -> None:
    """Tell an address from now on; prints the secret that signs what it is told.

    Example: sync-server webhook add https://simpeg.example.go.id/hadir --kind month.frozen
    """
    secret, now, who = secrets.token_hex(32), int(server.wall()), office_log.system_user()
    wanted = kinds or notices.KINDS
    with setting.ledger() as database, setting.explaining(), database.writing() as tx:
        no = notices.add(tx, Asked(url, secret, wanted, who), now)
        office_log.note(tx, now, who, "webhook_add", detail=url)
    setting.tell("webhook_added", no=no, kinds=", ".join(wanted))
    click.echo(secret)


@webhook.command("list")
@as_json
@setting
def list_all(setting: Setting, as_json: bool) -> None:
    """List who is told, and what still waits for them.

    Example: sync-server webhook list
    """
    with setting.ledger() as database, database.reading() as tx:
        found = notices.receivers(tx)
    if as_json:
        emit(found, "webhooks")
        return
    for one in found:
        click.echo(_line(setting.lang, one))
    if not found:
        setting.tell("webhook_none")


@webhook.command("end")
@click.argument("no", type=int)
@setting
def end(setting: Setting, no: int) -> None:
    """Tell a receiver nothing more.

    Example: sync-server webhook end 2
    """
    now = int(server.wall())
    with setting.ledger() as database, database.writing() as tx:
        held = notices.end(tx, no, now)
        office_log.note(tx, now, office_log.system_user(), "webhook_end", detail=str(no))
    setting.tell("webhook_ended" if held else "webhook_unknown", no=no)
    raise click.exceptions.Exit(0 if held else BROKEN)


@webhook.command("replay")
@click.argument("no", type=int)
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), required=True, help="UTC date.")
@setting
def replay(setting: Setting, no: int, since: datetime) -> None:
    """Send a receiver again what it was to be told since a date.

    Example: sync-server webhook replay 2 --since 2026-10-01
    """
    start, now = int(since.replace(tzinfo=UTC).timestamp()), int(server.wall())
    with setting.ledger() as database, database.writing() as tx:
        count = notices.replay(tx, no, start, now)
        who, detail = office_log.system_user(), f"{no} {since:%Y-%m-%d}: {count}"
        office_log.note(tx, now, who, "webhook_replay", detail=detail)
    setting.tell("webhook_replayed", no=no, count=count)
    raise click.exceptions.Exit(0 if count else BROKEN)


def _line(lang: str, one: Receiver) -> str:
    state = "off" if one.ended else "on"
    about = {"url": one.url, "kinds": " ".join(one.kinds)}
    left = {"waiting": one.waiting, "given_up": one.given_up}
    return say(lang, "webhook_line", no=one.no, state=state, **about, **left)


COMMANDS = (webhook,)
