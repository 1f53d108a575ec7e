"""What a person does as always, and what a crowd does alike."""

from collections.abc import Sequence

from contract.body.coding import LARGEST, Reader, Writer, unzigzag, zigzag
from contract.body.visitors import AGAIN, FRESH
from contract.errors import BatchError
from contract.event import Scan


def unusual(values: Sequence[int], who: Sequence[str], known: Sequence[int]) -> list[int]:
    """By how much each value is not the person's usual one: what two scans in a row had, or, of a
    repeated scan, what the one before had."""
    usual: dict[str, int] = {}
    last: dict[str, int] = {}
    out = []
    for value, pin, how in zip(values, who, known, strict=True):
        if how == FRESH:
            out.append(value)
            usual[pin] = value
        else:
            before = last[pin]
            out.append(value - (before if how == AGAIN else usual[pin]))
            if value == before:
                usual[pin] = value
        last[pin] = value
    return out


def habitual(
    steps: Sequence[int], who: Sequence[str], known: Sequence[int], size: int
) -> list[int]:
    """The values of `unusual` again, each below `size`."""
    usual: dict[str, int] = {}
    last: dict[str, int] = {}
    out = []
    for step, pin, how in zip(steps, who, known, strict=True):
        if how == FRESH:
            usual[pin] = value = step % size
        else:
            before = last[pin]
            value = (step + (before if how == AGAIN else usual[pin])) % size
            if value == before:
                usual[pin] = value
        last[pin] = value
        out.append(value)
    return out


def put_punch(out: Writer, scans: Sequence[Scan], known: Sequence[int]) -> None:
    """Everybody presses the same key for a while; a repeated scan has the key of the one before."""
    own: dict[str, int] = {}
    usual = last = scans[0].punch
    out.number(zigzag(usual))
    values = []
    for scan, how in zip(scans, known, strict=True):
        punch = scan.punch
        values.append(punch - (own.get(scan.pin, usual) if how == AGAIN else usual))
        if punch == last:
            usual = punch
        own[scan.pin] = last = punch
    out.column(values)


def get_punch(bits: Reader, who: Sequence[str], known: Sequence[int]) -> list[int]:
    """See put_punch."""
    own: dict[str, int] = {}
    usual = last = unzigzag(bits.number())
    if abs(usual) >= LARGEST:
        raise BatchError("a punch state is too large")
    out = []
    for value, pin, how in zip(bits.column(len(who)), who, known, strict=True):
        punch = value + (own.get(pin, usual) if how == AGAIN else usual)
        if punch == last:
            usual = punch
        own[pin] = last = punch
        out.append(punch)
    return out
