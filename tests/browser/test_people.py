"""A person's record as people see it: one's own on a phone, an office's for its head, nobody else's."""

import pytest

from sync_server.schema import access
from tests.browser.visit import press, shot
from tests.region import nip

pytestmark = pytest.mark.all_only("needs Chromium")

WAYAN, DEWI, MADE = nip("1003"), nip("1004"), nip("2003")
PHONE, DESK = (360, 780), (1280, 900)


def cut_off(page):
    return page.evaluate("document.documentElement.scrollWidth - innerWidth") > 0


def sums(page, unit=int):
    """The figures of a page that are the sum of something: (value, address of the parts)."""
    links = page.query_selector_all("[data-sum]")
    return [(unit(one.get_attribute("data-sum")), one.get_attribute("href")) for one in links]


def parts(page):
    return [int(one.get_attribute("data-part")) for one in page.query_selector_all("[data-part]")]


def test_staff_see_their_own_month_on_a_phone_and_every_figure_adds_up_from_its_link(signed_in):
    page = signed_in("pegawai", PHONE)
    page.goto("/saya")
    assert page.inner_text("h1") == "Wayan"
    assert not cut_off(page)
    shot(page, "person-month-phone")
    found = sums(page)
    assert len(found) > 10
    walked = set()
    while found:
        value, link = found.pop()
        if link in walked:
            continue
        walked.add(link)
        page.goto(link)
        assert sum(parts(page)) == value, link
        assert not cut_off(page), link
        found += sums(page)
    assert any("/explain/" in link for link in walked)
    assert any(link.endswith("/parts/gross") for link in walked)


def test_a_cut_is_followed_down_to_the_raw_event(signed_in):
    page = signed_in("pegawai", PHONE)
    page.goto(f"/people/{WAYAN}/2026-01/parts/cut")
    press(page, "[data-part='125'] a")
    assert "TL3: masuk 08.40" in page.inner_text("main")
    assert "Rp 15.000" in page.inner_text("main")
    shot(page, "explain-phone")
    page.click("table a.code >> nth=0")
    page.wait_for_url("**/events/**")
    assert "Rantai cocok" in page.inner_text("main")
    assert '["scan",' in page.inner_text("pre")
    assert not cut_off(page)
    shot(page, "event-phone")


def test_today_is_provisional_and_nobody_is_called_absent_before_the_data_are_here(signed_in):
    page = signed_in("pegawai", PHONE)
    page.goto(f"/explain/{WAYAN}/2026-01-30")
    said = page.inner_text("main")
    assert "sementara" in said
    assert "masuk 07." in said
    assert "Ajukan koreksi" in said
    assert "Tanpa keterangan" not in said


@pytest.mark.parametrize("role", ["pegawai", "atasan", "teknisi", "admin", "bpkad"])
def test_a_foreign_record_is_refused(signed_in, centre, role):
    page = signed_in(role)
    for path in (
        f"/people/{DEWI}/2026-01",
        f"/explain/{DEWI}/2026-01-13",
        f"/people/{MADE}/2026-01",
    ):
        answer = page.request.get(path, max_redirects=0)
        assert answer.status == 403, path
    assert page.request.get("/people/000000000000009999/2026-01").status == 403


def test_a_head_reads_his_own_office_only_and_the_log_says_so(signed_in, centre):
    page = signed_in("kepala", DESK)
    page.goto("/people")
    assert "Wayan" in page.inner_text("main")
    assert "Made" not in page.inner_text("main")
    shot(page, "people")
    page.fill("#q", "dew")
    page.press("#q", "Enter")
    page.click("text=Dewi")
    page.wait_for_url(f"**/people/{DEWI}/**")
    shot(page, "person-month")
    assert page.request.get(f"/people/{MADE}/2026-01").status == 403
    with centre.database.reading() as tx:
        rows = tx.execute(access.select().where(access.c.whom == DEWI)).all()
    assert {(row.who, row.did) for row in rows} >= {("sari", "read_month")}
    assert "2026-01" in {row.detail for row in rows}


def test_reports_lead_to_their_evidence(signed_in):
    page = signed_in("bkpsdm", DESK)
    page.goto("/reports")
    assert "bukan untuk menghukum" in page.inner_text("main")
    page.goto("/reports/holiday/2026-01")
    shot(page, "report-holiday")
    for value, link in sums(page):
        page.goto(link)
        assert sum(parts(page)) == value, link
    for kind in ("inactive", "manual", "patterns", "discipline"):
        page.goto(f"/reports/{kind}/2026-01")
        assert not cut_off(page)


def test_anybody_with_a_code_learns_where_and_when_it_arrived_and_no_name(signed_in, centre):
    own = signed_in("pegawai", PHONE)
    own.goto(f"/explain/{WAYAN}/2026-01-13")
    code = own.inner_text("table a.code >> nth=0")
    page = signed_in(None, PHONE)
    page.goto("/bukti")
    page.fill("#code", f"bukti {code.lower().replace('-', ' - ')}")
    page.press("#code", "Enter")
    page.wait_for_selector("[role=status]")
    said = page.inner_text("main")
    assert "Ya, sudah masuk" in said
    assert "Dinas Komunikasi" in said
    assert "Wayan" not in said
    assert WAYAN not in page.content()
    shot(page, "proof-phone")
    page.goto(f"/bukti?code={code[:-1]}{'A' if code[-1] != 'A' else 'B'}")
    assert "Nomor ini ada dengan kode lain" in page.inner_text("main")
    kid, seq, told = code.split("-")
    page.goto(f"/bukti?code={kid}-{int(seq) + 100_000}-{told}")
    assert "Belum ada di pusat" in page.inner_text("main")


def test_whoever_tries_codes_by_the_dozen_is_asked_to_wait(signed_in):
    page = signed_in(None)
    answers = [page.request.get("/bukti?code=T01A-1-AAAAAAAA").status for _ in range(25)]
    assert answers[0] == 200
    assert answers[-1] == 429
