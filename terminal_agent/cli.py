"""terminal-agent: the commands of the kiosk."""

import json
import logging
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import NoReturn

import click
import msgspec

from terminal_agent import agent, config, device_read, identity
from terminal_agent.clock import Clock
from terminal_agent.device_read import Where
from terminal_agent.errors import JournalFailed, SourceMisconfigured, SourceUnavailable
from terminal_agent.journal_view import View
from terminal_agent.wording import say

_BROKEN, _WRONG, _OUT_OF_REACH = 1, 2, 3


class Setting(msgspec.Struct, frozen=True):
    """What was said before the command: which file, which language."""

    path: Path
    lang: str

    def tell(self, code: str, **values: object) -> None:
        """Say a sentence to the person who typed the command; results stay alone on stdout."""
        click.echo(say(self.lang, code, **values), err=True)

    def load(self) -> config.Config:
        """The configuration. Raises SourceMisconfigured."""
        return config.load(self.path)

    @contextmanager
    def explaining(self, where: str = "") -> Iterator[None]:
        """Turn what went wrong into a sentence and the exit code that scripts rely on."""
        try:
            yield
        except SourceUnavailable as problem:
            self._end(problem, where, _OUT_OF_REACH)
        except SourceMisconfigured as problem:
            self._end(problem, where, _WRONG)
        except JournalFailed as problem:
            self._end(problem, where, _BROKEN)

    def _end(
        self,
        problem: SourceUnavailable | SourceMisconfigured | JournalFailed,
        where: str,
        code: int,
    ) -> NoReturn:
        self.tell(problem.code, where=where, detail=str(problem))
        raise click.exceptions.Exit(code) from problem


setting = click.make_pass_decorator(Setting)


@click.group(context_settings={"max_content_width": 100})
@click.option(
    "--config",
    "path",
    type=click.Path(path_type=Path),
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
    english = os.environ.get("LANG", "").startswith("en")
    context.obj = Setting(path, lang or ("en" if english else "id"))


@main.command()
@click.option("--boot-id", default="", help="Boot id where /proc hides it (systemd: %b).")
@setting
def run(setting: Setting, boot_id: str) -> None:
    """Run the kiosk daemon until SIGTERM.

    Example: terminal-agent --config agent.toml run
    """
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    with setting.explaining():
        settings = setting.load()
        failure = agent.run(settings, Clock(settings.kiosk.clock, boot_id), stop)
    if isinstance(failure, JournalFailed):  # the last line of the log says what to do
        setting.tell(failure.code, detail=str(failure))
    if failure is not None:
        os._exit(_BROKEN)  # a thread that hangs must not keep a failed agent alive


@main.command("enrol-kiosk")
@click.argument("file", type=click.Path(path_type=Path))
@setting
def enrol_kiosk(setting: Setting, file: Path) -> None:
    """Install an invitation that `sync-server kiosk invite` wrote.

    Example: terminal-agent enrol-kiosk T07A.json
    """
    with setting.explaining():
        invited = identity.enrol(file, Path(setting.load().kiosk.state))
    setting.tell("enrolled", kid=invited.kid)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@setting
def status(setting: Setting, as_json: bool) -> None:
    """Show what is stored, what the centre has, and what waits.

    Example: terminal-agent status --json
    """
    with setting.explaining():
        view = _view(setting)
        now, devices = view.epochs()[-1], view.devices()
    view.close()
    facts = {
        "kid": view.kid,
        "epoch": now.epoch,
        "last": now.last,
        "acked": now.acked,
        "waiting": now.last - now.acked,
        "devices": [msgspec.to_builtins(device) for device in devices],
    }
    if as_json:
        click.echo(json.dumps(facts))
        return
    click.echo(say(setting.lang, "status", **facts))
    for device in devices:
        covered = device_read.instant(device.covered) if device.covered else None
        setting.tell(
            "status_device" if covered else "status_device_never",
            serial=device.serial,
            family=device.family,
            covered=covered,
        )


@main.command("config")
@setting
def show_config(setting: Setting) -> None:
    """Print the effective configuration, secrets masked.

    Example: terminal-agent --config agent.toml config
    """
    with setting.explaining():
        effective = msgspec.to_builtins(setting.load())
    for device in effective["zkteco"]:
        device["comm_key"] = "***" if device["comm_key"] else 0
    click.echo(json.dumps(effective, indent=2))


@main.group("device")
def device_group() -> None:
    """Look at one ZKTeco terminal without running the kiosk."""


def _terminal(command: click.decorators.FC) -> click.decorators.FC:
    """How to reach a terminal: the same words for every command."""
    for option in (
        click.option("--timeout", default=10.0, show_default=True, help="Seconds for each answer."),
        click.option("--udp", is_flag=True, help="Speak UDP, for old terminals without TCP."),
        click.option("--password", default=0, metavar="NUMBER", help="The communication key."),
        click.option("--port", default=4370, show_default=True, help="TCP or UDP port."),
        click.argument("host"),
    ):
        command = option(command)
    return command


@device_group.command("read")
@_terminal
@click.option("--full", is_flag=True, help="Read the whole log, not only what is new.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@setting
def read(setting: Setting, /, full: bool, as_json: bool, **reach: object) -> None:
    """Read a terminal's attendance log; the second time only what is new.

    Prints one JSON line per record, then a summary. Nothing is changed on the terminal.

    Example: terminal-agent device read 192.168.1.201 --password 1234
    """
    where = msgspec.convert(reach, Where)
    with setting.explaining(f"{where.host}:{where.port}"):
        look = device_read.read(where, device_read.FOLDER, Clock(), full=full)
    if as_json:
        click.echo(json.dumps({"records": look.lines, "summary": look.summary}))
        return
    for line in look.lines:
        click.echo(json.dumps(line))
    for code, values in look.sentences():
        setting.tell(code, **values)


@device_group.command("info")
@_terminal
@setting
def info(setting: Setting, /, **reach: object) -> None:
    """Show what a terminal is: serial number, firmware, counters, clock.

    Example: terminal-agent device info 192.168.1.201
    """
    where = msgspec.convert(reach, Where)
    with setting.explaining(f"{where.host}:{where.port}"):
        facts = device_read.info(where, Clock())
    click.echo(json.dumps(facts, indent=2))


@main.group("journal")
def journal_group() -> None:
    """Look at the journal of this kiosk."""


@journal_group.command("show")
@click.option("--after", default=0, show_default=True, help="Only events after this seq.")
@setting
def show(setting: Setting, after: int) -> None:
    """Print the events of the current epoch as JSON lines.

    Example: terminal-agent journal show --after 120
    """
    with setting.explaining():
        view = _view(setting)
        events = view.events(after)
    for seq, record, head in events:
        click.echo(json.dumps({"seq": seq, "record": json.loads(record), "head": head.hex()}))
    view.close()


@journal_group.command("verify")
@setting
def verify(setting: Setting) -> None:
    """Recompute every hash chain; name the first event that does not hold.

    Example: terminal-agent journal verify
    """
    with setting.explaining():
        view = _view(setting)
        epochs = view.epochs()
    view.close()
    for seen in epochs:
        values = msgspec.to_builtins(seen)
        setting.tell("chain_broken" if seen.broken_at else "chain_holds", **values)
    if any(seen.broken_at for seen in epochs):
        raise click.exceptions.Exit(_BROKEN)


def _view(setting: Setting) -> View:
    return View(Path(setting.load().kiosk.state) / "journal.db")
