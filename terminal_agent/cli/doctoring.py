"""The commands that say what is wrong, put right what is safe, and pack it up for somebody afar."""

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from contract.invitation import Invitation
from terminal_agent import durable, identity, units
from terminal_agent.cli.borrowing import Borrower
from terminal_agent.cli.setting import BROKEN, Setting, setting
from terminal_agent.clock import Clock
from terminal_agent.config import Config
from terminal_agent.doctor import bundle, hidden, rounds
from terminal_agent.doctor.finding import Finding
from terminal_agent.errors import JournalFailed, SourceMisconfigured, SourceUnavailable
from terminal_agent.journal_view import View
from terminal_agent.staff import Staff
from terminal_agent.wording import say

_SCREEN = "hadir-kiosk.service"


@click.command("doctor")
@click.option("--fix", is_flag=True, help="Put right what is safe, and say what was done.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@setting
def doctor(setting: Setting, fix: bool, as_json: bool) -> None:
    """Examine the kiosk, its network and every device, and say for each fault what to do next.

    Terminals are borrowed from the agent for a moment; nothing is changed there without --fix, which
    sets a terminal's clock (only by a clock that is trusted itself), prepares a model, and clears
    left-over files of a full disk. As root it sees more. Exit code 1 where something fails.

    Example: sudo terminal-agent doctor --fix
    """
    with setting.explaining():
        config = setting.load()
    found, done = _examined(setting, config, fix=fix)
    failing = any(one.level == "fail" for one in found)
    if as_json:
        shown = {"holds": not failing, "findings": _shown(setting, found)}
        click.echo(json.dumps(shown | {"done": _shown(setting, done)}, ensure_ascii=False))
    else:
        for line in _lines(setting, found):
            click.echo(line)
        for line in _lines(setting, done, "doctor_done"):
            click.echo(line)
    if failing:
        raise click.exceptions.Exit(BROKEN)


@click.group("logs")
def logs_group() -> None:
    """What this kiosk's programs logged."""


@logs_group.command("bundle")
@click.option(
    "--to",
    "target",
    type=click.Path(path_type=Path),
    help="The zip, or a folder for hadir-KID-TIME.zip; otherwise here.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@setting
def logs_bundle(setting: Setting, target: Path | None, as_json: bool) -> None:
    """Pack log, configuration, standing and findings into a zip for whoever helps from afar.

    No names, NIPs, PINs, faces, passwords or keys are in it. As root the log is in it as well; the zip
    belongs to whoever owns the folder, and nobody else may read it.

    Example: sudo terminal-agent logs bundle --to /media/usb
    """
    with setting.explaining():
        config = setting.load()
    found, _ = _examined(setting, config)
    state = Path(config.kiosk.state)
    invited = _invited(state)
    veil = hidden.Veil(hidden.secrets(config, invited), Staff.load(state).names().items())
    log = bundle.log_lines()
    parts = bundle.Parts(config, found, list(_lines(setting, found)), rounds.recall(state), log)
    path = _named(target or Path(), invited)
    try:
        names = bundle.write(path, parts, veil)
        durable.owned_like_folder(path)
    except OSError as problem:
        setting.tell("bundle_unwritten", where=path, detail=problem.strerror)
        raise click.exceptions.Exit(BROKEN) from problem
    if not log:
        setting.tell("bundle_without_log")
    if as_json:
        click.echo(json.dumps({"file": str(path), "names": names, "log": bool(log)}))
    else:
        click.echo(
            say(setting.lang, "bundle_written", where=path, size=path.stat().st_size // 1000)
        )


def _named(target: Path, invited: Invitation | None) -> Path:
    """The file that was named, or one with a name of its own in the folder that was named."""
    if not target.is_dir():
        return target
    return target / f"hadir-{invited.kid if invited else 'kiosk'}-{_stamp()}.zip"


def _examined(
    setting: Setting, config: Config, *, fix: bool = False
) -> tuple[list[Finding], list[Finding]]:
    """What was found, and what was done about it. After a deed it is looked at again."""
    # Only here: the agent itself must not pay for OpenCV's memory.
    from terminal_agent.camera.outlook import light
    from terminal_agent.doctor import mending
    from terminal_agent.doctor.examine import Patient, examine

    clock = _clock(config)
    with Borrower(Path(config.kiosk.socket)) as borrower:

        @contextmanager
        def lend(name: str) -> Iterator[None]:
            with borrower.lend(name):
                yield

        patient = Patient(config, clock, lend, light, _wants_screen(setting))
        found = examine(patient)
        done = list(mending.mend(found, config, clock, lend)) if fix else []
        if done:
            found = examine(patient)
    return found, done


def _invited(state: Path) -> Invitation | None:
    try:
        return identity.load(state)
    except SourceMisconfigured:
        return None


def _clock(config: Config) -> Clock:
    """Our own, with what the agent knew of this boot."""
    clock = Clock(config.kiosk.clock)
    try:
        with closing(View(Path(config.kiosk.state) / "journal.db")) as view:
            clock.recall(view.clock())
    except JournalFailed:
        pass  # it never ran, or the examination says so
    return clock


def _wants_screen(setting: Setting) -> bool:
    try:
        return units.wanted(setting.path, units.FOLDER).get(_SCREEN, False)
    except (SourceMisconfigured, SourceUnavailable, OSError):
        return False


def _shown(setting: Setting, found: list[Finding]) -> list[dict[str, object]]:
    return [msgspec.to_builtins(one) | {"sentence": _sentence(setting, one)} for one in found]


def _lines(setting: Setting, found: list[Finding], mark: str = "") -> Iterator[str]:
    for one in found:
        level = say(setting.lang, mark or f"level_{one.level}")
        part = say(setting.lang, f"of_{one.part}", detail=one.part)
        told = _sentence(setting, one)
        yield f"{level:<10} {told if told.startswith(f'{part}:') else f'{part}: {told}'}"


def _sentence(setting: Setting, one: Finding) -> str:
    facts: dict[str, object] = {"where": one.part, "detail": one.code, **one.values}
    return say(setting.lang, one.code, **facts)


def _stamp() -> str:
    return f"{datetime.fromtimestamp(Clock().system(), UTC):%Y%m%dT%H%M%SZ}"


COMMANDS = (doctor, logs_group)
