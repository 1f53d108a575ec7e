"""The server's own keys, and invitations for kiosks."""

import hmac
import os
import secrets
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from sqlalchemy import Connection, insert, select, update

from contract.invitation import MAC_KEY_BYTES, Invitation
from contract.topics import valid_kid
from sync_server import ledger, schema
from sync_server.certificates import PrivateAuthority
from sync_server.config import Broker
from sync_server.errors import BadFile

# Names under which the doctor visits the broker; no kiosk bears them.
VISITORS = ("ZZZX", "ZZZY", "ZZZZ")


class Keys:
    """The server's Ed25519 key (signed receipts) and X25519 key (sealed sticks), made once; and an
    AES-256 key for face templates in the ledger, derived from the latter: whoever has the database
    without the state folder cannot read them."""

    def __init__(self, state: Path) -> None:
        state.mkdir(parents=True, exist_ok=True)
        sign = _raw(state / "sign.key", Ed25519PrivateKey.generate())
        seal = _raw(state / "seal.key", X25519PrivateKey.generate())
        self.sign = Ed25519PrivateKey.from_private_bytes(sign)
        self.seal = X25519PrivateKey.from_private_bytes(seal)
        self.templates = hmac.digest(seal, b"hadir/1 face templates at rest", "sha256")


class Registrar(msgspec.Struct, frozen=True):
    """What makes an invitation: the server's keys, where its broker is, server UTC seconds, and the
    authority that certifies kiosks, where the broker asks for that."""

    keys: Keys
    broker: Broker
    now: int
    papers: PrivateAuthority | None = None


def invite(tx: Connection, by: Registrar, kid: str, opd: str) -> Invitation:
    """Admit a new kiosk for an office and make its MAC key. Raises BadFile."""
    if not valid_kid(kid):
        raise BadFile(kid, "", "bad_kid")
    if kid in VISITORS:
        raise BadFile(kid, "", "kid_taken", kid=kid)
    if not opd.strip():
        raise BadFile("--opd", "", "opd_empty")
    if ledger.kiosk(tx, kid):
        raise BadFile(kid, "", "kid_taken", kid=kid)
    key = secrets.token_bytes(MAC_KEY_BYTES)
    tx.execute(insert(schema.kiosk).values(kid=kid, opd=opd, mac_key=key, invited=by.now))
    return _invitation(by, kid, key)


def replace(tx: Connection, by: Registrar, kid: str) -> Invitation:
    """Bind a new card to a known kiosk: its old key is worth nothing from now on. Raises BadFile."""
    if not ledger.kiosk(tx, kid):
        raise BadFile(kid, "", "kid_unknown", kid=kid)
    key = secrets.token_bytes(MAC_KEY_BYTES)
    table = schema.kiosk.c
    tx.execute(
        update(schema.kiosk)
        .where(table.kid == kid)
        .values(mac_key=key, event_key=b"", invited=by.now, replaced=table.replaced + 1)
    )
    return _invitation(by, kid, key)


def is_event_key(tx: Connection, kid: str, key: bytes) -> bool:
    """Whether a kiosk signs with this Ed25519 key; the first one that it is seen to sign with is
    its own from then on, until `replace`."""
    table = schema.kiosk.c
    held = tx.execute(select(table.event_key).where(table.kid == kid)).scalar_one()
    if not held:
        tx.execute(update(schema.kiosk).where(table.kid == kid).values(event_key=key))
    return not held or bytes(held) == key


def _invitation(by: Registrar, kid: str, key: bytes) -> Invitation:
    keys, broker = by.keys, by.broker
    ca = str(by.papers.file) if by.papers else broker.ca
    paper = by.papers.kiosk(kid) if by.papers else None
    return Invitation(
        kid=kid,
        broker_host=broker.host,
        broker_port=broker.port,
        tls=bool(ca),
        ca=_certificate(ca) if ca else "",
        mac_key=key,
        sign_key=keys.sign.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw),
        seal_key=keys.seal.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw),
        certificate=paper.certificate if paper else "",
        private_key=paper.private_key if paper else "",
    )


def _certificate(file: str) -> str:
    try:
        return Path(file).read_text("ascii")
    except (OSError, UnicodeDecodeError) as problem:
        detail = problem.strerror if isinstance(problem, OSError) else problem.reason
        raise BadFile(
            "server.toml", "broker.ca", "ca_unusable", ca=file, detail=detail
        ) from problem


def _raw(path: Path, fresh: Ed25519PrivateKey | X25519PrivateKey) -> bytes:
    """The 32 bytes of a private key in a file that only the server's user may read."""
    if not path.exists():
        data = fresh.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    return path.read_bytes()
