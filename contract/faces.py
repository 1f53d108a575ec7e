"""Face templates between the centre and the kiosks of an office: 128 bytes a look, never an image.

What travels is deflated JSON under AES-256-GCM with a key that kiosk and centre derive from the
kiosk's MAC key; contract is pure, so each side brings its own AES. The same form goes both ways.
"""

import hmac
import zlib
from collections.abc import Iterable, Sequence
from hashlib import sha256
from itertools import groupby

import msgspec

from contract.errors import BatchError

NONCE_BYTES = 12
MOST_LOOKS = 8
MOST_FORGOTTEN = 20  # PINs in one order to forget: its answer lists those that were not there
_MOST_VECTOR = 2_048  # the longest embeddings in use have 512 numbers
_MOST_BYTES = 1 << 20
# JSON of the templates that are sealed together: even if it could not be deflated at all, the
# envelope of a command would hold it.
_ROOM = 34_000


class Look(msgspec.Struct, frozen=True, array_like=True):
    """One enrolled look: the embedding as signed bytes (its direction matters, not its length), and
    the quality 0..100 that it was taken with."""

    vector: bytes
    quality: int


class Template(msgspec.Struct, frozen=True, array_like=True):
    """A person's looks by one model. `made` is when (UTC seconds), `by` who decided (a kiosk's name,
    or "centre"), `note` the operator's decision where a face resembled another's."""

    pin: str
    model: str
    looks: tuple[Look, ...]
    made: int
    by: str
    note: str = ""


def digest(template: Template) -> str:
    """SHA-256 (hex) that names a template in evidence without telling anything of the face."""
    return sha256(msgspec.json.encode(template)).hexdigest()


def transport_key(mac_key: bytes) -> bytes:
    """The AES-256 key for templates on their way to and from the kiosk with this MAC key."""
    return hmac.digest(mac_key, b"hadir/1 face templates", "sha256")


def bound_to(kid: str) -> bytes:
    """The associated data: nobody can move sealed templates to another kiosk."""
    return b"hadir/1 faces\0" + kid.encode()


def pack(templates: tuple[Template, ...]) -> bytes:
    """What is sealed."""
    return zlib.compress(msgspec.json.encode(templates), 9)


def unpack(data: bytes) -> tuple[Template, ...]:
    """The templates in what was sealed. Raises BatchError."""
    inflate = zlib.decompressobj()
    try:
        plain = inflate.decompress(data, _MOST_BYTES)
        if inflate.unconsumed_tail or not inflate.eof:
            raise BatchError("templates: too large, or cut off")
        found = msgspec.json.decode(plain, type=tuple[Template, ...])
    except (zlib.error, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise BatchError(f"not templates: {problem}") from None
    if any(not 0 < len(one.looks) <= MOST_LOOKS for one in found):
        raise BatchError(f"a template has 1 to {MOST_LOOKS} looks")
    if any(not 0 < len(look.vector) <= _MOST_VECTOR for one in found for look in one.looks):
        raise BatchError(f"a look has 1 to {_MOST_VECTOR} bytes")
    return found


def runs(templates: Iterable[Template]) -> list[tuple[Template, ...]]:
    """Templates in runs that each fit one order; all of a person are in one, because a kiosk
    replaces all that it had of them."""
    out: list[list[Template]] = []
    room = 0
    in_order = sorted(templates, key=lambda one: (one.pin, one.model))
    for _, group in groupby(in_order, key=lambda one: one.pin):
        own = list(group)
        size = len(msgspec.json.encode(own))
        if size > room:
            out.append([])
            room = _ROOM
        out[-1] += own
        room -= size
    return [tuple(run) for run in out]


def joined(parcels: Sequence[bytes]) -> bytes:
    """Several sealed runs as the body of one answer: each behind its length in four bytes."""
    return b"".join(len(one).to_bytes(4, "little") + one for one in parcels)


def parted(body: bytes) -> list[bytes]:
    """What `joined` was given. Raises BatchError."""
    out, at = [], 0
    while at < len(body):
        end = at + 4 + int.from_bytes(body[at : at + 4], "little")
        if len(body) < max(at + 4, end):
            raise BatchError("templates: cut off")
        out.append(body[at + 4 : end])
        at = end
    return out
