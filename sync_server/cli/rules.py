"""Commands about rule files: check them, prove them with worked cases, put them in force."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
import msgspec

from sync_server import (
    calendar,
    office_log,
    regulations,
    ruling_files,
    rulings,
    server,
    shifts,
    wording,
)
from sync_server.cli import proposal
from sync_server.cli.imports import calendar_group
from sync_server.cli.setting import BROKEN, FILE, Setting, as_json, read_text, setting
from sync_server.errors import BadFile
from sync_server.tukin import case_file, cases, reading
from sync_server.tukin.cases import Files, Outcome
from sync_server.tukin.questions import questions
from sync_server.tukin.ruleset import Ruleset


@click.group("rules")
def rules_group() -> None:
    """The rule files: what a decree cuts, and what it pays."""


@rules_group.command("check")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@setting
def check_rules(setting: Setting, files: tuple[str, ...]) -> None:
    """Check rule files, alone and beside each other, and say what a decree left open.

    A name of `rules list` stands for the file that comes with Hadir.

    Example: sync-server rules check perbup-1-2026.toml
    """
    with setting.explaining():
        found = [reading.parse(*_named(name)) for name in files]
        reading.check_together(found)
    for rules in found:
        _tell_checked(setting, rules)


@rules_group.command("cases")
@click.argument("cases_file", type=FILE, metavar="CASES.json")
@click.option("--rules", "rules_files", type=FILE, multiple=True, required=True, help="May repeat.")
@click.option("--shifts", "shifts_file", type=FILE, required=True, help="The shift file.")
@click.option("--calendar", "calendar_file", type=FILE, required=True, help="The year's calendar.")
@as_json
@setting
def prove_cases(  # noqa: PLR0913 - one for each option
    setting: Setting,
    cases_file: Path,
    rules_files: tuple[Path, ...],
    shifts_file: Path,
    calendar_file: Path,
    as_json: bool,
) -> None:
    """Compare worked cases with what rule files make of them; 1 where one differs.

    Example: sync-server rules cases cases.json --rules r.toml --shifts s.toml --calendar c.toml
    """
    with setting.explaining():
        known = _files(rules_files, shifts_file, calendar_file)
        found = case_file.parse(read_text(cases_file), cases_file.name)
        outcomes = [cases.judge(case, known, cases_file.name) for case in found]
    if as_json:
        click.echo(msgspec.json.encode(_summary(outcomes)))
    else:
        _tell_outcomes(setting, outcomes)
    if not all(one.holds for one in outcomes):
        raise click.exceptions.Exit(BROKEN)


@rules_group.command("list")
@as_json
@setting
def list_rules(setting: Setting, as_json: bool) -> None:
    """Show the rule sets that come with Hadir, and those that were imported.

    Example: sync-server rules list
    """
    with setting.ledger() as database, database.reading() as tx:
        found = rulings.rulesets(tx)
    shipped = {name: reading.parse(*_named(name)) for name in regulations.names()}
    if as_json:
        imported = [_line(one) for one in found]
        lists = {"shipped": {k: _line(one) for k, one in shipped.items()}, "imported": imported}
        click.echo(msgspec.json.encode(lists))
        return
    click.echo(wording.say(setting.lang, "rules_shipped"))
    for name, one in shipped.items():
        click.echo(f"  {name:24} {one.title} [{one.deduct.method}]")
    click.echo(wording.say(setting.lang, "rules_in_force"))
    for one in found:
        click.echo(f"  {one.id:24} {one.effective_from} {one.status:8} {one.decree}")
    if not found:
        click.echo(f"  {wording.say(setting.lang, 'rules_none')}")


@rules_group.command("import")
@click.argument("file", metavar="FILE|NAME")
@setting
def import_rules(setting: Setting, file: str) -> None:
    """Put a rule file in force from its date: a file, or a name of `rules list`.

    Example: sync-server rules import rules-40-60
    """
    with setting.ledger() as database:
        text, name = _named(file)
        with database.writing() as tx:
            who, now = office_log.system_user(), int(server.wall())
            rules = rulings.store_rules(tx, text, name, now, who)
            asks = ruling_files.unknown_letters(tx, rules)
    if rules.status == "active":
        setting.tell("rules_stored", id=rules.id, decree=rules.decree, since=rules.effective_from)
    else:
        setting.tell("rules_draft", id=rules.id, status=rules.status)
    for ask in asks:
        setting.tell(ask.code, **ask.values)


@rules_group.command("revoke")
@click.argument("id")
@setting
def revoke_rules(setting: Setting, id: str) -> None:
    """Take a rule set out of force, as if it had never been imported.

    Example: sync-server rules revoke kab-x-2026
    """
    with setting.ledger() as database, database.writing() as tx:
        if not rulings.revoke_rules(tx, id, int(server.wall()), office_log.system_user()):
            raise BadFile("rules", id, "rules_not_there")
    setting.tell("rules_revoked", id=id)


@calendar_group.command("propose")
@click.argument("year", type=click.IntRange(2000, 2100))
@setting
def propose_calendar(setting: Setting, year: int) -> None:
    """Print a year's calendar as a proposal, for a person to compare with the decree.

    Example: sync-server calendar propose 2027 > 2027.toml
    """
    proposed = proposal.propose(year)
    click.echo(proposed.text, nl=False)
    setting.tell("proposal_told", year=year, holidays=proposed.holidays, joint=proposed.joint_leave)


def _named(name: str) -> tuple[str, str]:
    """The text and the name of a file, or of a rule set that comes with Hadir."""
    if name in regulations.names():
        return regulations.text(name), name
    if not Path(name).is_file() and not Path(name).suffix:
        raise BadFile(name, "", "rules_unknown", names=", ".join(regulations.names()))
    return read_text(Path(name)), Path(name).name


def _files(rules_files: Sequence[Path], shifts_file: Path, calendar_file: Path) -> Files:
    table = shifts.parse(read_text(shifts_file), shifts_file.name)
    year = calendar.parse(read_text(calendar_file), calendar_file.name)
    year.check_shifts(table)
    found = [reading.parse(read_text(file), file.name) for file in rules_files]
    reading.check_together(found)
    return Files(found, table, year)


def _tell_checked(setting: Setting, rules: Ruleset) -> None:
    its = {"id": rules.id, "decree": rules.decree, "since": rules.effective_from}
    setting.tell("rules_good", file=rules.file, method=rules.deduct.method, **its)
    setting.tell("rules_ask")
    for question in questions(rules):
        click.echo(f"- {wording.say(setting.lang, question.code, **question.values)}", err=True)


def _summary(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    good = sum(one.holds for one in outcomes)
    return {"cases": outcomes, "good": good, "all": len(outcomes)}


def _tell_outcomes(setting: Setting, outcomes: Sequence[Outcome]) -> None:
    for one in outcomes:
        code = "case_good" if one.holds else "case_not"
        said = {"id": one.id, "title": one.title, "got": _plain(one.got)}
        click.echo(wording.say(setting.lang, code, expected=_plain(one.expected), **said))
    good = sum(one.holds for one in outcomes)
    setting.tell("cases_told", good=good, all=len(outcomes))


def _plain(values: Mapping[str, Any]) -> str:
    """What an example says, in the order in which it says it."""
    return " ".join(f"{key}={_short(value)}" for key, value in values.items())


def _short(value: object) -> str:
    if isinstance(value, list | dict):
        return msgspec.json.encode(value).decode()
    return str(value)


def _line(rules: Ruleset) -> dict[str, Any]:
    keys = ("id", "title", "decree", "region", "effective_from", "effective_to", "status")
    return {key: getattr(rules, key) for key in keys} | {"method": rules.deduct.method}


COMMANDS = (rules_group,)
