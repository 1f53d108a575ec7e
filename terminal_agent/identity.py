"""Who this kiosk is: the installed invitation and the key that was born here."""

import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from contract import invitation
from contract.errors import BatchError
from contract.invitation import Invitation
from terminal_agent.errors import SourceMisconfigured

_INVITATION = "invitation.json"
_EVENT_KEY = "event-key.pem"


def enrol(file: Path, state: Path) -> Invitation:
    """Install an invitation, readable by this user only, and make the event key if there is none.

    Raises SourceMisconfigured where the file is not an invitation, or names another kiosk than the
    one whose journal is already here.
    """
    try:
        data = file.read_bytes()
        invited = invitation.decode(data)
    except OSError as problem:
        raise SourceMisconfigured("invitation", f"{file}: {problem.strerror}") from problem
    except BatchError as problem:
        raise SourceMisconfigured("invitation", f"{file}: {problem}") from problem
    state.mkdir(parents=True, exist_ok=True)
    if (state / _INVITATION).exists() and load(state).kid != invited.kid:
        raise SourceMisconfigured(
            "other_kiosk",
            f"{state} belongs to kiosk {load(state).kid}; use an empty folder for {invited.kid}",
        )
    _write_private(state / _INVITATION, data)
    if not (state / _EVENT_KEY).exists():
        key = Ed25519PrivateKey.generate()
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        _write_private(state / _EVENT_KEY, pem)
    return invited


def load(state: Path) -> Invitation:
    """The installed invitation. Raises SourceMisconfigured where there is none yet."""
    try:
        return invitation.decode((state / _INVITATION).read_bytes())
    except OSError as problem:
        raise SourceMisconfigured(
            "not_enrolled", "this kiosk is not enrolled: terminal-agent enrol-kiosk FILE"
        ) from problem
    except BatchError as problem:
        raise SourceMisconfigured("invitation", str(problem)) from problem


def _write_private(path: Path, data: bytes) -> None:
    """Write 0600 beside, then rename: a power cut leaves the old file or the new one."""
    beside = path.with_suffix(".new")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
