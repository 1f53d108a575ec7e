"""What somebody tries who means harm: addresses, bodies, files, and the records of others."""

import asyncio
import re
from threading import Thread

import pytest
from msgspec.structs import replace
from starlette.testclient import TestClient

from sync_server import absences, corrections, office_log, schema
from sync_server.accounts import sessions
from sync_server.accounts.pace import Doorkeeper
from sync_server.config import Config
from sync_server.corrections import asking
from sync_server.office_log import Filter
from sync_server.roles import Viewer
from sync_server.web.app import addresses, build
from sync_server.web.guard import LARGEST
from sync_server.web.place import Place
from tests.region import ACCOUNTS, FORGOTTEN, LETTERS, NOW, PASSWORD, Region, nip

HERE = "http://testserver"
FAR = "1.02"  # an office that belongs to nobody of these accounts but the region's own
STRANGER = nip("2003")  # who works there
WAYAN = nip("1003")


class Site:
    """The sample region's centre, and a browser for each account."""

    def __init__(self, folder):
        self.region = Region(folder)
        self.region.people()
        self.region.papers()
        self.database = self.region.database
        self.app = build(Place(self.database, lambda: float(NOW), Config(state=str(folder))))
        self.known = {}

    def browser(self, address="testclient"):
        return TestClient(
            self.app,
            HERE,
            headers={"Origin": HERE},
            follow_redirects=False,
            raise_server_exceptions=False,
            client=(address, 5),
        )

    def signed(self, role):
        """Somebody's browser with a session, and the word of its forms."""
        if role not in self.known:
            with self.database.writing() as tx:
                secret = sessions.begin(tx, ACCOUNTS[role][0], NOW)
                csrf = sessions.find(tx, secret, NOW)[0].csrf
            browser = self.browser()
            browser.cookies.set("hadir", secret)
            self.known[role] = browser, csrf
        return self.known[role]

    def get(self, role, path):
        return self.signed(role)[0].get(path)

    def post(self, role, path, **form):
        browser, csrf = self.signed(role)
        return browser.post(path, data={"csrf": csrf} | form)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    site = Site(tmp_path_factory.mktemp("site"))
    yield site
    site.region.close()


ODD = (
    "/static/x/%00",
    "/static/x/" + "a" * 300,
    "/static/x//etc/passwd",
    "/static/x/..%2f..%2fgate.py",
    "/vendor/x/%2e%2e/%2e%2e/gate.py",
    "/login?next=//[",
    "/office?opd=%F0%9F%98%80&next=//[",
    "/office?opd=x%0d%0aSet-Cookie:%20a=b&next=/",
    "/corrections/99999999999999999999999",
    "/corrections/99999999999999999999999/file",
    "/ekinerja/evidence/99999999999999999999999",
    "/events/T01A/0/99999999999999999999999",
    "/months/9999-12/1.01",
    "/exports/9999-12/1.01.xlsx",
    "/absences?month=9999-12",
    "/reports/holiday/9999-12/1.01/9999-12-31",
    "/people/x/9999-12",
    "/explain/x/9999-12-31",
    "/kiosks/%00",
    "/bukti?code=%00%ff",
    "/absences/file?document=x&nip=%00",
)


@pytest.mark.parametrize("path", ODD)
def test_an_address_that_nobody_has_breaks_nothing_and_carries_nothing_out(site, path):
    answer = site.get("bkpsdm", path)
    assert answer.status_code < 500
    assert "set-cookie" not in answer.headers
    assert "root:" not in answer.text
    assert "def signed" not in answer.text
    assert "evil" not in answer.headers.get("location", "")


@pytest.mark.parametrize(
    "onward", ["//evil.example", "/\t/evil.example", "/\\evil.example", "http:evil.example", "//["]
)
def test_nobody_leaves_the_site_by_its_own_addresses(site, onward):
    for path in ("/login", "/office"):
        answer = site.signed("bkpsdm")[0].get(path, params={"next": onward})
        assert re.fullmatch(r"/(?![/\\]).*|/", answer.headers["location"])


def test_a_page_that_is_not_there_links_to_no_other_host(site):
    answer = site.browser().request("GET", f"{HERE}//evil.example/x")
    assert answer.status_code == 404
    assert 'href="//' not in answer.text


def test_an_origin_that_is_none_is_refused(site):
    answer = site.browser().post("/login", data={"name": "x"}, headers={"Origin": "http://["})
    assert answer.status_code == 403


FORMS = sorted(path for path, methods in addresses() if "POST" in methods)
FILLED = {"no:int": "1", "no": "1", "verdict": "approve", "kind": "roster", "month": "2026-01"}


def filled(path):
    """An address with something for each of its gaps."""
    return re.sub(r"{([^}]+)}", lambda gap: FILLED.get(gap[1], "1.01"), path)


_FIELDS = (
    *("name", "role", "old", "new", "again", "label", "days", "disabled", "digest", "why"),
    *("pay_in", "month"),
)


def test_no_form_does_anything_without_the_word_of_its_session(site):
    """As another site's page would send it from a browser that is logged in."""
    browser, _ = site.signed("bkpsdm")
    everything = dict.fromkeys(_FIELDS, "x") | {"csrf": "wrong"}
    for path in set(FORMS) - {"/login", "/mulai"}:
        answer = browser.post(filled(path), data=everything)
        refused = "kedaluwarsa" in answer.text
        assert (answer.status_code, refused) == (403, True), path


def test_a_program_in_a_browser_shows_the_word_of_its_session_too(site):
    browser, csrf = site.signed("bkpsdm")
    for word, code in ((None, 403), ("wrong", 403), (csrf, 200)):
        headers = {"X-CSRF": word} if word else {}
        told = browser.post("/api/v1/productivity", json={"totals": []}, headers=headers)
        assert told.status_code == code


def test_a_strangers_body_is_small_or_is_not_read(site):
    """Who is not logged in gets his answer before his 16 MB are asked for."""
    large = {"Content-Length": str(LARGEST), "Cookie": "hadir=x", "Origin": HERE}
    for path in FORMS:
        assert sent(site.app, filled(path), large) in ((303, 0), (413, 0)), path


def sent(app, path, headers):
    """(status, how often the body was asked for) of a POST."""
    seen, reads = [], []

    async def receive():
        reads.append(1)
        return {"type": "http.disconnect"}

    async def send(message):
        seen.append(message.get("status"))

    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    scope = {
        "type": "http", "method": "POST", "path": path, "query_string": b"", "http_version": "1.1",
        "scheme": "http", "server": ("testserver", 80), "client": ("10.0.0.9", 5),
        "headers": [
            (b"host", b"testserver"), (b"content-type", b"multipart/form-data; boundary=x"), *raw,
        ],
    }  # fmt: skip
    asyncio.run(app(scope, receive, send))
    return seen[0], len(reads)


@pytest.mark.parametrize("also", [{}, {"Content-Length": "5"}])
def test_a_body_without_an_end_is_refused(site, also):
    code, reads = sent(site.app, "/api/v1/absences", {"Transfer-Encoding": "chunked"} | also)
    assert (code, reads) == (411, 0)


OTHERS = (
    f"/people/{STRANGER}/2026-01",
    f"/people/{STRANGER}/2026-01/parts/cut",
    f"/explain/{STRANGER}/2026-01-13",
    f"/ekinerja/of/{STRANGER}",
    f"/corrections?nip={STRANGER}",
    f"/months/2026-01/{FAR}",
    f"/months/2026-01/{FAR}/{STRANGER}",
    f"/exports/2026-01/{FAR}.xlsx",
    f"/offices/{FAR}",
    f"/reports/manual/2026-01/{FAR}",
    f"/reports/holiday/2026-01/{FAR}/2026-01-05",
    f"/reports/inactive/2026-01?opd={FAR}",
    f"/absences/file?document=800/012/SPT/2026&nip={STRANGER}",
)


@pytest.mark.parametrize("path", OTHERS)
def test_another_offices_records_stay_closed_whoever_asks_for_them_by_name(site, path):
    with site.database.writing() as tx:
        asked = corrections.of_person(tx, STRANGER)
        if not asked:
            tell(tx)
    for role in ("pegawai", "atasan", "kepala", "admin_opd", "teknisi", "admin"):
        answer = site.get(role, path)
        closed = answer.status_code in (303, 403, 404)
        assert closed or STRANGER not in answer.text.replace(path, ""), role


def tell(tx):
    """A correction of the stranger's own."""
    viewer = Viewer("made", STRANGER, "pegawai", FAR)
    no = asking.draft(tx, replace(FORGOTTEN, nip=STRANGER), viewer, NOW)
    asking.submit(tx, no, viewer, NOW)


def test_tries_side_by_side_are_as_slow_as_tries_one_after_another(site):
    """Forty at once must not be looked at before the first of them is counted."""
    keeper, admitted = Doorkeeper(), []

    def guess():
        if not keeper.ask("sari", "10.0.0.9", 0.0):
            admitted.append(1)

    threads = [Thread(target=guess) for _ in range(40)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(admitted) == 5


def test_a_right_password_gives_its_address_the_try_back():
    keeper = Doorkeeper()
    for n in range(200):  # an office's morning behind one address
        assert keeper.ask(f"name{n}", "10.0.0.9", 0.0) == 0
        keeper.right(f"name{n}", "10.0.0.9")
    assert keeper.ask("sari", "10.0.0.9", 0.0) == 0


def test_whoever_is_turned_away_fills_no_log(site):
    site.app.state.doorkeeper = Doorkeeper()
    browser = site.browser("10.0.0.7")
    form = {"name": "guessed", "password": "wrong"}
    for _ in range(12):
        browser.post("/login", data=form)
    with site.database.reading() as tx:
        assert office_log.count(tx, Filter(who="guessed", did="login_slowed")) == 1
        assert office_log.count(tx, Filter(who="guessed", did="login_failed")) == 5


def test_of_too_many_logins_of_one_account_the_oldest_end(site):
    browser = site.browser("10.0.0.6")
    site.app.state.doorkeeper = Doorkeeper()
    site.known.pop("admin_opd", None)
    with site.database.writing() as tx:
        sessions.end_all(tx, "dewi")
        first, *others = [sessions.begin(tx, "dewi", NOW - 100 + n) for n in range(20)]
    done = browser.post("/login", data={"name": "dewi", "password": PASSWORD})
    assert done.status_code == 303
    with site.database.reading() as tx:
        assert sessions.find(tx, first, NOW) is None
        assert all(sessions.find(tx, one, NOW) for one in others)


def test_an_office_of_long_ago_has_no_say_in_somebodys_letters(site):
    letter = replace(LETTERS[1], document="850/9/CT/2026", nip=STRANGER)
    once = {"opd": "1.01", "valid_from": "2015-01-01", "valid_to": "2015-12-31"}
    with site.database.writing() as tx:
        absences.store(tx, [letter], "made", NOW)
        row = tx.execute(schema.person.select().filter_by(nip=STRANGER)).one()._mapping
        tx.execute(schema.person.insert().values(**dict(row) | once))
    form = {"document": letter.document, "nip": STRANGER, "month": "2026-01"}
    assert site.post("admin_opd", "/absences/withdraw", **form).status_code == 403
    path = f"/absences/file?document={letter.document}&nip={STRANGER}"
    assert site.get("admin_opd", path).status_code == 403
    assert site.post("bkpsdm", "/absences/withdraw", **form).status_code == 303


def test_a_number_in_another_script_is_no_row(site):
    for path in ("/ekinerja?edit=²", "/audit?before=²", f"/ekinerja?edit={'9' * 30}"):
        assert site.get("admin" if "audit" in path else "pegawai", path).status_code == 200


# Lists of names and NIPs only: what people may be asked about, not what is on record about them.
LISTS = {"/people", "/corrections/new"}


def test_every_page_that_tells_of_somebody_else_leaves_a_line(site):
    """Each address that can be read is opened by BKPSDM; where its page has a NIP, a line is added."""
    values = {"nip": WAYAN, "opd": "1.01", "month": "2026-01", "date": "2026-01-28", "what": "cut"}
    read = {path for path, methods in addresses() if "GET" in methods} - LISTS
    pages = [path for path in read if not re.search(r"/live|/oidc|kind", path)]
    silent = []
    for path in [*pages, f"/corrections/new?nip={WAYAN}"]:
        at = re.sub(r"\{(\w+)(?::\w+)?\}", lambda part: values.get(part[1], "1"), path)
        asked = "" if "?" in at else "?opd=1.01&month=2026-01&who=sari&nip=&every=1"
        with site.database.reading() as tx:
            before = office_log.count(tx, Filter())
        told = site.get("bkpsdm", at + asked)
        with site.database.reading() as tx:
            after = office_log.count(tx, Filter())
        if told.status_code == 200 and WAYAN in told.text and after == before:
            silent.append(at)
    assert silent == []


def test_a_head_of_an_office_sees_its_kiosks_without_a_link_that_is_closed_to_him(site):
    assert "/kiosks/T01A" not in site.get("kepala", "/offices/1.01").text
    assert "/kiosks/T01A" in site.get("bkpsdm", "/offices/1.01").text
