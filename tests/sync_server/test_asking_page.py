"""The page on which a technician lets in a kiosk that asks."""

import re

import pytest

from contract.enrolment import Admission
from sync_server import admitting, applicants, office_log
from sync_server.admitting import Refused
from sync_server.office_log import Filter
from tests.region import ACCOUNTS, NOW
from tests.sync_server.test_admitting import Card, registrar
from tests.sync_server.test_attacks import Site


@pytest.fixture
def site(tmp_path):
    site = Site(tmp_path / "site")
    yield site
    site.region.close()


@pytest.fixture
def asking(site, tmp_path):
    """A kiosk that asks: its code, and what it is answered when it asks again."""
    card, by = Card(tmp_path / "card"), registrar(tmp_path / "site", NOW)

    def again():
        with site.database.writing() as tx:
            return admitting.admit(tx, by, card.asks(), "10.1.2.3")

    return again().code, again


@pytest.mark.parametrize("role", ["teknisi", "admin"])
def test_a_technician_reads_who_asks_and_approves_it_and_the_log_says_who_did(site, asking, role):
    code, again = asking
    page = site.get(role, "/kiosks").text
    assert all(word in page for word in (code, "0000abcd", "10.1.2.3"))
    assert site.post(role, "/kiosks", code=code, kid=" t77a ", opd="1.01").status_code == 303
    given = again()
    assert isinstance(given, Admission)
    assert given.kid == "T77A"
    assert code not in site.get(role, "/kiosks").text
    with site.database.reading() as tx:
        [line] = office_log.lines(tx, Filter(did="kiosk_approved"))
    assert (line.who, line.opd, line.whom, line.detail) == (
        ACCOUNTS[role][0], "1.01", "T77A", code,
    )  # fmt: skip


@pytest.mark.parametrize("role", ["bkpsdm", "inspektorat", "admin_opd", "pegawai"])
def test_nobody_else_sees_who_asks_or_lets_a_kiosk_in(site, asking, role):
    code, again = asking
    assert code not in site.get(role, "/kiosks").text
    answer = site.post(role, "/kiosks", code=code, kid="T77A", opd="1.01")
    assert answer.status_code == 403
    assert not isinstance(again(), Admission)


def test_a_form_of_another_site_lets_no_kiosk_in(site, asking):
    code, again = asking
    answer = site.post("teknisi", "/kiosks", code=code, kid="T77A", opd="1.01", csrf="wrong")
    assert answer.status_code == 403
    assert not isinstance(again(), Admission)


@pytest.mark.parametrize(
    ("kid", "opd", "says"),
    [
        ("x", "1.01", "Bukan nama kios"),
        ("T01A", "1.01", "T01A"),
        ("T77A", "", "T77A"),
    ],
)
def test_what_cannot_be_approved_says_why_and_keeps_what_was_typed(site, asking, kid, opd, says):
    """A bad name, a name that is taken, and a new card for a kiosk that nobody knows."""
    code, again = asking
    answer = site.post("teknisi", "/kiosks", code=code, kid=kid, opd=opd)
    assert answer.status_code == 422
    said = re.search(r'id="f-kid-said">([^<]+)', answer.text)[1]
    assert re.search(says, said), said
    assert f'value="{kid.upper()}"' in answer.text
    assert f'value="{code}" selected' in answer.text
    assert not isinstance(again(), Admission)


def test_a_code_that_somebody_else_has_approved_meanwhile_is_told(site, asking):
    code, _ = asking
    site.post("admin", "/kiosks", code=code, kid="T77A", opd="1.01")
    answer = site.post("teknisi", "/kiosks", code=code, kid="T77B", opd="1.01")
    assert answer.status_code == 422
    assert "kode itu" in answer.text


def test_a_new_card_for_a_known_kiosk_ends_the_old_one(site, asking):
    code, again = asking
    assert site.post("teknisi", "/kiosks", code=code, kid="T01A", opd="").status_code == 303
    assert again().kid == "T01A"


def test_a_kiosk_that_is_refused_is_told_so_stands_in_the_log_and_may_ask_anew(
    site, asking, tmp_path
):
    code, again = asking
    said = site.post("teknisi", "/kiosks", code=code, then="refuse")
    assert said.headers["location"] == "/kiosks?said=refused"
    assert "Ditolak" in site.get("teknisi", "/kiosks?said=refused").text
    assert code not in site.get("teknisi", "/kiosks").text
    with pytest.raises(Refused, match="refused"):
        again()
    assert site.post("teknisi", "/kiosks", code=code, kid="T77A", opd="1.01").status_code == 422
    with site.database.reading() as tx:
        [line] = office_log.lines(tx, Filter(did="kiosk_refused"))
    assert (line.who, line.detail) == (ACCOUNTS["teknisi"][0], f"{code} 0000abcd 10.1.2.3")
    later = registrar(tmp_path / "site", NOW + 601)
    with site.database.writing() as tx:
        assert admitting.admit(tx, later, Card(tmp_path / "card").asks(), "10.1.2.3").code == code
        assert [one.code for one in applicants.asking(tx, later.now)] == [code]


def test_a_form_of_another_site_is_refused_in_indonesian_first(site, asking):
    said = site.browser().post("/kiosks", headers={"Origin": "https://jahat.example"})
    assert said.status_code == 403
    assert said.text.startswith("Hanya halaman situs ini")
