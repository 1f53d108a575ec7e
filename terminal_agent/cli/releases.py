"""New releases, the way back, and the mode with fingers only."""

import json
import signal
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import click
import msgspec

from terminal_agent import config, durable, log_ring, safe_mode
from terminal_agent.cli.setting import BROKEN, Setting, setting
from terminal_agent.clock import Clock
from terminal_agent.durable import as_owner
from terminal_agent.errors import SourceMisconfigured, SourceUnavailable
from terminal_agent.releases import floor, gathered, place, told, units
from terminal_agent.releases.brought import brought
from terminal_agent.releases.foreign import Foreign
from terminal_agent.releases.gathered import Shelf
from terminal_agent.releases.keeper import Keeper
from terminal_agent.releases.place import Place
from terminal_agent.releases.told import Outcome, Trial, Wish

_LOOK = 1.0
_PATIENCE = 30.0  # seconds in which the keeper begins: a cold card, a slow machine
_ENDS = {"installed": 0, "back": 0, "rolled_back": BROKEN, "refused": BROKEN}
_DID = {
    "installed": "release_installed",
    "back": "release_back",
    "rolled_back": "release_rolled_back",
    "refused": "release_refused",
}
_SWITCHED = {"on": "safe_mode_on", "off": "safe_mode_off"}
_wait = click.option(
    "--wait", default=1200, show_default=True, metavar="SECONDS", type=click.IntRange(0, 7200)
)
_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


@click.command("update")
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--check", is_flag=True, help="Only say what would be done.")
@_wait
@_json
@setting
def update(setting: Setting, file: Path | None, check: bool, wait: int, as_json: bool) -> None:
    """Install a release file; with --check and no file, say what runs and what became of the last.

    The kiosk goes back by itself where the new release does not prove itself within ten minutes.

    Example: sudo -u hadir-agent terminal-agent update hadir-kiosk_0.2.0_arm64.hadir
    """
    with setting.explaining():
        here, state = place.own(), Path(setting.load().kiosk.state)
        if file is None:
            if not check:
                setting.unfit("type_which_release")
            _show(setting, here, as_json=as_json)
        elif check:
            _checked(setting, here, file, as_json=as_json)
        else:
            _install(setting, here, state, (file, wait), as_json=as_json)


def _install(
    setting: Setting, here: Place, state: Path, what: tuple[Path, int], *, as_json: bool
) -> None:
    file, wait = what
    try:
        with as_owner(state):
            shelf = Shelf(state)
            found = gathered.unpack(file, here, shelf)
            setting.tell("release_gathered", version=found.version)
            wish = Wish(_number(), "install", shelf.digest())
            outcome = _asked(setting, here, state, (wish, wait))
    except OSError as problem:
        raise SourceUnavailable("state_unwritable", str(problem)) from problem
    _end(setting, outcome, as_json=as_json)


def _checked(setting: Setting, here: Place, file: Path, *, as_json: bool) -> None:
    """Raises SourceMisconfigured where the kiosk would refuse it."""
    found = gathered.accepted(here, *brought(file))
    lacking = gathered.lacking(here, found)
    facts = {
        "version": found.version,
        "release": found.release,
        "files": len(found.files),
        "objects": len(lacking),
        "bytes": sum(one.packed for one in lacking),
    }
    if as_json:
        click.echo(json.dumps(facts))
    else:
        setting.tell("release_fits", **facts)


@click.command("rollback")
@_wait
@_json
@setting
def rollback(setting: Setting, wait: int, as_json: bool) -> None:
    """Go back to the release that ran before this one; there is one step back, not two.

    Example: sudo -u hadir-agent terminal-agent rollback
    """
    with setting.explaining():
        here, state = place.own(), Path(setting.load().kiosk.state)
        wish = Wish(_number(), "rollback")
        refused = _refused(here, wish)
        try:
            with as_owner(state):
                outcome = refused or _asked(setting, here, state, (wish, wait))
        except OSError as problem:
            raise SourceUnavailable("state_unwritable", str(problem)) from problem
    _end(setting, outcome, as_json=as_json)


def _refused(here: Place, wish: Wish) -> Outcome | None:
    """What the keeper would say where there is nothing to go back to; nobody has to wait for it."""
    if told.read(here.kept / told.TRIAL, Trial) is not None:
        return None
    try:
        floor.before(here)
    except SourceMisconfigured as problem:
        return Outcome(wish.no, "refused", "", 0, reason=problem.code, detail=str(problem))
    return None


def _asked(setting: Setting, here: Place, state: Path, wish: tuple[Wish, int]) -> Outcome:
    """Put the wish where the keeper finds it, and see what comes of it. Raises OSError, and
    SourceUnavailable where nobody works on it; then it is wished no more."""
    asked, wait = wish
    file, unseen = state / told.FOLDER / told.WISH, 0.0
    told.write(file, asked, 0o600)
    setting.tell("release_asking")
    for _ in range(int(wait / _LOOK)):
        outcome = told.read(here.kept / told.OUTCOME, Outcome)
        if outcome is not None and asked.no in (outcome.no, outcome.tried):
            return outcome
        unseen = 0.0 if units.is_keeper_at_work() else unseen + _LOOK
        if unseen > _PATIENCE:
            break
        threading.Event().wait(_LOOK)
    if units.is_keeper_at_work():
        raise SourceUnavailable("release_goes_on", f"{wait} s")
    durable.remove(file)  # or it would be done at some later start, when nobody expects it
    raise SourceUnavailable("release_no_keeper", "hadir-update.service has not answered")


def _end(setting: Setting, outcome: Outcome, *, as_json: bool) -> NoReturn:
    _tell_outcome(setting, outcome, as_json=as_json)
    raise click.exceptions.Exit(_ENDS[outcome.did])


def _number() -> int:
    """A wish's own number: UTC milliseconds, which no command's counter reaches."""
    return int(Clock().system() * 1000)


def _tell_outcome(setting: Setting, outcome: Outcome, *, as_json: bool) -> None:
    if as_json:
        click.echo(msgspec.json.encode(outcome))
        return
    facts = msgspec.to_builtins(outcome)
    setting.tell(_DID[outcome.did], **facts)
    if outcome.reason:
        setting.tell(outcome.reason, detail=outcome.detail or outcome.version)


def standing(here: Place | None) -> dict[str, object]:
    """What `status` says of releases; nothing where this program is none."""
    if here is None:
        return {}
    last = told.read(here.kept / told.OUTCOME, Outcome)
    trial = told.read(here.kept / told.TRIAL, Trial)
    return {
        **place.described(here),
        "on_trial": trial.version if trial else "",
        "last_update": msgspec.to_builtins(last) if last else None,
    }


def tell_standing(setting: Setting, here: Place | None) -> None:
    """The same in words; what became of the last update stays until there is another."""
    if here is None:
        return
    setting.tell("status_release", **{**place.described(here), "detail": ""})
    if trial := told.read(here.kept / told.TRIAL, Trial):
        setting.tell("release_on_trial", version=trial.version)
    last = told.read(here.kept / told.OUTCOME, Outcome)
    if last is not None and last.did != "installed":
        when = f"{datetime.fromtimestamp(last.at, UTC):%Y-%m-%d %H:%M} UTC"
        setting.tell("release_last", when=when)
        _tell_outcome(setting, last, as_json=False)


def _show(setting: Setting, here: Place, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(standing(here)))
    else:
        tell_standing(setting, here)


@click.command("keep-release")
@click.option(
    "--state",
    default=Path(config.Kiosk().state),
    show_default=True,
    type=click.Path(path_type=Path),
    help="The agent's folder: a configuration that nobody can read must not keep a bad release.",
)
@click.option("--boot-id", default="", help="Boot id where /proc hides it (systemd: %b).")
@setting
def keep_release(setting: Setting, state: Path, boot_id: str) -> None:
    """Install what the agent has gathered, watch it, go back where it fails: hadir-update.service.

    Example: terminal-agent keep-release
    """
    log_ring.begin()
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda _number, _frame: stop.set())
    with setting.explaining():
        here = place.own()
        here.kept.mkdir(mode=0o755, exist_ok=True)
        here.kept.chmod(0o755)
        Keeper(here, Foreign(state / told.FOLDER), units, Clock("kernel", boot_id), stop).run()


@click.command("safe-mode")
@click.argument("switch", type=click.Choice(["on", "off"]))
@setting
def switch_mode(setting: Setting, switch: str) -> None:
    """Fingers only: the camera stays off until somebody types off. Attendance goes on.

    Example: sudo -u hadir-agent terminal-agent safe-mode on
    """
    with setting.explaining():
        try:
            state = Path(setting.load().kiosk.state)
            with as_owner(state):
                safe_mode.switch(state, on=switch == "on")
        except OSError as problem:
            raise SourceUnavailable("state_unwritable", str(problem)) from problem
    setting.tell(_SWITCHED[switch])


COMMANDS = (update, rollback, keep_release, switch_mode)
