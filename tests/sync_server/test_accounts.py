"""Who may log in, how long a login lasts, and how guessing is slowed down."""

from datetime import date

import argon2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import DatabaseError

from sync_server import decisions, office_log, schema
from sync_server.accounts import book, changing, first, passwords, sessions, tokens, viewing
from sync_server.accounts.book import Account
from sync_server.accounts.pace import Doorkeeper, Pace
from sync_server.database import Database
from sync_server.errors import BadFile
from sync_server.office_log import Filter

NOW = 1_769_700_000
DAY = date(2026, 1, 29)
SARI = Account("sari", "000000000000001001", "kepala", "1.01", False, False, "", NOW)


@pytest.fixture
def database(ledger_at):
    database = Database(ledger_at)
    yield database
    database.close()


@pytest.fixture
def tx(database):
    with database.writing() as tx:
        yield tx


def test_passwords_are_kept_as_owasp_asks():
    kept = argon2.extract_parameters(passwords.digest("sembilan-perahu-biru"))
    assert kept.type is argon2.Type.ID
    assert kept.memory_cost >= 19 * 1024
    assert kept.time_cost >= 2


def test_only_the_password_itself_fits_and_no_password_fits_nobody():
    kept = passwords.digest("sembilan-perahu-biru")
    assert passwords.fits(kept, "sembilan-perahu-biru")
    assert not passwords.fits(kept, "sembilan-perahu-bir")
    assert not passwords.fits("", "nobody has this password")


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("sebelas-kar", "password_short"),
        ("x" * 257, "password_long"),
        ("aaaaaaaaaaaaaa", "password_same"),
        ("akuSARIselalu", "password_own"),
        ("nip-000000000000001001", "password_own"),
        ("Indonesia12345", "password_common"),
        ("katasandi1234!", "password_common"),
        ("123456789012", "password_common"),
        ("sembilan-perahu-biru", ""),
    ],
)
def test_a_password_that_is_tried_first_is_refused(password, why):
    assert passwords.weakness(password, SARI.name, SARI.nip) == why


def test_a_login_is_kept_as_a_digest_and_ends_after_eight_idle_hours(tx):
    secret = sessions.begin(tx, "sari", NOW)
    assert secret not in str(tx.execute(schema.session.select()).all())
    found, due = sessions.find(tx, secret, NOW + sessions.IDLE - 1)
    assert (found.account, due) == ("sari", True)
    assert sessions.find(tx, secret, NOW + sessions.IDLE) is None
    assert sessions.find(tx, secret + "x", NOW) is None


def test_a_login_in_use_ends_after_a_day(tx):
    secret = sessions.begin(tx, "sari", NOW)
    for hour in range(1, 24):
        found, _ = sessions.find(tx, secret, NOW + hour * 3600)
        sessions.touch(tx, found.digest, NOW + hour * 3600)
    assert sessions.find(tx, secret, NOW + sessions.LIFE) is None


@pytest.mark.parametrize("how", [changing.reset, changing.alter, changing.disable])
def test_all_logins_of_an_account_end_when_it_is_changed(tx, how):
    changing.add(tx, "admin", SARI, NOW)
    secret = sessions.begin(tx, "sari", NOW)
    how(tx, "admin", SARI, NOW, **({"off": True} if how is changing.disable else {}))
    assert sessions.find(tx, secret, NOW) is None


def test_a_reset_password_is_good_for_one_login_and_revokes_keys(tx):
    changing.add(tx, "admin", SARI, NOW)
    key = tokens.make(tx, "sari", "SIMPEG", NOW, 30)
    password = changing.reset(tx, "admin", SARI, NOW)
    assert passwords.fits(book.kept(tx, "sari"), password)
    assert book.find(tx, "sari").must_change
    assert tokens.account(tx, key, NOW) == ""


def test_an_account_from_before_without_a_nip_can_be_closed_but_decides_nothing(tx):
    book.add(tx, SARI, "")
    old = schema.account.update().where(schema.account.c.name == "sari").values(nip="")
    tx.execute(old)
    sari = changing.known(tx, "sari")
    with pytest.raises(BadFile, match="decision_unnamed"):
        decisions.decide(tx, "month", "1.01/2026-01/1", "frozen", viewing.of(tx, sari, DAY), NOW)
    changing.disable(tx, "admin", sari, NOW, off=True)
    assert changing.known(tx, "sari").disabled


def test_a_key_works_until_it_ends_or_is_revoked_by_its_owner(tx):
    key = tokens.make(tx, "sari", "SIMPEG", NOW, 1)
    assert key not in str(tx.execute(schema.token.select()).all())
    assert tokens.account(tx, key, NOW + 86_399) == "sari"
    assert tokens.account(tx, key, NOW + 86_400) == ""
    [kept] = tokens.of(tx, "sari")
    assert not tokens.revoke(tx, "budi", kept.digest, NOW)
    assert tokens.revoke(tx, "sari", kept.digest, NOW)
    assert tokens.account(tx, key, NOW) == ""


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": "Sari"}, "account_name"),
        ({"name": "sa ri"}, "account_name"),
        ({"name": ""}, "account_name"),
        ({"role": "dewa"}, "account_role"),
        ({"role": "pegawai", "nip": ""}, "account_nip"),
        ({"role": "bkpsdm", "nip": ""}, "account_nip"),
        ({"nip": "1001"}, "account_nip_digits"),
        ({"opd": ""}, "account_opd"),
    ],
)
def test_an_account_that_cannot_be_is_refused(tx, change, code):
    from msgspec.structs import replace

    with pytest.raises(BadFile) as refused:
        changing.add(tx, "admin", replace(SARI, **change), NOW)
    assert refused.value.code == code


def test_names_and_links_belong_to_one_account(tx):
    from msgspec.structs import replace

    changing.add(tx, "admin", replace(SARI, subject="s-1"), NOW)
    with pytest.raises(BadFile, match="account_taken"):
        changing.add(tx, "admin", SARI, NOW)
    with pytest.raises(BadFile, match="subject_taken"):
        changing.add(tx, "admin", replace(SARI, name="budi", subject="s-1"), NOW)
    changing.add(tx, "admin", replace(SARI, name="budi"), NOW)
    with pytest.raises(BadFile, match="subject_taken"):
        changing.alter(tx, "admin", replace(SARI, name="budi", subject="s-1"), NOW)


def test_the_first_administrators_code_is_good_once_and_for_a_day(tmp_path):
    code = first.invite(tmp_path, NOW)
    assert code not in (tmp_path / "first-administrator.json").read_text()
    assert first.fits(tmp_path, code.lower().replace("-", " "), NOW + 86_399)
    assert not first.fits(tmp_path, code, NOW + 86_400)
    assert not first.fits(tmp_path, code[:-1], NOW)
    newer = first.invite(tmp_path, NOW)
    assert not first.fits(tmp_path, code, NOW)
    first.used(tmp_path)
    assert not first.fits(tmp_path, newer, NOW)


def test_each_wrong_try_waits_longer_up_to_a_minute():
    pace, now, waits = Pace(), 0.0, []
    for _ in range(14):
        waits.append(pace.wait("sari", now))
        now += waits[-1]
        assert pace.wait("sari", now) == 0
        pace.wrong("sari", now)
    assert waits == [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_the_right_password_and_a_quarter_of_an_hour_forgive():
    pace = Pace()
    for _ in range(9):
        pace.wrong("sari", 0.0)
    assert pace.wait("sari", 0.0) > 0
    assert pace.wait("sari", 900.0) == 0
    pace.right("sari")
    assert pace.wait("sari", 0.0) == 0


def test_one_address_cannot_go_through_all_names_and_names_count_in_any_case():
    keeper = Doorkeeper()
    for n in range(31):
        keeper.wrong(f"name{n}", "10.0.0.9", 0.0)
    assert keeper.wait("sari", "10.0.0.9", 0.0) > 0
    assert keeper.wait("sari", "10.0.0.8", 0.0) == 0
    for _ in range(6):
        keeper.wrong("Sari ", "10.0.0.8", 0.0)
    assert keeper.wait("sari", "10.0.0.7", 0.0) > 0


@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(0, 100)), max_size=60))
def test_a_wait_is_never_longer_than_a_minute(tries):
    pace, now = Pace(), 0.0
    for name, later in tries:
        now += later
        pace.wrong(name, now)
        assert 0 <= pace.wait(name, now) <= 60


def test_the_log_is_only_ever_added_to(database):
    with database.writing() as tx:
        office_log.note(tx, NOW, "sari", "login", "1.01", "x", "y")
    for change in (
        schema.access.update().values(who="budi"),
        schema.access.delete(),
    ):
        with pytest.raises(DatabaseError), database.writing() as tx:
            tx.execute(change)
    with database.reading() as tx:
        [line] = office_log.lines(tx, Filter())
        assert (line.who, line.did, line.opd, line.whom) == ("sari", "login", "1.01", "x")


def test_the_log_is_read_newest_first_by_who_what_whom_and_when(tx):
    for n, who in enumerate(("sari", "budi", "sari")):
        office_log.note(tx, NOW + n, who, f"did{n}", "1.01", f"nip{n}")
    assert [line.did for line in office_log.lines(tx, Filter(who="sari"))] == ["did2", "did0"]
    assert [line.did for line in office_log.lines(tx, Filter(whom="nip1"))] == ["did1"]
    assert office_log.count(tx, Filter(since=NOW + 1, until=NOW + 2)) == 1
    newest = office_log.lines(tx, Filter(), 1)[0]
    assert [line.did for line in office_log.lines(tx, Filter(before=newest.no))] == ["did1", "did0"]
