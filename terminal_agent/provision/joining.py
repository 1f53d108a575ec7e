"""Becoming a kiosk of a centre: by what a technician pastes, by a file, or by a QR code."""

from pathlib import Path

from contract import enrolment as contract
from contract import invitation
from contract.enrolment import Waiting
from contract.errors import BatchError
from contract.invitation import Invitation
from terminal_agent import enrolment, hardware, identity, line
from terminal_agent.clock import Clock
from terminal_agent.durable import as_owner
from terminal_agent.enrolment import Applicant
from terminal_agent.errors import SourceMisconfigured, SourceUnavailable

_SCHEME = "hadir:"


def is_enrolled(state: Path) -> str:
    """The kiosk's name, "" where it has none yet."""
    try:
        return identity.load(state).kid
    except SourceMisconfigured:
        return ""


def join(state: Path, text: str, clock: Clock) -> Invitation | Waiting:
    """By a token, or without one by asking: then with the code that somebody at the centre approves;
    asking again goes on from there. `text` may have words before it, as in a chat.

    Raises SourceMisconfigured and SourceUnavailable.
    """
    begin = text.lower().find(_SCHEME)
    if begin < 0:
        raise SourceMisconfigured("pass_wrong", "no hadir:")
    try:
        given = contract.read_pass(_SCHEME + text[begin + len(_SCHEME) :])
    except BatchError as problem:
        raise SourceMisconfigured("pass_wrong", str(problem)) from problem
    who = Applicant(state, hardware.look().board, line.dated(clock))
    try:
        with as_owner(state):
            return enrolment.apply(who, given)
    except OSError as problem:
        raise SourceUnavailable("state_unwritable", str(problem)) from problem


def invited(state: Path, data: bytes, name: str) -> Invitation:
    """By the bytes of an invitation called `name`. Raises as `join`."""
    try:
        found = invitation.decode(data)
        identity.install(found, state)
    except BatchError as problem:
        raise SourceMisconfigured("invitation", name) from problem
    except OSError as problem:
        raise SourceUnavailable("state_unwritable", str(problem)) from problem
    return found
