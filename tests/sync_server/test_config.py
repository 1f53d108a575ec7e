"""The server's one configuration file: what it means, and what it says where it cannot be meant."""

import pytest

from sync_server.config import Broker, Config, load
from sync_server.errors import BadFile
from sync_server.wording import complaint


@pytest.fixture
def said(tmp_path):
    """What is said, in English, of a configuration that cannot be used."""

    def say_of(text):
        file = tmp_path / "server.toml"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        with pytest.raises(BadFile) as caught:
            load(file)
        bad = caught.value
        sentence = complaint("en", bad.file, bad.where, bad.code, bad.values)
        return sentence.removeprefix(f"{file}: ")

    return say_of


def test_an_empty_file_means_the_embedded_broker_on_this_machine(tmp_path):
    (tmp_path / "server.toml").touch()
    assert load(tmp_path / "server.toml") == Config()
    assert Config().broker == Broker(host="127.0.0.1", port=1883, embedded=True, ca="")


def test_every_key_is_read(tmp_path):
    file = tmp_path / "server.toml"
    file.write_text(
        'state = "/srv/hadir"\n[broker]\nhost = "broker.example.go.id"\nport = 8883\n'
        'embedded = false\nca = "ca.pem"\n'
    )
    expected = Config("/srv/hadir", Broker("broker.example.go.id", 8883, False, "ca.pem"))
    assert load(file) == expected


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("port = 1", "no key is called port; correct its spelling or take it out"),
        ("[broker]\nhots = 'x'", "broker: no key is called hots; correct its spelling"),
        ("state = 5", "state: not text; put it in quotes"),
        ("[broker]\nport = '1883'", "broker.port: not a whole number; write it without quotes"),
        ("[broker]\nport = 0", "broker.port: out of range; write a number >= 1"),
        ("[broker]\nport = 65536", "broker.port: out of range; write a number <= 65535"),
        ("[broker]\nembedded = 'yes'", "broker.embedded: not true or false; write one of them"),
        ("broker = 1", "broker: of another form (Expected `object`, got `int`); write it as"),
        ("[broker", "not TOML ("),
        (b"state = '\xff'", "not UTF-8 at byte 9; save it as UTF-8"),
    ],
)
def test_a_key_that_is_wrong_is_named_with_its_cure(said, text, says):
    assert said(text).startswith(says)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "pusat.example"])  # noqa: S104
def test_the_embedded_broker_is_refused_anywhere_but_on_this_machine(said, tmp_path, host):
    """It knows no passwords: whoever reaches it could read every scan."""
    says = said(f"[broker]\nhost = '{host}'")
    assert says.startswith("broker.host: the embedded broker knows no passwords and no TLS")
    assert "set embedded = false" in says
    (tmp_path / "server.toml").write_text(f"[broker]\nhost = '{host}'\nembedded = false")
    assert load(tmp_path / "server.toml").broker.host == host


OIDC = '[oidc]\nissuer = "https://sso.example.go.id"\n'


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[web]\nhost = '0.0.0.0'", "web.host: "),
        ("[web]\nport = 65536", "web.port: out of range; write a number <= 65535"),
        ("[web]\nport = -1", "web.port: out of range; write a number >= 0"),
        ("[web]\nsecure = 'yes'", "web.secure: not true or false"),
        ("[web]\nhots = 'x'", "web: no key is called hots"),
        (OIDC, "oidc: "),
        (OIDC + 'client_id = "hadir"', "oidc: "),
        ('[oidc]\nissuer = "http://sso.example.go.id"\nclient_id = "h"\naddress = "https://h"',
         "oidc.issuer: "),
        ('[oidc]\nissuer = "http://127.0.0.1:x@sso.example"\nclient_id = "h"\naddress = "https://h"',
         "oidc.issuer: "),
        (OIDC + 'client_id = "h"\naddress = "http://hadir.example.go.id"', "oidc.address: "),
        (OIDC + "secret = 'x'", "oidc: no key is called secret"),
    ],
)  # fmt: skip
def test_pages_and_logins_that_would_travel_in_the_clear_or_lead_nowhere_are_refused(
    said, text, says
):
    assert said(text).startswith(says)
    assert len(said(text)) > 40, "what to do next is missing"


def test_pages_for_everybody_stand_behind_a_proxy_that_ends_tls(tmp_path):
    file = tmp_path / "server.toml"
    file.write_text("[web]\nhost = '0.0.0.0'\nsecure = true\n" + OIDC + (
        "client_id = 'hadir'\nsecret_file = 'oidc.secret'\nclaim = 'nip'\n"
        "address = 'https://hadir.example.go.id'\n"
    ))  # fmt: skip
    loaded = load(file)
    assert (loaded.web.host, loaded.web.secure) == ("0.0.0.0", True)  # noqa: S104
    assert (loaded.oidc.client_id, loaded.oidc.claim) == ("hadir", "nip")


def test_a_file_that_is_not_there_or_cannot_be_read_says_so(tmp_path):
    with pytest.raises(BadFile) as missing:
        load(tmp_path / "none.toml")
    assert missing.value.code == "config_missing"
    with pytest.raises(BadFile) as folder:
        load(tmp_path)
    assert folder.value.code == "file_unreadable"
