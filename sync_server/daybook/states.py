"""Up to where each chain was read into the daybook, and what reading on needs."""

from typing import Any

import msgspec
from sqlalchemy import Connection, delete, insert, select

from sync_server import plain, schema
from sync_server.chains import State

_OFFICE = "office "  # what an office's devices were when its days were made lies beside the chains


class Read(msgspec.Struct, frozen=True, array_like=True):
    """How a chain stood when it was read up to `upto`: for which office and zone (minutes east of
    UTC), with how many devices, and the latest kiosk second between its clock marks. `rests` are
    places from where it can be read again, the newest last."""

    upto: int = 0
    opd: str = ""
    zone: int = 0
    devices: int = 0
    lasts: list[int | None] = []
    rests: tuple[State, ...] = ()


_OF_OFFICE = (
    "SELECT kid, epoch, body FROM reading WHERE kid IN (SELECT kid FROM kiosk WHERE opd = ?)"
)


class _Ends(msgspec.Struct, frozen=True, array_like=True):
    """As much of `Read` as says how many terminals there are: the rest grows with the chain."""

    upto: int
    opd: str
    zone: int
    devices: int
    lasts: msgspec.Raw
    rests: list[msgspec.Raw]


class _State(msgspec.Struct, frozen=True, array_like=True):
    seq: int
    mark: int
    configured: int


_ends = msgspec.msgpack.Decoder(_Ends)
_state = msgspec.msgpack.Decoder(_State)


def of_chain(tx: Connection, kid: str, epoch: int) -> Read:
    """How far a chain was read; not at all where nothing is known."""
    its = schema.reading.c
    body = tx.execute(select(its.body).where(its.kid == kid, its.epoch == epoch)).scalar()
    return Read() if body is None else msgspec.msgpack.decode(body, type=Read)


def keep(tx: Connection, kid: str, epoch: int, read: Read) -> None:
    """Note how far a chain was read."""
    _put(tx, kid, epoch, read.upto, msgspec.msgpack.encode(read))


def configured(tx: Connection, opd: str) -> dict[tuple[str, int], int]:
    """How many terminals each chain of an office says that its kiosk is to read."""
    return {(kid, epoch): _configured(body) for kid, epoch, body in plain.rows(tx, _OF_OFFICE, opd)}


def _configured(body: bytes) -> int:
    rests = _ends.decode(body).rests
    return _state.decode(rests[-1]).configured if rests else 0


def of_office(tx: Connection, opd: str) -> bytes | None:
    """What was kept of an office; None: nothing yet."""
    its = schema.reading.c
    return tx.execute(select(its.body).where(its.kid == _OFFICE + opd, its.epoch == 0)).scalar()


def keep_office(tx: Connection, opd: str, body: bytes) -> None:
    """Keep how an office's devices stand."""
    _put(tx, _OFFICE + opd, 0, 0, body)


def _put(tx: Connection, kid: str, epoch: int, upto: int, body: bytes) -> None:
    its = schema.reading.c
    tx.execute(delete(schema.reading).where(its.kid == kid, its.epoch == epoch))
    row: dict[str, Any] = {"kid": kid, "epoch": epoch, "upto": upto, "body": body}
    tx.execute(insert(schema.reading).values(**row))
