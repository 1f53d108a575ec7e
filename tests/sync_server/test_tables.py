"""Tables that people bring: what Excel writes is read as it was meant, and what is made to hurt is
refused before it is unpacked."""

import csv
import io
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync_server import post_files, roster, tables, workbooks
from sync_server.errors import BadFile
from sync_server.posts import Office
from sync_server.wording import complaint

PEOPLE = ("nip", "nama", "opd", "zona", "pin", "mulai", "selesai")
NIP, OTHER = "199001012015031001", "199001012015031002"


def book(*rows, formats=None):
    """A workbook's bytes; `formats`: number formats by cell."""
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    for cell, shown in (formats or {}).items():
        made.active[cell].number_format = shown
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def said(read, *arguments, lang="en"):
    with pytest.raises(BadFile) as caught:
        read(*arguments)
    bad = caught.value
    return complaint(lang, bad.file, bad.where, bad.code, bad.values)


def test_a_sheet_of_people_is_read_as_its_csv_would_be():
    sheet = book(PEOPLE, (NIP, "Sari, S.T.", "1.01", "WIB", 17, date(2026, 1, 5), None))
    text = f'nip,nama,opd,zona,pin,mulai\n{NIP},"Sari, S.T.",1.01,WIB,17,2026-01-05\n'
    assert tables.read(roster.PEOPLE, sheet, "p.xlsx") == tables.read(roster.PEOPLE, text, "p.csv")


def test_a_title_above_the_heads_and_blank_rows_between_people_do_no_harm():
    sheet = book(
        ("Daftar pegawai Dinas Contoh",), (), PEOPLE,
        (NIP, "Sari", "1.01", "WIB", "17"), (), (None, " "), (OTHER, "Budi", "1.01", "WIB", "18"),
    )  # fmt: skip
    assert [p.nip for p in tables.read(roster.PEOPLE, sheet, "p.xlsx")] == [NIP, OTHER]


def test_a_mistake_is_told_with_the_row_that_excel_shows():
    sheet = book(
        ("Judul",), PEOPLE, (NIP, "Sari", "1.01", "WIB", "17"), (), (OTHER, "B", "1", "X", 1)
    )
    assert said(tables.read, roster.PEOPLE, sheet, "p.xlsx").startswith(
        "p.xlsx: line 5: no zone 'X'"
    )


@pytest.mark.parametrize("nip", [199001012015031001, 1.99001012015031e17])
def test_a_nip_that_excel_made_a_number_is_refused_with_what_to_do(nip):
    """Excel keeps 15 digits: the last three would be somebody else's or nobody's."""
    sheet = book(PEOPLE, (nip, "Sari", "1.01", "WIB", "17"))
    assert "Excel has rounded the NIP 1,99001E+17; format its column as Text" in said(
        tables.read, roster.PEOPLE, sheet, "p.xlsx"
    )


def test_a_nip_whose_last_digits_excel_made_zeros_is_refused_in_csv_too():
    text = "nip,nama,opd,zona,pin\n199001012015031000,Sari,1.01,WIB,17\n"
    assert "Excel has rounded the NIP" in said(tables.read, roster.PEOPLE, text, "p.csv")


def test_numbers_dates_percentages_and_formulas_read_as_people_see_them():
    sheet = book(
        ("a", "b", "c", "d", "e"), (3.0, 92.5, 0.925, datetime(2026, 1, 31), datetime(2026, 1, 31, 7, 30)),
        formats={"C2": "0.0%"},
    )  # fmt: skip
    [(_, row)] = tables.rows(sheet, "x.xlsx")
    assert list(row.values()) == ["3", "92,5", "92,5", "2026-01-31", "2026-01-31T07:30:00"]


def test_all_mistakes_of_a_file_are_told_at_once():
    text = "nip,nama,opd,zona,pin\nx,A,1,WIB,1\n1,B,1,WIB,1\n2,C,1,WIZ,2\n3,D,1\n4,E,1,WIB,1\n"
    found = [(bad.where, bad.code) for bad in tables.every(roster.PEOPLE, text, "p.csv")[1]]
    assert found == [
        (2, "nip_not_digits"), (4, "unknown_zone"), (5, "cells"), (6, "pin_taken"),
    ]  # fmt: skip


def packed(**parts):
    """A zip file with parts of a workbook."""
    out = io.BytesIO(book(("nip", "shift"), ("1", "REG")))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as file:
        for name, body in parts.items():
            file.writestr(name.replace("__", "/").replace("_dot_", "."), body)
    return out.getvalue()


LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "' + "x" * 1000 + '">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 50}">' for a, b in zip("abcdef", "bcdefg", strict=True))
    + ']><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    "<sheetData><row><c t=\"str\"><v>&g;</v></c></row></sheetData></worksheet>"
)  # fmt: skip


def swapped(sheet):
    """A workbook whose first sheet is this XML."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book(("nip",)))) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            mine = part.filename.endswith("sheet1.xml")
            new.writestr(part.filename, sheet if mine else old.read(part))
    return out.getvalue()


FAR = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    '<row r="999999999"><c r="A999999999" t="str"><v>1</v></c></row></sheetData></worksheet>'
)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (packed(xl__media__a_dot_bin=bytes(51_000_000)), "file_unpacks_large"),
        (packed(xl__vbaProject_dot_bin=b"x"), "has_macros"),
        (packed(xl__externalLinks__externalLink1_dot_xml=b"x"), "has_links"),
        (bytes(5_000_001), "file_large"),
        (b"PK\x03\x04" + bytes(5_000_000), "file_large"),
        (b"PK\x03\x04 cut", "not_xlsx"),
        (b"\xd0\xcf\x11\xe0 an older Excel's", "old_excel"),
        (swapped(LAUGHS), "not_xlsx"),
        (swapped("<worksheet"), "not_xlsx"),
        (swapped(FAR), "rows_many"),
        (book(*[("nip",)] * 3)[:-40], "not_xlsx"),
    ],
)
def test_a_file_that_is_broken_or_made_to_hurt_is_refused(data, code):
    with pytest.raises(BadFile) as caught:
        tables.rows(data, "x.xlsx")
    assert caught.value.code == code


def test_a_sheet_of_more_rows_than_anybody_has_people_is_refused(monkeypatch):
    monkeypatch.setattr(workbooks, "MAX_ROWS", 2)
    with pytest.raises(BadFile) as caught:
        tables.rows(book(("nip",), ("1",), ("2",)), "x.xlsx")
    assert caught.value.code == "rows_many"


def test_the_form_that_people_download_can_be_handed_in_at_once():
    form = workbooks.template(
        "pegawai", PEOPLE, (NIP, "=1+1", "1.01", "WIB", "007", "2026-01-01", "")
    )
    [person] = tables.read(roster.PEOPLE, form, "pegawai.xlsx")
    assert (person.nip, person.nama, person.pin) == (NIP, "=1+1", "007")


CELL = st.text(st.characters(codec="utf-8", exclude_categories=("C",)), max_size=8).map(str.strip)


@given(rows=st.lists(st.lists(CELL, min_size=3, max_size=3).filter(any), min_size=1, max_size=5))
@settings(max_examples=30, deadline=None)
def test_the_same_rows_come_out_of_csv_and_of_a_spreadsheet(rows):
    heads = ("nip", "nama", "opd")
    out = io.StringIO()
    csv.writer(out).writerows([heads, *rows])
    sheet = openpyxl.Workbook()
    for at, row in enumerate([heads, *rows], 1):
        for column, value in enumerate(row, 1):
            cell = sheet.active.cell(at, column)
            cell.value, cell.data_type = value, "s"
    saved = io.BytesIO()
    sheet.save(saved)
    read = [list(row.values()) for _, row in tables.rows(saved.getvalue(), "x.xlsx")]
    assert read == [list(row.values()) for _, row in tables.rows(out.getvalue(), "x.csv")] == rows


OFFICES = "opd,nama,induk,lat,lon,kepala,bendahara\n"


def test_offices_are_read_with_places_in_either_decimal_mark():
    text = "opd;nama;induk;lat;lon;kepala;bendahara\n1;Kab;;;;;\n1.01;Dinas;1;-3,8;102.2655;1;2\n"
    assert tables.read(post_files.offices_form(), text, "opd.csv") == [
        Office("1", "Kab"),
        Office("1.01", "Dinas", "1", -3_800_000, 102_265_500, "1", "2"),
    ]


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ("1,A,2,,,,\n2,B,1,,,,\n", "office_circle"),
        ("1,A,1,,,,\n", "office_circle"),
        ("1,A,7,,,,\n", "office_parent_unknown"),
        ("1,A,,,,,\n1,B,,,,,\n", "office_twice"),
        ("1,A,,91,,,\n", "not_degrees"),
        ("1,A,,utara,,,\n", "not_degrees"),
        ("1,A,,,,17 8,\n", "nip_not_digits"),
        ("1,A,9,,,,\n", "office_circle"),
    ],
)
def test_offices_that_make_no_tree_are_refused(rows, code):
    with pytest.raises(BadFile) as caught:
        tables.read(post_files.offices_form([Office("9", "Kept", "1")]), OFFICES + rows, "opd.csv")
    assert caught.value.code == code


POSTS = "nip,jabatan,golongan,kelas,tpp,atasan,dikecualikan,mulai,selesai\n"


@pytest.mark.parametrize(
    ("text", "rupiah"),
    [
        ("3000000", 3_000_000),
        ("3.000.000", 3_000_000),
        ("Rp 3.000.000", 3_000_000),
        ("rp3.000.000,00", 3_000_000),
        ("Rp. 3.000.000,-", 3_000_000),
        ("0", 0),
        ("3.5", None),
        ("3,500", None),
        ("3000000,50", None),
        ("-1", None),
        ("3 juta", None),
    ],
)
def test_tpp_is_whole_rupiah_as_people_write_it_or_refused(text, rupiah):
    row = POSTS + f'1,Analis,III/c,8,"{text}",,,,\n'
    if rupiah is None:
        assert "is not whole rupiah" in said(tables.read, post_files.POSTS, row, "j.csv")
    else:
        assert tables.read(post_files.POSTS, row, "j.csv")[0].base == rupiah


def test_two_posts_of_one_person_on_one_day_are_refused():
    rows = "1,A,,,1,,,2026-01-01,2026-06-30\n1,B,,,1,,,2026-06-30,\n"
    assert "line 3: 1 has a post in line 2 already" in said(
        tables.read, post_files.POSTS, POSTS + rows, "j.csv"
    )
    assert "own superior" in said(tables.read, post_files.POSTS, POSTS + "1,A,,,1,1,,,\n", "j.csv")
