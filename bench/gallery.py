"""How long it takes to find one face among a thousand, ten thousand, a hundred thousand.

Ours is all that a kiosk does once a face is embedded: centre it, compare it with everybody, nearest
and second, threshold, score. The peer is face_recognition.compare_faces over a list of its encodings,
as its users write it, which only says who lies within the tolerance. One look for each person on both
sides; the faces are made up, because time does not depend on whose they are.
"""

import time
from collections.abc import Callable

import face_recognition
import msgspec
import numpy as np

from bench.report import Figure, alternate, figure
from contract.faces import Template
from terminal_agent.faces import match

USED = ("hadir", "numpy", "face_recognition")
_PEER = "face_recognition compare_faces"
_SIZE = 128
_COMMON = 1.2  # what faces of one population share, against what is a person's own


class Sizes(msgspec.Struct, frozen=True):
    """How often each side looks in a round, and how many rounds there are."""

    looks: int
    rounds: int


FULL = Sizes(looks=20, rounds=7)
QUICK = Sizes(looks=5, rounds=3)


def measure(quick: bool) -> dict[str, Figure]:
    """The figures of `bench gallery`."""
    sizes = QUICK if quick else FULL
    return {
        key: _matched(key, people, sizes)
        for key, people in (("match_1k", 1_000), ("match_10k", 10_000), ("match_100k", 100_000))
    }


def _matched(key: str, people: int, sizes: Sizes) -> Figure:
    chance = np.random.default_rng(1)
    shared = _COMMON * match.unit(chance.normal(size=_SIZE).astype(np.float32))
    rows = shared + match.unit(chance.normal(size=(people, _SIZE)).astype(np.float32))
    roster = match.calibrate(
        [
            Template(str(no), "made-up", (match.as_look(row, 90),), 0, "bench")
            for no, row in enumerate(rows)
        ]
    )
    encodings = list(rows.astype(np.float64))
    probe = rows[people // 2] + np.float32(0.02) * chance.normal(size=_SIZE).astype(np.float32)
    face, encoding = match.probe(probe[np.newaxis]), probe.astype(np.float64)
    found = match.identify(roster, face)
    if found is None or found.pin != str(people // 2):
        raise RuntimeError(f"{key}: the right person was not found")
    ours, peer = alternate(
        f"gallery: {key}",
        sizes.rounds,
        _each(lambda: match.identify(roster, face), sizes.looks),
        _each(lambda: face_recognition.compare_faces(encodings, encoding), sizes.looks),
    )
    return figure("ms", _PEER, ours, peer)


def _each(look: Callable[[], object], times: int) -> Callable[[], float]:
    """Milliseconds of one look, over so many."""

    def run() -> float:
        since = time.perf_counter()
        for _ in range(times):
            look()
        return (time.perf_counter() - since) / times * 1000

    return run
