"""One unbroken run of seq on the wire.

Frame: version, codec and flags (1 byte), epoch (u32 LE), first seq and count (varints), 4 bytes of
the head before and after, the body, and a 12-byte HMAC-SHA256 over kid and frame.

Frames are written in version 2; those of version 1 had other columns and are read for ever.
"""

import hmac
from collections.abc import Callable, Sequence

import msgspec

from contract.body import arithmetic, columns, columns1, columns_read, payload
from contract.body.coding import Reader, Writer
from contract.errors import BatchError

VERSION = 2
_VERSIONS = (1, 2)
MAX_EVENTS = 1000
MAX_FRAME = 48 * 1024
MAC_BYTES = 12
HEAD_SHORT = 4

JSON, COLUMNS, ARITHMETIC = 0, 1, 2
_WRITERS: dict[int, Callable[[], Writer]] = {COLUMNS: columns.Writer, ARITHMETIC: arithmetic.Writer}
_READERS: dict[int, Callable[[bytes], Reader]] = {
    COLUMNS: columns_read.Reader,
    ARITHMETIC: arithmetic.Reader,
}


class Header(msgspec.Struct, frozen=True):
    """What a frame says of itself; read before the PINs that its body needs are looked up."""

    version: int
    codec: int
    epoch: int
    first: int
    count: int
    before: bytes
    after: bytes
    body_at: int

    @property
    def last(self) -> int:
        """The seq of the last event."""
        return self.first + self.count - 1


class Batch(msgspec.Struct, frozen=True):
    """Canonical records `first`, `first` + 1, … of one (kid, epoch), with 4 bytes of two heads."""

    kid: str
    epoch: int
    first: int
    records: tuple[bytes, ...]
    before: bytes
    after: bytes

    @property
    def last(self) -> int:
        """The seq of the last event."""
        return self.first + len(self.records) - 1


def encode(batch: Batch, pins: Sequence[str], key: bytes, codec: int = COLUMNS) -> bytes:
    """The frame of a batch. `pins`: those of the epoch before `first`, in order of appearance."""
    if codec == JSON:
        body = b"[" + b",".join(batch.records) + b"]"
    else:
        out = _WRITERS[codec]()
        payload.put(out, batch.records, pins)
        body = out.getvalue()
    frame = b"".join(
        (
            bytes([VERSION << 4 | codec << 2]),
            batch.epoch.to_bytes(4, "little"),
            varint(batch.first),
            varint(len(batch.records)),
            batch.before[:HEAD_SHORT],
            batch.after[:HEAD_SHORT],
            body,
        )
    )
    return frame + mac(b"batch", batch.kid, frame, key)


def peek(frame: bytes) -> Header:
    """The header of a frame. Raises BatchError with the reason."""
    if not frame:
        raise BatchError("empty frame")
    if len(frame) > MAX_FRAME:
        raise BatchError("frame is longer than 48 KiB")
    if frame[0] >> 4 not in _VERSIONS:
        raise BatchError(f"frame version {frame[0] >> 4} is not known")
    if frame[0] & 3:
        raise BatchError("frame has flags that are not known")
    first, at = read_varint(frame, 5)
    count, at = read_varint(frame, at)
    body_at = at + 2 * HEAD_SHORT
    if not 1 <= count <= MAX_EVENTS or first < 1:
        raise BatchError("a batch holds 1 to 1000 events, numbered from 1")
    if body_at + MAC_BYTES > len(frame):
        raise BatchError("frame is cut short")
    return Header(
        version=frame[0] >> 4,
        codec=frame[0] >> 2 & 3,
        epoch=int.from_bytes(frame[1:5], "little"),
        first=first,
        count=count,
        before=frame[at : at + HEAD_SHORT],
        after=frame[at + HEAD_SHORT : body_at],
        body_at=body_at,
    )


def genuine(kid: str, frame: bytes, key: bytes) -> bool:
    """True where the frame's MAC was made with this kiosk's key."""
    return sealed(b"batch", kid, frame, key)


def decode(kid: str, header: Header, frame: bytes, pins: Sequence[str]) -> Batch:
    """The batch of a genuine frame. Raises BatchError with the reason."""
    body = frame[header.body_at : -MAC_BYTES]
    if header.codec == JSON:
        records = _json_records(body)
    elif header.version == 1 and header.codec == COLUMNS:
        records = columns1.decode(body, header.count, pins)
    elif header.version > 1 and header.codec in _READERS:
        records = payload.get(_READERS[header.codec](body), header.count, pins)
    else:
        raise BatchError(f"codec {header.codec} is not known")
    if len(records) != header.count:
        raise BatchError("the body holds another number of events than the header says")
    return Batch(kid, header.epoch, header.first, tuple(records), header.before, header.after)


def _json_records(body: bytes) -> list[bytes]:
    try:
        records = [bytes(raw) for raw in msgspec.json.decode(body, type=list[msgspec.Raw])]
    except (msgspec.DecodeError, RecursionError):
        raise BatchError("the body is not a JSON array") from None
    if b"[" + b",".join(records) + b"]" != body:
        raise BatchError("the body holds bytes that belong to no record")
    return records


def mac(purpose: bytes, kid: str, data: bytes, key: bytes) -> bytes:
    """12 bytes of HMAC-SHA256; the purpose keeps a receipt from passing as a batch."""
    message = b"hadir/1 " + purpose + b"\0" + kid.encode() + b"\0" + data
    return hmac.digest(key, message, "sha256")[:MAC_BYTES]


def sealed(purpose: bytes, kid: str, data: bytes, key: bytes) -> bool:
    """True where `data` ends in the MAC that this key makes for it."""
    expected = mac(purpose, kid, data[:-MAC_BYTES], key)
    return len(data) > MAC_BYTES and hmac.compare_digest(expected, data[-MAC_BYTES:])


def varint(value: int) -> bytes:
    """Unsigned LEB128."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def read_varint(data: bytes, at: int) -> tuple[int, int]:
    """The integer at `at` and where the next field starts. Raises BatchError."""
    value = shift = 0
    while at < len(data) and shift < 63:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
    raise BatchError("a number does not end")
