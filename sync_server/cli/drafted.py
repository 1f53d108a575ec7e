"""The command that tries a draft rule file on a month."""

from pathlib import Path

import click
import msgspec

from sync_server import office_log, server, whatif, written
from sync_server.cli.setting import FILE, Setting, as_json, read_text, setting
from sync_server.tukin import reading
from sync_server.whatif import WhatIf


@click.command("whatif")
@click.option("--rules", required=True, type=FILE, help="The draft rule file.")
@click.option("--month", required=True, metavar="YYYY-MM")
@click.option("--opd", help="One office; otherwise all of them.")
@as_json
@setting
def whatif_command(
    setting: Setting, rules: Path, month: str, opd: str | None, as_json: bool
) -> None:  # fmt: skip
    """Say what a draft rule file would have made of a month. Nothing is stored.

    Example: sync-server whatif --rules rancangan.toml --month 2026-01 --opd 1.01
    """
    with setting.ledger() as database:
        draft = reading.parse(read_text(rules), rules.name)
        with database.reading() as tx:
            found = whatif.compare(tx, draft, month, [opd] if opd else [])
        with database.writing() as tx:
            who, detail = office_log.system_user(), f"{month} {draft.id}"
            office_log.note(tx, server.wall(), who, "month_read", opd or "", detail=detail)
    if as_json:
        click.echo(msgspec.json.encode(found))
    else:
        _print(setting, found)


def _print(setting: Setting, found: WhatIf) -> None:
    for one in found.people:
        cuts = f"{written.percent(one.cut_was)} -> {written.percent(one.cut_becomes)}"
        click.echo(f"{one.nip}  {one.name}  {cuts}  {one.was} -> {one.becomes}  {one.difference:+}")
    click.echo(f"{found.month}  {found.was} -> {found.becomes}  {found.difference:+}")
    if found.pending:
        setting.tell("whatif_pending", count=found.pending)


COMMANDS = (whatif_command,)
