"""The page where somebody who only knows Excel hands in files: a form, a look, a yes."""

import io
import re

import openpyxl
import pytest

from sync_server import office_log, posts, roster, rulings
from tests.browser.visit import fits, press, shot
from tests.region import nip

pytestmark = pytest.mark.all_only("drives Chromium")
PHONE = (360, 740)
HEADS = ["nip", "nama", "opd", "zona", "pin"]
NEW = nip("1099")


def workbook(path, *rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def people_of(centre, opd="1.01"):
    with centre.database.reading() as tx:
        return roster.people(tx, opd)


def rows_of(people):
    return [[p.nip, p.nama, p.opd, p.zona, p.pin] for p in people]


def hand_in(page, kind, path):
    page.set_input_files(f"#file-{kind}", path)
    press(page, f"#{kind} button")


def test_a_roster_from_excel_is_looked_at_and_then_kept(centre, signed_in, tmp_path):
    page = signed_in("bkpsdm")
    page.goto("/data")
    shot(page, "data")
    before = people_of(centre)
    rows = [*rows_of(before[1:]), [NEW, "Baru, S.T.", "1.01", "WIB", "1099"]]
    rows[0][1] = "Nama Diganti"
    hand_in(page, "person", workbook(tmp_path / "pegawai.xlsx", HEADS, *rows))
    figures = [page.inner_text(f".figures li:nth-child({n}) strong") for n in range(1, 5)]
    assert figures == ["1", "1", "1", str(len(before) - 2)]
    assert people_of(centre) == before, "nothing is kept before somebody agrees"
    shot(page, "data-look")
    press(page, "main form button")
    assert "1 baru, 1 berubah, 1 dihapus" in page.inner_text("[role=status]")
    kept = {p.nip: p.nama for p in people_of(centre)}
    assert kept[NEW] == "Baru, S.T."
    assert before[0].nip not in kept
    with centre.database.reading() as tx:
        [line] = office_log.lines(tx, office_log.Filter(did="person_import"))
    assert (line.who, line.detail) == ("bkpsdm", "pegawai.xlsx: +1 ~1 -1")
    hand_in(page, "person", tmp_path / "pegawai.xlsx")
    assert "sama dengan yang sudah tersimpan" in page.inner_text("main")
    hand_in_again = workbook(tmp_path / "semula.xlsx", HEADS, *rows_of(before))
    page.goto("/data")
    hand_in(page, "person", hand_in_again)
    press(page, "main form button")
    assert people_of(centre) == before


def test_every_mistake_is_told_with_its_row_and_nothing_is_kept(centre, signed_in, tmp_path):
    page = signed_in("bkpsdm", PHONE)
    page.goto("/data")
    fits(page)
    shot(page, "data-360")
    before = people_of(centre)
    rows = [[int(NEW) + 199001012015031001, "A", "1.01", "WIB", "1"], ["12x", "B", "1.01", "W", 2]]
    hand_in(
        page, "person", workbook(tmp_path / "salah.xlsx", HEADS, *rows, [NEW, "C", "1.01", "W", 3])
    )
    said = page.locator(".wrongs li").all_inner_texts()
    assert [line.split(":")[0] for line in said] == ["Baris 2", "Baris 3", "Baris 4"]
    assert "dibulatkan oleh Excel" in said[0]
    fits(page)
    shot(page, "data-wrong-360")
    assert people_of(centre) == before


def test_every_form_that_is_downloaded_can_be_read_by_the_page(centre, signed_in, tmp_path):
    page = signed_in("bkpsdm")
    for kind in ("office", "person", "post", "roster", "absence", "productivity"):
        page.goto("/data")
        with page.expect_download() as caught:
            page.click(f"#{kind} a[download]")
        path = tmp_path / caught.value.suggested_filename
        caught.value.save_as(path)
        sheet = openpyxl.load_workbook(path).active
        assert {cell.number_format for cell in sheet[2]} == {"@"}
        hand_in(page, kind, path)
        # The sample may name a rule or an office that this region lacks, but never a column or a cell.
        text = page.inner_text("main")
        assert not re.search("kolom|jumlah isian|tidak terbaca", text), text


def test_a_file_that_was_agreed_to_twice_is_kept_once(centre, signed_in, tmp_path):
    page, other = signed_in("bkpsdm"), signed_in("bkpsdm")
    heads = ["nip", "jabatan", "golongan", "kelas", "tpp"]
    path = workbook(tmp_path / "j.xlsx", heads, [NEW, "Analis", "III/a", 7, "Rp 2.500.000"])
    for one in (page, other):
        one.goto("/data")
        hand_in(one, "post", path)
    press(other, "main form button")
    press(page, "main form button")
    assert "sudah disimpan" in page.inner_text("[role=status]")
    with centre.database.reading() as tx:
        assert [one.base for one in posts.history(tx, NEW)] == [2_500_000]


def test_an_offices_administrator_hands_in_turns_of_his_own_people_only(
    centre, signed_in, tmp_path
):
    page = signed_in("admin_opd")
    page.goto("/data")
    assert page.locator(".upload").count() == 2
    turns = [["nip", "shift", "mulai"], [nip("2001"), "REG", "2026-01-01"]]
    hand_in(page, "roster", workbook(tmp_path / "g.xlsx", *turns))
    assert "bukan pegawai perangkat daerah Anda" in page.inner_text(".wrongs")
    assert page.request.get("/data/form/person.xlsx").status == 403


def test_a_shipped_rule_file_is_read_questioned_and_put_in_force(centre, signed_in):
    page = signed_in("bkpsdm", PHONE)
    page.goto("/data")
    press(page, "text=rules-40-60")
    assert page.locator("ol li").count() > 3
    fits(page)
    shot(page, "data-rules-360")
    page.fill("#f-decree", 'Perbup "Contoh" 9/2026')
    page.fill("#f-first", "2026-01-05")
    press(page, "main form button")
    assert 'Perbup "Contoh" 9/2026' in page.inner_text("#rules")
    with centre.database.reading() as tx:
        [rules] = [r for r in rulings.rulesets(tx) if r.decree.startswith('Perbup "Contoh"')]
    assert rules.effective_from.isoformat() == "2026-01-05"


@pytest.mark.parametrize("role", ["pegawai", "kepala", "inspektorat", "teknisi", "bpkad"])
def test_whoever_keeps_no_data_does_not_get_the_page(signed_in, role):
    page = signed_in(role)
    assert page.request.get("/data").status == 403


def test_a_file_that_is_no_table_is_refused_with_what_to_do(signed_in, tmp_path):
    page = signed_in("bkpsdm")
    page.goto("/data")
    path = tmp_path / "x.xlsx"
    path.write_bytes(io.BytesIO(b"PK\x03\x04 cut").getvalue())
    hand_in(page, "person", path)
    assert "ukan buku kerja Excel" in page.inner_text(".wrongs")
