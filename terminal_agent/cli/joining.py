"""How a kiosk becomes one: by an invitation, by a token, or by asking somebody at the centre."""

import threading
from pathlib import Path

import click

from contract import enrolment as contract
from contract import pasted
from contract.enrolment import Pass, Waiting
from contract.errors import BatchError
from contract.invitation import Invitation
from terminal_agent import enrolment, hardware, identity, line
from terminal_agent.cli.setting import OUT_OF_REACH, Setting, setting
from terminal_agent.clock import Clock
from terminal_agent.durable import as_owner
from terminal_agent.enrolment import Applicant
from terminal_agent.errors import SourceMisconfigured, SourceUnavailable

_EVERY = 5.0  # seconds between two questions whether somebody has approved
_PASSES = ("hadir:", "https:")


@click.command("enrol-kiosk")
@click.argument("what", metavar="FILE|TOKEN|URL")
@click.option("--ask", is_flag=True, help="Ask without a token, and wait until it is approved.")
@click.option(
    "--wait", default=3600, show_default=True, metavar="SECONDS", type=click.IntRange(0, 86_400)
)
@setting
def enrol_kiosk(setting: Setting, what: str, ask: bool, wait: int) -> None:
    """Become the kiosk of an invitation, of a one-time token, or of whatever name the centre gives.

    The keys of a kiosk that enrols by token or by asking are made here and never leave it.

    Example: terminal-agent enrol-kiosk T07A.json
    """
    with setting.explaining():
        config = setting.load()
        state = Path(config.kiosk.state)
        text, before = _text(what), _known(state)
        if text is None:
            invited = identity.enrol(Path(what), state)
        else:
            dated = line.dated(Clock(config.kiosk.clock))
            who = Applicant(state, hardware.look().board, dated)
            with as_owner(state):
                invited = _asked(setting, who, _pass(text, ask=ask), wait)
    setting.tell("enrolled_already" if invited == before else "enrolled", kid=invited.kid)


def _known(state: Path) -> Invitation | None:
    try:
        return identity.load(state)
    except SourceMisconfigured:
        return None


def _text(what: str) -> str | None:
    """The text of a pass, typed or in a file; None where it is a file of another kind."""
    if what.strip().lower().startswith(_PASSES):
        return what
    try:
        text = pasted.decoded(Path(what).read_bytes()).strip()
    except OSError:
        return None
    return text if text.lower().startswith(_PASSES) else None


def _pass(text: str, *, ask: bool) -> Pass:
    try:
        given = contract.read_pass(text)
    except BatchError as problem:
        raise SourceMisconfigured("pass_wrong", str(problem)) from problem
    if ask is bool(given.token):
        raise SourceMisconfigured("pass_ask", "a token does not ask, and who asks has none")
    return given


def _asked(setting: Setting, who: Applicant, given: Pass, wait: int) -> Invitation:
    """Whoever waits is told once which code to say on the telephone."""
    told, patience = "", wait / _EVERY
    while True:
        try:
            reply = enrolment.apply(who, given)
        except SourceUnavailable as problem:
            if not told or patience <= 0:
                raise
            reply = Waiting(told, 0)
            setting.tell(problem.code, detail=str(problem), where="")
        except OSError as problem:
            raise SourceUnavailable("state_unwritable", str(problem)) from problem
        if not isinstance(reply, Waiting):
            return reply
        if reply.code != told:
            setting.tell("enrol_waits", shown=reply.code)
            told = reply.code
        if patience <= 0:
            raise click.exceptions.Exit(OUT_OF_REACH)
        threading.Event().wait(_EVERY)
        patience -= 1


COMMANDS = (enrol_kiosk,)
