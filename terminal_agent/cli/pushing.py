"""`people push`: the people of an office on all of its terminals."""

import json
from collections.abc import Iterable
from pathlib import Path

import click
import msgspec

from contract.roll import own_salt
from terminal_agent import identity
from terminal_agent.cli.borrowing import Borrower
from terminal_agent.cli.people import people_group
from terminal_agent.cli.setting import BROKEN, OUT_OF_REACH, WRONG, Setting, setting
from terminal_agent.config import Config
from terminal_agent.discovery import addresses
from terminal_agent.errors import SourceMisconfigured, SourceUnavailable
from terminal_agent.roster import pushing
from terminal_agent.roster.differences import Plan, Step
from terminal_agent.roster.pushing import Away, Comparison, Office, Pushed
from terminal_agent.staff import Staff
from terminal_agent.wording import say

_YES, _NO = ("y", "ya", "yes"), ("t", "tidak", "n", "no", "")


class Wish(msgspec.Struct, frozen=True):
    """What was typed."""

    device: str
    dry_run: bool
    remove: bool
    yes: bool
    as_json: bool


@people_group.command("push")
@click.option("--device", default="", metavar="NAME", help="Write to this terminal only.")
@click.option("--dry-run", is_flag=True, help="Show the differences and write nothing.")
@click.option(
    "--remove", is_flag=True, help="Take off who is not on the centre's list; asks first."
)
@click.option("--yes", is_flag=True, help="With --remove: do not ask.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@setting
def push(setting: Setting, /, **typed: object) -> None:
    """Bring the office's people, cards and fingers to every ZKTeco terminal, differences first.

    Who belongs there and what they are called is the centre's list; without one, everybody of every
    terminal. Cards and fingers come from the terminals, and only to where there are none. Terminal
    administrators are never touched, and nobody is deleted without --remove. Exit code 1 where
    somebody could not be written, 3 where a terminal is out of reach.

    Example: terminal-agent people push --dry-run
    """
    wish = msgspec.convert(typed, Wish)
    with setting.explaining():
        kiosk = setting.load()
        staff = Staff.load(Path(kiosk.kiosk.state)).names()
        if code := _wrong(kiosk, wish, staff):
            setting.tell(code, name=wish.device, kid=_kid(kiosk))
            raise click.exceptions.Exit(WRONG)
        with Borrower(Path(kiosk.kiosk.socket)) as borrower:
            ends = _push(_Desk(setting, kiosk, wish, borrower), _office(kiosk, staff, borrower))
    raise click.exceptions.Exit(ends)


def _wrong(kiosk: Config, wish: Wish, staff: dict[str, str]) -> str:
    """The code of what is wrong with what was typed, or ""."""
    names = [device.name for device in kiosk.zkteco]
    if not names:
        return "push_no_devices"
    if wish.device and wish.device not in names:
        return "push_unknown_device"
    return "push_no_list" if wish.remove and not staff else ""


def _kid(kiosk: Config) -> str:
    """What the centre calls this kiosk; a word for it before it is enrolled."""
    try:
        return identity.load(Path(kiosk.kiosk.state)).kid
    except SourceMisconfigured:
        return "KIOS"


def _office(kiosk: Config, staff: dict[str, str], borrower: Borrower) -> Office:
    found = addresses.recall(Path(kiosk.kiosk.state))
    devices = [addresses.placed(device, found) for device in kiosk.zkteco]
    return Office(devices, staff, borrower.lend)


class _Desk(msgspec.Struct, frozen=True):
    """Who typed what, and through whom terminals and journal are reached."""

    setting: Setting
    kiosk: Config
    wish: Wish
    borrower: Borrower


def _push(desk: _Desk, office: Office) -> int:
    """The whole of it; its exit code."""
    setting, wish = desk.setting, desk.wish
    by = "push_by_list" if office.staff else "push_by_terminals"
    setting.tell(by, count=len(office.staff), kid=_kid(desk.kiosk))
    setting.tell("push_reading", count=len(office.devices))
    compared = pushing.compare(office, wish.device, remove=wish.remove)
    if not wish.as_json:
        _show(setting, compared)
    going = sum(step.remove for plan in compared.plans for step in plan.steps)
    may = wish.dry_run or not going or wish.yes or _agreed(setting, going)
    done = [] if wish.dry_run or not may else list(pushing.write(office, compared.plans))
    if not may:
        setting.tell("push_not_agreed")
    for one in done:
        _tell(desk, one)
    if wish.as_json:
        click.echo(json.dumps(_facts(compared, done)))
    elif wish.dry_run:
        setting.tell("push_dry_run")
    return _exit_code(compared, done) if may else BROKEN


def _agreed(setting: Setting, going: int) -> bool:
    question = say(setting.lang, "push_sure", count=going)
    while True:
        typed = (
            str(click.prompt(question, default="", show_default=False, err=True)).strip().lower()
        )
        if typed in (*_YES, *_NO):
            return typed in _YES
        setting.tell("push_yes_or_no")


def _exit_code(compared: Comparison, done: Iterable[Pushed | Away]) -> int:
    if compared.away or any(isinstance(one, Away) for one in done):
        return OUT_OF_REACH
    return BROKEN if any(isinstance(one, Pushed) and one.report.left for one in done) else 0


def _show(setting: Setting, compared: Comparison) -> None:
    for away in compared.away:
        _tell_away(setting, away)
    for plan in compared.plans:
        code = "push_device" if plan.steps or plan.left else "push_same"
        click.echo(say(setting.lang, code, name=plan.device, serial=plan.serial))
        for pin, words in _lines(setting, plan):
            click.echo(f"  {pin:<10} {compared.names.get(pin, '')[:24]:<24} {words}")


def _lines(setting: Setting, plan: Plan) -> Iterable[tuple[str, str]]:
    for step in plan.steps:
        yield step.pin, _deed(setting, step)
    for pin, code in plan.left:
        yield pin, say(setting.lang, "push_left", why=say(setting.lang, f"push_{code}"))


def _deed(setting: Setting, step: Step) -> str:
    codes = [code for code in ("add", "remove") if getattr(step, code)]
    codes += ["name"] if step.name and not step.add else []
    codes += ["card"] if step.card else []
    words = [say(setting.lang, f"push_{code}") for code in codes]
    if step.fingers:
        sources = ", ".join(sorted({one.source for one in step.fingers.values()}))
        count = len(step.fingers)
        words.append(say(setting.lang, "push_fingers", count=count, source=sources))
    return ", ".join(words)


def _tell(desk: _Desk, one: Pushed | Away) -> None:
    """What became of one terminal, and its changes into the chain."""
    if isinstance(one, Away):
        _tell_away(desk.setting, one)
        return
    facts = msgspec.structs.asdict(one.report) | {"left": len(one.report.left)}
    desk.setting.tell("push_done", name=one.device, **facts)
    for pin, code in one.report.left:
        why = say(desk.setting.lang, f"push_{code}")
        desk.setting.tell("push_not_written", pin=pin, why=why)
    if one.done and not _journalled(desk, one):
        desk.setting.tell("push_unnoted", name=one.device)


def _journalled(desk: _Desk, one: Pushed) -> bool:
    """Whether the chain says by now who was written where."""
    if not desk.borrower.has_agent:
        return False
    invited = identity.load(Path(desk.kiosk.kiosk.state))
    changes = list(pushing.changes(one.done, invited.salt or own_salt(invited.mac_key)))
    try:
        return desk.borrower.journal(one.serial, changes)
    except SourceUnavailable:
        return False


def _tell_away(setting: Setting, away: Away) -> None:
    sentence = say(setting.lang, away.code, where=away.where, detail=away.detail)
    click.echo(f"{away.device}: {sentence}", err=True)


def _facts(compared: Comparison, done: Iterable[Pushed | Away]) -> dict[str, object]:
    """For scripts; no template and no card's number among it."""
    away = [*compared.away, *(one for one in done if isinstance(one, Away))]
    written = {
        one.device: {name: getattr(one.report, name) for name in one.report.__struct_fields__[:6]}
        | {"left": dict(one.report.left)}
        for one in done
        if isinstance(one, Pushed)
    }
    return {
        "devices": [
            {
                "device": plan.device,
                "serial": plan.serial,
                "steps": [_step(step) for step in plan.steps],
                "left": [{"pin": pin, "code": code} for pin, code in plan.left],
                "written": written.get(plan.device),
            }
            for plan in compared.plans
        ],
        "away": [msgspec.to_builtins(one) for one in away],
    }


def _step(step: Step) -> dict[str, object]:
    fingers = {number: one.source for number, one in sorted(step.fingers.items())}
    said: dict[str, object] = {"pin": step.pin, "add": step.add, "remove": step.remove}
    return said | {"name": step.name, "card": bool(step.card), "fingers": fingers}


COMMANDS: tuple[click.Command, ...] = ()  # they belong to the group of `people`
