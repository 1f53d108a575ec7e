"""Who this kiosk is: the installed invitation and the key that was born here."""

from collections.abc import Callable
from pathlib import Path

import msgspec
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
from terminal_agent.durable import as_owner, remove, write_whole
from terminal_agent.errors import SourceMisconfigured

_INVITATION = "invitation.json"
_EVENT_KEY = "event-key.pem"
_TLS = "tls.pem"
_NEXT = "invitation-next.json"


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
    install(invited, state)
    return invited


def install(invited: Invitation, state: Path) -> None:
    """Be this kiosk from now on, with an event key of its own. Raises OSError, and
    SourceMisconfigured where the folder belongs to another kiosk."""
    state.mkdir(parents=True, exist_ok=True)
    check_own(state, invited.kid)
    with as_owner(state):
        write_whole(state / _INVITATION, invitation.encode(invited))
        remove(state / _NEXT)
        born_event_key(state)


def is_kiosk(state: Path, kid: str) -> bool:
    """Whether this folder is that kiosk's."""
    try:
        return load(state).kid == kid
    except SourceMisconfigured:
        return False


def check_own(state: Path, kid: str) -> None:
    """Raises SourceMisconfigured where another kiosk's journal is here."""
    if (state / _INVITATION).exists() and load(state).kid != kid:
        raise SourceMisconfigured(
            "other_kiosk",
            f"{state} belongs to kiosk {load(state).kid}; use an empty folder for {kid}",
        )


def born_event_key(state: Path) -> Ed25519PrivateKey:
    """The event key, made here at first. Raises OSError, and SourceMisconfigured where it is
    damaged."""
    if not (state / _EVENT_KEY).exists():
        state.mkdir(parents=True, exist_ok=True)
        key = Ed25519PrivateKey.generate()
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        write_whole(state / _EVENT_KEY, pem)
    return event_key(state)


def try_next(state: Path, invited: Invitation) -> None:
    """Be known by this from the next start on; the old one stays until it has proven itself. Raises
    OSError."""
    write_whole(state / _NEXT, invitation.encode(invited))


def on_trial(state: Path) -> bool:
    """Whether what is in use has not proven itself."""
    return (state / _NEXT).exists()


def proven(state: Path) -> None:
    """A receipt has come under what was on trial: the old one goes. Raises OSError."""
    write_whole(state / _INVITATION, (state / _NEXT).read_bytes())
    remove(state / _NEXT)


def disproven(state: Path) -> None:
    """The broker refuses what was on trial: the old one counts from the next start on. Raises
    OSError."""
    remove(state / _NEXT)


def load(state: Path) -> Invitation:
    """The installed invitation, or what is tried instead. Raises SourceMisconfigured where there is
    none yet."""
    try:
        file = state / (_NEXT if on_trial(state) else _INVITATION)
        return invitation.decode(file.read_bytes())
    except OSError as problem:
        raise SourceMisconfigured(
            "not_enrolled", "this kiosk is not enrolled: terminal-agent enrol-kiosk FILE|TOKEN"
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


class Sealer(msgspec.Struct, frozen=True):
    """What signs with the key that was born here, and its 32-byte public half."""

    public: bytes
    sign: Callable[[bytes], bytes]


def sealer(state: Path) -> Sealer:
    """Signs with the event key. Raises SourceMisconfigured where there is none."""
    key = event_key(state)
    return Sealer(key.public_key().public_bytes_raw(), key.sign)


def signed_by_centre(invited: Invitation, data: bytes, signature: bytes) -> bool:
    """Whether the centre that invited this kiosk signed these bytes (Ed25519)."""
    return signed_by(invited.sign_key, data, signature)


def signed_by(key: bytes, data: bytes, signature: bytes) -> bool:
    """Whether the owner of this public Ed25519 key signed these bytes."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, data)
    except (InvalidSignature, ValueError):  # ValueError: that is no such key
        return False
    return True
