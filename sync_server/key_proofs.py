"""Whether somebody holds the key that he shows: requests for certificates, and signatures."""

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
)


class BadRequest(ValueError):
    """What should be certified is no request of a P-256 key, or its signature does not hold."""


def requested_key(csr: str) -> ec.EllipticCurvePublicKey:
    """The key of a request (PEM) that whoever made it holds. Raises BadRequest."""
    try:
        request = x509.load_pem_x509_csr(csr.encode())
        key, signed = request.public_key(), request.is_signature_valid
    except (ValueError, UnsupportedAlgorithm, x509.InvalidVersion) as problem:
        raise BadRequest("not a certificate request") from problem
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise BadRequest("not a P-256 key")
    if not signed:
        raise BadRequest("the request is not signed by its own key")
    return key


def public_bytes(key: ec.EllipticCurvePublicKey) -> bytes:
    """A public key as certificates hold it (SPKI, DER)."""
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def is_signed(public: bytes, signature: bytes, data: bytes) -> bool:
    """Whether the owner of a P-256 key (SPKI) signed these bytes (ECDSA, SHA-256)."""
    key = load_der_public_key(public)
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, data, ec.ECDSA(SHA256()))
            return True
    except InvalidSignature:
        pass
    return False


def is_vouched(event_key: bytes, signature: bytes, data: bytes) -> bool:
    """Whether the owner of an event key (Ed25519, 32 bytes) signed these bytes."""
    try:
        Ed25519PublicKey.from_public_bytes(event_key).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True
