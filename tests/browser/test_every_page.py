"""Every page as every role, over real HTTP and in a real Chromium: who may see it, whether it is whole on a
phone and on a desk, and whether its figures are true. Pages are read from the application: a new one fails
here until somebody has written down who may see it."""

import re
from datetime import date
from html.parser import HTMLParser
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest

from sync_server import regulations, roles, wording
from sync_server.daybook import book
from tests.browser import walk
from tests.browser.conftest import SCREENS
from tests.browser.visit import press
from tests.region import ACCOUNTS, PEOPLE, nip

pytestmark = pytest.mark.all_only("needs chromium")

PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 900}
WAYAN, DAY = nip("1003"), date(2026, 1, 28)
TWICE = ("bkpsdm", "pegawai")  # who sees two pages of each kind: another office, another person
SUMS = ("bkpsdm", "kepala", "pegawai", "inspektorat")  # whose figures are added up again


def everybody(_viewer):
    return True


def nobody(_viewer):
    return False


def who(act, opd="1.01"):
    return lambda viewer: roles.may(viewer, act, opd)


def see(viewer):
    return roles.may_see(viewer, WAYAN, "1.01")


def pay(viewer):
    # Nobody froze this month, and who sees frozen months only does not see it.
    return roles.may_see_pay(viewer, WAYAN, "1.01") and not roles.frozen_only(viewer)


def sheets(viewer):
    return roles.may(viewer, "see_pay", "1.01") and not roles.frozen_only(viewer)


def take(viewer):
    return roles.may(viewer, "export", "1.01") and not roles.frozen_only(viewer)


def fleet(viewer):
    return roles.may(viewer, "see_kiosks") or roles.may(viewer, "see_board", "1.01")


def imports(viewer):
    return roles.may(viewer, "data") or roles.may(viewer, "enter", "1.01")


def watch(viewer):
    return roles.may(viewer, "see_board", "1.01")


SIGNS = {"opd": "1.01", "nip": WAYAN, "day": "2026-01-28", "month": "2026-01"}
# Who may see what, of Wayan's office and record. What has parts of its own is written out: an address
# and its values. Whoever may not is told 403, or 404 where even that it exists is not his to know.
MAY = {
    "/": (everybody, {}),
    "/login": (everybody, {}),
    "/office": (everybody, {}),
    "/me": (everybody, {}),
    "/me/password": (everybody, {}),
    "/mine": (everybody, {}),
    "/saya": (everybody, {}),
    "/bukti": (everybody, {}),
    "/healthz": (everybody, {}),
    "/metrics": (everybody, {}),
    "/mulai": (nobody, {}),  # there are accounts
    "/login/oidc": (nobody, {}),  # nobody else is asked here who somebody is
    "/login/oidc/kembali": (nobody, {}),
    "/accounts": (who("accounts", None), {}),
    "/accounts/{name}": (who("accounts", None), {"name": "wayan"}),
    "/audit": (who("audit", None), {}),
    "/audit/checkpoints": (who("audit", None), {}),
    "/audit/checkpoints/{no}.txt": (nobody, {"no": "1"}),  # none was made there
    "/board": (everybody, {}),
    "/offices/{opd}": (watch, {}),
    "/live": (who("see_board", None), {}),
    "/live/{opd}": (watch, {}),
    "/kiosks": (fleet, {}),
    "/kiosks/{kid}": (fleet, {"kid": "T01A"}),
    "/people": (who("see_people", None), {}),
    "/people/{nip}": (see, {}),
    "/people/{nip}/{month}": (see, {}),
    "/people/{nip}/{month}/parts/{what}": (see, {"what": "cut"}),
    "/explain/{nip}/{date}": (see, {"date": "2026-01-28"}),
    "/events/{kid}/{epoch}/{seq}": (see, {}),  # a scan of Wayan's: `scanned` knows which
    "/reports": (who("see_people", None), {}),
    "/reports/choose": (who("see_people", None), {"?": "kind=inactive&month=2026-01"}),
    "/reports/{kind}/{month}": (who("see_people", None), {"kind": "discipline"}),
    "/reports/holiday/{month}/{opd}/{on}": (who("see_people"), {"on": "2026-01-28"}),
    "/reports/manual/{month}/{opd}": (who("see_people"), {}),
    "/exports": (who("export", None), {}),
    "/exports/{month}/{opd}.{kind}": (take, {"kind": "xlsx"}),
    "/months": (who("see_pay", None), {}),
    "/months/{month}/{opd}": (sheets, {}),
    "/months/{month}/{opd}/{nip}": (pay, {}),
    "/whatif": (who("whatif", None), {}),
    "/data": (imports, {}),
    "/data/rules": (who("data", None), {"?": "name=rules-40-60"}),
    "/data/form/{kind}.xlsx": (imports, {"kind": "roster"}),
    "/ekinerja": (lambda viewer: bool(viewer.nip) or roles.may(viewer, "verify"), {}),
    "/ekinerja/inbox": (who("verify", None), {}),
    "/ekinerja/of/{nip}": (see, {}),
    "/ekinerja/evidence/{no}": (nobody, {"no": "1"}),  # nothing is attached there
    "/corrections": (everybody, {}),
    "/corrections/{no:int}": (see, {"no": "1"}),
    "/corrections/{no:int}/file": (nobody, {"no": "1"}),  # nothing is attached there
    "/corrections/new": (lambda viewer: bool(viewer.nip) or roles.may(viewer, "enter"), {}),
    "/corrections/outage": (who("enter", None), {}),
    "/corrections/report": (who("see_people", None), {}),
    "/corrections/report/parts": (
        who("see_people", None),
        {"?": f"month=2026-01&who=wayan&verdict=ask&nip={WAYAN}"},
    ),
    "/corrections/report/by-hand": (who("see_people"), {"?": "month=2026-01&opd=1.01"}),
    "/absences": (who("see_people", None), {}),
    "/absences/file": (nobody, {"?": f"document=1&nip={WAYAN}"}),  # nothing is attached there
}


@pytest.fixture(scope="module")
def values(centre):
    """What stands for the parts of an address; the scan is the one that Wayan came with."""
    with centre.database.reading() as tx:
        (fact,) = book.of_person(tx, WAYAN, DAY, DAY)
    kid, epoch, seq = fact.arrival.event.rsplit("-", 2)
    return SIGNS | {"kid": kid, "epoch": epoch, "seq": seq}


@pytest.fixture(scope="module")
def ask(centre):
    """ask(role, address): the status in the end, and the page where it is one."""
    cookies = {role: "hadir=" + centre.cookie(role)["value"] for role in ACCOUNTS}

    def answered(role, address, lang="id"):
        heads = {"Cookie": f"{cookies[role]}; lang={lang}"}
        try:
            with urlopen(Request(centre.address + address, headers=heads)) as answer:  # noqa: S310 - http
                html = answer.headers.get_content_type() == "text/html"
                return answer.status, answer.read().decode() if html else ""
        except HTTPError as refusal:
            with refusal:
                return refusal.code, ""

    return answered


def test_of_every_page_it_is_written_down_who_may_see_it():
    assert set(MAY) == walk.every_address()


@pytest.mark.parametrize("role", ACCOUNTS)
def test_a_role_sees_the_pages_that_it_may_and_no_other_in_both_languages(
    centre, role, values, ask
):
    wrong = []
    with centre.database.reading() as tx:
        viewer = centre.region.viewer(tx, role)
    for path, (may, own) in MAY.items():
        query = f"?{own['?']}" if "?" in own else ""
        address = walk.filled(path, values | own) + query
        status, _ = ask(role, address)
        if (status == 200) != may(viewer) or status not in (200, 401, 403, 404):
            wrong.append((address, status))
        if status == 200:
            english, html = ask(role, address, "en")
            wrong += [(address, english)] if english != 200 else []
            wrong += [(address, left) for left in indonesian(html)]
    assert not wrong, f"{role}: {wrong}"


@pytest.mark.parametrize("role", ACCOUNTS)
def test_every_page_that_a_role_reaches_by_links_is_whole_and_true(signed_in, role, seen_before):
    wrong, sums = [], 0
    each = 2 if role in TWICE else 1
    for page, kind in walk.walked(signed_in(role, tuple(PHONE.values())), wrong, each):
        for size in (DESK, PHONE):
            page.set_viewport_size(size)
            faults = page.evaluate(walk.FAULTS)
            wrong += [f"{page.url} at {size['width']} px: {fault}" for fault in faults]
        if role in SUMS:
            count, untrue = page.evaluate(walk.UNTRUE)
            sums += count
            wrong += [f"{page.url}: {one}" for one in untrue]
        if kind not in seen_before:
            seen_before.add(kind)
            inside = "#main" if len(seen_before) > 1 else "body"  # the frame's head: once
            wrong += [f"{page.url}: {one}" for one in unreached(page, inside)]
            picture(page, kind)
    assert not wrong, "\n".join(wrong)
    assert sums > 0 or role not in SUMS


@pytest.fixture(scope="module")
def seen_before():
    """The kinds of page whose keyboard was tried: they are made of one template for everybody."""
    return set()


def unreached(page, inside):
    """What Tab does not reach, and where one would not see that it did."""
    page.set_viewport_size(DESK)
    for _ in range(page.evaluate(walk.WATCH, inside)):
        page.keyboard.press("Tab")
    unseen = [f"no focus to be seen on {one}" for one in page.evaluate("() => window.unseen")]
    return unseen + [f"Tab does not reach {one}" for one in page.evaluate(walk.UNREACHED)]


def test_on_a_phone_the_places_to_go_open_from_one_button(signed_in):
    page = signed_in("bkpsdm", (360, 740))
    page.goto("/me")
    places = page.locator("#places a")
    assert not places.first.is_visible()
    page.focus("header .menu")
    page.keyboard.press("Enter")
    assert all(place.is_visible() for place in places.all())
    page.keyboard.press("Escape")
    assert not places.first.is_visible()


def test_what_a_draft_would_change_is_the_sum_of_its_people(signed_in):
    page = signed_in("bkpsdm", (1280, 900))
    page.goto("/whatif")
    text = regulations.text("rules-40-60")
    page.set_input_files("#f-rules", [file_of("rancangan.toml", text)])
    page.fill("#f-month", "2026-01")
    press(page, "main form button")
    count, untrue = page.evaluate(walk.UNTRUE)
    assert (count, untrue) == (3, [])
    picture(page, "whatif-result")


def file_of(name, text):
    return {"name": name, "mimeType": "text/plain", "buffer": text.encode()}


def test_every_page_works_without_javascript(centre, chromium):
    context = chromium.new_context(base_url=centre.address, java_script_enabled=False)
    context.add_cookies([centre.cookie("kepala")])
    page, wrong = context.new_page(), []
    for _, kind in walk.walked(page, wrong, each=1):
        assert page.locator("h1").count() == 1, kind
        for form in page.locator("form[method=post]").all():
            own = page.locator(f"button[form='{form.get_attribute('id')}']").count()
            if not own + form.locator("button").count():
                wrong.append(f"{page.url}: no button sends {form.get_attribute('action')}")
    assert not wrong
    context.close()


def test_forms_and_links_work_without_javascript(centre, chromium):
    context = chromium.new_context(base_url=centre.address, java_script_enabled=False)
    context.add_cookies([centre.cookie("bkpsdm")])
    page = context.new_page()
    page.goto("/me")
    page.select_option("#office-choice", "1.02")
    press(page, ".office-switch button")
    page.goto("/people")
    assert page.get_by_text("Tono").count() == 1
    page.fill("#q", "Wayan")
    press(page, "main form button")
    press(page, "main table a")
    assert page.locator("h1").inner_text() == "Wayan"
    page.goto("/me")
    press(page, "header form[action='/logout'] button")
    assert urlsplit(page.url).path == "/login"
    context.close()


class _Text(HTMLParser):
    """The texts that people see or hear of a page, one for each place."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag, attrs):
        self.found |= {value for name, value in attrs if name in ("aria-label", "title") and value}

    def handle_data(self, data):
        self.found.add(" ".join(data.split()))


def indonesian(html):
    """Sentences and words of the Indonesian catalogue in a page that should be English."""
    text = _Text()
    text.feed(html)
    whole = " ".join(text.found)
    long = {part for part in LONG if part in whole}
    return long | (text.found & WORDS)


_BOTH = [both for topic in wording.TOPICS for both in topic.WORDS.values()]
_ENGLISH = " ".join(both[1] for both in _BOTH)
_NAMES = {"Bahasa Indonesia", *(one[3] for one in PEOPLE)}  # of things, not words of pages
WORDS = {both[0] for both in _BOTH} - {both[1] for both in _BOTH} - _NAMES
LONG = {
    part.strip(" .,:;()")
    for both in _BOTH
    for part in re.split(r"\{[^}]*\}", both[0])
    if len(part.split()) > 2 and part.strip(" .,:;()") not in _ENGLISH
}


def picture(page, kind):
    """The page as it is, on a phone and on a desk: pusat-people-nip-month-hp."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    name = "-".join(re.findall(r"\w+", kind.replace(":int", ""))) or "awal"
    for size, word in ((PHONE, "hp"), (DESK, "meja")):
        page.set_viewport_size(size)
        page.screenshot(path=SCREENS / f"pusat-{name}-{word}.png")
