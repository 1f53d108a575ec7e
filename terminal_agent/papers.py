"""The TLS keys of this kiosk: born here, one in use and one on its way, never sent anywhere.

A new certificate is tried before it replaces the old one: `next` until a receipt has come under it,
gone again where the broker refuses it.
"""

from pathlib import Path

import msgspec
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from contract import enrolment
from contract.enrolment import Admission, Renewal
from contract.errors import BatchError
from contract.invitation import MAC_KEY_BYTES, Invitation
from contract.roll import own_salt
from terminal_agent import durable, identity
from terminal_agent.errors import SourceMisconfigured

_COMING = "tls-coming.pem"


class Coming(msgspec.Struct, frozen=True):
    """A key that has no certificate yet, as PEM, and what asks for one: always the same bytes, so
    that the centre knows who asks again."""

    private_key: str
    csr: str


def coming(state: Path) -> Coming:
    """The key that is on its way, made at first. Raises OSError."""
    file = state / _COMING
    try:
        kept = msgspec.json.decode(file.read_bytes(), type=Coming)
    except (FileNotFoundError, msgspec.DecodeError, UnicodeDecodeError):
        kept = _made()
        state.mkdir(parents=True, exist_ok=True)
        durable.write_whole(file, msgspec.json.encode(kept))
    return kept


def arrived(state: Path) -> None:
    """The key on its way has its certificate, which is kept elsewhere now. Raises OSError."""
    durable.remove(state / _COMING)


def admitted(key: Coming, given: Admission) -> Invitation:
    """What the kiosk keeps once the centre has admitted it. Raises SourceMisconfigured where the
    answer is not for this key."""
    plain = Invitation(
        kid=given.kid,
        broker_host=given.broker_host,
        broker_port=given.broker_port,
        tls=True,
        ca=given.ca,
        mac_key=bytes(MAC_KEY_BYTES),
        sign_key=given.sign_key,
        seal_key=given.seal_key,
        door=given.door,
        salt=given.salt,
    )
    return certified(plain, key, given.certificate, given.share)


def certified(known: Invitation, key: Coming, certificate: str, share: bytes) -> Invitation:
    """The same kiosk with a new certificate and MAC key. Raises SourceMisconfigured."""
    own = _key(key.private_key)
    try:
        paper = x509.load_pem_x509_certificate(certificate.encode())
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), share)
        same = _public(paper.public_key()) == _public(own.public_key())
    except (ValueError, UnsupportedAlgorithm) as problem:
        raise SourceMisconfigured("certificate_unusable", str(problem)) from problem
    if not same:
        raise SourceMisconfigured("certificate_unusable", "the certificate is for another key")
    drawn = HKDF(SHA256(), MAC_KEY_BYTES, None, enrolment.mac_info(known.kid))
    return msgspec.structs.replace(
        known,
        certificate=certificate,
        private_key=key.private_key,
        mac_key=drawn.derive(own.exchange(ec.ECDH(), theirs)),
        earlier=known.mac_key if known.certificate else b"",
        salt=known.salt or own_salt(known.mac_key),
    )


def renewal(state: Path, invited: Invitation) -> Renewal:
    """What asks for the next certificate. Raises OSError, and SourceMisconfigured where this kiosk
    has no event key."""
    csr = coming(state).csr
    signed = enrolment.to_renew(invited.kid, csr)
    old = _key(invited.private_key).sign(signed, ec.ECDSA(SHA256()))
    key = identity.event_key(state)
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return Renewal(invited.kid, csr, public, key.sign(signed), old)


def ends(certificate: str) -> int:
    """The UTC second at which a certificate (PEM) ends."""
    paper = x509.load_pem_x509_certificate(certificate.encode())
    return int(paper.not_valid_after_utc.timestamp())


def in_der(certificate: str) -> bytes:
    """A certificate as fingerprints are taken of it. Raises BatchError where it is none."""
    return _shown(certificate).public_bytes(Encoding.DER)


def first(certificates: str) -> str:
    """The certificate of which `in_der` is, alone: what follows it in the text is believed by whoever
    is given the text. Raises BatchError where it is none."""
    return _shown(certificates).public_bytes(Encoding.PEM).decode()


def _shown(certificate: str) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(certificate.encode())
    except (ValueError, x509.InvalidVersion) as problem:
        raise BatchError("not a certificate") from problem


def _made() -> Coming:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hadir")])  # the centre says whose
    asked = x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, SHA256())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return Coming(pem.decode(), asked.public_bytes(Encoding.PEM).decode())


def _key(pem: str) -> ec.EllipticCurvePrivateKey:
    try:
        key = load_pem_private_key(pem.encode(), None)
    except ValueError as problem:
        raise SourceMisconfigured("certificate_unusable", str(problem)) from problem
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise SourceMisconfigured("certificate_unusable", "not a P-256 key")
    return key


def _public(key: object) -> bytes:
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise ValueError("not a P-256 key")
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
