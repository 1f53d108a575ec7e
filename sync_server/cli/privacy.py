"""Commands that delete what its time is over, and say who is concerned by a breach."""

from datetime import date, datetime, time, timedelta, timezone
from functools import partial
from pathlib import Path

import click
import msgspec

from sync_server import localtime, office_log, server
from sync_server.cli.awaiting import keys_of
from sync_server.cli.leaving import write_paper
from sync_server.cli.setting import FILE, WRONG, Setting, as_json, setting
from sync_server.errors import BadFile
from sync_server.privacy import exposure, keeping, paper, retention
from sync_server.privacy.exposure import Exposure
from sync_server.privacy.retention import Due
from sync_server.wording import deed, say


@click.command("retention")
@click.option("--dry-run", is_flag=True, help="Only say what would be deleted.")
@as_json
@setting
def run_retention(setting: Setting, dry_run: bool, as_json: bool) -> None:
    """Delete what its time is over, as the server does once a day, and show how long all is kept.

    Raw events, the office log, decisions and frozen months are never deleted.

    Example: sync-server retention --dry-run
    """
    now = int(server.wall())
    with setting.ledger() as database:
        if dry_run:
            with database.reading() as tx:
                found = retention.due(tx, now)
        else:
            with database.writing() as tx:
                found = retention.run(tx, partial(keys_of, setting), now, office_log.system_user())
    if as_json:
        shown = msgspec.to_builtins(found) | {"total": found.total, "dry_run": dry_run}
        click.echo(msgspec.json.encode(shown | {"days": _days()}))
        return
    _show_table(setting, found)
    setting.tell("retention_would" if dry_run else "retention_ran", count=found.total)


@click.command("breach")
@click.option(
    "--kiosk", "kid", metavar="KID", help="A kiosk, or its card, that was stolen or copied."
)
@click.option("--account", metavar="NAME", help="An account that somebody else used.")
@click.option("--server", "whole", is_flag=True, help="The central server or its disk.")
@click.option(
    "--since", required=True, metavar="WHEN", help="A date, or a time with its zone (else WIB)."
)
@click.option("--until", metavar="WHEN", help="Until then; now without it.")
@click.option("--to", type=FILE, help="Write the notice here, ready to be filled in.")
@as_json
@setting
def breach(  # noqa: PLR0913 - one for each option
    setting: Setting,
    kid: str | None,
    account: str | None,
    whole: bool,
    since: str,
    until: str | None,
    to: Path | None,
    as_json: bool,
) -> None:
    """List whose data a kiosk, an account or the server exposed, and write the notice to them.

    In doubt somebody is on the list. UU 27/2022 gives 3 x 24 hours; the notice says what, when and how,
    remedy and contact, with blanks and boxes for what no program knows. It is a letter to one person;
    the list of everybody goes to a second file beside it, which is not to be sent.

    Example: sync-server breach --kiosk T07A --since 2026-11-20 --to pemberitahuan.txt
    """
    if sum((kid is not None, account is not None, whole)) != 1:
        setting.tell("breach_one")
        raise click.exceptions.Exit(WRONG)
    with setting.ledger() as database:
        now = int(server.wall())
        span = _span(since, until, now)
        with database.reading() as tx:
            if kid is not None:
                found = exposure.of_kiosk(tx, kid, *span)
            elif account is not None:
                found = exposure.of_account(tx, account, *span)
            else:
                found = exposure.of_server(tx, *span)
        with database.writing() as tx:
            said = f"{found.kind} {found.which} {paper.moment(span[0])} {len(found.people)}"
            office_log.note(tx, now, office_log.system_user(), "breach_report", detail=said)
        if to:
            write_paper(setting, to, paper.letter(setting.lang, found))
            beside = to.with_name(f"{to.stem}-{say(setting.lang, 'letter_archive')}{to.suffix}")
            write_paper(setting, beside, paper.archived(setting.lang, found))
    if as_json:
        click.echo(msgspec.json.encode(msgspec.to_builtins(found) | {"what": found.what}))
    else:
        _show_exposure(setting, found)


def _show_table(setting: Setting, found: Due) -> None:
    lang, counts = setting.lang, dict(found.counts)
    counts |= {"faces": len(found.faces), "numbers": len(found.numbers)}
    for code, days in _days().items():
        what = say(lang, f"keep_{code}")
        click.echo(say(lang, "keep_line", count=counts[code], what=what, days=days))
    for why in dict.fromkeys(keeping.KEPT.values()):
        tables = ", ".join(name for name, one in keeping.KEPT.items() if one == why)
        code = "keep_left" if why == "left" else "keep_never"
        known = {"what": say(lang, f"keep_why_{why}"), "tables": tables}
        click.echo(say(lang, code, **known, days=keeping.LEFT_DAYS))


def _days() -> dict[str, int]:
    days = {rule.code: rule.days for rule in keeping.RULES}
    return days | {"faces": keeping.LEFT_DAYS, "numbers": keeping.LEFT_DAYS}


def _show_exposure(setting: Setting, found: Exposure) -> None:
    lang = setting.lang
    which = say(lang, f"breach_kind_{found.kind}", which=found.which)
    times = {"since": paper.moment(found.since), "until": paper.moment(found.until)}
    figures = {"count": len(found.people), "kiosks": ", ".join(found.kiosks) or "-"}
    click.echo(say(lang, "breach_head", which=which, **times, **figures))
    for line in [*paper.people(lang, found), *paper.accounts(lang, found)]:
        click.echo(line)
    for act in found.acts:
        at = {"first": paper.moment(act.first), "last": paper.moment(act.last)}
        said = {"did": deed(lang, act.did), "opd": act.opd, "count": act.count}
        click.echo(say(lang, "breach_act", **at, **said))
    if found.reach is not None:
        click.echo(say(lang, "breach_reach", count=found.reach))
    for line in paper.orders(lang, found):
        click.echo(line)
    setting.tell("breach_clock" if found.people else "breach_nobody")


def _span(since: str, until: str | None, now: int) -> tuple[int, int]:
    first, last = _moment(since), _moment(until) if until else now
    if last < first:
        raise BadFile("--until", "", "breach_order")
    return first, last


def _moment(text: str) -> int:
    """UTC seconds. Raises BadFile."""
    wib = timezone(timedelta(minutes=localtime.WIB))
    try:
        if len(text) == len("2026-01-01"):
            return int(datetime.combine(date.fromisoformat(text), time(), wib).timestamp())
        given = datetime.fromisoformat(text)
    except ValueError as problem:
        raise BadFile("breach", "", "breach_since", text=text) from problem
    return int((given if given.tzinfo else given.replace(tzinfo=wib)).timestamp())


COMMANDS = (run_retention, breach)
