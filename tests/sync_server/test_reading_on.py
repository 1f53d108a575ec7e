"""Reading a chain on, piece by piece as it arrives, tells the same as reading it whole."""

from random import Random

import pytest

from contract import event
from contract.event import Device
from sync_server import chains, clocks, marks
from sync_server.chains import START, Chain, Held
from sync_server.daybook import unchanged
from tests.sync_server.clock_life import WIB, Schedule


class Piecewise:
    """What the daybook does with a chain, without its tables."""

    def __init__(self, kid="T07A"):
        self.kid, self.records, self.told, self.history = kid, [], None, None
        self.rests, self.punches, self.claims = (), {}, ()
        self.taken = self.whole = 0

    def read(self, more):
        serials = {r.index: r.serial for _, _, r in more if isinstance(r, Device)}
        self.serials = {**getattr(self, "serials", {}), **serials}
        kept = [one for one in more if event.tag_of(one[2]) in chains.KINDS]
        self.records += kept
        self.told = marks.mentioned(kept, self.told)
        new = clocks.history(self.told.marks, self.told.sights)
        rests = [rest for rest in self.rests if self.told.holds(rest.after)]
        found = unchanged.newest(rests, self.history, new) if self.history else None
        state = found or START
        records = [one for one in self.records if one[0] > state.seq]
        self.taken += len(records) - len(kept)
        self.whole += len(self.records)
        chain = Chain(Held(self.kid, 1, records, self.serials, set()), WIB, new, state)
        old = [rest for rest in rests if rest.seq <= state.seq]
        self.rests, self.history = (*old, *chain.rests), new
        self.punches = {seq: one for seq, one in self.punches.items() if seq <= state.seq}
        self.punches |= {int(p.event.rpartition("-")[2]): (pin, p) for pin, p in chain.punches}
        self.claims = chain.rests[-1].claims


def test_a_receipt_of_an_hour_when_the_centre_was_ahead_is_belied_by_what_arrives_later():
    """A piece at a time: what was derived from it is derived again."""
    day, t = 86_400, 1_795_000_000
    noted = event.ReceiptNoted(1, t - day, b""), event.ReceiptNoted(1, t + day, b"")
    scan = event.Scan(1, "17", 60, False, 0, 15, 0, 0, "camera")
    records = [
        (1, t - 600, event.Clock("b", 5, 0, 0, 0)),
        (2, t - 500, noted[0]),
        (3, t - 400, event.Clock("b", 9, 0, 0, 0)),
        (4, t + day, noted[1]),
        (5, t + day, scan),
        (6, t + day, event.Clock("c", 5, 0, 0, 0)),
        (7, t + day, scan),
        (8, t + 900, event.Covered(2, 0, 5, 0)),
        (9, t + 950, scan),
    ]
    for size in (1, 2, 5, 7, 8):
        pieces, whole = Piecewise(), Piecewise()
        for at in range(0, len(records), size):
            pieces.read(records[at : at + size])
        whole.read(records)
        assert pieces.punches == whole.punches
        assert [one.derived.lo for _, one in whole.punches.values()] == [t - day] * 3
        assert pieces.told.notes == whole.told.notes == ((1, t - day),)


def prove(folder, seed, liars, days):
    life = Schedule(folder, seed, liars, days).play()
    draw = Random(seed)
    for records in life.current.values():
        pieces, at = Piecewise(), 0
        while at < len(records):
            size = draw.choice((1, 3, 20, 200))
            pieces.read(records[at : at + size])
            at += size
            if draw.random() < 0.1 or at >= len(records):
                whole = Piecewise()
                whole.read(records[:at])
                assert pieces.punches == whole.punches
                assert pieces.claims == whole.claims
        assert pieces.taken < pieces.whole, "it is not simply read whole each time"


@pytest.mark.parametrize("liars", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_a_chain_read_in_pieces_tells_what_it_tells_read_whole(seed, liars, tmp_path):
    prove(tmp_path, seed, liars, days=2)


@pytest.mark.all_only("dozens of whole lives: minutes")
@pytest.mark.parametrize("liars", [False, True])
@pytest.mark.parametrize("seed", range(10))
def test_the_same_of_whole_lives(seed, liars, tmp_path):
    prove(tmp_path, seed, liars, days=31)
