"""Which rows of a damaged journal are what was journalled: those that the hash chain binds. Pure."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from contract import chain
from terminal_agent.salvage.cells import Row

_Copies = list[tuple[bytes, bytes]]  # (record, head after it) as different copies of a row say it


class Raw(msgspec.Struct, frozen=True):
    """A row of the evidence table: a device's own bytes for event `seq` of the epoch `no`."""

    serial: str
    t: int
    pin: str
    no: int
    seq: int
    raw: bytes
    received: int


class Found(msgspec.Struct, frozen=True):
    """Rows by what they look like, nothing proven: events by ordinal of their epoch and seq, the
    numbers that each epoch may have, devices by index, the devices' own bytes."""

    events: dict[int, dict[int, _Copies]] = {}
    epochs: dict[int, set[int]] = {}
    devices: dict[int, tuple[str, str, str]] = {}
    raws: set[Raw] = set()


class Chain(msgspec.Struct, frozen=True):
    """The proven rows of one epoch: (seq, record, head). `whole`: how many of them stand from event 1
    on without a hole, 0 where it is not proven whose epoch `epoch` they are; `last`: the newest seq
    that any row names."""

    no: int
    epoch: int
    rows: Sequence[tuple[int, bytes, bytes]]
    whole: int
    last: int


def sorted_out(rows: Iterable[tuple[int, Row]]) -> Found:
    """The rows of a journal's tables among all that were read."""
    found = Found()
    for rowid, row in rows:
        match row:
            case (int(no), int(seq), str(), bytes(record), bytes(head)):
                copies = found.events.setdefault(no, {}).setdefault(seq, [])
                if (record, head) not in copies:
                    copies.append((record, head))
            case (None, int(epoch), int(), int()):
                found.epochs.setdefault(rowid, set()).add(epoch)
            case (None, str(serial), str(family), str(firmware), bytes(), int()):
                found.devices[rowid] = (serial, family, firmware)
            case (str(serial), int(t), str(pin), int(no), int(seq), bytes(raw), int(received)):
                found.raws.add(Raw(serial, t, pin, no, seq, raw, received))
    return found


def proven(kid: str, found: Found) -> list[Chain]:
    """What the chain of every epoch still proves, oldest first; none of which nothing is proven: a
    damaged row may name any epoch."""
    chains = [_proven(kid, no, found) for no in sorted(found.events)]
    return [one for one in chains if one.rows]


def _proven(kid: str, no: int, found: Found) -> Chain:
    copies, candidates = found.events[no], sorted(found.epochs.get(no, ()))
    genesis = {chain.genesis(kid, one): one for one in candidates if 0 <= one < 2**32}
    rows = _walked(copies, set(genesis))
    first = rows[0] if rows else (0, b"", b"")
    begun = [one for head, one in genesis.items() if chain.link(head, first[1]) == first[2]]
    begun = begun if first[0] == 1 else []
    whole = next((at for at, row in enumerate(rows) if row[0] != at + 1), len(rows))
    epoch = next(iter(begun or candidates), 0)
    # A device's own bytes outlive the event they became; a damaged row may have any number.
    named = {*copies, *(raw.seq for raw in found.raws if raw.no == no)}
    seen = rows[-1][0] + len(named) if rows else 0
    last = max((seq for seq in named if seq <= seen), default=0)
    return Chain(no, epoch, rows, whole if begun else 0, last)


def _walked(copies: Mapping[int, _Copies], before: set[bytes]) -> list[tuple[int, bytes, bytes]]:
    """`before`: the heads that may stand before the row at hand. After a hole the first row proves
    nothing about itself, but its head may carry the next."""
    rows = []
    last = 0
    for seq in sorted(copies):
        before = before if seq == last + 1 else set()
        last = seq
        held = _held(copies[seq], copies.get(seq + 1, []), before)
        if held:
            rows.append((seq, *held))
        before = {held[1]} if held else {head for _, head in copies[seq]}
    return rows


def _held(copies: _Copies, after: _Copies, before: set[bytes]) -> tuple[bytes, bytes] | None:
    """The copy that the chain binds: to its own head, or, where that is damaged, to the next row's."""
    linked = [(record, chain.link(one, record), head) for record, head in copies for one in before]
    for record, made, head in linked:
        if made == head:
            return record, made
    for record, made, _ in linked:
        if any(chain.link(made, more) == head for more, head in after):
            return record, made
    return None
