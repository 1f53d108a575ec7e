"""Commands that erase a person, prove it, and say which erasures are still to be proven."""

from pathlib import Path
from typing import NoReturn

import click
import msgspec

from sync_server import erasures, server
from sync_server.cli.awaiting import await_all, issuer, keys_of, waiting
from sync_server.cli.imports import person_group
from sync_server.cli.setting import BROKEN, FILE, WRONG, Setting, as_json, setting
from sync_server.erasures import Post
from sync_server.errors import BadFile
from sync_server.privacy import leaving, paper, standing
from sync_server.privacy.leaving import Erased, Part
from sync_server.wording import say


@person_group.command("erase")
@click.argument("nip")
@click.option("--letter", default="", help="The letter that asks for it; not for --dry-run.")
@click.option("--to", type=FILE, help="Write the record of it here, to be signed.")
@click.option("--while-serving", is_flag=True, help="Erase face and number though the name stays.")
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@as_json
@waiting
@setting
def erase(  # noqa: PLR0913 - one for each option
    setting: Setting,
    nip: str,
    letter: str,
    to: Path | None,
    while_serving: bool,
    dry_run: bool,
    as_json: bool,
    wait: float | None,
) -> None:
    """Erase a person: face at every kiosk, number, name, NIP-to-PIN map, accounts.

    What pay rests on stays, and is named with its reason. Where the name is still needed (in service,
    or a month that is not frozen) nothing is done without --while-serving. Exit code 1 then, and where
    a person has more to do, as at terminals. The law gives 3 x 24 hours: see person erasures.

    Example: sync-server person erase 199001012015031001 --letter "No. 12/2026" --to berita-acara.txt
    """
    if not (letter.strip() or dry_run):
        setting.tell("erase_letter")
        raise click.exceptions.Exit(WRONG)
    by, key = issuer(setting, erasures.ERASE_TTL), keys_of(setting).templates
    with setting.ledger() as database:
        if not (while_serving or dry_run):
            with database.reading() as tx:
                needed = leaving.name_kept(tx, nip, by.now)
            if needed is not None:
                _refuse(setting, needed, as_json=as_json)
        with database.writing() as tx:
            kept = tx.begin_nested()
            done = leaving.erase(tx, key, by, nip, letter.strip())
            found = standing.record(tx, nip, done.posts, by.now) if done.posts else None
            if dry_run:
                kept.rollback()
        if dry_run:
            _show(setting, done, as_json=as_json, dry_run=True)
            return
        if to and found:
            write_paper(setting, to, paper.record(setting.lang, found))
        _show(setting, done, as_json=as_json)
        if not done.is_whole:
            raise click.exceptions.Exit(BROKEN)
        await_all(setting, database, done.asked, wait)


@person_group.command("proof")
@click.argument("nip")
@click.option("--pin", "pins", multiple=True, metavar="OPD/PIN", help="As the paper says it.")
@click.option("--to", type=FILE, help="Write the record here, to be signed.")
@as_json
@setting
def proof(
    setting: Setting, nip: str, pins: tuple[str, ...], to: Path | None, as_json: bool
) -> None:
    """Show how the erasure of a person is proven: centre and every kiosk, in one record to print.

    Once the NIP-to-PIN map is gone, only the paper knows the PIN: say it. Exit code 1 while anything
    remains to be done.

    Example: sync-server person proof 199001012015031001 --pin 1.01/17 --to berita-acara.txt
    """
    with setting.ledger() as database, database.reading() as tx:
        posts = [_post(one) for one in pins]
        found = standing.record(tx, nip, posts, int(server.wall()))
    text = paper.record(setting.lang, found)
    if to:
        write_paper(setting, to, text)
    if as_json:
        shown = msgspec.to_builtins(found) | {"whole": found.whole, "overdue": found.overdue}
        click.echo(msgspec.json.encode(shown))
    elif not to:
        click.echo(text)
    raise click.exceptions.Exit(0 if found.whole else BROKEN)


@person_group.command("erasures")
@as_json
@setting
def erasures_command(setting: Setting, as_json: bool) -> None:
    """List erased people, and every face that a kiosk has not proven yet, with its clock.

    Exit code 1 where one was asked for more than 3 x 24 hours ago.

    Example: sync-server person erasures
    """
    now = int(server.wall())
    with setting.ledger() as database, database.reading() as tx:
        asked, found = leaving.requests(tx), erasures.open_erasures(tx, None)
    overdue = [one for one in found if now - one.since > erasures.DUE]
    if as_json:
        shown = {"people": asked, "open": found, "overdue": len(overdue)}
        click.echo(msgspec.json.encode(shown))
        raise click.exceptions.Exit(BROKEN if overdue else 0)
    for request in asked:
        known = msgspec.structs.asdict(request) | {"at": paper.moment(request.at)}
        click.echo(say(setting.lang, "request_line", **known))
    for one in found:
        code = "proof_overdue" if one in overdue else "proof_open"
        hours = (now - one.since) // 3_600
        click.echo(say(setting.lang, code, opd=one.opd, pin=one.pin, hours=hours))
    if not asked and not found:
        setting.tell("requests_none")
    raise click.exceptions.Exit(BROKEN if overdue else 0)


def _refuse(setting: Setting, needed: Part, *, as_json: bool) -> NoReturn:
    if as_json:
        click.echo(msgspec.json.encode({"refused": needed}))
    else:
        click.echo(say(setting.lang, "erased_refused"))
        click.echo(paper.part(setting.lang, needed))
    setting.tell("erase_while_serving")
    raise click.exceptions.Exit(BROKEN)


def _show(setting: Setting, done: Erased, *, as_json: bool, dry_run: bool = False) -> None:
    if as_json:
        shown = msgspec.to_builtins(done) | {"whole": done.is_whole, "dry_run": dry_run}
        click.echo(msgspec.json.encode(shown))
        return
    if dry_run:
        click.echo(say(setting.lang, "erased_would"))
    for one in done.parts:
        click.echo(paper.part(setting.lang, one))
    click.echo(say(setting.lang, "paper_chains"))


def _post(text: str) -> Post:
    opd, _, pin = text.partition("/")
    if not opd or not pin:
        raise BadFile("--pin", "", "erase_pin_form")
    return opd, pin


def write_paper(setting: Setting, to: Path, text: str) -> None:
    """Write what is to be printed, and say where. Raises BadFile."""
    try:
        to.write_text(text, "utf-8")
    except OSError as problem:
        raise BadFile(str(to), "", "file_unwritable", detail=problem.strerror) from problem
    setting.tell("paper_written", file=to)


# They belong to the group of person commands.
COMMANDS: tuple[click.Command, ...] = ()
