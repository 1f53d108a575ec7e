"""Commands for the fingers in the kiosk's own sensors; the agent, which holds the port, does it."""

import json
from contextlib import closing
from pathlib import Path

import click

from contract.people import is_nip
from terminal_agent.cli import audited
from terminal_agent.cli.people import is_pin
from terminal_agent.cli.setting import BROKEN, OUT_OF_REACH, WRONG, Setting, setting
from terminal_agent.config import Config
from terminal_agent.door.client import Door
from terminal_agent.door.words import FingerStep, FingerWish
from terminal_agent.errors import SourceUnavailable
from terminal_agent.fingers import Fingers
from terminal_agent.staff import Staff
from terminal_agent.wording import say

_SILENT = 60  # seconds without a step; a finger is waited for half as long
_SAID = {"place": "finger_place", "lift": "finger_lift", "bad": "finger_bad"}
_AWAY = ("sensor_unplugged", "sensor_silent", "sensor_garbled", "sensor_refused", "sensor_password")
_sensor = click.option(
    "--sensor", default="", metavar="NAME", help="Which one, where there are more."
)


@click.group("finger")
def finger_group() -> None:
    """The fingers in this kiosk's own sensors: enrol, list, remove."""


@finger_group.command("enrol")
@click.argument("pin")
@_sensor
@setting
def enrol_finger(setting: Setting, pin: str, sensor: str) -> None:
    """Enrol a finger in three looks: two make the template, the third proves it.

    The agent runs and tells when to put the finger down. A finger that is enrolled already is refused.
    Exit code 1 where nothing was kept, 3 where agent or sensor is away.

    Example: terminal-agent people finger enrol 17
    """
    if is_nip(pin) or not is_pin(pin):
        setting.tell("people_nip" if is_nip(pin) else "people_pin", pin=pin, detail=pin)
        raise click.exceptions.Exit(WRONG)
    with setting.explaining():
        kiosk = setting.load()
        wish = FingerWish(0, "enrol", pin, _chosen(setting, kiosk, sensor))
        _have(setting, kiosk, wish)
    setting.tell("finger_enrolled", pin=pin, sensor=wish.sensor)


@finger_group.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@setting
def list_fingers(setting: Setting, as_json: bool) -> None:
    """List whose fingers are in which page of which sensor.

    Example: terminal-agent people finger list
    """
    with setting.explaining():
        kiosk = setting.load()
        kept = Fingers(Path(kiosk.kiosk.state)).kept().sensors
    staff = Staff.load(Path(kiosk.kiosk.state))
    found = [
        {
            "serial": serial,
            "page": page,
            "pin": one.pin,
            "made": one.made,
            "name": _name(staff, one.pin),
            "condemned": one.condemned,
        }
        for serial, pages in sorted(kept.items())
        for page, one in sorted(pages.items())
    ]
    if as_json:
        click.echo(json.dumps({"fingers": found}))
        return
    for line in found:
        day = audited.day(int(str(line["made"])), kiosk)
        name = f" {line['name']}" if line["name"] else ""
        code = "finger_line_condemned" if line["condemned"] else "finger_line"
        click.echo(say(setting.lang, code, **line | {"made": day, "name": name}))
    if not found:
        setting.tell("fingers_none")


@finger_group.command("remove")
@click.argument("pin", required=False)
@click.option("--strange", is_flag=True, help="Those that were not enrolled at this kiosk.")
@_sensor
@setting
def remove_finger(setting: Setting, pin: str | None, strange: bool, sensor: str) -> None:
    """Take a person's fingers out of a sensor, or those that are nobody's here.

    Example: terminal-agent people finger remove 17
    """
    if (pin is None) is not strange:
        setting.tell("finger_remove_whom")
        raise click.exceptions.Exit(WRONG)
    with setting.explaining():
        kiosk = setting.load()
        chosen = _chosen(setting, kiosk, sensor)
        wish = FingerWish(0, "strange" if strange else "remove", pin or "", chosen)
        count = _have(setting, kiosk, wish)
    said = "finger_strange_removed" if strange else "finger_removed"
    setting.tell(said, count=count, pin=pin, sensor=chosen)


def _chosen(setting: Setting, kiosk: Config, sensor: str) -> str:
    """The sensor that is meant; the agent says where there is none of that name."""
    names = [one.name for one in kiosk.sensor]
    if sensor:
        return sensor
    if len(names) == 1:
        return names[0]
    setting.tell("which_sensor" if names else "no_sensor", detail=", ".join(names))
    raise click.exceptions.Exit(WRONG)


def _have(setting: Setting, kiosk: Config, wish: FingerWish) -> int:
    """Have it done, and say how it goes on; how many templates it was. Raises SourceUnavailable."""
    with closing(Door(Path(kiosk.kiosk.socket), "command")) as door:
        door.connect()
        told = door.ask(wish)
        if not told.ok:
            setting.tell(told.code, detail=wish.sensor)
            raise click.exceptions.Exit(WRONG if told.code == "no_such_sensor" else BROKEN)
        last = _followed(setting, door, wish)
    if last.step == "done":
        return last.count
    setting.tell(last.code, other=last.other, detail=wish.sensor, where=wish.sensor)
    raise click.exceptions.Exit(OUT_OF_REACH if last.code in _AWAY else BROKEN)


def _followed(setting: Setting, door: Door, wish: FingerWish) -> FingerStep:
    """The step that ends it. Raises SourceUnavailable."""
    silent = 0
    while silent < _SILENT:
        silent += 1
        for word in door.words(1.0):
            if not isinstance(word, FingerStep) or (word.sensor, word.pin) != (
                wish.sensor,
                wish.pin,
            ):
                continue
            if word.step in ("done", "failed"):
                return word
            silent = 0
            setting.tell(_SAID[word.step], look=word.look)
    raise SourceUnavailable("no_agent", "the agent says nothing more")


def _name(staff: Staff, pin: str) -> str:
    member = staff.by_pin(pin)
    return member.name if member else ""
