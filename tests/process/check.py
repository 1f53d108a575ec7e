"""What must hold after every fault, as one pure function over what device, kiosk and centre hold."""

from collections import Counter
from collections.abc import Iterable, Iterator, Set

import msgspec

from contract import chain
from contract.event import BOOKKEEPING_KINDS, Device, Scan, kind, read

Key = tuple[str, str, int]  # serial, PIN, device second counted as if it were UTC


class Copy(msgspec.Struct, frozen=True):
    """A kiosk's events as one side holds them: (epoch, seq) to (record, head), and its acked mark in
    every epoch, oldest first."""

    kid: str
    events: dict[tuple[int, int], tuple[bytes, bytes]]
    acked: dict[int, int]

    def epochs(self) -> dict[int, list[tuple[int, bytes, bytes]]]:
        """(seq, record, head) of every epoch, in order of seq."""
        out: dict[int, list[tuple[int, bytes, bytes]]] = {}
        for (epoch, seq), (record, head) in sorted(self.events.items()):
            out.setdefault(epoch, []).append((seq, record, head))
        return out


def check(
    held: Iterable[Key],
    journal: Copy,
    ledger: Copy,
    punches: Iterable[Key],
    *,
    settled: bool = True,
    torn: Set[int] = frozenset(),
) -> list[str]:
    """What is wrong, as sentences; empty where every punch that the devices hold is in the ledger
    exactly once, nothing is invented, and both copies are the same unbroken chain.

    `held` must not name a key twice: a device that stores one PIN twice in a second is another test.
    `settled`: every receipt has been taken. `torn`: epochs in which the kiosk's card was rolled back,
    so that journal and ledger hold two histories of them; what happened must be in the ledger still.
    """
    expected = set(held)
    return [
        *_amounts("the ledger's punches", expected, punches),
        *chains("journal", journal),
        *chains("ledger", ledger),
        *_same(journal, ledger, torn),
        *(_received(journal, ledger, torn) if settled else ()),
        *_scans("journal", expected, journal),
        *_scans("ledger", expected, ledger),
    ]


def _amounts(where: str, expected: set[Key], found: Iterable[Key]) -> Iterator[str]:
    counted = Counter(found)
    for key in sorted(expected - counted.keys())[:5]:
        yield f"lost: {key} is not among {where}"
    for key in sorted(counted.keys() - expected)[:5]:
        yield f"invented: {key} among {where}"
    for key, times in sorted(counted.items()):
        if times > 1:
            yield f"doubled: {key} is {times} times among {where}"


def chains(side: str, copy: Copy) -> Iterator[str]:
    """Where a side's copy is no unbroken chain from the first event of each epoch on."""
    for epoch, events in copy.epochs().items():
        head = chain.genesis(copy.kid, epoch)
        for expected, (seq, record, stored) in enumerate(events, 1):
            head = chain.link(head, record)
            if seq != expected or head != stored:
                yield f"the {side}'s chain of epoch {epoch} breaks at {expected}"
                break


def _same(journal: Copy, ledger: Copy, torn: Set[int]) -> Iterator[str]:
    for place, event in ledger.events.items():
        if place[0] not in torn and journal.events.get(place) != event:
            yield f"event {place} is not the same in journal and ledger"
            return


def _received(journal: Copy, ledger: Copy, torn: Set[int]) -> Iterator[str]:
    """Bookkeeping may wait for company; everything else has arrived and its receipt was taken."""
    for epoch, acked in journal.acked.items():
        if epoch not in torn and acked != ledger.acked.get(epoch, 0):
            yield f"epoch {epoch}: receipt up to {acked}, stored {ledger.acked.get(epoch, 0)}"
    newest = next(reversed(journal.acked), 0)
    for seq, record, _ in journal.epochs().get(newest, ()):
        if seq > journal.acked[newest] and kind(record) not in BOOKKEEPING_KINDS:
            yield f"event ({newest}, {seq}) still waits for its receipt"
            return


def _scans(side: str, expected: set[Key], copy: Copy) -> Iterator[str]:
    """Within an epoch every punch is one event; a new epoch may say again what had no receipt."""
    seen: set[Key] = set()
    for epoch, events in copy.epochs().items():
        keys = list(_keys(events))
        yield from (
            f"doubled: {key} is {times} events of epoch {epoch} in the {side}"
            for key, times in Counter(keys).items()
            if times > 1
        )
        seen |= set(keys)
    yield from _amounts(f"the {side}'s events", expected, seen)


def _keys(events: list[tuple[int, bytes, bytes]]) -> Iterator[Key]:
    serials: dict[int, str] = {}
    for _, data, _ in events:
        record = read(data)
        if isinstance(record, Device):
            serials[record.index] = record.serial
        elif isinstance(record, Scan):
            yield serials[record.device], record.pin, record.t
