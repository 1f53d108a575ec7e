"""How a kiosk is admitted over HTTPS: what it is handed, what it asks, what it is answered. Pure.

A pass is one line of text, or its QR code: `hadir:URL#KID.TOKEN.FINGERPRINT`, or without a token
`hadir:URL#FINGERPRINT` for a kiosk that asks and waits for a person. The fingerprint is that of
Hadir's own authority, so that the kiosk knows the centre before it says anything.
"""

import hmac
import re
from base64 import b32decode, b32encode
from hashlib import sha256
from typing import Annotated, TypeVar

import msgspec

from contract.errors import BatchError
from contract.topics import valid_kid

TOKEN_BYTES = 16
TOKEN_SECONDS = 86_400
MAX_BODY = 16 * 1024
# SHA-256 of the certificate, cut to what nobody finds a second certificate for (2^128).
FINGERPRINT_BYTES = 16
SHARE_BYTES = 65  # an uncompressed P-256 point

_SCHEME = "hadir:"
_ADDRESS = re.compile(r"https://(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+)(?::([0-9]{1,5}))?")
_LETTERS = 26  # base32 of 16 bytes without its padding

Pem = Annotated[str, msgspec.Meta(max_length=6_000)]
Key = Annotated[bytes, msgspec.Meta(min_length=32, max_length=32)]
Share = Annotated[bytes, msgspec.Meta(min_length=SHARE_BYTES, max_length=SHARE_BYTES)]
Signature = Annotated[bytes, msgspec.Meta(max_length=128)]
Seconds = Annotated[int, msgspec.Meta(ge=0, lt=2**53)]


_Kind = TypeVar("_Kind")


class Pass(msgspec.Struct, frozen=True):
    """Where to ask (`https://host:port`), and whom to believe. `kid` and `token` are empty for a
    kiosk that asks without being expected."""

    url: str
    fingerprint: bytes
    kid: str = ""
    token: bytes = b""


class Application(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """`POST /api/v1/enrol`. `csr` is PEM of a P-256 key that was born on the kiosk, `event_key` its
    Ed25519 public key, which signed `to_bind`; `serial` what is printed on the board. `proof` is the
    HMAC of the same bytes by the token: nobody can put another key under a token that he saw used.
    """

    csr: Pem
    event_key: Key
    signature: Signature
    serial: Annotated[str, msgspec.Meta(max_length=64)] = ""
    kid: Annotated[str, msgspec.Meta(max_length=6)] = ""
    token: Annotated[bytes, msgspec.Meta(max_length=TOKEN_BYTES)] = b""
    proof: Annotated[bytes, msgspec.Meta(max_length=32)] = b""


class Renewal(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """`POST /api/v1/renew`, and the answer to the order Renew: a new CSR, `to_renew` signed by the
    event key (Ed25519) and, while that is not worn out, by the old TLS key (ECDSA, SHA-256)."""

    kid: Annotated[str, msgspec.Meta(max_length=6)]
    csr: Pem
    event_key: Key
    signature: Signature
    old_signature: Signature = b""


class Admission(msgspec.Struct, frozen=True):
    """What an admitted kiosk is answered: an invitation without secrets. Both sides draw the MAC key
    from `share`, the centre's ephemeral P-256 point, and the key of the CSR. `time`: server UTC
    seconds."""

    kid: str
    broker_host: str
    broker_port: int
    ca: str
    sign_key: bytes
    seal_key: bytes
    certificate: str
    share: Share
    door: str
    time: Seconds
    salt: bytes = b""


class Waiting(msgspec.Struct, frozen=True):
    """The centre has the application; somebody there must approve the kiosk that shows this code."""

    code: str
    time: Seconds


class Refusal(msgspec.Struct, frozen=True):
    """Why not, as a code; `time` as in Admission."""

    error: str
    time: Seconds


Reply = Admission | Waiting | Refusal
_ADMITTED, _WAITING = 200, 202  # HTTP status codes


def write_pass(given: Pass) -> str:
    """The text of a pass."""
    secret = f"{given.kid}.{_base32(given.token)}." if given.kid else ""
    return f"{_SCHEME}{given.url}#{secret}{_base32(given.fingerprint)}"


def read_pass(text: str) -> Pass:
    """A pass as people type or paste it, in small letters or with blanks. Raises BatchError."""
    address, mark, rest = "".join(text.split()).removeprefix(_SCHEME).partition("#")
    where(address)
    if not mark:
        raise BatchError("the address lacks the fingerprint that follows #")
    parts = rest.upper().split(".")
    if len(parts) == 1:
        return Pass(address, _bytes(parts[0]))
    if len(parts) != 3 or not valid_kid(parts[0]):
        raise BatchError("after # stands no KID.TOKEN.FINGERPRINT")
    return Pass(address, _bytes(parts[2]), parts[0], _bytes(parts[1]))


def where(url: str) -> tuple[str, int]:
    """Host and port of an address. Raises BatchError."""
    found = _ADDRESS.fullmatch(url.rstrip("/"))
    port = int(found[2] or 443) if found else 0
    if found is None or not 0 < port < 65_536:
        raise BatchError("not an address of the form https://host:port")
    return found[1].strip("[]"), port


def fingerprint(certificate: bytes) -> bytes:
    """How a pass names an authority, by its certificate in DER."""
    return sha256(certificate).digest()[:FINGERPRINT_BYTES]


def to_bind(kid: str, csr: str, event_key: bytes) -> bytes:
    """What an applicant signs with its event key, and the token's HMAC covers."""
    return b"hadir/1 enrol\0" + kid.encode() + b"\0" + event_key + csr.encode()


def proof(token: bytes, bound: bytes) -> bytes:
    """The HMAC of `to_bind` by a token."""
    return hmac.digest(token, bound, "sha256")


def token_digest(token: bytes) -> str:
    """How the centre keeps a token that it gave away."""
    return sha256(b"hadir/1 token\0" + token).hexdigest()


def to_renew(kid: str, csr: str) -> bytes:
    """What a kiosk signs to have another certificate."""
    return b"hadir/1 renew\0" + kid.encode() + b"\0" + csr.encode()


def mac_info(kid: str) -> bytes:
    """What the MAC key that both sides draw is for."""
    return b"hadir/1 mac\0" + kid.encode()


def asking_letters(csr: str, event_key: bytes) -> str:
    """What stands for the keys of a kiosk that asks: SHA-256 as 52 letters and digits."""
    return _base32(sha256(b"hadir/1 ask\0" + event_key + csr.encode()).digest())


def asking_code(letters: str) -> str:
    """What such a kiosk shows and a person at the centre types: the first ten of its letters, so that
    nobody else is approved in its place."""
    return f"{letters[:5]}-{letters[5:10]}"


def encode(message: Application | Renewal | Reply) -> bytes:
    """As it goes over HTTPS."""
    return msgspec.json.encode(message)


def decode_application(data: bytes) -> Application:
    """Raises BatchError."""
    return _decoded(data, Application)


def decode_renewal(data: bytes) -> Renewal:
    """Raises BatchError."""
    return _decoded(data, Renewal)


def decode_reply(status: int, data: bytes) -> Reply:
    """What the centre answered. Raises BatchError where that is nothing that it says."""
    if status == _ADMITTED:
        return _decoded(data, Admission)
    return _decoded(data, Waiting) if status == _WAITING else _decoded(data, Refusal)


def _decoded(data: bytes, kind: type[_Kind]) -> _Kind:
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise BatchError(f"not a whole {kind.__name__.lower()}") from None


def _base32(data: bytes) -> str:
    return b32encode(data).decode().rstrip("=")


def _bytes(letters: str) -> bytes:
    if not re.fullmatch(f"[A-Z2-7]{{{_LETTERS}}}", letters):
        raise BatchError(f"a part of it is not {_LETTERS} letters and digits long")
    return b32decode(letters + "=" * (-len(letters) % 8))
