"""A month's files: a workbook that is only values, papers that say whether they are final, data with
a manifest that proves each file."""

import csv
import hashlib
import io
import json
import re
import zipfile
from datetime import datetime
from typing import get_args

import msgspec
import openpyxl
import pytest

from sync_server import fact
from sync_server.checkpoints import Kept
from sync_server.exports import issue, manifest, pages, workbook
from tests.region import Region, nip

MONTH = "2026-01"
WAYAN = nip("1003")


@pytest.fixture(scope="module")
def paper(tmp_path_factory):
    home = Region(tmp_path_factory.mktemp("region")).whole()
    with home.database.reading() as tx:
        made = issue.paper(tx, "1.01", MONTH, "Kabupaten Contoh")
    home.close()
    return made


@pytest.fixture(scope="module")
def book(paper):
    return openpyxl.load_workbook(io.BytesIO(workbook.made(paper)))


def rows(sheet):
    return [row for row in sheet.iter_rows(min_row=6, values_only=True) if row[0] not in (None, "")]


def test_the_workbook_has_the_six_sheets_that_offices_use(book):
    assert book.sheetnames == [
        "Daftar TPP",
        "Rekap disiplin",
        "Matriks",
        "Perorangan",
        "Menunggu",
        "Susulan",
    ]


def test_a_nip_is_text_of_18_digits_and_money_is_a_number(book):
    assert {row[1] for row in rows(book["Rekap disiplin"])} >= {WAYAN}
    for row in rows(book["Daftar TPP"]):
        assert isinstance(row[13], int)
        assert re.fullmatch("[0-9]{18}", row[2])
        assert isinstance(row[3], str | None)


def test_the_list_adds_up_to_the_sheet_and_each_line_to_its_gross(book, paper):
    lines = rows(book["Daftar TPP"])
    assert sum(line[13] for line in lines) == paper.sheet.gross
    assert all(line[10] + line[12] == line[13] for line in lines)
    last = [row for row in book["Daftar TPP"].iter_rows(values_only=True) if row[1] == "Jumlah"]
    assert last[0][13] == paper.sheet.gross


def test_the_individual_sheet_holds_every_cut_of_the_month(book, paper):
    cuts = {}
    for row in rows(book["Perorangan"]):
        assert isinstance(row[2], datetime)
        assert row[7] not in get_args(fact.Status)
        cuts[row[0]] = cuts.get(row[0], 0) + round(row[9] * 100)
    for row in paper.sheet.rows:
        jumps = sum(jump.cut_bp for jump in row.record.jumps)
        assert cuts.get(row.record.nip, 0) + jumps == row.record.cut_bp


def test_no_cell_is_a_formula_whatever_somebody_is_called(paper):
    evil = paper.sheet.rows[0]
    evil = msgspec.structs.replace(evil, name='=HYPERLINK("http://x")', title="@SUM(1)", npwp="+1")
    sheet = msgspec.structs.replace(paper.sheet, rows=(evil, *paper.sheet.rows[1:]))
    hostile = msgspec.structs.replace(paper, sheet=sheet)
    made = openpyxl.load_workbook(io.BytesIO(workbook.made(hostile)))
    cells = [cell for page in made for row in page.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    lines = list(csv.reader(io.StringIO(manifest.files(hostile)["months.csv"].decode())))
    assert lines[1][1] == '\'=HYPERLINK("http://x")'


@pytest.mark.parametrize("state", ["open", "closed", "approved"])
def test_what_is_not_frozen_says_so_on_every_file(paper, state):
    early = msgspec.structs.replace(paper, state=state)
    made = openpyxl.load_workbook(io.BytesIO(workbook.made(early)))
    assert all("BELUM DISAHKAN" in page["A2"].value for page in made)
    assert json.loads(manifest.files(early)["manifest.json"])["final"] is False
    assert pages.made(early) != pages.made(msgspec.structs.replace(paper, state="frozen"))


def test_a_frozen_month_is_final(paper):
    frozen = msgspec.structs.replace(paper, state="frozen", rev=2)
    made = openpyxl.load_workbook(io.BytesIO(workbook.made(frozen)))
    assert all(page["A2"].value == "FINAL: dibekukan, revisi 2" for page in made)


def test_the_paper_is_f4_across(paper):
    assert b"/MediaBox [ 0 0 935.4331 595.2756 ]" in pages.made(paper)


def test_the_manifest_proves_every_file_of_the_archive(paper):
    with zipfile.ZipFile(io.BytesIO(manifest.packed(paper))) as archive:
        told = json.loads(archive.read("manifest.json"))
        for name, of in told["files"].items():
            assert hashlib.sha256(archive.read(name)).hexdigest() == of["sha256"]
        facts = archive.read("facts.jsonl").splitlines()
    assert told["facts"] == len(facts) == len(paper.facts)
    assert told["files"]["facts.jsonl"]["sha256"] == told["facts_sha256"]
    assert told["gross"] == sum(row.record.gross for row in paper.sheet.rows)


def test_the_same_month_makes_the_same_bytes(paper):
    for made in (workbook.made, pages.made, manifest.packed):
        assert made(paper) == made(paper)


def test_the_checkpoint_that_proves_the_ledger_later_is_on_every_file(paper):
    kept = Kept(12, 1_795_000_000, "2026-11-22", "", "0123456789abcdef" * 4, b"")
    proven = msgspec.structs.replace(paper, checkpoint=kept)
    told = json.loads(manifest.files(proven)["manifest.json"])["checkpoint"]
    assert told == {"no": 12, "sha256": kept.digest}
    made = openpyxl.load_workbook(io.BytesIO(workbook.made(proven)))
    assert all("12 0123-4567-89AB-CDEF" in page.oddFooter.left.text for page in made)
    assert pages.made(proven) != pages.made(paper)
