"""Logging in with the region's account, against a real identity provider of the test's own."""

import pytest
from joserfc.jwk import OctKey
from msgspec.structs import replace
from starlette.testclient import TestClient

from sync_server.accounts import book, changing
from sync_server.accounts.book import Account
from sync_server.accounts.oidc import Provider
from sync_server.config import Config, Oidc
from sync_server.database import Database
from sync_server.web.app import build
from sync_server.web.place import Place
from tests.identity_provider import CLIENT, IdentityProvider
from tests.ledgers import laid

HERE = "http://127.0.0.1"
NOW = 1_769_700_000.0


class Site:
    """A centre that knows the provider, and somebody's browser."""

    def __init__(self, folder, provider):
        self.now, self.provider = NOW, provider
        self.database = Database(laid(folder / "ledger.db"))
        settings = Config(oidc=Oidc(provider.issuer, CLIENT, "", "sub", HERE))
        self.app = build(Place(self.database, lambda: self.now, settings))
        self.browser = self.another()
        with self.database.writing() as tx:
            account = Account("sari", "", "admin", "", False, False, "s-0001", int(NOW))
            book.add(tx, account, "")

    def another(self):
        return TestClient(self.app, HERE, follow_redirects=False)

    def leave(self, browser=None):
        """What the browser comes back with: (state, code)."""
        left = (browser or self.browser).get("/login/oidc?next=/audit")
        return self.provider.log_in(left.headers["location"])

    def come_back(self, state, code, browser=None):
        params = {"state": state, "code": code}
        return (browser or self.browser).get("/login/oidc/kembali", params=params)


@pytest.fixture(scope="module")
def everything(tmp_path_factory):
    with IdentityProvider(lambda: NOW) as provider:
        site = Site(tmp_path_factory.mktemp("oidc"), provider)
        yield site
        site.database.close()


@pytest.fixture
def site(everything):
    """The site with an honest provider and a fresh browser."""
    everything.now, everything.browser = NOW, everything.another()
    everything.provider.be_honest()
    return everything


def refused(site, answer):
    assert answer.status_code == 403
    assert "hadir" not in site.browser.cookies
    return True


def test_whoever_is_linked_is_let_in_and_goes_on_where_he_wanted(site):
    answer = site.come_back(*site.leave())
    assert answer.headers["location"] == "/audit"
    assert site.browser.get("/audit").status_code == 200


LIES = {
    "another nonce": {"nonce": "guessed"},
    "no nonce": {"nonce": None},
    "for another client": {"aud": "e-kinerja"},
    "for two, given to the other": {"aud": [CLIENT, "e-kinerja"], "azp": "e-kinerja"},
    "for two, given to nobody": {"aud": [CLIENT, "e-kinerja"]},
    "from another issuer": {"iss": "https://sso.example.go.id"},
    "expired": {"exp": int(NOW) - 61},
    "without an end": {"exp": None},
    "from the future": {"iat": int(NOW) + 61},
    "of nobody": {"sub": ""},
    "of a number": {"sub": 1},
}


@pytest.mark.parametrize("lie", LIES)
def test_a_token_that_does_not_hold_lets_nobody_in(site, lie):
    site.provider.lie = LIES[lie]
    assert refused(site, site.come_back(*site.leave()))


def test_a_token_that_nobody_signed_lets_nobody_in(site):
    site.provider.header = {"alg": "none"}
    assert refused(site, site.come_back(*site.leave()))


def test_a_token_signed_with_the_public_key_as_a_secret_lets_nobody_in(site):
    public = site.provider.keys[0].as_pem(private=False)
    site.provider.header = {"alg": "HS256", "kid": "0"}
    site.provider.key = OctKey.import_key(public.replace(b"-----", b"....."))
    assert refused(site, site.come_back(*site.leave()))


def test_a_token_signed_with_a_strangers_key_lets_nobody_in(site):
    site.provider.key = site.provider.keys[1]
    assert refused(site, site.come_back(*site.leave()))


def test_a_state_is_good_once(site):
    state, code = site.leave()
    assert site.come_back(state, code).status_code == 303
    site.browser.cookies.delete("hadir")
    site.provider.codes[code] = {}
    assert refused(site, site.come_back(state, code))


def test_a_code_is_good_once(site):
    _, code = site.leave()
    first = site.leave()
    assert site.come_back(*first).status_code == 303
    site.browser.cookies.delete("hadir")
    state, _ = site.leave()
    assert refused(site, site.come_back(state, first[1]))
    assert code != first[1]


def test_a_login_that_another_browser_began_is_refused(site):
    """Else an attacker could log his victim in as himself and read what the victim enters."""
    other = site.another()
    assert refused(site, site.come_back(*site.leave(other)))


def test_a_login_that_took_longer_than_ten_minutes_is_refused(site):
    state, code = site.leave()
    site.now += 600
    assert refused(site, site.come_back(state, code))


def test_whoever_is_not_linked_is_told_what_to_ask_for(site):
    site.provider.subject = "s-0002"
    answer = site.come_back(*site.leave())
    assert refused(site, answer)
    assert "s-0002" in answer.text


def test_a_disabled_account_is_not_let_in(site):
    with site.database.writing() as tx:
        account = book.find(tx, "sari")
        book.change(tx, replace(account, disabled=True))
    assert refused(site, site.come_back(*site.leave()))
    with site.database.writing() as tx:
        book.change(tx, account)


def test_an_account_without_a_password_cannot_log_in_with_one(site):
    form = {"name": "sari", "password": ""}
    assert site.browser.post("/login", data=form, headers={"Origin": HERE}).status_code in (
        403,
        422,
    )
    form["password"] = "nobody has this password"  # noqa: S105
    assert refused(site, site.browser.post("/login", data=form, headers={"Origin": HERE}))


def test_a_provider_that_is_away_is_told_and_passwords_go_on(site):
    settings = Oidc("http://127.0.0.1:9", CLIENT, "", "sub", HERE)
    site.app.state.provider, known = Provider(settings), site.app.state.provider
    answer = site.browser.get("/login/oidc")
    site.app.state.provider = known
    assert answer.status_code == 502
    assert "tidak dapat dihubungi" in answer.text


def test_whoever_was_linked_never_has_to_choose_a_password(site):
    account = Account("budi", "", "admin", "", True, False, "s-0002", int(NOW))
    with site.database.writing() as tx:
        assert changing.add(tx, "sari", account, NOW) == ""
        changing.add(tx, "sari", replace(account, name="tono", subject=""), NOW)
        changing.alter(tx, "sari", replace(account, name="tono", subject="s-0003"), NOW)
        made = [book.find(tx, name) for name in ("budi", "tono")]
        assert [book.kept(tx, one.name) for one in made] == ["", ""]
    assert not any(one.must_change for one in made)
