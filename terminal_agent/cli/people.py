"""Commands for the faces of the people on this kiosk."""

import json
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from contract.event import Scan, read
from terminal_agent import config
from terminal_agent.cli.setting import BROKEN, WRONG, Setting, setting
from terminal_agent.config import Config
from terminal_agent.door.client import Door
from terminal_agent.errors import JournalFailed, SourceUnavailable
from terminal_agent.faces import hints, telling, vault
from terminal_agent.faces.gallery import Change, Gallery, Version
from terminal_agent.journal_view import View
from terminal_agent.wording import say


@click.group("people")
def people_group() -> None:
    """The faces that this kiosk knows: enrol, list, remove, erase."""


@people_group.command("enrol")
@click.argument("pin")
@click.option(
    "--images", type=click.Path(path_type=Path), help="A folder of images of this person."
)
@click.option("--camera", is_flag=True, help="Take the looks with the kiosk's own camera.")
@click.option("--as-new", is_flag=True, help="It is another person than the one who looks alike.")
@setting
def enrol(setting: Setting, pin: str, images: Path | None, camera: bool, as_new: bool) -> None:
    """Enrol a person's face from images or by the camera: 3 to 5 different good looks.

    What the person had before is replaced. No image is kept.

    Example: terminal-agent people enrol 17 --images /media/usb/17
    """
    if (images is None) != camera:
        setting.tell("people_one_way")
        raise click.exceptions.Exit(WRONG)
    # Only this command pays for numpy and OpenCV: the agent, which is started from here too, must not.
    from terminal_agent.cli import enrolling

    with setting.explaining():
        kiosk = setting.load()
        gallery = gallery_of(kiosk)
        enrolling.enrol(setting, kiosk, gallery, enrolling.Wish(pin, images, as_new))
        _bring(setting, kiosk, gallery)


@people_group.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@setting
def list_people(setting: Setting, as_json: bool) -> None:
    """List who is enrolled here, and who should be enrolled again because scores fall.

    Example: terminal-agent people list
    """
    with setting.explaining():
        kiosk = setting.load()
        gallery = gallery_of(kiosk)
        _bring(setting, kiosk, gallery)
        templates, unreadable = gallery.templates(), gallery.unreadable()
        waiting = len(gallery.untold())
    scores = _scores(Path(kiosk.kiosk.state))
    people = [
        {
            "pin": one.pin,
            "model": one.model,
            "looks": len(one.looks),
            "quality": min(look.quality for look in one.looks),
            "made": one.made,
            "by": one.by,
            "note": one.note,
            "scores": scores.get(one.pin, [])[-hints.RECENT :],
            "hint": hints.hint(scores.get(one.pin, [])),
        }
        for one in templates
    ]
    if as_json:
        click.echo(json.dumps({"people": people, "unreadable": unreadable, "untold": waiting}))
        return
    for one in people:
        click.echo(_line(setting, kiosk, one))
    for pin in unreadable:
        click.echo(say(setting.lang, "people_unreadable", pin=pin))
    if not people and not unreadable:
        setting.tell("people_none")


@people_group.command("remove")
@click.argument("pin")
@setting
def remove(setting: Setting, pin: str) -> None:
    """Take a person's face from this kiosk, as when somebody moves to another office.

    Example: terminal-agent people remove 17
    """
    _forget(setting, pin, "removed")


@people_group.command("erase")
@click.argument("pin")
@setting
def erase(setting: Setting, pin: str) -> None:
    """Erase a person's face from this kiosk, with proof in its chain.

    Example: terminal-agent people erase 17
    """
    _forget(setting, pin, "erased")


@people_group.command("versions")
@click.argument("number", type=int, required=False)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@setting
def versions(setting: Setting, number: int | None, as_json: bool) -> None:
    """Show what faces were matched with in a gallery version (the newest without a number).

    The "gallery" of every scan in the journal is such a number.

    Example: terminal-agent people versions 4
    """
    with setting.explaining():
        kiosk = setting.load()
        gallery = gallery_of(kiosk)
        number = gallery.newest_version() if number is None else number
        version = gallery.version(number)
    if version is None:
        setting.tell("version_none", no=number)
        raise click.exceptions.Exit(BROKEN)
    if as_json:
        click.echo(json.dumps(_auditable(version)))
        return
    click.echo(_described(setting, kiosk, version))
    for pin, digest in version.roster:
        click.echo(f"  {pin:12} {digest}")


def gallery_of(kiosk: Config) -> Gallery:
    """The faces of this kiosk. Raises SourceMisconfigured and SourceUnavailable."""
    state = Path(kiosk.kiosk.state)
    return Gallery(state / "faces.db", vault.key(state))


def _forget(setting: Setting, pin: str, change: Change) -> None:
    with setting.explaining():
        kiosk = setting.load()
        gallery = gallery_of(kiosk)
        gone = gallery.erase([pin], told=False, change=change)
        if gone:
            _bring(setting, kiosk, gallery)
    if not gone:
        setting.tell("people_unknown", pin=pin)
        raise click.exceptions.Exit(BROKEN)
    for _, digest in gone:
        setting.tell(
            "people_removed" if change == "removed" else "people_erased", pin=pin, digest=digest
        )


def _bring(setting: Setting, kiosk: Config, gallery: Gallery) -> None:
    """Changes into the chain now, or say that they wait for the agent."""
    waiting = len(gallery.untold())
    if not waiting:
        return
    with closing(Door(Path(kiosk.kiosk.socket), "command")) as door:
        try:
            door.connect()
            taken = telling.tell(gallery, door)
        except SourceUnavailable:
            taken = 0
    if taken:
        setting.tell("people_told", count=taken)
    if left := len(gallery.untold()):
        setting.tell("people_untold", count=left)


def _scores(state: Path) -> dict[str, list[int]]:
    """Everybody's scores before the camera in this epoch, oldest first."""
    scores: dict[str, list[int]] = {}
    try:
        with closing(View(state / "journal.db")) as view:
            events = view.events()
    except JournalFailed:  # there is none yet, or `journal verify` says what is wrong with it
        return scores
    for _, data, _ in events:
        record = read(data)
        if isinstance(record, Scan) and record.source == "camera" and record.score is not None:
            scores.setdefault(record.pin, []).append(record.score)
    return scores


def _line(setting: Setting, kiosk: Config, one: dict[str, object]) -> str:
    hint = say(setting.lang, f"hint_{one['hint']}") if one["hint"] else ""
    note = f" ({one['note']})" if one["note"] else ""
    made = _day(int(str(one["made"])), kiosk)
    return say(setting.lang, "people_line", **one | {"made": made, "note": note, "hint": hint})


def _described(setting: Setting, kiosk: Config, version: Version) -> str:
    alone = say(setting.lang, "alone")
    values = msgspec.structs.asdict(version) | {
        "made": _day(version.made, kiosk),
        "people": len(version.roster),
        "threshold": f"{version.threshold / 10_000:.4f}" if version.threshold else alone,
        "centre": say(setting.lang, "centre_held" if version.centre else "centre_struck"),
    }
    return say(setting.lang, "version_line", **values)


def _auditable(version: Version) -> dict[str, object]:
    """All but the centre itself, which is nobody's to see."""
    shown = msgspec.structs.asdict(version) | {"centre": bool(version.centre)}
    return shown | {"threshold": version.threshold / 10_000 if version.threshold else None}


def _day(seconds: int, kiosk: Config) -> str:
    shown = datetime.fromtimestamp(seconds + config.ZONES[kiosk.kiosk.zone], UTC)
    return f"{shown:%Y-%m-%d %H:%M} {kiosk.kiosk.zone}"


COMMANDS = (people_group,)
