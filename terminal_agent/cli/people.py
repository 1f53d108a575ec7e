"""Commands for the faces of the people on this kiosk."""

import json
import re
from contextlib import closing
from pathlib import Path

import click

from contract.event import Scan, read
from contract.people import is_nip
from terminal_agent import identity
from terminal_agent.cli import audited, telling
from terminal_agent.cli.setting import BROKEN, WRONG, Setting, setting
from terminal_agent.config import Config
from terminal_agent.door.client import Door
from terminal_agent.errors import JournalFailed, SourceUnavailable
from terminal_agent.faces import hints, vault
from terminal_agent.faces.gallery import Change, Gallery
from terminal_agent.fingers import Fingers
from terminal_agent.journal_view import View
from terminal_agent.wording import say

_PIN = re.compile(r"[A-Za-z0-9_-]{1,24}")  # 24 bytes is what a terminal keeps


@click.group("people")
def people_group() -> None:
    """The faces that this kiosk knows: enrol, list, remove, erase."""


@people_group.command("enrol")
@click.argument("pin", required=False)
@click.option(
    "--images",
    type=click.Path(path_type=Path),
    help="A folder of images of this person; without PIN, one that holds a folder named by each PIN.",
)
@click.option("--camera", is_flag=True, help="Take the looks with the kiosk's own camera.")
@click.option("--as-new", is_flag=True, help="It is another person than the one who looks alike.")
@click.option("--replace", is_flag=True, help="It takes the place of the other face of this PIN.")
@click.option(
    "--told", default="", metavar="NAME", help="Who told the person the notice on faces; kept."
)
@click.option("--by", default="", metavar="NAME", help="With either: who decided so; kept.")
@setting
def enrol(  # noqa: PLR0913 - one for each option
    setting: Setting,
    pin: str | None,
    images: Path | None,
    camera: bool,
    as_new: bool,
    replace: bool,
    told: str,
    by: str,
) -> None:
    """Enrol a person's face from images or by the camera: 3 to 5 different good looks.

    What the person had before is replaced; another face than that only with --replace, because a PIN
    may be mistyped. No image is kept. A folder of many people is enrolled
    without PIN; exit code 1 where one of them could not be. The notice is on the screen's own page; with
    --told its version stands in the template, whose digest is in the chain.

    Example: terminal-agent people enrol 17 --images /media/usb/17 --told Sari
    """
    by = by.strip()
    if code := _wrong(pin, images, camera=camera, decided=(as_new or replace, by)):
        setting.tell(code, pin=pin, detail=pin)
        raise click.exceptions.Exit(WRONG)
    # Only this command pays for numpy and OpenCV: the agent, which is started from here too, must not.
    from terminal_agent.cli import enrolling

    with setting.explaining():
        kiosk = setting.load()
        gallery = gallery_of(kiosk)
        wish = enrolling.Wish(
            pin, images, by if as_new else "", by if replace else "", told.strip()
        )
        done = enrolling.enrol(setting, kiosk, gallery, wish)
        _bring(setting, kiosk, gallery)
    if not done:
        raise click.exceptions.Exit(BROKEN)


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
        foreign = gallery.is_foreign()
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
    if foreign:
        setting.tell("faces_foreign")
    if as_json:
        click.echo(json.dumps({"people": people, "unreadable": unreadable, "untold": waiting}))
        return
    for one in people:
        click.echo(_line(setting, kiosk, one))
    for pin in unreadable:
        code = "people_other_key" if foreign else "people_unreadable"
        click.echo(say(setting.lang, code, pin=pin))
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
    """Erase a person's face and fingers from this kiosk, with proof in its chain.

    A finger counts for nobody from now on; the agent takes it out of its sensor, and out of one that
    is unplugged once it is back.

    Example: terminal-agent people erase 17
    """
    _forget(setting, pin, "erased")


@people_group.command("versions")
@click.argument("number", type=int, required=False)
@click.option("--verify", is_flag=True, help="Recompute its digest, and compare with the journal.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@setting
def versions(setting: Setting, number: int | None, verify: bool, as_json: bool) -> None:
    """Show what faces were matched with in a gallery version (the newest without a number).

    The "gallery" of every scan in the journal is such a number. Exit code 1 where --verify finds
    that it does not hold.

    Example: terminal-agent people versions 4 --verify
    """
    with setting.explaining():
        kiosk = setting.load()
        gallery = gallery_of(kiosk)
        number = gallery.newest_version() if number is None else number
        version = gallery.version(number)
    if version is None:
        setting.tell("version_none", no=number)
        raise click.exceptions.Exit(BROKEN)
    verdict = audited.audited(version, Path(kiosk.kiosk.state)) if verify else None
    if as_json:
        audited.emit(version, verdict)
    else:
        audited.show(setting, kiosk, version, verdict)


def gallery_of(kiosk: Config) -> Gallery:
    """The faces of this kiosk. Raises SourceMisconfigured, also where it is to be enrolled first, and
    SourceUnavailable."""
    state = Path(kiosk.kiosk.state)
    identity.load(state)
    return Gallery(state / "faces.db", vault.key(state))


def is_pin(text: str) -> bool:
    """Whether it may be a PIN, as terminals have them."""
    return _PIN.fullmatch(text) is not None


def _wrong(pin: str | None, images: Path | None, *, camera: bool, decided: tuple[bool, str]) -> str:
    """The code of what is wrong with what was typed, or ""."""
    is_decided, by = decided
    if (images is None) != camera:
        return "people_one_way"
    if pin is None and camera:
        return "people_camera_pin"
    if pin is not None and is_nip(pin):
        return "people_nip"
    if pin is not None and not is_pin(pin):
        return "people_pin"
    return "people_by_whom" if is_decided != bool(by) else ""


def _forget(setting: Setting, pin: str, change: Change) -> None:
    with setting.explaining():
        kiosk = setting.load()
        gallery = gallery_of(kiosk)
        gone = gallery.erase([pin], told=False, change=change)
        fingers = Fingers(Path(kiosk.kiosk.state)).condemn([pin]) if change == "erased" else 0
        if gone:
            _bring(setting, kiosk, gallery)
    if fingers:
        setting.tell("fingers_erased", count=fingers, pin=pin)
    elif not gone:
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
    made = audited.day(int(str(one["made"])), kiosk)
    return say(setting.lang, "people_line", **one | {"made": made, "note": note, "hint": hint})


COMMANDS = (people_group,)
