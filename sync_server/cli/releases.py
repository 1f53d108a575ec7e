"""Releases for kiosks: keep them, hand them out step by step, see what became of it."""

import re
from pathlib import Path

import click
import msgspec

from sync_server import office_log, release_store, releases, server
from sync_server.cli.awaiting import DAY, issuer
from sync_server.cli.setting import BROKEN, FILE, Setting, as_json
from sync_server.errors import BadFile
from sync_server.releases import Portion
from sync_server.wording import fate, say

_TTL = 60 * DAY  # a kiosk behind a slow link, and one that is switched off for a month


@click.group("release")
def release_group() -> None:
    """Releases for kiosks.

    Example: sync-server release list
    """


@release_group.command("add")
@click.argument("file", type=FILE)
@click.option("--key", type=FILE, help="release.pub; it is remembered for the next ones.")
@click.pass_obj
def add(setting: Setting, file: Path, key: Path | None) -> None:
    """Keep a signed release file at this centre, whose door gives it to kiosks.

    Example: sync-server release add hadir-kiosk_0.2.0_arm64.hadir --key release.pub
    """
    with setting.explaining():
        found = release_store.add(Path(setting.load().state), file, key)
    with setting.ledger() as database, database.writing() as tx:
        who, told = office_log.system_user(), f"{found.version} {found.arch} {found.digest}"
        office_log.note(tx, server.wall(), who, "release_added", detail=told)
    setting.tell("release_added", **msgspec.structs.asdict(found))


@release_group.command("roll-out")
@click.argument("version")
@click.option("--percent", type=click.IntRange(1, 100), default=100, help="Of all kiosks.")
@click.option("--shard", metavar="K/N", help="The K-th of N equal parts of all kiosks.")
@click.option("--kid", "kids", multiple=True, help="Only these kiosks.")
@click.option("--anyway", is_flag=True, help="Also where kiosks took it back.")
@click.pass_obj
def roll_out(  # noqa: PLR0913 - the options of a command
    setting: Setting,
    version: str,
    percent: int,
    shard: str | None,
    kids: tuple[str, ...],
    anyway: bool,
) -> None:
    """Ask kiosks to install a release; typed again with more, it goes to those that are missing.

    Each kiosk fetches what it lacks, slowly and within its windows and quota, and goes back by itself
    where the release fails. Once one has gone back, it goes to nobody else.

    Example: sync-server release roll-out 0.2.0 --percent 5
    """
    with setting.explaining():
        found = release_store.chosen(Path(setting.load().state), version)
        portion = Portion(kids, percent, *_shard(shard))
    by = issuer(setting, _TTL)
    with setting.ledger() as database, database.writing() as tx:
        back = [] if anyway else releases.taken_back(tx, found)
        if back:
            setting.tell("release_taken_back", version=version, kids=", ".join(back))
            raise click.exceptions.Exit(BROKEN)
        with setting.explaining():
            chosen = releases.roll_out(tx, by, found, portion)
        if not chosen:
            setting.tell("release_nobody", version=version)
            raise click.exceptions.Exit(BROKEN)
        told = f"{version}: {len(chosen)}"
        who = office_log.system_user()
        office_log.note(tx, server.wall(), who, "release_rolled_out", detail=told)
    setting.tell("release_rolled_out", count=len(chosen), version=version)


@release_group.command("list")
@as_json
@click.pass_obj
def show(setting: Setting, as_json: bool) -> None:
    """Show the releases that are kept here, and every kiosk that was asked to install one.

    Example: sync-server release list
    """
    with setting.explaining():
        state = Path(setting.load().state)
    kept, damaged = release_store.stored(state), [one.file for one in release_store.damaged(state)]
    with setting.ledger() as database, database.reading() as tx:
        asked = releases.asked(tx)
    if as_json:
        found = {"releases": kept, "damaged": damaged, "kiosks": asked}
        click.echo(msgspec.json.encode(found))
        return
    for file in damaged:
        setting.tell("release_kept_damaged", file=file)
    for one in kept:
        click.echo(say(setting.lang, "release_line", **msgspec.structs.asdict(one)))
    for kiosk in sorted(asked, key=lambda one: (-one.release, one.fate, one.kid)):
        words = f"{kiosk.version}: {fate(setting.lang, kiosk.fate, kiosk.detail)}"
        runs = kiosk.runs or "?"
        click.echo(say(setting.lang, "release_kiosk", kid=kiosk.kid, fate=words, runs=runs))
    if not kept:
        setting.tell("release_none")


def _shard(text: str | None) -> tuple[int, int]:
    """Raises BadFile."""
    if text is None:
        return 1, 1
    found = re.fullmatch(r"([0-9]{1,4})/([0-9]{1,4})", text)
    shard, of = (int(found[1]), int(found[2])) if found else (0, 0)
    if not 1 <= shard <= of:
        raise BadFile("--shard", "", "release_shard")
    return shard, of


COMMANDS = (release_group,)
