"""What a batch means beside what is stored: taken, known, a hole, or a fork."""

import random
import shutil
import tempfile
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract import batch, chain, event
from contract.batch import Batch
from sync_server import schema
from sync_server.database import Database
from sync_server.desk import Desk
from sync_server.ingest import Known, Verdict, judge
from tests.contract import strategies

KID, EPOCH = "T07A", 7
RECORDS = tuple(event.canonical(event.LogShifted(1, n)) for n in range(8))
OTHER = event.canonical(event.LogShifted(2, 99))


def heads(records, epoch=EPOCH):
    """The head at 0, 1, 2, … of a history."""
    start = chain.genesis(KID, epoch)
    return [start, *chain.heads(start, records)]


def part(records, first, last, epoch=EPOCH):
    """Events first to last of a history, as its kiosk sends them."""
    at = heads(records, epoch)
    taken = tuple(records[first - 1 : last])
    return Batch(KID, epoch, first, taken, at[first - 1][:4], at[last][:4])


def known(records, acked, sent):
    """What a ledger holds that stored the first `acked` of these records."""
    at = heads(records, sent.epoch)
    before = at[sent.first - 1] if sent.first - 1 <= acked else None
    return Known(acked, at[min(acked, sent.last)], before)


def changed(n):
    """The history with another record `n` (from 1), and everything after it chained to that."""
    return (*RECORDS[: n - 1], OTHER, *RECORDS[n:])


# (stored up to, batch, judgement, first and last seq that are taken)
TABLE = {
    "the very first batch": (0, part(RECORDS, 1, 3), "take", (1, 3)),
    "the next batch": (3, part(RECORDS, 4, 6), "take", (4, 6)),
    "one more event": (3, part(RECORDS, 4, 4), "take", (4, 4)),
    "an overlap is trimmed": (3, part(RECORDS, 2, 6), "take", (4, 6)),
    "all again and one more": (3, part(RECORDS, 1, 4), "take", (4, 4)),
    "sent twice": (3, part(RECORDS, 1, 3), "known", None),
    "from the middle, known to its end": (5, part(RECORDS, 2, 4), "known", None),
    "from the middle, up to the newest": (5, part(RECORDS, 4, 5), "known", None),
    "one event is not here yet": (3, part(RECORDS, 5, 6), "hole", None),
    "nothing is here yet": (0, part(RECORDS, 2, 3), "hole", None),
    "another record where both begin": (3, part(changed(4), 5, 6), "hole", None),
    "another record, stored before the batch": (5, part(changed(3), 4, 6), "fork", None),
    "another record in the overlap": (5, part(changed(4), 3, 7), "fork", None),
    "another record in the overlap's last": (5, part(changed(5), 4, 7), "fork", None),
    "another record, and nothing new": (5, part(changed(3), 2, 4), "fork", None),
    "another record at its end, nothing new": (5, part(changed(4), 2, 4), "fork", None),
    "a rolled-back card's next scan": (5, part(changed(3), 3, 3), "fork", None),
    "all of it is another history": (3, part((OTHER,) * 6, 1, 6), "fork", None),
    "the genesis of another epoch": (
        0,
        msgspec.structs.replace(part(RECORDS, 1, 3), before=chain.genesis(KID, 8)[:4]),
        "fork",
        None,
    ),
    "a new epoch begins at 1": (0, part(RECORDS, 1, 2, epoch=8), "take", (1, 2)),
    "the head before is wrong": (
        3,
        msgspec.structs.replace(part(RECORDS, 4, 6), before=b"\0\0\0\0"),
        "fork",
        None,
    ),
    "the head after is wrong": (
        3,
        msgspec.structs.replace(part(RECORDS, 4, 6), after=b"\0\0\0\0"),
        "fork",
        None,
    ),
    "sent twice with a wrong head after": (
        3,
        msgspec.structs.replace(part(RECORDS, 1, 3), after=b"\0\0\0\0"),
        "fork",
        None,
    ),
}


@pytest.mark.parametrize("case", TABLE)
def test_a_batch_is_taken_known_a_hole_or_a_fork(case):
    acked, sent, judgement, taken = TABLE[case]
    verdict = judge(known(RECORDS, acked, sent), sent)
    assert verdict.judgement == judgement
    if taken is None:
        assert verdict == Verdict(judgement)
        return
    first, last = taken
    assert (verdict.first, verdict.records) == (first, RECORDS[first - 1 : last])
    assert verdict.heads == tuple(heads(RECORDS, sent.epoch)[first : last + 1])


@given(
    acked=st.integers(0, 8), first=st.integers(1, 8), count=st.integers(1, 8), at=st.integers(1, 8)
)
def test_no_batch_of_another_history_is_taken_or_called_known(acked, first, count, at):
    """Whatever the overlap: where both hold event `at` and differ there, it is a fork or a hole."""
    last = min(first + count - 1, 8)
    sent = part(changed(at), first, last)
    verdict = judge(known(RECORDS, acked, sent), sent)
    if at <= min(acked, last):
        assert verdict.judgement == "fork" or first > acked + 1
    elif first <= acked + 1:
        assert verdict.judgement in ("take", "known"), "what differs is not stored yet"


def rows(database, table, *columns):
    chosen = getattr(schema, table)
    with database.reading() as tx:
        found = tx.execute(chosen.select().order_by(*chosen.primary_key.columns)).mappings()
        return [tuple(row[name] for name in columns) for row in found]


def pins_of(records):
    """The PINs of a history in order of first appearance."""
    read = map(event.read, records)
    return list(dict.fromkeys(one.pin for one in read if isinstance(one, event.Scan)))


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    """A ledger that knows the kiosk and nothing else, to be copied."""
    file = tmp_path_factory.mktemp("empty") / "ledger.db"
    database = Database(file)
    with database.writing() as tx:
        tx.execute(schema.kiosk.insert().values(kid=KID, opd="1", mac_key=bytes(32), invited=0))
    database.close()
    return file


def ledger_of(empty, history, cuts):
    """What the centre holds after frames for these (first, last, codec) cuts of a history."""
    at = heads(history)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "ledger.db"
        shutil.copy(empty, file)
        database = Database(file)
        desk = Desk(database, lambda: 1_790_000_000.0)
        for first, last, codec in cuts:
            sent = Batch(KID, EPOCH, first, history[first - 1 : last], at[first - 1], at[last])
            frame = batch.encode(sent, pins_of(history[: first - 1]), bytes(32), codec)
            desk.take([(KID, frame)])
        held = (
            rows(database, "event", "seq", "kind", "record", "head", "received"),
            rows(database, "punch", "serial", "pin", "t", "seq"),
            rows(database, "repeat", "serial", "pin", "t", "seq"),
            rows(database, "pin", "idx", "pin", "first_seq"),
            rows(database, "device", "idx", "serial"),
            rows(database, "chain", "acked", "head", "forked"),
        )
        assert rows(database, "refused", "reason") == []
        database.close()
    return held


@settings(max_examples=25)
@given(history=strategies.runs, seed=st.integers(0, 10**6))
def test_however_a_history_is_cut_doubled_and_overlapped_the_ledger_is_the_same(
    empty, history, seed
):
    """A receipt that was lost, a card that sends all again, another codec: the same rows."""
    history = (event.canonical(event.Device(1, "CJ1", "", "")), *history)
    chance, end = random.Random(seed), len(history)
    cuts, acked = [], 0
    while acked < end:
        first = chance.randint(1, min(end, acked + 2))  # two ahead is a hole
        last = chance.randint(first, end)
        codec = chance.choice((batch.JSON, batch.COLUMNS))
        cuts += [(first, last, codec)] * chance.choice((1, 1, 2))
        if first <= acked + 1:
            acked = max(acked, last)
    whole = ledger_of(empty, history, [(1, end, batch.COLUMNS)])
    assert ledger_of(empty, history, cuts) == whole
    assert len(whole[0]) == end
