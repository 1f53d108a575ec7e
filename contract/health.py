"""The retained documents: what a kiosk says of itself, and who takes its batches."""

from typing import Annotated

import msgspec

from contract.errors import BatchError


class Birth(msgspec.Struct, frozen=True, omit_defaults=True):
    """s/<kid>: said at every connect. `acked` of `max_seq` tells the centre how much waits.

    `head` is hex of the head at `max_seq`, `disk_free` in bytes, `trust` as in a clock record.
    `alerts` names what a technician should look at, by device name and code. `bytes_month` went over
    the link this month, `quota_left` bytes remain of what is paid for (None: no quota).
    """

    online: bool
    epoch: Annotated[int, msgspec.Meta(ge=0, lt=2**32)]
    max_seq: Annotated[int, msgspec.Meta(ge=0, lt=2**53)] = 0
    acked: Annotated[int, msgspec.Meta(ge=0, lt=2**53)] = 0
    head: str = ""
    version: str = ""
    trust: int = 0
    disk_free: int = 0
    alerts: tuple[tuple[str, str], ...] = ()
    bytes_month: Annotated[int, msgspec.Meta(ge=0, lt=2**53)] = 0
    quota_left: Annotated[int, msgspec.Meta(ge=0, lt=2**53)] | None = None


class Owner(msgspec.Struct, frozen=True):
    """h/<bucket>: the ingest worker that takes the bucket's batches now."""

    online: bool
    worker: str


def encode(document: Birth | Owner) -> bytes:
    """The document as JSON."""
    return msgspec.json.encode(document)


def decode_birth(data: bytes) -> Birth:
    """Raises BatchError where it is not a birth."""
    try:
        return msgspec.json.decode(data, type=Birth)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise BatchError("not a status document") from None


def decode_owner(data: bytes) -> Owner:
    """Raises BatchError where it does not name an owner."""
    try:
        return msgspec.json.decode(data, type=Owner)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise BatchError("not an owner document") from None
