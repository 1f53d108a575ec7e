"""A punch as a row of `placed` keeps it. Pure."""

import msgspec

from sync_server.retime import Derived, Quality
from sync_server.touches import Punch


class Body(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The fields of a Punch and of its Derived, in one line."""

    event: str
    terminal: str
    mode: str
    t: int | None
    lo: int | None
    hi: int | None
    quality: Quality
    method: str
    raw: str | None


_encoder = msgspec.msgpack.Encoder()
read = msgspec.msgpack.Decoder(Body).decode


def body(punch: Punch) -> bytes:
    """What a row keeps of a punch."""
    its = punch.derived
    return _encoder.encode(
        Body(
            punch.event, punch.terminal, punch.mode, its.t, its.lo, its.hi, its.quality, its.method,
            punch.raw,
        )
    )  # fmt: skip


def punch(its: Body) -> Punch:
    """The punch again."""
    derived = Derived(its.t, its.lo, its.hi, its.quality, its.method)
    return Punch(its.event, its.terminal, its.mode, derived, its.raw)
