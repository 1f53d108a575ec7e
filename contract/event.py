"""The records a kiosk vouches for, and their canonical bytes (record version 1).

An event is (kid, epoch, seq) and one record. Canonical bytes are a JSON array, tag first, no spaces:
they are hashed, stored and sent as they are. A record kind that must change gets a new tag, because
the bytes of an old one are evidence and are never rewritten.
"""

from typing import Literal

import msgspec

from contract.proofs import CheckpointNoted as CheckpointNoted
from contract.proofs import Epoch as Epoch
from contract.proofs import Hardware as Hardware
from contract.proofs import ReceiptNoted as ReceiptNoted
from contract.proofs import Seal as Seal
from contract.record import Record as Record
from contract.record import Whole

Source = Literal["pull", "live", "push", "camera", "serial", "kiosk"]
SOURCES: tuple[Source, ...] = ("pull", "live", "push", "camera", "serial", "kiosk")

# How a kiosk's own camera and screen recognised a person. The face codes are those of the PUSH
# protocol 4.0, appendix 7 (15 face, 17 face and password); its codes end far below 200.
VERIFY_FACE, VERIFY_NIP_AND_FACE, VERIFY_SECRET, VERIFY_WITNESS = 15, 17, 200, 201
# What a scan's `liveness` says: the office asks for no challenge, or the one that was answered.
NOT_ASKED, TURNED_LEFT, TURNED_RIGHT, BLINKED = 0, 1, 2, 3
Asked = Literal["turn_left", "turn_right", "blink"]


class Scan(Record, frozen=True, array_like=True, tag="scan"):
    """A person at a device.

    `t` is the seconds of the clock that stamped it: for a device (pull, live, push) its own local
    wall clock counted as if it were UTC, or its raw u32 when `impossible`; for camera, serial and
    kiosk the kiosk's clock (UTC), at the first sight of a face. `lag` is the seconds from there to
    the commit by the kiosk's clock. `verify`, `punch` and `work` are the device's own codes.

    Of a face: `score` 0..100 is how far the match lies inside the threshold (0 = on it), `liveness`
    what became of the challenge, `gallery` the version (see Gallery) that it was matched with.
    """

    device: Whole
    pin: str
    t: Whole
    impossible: bool
    lag: Whole
    verify: Whole
    punch: Whole
    work: Whole
    source: Source
    score: Whole | None = None
    liveness: Whole | None = None
    gallery: Whole | None = None


class Clock(Record, frozen=True, array_like=True, tag="clock"):
    """What the kiosk's clock was worth; a scan means the newest one before it.

    `up` is CLOCK_BOOTTIME seconds, `wall` UTC seconds, `trust` 4 GNSS, 3 NTP, 2 server, 1 vouched
    for by the host or an RTC set earlier, 0 nothing. `offsets` holds, for devices measured just
    then, (device, milliseconds that the device's local wall clock, counted as if UTC, is ahead of
    `wall`). `position` is latitude and longitude in microdegrees.
    """

    boot: str
    up: Whole
    wall: Whole
    trust: Whole
    error_ms: Whole
    offsets: tuple[tuple[Whole, Whole], ...] = ()
    position: tuple[Whole, Whole] | None = None


class Covered(Record, frozen=True, array_like=True, tag="covered"):
    """The device was read whole up to `through` (kiosk UTC seconds) and held `count` records.

    `since` is 0 for a device that keeps its own log; for a camera the start of the time it was up.
    """

    device: Whole
    since: Whole
    through: Whole
    count: Whole


class Device(Record, frozen=True, array_like=True, tag="device"):
    """Table entry: the scans of this chain name the device by `index`."""

    index: Whole
    serial: str
    family: str
    firmware: str


class Copresence(Record, frozen=True, array_like=True, tag="copresence"):
    """Whether the face before the kiosk was the person whose finger punched: event `seq` of this
    chain, or event -`seq` of the epoch before; 0 where that was an epoch still earlier."""

    seq: Whole
    outcome: Literal["match", "mismatch", "no_face", "no_template"]


class Gallery(Record, frozen=True, array_like=True, tag="gallery"):
    """The faces that scans of this chain are matched with from here on.

    `people` have templates of `model`. `threshold` is the largest accepted cosine distance in units
    of 1/10000, 0 where the office is too small to tell one person from all (one-to-one only).
    `digest` (SHA-256, hex) binds model, rule, both thresholds, the roster and the centre's digest.
    """

    version: Whole
    model: str
    people: Whole
    threshold: Whole
    digest: str


class Challenge(Record, frozen=True, array_like=True, tag="challenge"):
    """A liveness challenge that did not end in a scan, at `t` (kiosk UTC seconds).

    `pin` is whom the face was taken for, "" for nobody; `score` and `gallery` as in a scan.
    """

    device: Whole
    t: Whole
    asked: Asked
    outcome: Literal["timeout", "wrong", "other_face", "left"]
    pin: str
    score: Whole
    gallery: Whole


class Witnessed(Record, frozen=True, array_like=True, tag="witnessed"):
    """Event `seq` (as in Copresence) is a scan that a colleague vouches for: `by` is that colleague's
    PIN, `verify` how the kiosk recognised the colleague."""

    seq: Whole
    by: str
    verify: Whole


class Unreadable(Record, frozen=True, array_like=True, tag="unreadable"):
    """Device bytes that no rule could read, kept so that no record is ever left behind."""

    device: Whole
    raw: bytes
    reason: str


class LogShifted(Record, frozen=True, array_like=True, tag="log_shifted"):
    """The device dropped its `dropped` oldest records; everything after them was read."""

    device: Whole
    dropped: Whole


class LogReplaced(Record, frozen=True, array_like=True, tag="log_replaced"):
    """The log is not the one read before (cleared, reset, another device); it was read whole.

    `had` records had been delivered from the one before, `has` are there now.
    """

    device: Whole
    had: Whole
    has: Whole


class LogEdited(Record, frozen=True, array_like=True, tag="log_edited"):
    """A full audit found `missing` records gone from the middle and `extra` ones not seen before.

    `first` and `last` bound the device time of the missing ones (0 when none is missing).
    """

    device: Whole
    missing: Whole
    extra: Whole
    first: Whole
    last: Whole


class Operation(Record, frozen=True, array_like=True, tag="operation"):
    """A line of the device's operation log (set time, clear, options), codes as in its manual.

    `t` as in a scan.
    """

    device: Whole
    code: Whole
    operator: Whole
    t: Whole
    impossible: bool
    params: tuple[Whole, ...]


class Enrolment(Record, frozen=True, array_like=True, tag="enrolment"):
    """A person's template or rights on a device changed; `digest` names what is there now, or what
    was erased. `device` 0 is the kiosk's own gallery. For the changes of a terminal see contract.roll.
    """

    device: Whole
    pin: str
    change: str
    digest: str


class Snapshot(Record, frozen=True, array_like=True, tag="snapshot"):
    """Everybody enrolled on a device was read; the enrolment records of this chain up to here make
    the roll of contract.roll whose digest this is.

    `admins` may do more there than scan. `templates` is None where the device does not tell them.
    `salt` is the mark of the salt of their digests. `default_key`: the device lets anybody on its
    network in without a communication key, or with key 0.
    """

    device: Whole
    users: Whole
    admins: Whole
    templates: Whole | None
    digest: str
    salt: str
    default_key: bool


class Configuration(Record, frozen=True, array_like=True, tag="configuration"):
    """The kiosk runs with another configuration; `digest` is the SHA-256 of the effective one.

    `devices` is how many devices it is to read: until that many have told their serial number,
    nobody behind it is absent.
    """

    digest: str
    version: str
    devices: Whole


AnyRecord = (
    Scan
    | Clock
    | Covered
    | Device
    | Copresence
    | Gallery
    | Challenge
    | Witnessed
    | Unreadable
    | LogShifted
    | LogReplaced
    | LogEdited
    | Operation
    | Enrolment
    | Configuration
    | Epoch
    | Seal
    | ReceiptNoted
    | CheckpointNoted
    | Hardware
    | Snapshot
)

# Records that wait for company: alone they never start a flush, or every receipt would beget one.
BOOKKEEPING = (Clock, Covered, Seal, ReceiptNoted, CheckpointNoted, Hardware)
BOOKKEEPING_KINDS = tuple(str(kind.__struct_config__.tag) for kind in BOOKKEEPING)

_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[AnyRecord] = msgspec.json.Decoder(AnyRecord)


def canonical(record: Record) -> bytes:
    """The bytes that are hashed, stored and sent."""
    return _encoder.encode(record)


def read(data: bytes) -> AnyRecord | None:
    """The record in canonical bytes, or None where this version cannot read them faithfully."""
    try:
        record = _decoder.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return record if _encoder.encode(record) == data else None


def tag_of(record: Record) -> str:
    """The tag that the record's canonical bytes begin with."""
    return str(record.__struct_config__.tag)


def kind(data: bytes) -> str:
    """The tag of canonical bytes, known to this version or not; "" where there is none."""
    try:
        tagged = msgspec.json.decode(data, type=list[msgspec.Raw])
        return msgspec.json.decode(tagged[0], type=str) if tagged else ""
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ""
