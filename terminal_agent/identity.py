"""Who this kiosk is: the installed invitation and the key that was born here."""

from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from contract import invitation
from contract.errors import BatchError
from contract.invitation import Invitation
from terminal_agent.durable import write_whole
from terminal_agent.errors import SourceMisconfigured

_INVITATION = "invitation.json"
_EVENT_KEY = "event-key.pem"
_TLS = "tls.pem"


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
    write_whole(state / _INVITATION, data)
    if not (state / _EVENT_KEY).exists():
        key = Ed25519PrivateKey.generate()
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        write_whole(state / _EVENT_KEY, pem)
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


def certificate(state: Path, invited: Invitation) -> Path | None:
    """The file of what this kiosk shows to its broker, written anew; OpenSSL reads keys from files
    only. None where the invitation holds no certificate."""
    if not invited.certificate:
        return None
    write_whole(state / _TLS, (invited.certificate + invited.private_key).encode())
    return state / _TLS


def event_key(state: Path) -> Ed25519PrivateKey:
    """The key that was born here. Raises SourceMisconfigured where there is none."""
    try:
        key = load_pem_private_key((state / _EVENT_KEY).read_bytes(), None)
    except (OSError, ValueError) as problem:
        sentence = f"{state / _EVENT_KEY} cannot be read; enrol the kiosk again"
        raise SourceMisconfigured("not_enrolled", sentence) from problem
    if not isinstance(key, Ed25519PrivateKey):
        raise SourceMisconfigured("not_enrolled", f"{state / _EVENT_KEY} holds another kind of key")
    return key


def signed_by_centre(invited: Invitation, data: bytes, signature: bytes) -> bool:
    """Whether the centre that invited this kiosk signed these bytes (Ed25519)."""
    try:
        Ed25519PublicKey.from_public_bytes(invited.sign_key).verify(signature, data)
    except (InvalidSignature, ValueError):  # ValueError: the invitation holds no such key
        return False
    return True
