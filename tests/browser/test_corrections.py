"""Staff ask, a head and BKPSDM approve, an office reports an outage and enters letters: in Chromium."""

import re
from urllib.parse import urlsplit

import pytest

from sync_server import corrections, roster
from sync_server.corrections import excusing
from tests.browser.centre import centre, signed_in
from tests.browser.visit import look
from tests.region import nip

pytestmark = pytest.mark.all_only("needs chromium")
__all__ = ["centre", "signed_in"]

DAY = "2026-01-27"
ONE = re.compile(r"/corrections/[0-9]+$")
PHONE = (360, 740)
LETTER = b"%PDF-1.4\n1 0 obj << >> endobj\ntrailer << >>\n%%EOF\n"


def sent(page, path, fields, **files):
    """The same form without the page: a refusal is an error to the browser's console."""
    word = {"csrf": page.input_value("input[name=csrf] >> nth=0")}
    here = urlsplit(page.url)
    heads = {"Origin": f"{here.scheme}://{here.netloc}"}
    return page.request.post(path, multipart=fields | word | files, headers=heads)


def number(page):
    return int(urlsplit(page.url).path.rpartition("/")[2])


def test_somebody_asks_on_a_phone_and_two_people_approve(centre, signed_in):
    page = signed_in("pegawai", PHONE)
    page.goto(f"/corrections/new?nip={nip('1003')}&date={DAY}")
    assert "Wayan" in page.inner_text("main")
    for box in page.locator("input[name=points]").all():
        box.uncheck()
    page.check("input[value=in]")
    page.fill("#f-reason", "Lupa absen pulang, rapat sampai malam")
    page.set_input_files(
        "#f-file", {"name": "../undangan rapat.pdf", "mimeType": "text/html", "buffer": LETTER}
    )
    look(page, "corrections-ask-360")
    page.click("button[value=send]")
    page.wait_for_url(ONE)
    no = number(page)
    assert "undangan-rapat.pdf" in page.inner_text("main")
    assert not page.locator("#decide").count(), "nobody decides his own"
    look(page, "corrections-one-360")

    kept = page.request.get(f"/corrections/{no}/file")
    assert kept.body() == LETTER
    assert kept.headers["content-disposition"] == 'attachment; filename="undangan-rapat.pdf"'
    assert kept.headers["x-content-type-options"] == "nosniff"
    for role in ("teknisi", "bpkad"):
        assert signed_in(role).request.get(f"/corrections/{no}/file").status == 403

    head = signed_in("kepala")
    head.goto("/corrections")
    assert head.locator("#waiting tbody tr").count() == 2
    look(head, "corrections-waiting")
    head.click(f"#waiting a[href='/corrections/{no}']")
    look(head, "corrections-decide")
    head.click("#decide form[action$=approve] button")
    head.wait_for_selector("text=satu persetujuan")
    assert not head.locator("#decide").count()

    region = signed_in("bkpsdm", PHONE)
    region.goto("/corrections")
    region.click(f"#waiting a[href='/corrections/{no}']")
    region.click("#decide form[action$=approve] button")
    region.wait_for_selector(".badge.tone-good")
    look(region, "corrections-approved-360")
    with centre.database.reading() as tx:
        one = corrections.get(tx, no)
        found = corrections.excuses(tx, "1.01", one.workdate, one.workdate)
    assert found == {(nip("1003"), one.workdate): ("in",)}

    head.goto("/corrections/report?month=2026-01")
    look(head, "corrections-report")
    for link in head.locator("a[data-sum]").all():
        target = head.context.new_page()
        target.goto(link.get_attribute("href"))
        parts = target.locator("[data-part]").evaluate_all(
            "all => all.map(one => +one.dataset.part)"
        )
        assert sum(parts) == int(link.get_attribute("data-sum"))


def test_an_outage_names_everybody_whom_it_would_excuse(centre, signed_in):
    page = signed_in("admin_opd")
    page.goto("/corrections/outage?opd=1.01")
    page.fill("#f-since", f"{DAY}T15:00")
    page.fill("#f-until", f"{DAY}T18:00")
    page.fill("#f-reason", "Listrik padam")
    told = {"opd": "1.01", "since": f"{DAY}T15:00", "until": f"{DAY}T18:00", "kind": "GANGGUAN"}
    refused = sent(page, "/corrections/outage", told | {"reason": "Listrik padam"})
    assert refused.status == 422
    assert "gangguan perlu bukti" in refused.text()
    assert ">Listrik padam</textarea>" in refused.text()
    page.fill("#f-document", "BA 4/2026")
    page.click("button[value=send]")
    page.wait_for_url(ONE)
    look(page, "corrections-outage")
    with centre.database.reading() as tx:
        spread = excusing.spread(tx, corrections.get(tx, number(page)))
        people = len(roster.people(tx, "1.01"))
    assert page.locator("[data-part]").count() == len(spread) < people


def test_letters_are_entered_for_many_people_and_withdrawn(signed_in):
    page = signed_in("admin_opd", PHONE)
    page.goto("/absences?month=2026-01")
    page.fill("#a-doc", "090/1/SPT/2026")
    page.select_option("#a-code", "DL")
    page.fill("#a-first", "2026-01-28")
    page.fill("#a-last", "2026-01-29")
    for pin in ("1003", "1006"):
        page.check(f"#enter input[value='{nip(pin)}']")
    page.click("#enter button")
    rows = page.locator("#list tbody tr", has_text="090/1/SPT/2026")
    rows.nth(1).wait_for()
    assert rows.count() == 2
    rows.locator("button").first.click()
    page.locator(".badge", has_text="ditarik oleh dewi").wait_for()
    look(page, "absences-360")
    table = b"dokumen,nip,kode,mulai\n090/2/SPT/2026,%s,XX,2026-01-28\n" % nip("1005").encode()
    file = {"name": "spt.csv", "mimeType": "text/csv", "buffer": table}
    refused = sent(page, "/absences/import", {}, file=file)
    assert (refused.status, "baris 2: kode XX tidak ada" in refused.text()) == (422, True)
    file["buffer"] = table.replace(b"XX", b"DL")
    assert "1 baris baru" in sent(page, "/absences/import", {}, file=file).text()
    wide = signed_in("kepala")
    wide.goto("/absences?month=2026-01")
    assert not wide.locator("#enter").count()
    look(wide, "absences")
