"""The checker finds what it is there to find."""

import pytest
from msgspec.structs import replace

from contract import chain
from contract.event import Device, Epoch, Scan, canonical
from tests.process.check import Copy, check

HELD = [("CJ1", "17", 1_800_000_000), ("CJ1", "18", 1_800_000_060), ("CJ1", "17", 1_800_000_060)]


def copy_of(keys, epoch=7, acked=None):
    """A kiosk's events for these punches, all receipted unless `acked` says otherwise."""
    records = [Epoch(0, 0, "new"), Device(1, "CJ1", "ZKTeco", "6.60")]
    records += [Scan(1, pin, t, False, 0, 1, 0, 0, "pull") for _, pin, t in keys]
    data = [canonical(record) for record in records]
    heads = chain.heads(chain.genesis("T07A", epoch), data)
    events = {(epoch, seq): pair for seq, pair in enumerate(zip(data, heads, strict=True), 1)}
    return Copy("T07A", events, {epoch: len(data) if acked is None else acked})


def test_all_is_well_where_all_agree():
    whole = copy_of(HELD)
    assert check(HELD, whole, whole, HELD) == []


def test_a_lost_punch_is_found():
    less = copy_of(HELD[:2])
    assert any("lost" in found for found in check(HELD, copy_of(HELD), less, HELD[:2]))
    assert any("lost" in found for found in check(HELD, less, less, HELD[:2]))


def test_a_punch_that_nobody_made_is_found():
    assert any("invented" in found for found in check(HELD[:2], *[copy_of(HELD)] * 2, HELD))


def test_a_doubled_punch_is_found():
    twice = copy_of([*HELD, HELD[0]])
    assert any("doubled" in found for found in check(HELD, twice, twice, HELD))
    whole = copy_of(HELD)
    assert any("doubled" in found for found in check(HELD, whole, whole, [*HELD, HELD[1]]))


@pytest.mark.parametrize("side", ["journal", "ledger"])
def test_one_changed_byte_is_found(side):
    whole = copy_of(HELD)
    record, head = whole.events[(7, 4)]
    bent = replace(whole, events={**whole.events, (7, 4): (record.replace(b"18", b"19"), head)})
    copies = (bent, whole) if side == "journal" else (whole, bent)
    assert f"the {side}'s chain of epoch 7 breaks at 4" in check(HELD, *copies, HELD)


def test_a_hole_is_found():
    whole = copy_of(HELD)
    events = {place: event for place, event in whole.events.items() if place != (7, 3)}
    holed = replace(whole, events=events)
    assert any("breaks at 3" in found for found in check(HELD, whole, holed, HELD))


def test_a_receipt_that_was_not_taken_is_found_once_all_should_have_settled():
    whole, waiting = copy_of(HELD), copy_of(HELD, acked=4)
    found = check(HELD, waiting, whole, HELD)
    assert "epoch 7: receipt up to 4, stored 5" in found
    assert "event (7, 5) still waits for its receipt" in found
    assert check(HELD, waiting, whole, HELD, settled=False) == []


def test_two_copies_that_each_hold_but_differ_are_found():
    other = copy_of([HELD[1], HELD[0], HELD[2]])
    assert any("not the same" in found for found in check(HELD, copy_of(HELD), other, HELD))
