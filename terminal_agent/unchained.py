"""What stands beside the chains in the journal's file and must agree with them: the acked mark, the
numbered PINs, the devices. No hash covers these tables, but the chain tells what they have to say."""

import msgspec

from contract import event
from terminal_agent.journal_view import EpochRows, UnchainedRows, View


class Differs(msgspec.Struct, frozen=True):
    """One thing in epoch `epoch` that the chain tells otherwise: the event at which, and why."""

    epoch: int
    event: int
    why: str


def differing(view: View, broken: dict[int, int]) -> list[Differs]:
    """Everything of that kind, oldest epoch first. `broken`: by epoch the first event that does not
    hold; what comes from there on tells nothing. Raises JournalFailed."""
    chains, found = list(view.chains()), []
    for at, one in enumerate(chains):
        is_beyond = one.acked > (one.rows[-1][0] if one.rows else 0)
        end = _end(one, broken.get(one.epoch, 0), is_beyond=is_beyond)
        kept = view.unchained(one.epoch)
        if is_beyond and not _is_told(chains[at + 1 :]):
            found.append(Differs(one.epoch, one.acked, "mark_beyond"))
        if seq := _pin_differs(one, kept, end):
            found.append(Differs(one.epoch, seq, "pin_differs"))
        if one is chains[-1] and (seq := _device_differs(one, kept, end)):
            found.append(Differs(one.epoch, seq, "device_differs"))
    return found


def _end(one: EpochRows, broken: int, *, is_beyond: bool) -> float:
    """The first event that no longer tells anything."""
    if broken:
        return broken
    return len(one.rows) + 1 if is_beyond else float("inf")


def _is_told(later: list[EpochRows]) -> bool:
    """Whether the chain itself says why newest rows of an epoch are gone: the epoch after it began
    for that, or a salvage kept no more of it."""
    begun = [event.read(one.rows[0][1]) for one in later if one.rows]
    reasons = [one.reason for one in begun if isinstance(one, event.Epoch)]
    return reasons[:1] == ["lost_rows"] or "salvage" in reasons


def _pin_differs(one: EpochRows, kept: UnchainedRows, end: float) -> int:
    """The first event with which the list of PINs does not agree, 0 where it does."""
    first: dict[str, int] = {}
    for seq, data, _ in one.rows:
        record = event.read(data) if data.startswith(b'["scan"') and seq < end else None
        if isinstance(record, event.Scan):
            first.setdefault(record.pin, seq)
    told = {(at, pin, seq) for at, (pin, seq) in enumerate(first.items())}
    held = {row for row in kept.pins if row[2] < end}
    return min((seq for _, _, seq in told ^ held), default=0)


def _device_differs(one: EpochRows, kept: UnchainedRows, end: float) -> int:
    """The first event that introduces a device by another serial number (which a record may cut
    short) than the table has, 0 without one."""
    for seq, data, _ in one.rows:
        record = event.read(data) if data.startswith(b'["device"') and seq < end else None
        if isinstance(record, event.Device):
            serial = kept.serials.get(record.index, "")
            if not (serial and serial.startswith(record.serial)):
                return seq
    return 0
