"""E-kinerja in a browser: staff write on a phone, superiors verify, and both see the same points."""

import pytest
from sqlalchemy import delete

from sync_server import regulations, rulings, schema
from sync_server.ekinerja import diary
from tests.browser.visit import enter, fits, press, shot
from tests.region import TODAY, nip

pytestmark = pytest.mark.all_only("drives Chromium")
PHONE = (360, 740)
PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 20 + b"IEND"


@pytest.fixture(scope="module", autouse=True)
def rules(centre):
    text = regulations.text("rules-40-60").partition("[productivity]")[0].partition("[ekinerja]")[0]
    text += "\n[ekinerja]\nday_cap_minutes = 420\nentry_workdays = 5\nverify_workdays = 3\n"
    text += '[productivity]\nkind = "linear"\nunit = "points"\ntarget = 1000\n'
    with centre.database.writing() as tx:
        tx.execute(delete(schema.activity))
        tx.execute(delete(schema.productivity))
        if not rulings.rulesets(tx):
            rulings.store_ruling(tx, "rules", "contoh", text, 0)
        else:
            rulings.store_ruling(tx, "rules", rulings.rulesets(tx)[0].id, text, 0)


def write(page, title, minutes, then="send", **more):
    page.goto("/ekinerja")
    page.fill("#f-title", title)
    page.fill("#f-output", more.get("output", "Laporan"))
    page.fill("#f-minutes", str(minutes))
    press(page, f"button[value={then}]")


def sums(page):
    """Every sum of the page beside the sum of the parts behind its link."""
    found = []
    for link in page.locator("a[data-sum]").all():
        found.append((int(link.get_attribute("data-sum")), link.get_attribute("href")))
    home = page.url
    for value, href in found:
        page.goto(href)
        part = "#" + href.partition("#")[2]
        parts = page.locator(f"{part} [data-part]").all()
        assert sum(int(one.get_attribute("data-part")) for one in parts) == value, href
    page.goto(home)


def test_staff_write_on_a_phone_and_the_superior_verifies_all_at_once(centre, signed_in):
    page = signed_in("pegawai", PHONE)
    page.goto("/ekinerja")
    assert "Budi" in page.inner_text("main")
    write(page, "Memasang jaringan kantor kecamatan", 240, output="1 ruas kabel")
    assert "1 kegiatan dikirim" in page.inner_text("[role=status]")
    write(page, "Menyusun laporan bulanan", 300)
    write(page, "Rapat koordinasi", 60, then="keep")
    fits(page)
    shot(page, "ekinerja-360")
    chief = signed_in("atasan")
    chief.goto("/ekinerja/inbox")
    assert chief.locator("#rows > li").count() == 2
    shot(chief, "ekinerja-inbox")
    chief.check("input[data-all]")
    press(chief, "text=Verifikasi yang dipilih")
    assert "2 kegiatan diverifikasi" in chief.inner_text("[role=status]")
    page.goto("/ekinerja")
    assert "420 poin" in page.inner_text(".progress")
    assert "42 %" in page.inner_text(".progress")
    sums(page)
    chief.goto(f"/ekinerja/of/{nip('1003')}")
    assert "Rapat koordinasi" not in chief.inner_text("main"), "a draft is its writer's only"
    sums(chief)
    shot(chief, "ekinerja-of")


def test_what_is_returned_says_why_and_is_changed_and_sent_again(centre, signed_in):
    page, chief = signed_in("pegawai", PHONE), signed_in("atasan", PHONE)
    write(page, "Rekonsiliasi aset", 30)
    chief.goto("/ekinerja/inbox")
    fits(chief)
    shot(chief, "ekinerja-inbox-360")
    chief.click("summary")
    chief.fill("input[name=note]", "lampirkan daftarnya")
    enter(chief)  # returns this one; it never verifies what is ticked
    assert "dikembalikan" in chief.inner_text("[role=status]")
    page.goto("/ekinerja")
    assert "lampirkan daftarnya" in page.inner_text("#activities")
    press(page, "li:has-text('Rekonsiliasi aset') >> text=Ubah")
    assert page.input_value("#f-title") == "Rekonsiliasi aset"
    page.click(".at-proof summary")
    page.set_input_files("#f-attachment", {"name": "a.png", "mimeType": "image/png", "buffer": PNG})
    press(page, "button[value=send]")
    chief.goto("/ekinerja/inbox")
    with chief.expect_download() as caught:
        chief.click("text=Buka bukti")
    assert caught.value.path().read_bytes() == PNG


def test_a_mistake_is_told_by_its_field_and_keeps_what_was_typed(signed_in):
    page = signed_in("pegawai")
    page.goto("/ekinerja")
    page.evaluate("document.querySelector('form.entry').noValidate = true")
    page.fill("#f-title", "Menulis")
    page.fill("#f-output", "Surat")
    page.fill("#f-minutes", "0")
    press(page, "button[value=send]")
    assert page.locator(".at-minutes.is-wrong .said").count() == 1
    assert page.input_value("#f-title") == "Menulis"


def test_all_of_it_works_without_javascript_and_by_keyboard(chromium, centre):
    context = chromium.new_context(base_url=centre.address, java_script_enabled=False)
    context.add_cookies([centre.cookie("pegawai")])
    page = context.new_page()
    page.goto("/ekinerja")
    page.focus("#f-title")
    page.keyboard.type("Menyalin berkas")
    page.keyboard.press("Tab")
    page.keyboard.type("10 berkas")
    page.fill("#f-minutes", "15")
    enter(page)
    assert "1 kegiatan dikirim" in page.inner_text("[role=status]")
    press(page, "text=Salin kegiatan hari terakhir")
    context.close()


def test_another_persons_month_and_evidence_are_closed(centre, signed_in):
    page = signed_in("pegawai")
    assert page.request.get(f"/ekinerja/of/{nip('1002')}").status == 403
    assert page.request.get("/ekinerja/inbox").status == 403
    with centre.database.reading() as tx:
        own = diary.month(tx, nip("1003"), f"{TODAY:%Y-%m}")
    stranger = signed_in("admin")
    assert stranger.request.get(f"/ekinerja/evidence/{own[0].no}").status == 403


@pytest.mark.parametrize(
    ("role", "status"),
    [("kepala", 200), ("bkpsdm", 200), ("inspektorat", 200), ("bpkad", 403), ("teknisi", 403)],
)
def test_every_role_sees_of_a_month_what_it_may(signed_in, role, status):
    page = signed_in(role)
    assert page.request.get(f"/ekinerja/of/{nip('1003')}").status == status
