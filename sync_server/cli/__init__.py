"""sync-server: the commands of the centre."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import click

from sync_server import config, log_lines, server
from sync_server.cli import (
    absences,
    accounts,
    admission,
    backups,
    challenges,
    copresence,
    corrections,
    drafted,
    ekinerja,
    evidence,
    explained,
    faces,
    facts,
    identity,
    imports,
    kiosks,
    leaving,
    months,
    orders,
    ownership,
    privacy,
    releases,
    rules,
    staffing,
    sticks,
    webhooks,
)
from sync_server.cli.setting import OUT_OF_REACH, Setting, setting
from sync_server.cli.spoken import Spoken, language
from sync_server.errors import PortTaken

_LEAVE_S = 10.0  # seconds until whoever is still at work is left behind


@click.group(cls=Spoken, context_settings={"max_content_width": 100})
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
    """Receive every kiosk's events, prove that none is missing, and make daily facts.

    Example: sync-server --config server.toml run
    """
    # The ledger, the keys and their folder are nobody else's to read.
    context.call_on_close(partial(os.umask, os.umask(0o077)))
    context.call_on_close(partial(ownership.hand_over, path))
    context.obj = Setting(path, language(lang))


@main.command()
@setting
def run(setting: Setting) -> None:
    """Run the centre until SIGTERM: ingest, ledger, pages and the embedded broker.

    Example: sync-server --config server.toml run
    """
    log_lines.log_masked()
    settings = setting.load()
    with setting.explaining(), _port_explained(setting, settings):
        server.run(settings, _end_on_signal())


@main.command()
@click.option(
    "--worker", metavar="NAME", help="Like no other worker's; otherwise host and process."
)
@setting
def ingest(setting: Setting, worker: str | None) -> None:
    """Run one ingest worker until SIGTERM; several share the kiosks. Needs PostgreSQL.

    Example: sync-server --config server.toml ingest --worker pusat-2
    """
    log_lines.log_masked()
    settings = setting.load()
    with setting.explaining():
        server.ingest(settings, worker or f"{os.uname().nodename}-{os.getpid()}", _stop_on_signal())


@main.command()
@setting
def web(setting: Setting) -> None:
    """Run pages, book of days and notices until SIGTERM, beside ingest workers. Needs PostgreSQL.

    Example: sync-server --config server.toml web
    """
    log_lines.log_masked()
    settings = setting.load()
    with setting.explaining(), _port_explained(setting, settings):
        server.web(settings, _end_on_signal())


@main.command()
@setting
def broker(setting: Setting) -> None:
    """Run only the embedded broker until SIGTERM: for development and small sites.

    Example: sync-server --config server.toml broker
    """
    settings = setting.load()
    with _port_explained(setting, settings):
        server.run_broker(settings, _stop_on_signal())


def _end_on_signal() -> threading.Event:
    """As `_stop_on_signal`. Nobody waits for a page that is still at work after some seconds, a month
    that is being frozen: the process ends, and the ledger undoes what was not committed."""
    stop = _stop_on_signal()

    def end(_number: int, _frame: object) -> None:
        stop.set()
        late = threading.Timer(_LEAVE_S, os._exit, (1,))
        late.daemon = True
        late.start()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    return stop


def _stop_on_signal() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    return stop


@contextmanager
def _port_explained(setting: Setting, settings: config.Config) -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        if isinstance(problem, PortTaken):
            setting.tell("web_port_taken", port=problem.port)
        else:
            setting.tell("port_taken", port=settings.broker.port)
        raise click.exceptions.Exit(OUT_OF_REACH) from problem


for _command in (
    *accounts.COMMANDS,
    *admission.COMMANDS,
    *backups.COMMANDS,
    *kiosks.COMMANDS,
    *identity.COMMANDS,
    *months.COMMANDS,
    *drafted.COMMANDS,
    *orders.COMMANDS,
    *imports.COMMANDS,
    *absences.COMMANDS,
    *corrections.COMMANDS,
    *ekinerja.COMMANDS,
    *evidence.COMMANDS,
    *explained.COMMANDS,
    *facts.COMMANDS,
    *faces.COMMANDS,
    *staffing.COMMANDS,
    *leaving.COMMANDS,
    *privacy.COMMANDS,
    *challenges.COMMANDS,
    *copresence.COMMANDS,
    *sticks.COMMANDS,
    *releases.COMMANDS,
    *rules.COMMANDS,
    *webhooks.COMMANDS,
):
    main.add_command(_command)
