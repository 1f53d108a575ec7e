"""Commands that copy a centre and bring it back: its ledger and its keys."""

import shlex
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec
from sqlalchemy import delete

from sync_server import authority, backup, office_log, restored, schema, server, verifying
from sync_server.backup import Manifest
from sync_server.cli.setting import BROKEN, Setting, as_json, setting
from sync_server.config import Config
from sync_server.database import Database, explained, is_new, named, typed
from sync_server.errors import BadFile
from sync_server.verifying import Check


@click.command("backup")
@click.argument("to", type=click.Path(path_type=Path))
@as_json
@setting
def make(setting: Setting, to: Path, as_json: bool) -> None:
    """Copy the ledger and the keys to the new folder TO, while the centre runs.

    A PostgreSQL ledger is copied by pg_dump; its line is printed, and TO gets the keys.

    Example: sync-server backup /mnt/cadangan/hadir-2026-11-22
    """
    settings = setting.load()
    now = int(server.wall())
    with setting.explaining():
        made = backup.make(settings, to, now)
    if as_json:
        click.echo(msgspec.json.encode({"backup": str(to), **msgspec.to_builtins(made)}))
        return
    setting.tell("backup_made", to=to, files=len(made.files))
    if settings.ledger.url:
        setting.tell("backup_pg_dump", **_typed(settings.ledger.url, to))


@click.command("restore")
@click.argument("source", metavar="FROM", type=click.Path(path_type=Path))
@click.option(
    "--as-it-is", is_flag=True, help="Also where something in it does not hold: it is named."
)
@as_json
@setting
def restore(setting: Setting, source: Path, as_it_is: bool, as_json: bool) -> None:
    """Bring a backup back to a centre without a ledger; recompute every chain before it is used.

    With PostgreSQL: pg_restore first; this brings the keys and recomputes every chain. Exit code 1
    where something does not hold; nothing is put in place then, unless --as-it-is.

    Example: sync-server restore /mnt/cadangan/hadir-2026-11-22
    """
    settings = setting.load()
    with setting.explaining():
        made = backup.look(source)
        Path(settings.state).mkdir(mode=0o700, parents=True, exist_ok=True)
        with server.sole_server(Path(settings.state)):
            checks = _brought(settings, source, made, as_it_is=as_it_is)
    failed = [check for check in checks if check.first]
    if as_json:
        found = {"made": made.made, "checks": msgspec.to_builtins(checks)}
        click.echo(msgspec.json.encode(found))
    for check in failed:
        why = check.first.why if check.first else ""
        where = msgspec.json.encode(check.first).decode()
        setting.tell("restore_broken", kind=check.kind, failed=check.failed, why=why, where=where)
    if failed and not as_it_is:
        setting.tell("restore_refused")
        raise click.exceptions.Exit(BROKEN)
    looked = sum(check.looked for check in checks)
    day = f"{datetime.fromtimestamp(made.made, UTC):%Y-%m-%d %H:%M} UTC"
    setting.tell("restored", made=day, looked=looked)
    setting.tell("restored_kiosks", made=day)
    raise click.exceptions.Exit(BROKEN if failed else 0)


def _brought(settings: Config, source: Path, manifest: Manifest, *, as_it_is: bool) -> list[Check]:
    """What was found in it; it is the centre's from now on where all holds, or all the same."""
    state = Path(settings.state)
    with _ledger(settings, source) as database:
        backup.bring_keys(source, manifest, state)
        signer = authority.signer(state)
        with database.reading() as tx:
            _, checks = verifying.everything(tx, signer.key if signer else b"")
        usable = as_it_is or not any(check.first for check in checks)
        if usable:
            _note(database, manifest.made)
    if usable and isinstance(settings.database, Path):
        backup.settle(state)
    return checks


@contextmanager
def _ledger(settings: Config, source: Path) -> Iterator[Database]:
    """The ledger to look at: the one that came with the backup, or the one that pg_restore filled."""
    where = settings.database
    if not isinstance(where, Path):
        with explained(named(where)):
            if is_new(where):
                raise BadFile(named(where), "", "restore_dump_first", **_typed(where, source))
            with closing(Database(where)) as database:
                yield database
        return
    if not (source / backup.LEDGER).exists():
        raise BadFile(str(source), "", "backup_of_postgres")
    with (
        backup.arriving(source, where.parent) as file,
        explained(str(file)),
        closing(Database(file)) as database,
    ):
        yield database


def _typed(url: str, folder: Path) -> dict[str, str]:
    """The database and the dump beside a backup's folder, as a shell takes them."""
    dump = folder.with_name(f"{folder.name}.dump")
    return {"dump": shlex.quote(str(dump)), "url": shlex.quote(typed(url))}


def _note(database: Database, made: int) -> None:
    """It stands in the office's log, and nobody is logged in by a session that ended since."""
    with database.writing() as tx:
        tx.execute(delete(schema.session))
        who = office_log.system_user()
        told = restored.told(tx, made)
        office_log.note(tx, server.wall(), who, restored.DEED, detail=told)


COMMANDS = (make, restore)
