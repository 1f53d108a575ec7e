"""What `people versions` shows, and how it proves that a version is still what the chain says."""

import json
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from contract import event
from terminal_agent import config
from terminal_agent.cli.setting import BROKEN, Setting
from terminal_agent.config import Config
from terminal_agent.errors import JournalFailed
from terminal_agent.faces import matched
from terminal_agent.faces.matched import Version
from terminal_agent.journal_view import View
from terminal_agent.wording import say


class Verdict(msgspec.Struct, frozen=True):
    """`holds`: the digest, recomputed, is the one that is kept. `in_chain`: the journal has the same
    one for this version; None where its current epoch does not speak of it."""

    holds: bool
    in_chain: bool | None


def audited(version: Version, state: Path) -> Verdict:
    """Recompute the digest, and look the version up in the journal."""
    told = {one.digest for one in _galleries(state) if one.version == version.no}
    return Verdict(matched.holds(version), told == {version.digest} if told else None)


def show(setting: Setting, kiosk: Config, version: Version, verdict: Verdict | None) -> None:
    """The version for people and, where it was asked for, whether it holds; ends with 1 if not."""
    click.echo(_described(setting, kiosk, version))
    for pin, digest in version.roster:
        click.echo(f"  {pin:12} {digest}")
    if verdict is None:
        return
    code = "version_holds" if verdict.holds else "version_broken"
    click.echo(say(setting.lang, code, no=version.no))
    said = {True: "version_in_chain", False: "version_not_as_chain", None: "version_unsaid"}
    click.echo(say(setting.lang, said[verdict.in_chain], no=version.no))
    _end(verdict)


def emit(version: Version, verdict: Verdict | None) -> None:
    """One JSON object; all but the centre itself, which is nobody's to see."""
    shown = msgspec.structs.asdict(version) | {
        "centre": bool(version.centre),
        "threshold": version.threshold / 10_000 if version.threshold else None,
        "claimed": version.claimed / 10_000,
    }
    click.echo(json.dumps(shown | (msgspec.structs.asdict(verdict) if verdict else {})))
    if verdict:
        _end(verdict)


def day(seconds: int, kiosk: Config) -> str:
    """UTC seconds as the kiosk's zone writes them."""
    shown = datetime.fromtimestamp(seconds + config.ZONES[kiosk.kiosk.zone], UTC)
    return f"{shown:%Y-%m-%d %H:%M} {kiosk.kiosk.zone}"


def _end(verdict: Verdict) -> None:
    if not verdict.holds or verdict.in_chain is False:
        raise click.exceptions.Exit(BROKEN)


def _galleries(state: Path) -> list[event.Gallery]:
    try:
        with closing(View(state / "journal.db")) as view:
            records = [event.read(data) for _, data, _ in view.events()]
    except JournalFailed:  # there is none yet, or `journal verify` says what is wrong with it
        return []
    return [one for one in records if isinstance(one, event.Gallery)]


def _described(setting: Setting, kiosk: Config, version: Version) -> str:
    alone = say(setting.lang, "alone")
    values = msgspec.structs.asdict(version) | {
        "made": day(version.made, kiosk),
        "people": len(version.roster),
        "threshold": f"{version.threshold / 10_000:.4f}" if version.threshold else alone,
        "claimed": f"{version.claimed / 10_000:.4f}",
        "centre": say(setting.lang, "centre_held" if version.centre else "centre_struck"),
    }
    return say(setting.lang, "version_line", **values)
