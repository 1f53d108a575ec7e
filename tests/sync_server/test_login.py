"""Logging in to the centre, over HTTP as a browser and as a program would."""

import re
import socket
from functools import cache, partial

import pytest
from starlette.testclient import TestClient

from sync_server import office_log, schema
from sync_server.accounts import book, changing, first, passwords, sessions, tokens
from sync_server.accounts.book import Account
from sync_server.accounts.pace import Doorkeeper
from sync_server.config import Config, Web
from sync_server.database import Database
from sync_server.office_log import Filter
from sync_server.web.app import build
from sync_server.web.guard import LARGEST
from sync_server.web.place import Place
from tests.ledgers import laid

HERE = "http://testserver"
PASSWORD = "sembilan-perahu-biru"  # noqa: S105 - nobody's
NOW = 1_769_700_000


@cache
def _application(secure):
    """All tests share it: it holds nothing of theirs but what they put into its state."""
    return build(Place(None, None, Config(web=Web(secure=secure))))


@cache
def _digest():
    """Argon2 is slow by design: once for all of them."""
    return passwords.digest(PASSWORD)


class Centre:
    """An application on a database of its own, whose clock a test moves."""

    def __init__(self, folder, **web):
        self.now = float(NOW)
        self.folder = folder
        self.database = Database(laid(folder / "ledger.db"))
        settings = Config(state=str(folder), web=Web(**web))
        self.app = _application(settings.web.secure)
        self.app.state.place = Place(self.database, lambda: self.now, settings)
        self.app.state.doorkeeper = Doorkeeper()

    def browser(self, **headers):
        return TestClient(
            self.app, HERE, headers={"Origin": HERE} | headers, follow_redirects=False
        )

    def account(self, name="sari", role="admin", **values):
        with self.database.writing() as tx:
            account = Account(name, values.pop("nip", ""), role, "", False, False, "", NOW)
            book.add(tx, account, "")
            mine = schema.account.c.name == name
            tx.execute(schema.account.update().where(mine).values(password=_digest()))
            return account

    def signed(self, name="sari"):
        browser = self.browser()
        browser.post("/login", data={"name": name, "password": PASSWORD})
        return browser

    def did(self):
        with self.database.reading() as tx:
            return [(line.who, line.did) for line in office_log.lines(tx, Filter())]


@pytest.fixture
def centre(tmp_path):
    centre = Centre(tmp_path)
    yield centre
    centre.database.close()


def word(browser, path="/me"):
    return re.search(r'name="csrf" value="([^"]+)"', browser.get(path).text)[1]


def test_the_right_password_opens_a_session_that_scripts_cannot_read(centre):
    centre.account()
    answer = centre.browser().post("/login", data={"name": "Sari ", "password": PASSWORD})
    assert answer.status_code == 303
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert ("sari", "login") in centre.did()


def test_behind_tls_the_cookie_and_the_host_are_bound_to_https(tmp_path):
    centre = Centre(tmp_path, secure=True)
    centre.account()
    answer = centre.browser().post("/login", data={"name": "sari", "password": PASSWORD})
    assert answer.headers["set-cookie"].startswith("__Host-hadir=")
    assert "Secure" in answer.headers["set-cookie"]
    assert answer.headers["strict-transport-security"].startswith("max-age=31536000")
    centre.database.close()


@pytest.mark.parametrize("name", ["sari", "nobody"])
def test_a_wrong_password_and_an_unknown_name_are_told_in_the_same_words(centre, name):
    centre.account()
    answer = centre.browser().post("/login", data={"name": name, "password": "wrong"})
    assert answer.status_code == 403
    assert "salah" in answer.text
    assert (name, "login_failed") in centre.did()


def test_a_disabled_account_is_not_let_in_and_its_open_page_closes(centre):
    centre.account()
    browser = centre.signed()
    with centre.database.writing() as tx:
        changing.disable(tx, "admin", book.find(tx, "sari"), NOW, off=True)
    assert browser.get("/me").headers["location"] == "/login?next=/me"
    answer = centre.browser().post("/login", data={"name": "sari", "password": PASSWORD})
    assert answer.status_code == 403


@pytest.mark.parametrize("deed", [changing.reset, partial(changing.disable, off=True)])
def test_an_account_that_is_reset_or_disabled_during_a_login_is_not_let_in(
    centre, monkeypatch, deed
):
    account, fits = centre.account(), passwords.fits

    def meanwhile(kept, password):
        good = fits(kept, password)
        with centre.database.writing() as tx:
            deed(tx, "admin", account, NOW)
        return good

    monkeypatch.setattr(passwords, "fits", meanwhile)
    browser = centre.browser()
    assert browser.post("/login", data={"name": "sari", "password": PASSWORD}).status_code == 403
    assert "hadir" not in browser.cookies
    with centre.database.reading() as tx:
        assert not tx.execute(schema.session.select()).all()


def test_guessing_is_answered_with_the_seconds_to_wait(centre):
    centre.account()
    browser = centre.browser()
    for _ in range(6):
        browser.post("/login", data={"name": "sari", "password": "wrong"})
    right = {"name": "sari", "password": PASSWORD}
    slowed = browser.post("/login", data=right)
    assert slowed.status_code == 429
    assert "Tunggu 1 detik" in slowed.text
    centre.now += 1
    assert browser.post("/login", data=right).status_code == 303


def test_a_login_never_takes_over_the_cookie_that_was_there_before(centre):
    centre.account()
    browser = centre.signed()
    before = browser.cookies["hadir"]
    browser.post("/login", data={"name": "sari", "password": PASSWORD})
    assert browser.cookies["hadir"] != before
    stale = centre.browser(Cookie=f"hadir={before}")
    assert stale.get("/me").status_code == 303


@pytest.mark.parametrize(
    "next_", ["//evil.example", "https://evil.example", "/\\evil.example", "x"]
)
def test_nobody_is_sent_to_another_site_after_a_login(centre, next_):
    centre.account()
    form = {"name": "sari", "password": PASSWORD, "next": next_}
    assert centre.browser().post("/login", data=form).headers["location"] == "/accounts"


def test_another_sites_form_is_refused_even_with_the_cookie(centre):
    centre.account()
    browser = centre.signed()
    csrf = word(browser)
    for origin in ("https://evil.example", "null", ""):
        answer = browser.post("/logout", data={"csrf": csrf}, headers={"Origin": origin})
        assert answer.status_code == 403
    assert browser.get("/me").status_code == 200


@pytest.mark.parametrize("csrf", [None, "", "wrong", "é"])
def test_a_form_without_the_sessions_word_changes_nothing(centre, csrf):
    centre.account()
    browser = centre.signed()
    answer = browser.post("/logout", data={} if csrf is None else {"csrf": csrf})
    assert answer.status_code == 403
    assert "kedaluwarsa" in answer.text
    assert browser.get("/me").status_code == 200


def test_the_word_may_come_as_a_header_and_logging_out_ends_the_session(centre):
    centre.account()
    browser = centre.signed()
    cookie = browser.cookies["hadir"]
    assert browser.post("/logout", headers={"X-CSRF": word(browser)}).status_code == 303
    assert centre.browser(Cookie=f"hadir={cookie}").get("/me").status_code == 303
    assert ("sari", "logout") in centre.did()


def test_after_a_reset_every_page_leads_to_choosing_a_password(centre):
    centre.account()
    with centre.database.writing() as tx:
        password = changing.reset(tx, "admin", book.find(tx, "sari"), NOW)
    browser = centre.browser()
    browser.post("/login", data={"name": "sari", "password": password})
    assert browser.get("/accounts").headers["location"] == "/me/password"
    assert browser.get("/api/v1/facts?opd=1.01&month=2026-01").status_code == 401
    form = {"csrf": word(browser, "/me/password"), "old": password}
    weak = browser.post("/me/password", data=form | {"new": "sari", "again": "sari"})
    assert weak.status_code == 422
    good = form | {"new": PASSWORD, "again": PASSWORD}
    assert browser.post("/me/password", data=good).status_code == 303
    assert browser.get("/accounts").status_code == 200


def test_a_new_password_ends_every_other_login(centre):
    centre.account()
    here, elsewhere = centre.signed(), centre.signed()
    new = "tujuh-pohon-kelapa"
    form = {"csrf": word(here), "old": PASSWORD, "new": new, "again": new}
    assert here.post("/me/password", data=form).status_code == 303
    assert here.get("/me").status_code == 200
    assert elsewhere.get("/me").status_code == 303


def test_the_first_administrator_is_made_with_the_printed_code_and_only_once(centre):
    code = first.invite(centre.folder, NOW)
    browser = centre.browser()
    form = {"name": "sari", "new": PASSWORD, "again": PASSWORD}
    assert browser.post("/mulai", data=form | {"code": "AAAAA-BBBBB"}).status_code == 422
    assert browser.post("/mulai", data=form | {"code": code, "new": "x"}).status_code == 422
    assert browser.post("/mulai", data=form | {"code": code}).headers["location"] == "/accounts"
    assert browser.get("/accounts").status_code == 200
    assert browser.get("/mulai").status_code == 404
    assert centre.browser().post("/mulai", data=form | {"code": code}).status_code == 404


NIP = "000000000000001002"


def test_a_mistake_in_the_form_of_an_account_keeps_what_was_typed(centre):
    """The same form again, the sentence beside the field, nothing of command lines, no password."""
    browser = centre.browser()
    code = first.invite(centre.folder, NOW)
    typed = {"code": code, "name": "sari dewi", "new": PASSWORD, "again": PASSWORD}
    again = browser.post("/mulai", data=typed)
    assert again.status_code == 422
    assert 'action="/mulai"' in again.text
    assert f'value="{code}"' in again.text
    assert 'value="sari dewi"' in again.text
    assert PASSWORD not in again.text

    centre.account(name="admin", role="admin", nip="")
    browser = centre.signed("admin")
    wanted = {"csrf": word(browser), "name": "budi", "role": "kepala", "nip": NIP, "opd": ""}
    said = browser.post("/accounts", data=wanted)
    assert said.status_code == 422
    assert 'value="budi"' in said.text
    assert 'value="kepala" selected' in said.text
    assert re.search(r'id="f-opd-said">Peran ini perlu', said.text)
    assert "--opd" not in said.text
    taken = browser.post("/accounts", data=wanted | {"name": "admin", "opd": "1.01"})
    assert re.search(r'id="f-name-said">Nama akun ini sudah dipakai', taken.text)


def test_the_code_cannot_be_guessed_at_full_speed(centre):
    first.invite(centre.folder, NOW)
    form = {"name": "sari", "new": PASSWORD, "again": PASSWORD, "code": "x"}
    browser = centre.browser()
    said = [browser.post("/mulai", data=form).text for _ in range(7)]
    assert "Tunggu" in said[-1]


def test_nobody_changes_his_own_role(centre):
    centre.account()
    browser = centre.signed()
    form = {"csrf": word(browser), "role": "bkpsdm"}
    assert browser.post("/accounts/sari", data=form).status_code == 403
    assert browser.post("/accounts/sari/reset", data=form).status_code == 403


def test_only_an_administrator_makes_accounts(centre):
    centre.account()
    centre.account("budi", "bkpsdm", nip="000000000000009001")
    browser = centre.signed("budi")
    form = {"csrf": word(browser), "name": "x", "role": "admin"}
    for path in ("/accounts", "/accounts/sari", "/accounts/sari/reset"):
        assert browser.post(path, data=form).status_code == 403
    off = form | {"disabled": "1"}
    assert browser.post("/accounts/sari/disabled", data=off).status_code == 403


def test_a_new_account_gets_a_password_that_is_shown_once(centre):
    centre.account()
    browser = centre.signed()
    form = {"csrf": word(browser), "name": "budi", "role": "teknisi"}
    page = browser.post("/accounts", data=form).text
    password = re.search(r'class="secret code">([^<]+)<', page)[1]
    assert password not in browser.get("/accounts").text
    answer = centre.browser().post("/login", data={"name": "budi", "password": password})
    assert answer.status_code == 303
    again = browser.post("/accounts", data=form)
    assert again.status_code == 422
    assert "sudah dipakai" in again.text


def test_a_key_is_shown_once_and_opens_what_its_account_may(centre):
    centre.account()
    browser = centre.signed()
    form = {"csrf": word(browser), "label": "SIMPEG", "days": "30"}
    key = re.search(r"hadir_[\w-]+", browser.post("/me/keys", data=form).text)[0]
    assert key not in browser.get("/me").text
    program = TestClient(centre.app, HERE, client=("10.0.0.9", 5))
    bearer = {"Authorization": f"Bearer {key}"}
    assert program.get("/metrics", headers=bearer).status_code == 200
    assert program.get("/metrics").status_code == 401
    assert program.get("/metrics", headers={"Authorization": "Bearer x"}).status_code == 401
    with centre.database.writing() as tx:
        tokens.revoke_all(tx, "sari", NOW)
    assert program.get("/metrics", headers=bearer).status_code == 401


def test_a_proxy_on_this_machine_does_not_make_a_stranger_near(centre):
    near = TestClient(centre.app, HERE, client=("127.0.0.1", 5))
    assert "hadir_gaps_open 0" in near.get("/metrics").text
    assert near.get("/metrics", headers={"X-Forwarded-For": "10.0.0.9"}).status_code == 401
    assert near.get("/healthz").text == "ok\n"


def test_every_answer_carries_the_headers_that_keep_browsers_careful(centre):
    for path in ("/login", "/nothing", "/healthz"):
        headers = centre.browser().get(path).headers
        assert "default-src 'self'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"


def test_files_of_the_site_are_kept_for_ever_and_none_is_outside_it(centre):
    browser = centre.browser()
    style = re.search(r'href="(/static/[^"]+css)"', browser.get("/login").text)[1]
    script = re.search(r'src="(/vendor/[^"]+)"', browser.get("/login").text)[1]
    for path in (style, script):
        assert "immutable" in browser.get(path).headers["cache-control"]
    for path in ("/static/1/../app.py", "/static/1/..%2Fapp.py", "/vendor/1/htmx.js"):
        assert browser.get(path).status_code == 404


def test_what_breaks_is_told_with_a_number_and_nothing_else(centre, caplog):
    centre.database.close()

    @centre.app.get("/broken")
    def broken():
        raise RuntimeError("secret detail")

    browser = TestClient(centre.app, HERE, raise_server_exceptions=False)
    answer = browser.get("/broken")
    number = re.search(r"<code>(\w+)</code>", answer.text)[1]
    assert answer.status_code == 500
    assert "secret detail" not in answer.text
    assert f"number={number}" in caplog.text
    assert "default-src 'self'" in answer.headers["content-security-policy"]


def test_a_request_that_is_too_large_is_not_read(centre):
    answer = centre.browser().post(
        "/login", content=b"", headers={"Content-Length": str(LARGEST + 1)}
    )
    assert answer.status_code == 413


def test_the_other_language_stays_chosen(centre):
    browser = centre.browser()
    assert "Account name" in browser.get("/login?lang=en").text
    assert "Account name" in browser.get("/login").text
    assert "Nama akun" in browser.get("/login?lang=id").text


def test_a_login_is_over_after_its_idle_hours(centre):
    centre.account()
    browser = centre.signed()
    centre.now += sessions.IDLE
    assert browser.get("/me").status_code == 303


def test_a_port_that_is_taken_is_told_by_its_number(tmp_path):
    import threading

    from sync_server.web.serving import PortTaken, serving

    centre = Centre(tmp_path)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        place = Place(centre.database, lambda: NOW, Config(web=Web(port=port)))
        with pytest.raises(PortTaken, match=str(port)), serving(place, threading.Event()):
            pass
    centre.database.close()
