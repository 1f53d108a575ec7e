"""What a bench gives: one JSON object for scripts, a table for people, progress on stderr."""

import os
import platform
import sqlite3
import statistics
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

import click
import msgspec

_FOLDER = Path(__file__).parent.parent / ".hadir" / "bench"


class Figure(msgspec.Struct, frozen=True):
    """One figure. `ratio`: how many times better than the peer, `of_bound`: how near to the bound
    (1 = at it); above 1 is better for speeds, seconds and bytes alike. Null does not apply."""

    ours: float
    unit: str
    peer: float | None = None
    peer_name: str | None = None
    ratio: float | None = None
    bound: float | None = None
    of_bound: float | None = None
    goal: str | None = None
    met: bool | None = None

    def judged(self, goal: str, met: bool | None) -> "Figure":
        """The same figure with its goal in words, and whether it was reached (None: not the size that
        the goal is for)."""
        return msgspec.structs.replace(self, goal=goal, met=met)


class Report(msgspec.Struct, frozen=True):
    """All figures of one bench and what they were measured on."""

    name: str
    machine: dict[str, str | int | float]
    versions: dict[str, str]
    figures: dict[str, Figure]


def figure(
    unit: str, peer_name: str, ours: float, peer: float, bound: float | None = None
) -> Figure:
    """Units that end in "/s" are better the higher, all others the lower."""

    def better_than(other: float) -> float:
        return ours / other if unit.endswith("/s") else other / ours

    return Figure(
        ours=ours,
        unit=unit,
        peer=peer,
        peer_name=peer_name,
        ratio=better_than(peer),
        bound=bound,
        of_bound=None if bound is None else better_than(bound),
    )


def report(name: str, figures: dict[str, Figure], used: Iterable[str]) -> Report:
    """The figures with the machine and the versions of the distributions that were used."""
    versions = {"python": platform.python_version(), "sqlite": sqlite3.sqlite_version}
    return Report(name, _machine(), versions | {dist: version(dist) for dist in used}, figures)


def _machine() -> dict[str, str | int | float]:
    names = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    return {
        "cpu": names[0] if names else platform.machine(),
        "cores": os.cpu_count() or 1,
        "memory_mb": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20,
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "load": round(os.getloadavg()[0], 2),  # of the last minute: other work makes figures worse
    }


def alternate(what: str, rounds: int, *measures: Callable[[], float]) -> list[float]:
    """Each measure once per round, one after the other; the median of each."""
    taken: list[list[float]] = []
    for no in range(rounds):
        say(f"{what}: round {no + 1} of {rounds}")
        taken.append([measure() for measure in measures])
    return [statistics.median(column) for column in zip(*taken, strict=True)]


def say(progress: str) -> None:
    """Progress, never on stdout."""
    click.echo(progress, err=True)


@contextmanager
def disk_folder() -> Iterator[Path]:
    """A folder on the disk of the repository, gone afterwards: a RAM disk would make every fsync
    free."""
    _FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=_FOLDER) as folder:
        yield Path(folder)


def as_json(result: Report) -> str:
    """One object on one line."""
    return msgspec.json.encode(result).decode()


def as_table(result: Report) -> str:
    """The same for people; numbers to three digits."""
    head = ("figure", "ours", "unit", "peer", "times better", "of bound", "goal", "met")
    rows = [
        (
            key,
            _short(f.ours),
            f.unit,
            f"{_short(f.peer)} ({f.peer_name})" if f.peer_name else "",
            _short(f.ratio),
            _short(f.of_bound),
            f.goal or "",
            _MET[f.met],
        )
        for key, f in result.figures.items()
    ]
    wide = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, wide, strict=True)).rstrip()
        for row in (head, *rows)
    ]
    machine = ", ".join(f"{what} {value}" for what, value in result.machine.items())
    return "\n".join((f"{result.name} ({machine})", *lines))


_MET = {True: "yes", False: "no", None: ""}


def _short(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
