"""Which clock marks of a chain are anchors: those of level 2 or more that nothing belies. Pure.

Marks of one boot that boot-time seconds carry into each other are one *line*: one witness, however
often it repeated itself. A line falls

- by proof: in the centre's future when it arrived, or before a receipt that was noted earlier;
- GNSS, by a line of the network's or the server's time that it contradicts: it can be spoofed, and
  so can what the kiosk carried on from it as level 2;
- else by lines that are contradicted no more often than itself. Of one against many it is the one;
  of two alone it is both, for nobody knows which one lies.

Two lines contradict each other in one boot, or where time would run back from one boot to the next.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, groupby

import msgspec

from sync_server.clockmark import (
    ANCHOR,
    CENTRE_S,
    ClockMark,
    agree,
    by_boot,
    earliest,
    later_than,
    latest,
    newest,
    worthier,
)

_GNSS = 4
_MOST_LINES = 16  # who told so many times in one boot is believed in none of them


class Line(msgspec.Struct, frozen=True):
    """Marks of one boot that agree, by up-time. `opens`: it began at this UTC second at the latest,
    `closes`: it ended at this one at the earliest. `best`: each was worth most when it was made."""

    boot: int
    marks: tuple[ClockMark, ...]
    best: tuple[ClockMark, ...]
    opens: int
    closes: int

    def holds(self, mark: ClockMark) -> bool:
        """Whether a mark of the same boot agrees with the ones next to it."""
        at = bisect_right(self.best, mark.up, key=lambda one: one.up)
        return all(agree(one, mark) for one in self.best[max(0, at - 1) : at + 1])


class Anchors(msgspec.Struct, frozen=True):
    """The marks that stand, by boot and up-time, and the lines of each boot that fell."""

    standing: Mapping[str, tuple[ClockMark, ...]]
    fallen: Mapping[str, tuple[Line, ...]]


def anchors(marks: Sequence[ClockMark]) -> Anchors:
    """The anchors among all the marks of a chain, in chain order."""
    network, gnss = _lines(marks)
    sure = [line for line in network if not _refuted(line)]
    network_stands = _agreed(sure)
    against = _Witnesses(sure)
    unspoofed = [line for line in gnss if not (_refuted(line) or against.deny(line))]
    standing = [*network_stands, *_agreed(unspoofed)]
    held = by_boot(mark for line in standing for mark in line.marks)
    kept = set(map(id, standing))
    fallen: dict[str, tuple[Line, ...]] = {}
    for line in (*network, *gnss):
        if id(line) not in kept:
            boot = line.marks[0].boot
            fallen[boot] = (*fallen.get(boot, ()), line)
    return Anchors(held, fallen)


def _lines(marks: Iterable[ClockMark]) -> tuple[list[Line], list[Line]]:
    """The lines of each boot, in chain order: those with a witness on the network, and GNSS alone."""
    network: list[Line] = []
    gnss: list[Line] = []
    claims = by_boot(mark for mark in marks if mark.trust >= ANCHOR)
    for boot, claimed in enumerate(claims.values()):
        told, received = _apart(claimed)
        firm = [_line(boot, run) for run in _runs(told)]
        joined: list[list[ClockMark]] = [[*line.marks] for line in firm]
        alone: list[ClockMark] = []
        for mark in received:
            home = next((at for at, line in enumerate(firm) if line.holds(mark)), None)
            (alone if home is None else joined[home]).append(mark)
        network += [_line(boot, run, line.best) for run, line in zip(joined, firm, strict=True)]
        gnss += [_line(boot, run) for run in _runs(alone)]
    return network, gnss


def _apart(claimed: Iterable[ClockMark]) -> tuple[list[ClockMark], list[ClockMark]]:
    """The marks of a boot by the network or the server, and those by GNSS or carried on from it: a
    carried time is level 2 and does not say whose."""
    told: list[ClockMark] = []
    received: list[ClockMark] = []
    skies: list[ClockMark] = []  # the best GNSS mark so far of each time that GNSS told
    for mark in claimed:
        known = next((at for at, sky in enumerate(skies) if agree(sky, mark)), None)
        if mark.trust != _GNSS and (mark.trust > ANCHOR or known is None):
            told.append(mark)
            continue
        received.append(mark)
        if known is not None:
            skies[known] = worthier(skies[known], mark)
        elif len(skies) < _MOST_LINES:
            skies.append(mark)
    return told, received


def _runs(marks: Iterable[ClockMark]) -> list[list[ClockMark]]:
    """Marks of one boot by up-time, those that agree together; none where too many do not."""
    runs: list[list[ClockMark]] = []
    best: list[ClockMark] = []
    for mark in marks:
        at = next((at for at, one in enumerate(best) if agree(one, mark)), None)
        if at is not None:
            runs[at].append(mark)
            best[at] = worthier(best[at], mark)
        elif len(runs) == _MOST_LINES:
            return []
        else:
            runs.append([mark])
            best.append(mark)
    return runs


def _line(boot: int, run: Sequence[ClockMark], best: tuple[ClockMark, ...] | None = None) -> Line:
    leading = zip(run, accumulate(run, worthier), strict=True)
    return Line(
        boot=boot,
        marks=tuple(run),
        best=best or tuple(mark for mark, leader in leading if mark is leader),
        opens=min(map(latest, run)),
        closes=max(max(earliest(mark), newest(mark)) for mark in run),
    )


def _refuted(line: Line) -> bool:
    """By the centre's own clock: the arrival there, or a receipt that came before."""
    return any(
        later_than(mark, mark.before, CENTRE_S)
        or (mark.after is not None and latest(mark) + CENTRE_S < mark.after)
        for mark in line.marks
    )


def _agreed(lines: Sequence[Line]) -> list[Line]:
    """Those of equal rank that stand: contradicted by none, or only by ones that are more often."""
    counts = _contradictions(lines)
    fallen: set[int] = set()
    for most in sorted(set(counts) - {0}):
        peers = _Witnesses(
            [line for line, count in zip(lines, counts, strict=True) if 0 < count <= most]
        )
        fallen |= {
            id(line)
            for line, count in zip(lines, counts, strict=True)
            if count == most and peers.deny(line)
        }
    return [line for line in lines if id(line) not in fallen]


def _contradictions(lines: Sequence[Line]) -> list[int]:
    """How many others contradict each of the lines, which are in chain order."""
    boots = [list(run) for _, run in groupby(lines, key=lambda line: line.boot)]
    before = [count for run in _counted(boots) for count in run]
    # Read backward with time negated, what came later came earlier.
    turned = [[_turned(line) for line in run] for run in reversed(boots)]
    after = [count for run in reversed([*_counted(turned)]) for count in run]
    beside = [len(run) - 1 for run in boots for _ in run]
    return [sum(three) for three in zip(before, after, beside, strict=True)]


def _turned(line: Line) -> Line:
    return msgspec.structs.replace(line, opens=-line.closes, closes=-line.opens)


def _counted(boots: Iterable[Sequence[Line]]) -> Iterator[list[int]]:
    """For each line, how many of earlier boots closed after it opened."""
    closes: list[int] = []
    for run in boots:
        yield [len(closes) - bisect_right(closes, line.opens) for line in run]
        for line in run:
            insort(closes, line.closes)


class _Witnesses:
    """Lines in chain order, asked what they contradict."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines
        self._boots = [line.boot for line in lines]
        self._closed = [*accumulate((line.closes for line in lines), max)]
        self._opened = [*accumulate((line.opens for line in reversed(lines)), min)][::-1]

    def deny(self, line: Line) -> bool:
        """Whether one of them (other than itself) contradicts the line."""
        first = bisect_left(self._boots, line.boot)
        end = bisect_right(self._boots, line.boot)
        return (
            any(other is not line for other in self._lines[first:end])
            or (first > 0 and self._closed[first - 1] > line.opens)
            or (end < len(self._lines) and self._opened[end] < line.closes)
        )
