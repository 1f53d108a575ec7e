"""terminal-agent: the commands of the kiosk."""

import json
import os
import signal
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click
import msgspec

from terminal_agent import (
    agent,
    config,
    config_shown,
    identity,
    log_ring,
    safe_mode,
    usage,
    way_back,
)
from terminal_agent.cli import (
    camera,
    device,
    discovering,
    doctoring,
    face,
    finger,
    joining,
    journal,
    kiosk,
    models,
    people,
    provisioning,
    pushing,
    releases,
    simulate,
    sticks,
    units,
)
from terminal_agent.cli.setting import BROKEN, Setting, journal_of, setting
from terminal_agent.cli.spoken import Spoken, language
from terminal_agent.clock import Clock
from terminal_agent.discovery.addresses import recall
from terminal_agent.errors import JournalFailed, SourceMisconfigured
from terminal_agent.journal_view import DeviceSeen
from terminal_agent.releases import place
from terminal_agent.wording import say


@click.group(cls=Spoken, context_settings={"max_content_width": 100})
@click.option(
    "--config",
    "path",
    type=click.Path(path_type=Path, readable=False),  # not every command reads it
    envvar="HADIR_CONFIG",
    default=config.DEFAULT_PATH,
    show_default=True,
    help="The configuration file.",
)
@click.option("--lang", type=click.Choice(["id", "en"]), help="Language; otherwise from LANG.")
@click.pass_context
def main(context: click.Context, path: Path, lang: str | None) -> None:
    """Read attendance terminals, keep every scan, and bring it to the centre.

    Example: terminal-agent device read 192.168.1.201
    """
    # The journal, the keys and their folder are nobody else's to read.
    context.call_on_close(partial(os.umask, os.umask(0o077)))
    context.obj = Setting(path, language(lang))


@main.command()
@click.option("--boot-id", default="", help="Boot id where /proc hides it (systemd: %b).")
@setting
def run(setting: Setting, boot_id: str) -> None:
    """Run the kiosk daemon until SIGTERM.

    Example: terminal-agent --config agent.toml run
    """
    log_ring.begin()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    with setting.explaining():
        settings = setting.load()
        failure = agent.run(settings, Clock(settings.kiosk.clock, boot_id), stop)
    if isinstance(failure, JournalFailed):  # the last line of the log says what to do
        setting.tell(failure.code, detail=str(failure))
    if failure is not None:
        os._exit(BROKEN)  # a thread that hangs must not keep a failed agent alive


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@setting
def status(setting: Setting, as_json: bool) -> None:
    """Show what is stored, what the centre has, and what waits.

    Example: terminal-agent status --json
    """
    with setting.explaining():
        view = journal_of(setting)
        now, devices, clock = view.epochs()[-1], view.devices(), view.clock()
        faces, unsent, begun = view.gallery(), view.unsent(), view.begun()
        settings = setting.load()
        kiosk = settings.kiosk
    view.close()
    used = usage.load(Path(kiosk.state))
    facts = {
        "kid": view.kid,
        "epoch": now.epoch,
        "epoch_reason": begun.reason if begun else "",
        "last": now.last,
        "acked": now.acked,
        "waiting": unsent,
        "own_notes": max(0, now.last - now.acked - unsent),
        "bytes_day": used.day,
        "bytes_today": used.today,
        "bytes_month": used.month,
        "quota_left": usage.left(used, kiosk.quota_mb),
        "clock_trust": clock.trust if clock else 0,
        "clock_error_ms": clock.error_ms if clock else None,
        "devices": [msgspec.to_builtins(device) for device in devices],
        "gallery": faces.version if faces else None,
        "people_enrolled": faces.people if faces else None,
    }
    paper = _paper(Path(kiosk.state))
    if as_json:
        more = {
            "certificate": msgspec.to_builtins(paper),
            "update": releases.standing(place.found()),
        }
        more |= {"safe_mode": safe_mode.is_on(Path(kiosk.state))}
        click.echo(json.dumps(facts | more))
        return
    click.echo(say(setting.lang, "status_notes" if facts["own_notes"] else "status", **facts))
    _tell_begun(setting, facts["epoch_reason"])
    if clock:
        error = f"{clock.error_ms / 1000:g} s"
        click.echo(say(setting.lang, f"clock_{clock.trust}", error=error))
    click.echo(say(setting.lang, _of_link(used, quota=bool(kiosk.quota_mb)), **facts))
    _tell_devices(setting, devices, settings)
    if faces:
        click.echo(say(setting.lang, "status_faces", **facts))
    if paper and paper.until:
        setting.tell(
            "status_certificate", day=f"{datetime.fromtimestamp(paper.until, UTC):%Y-%m-%d}"
        )
    if paper and paper.reason:
        setting.tell(paper.reason)
    releases.tell_standing(setting, place.found())
    if safe_mode.is_on(Path(kiosk.state)):
        setting.tell("safe_mode")


def _tell_begun(setting: Setting, reason: object) -> None:
    """Why numbering began anew, where that is no ordinary thing."""
    told = {"lost_rows": "anew_lost_rows", "fork": "anew_fork", "salvage": "anew_salvage"}
    if isinstance(reason, str) and reason in told:
        setting.tell(told[reason])


def _tell_devices(setting: Setting, devices: Sequence[DeviceSeen], settings: config.Config) -> None:
    """Those of the journal, and terminals that this card never read, as after it was replaced."""
    for one in devices:
        covered = _local(one.covered, settings.kiosk.zone) if one.covered else None
        code = _of_device(one.family, covered=bool(one.covered))
        setting.tell(code, serial=one.serial, family=one.family, covered=covered)
    known = recall(Path(settings.kiosk.state))
    for never in settings.zkteco:
        if never.name not in known:
            setting.tell("status_never_read", name=never.name, host=never.host)


def _paper(state: Path) -> way_back.Paper | None:
    """None where a journal's kiosk is to be enrolled anew."""
    try:
        return way_back.standing(state, identity.load(state))
    except SourceMisconfigured:
        return None


def _of_link(used: usage.Usage, *, quota: bool) -> str:
    if not used.month:
        return "status_no_bytes"
    if not used.day:
        return "status_bytes_undated"
    return "status_quota" if quota else "status_bytes"


def _of_device(family: str, *, covered: bool) -> str:
    if family in ("camera", "screen"):
        return f"status_{family}" if covered or family == "screen" else "status_camera_never"
    of = "zfm" if family == "zfm" else "device"
    return f"status_{of}" if covered else f"status_{of}_never"


def _local(seconds: int, zone: str) -> str:
    """UTC seconds as the clock on the wall shows them in WIB, WITA or WIT."""
    shown = datetime.fromtimestamp(seconds + config.ZONES[zone], UTC)
    return f"{shown:%Y-%m-%d %H:%M} {zone}"


@main.command("config")
@setting
def show_config(setting: Setting) -> None:
    """Print the effective configuration, secrets masked.

    Example: terminal-agent --config agent.toml config
    """
    with setting.explaining():
        chosen = config.choose(setting.path)
    click.echo(json.dumps(config_shown.masked(chosen.config), indent=2))
    if chosen.unusable:
        setting.tell("config_unusable", detail=chosen.unusable)
    setting.tell("config_ordered" if chosen.counter else "config_local", counter=chosen.counter)


people.people_group.add_command(finger.finger_group)
for _command in (
    *camera.COMMANDS,
    *device.COMMANDS,
    *discovering.COMMANDS,
    *doctoring.COMMANDS,
    *face.COMMANDS,
    *joining.COMMANDS,
    *journal.COMMANDS,
    *kiosk.COMMANDS,
    *models.COMMANDS,
    *people.COMMANDS,
    *provisioning.COMMANDS,
    *releases.COMMANDS,
    *pushing.COMMANDS,
    *sticks.COMMANDS,
    *simulate.COMMANDS,
    *units.COMMANDS,
):
    main.add_command(_command)
