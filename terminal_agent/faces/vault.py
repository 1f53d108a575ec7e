"""The key that templates rest under, and the sealing of one row (AES-256-GCM)."""

import contextlib
import hmac
import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from terminal_agent.durable import owned_like_folder, sync_directory
from terminal_agent.errors import SourceMisconfigured

KEY_BYTES = 32
CREDENTIAL = "hadir-faces.key"
_FILE = "faces.key"
_NONCE_BYTES = 12
_ID_BYTES = 8


class Unsealable(ValueError):
    """These bytes were sealed with another key, for another row, or are damaged."""


def key(state: Path) -> bytes:
    """The key of this kiosk's templates.

    A random file (0600) in `state`, made on first use: it binds the templates to this kiosk. Where
    systemd hands over the credential hadir-faces.key, both are needed, so that a card that was taken
    out does not open them. Who has it and who has not are two keys: see key_id and Gallery.
    Raises SourceMisconfigured.
    """
    try:
        own = _own(state)
        credential = _credential()
    except OSError as problem:
        raise SourceMisconfigured("faces_key", str(problem)) from problem
    if len(own) != KEY_BYTES:
        raise SourceMisconfigured("faces_key", f"{state / _FILE}: not {KEY_BYTES} bytes")
    return (
        hmac.digest(credential, b"hadir/1 faces at rest\0" + own, "sha256") if credential else own
    )


def key_id(key: bytes) -> bytes:
    """Names a key without telling anything of it, so that a file can say which one sealed it."""
    return hmac.digest(key, b"hadir/1 faces key id", "sha256")[:_ID_BYTES]


def seal(key: bytes, plain: bytes, bound: bytes) -> bytes:
    """The plain bytes, sealed; `bound` says which row they belong to."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound)


def unseal(key: bytes, sealed: bytes, bound: bytes) -> bytes:
    """What was sealed for this row. Raises Unsealable."""
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], bound)
    except (InvalidTag, ValueError) as problem:
        raise Unsealable("not sealed with this key for this row") from problem


def _credential() -> bytes:
    folder = os.environ.get("CREDENTIALS_DIRECTORY")  # set by systemd
    file = Path(folder, CREDENTIAL) if folder else None
    if file is None or not file.exists():
        return b""
    held = file.read_bytes()
    if len(held) < KEY_BYTES:
        raise SourceMisconfigured("faces_key", f"{file}: shorter than {KEY_BYTES} bytes")
    return held


def _own(state: Path) -> bytes:
    file = state / _FILE
    if not file.exists():
        _make(file)
    return file.read_bytes()


def _make(file: Path) -> None:
    """Agent, camera and a command may all be first: the first name given counts, whole."""
    beside = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as fresh:
        fresh.write(secrets.token_bytes(KEY_BYTES))
        fresh.flush()
        os.fsync(fresh.fileno())
    owned_like_folder(beside)
    with contextlib.suppress(FileExistsError):
        os.link(beside, file)
    beside.unlink()
    sync_directory(file.parent)
