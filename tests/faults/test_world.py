"""Whatever happens to kiosks, links and the centre for days: nothing that a person was told is lost,
doubled or changed, every chain holds, every refusal has a name, every claimed time holds the truth.

A seed is a world. Those that ever failed stand in seeds.txt with what was wrong, and are played first.
The seed of a failure is printed; that world again: HADIR_SEED=7 ./run test tests/faults/test_world.py
"""

import os
import random
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import update

from contract.event import Scan, canonical, read
from sync_server import schema
from tests.faults import truth
from tests.faults.nemesis import Nemesis, play, settle
from tests.faults.world import World

_SHM = Path("/dev/shm")  # noqa: S108 - a power cut is modelled, so syncing tests nothing here
FAILED = [
    int(line.split()[0])
    for line in Path(__file__).with_name("seeds.txt").read_text().splitlines()
    if line and not line.startswith("#")
]
STRIKES = {
    "kill_agent",
    "cut_power",
    "step_clock",
    "ntp",
    "kill_centre",
    "centre_away",
    "back_up",
    "restore",
    "replay",
    "image",
    "roll_back",
    "clone",
    "new_card",
    "set_terminal",
    "killed while storing",
}


@pytest.fixture
def memory():
    with tempfile.TemporaryDirectory(dir=_SHM if _SHM.is_dir() else None) as folder:
        yield Path(folder)


def played(seed: int) -> Counter:
    """What happened in a world in which all is well at the end."""
    with tempfile.TemporaryDirectory(dir=_SHM if _SHM.is_dir() else None) as folder:
        world, found = play(Path(folder), seed)
        assert not found, f"seed {seed}: {len(found)} wrong, first: {found[:3]}"
        return world.happened + Counter(touches=len(world.history.touches))


@pytest.mark.parametrize("seed", FAILED[:3])
def test_a_world_that_once_failed_is_well(seed):
    played(seed)


def test_worlds_that_nobody_has_seen_before_are_well():
    given = os.environ.get("HADIR_SEED")
    begin = int(given) if given else random.SystemRandom().randrange(10**6, 10**9)
    for seed in range(begin, begin + 4):
        played(seed)


@pytest.mark.all_only("many worlds: a minute and more of one core")
@pytest.mark.parametrize("part", range(3))
def test_a_hundred_and_fifty_worlds_are_well(part):
    """Fifty in each part, and everything that can go wrong did; `bench chaos` plays ten thousand."""
    happened: Counter = Counter()
    for seed in [*FAILED[3:][part::3], *range(part * 50, part * 50 + 50)]:
        happened += played(seed)
    assert happened.keys() >= STRIKES, f"never happened: {STRIKES - happened.keys()}"
    assert happened["touches"] > 2_000, happened


# The check finds what it is there to find: a world is played, then something is done to it.


@pytest.fixture
def lived(memory):
    world = World(memory, 7)
    world.run(world.end)
    assert settle(world)
    yield world
    for card in world.cards:
        card.stop()
    world.centre.close()


def found(world):
    copies = [card.held() for card in world.cards]
    for copy in copies:
        world.history.copied(copy)
    with world.centre.database.reading() as tx:
        return truth.check(world.history, tx, copies)


def test_a_quiet_world_is_well(lived):
    assert found(lived) == []


def test_a_scan_that_was_told_and_is_not_there_is_found(lived):
    number = lived.history.touch("CAM-T07A", "1001", lived.now, on_device=False)
    scan = Scan(1, "1001", lived.now // 1000, False, 0, 15, 0, number, "camera")
    lived.history.told(scan)
    assert any(sentence.startswith("lost: ") for sentence in found(lived))


def test_a_scan_that_stands_there_with_other_bytes_is_found(lived):
    touch = next(touch for touch in lived.history.touches if touch.told)
    touch.told = canonical(replace(read(touch.told), t=1))
    assert any(sentence.startswith("changed: ") for sentence in found(lived))


def test_a_scan_that_counts_twice_is_found(lived):
    """The mark that says so of a repeat is gone."""
    event = next(one for one in lived.centre.rows(schema.event.select()) if one.kind == "scan")
    [next_seq] = [
        max(one.seq for one in lived.centre.rows(schema.event.select()) if one.kid == event.kid) + 1
    ]
    planted(lived, event, seq=next_seq)
    assert any(sentence.startswith("doubled: ") for sentence in found(lived))


def test_an_event_that_no_kiosk_committed_is_found(lived):
    event = next(one for one in lived.centre.rows(schema.event.select()) if one.kind == "scan")
    planted(lived, event, seq=1_000_000)
    assert any("was never committed by its kiosk" in sentence for sentence in found(lived))


def test_a_chain_that_was_broken_is_found(lived):
    event = next(one for one in lived.centre.rows(schema.event.select()) if one.kind == "scan")
    planted(lived, event, seq=1_000_000)
    assert any(f"chain of epoch {event.epoch} breaks at" in one for one in found(lived))


def planted(world, event, **other):
    """The same event once more under another number, past everything that the ledger forbids."""
    row = {**event._mapping, **other}
    with world.centre.database.writing() as tx:
        tx.execute(schema.event.insert().values(**row))


def test_a_time_that_is_not_the_truth_is_found(lived):
    lived.history.touches[0].true_ms += 120_000
    assert any(sentence.startswith("time: touch 0 ") for sentence in found(lived))


def test_a_refusal_without_a_name_is_found(lived):
    row = {"kid": "T07A", "epoch": 1, "first": 1, "count": 1, "frame": b"", "received": 1}
    with lived.centre.database.writing() as tx:
        tx.execute(schema.refused.insert().values(**row, reason="ValueError: 3", digest=b"1"))
    assert any("without a name" in sentence for sentence in found(lived))


def test_a_receipt_for_what_the_centre_has_not_is_found(lived):
    [row] = lived.centre.rows(schema.chain.select().limit(1))
    with lived.centre.database.writing() as tx:
        tx.execute(update(schema.chain).where(schema.chain.c.epoch == row.epoch).values(acked=1))
    assert any("the card was receipted up to" in sentence for sentence in found(lived))


def test_a_world_is_the_same_every_time(memory):
    """What a seed has shown once it shows again."""
    told = []
    for turn in ("a", "b"):
        world = World(memory / turn, 11)
        Nemesis(world)
        world.run(world.end)
        told.append((world.happened, [(t.pin, t.true_ms) for t in world.history.touches]))
        for card in world.cards:
            card.stop()
        world.centre.close()
    assert told[0] == told[1]
