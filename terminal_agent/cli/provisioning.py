"""From a card to a kiosk: the wizard on a terminal, the file of the first boot, the setup page."""

import os
import signal
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from terminal_agent import config, log_ring, units
from terminal_agent.cli.setting import BROKEN, OUT_OF_REACH, Setting, setting
from terminal_agent.clock import Clock
from terminal_agent.errors import SourceMisconfigured, SourceUnavailable
from terminal_agent.provision import joining
from terminal_agent.provision.card import Applied, Card
from terminal_agent.provision.tried import Tried
from terminal_agent.wording import say

_NOTES = ("id", "en")


@click.command("init")
@click.option(
    "--from",
    "cards",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Apply a first-boot file instead of asking; of several, the first that is there.",
)
@setting
def init(setting: Setting, cards: tuple[Path, ...]) -> None:
    """Set up this kiosk: place, terminals, camera, enrolment. Each answer is tried before it is kept.

    May be repeated; what is there stays. --from applies a file once, takes its secrets out and leaves
    a note beside it. Exit code 1 where the kiosk is not enrolled in the end, or, with --from, where
    something that the configuration names is not well; 3 where the centre is out of reach or has to
    approve first.

    Example: sudo terminal-agent init
    """
    if cards:
        _of_card(setting, cards)
        return
    from terminal_agent.cli import wizard  # only here: OpenCV takes a second to load

    try:
        with setting.explaining():
            kid = wizard.run(setting, Clock())
            _settle(setting)
    except click.Abort as stopped:  # Ctrl-C, or nobody types
        setting.tell("init_stopped")
        raise click.exceptions.Exit(BROKEN) from stopped
    if not kid:
        setting.tell("init_not_enrolled")
        raise click.exceptions.Exit(BROKEN)
    setting.tell("init_ready", kid=kid)


@click.command("setup")
@click.option("--host", default="0.0.0.0", show_default=True, help="Where the page is served.")  # noqa: S104
@click.option("--port", type=int, help="Its TCP port; otherwise [screen].port.")
@click.option("--boot-id", default="", help="Boot id where /proc hides it (systemd: %b).")
@setting
def setup(setting: Setting, host: str, port: int | None, boot_id: str) -> None:
    """Serve the setup page of a kiosk that has no name yet, until it has one.

    The kiosk's screen shows its address and a one-time code; a phone in the same network does the
    rest. hadir-setup.service runs it. The answers wait in the state folder until root applies them:
    terminal-agent init --from STATE/setup.toml

    Example: terminal-agent setup
    """
    # Only here: no other command pays for a web server's and OpenCV's memory.
    from terminal_agent.provision import server
    from terminal_agent.uplink import version

    log_ring.begin()
    with setting.explaining():
        settings = setting.load() if setting.path.exists() else config.Config()
        if kid := joining.is_enrolled(Path(settings.kiosk.state)):
            raise SourceMisconfigured("init_done_before", kid)
        wire = server.bound(host, settings.screen.port if port is None else port)
    # The server hands the signal on when it has ended; without this that would be exit by signal.
    signal.signal(signal.SIGTERM, lambda _number, _frame: None)
    signal.signal(signal.SIGINT, lambda _number, _frame: None)
    at = wire.getsockname()[1]
    address = server.address_at(at) or f"http://{host}:{at}"
    setting.tell("setup_served", address=address, port=at)
    with setting.explaining():
        server.serve(setting.path, Clock(settings.kiosk.clock, boot_id), wire, version())


def _of_card(setting: Setting, paths: tuple[Path, ...]) -> None:
    there = [path for path in paths if path.exists()]
    with setting.explaining():
        if not there:
            raise SourceMisconfigured("card_missing", ", ".join(map(str, paths)))
        card = Card(there[0], setting.path, Clock())
        try:
            done = card.apply()
        except (SourceMisconfigured, SourceUnavailable) as problem:
            card.note(_noted(Applied(problem.code, detail=str(problem)), card.tried, problem))
            raise
        card.note(_noted(done, card.tried))
        for line in _sentences(setting.lang, done, card.tried):
            click.echo(line, err=True)
        if done.code == "enrol_waits":
            raise click.exceptions.Exit(OUT_OF_REACH)
        _settle(setting)
        if any(one.well is False for one in card.tried):
            raise click.exceptions.Exit(BROKEN)


def _noted(done: Applied, tried: Sequence[Tried], problem: Exception | None = None) -> str:
    """For whoever puts the card into another computer: Indonesian, then English."""
    end = "card_mend" if isinstance(problem, SourceMisconfigured) else "card_again"
    goes_on = problem is not None or done.code == "enrol_waits"
    parts = [
        [*_sentences(lang, done, tried), *([say(lang, end)] if goes_on else [])] for lang in _NOTES
    ]
    return "\n\n".join(map("\n".join, parts)) + "\n"


def _sentences(lang: str, done: Applied, tried: Sequence[Tried]) -> Iterator[str]:
    """How the kiosk stands with its centre, then everything that it names, then whether that will do."""
    yield say(lang, done.code, kid=done.kid, shown=done.detail, detail=done.detail, where="")
    for one in tried:
        mark = {True: "tried_well", False: "tried_not_well", None: "tried_unseen"}[one.well]
        yield say(lang, mark, name=one.name, said=say(lang, one.code, **one.told))
    if any(one.well is False for one in tried):
        yield say(lang, "tried_mend")
    elif done.kid:
        if not tried:
            yield say(lang, "tried_nothing")
        elif all(one.well for one in tried):
            yield say(lang, "tried_ready")


def _settle(setting: Setting) -> None:
    """Units as the new configuration asks for; and whether the file is in force at all. Raises
    SourceMisconfigured and SourceUnavailable."""
    chosen = config.choose(setting.path)
    if chosen.counter:
        setting.tell("init_ordered", counter=chosen.counter)
    if os.geteuid() == 0 and (found := units.wanted(setting.path)):
        units.bring_about(found)


COMMANDS = (init, setup)
