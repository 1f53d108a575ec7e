"""What the ledger keeps: events as they came, punches once, holes, refusals."""

import pytest

from contract import chain, event
from contract.event import Device, LogShifted, Scan
from sync_server import ledger, page, schema, verifying
from sync_server.database import Database
from sync_server.ingest import Verdict

KID, EPOCH, NOW = "T07A", 7, 1_795_000_000
CJ1 = Device(1, "CJ1", "ZKTeco", "6.60")


def scan(pin, t=NOW, device=1):
    return Scan(device, pin, t, False, 0, 1, 0, 0, "pull")


@pytest.fixture
def database(ledger_at):
    database = Database(ledger_at)
    with database.writing() as tx:
        for kid in (KID, "T07B"):
            tx.execute(schema.kiosk.insert().values(kid=kid, opd="1.01", mac_key=b"k", invited=NOW))
    yield database
    database.close()


@pytest.fixture
def tx(database):
    with database.writing() as tx:
        yield tx


def append(tx, *records, kid=KID, epoch=EPOCH, now=NOW):
    """Continue a chain with these records, or canonical bytes."""
    stored = ledger.chain_of(tx, kid, epoch)
    data = tuple(one if isinstance(one, bytes) else event.canonical(one) for one in records)
    heads = tuple(chain.heads(stored.head, data))
    opened = page.Page(tx, {stored.kid}, now, page.Memory())
    opened.append(stored, Verdict("take", stored.acked + 1, data, heads))
    opened.write()
    return ledger.chain_of(tx, kid, epoch)


def rows(tx, table, *columns):
    chosen = getattr(schema, table)
    found = tx.execute(chosen.select().order_by(*chosen.primary_key.columns)).mappings()
    return [tuple(row[name] for name in columns) for row in found]


def test_a_chain_that_nobody_began_stands_at_its_genesis(tx):
    stored = ledger.chain_of(tx, KID, EPOCH)
    assert (stored.acked, stored.head, stored.pins) == (0, chain.genesis(KID, EPOCH), {})
    assert ledger.acked(tx, KID, EPOCH) == 0


def test_events_are_kept_byte_by_byte_with_their_kind_head_and_hour_of_arrival(tx):
    records = [event.canonical(one) for one in (CJ1, scan("17"), LogShifted(1, 3))]
    stored = append(tx, *records)
    heads = chain.heads(chain.genesis(KID, EPOCH), records)
    assert rows(tx, "event", "seq", "kind", "record", "head", "received") == [
        (1, "device", records[0], heads[0], NOW),
        (2, "scan", records[1], heads[1], NOW),
        (3, "log_shifted", records[2], heads[2], NOW),
    ]
    assert (stored.acked, stored.head) == (3, heads[-1]) == (ledger.acked(tx, KID, EPOCH), heads[2])


def test_pins_are_numbered_by_their_first_appearance_over_all_batches(tx):
    """This order is what a PIN's number on the wire means, so it must never change."""
    append(tx, CJ1, scan("17"), scan("9"), scan("17"))
    stored = append(tx, scan("9", NOW + 1), scan("0017"), scan("3"))
    assert rows(tx, "pin", "idx", "pin", "first_seq") == [
        (0, "17", 2), (1, "9", 3), (2, "0017", 6), (3, "3", 7)
    ]  # fmt: skip
    assert stored.pins_before(3) == ["17"]
    assert stored.pins_before(7) == ["17", "9", "0017"]


def test_epochs_and_kiosks_have_numbers_and_pins_of_their_own(tx):
    append(tx, CJ1, scan("17"))
    assert append(tx, CJ1, scan("9"), epoch=8).pins == {"9": 2}
    assert append(tx, CJ1, scan("5"), kid="T07B").pins == {"5": 2}


@pytest.mark.parametrize(
    ("again", "punches", "repeats"),
    [
        ([scan("17")], 1, 1),  # the same by another way
        ([scan("17", NOW + 1)], 2, 0),
        ([scan("18")], 2, 0),
        ([scan("17", device=2)], 2, 0),  # another terminal: another touch
        ([scan("17"), scan("18"), scan("17")], 2, 2),
    ],
)
def test_a_punch_counts_once_and_its_repeats_are_kept(tx, again, punches, repeats):
    append(tx, CJ1, scan("17"))
    append(tx, CJ1, Device(2, "CJ2", "", ""), *again, kid="T07B")
    found = rows(tx, "punch", "serial", "pin", "t", "kid", "epoch", "seq")
    assert ("CJ1", "17", NOW, KID, EPOCH, 2) in found, "the first one stands"
    assert len(found) == punches
    kept = rows(tx, "repeat", "kid", "serial", "pin", "t")
    assert kept == [("T07B", "CJ1", "17", NOW)] * repeats
    assert len(rows(tx, "event", "seq")) == 4 + len(again)


def test_a_scan_of_a_device_that_was_not_introduced_yet_is_kept_without_a_punch(tx):
    """However the two were cut into batches."""
    append(tx, scan("17"), CJ1, scan("18"))
    assert rows(tx, "event", "kind") == [("scan",), ("device",), ("scan",)]
    assert rows(tx, "punch", "pin") == [("18",)]


def test_the_first_introduction_of_a_device_stands(tx):
    append(tx, CJ1, Device(1, "OTHER", "", ""))
    assert rows(tx, "device", "idx", "serial", "firmware") == [(1, "CJ1", "6.60")]


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b'["weather",3]', "unread:weather"),
        (b'["scan",1]', "unread:scan"),
        (b'["epoch",4294967296,0,"new"]', "unread:epoch"),
        (b'["epoch",0,-1,"fork"]', "unread:epoch"),
        (b'["' + b"x" * 90 + b'"]', "unread:" + "x" * 33),
        (b"{}", "unread:"),
        (b"7", "unread:"),
    ],
)
def test_a_record_that_this_version_cannot_read_is_kept_and_blocks_nothing(tx, data, kind):
    append(tx, data, CJ1, scan("17"))
    assert rows(tx, "event", "kind", "record")[0] == (kind, data)
    assert rows(tx, "punch", "pin") == [("17",)]
    assert verifying.chains(tx)[0].broken_at == 0


def test_a_hole_is_one_row_that_widens_and_closes_when_it_is_filled(tx):
    append(tx, CJ1)
    ledger.note_hole(tx, KID, EPOCH, range(2, 5), NOW)
    ledger.note_hole(tx, KID, EPOCH, range(2, 4), NOW + 1)
    ledger.note_hole(tx, KID, EPOCH, range(2, 7), NOW + 2)
    assert rows(tx, "gap", "first", "last", "seen", "closed") == [(2, 6, NOW, 0)]
    append(tx, *[scan("17", NOW + n) for n in range(4)])
    assert rows(tx, "gap", "closed") == [(0,)], "event 6 is still missing"
    append(tx, scan("17", NOW + 9), now=NOW + 60)
    assert rows(tx, "gap", "closed") == [(NOW + 60,)]
    ledger.note_hole(tx, KID, EPOCH, range(7, 8), NOW + 90)
    assert rows(tx, "gap", "first", "closed") == [(2, NOW + 60), (7, 0)]


def test_a_hole_of_one_kiosk_is_not_closed_by_another(tx):
    ledger.note_hole(tx, KID, EPOCH, range(1, 2), NOW)
    append(tx, CJ1, scan("17"), kid="T07B")
    append(tx, CJ1, scan("17"), epoch=8)
    assert rows(tx, "gap", "kid", "closed") == [(KID, 0)]


def test_a_refused_frame_is_kept_once_and_counted_and_each_kiosks_own(tx):
    for kid in (KID, KID, "T07B"):
        ledger.refuse(tx, kid, b"hello", "frame version 6 is not known", NOW)
    assert rows(tx, "refused", "kid", "frame", "times", "first", "count") == [
        (KID, b"hello", 2, 0, 0),
        ("T07B", b"hello", 1, 0, 0),
    ]


def test_an_unknown_kiosk_is_nobody(tx):
    assert ledger.kiosk(tx, "ZZZZ") is None
    known = ledger.kiosk(tx, KID)
    assert (known.kid, known.opd, known.mac_key, known.noted) == (KID, "1.01", b"k", 0)
