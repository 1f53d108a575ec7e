"""Commands of e-kinerja: months of other applications in and out, and what waits for verification."""

from pathlib import Path

import click

from sync_server import ekinerja, posts, server
from sync_server.cli.imports import take
from sync_server.cli.setting import FILE, Setting, as_json, emit, setting
from sync_server.ekinerja import inbox, listing


@click.group("ekinerja")
def ekinerja_group() -> None:
    """E-kinerja: daily activities, and months that another application counted."""


@ekinerja_group.command("import")
@click.argument("file", type=FILE)
@setting
def import_totals(setting: Setting, file: Path) -> None:
    """Import months: CSV or XLSX with nip,bulan,jenis,nilai,sumber; jenis is persen, poin or nilai.

    An imported month counts in the place of the activities that are kept here.

    Example: sync-server ekinerja import ekinerja-2026-01.csv
    """
    done = take(setting, "productivity", file)
    setting.tell("totals_stored", new=done.new, changed=done.changed, same=done.same)


@ekinerja_group.command("export")
@click.argument("month")
@click.option("--opd", help="Only this office and those below it.")
@setting
def export_totals(setting: Setting, month: str, opd: str | None) -> None:
    """Print a month's points and imported figures as CSV, as `import` reads it.

    Example: sync-server ekinerja export 2026-01 --opd 1.01
    """
    with setting.ledger() as database, database.reading() as tx:
        offices = posts.tree(tx, opd) if opd else None
        text = ekinerja.written(listing.of_month(tx, month, offices))
    click.echo(text, nl=False)


@ekinerja_group.command("waiting")
@click.option("--opd", help="Only this office and those below it.")
@as_json
@setting
def waiting(setting: Setting, opd: str | None, as_json: bool) -> None:
    """List submitted activities that nobody has verified, oldest first. Exit 1 where one is overdue.

    Example: sync-server ekinerja waiting --opd 1.01
    """
    with setting.ledger() as database, database.reading() as tx:
        found = inbox.everything(tx, posts.tree(tx, opd) if opd else None, server.wall())
    if as_json:
        emit(found, "waiting")
    else:
        for one in found:
            mark = "!" if one.overdue else " "
            entry = one.activity.entry
            click.echo(
                f"{mark} {entry.workdate} {one.activity.nip} {entry.minutes:4} {entry.title}"
            )
        if not found:
            setting.tell("nobody_waits")
    if any(one.overdue for one in found):
        raise click.exceptions.Exit(1)


COMMANDS = (ekinerja_group,)
