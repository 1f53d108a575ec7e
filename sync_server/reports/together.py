"""Touches that come together: the same two people day after day, and many people within seconds."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from functools import partial
from itertools import islice, takewhile

import msgspec

from sync_server.reports.seen import Seen

# One finger after the other takes three to five seconds; who shares a car is not always as near.
NEAR = timedelta(seconds=10)
FEWEST_DAYS = 8
MOST_OF_ALL_BP = 8_000
CROWD = 6  # people within NEAR at one terminal: a queue of strangers takes longer


class Pair(msgspec.Struct, frozen=True):
    """Two people who touched within NEAR of each other `times` out of the `shared` touches that both
    had on the same days. `events` are the newest of them, two by two."""

    opd: str
    one: str
    other: str
    times: int
    shared: int
    events: tuple[str, ...]


class Burst(msgspec.Struct, frozen=True):
    """`people` at one terminal within `seconds`."""

    opd: str
    terminal: str
    first: Seen
    people: int
    seconds: int
    events: tuple[str, ...]


def pairs(touches: Iterable[Seen]) -> list[Pair]:
    """The pairs who nearly always come together, the most often first."""
    touches = list(touches)
    beside: dict[tuple[str, str, str], list[tuple[Seen, Seen]]] = defaultdict(list)
    for line in _lines(touches):
        for first, second in _near(line):
            key = (first.opd, *sorted((first.nip, second.nip)))
            beside[key[0], key[1], key[2]].append((first, second))
    slots = _slots(touches)
    found = [_pair(key, met, slots) for key, met in beside.items()]
    usual = [
        one
        for one in found
        if one.times >= FEWEST_DAYS and one.times * 10_000 >= one.shared * MOST_OF_ALL_BP
    ]
    return sorted(usual, key=lambda one: (-one.times, one.opd, one.one, one.other))


def bursts(touches: Iterable[Seen]) -> list[Burst]:
    """Terminals at which CROWD people or more touched within NEAR, the largest crowds first."""
    found = [burst for line in _lines(touches) for burst in _bursts(line)]
    return sorted(found, key=lambda one: (-one.people, one.first.at))


def _lines(touches: Iterable[Seen]) -> Iterator[Sequence[Seen]]:
    """The touches of each terminal in the order of time. Times that are only bounded say nothing of
    seconds and are left out."""
    lines: dict[tuple[str, str], list[Seen]] = defaultdict(list)
    for one in touches:
        if one.clock != "bounded":
            lines[one.opd, one.terminal].append(one)
    for key in sorted(lines):
        yield sorted(lines[key], key=lambda one: (one.at, one.nip))


def _near(line: Sequence[Seen]) -> Iterator[tuple[Seen, Seen]]:
    for at, first in enumerate(line):
        for second in line[at + 1 :]:
            if second.at - first.at > NEAR:
                break
            if second.nip != first.nip and second.point == first.point:
                yield first, second


def _slots(touches: Iterable[Seen]) -> dict[str, set[tuple[object, str]]]:
    """Which checkpoints of which days each person touched for."""
    slots: dict[str, set[tuple[object, str]]] = defaultdict(set)
    for one in touches:
        slots[one.nip].add((one.day, one.point))
    return slots


def _pair(
    key: tuple[str, str, str],
    met: Sequence[tuple[Seen, Seen]],
    slots: dict[str, set[tuple[object, str]]],
) -> Pair:
    opd, one, other = key
    times = len({(first.day, first.point) for first, _ in met})
    newest = tuple(touch.event for two in met[-3:] for touch in two)
    return Pair(opd, one, other, times, len(slots[one] & slots[other]), newest)


def _bursts(line: Sequence[Seen]) -> Iterator[Burst]:
    at = 0
    while at < len(line):
        crowd = list(takewhile(partial(_is_near, line[at]), islice(line, at, None)))
        people = {one.nip for one in crowd}
        if len(people) < CROWD:
            at += 1
            continue
        seconds = int((crowd[-1].at - crowd[0].at).total_seconds())
        events = tuple(one.event for one in crowd)
        yield Burst(crowd[0].opd, crowd[0].terminal, crowd[0], len(people), seconds, events)
        at += len(crowd)


def _is_near(first: Seen, other: Seen) -> bool:
    return other.at - first.at <= NEAR
