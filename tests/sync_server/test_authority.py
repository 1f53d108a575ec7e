"""The server's keys, and who is invited."""

from functools import partial

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from contract import invitation
from sync_server import authority, ledger
from sync_server.authority import Keys, Registrar, invite, replace
from sync_server.config import Broker
from sync_server.database import Database
from sync_server.errors import BadFile
from sync_server.wording import complaint
from tests.ledgers import laid

NOW = 1_795_000_000


@pytest.fixture
def tx(tmp_path):
    database = Database(laid(tmp_path / "ledger.db"))
    with database.writing() as tx:
        yield tx
    database.close()


@pytest.fixture
def by(tmp_path):
    return Registrar(Keys(tmp_path / "keys"), Broker(port=1999), NOW)


def public(key):
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def test_the_servers_keys_are_made_once_and_only_its_user_may_read_them(tmp_path):
    first, again = Keys(tmp_path / "state"), Keys(tmp_path / "state")
    assert public(first.sign) == public(again.sign)
    assert public(first.seal) == public(again.seal)
    assert public(first.sign) != public(first.seal)
    files = sorted((tmp_path / "state").iterdir())
    assert [file.stat().st_mode & 0o777 for file in files] == [0o600, 0o600]


def test_an_invitation_says_who_the_kiosk_is_where_the_broker_is_and_all_keys(tx, by):
    made = invite(tx, by, "T07A", "1.01")
    assert (made.kid, made.broker_host, made.broker_port) == ("T07A", "127.0.0.1", 1999)
    assert (made.tls, made.ca) == (False, "")
    assert (made.sign_key, made.seal_key) == (public(by.keys.sign), public(by.keys.seal))
    assert invitation.decode(invitation.encode(made)) == made


def test_every_kiosk_and_every_card_has_a_key_of_its_own(tx, by):
    made = [invite(tx, by, "T07A", "1.01"), invite(tx, by, "T07B", "1.01")]
    assert [ledger.kiosk(tx, one.kid).mac_key for one in made] == [one.mac_key for one in made]
    made.append(replace(tx, by, "T07A"))
    assert ledger.kiosk(tx, "T07A").mac_key == made[-1].mac_key, "the old one is worth nothing"
    assert len({one.mac_key for one in made}) == 3
    assert all(len(one.mac_key) == 32 for one in made)


def test_the_brokers_certificate_travels_with_the_invitation(tx, by, tmp_path):
    file = tmp_path / "ca.pem"
    file.write_text("-----BEGIN CERTIFICATE-----\n")
    made = invite(tx, Registrar(by.keys, Broker(ca=str(file)), NOW), "T07A", "1.01")
    assert (made.tls, made.ca) == (True, "-----BEGIN CERTIFICATE-----\n")


@pytest.mark.parametrize("content", [None, b"\x30\x82\xff"])
def test_a_certificate_that_is_missing_or_not_pem_is_named(tx, by, tmp_path, content):
    file = tmp_path / "ca.pem"
    if content:
        file.write_bytes(content)
    with pytest.raises(BadFile) as caught:
        invite(tx, Registrar(by.keys, Broker(ca=str(file)), NOW), "T07A", "1.01")
    assert (caught.value.where, caught.value.code) == ("broker.ca", "ca_unusable")
    assert caught.value.values["ca"] == str(file)


@pytest.mark.parametrize(
    "kid", ["", "T07", "T07ABCD", "t07a", "T07I", "T07L", "T07O", "T07U", "T0 7"]
)
def test_a_name_that_could_be_misread_is_refused(tx, by, kid):
    with pytest.raises(BadFile) as caught:
        invite(tx, by, kid, "1.01")
    assert caught.value.code == "bad_kid"


def test_a_kiosk_is_invited_once_and_replaced_only_after_that(tx, by):
    with pytest.raises(BadFile) as unknown:
        replace(tx, by, "T07A")
    assert unknown.value.code == "kid_unknown"
    invite(tx, by, "T07A", "1.01")
    with pytest.raises(BadFile) as taken:
        invite(tx, by, "T07A", "1.02")
    assert taken.value.code == "kid_taken"
    replace(tx, by, "T07A")


def test_a_new_centre_makes_its_keys_once(tx, tmp_path):
    authority.begin(tx, tmp_path / "new")
    made = (tmp_path / "new/sign.key").read_bytes()
    authority.begin(tx, tmp_path / "new")
    assert (tmp_path / "new/sign.key").read_bytes() == made


def test_a_centre_that_has_invited_kiosks_never_makes_another_key(tx, by, tmp_path):
    """It would contradict what they were invited with: the error says what to copy."""
    invite(tx, by, "T07A", "1.01")
    for start in (partial(authority.begin, tx), authority.signing):
        with pytest.raises(BadFile) as refused:
            start(tmp_path / "elsewhere")
        bad = refused.value
        assert "copy every *.key" in complaint("en", bad.file, bad.where, bad.code, bad.values)
        assert not (tmp_path / "elsewhere/sign.key").exists()
    authority.begin(tx, tmp_path / "keys")
