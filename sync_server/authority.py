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
from sync_server import applicants, credentials, ledger, office_log, schema
from sync_server.certificates import PrivateAuthority, described
from sync_server.config import Broker
from sync_server.credentials import Credential
from sync_server.errors import BadFile
from sync_server.signatures import Signer

# Names under which the doctor visits the broker; no kiosk bears them.
VISITORS = ("ZZZX", "ZZZY", "ZZZZ")


_SIGN = "sign.key"


class Keys:
    """The server's Ed25519 key (signed receipts) and X25519 key (sealed sticks), made once; and an
    AES-256 key for face templates in the ledger, derived from the latter: whoever has the database
    without the state folder cannot read them."""

    def __init__(self, state: Path) -> None:
        state.mkdir(parents=True, exist_ok=True)
        sign = _raw(state / _SIGN, Ed25519PrivateKey.generate())
        seal = _raw(state / "seal.key", X25519PrivateKey.generate())
        self.sign = Ed25519PrivateKey.from_private_bytes(sign)
        self.seal = X25519PrivateKey.from_private_bytes(seal)
        self.templates = hmac.digest(seal, b"hadir/1 face templates at rest", "sha256")
        self._salts = hmac.digest(seal, b"hadir/1 template digests", "sha256")

    def salt(self, opd: str) -> bytes:
        """The office's salt of template digests: the same on all of its kiosks."""
        return hmac.digest(self._salts, opd.encode(), "sha256")[:16]


def signer(state: Path) -> Signer | None:
    """What signs for the centre whose keys are in this folder; None where it has none: a key that was
    made here and now would contradict what kiosks were invited with. Raises BadFile."""
    try:
        raw = (state / _SIGN).read_bytes()
        key = Ed25519PrivateKey.from_private_bytes(raw)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as problem:
        raise BadFile(str(state / _SIGN), "", "sign_key_unusable", detail=problem) from problem
    return Signer(key.public_key().public_bytes_raw(), key.sign)


def signing(state: Path) -> Signer:
    """What signs for the centre whose keys are in this folder. Raises BadFile without its key: nothing
    that kiosks noted could be checked, and no receipt signed."""
    found = signer(state)
    if found is None:
        raise BadFile(str(state / _SIGN), "", "centre_key_missing")
    return found


def begin(tx: Connection, state: Path) -> None:
    """Make a new centre's keys; to one that has invited kiosks they must be brought. Raises BadFile."""
    if tx.execute(select(schema.kiosk.c.kid).limit(1)).first() is None:
        Keys(state)
    signing(state)


class Registrar(msgspec.Struct, frozen=True):
    """What makes an invitation: the server's keys, where its broker is, server UTC seconds, the
    authority that certifies kiosks, where the broker asks for that, and the address of the door at
    which they enrol and renew, where there is one."""

    keys: Keys
    broker: Broker
    now: int
    papers: PrivateAuthority | None = None
    door: str = ""


def check_name(kid: str, opd: str) -> None:
    """Raises BadFile where a kiosk cannot be called so, or no office is named."""
    if not valid_kid(kid):
        raise BadFile(kid, "", "bad_kid")
    if kid in VISITORS:
        raise BadFile(kid, "", "kid_taken", kid=kid)
    if not opd.strip():
        raise BadFile("--opd", "", "opd_empty")


def expect(tx: Connection, by: Registrar, kid: str, opd: str) -> None:
    """A new kiosk of an office, which nobody can be yet: its MAC key is nobody's. Raises BadFile."""
    check_name(kid, opd)
    if ledger.kiosk(tx, kid):
        raise BadFile(kid, "", "kid_taken", kid=kid)
    key = secrets.token_bytes(MAC_KEY_BYTES)
    tx.execute(insert(schema.kiosk).values(kid=kid, opd=opd, mac_key=key, invited=by.now))


def move(tx: Connection, kid: str, opd: str) -> None:
    """A kiosk that was expected stands in another office. Raises BadFile where somebody has been it."""
    check_name(kid, opd)
    for table in (schema.credential, schema.chain):
        if tx.execute(select(table.c.kid).where(table.c.kid == kid).limit(1)).first():
            raise BadFile(kid, "", "kid_taken", kid=kid)
    tx.execute(update(schema.kiosk).where(schema.kiosk.c.kid == kid).values(opd=opd))


def invite(tx: Connection, by: Registrar, kid: str, opd: str) -> Invitation:
    """Admit a new kiosk for an office and make its keys here. Raises BadFile."""
    expect(tx, by, kid, opd)
    return _made_here(tx, by, kid)


def replace(tx: Connection, by: Registrar, kid: str) -> Invitation:
    """Bind a new card to a known kiosk: its old keys are worth nothing from now on. Raises BadFile."""
    if not ledger.kiosk(tx, kid):
        raise BadFile(kid, "", "kid_unknown", kid=kid)
    credentials.revoke(tx, kid, by.now)
    applicants.withdraw(tx, kid)
    table = schema.kiosk.c
    marks = {"event_key": b"", "noted": 0, "invited": by.now, "revoked": 0, "revoked_why": ""}
    tx.execute(
        update(schema.kiosk).where(table.kid == kid).values(**marks, replaced=table.replaced + 1)
    )
    return _made_here(tx, by, kid)


def note_file(tx: Connection, by: Registrar, who: str, did: str, kid: str) -> None:
    """Tell the office's log that somebody made an invitation: for which office, and what is in it."""
    kiosk = schema.kiosk.c
    opd = tx.execute(select(kiosk.opd).where(kiosk.kid == kid)).scalar_one()
    said = credentials.marks(*credentials.in_force(tx, kid))
    office_log.note(tx, by.now, who, did, opd, kid, said)


def certify(tx: Connection, by: Registrar, kid: str, csr: str) -> Credential:
    """A certificate for a key that a kiosk made, remembered here. Raises BadRequest."""
    if by.papers is None:
        raise BadFile("server.toml", "broker.mutual", "enrol_needs_mutual")
    made = by.papers.certify(csr, kid)
    its = described(made.certificate)
    given = Credential(
        kid, its.serial, its.public, made.certificate, made.share, made.mac_key, by.now, its.expires
    )
    credentials.keep(tx, given)
    return given


def is_event_key(tx: Connection, kid: str, key: bytes) -> bool:
    """Whether a kiosk signs with this Ed25519 key; the first one that it is seen to sign with is
    its own from then on, until `replace`."""
    table = schema.kiosk.c
    held = tx.execute(select(table.event_key).where(table.kid == kid)).scalar_one()
    if not held:
        tx.execute(update(schema.kiosk).where(table.kid == kid).values(event_key=key))
    return not held or bytes(held) == key


def invitation_of(by: Registrar, kid: str, opd: str, key: bytes) -> Invitation:
    """An invitation for a kiosk of an office with this MAC key and without a certificate. Raises BadFile."""
    keys, broker = by.keys, by.broker
    ca = str(by.papers.file) if by.papers else broker.ca
    return Invitation(
        kid=kid,
        broker_host=broker.host,
        broker_port=broker.port,
        tls=bool(ca),
        ca=_certificate(ca) if ca else "",
        mac_key=key,
        sign_key=keys.sign.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw),
        seal_key=keys.seal.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw),
        door=by.door,
        salt=keys.salt(opd),
    )


def _made_here(tx: Connection, by: Registrar, kid: str) -> Invitation:
    """With keys that were not born on the kiosk: whoever sees the file is the kiosk. For sites where
    nobody can enrol over HTTPS."""
    key = secrets.token_bytes(MAC_KEY_BYTES)
    tx.execute(update(schema.kiosk).where(schema.kiosk.c.kid == kid).values(mac_key=key))
    opd = tx.execute(select(schema.kiosk.c.opd).where(schema.kiosk.c.kid == kid)).scalar_one()
    invited = invitation_of(by, kid, opd, key)
    if by.papers is None:
        return invited
    paper = by.papers.kiosk(kid)
    its = described(paper.certificate)
    made = Credential(kid, its.serial, its.public, paper.certificate, b"", key, by.now, its.expires)
    credentials.keep(tx, made)
    return msgspec.structs.replace(
        invited, certificate=paper.certificate, private_key=paper.private_key
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
