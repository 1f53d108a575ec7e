"""The records about a chain itself: why it begins, what vouches for it, what its kiosk saw of the
centre and runs on."""

from typing import Annotated, Literal

import msgspec

from contract.record import Record, Whole


class Epoch(Record, frozen=True, array_like=True, tag="epoch"):
    """First record of every epoch: why numbering began anew, and where the one before stood.

    Both numbers are looked up in the ledger, so they are what a frame's header can say.
    """

    previous: Annotated[int, msgspec.Meta(ge=0, lt=2**32)]
    acked: Annotated[int, msgspec.Meta(ge=0, lt=2**53)]
    reason: Literal["new", "lost_rows", "fork", "salvage", "replaced"]


class Seal(Record, frozen=True, array_like=True, tag="seal"):
    """Ed25519 signature over the head before this record by the key born on the kiosk (see
    contract.vouched); `key` is its public half in base64."""

    key: str
    signature: bytes


class ReceiptNoted(Record, frozen=True, array_like=True, tag="receipt_noted"):
    """The kiosk saw a signed receipt; what follows happened after its server time (UTC seconds)."""

    acked: Whole
    server_time: Whole
    signature: bytes


class CheckpointNoted(Record, frozen=True, array_like=True, tag="checkpoint_noted"):
    """The kiosk saw the centre's checkpoint `no` with this digest (SHA-256, hex), and what it says
    of the kiosk is what the kiosk knows of itself."""

    no: Whole
    digest: str


class Hardware(Record, frozen=True, array_like=True, tag="hardware"):
    """What the kiosk runs on: serials of its board and of the card it started from, "" unknown. They
    tell a copy from the original."""

    board: str
    card: str
