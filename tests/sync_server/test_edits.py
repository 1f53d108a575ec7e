"""Whoever imports a file sees first who comes, who goes and what changes, by name."""

import pytest

from sync_server import imports, posts
from sync_server.database import Database
from sync_server.imports import Upload
from sync_server.posts import Office
from tests.ledgers import laid
from tests.region import nip

HEADS = "nip,nama,opd,zona,pin,mulai,selesai\n"
NOW = 1_769_700_000.0


@pytest.fixture
def tx(tmp_path):
    database = Database(laid(tmp_path / "ledger.db"))
    with database.writing() as tx:
        yield tx
    database.close()


def looked_at(tx, text, kind="person"):
    return imports.preview(tx, imports.read(tx, kind, Upload("pegawai.csv", text, "uji", NOW)))


def test_a_preview_lists_who_is_new_changed_and_gone(tx):
    was = f"{nip('1001')},Sari,1.01,WIB,11,,\n{nip('1002')},Budi,1.01,WIB,12,,\n"
    imports.take(tx, imports.read(tx, "person", Upload("p.csv", HEADS + was, "uji", NOW)))
    now = f"{nip('1001')},Sari Dewi,1.01,WIB,11,,\n{nip('1003')},Wayan,1.01,WIB,13,,\n"
    found = looked_at(tx, HEADS + now)
    told = [(one.how, one.whom, one.said[0]) for one in found.listed]
    assert told == [
        ("changed", nip("1001"), ("nama", "Sari", "Sari Dewi")),
        ("gone", nip("1002"), ("nama", "Budi", "")),
        ("new", nip("1003"), ("nama", "", "Wayan")),
    ]


def test_a_pin_that_passes_to_somebody_else_and_an_unknown_office_are_warned_of(tx):
    """Not where people follow each other, each with days of his own, in an office that is known."""
    was = f"{nip('1001')},Sari,1.01,WIB,11,2026-01-01,2026-01-31\n"
    imports.take(tx, imports.read(tx, "person", Upload("p.csv", HEADS + was, "uji", NOW)))
    other = f"{nip('1002')},Budi,1.01,WIB,11,2026-01-20,\n"
    codes = {bad.code: bad.values for bad in looked_at(tx, HEADS + other).oddities}
    assert codes["pin_handed"]["which"] == "1.01 PIN 11: Sari → Budi"
    assert codes["office_not_imported"]["which"] == "1.01"
    posts.store_offices(tx, [Office("1.01", "Dinas")])
    after = f"{was}{nip('1002')},Budi,1.01,WIB,11,2026-02-01,\n"
    assert not {"pin_handed", "office_not_imported"} & {
        bad.code for bad in looked_at(tx, HEADS + after).oddities
    }


def test_a_nip_of_other_than_18_digits_is_refused_with_its_line(tx):
    (bad,) = looked_at(tx, f"{HEADS}1234,Sari,1.01,WIB,11,,\n").problems
    assert (bad.code, bad.where) == ("nip_length", 2)
