"""A month in the browser: proposed, objected to, approved, frozen, paid later; and a draft decree."""

from pathlib import Path

import pytest

from sync_server import absences, regulations
from tests.browser import visit, walk
from tests.browser.centre import Served
from tests.region import nip
from tests.sync_server.month_site import AFTER_OBJECTIONS, CLOSING_DAY, MonthSite
from tests.sync_server.test_months import absent_days, letter

pytestmark = pytest.mark.all_only("needs Chromium: apt-get install chromium")
HERE = "/months/2026-01/1.01"
WIDE, PHONE = (1280, 900), (360, 740)


@pytest.fixture(scope="module")
def centre(tmp_path_factory):
    """January recorded and reckoned, on the morning after it; one absence will turn out excused."""
    site = MonthSite(tmp_path_factory.mktemp("bulan") / "site")
    site.files()
    site.accounts()
    site.record()
    site.send()
    site.on(CLOSING_DAY)
    site.earn()
    site.renew()
    with Served(site) as served:
        yield served
    site.close()


def look(page, name):
    visit.look(page, f"month-{name}-{page.viewport_size['width']}")


@pytest.fixture
def refused(chromium, centre):
    """A page of somebody who will be refused: Chromium says so on its console, as it should."""
    context = chromium.new_context(
        viewport={"width": PHONE[0], "height": PHONE[1]}, base_url=centre.address
    )
    context.add_cookies([centre.cookie("bkpsdm")])
    yield context.new_page()
    context.close()


def parts(page, link):
    """What the parts add up to that a figure's link leads to: those in the piece it names."""
    piece = link.get_attribute("href").partition("#")[2]
    wanted = int(link.get_attribute("data-sum"))
    there = page.context.new_page()
    there.goto(page.evaluate("(a) => a.href", link.element_handle()))
    found = there.locator(f"#{piece} [data-part]").evaluate_all(
        "(cells) => cells.map((cell) => Number(cell.dataset.part))"
    )
    there.close()
    return wanted, sum(found)


def test_a_month_is_closed_approved_frozen_and_paid_later(centre, signed_in):
    site = centre.region
    clerk, head = signed_in("admin_opd"), signed_in("kepala", PHONE)
    clerk.goto("/months")
    look(clerk, "list-open")
    clerk.locator(f"a[href='{HERE}']").click()
    look(clerk, "open")
    clerk.get_by_role("button", name="Tutup bulan").click()
    clerk.wait_for_selector("text=Ditutup, masa sanggah")
    look(clerk, "closed")
    assert clerk.get_by_role("button", name="Setujui").count() == 0

    head.goto(HERE)
    assert head.locator("dd").get_by_text("Sen 9 Feb 2026").count() == 1
    assert head.get_by_role("button", name="Setujui").is_disabled()
    look(head, "closed")
    site.on(AFTER_OBJECTIONS)  # whoever was logged in a week ago has to do it again
    head, pays = signed_in("kepala", PHONE), signed_in("bpkad")
    head.goto(HERE)
    head.get_by_role("button", name="Setujui").click()
    head.wait_for_selector("text=Disetujui kepala")
    look(head, "approved")

    pays.goto("/months")
    assert pays.locator(f"a[href='{HERE}']").count() == 0

    region = signed_in("bkpsdm")
    region.goto(HERE)
    region.get_by_role("button", name="Bekukan").click()
    region.wait_for_selector("text=lembar beku")
    look(region, "frozen")
    assert region.get_by_text("tidak ada selisih").count() == 1

    pin, day = absent_days(site)[0]
    with site.database.writing() as tx:
        absences.store(tx, [letter(pin, "CT", day, day)], "dewi", site.clock.now)
    site.renew()
    region.goto(HERE)
    assert region.locator("#differences").get_by_text(nip(pin)).count() == 1
    look(region, "difference")
    region.get_by_role("button", name="Catat susulan").click()
    region.wait_for_selector("#noted")
    assert region.get_by_text("tidak ada selisih").count() == 1
    region.locator("#noted a").first.click()
    region.wait_for_url("**/months/2026-02/1.01#owed")
    assert region.locator("#owed [data-part]").count() == 1
    look(region, "susulan")

    pays.goto("/months")
    look(pays, "list-bpkad")
    pays.locator(f"a[href='{HERE}']").click()
    pays.wait_for_selector("text=lembar beku")
    assert pays.get_by_role("button", name="Bekukan").count() == 0
    pays.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    look(pays, "frozen")


def test_the_treasury_may_follow_every_link_that_a_frozen_month_shows(signed_in):
    """The month that the test before froze."""
    wrong = []
    kinds = {kind for _, kind in walk.walked(signed_in("bpkad"), wrong)}
    assert "/months/{month}/{opd}/{nip}" in kinds
    assert not wrong


def test_who_is_early_is_told_what_is_in_the_way(centre, refused):
    refused.goto("/months/2026-02/1.02")
    close = refused.get_by_role("button", name="Tutup bulan")
    assert close.is_disabled()
    assert refused.get_by_text("Dapat ditutup mulai Min 1 Mar 2026").count() == 1
    close.evaluate("(button) => button.disabled = false")  # as an older page would send it
    close.click()
    refused.wait_for_selector("[role=alert] >> text=belum berakhir")
    look(refused, "refused")


def test_every_sum_of_a_month_is_the_sum_of_what_its_link_leads_to(centre, signed_in):
    page = signed_in("bkpsdm")
    for path in (HERE, "/months/2026-01/1.02"):
        page.goto(path)
        links = page.locator("main a[data-sum]")
        assert links.count() > 10
        for n in range(links.count()):
            wanted, found = parts(page, links.nth(n))
            assert wanted == found, links.nth(n).get_attribute("href")


def test_a_person_sees_his_own_month_and_nobody_elses(centre, signed_in):
    page = signed_in("pegawai", PHONE)
    page.goto(f"{HERE}/{nip('1003')}")
    assert page.locator("#days [data-part]").count() == 31
    look(page, "person")
    assert page.request.get(HERE).status == 403
    assert page.request.get(f"{HERE}/{nip('1004')}").status == 403


def test_a_draft_decree_shows_who_would_get_more_or_less(centre, signed_in, refused, tmp_path):
    draft = Path(tmp_path / "rancangan.toml")
    draft.write_text(regulations.text("rules-40-60").replace('cut = "1.25"', 'cut = "1.5"'))
    page = signed_in("bkpsdm")
    page.goto("/whatif")
    page.get_by_label("Berkas aturan").set_input_files(draft)
    page.get_by_label("Bulan").fill("2026-01")
    page.get_by_role("button", name="Hitung").click()
    page.wait_for_selector("#people")
    wanted = int(page.locator("main a[data-sum]:not([data-of])").get_attribute("data-sum"))
    rows = page.locator("#people [data-part]").evaluate_all(
        "(cells) => cells.map((cell) => Number(cell.dataset.part))"
    )
    assert sum(rows) == wanted < 0
    look(page, "whatif")
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    look(page, "whatif")
    draft.write_text("ini bukan aturan")
    refused.goto("/whatif")
    refused.get_by_label("Berkas aturan").set_input_files(draft)
    refused.get_by_role("button", name="Hitung").click()
    refused.wait_for_selector("[role=alert] >> text=rancangan.toml")
