"""Programs read and enter through /api/v1 with a key; what they may is what their account may."""

import hashlib
import json

import msgspec
import pytest
from starlette.testclient import TestClient

from sync_server import attachments, office_log, regulations
from sync_server import sheet as sheets
from sync_server.accounts import tokens
from sync_server.config import Config, Web
from sync_server.web.app import build
from sync_server.web.place import Place
from tests.region import ACCOUNTS, NOW, Region, nip

WAYAN = nip("1003")


@pytest.fixture(scope="module")
def region(tmp_path_factory):
    home = Region(tmp_path_factory.mktemp("region")).whole()
    yield home
    home.close()


@pytest.fixture(scope="module")
def app(region):
    return build(Place(region.database, region.wall, Config(web=Web(title="Kabupaten Contoh"))))


@pytest.fixture
def program(region, app):
    """program(role): a client that shows a key of that role's account."""

    def of(role):
        with region.database.writing() as tx:
            key = tokens.make(tx, ACCOUNTS[role][0], "uji", NOW, 30)
        return TestClient(app, headers={"Authorization": f"Bearer {key}"})

    return of


def test_without_a_key_a_program_reads_nothing(app):
    nobody = TestClient(app)
    assert nobody.get("/api/v1/facts?opd=1.01&month=2026-01").status_code == 401
    wrong = {"Authorization": "Bearer hadir_0000"}
    assert nobody.get("/api/v1/months/2026-01/1.01", headers=wrong).status_code == 401


def test_a_head_reads_the_facts_of_his_office_and_no_other(program):
    head = program("kepala")
    told = head.get("/api/v1/facts", params={"opd": "1.01", "month": "2026-01"})
    facts = [json.loads(line) for line in told.text.splitlines()]
    assert {fact["opd"] for fact in facts} == {"1.01"}
    assert len({fact["nip"] for fact in facts}) == 7
    assert head.get("/api/v1/facts", params={"opd": "1.02", "month": "2026-01"}).status_code == 403


def test_an_unchanged_office_costs_a_program_no_line(program):
    head, asked = program("kepala"), {"opd": "1.01", "month": "2026-01"}
    rev = head.get("/api/v1/facts", params=asked).headers["Hadir-Rev"]
    again = head.get("/api/v1/facts", params={**asked, "since_rev": rev})
    assert (again.status_code, again.text) == (200, "")


def test_the_month_comes_with_the_digest_of_its_bytes(program):
    told = program("bkpsdm").get("/api/v1/months/2026-01/1.01")
    sheet = sheets.decode(told.content)
    assert told.headers["Hadir-State"] == "open"
    assert told.headers["Hadir-Digest"] == hashlib.sha256(told.content).hexdigest()
    for row in sheet.rows:
        assert row.record.gross == row.record.discipline + row.record.productivity


def test_who_pays_reads_no_month_that_is_not_frozen(program):
    assert program("bpkad").get("/api/v1/months/2026-01/1.01").status_code == 403


def test_a_day_is_explained_to_its_person_and_to_no_colleague(program):
    told = program("pegawai").get(f"/api/v1/explain/{WAYAN}/2026-01-13")
    assert told.json()["fact"]["nip"] == WAYAN
    assert program("pegawai").get(f"/api/v1/explain/{nip('1005')}/2026-01-13").status_code == 403
    assert program("pegawai").get(f"/api/v1/explain/{WAYAN}/13-01-2026").status_code == 422


def test_a_letter_sent_twice_changes_nothing_the_second_time(program):
    office = program("admin_opd")
    letter = {"nip": WAYAN, "code": "DL", "first": "2026-01-20", "last": "2026-01-21"}
    sent = {"document": "800/090/SPT/2026", "letters": [letter]}
    assert office.post("/api/v1/absences", json=sent).json() == {"changed": 1}
    assert office.post("/api/v1/absences", json=sent).json() == {"changed": 0}
    elsewhere = {**sent, "letters": [{**letter, "nip": nip("2002")}]}
    assert office.post("/api/v1/absences", json=elsewhere).status_code == 403


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("absences", {"document": "x", "letters": [{"nip": WAYAN}]}, "code"),
        ("absences", {"document": "x", "lettres": []}, "lettres"),
        ("productivity", {"totals": [{"nip": WAYAN, "month": "Januari"}]}, "kind"),
        ("whatif", {"rules": "schema = 1", "month": "2026-01"}, "schema"),
    ],
)
def test_what_cannot_be_used_is_named(program, path, body, said):
    told = program("bkpsdm").post(f"/api/v1/{path}", json=body)
    assert told.status_code == 422
    assert said in told.json()["error"]


def test_a_program_attaches_only_a_file_that_its_own_account_handed_in(program, region):
    with region.database.writing() as tx:
        digest = attachments.store(
            tx, "a.pdf", b"%PDF-1.4 rahasia %%EOF", ACCOUNTS["kepala"][0], NOW
        )
    asked = {"kind": "LUPA", "reason": "lupa", "nip": WAYAN, "workdate": "2026-01-29"}
    told = program("pegawai").post("/api/v1/corrections", json=asked | {"attachment": digest})
    assert told.status_code == 422
    assert "not uploaded by your account" in told.text or "tidak diunggah" in told.text


def test_totals_of_another_application_enter_once(program):
    total = {"nip": WAYAN, "month": "2026-01", "kind": "persen", "value": "95", "source": "SKP"}
    program("bkpsdm").post("/api/v1/productivity", json={"totals": [total]})
    again = program("bkpsdm").post("/api/v1/productivity", json={"totals": [total]})
    assert again.json() == {"changed": 0}
    assert program("kepala").post("/api/v1/productivity", json={"totals": []}).status_code == 403


def test_a_draft_rule_file_is_tried_and_stored_nowhere(program, region):
    text = regulations.text("rules-40-60").replace('cut = "3"', 'cut = "6"')
    tried = program("bkpsdm").post("/api/v1/whatif", json={"rules": text, "month": "2026-01"})
    told = tried.json()
    assert told["difference"] == told["becomes"] - told["was"]
    assert told["difference"] == sum(one["difference"] for one in told["people"])


def test_a_month_that_lasts_is_not_closed_and_the_answer_says_what_is_in_the_way(program):
    told = program("kepala").post("/api/v1/months/2026-01/1.01/close")
    assert told.status_code == 409
    assert told.json()["waiting"]
    assert program("kepala").post("/api/v1/months/2026-01/1.01/melt").status_code == 422


def test_a_month_is_reopened_with_a_reason_and_approved_by_its_digest(program, app):
    head, address = program("kepala"), "/api/v1/months/2026-01/1.01"
    assert "tulis alasan" in head.post(f"{address}/reopen").text
    assert "tulis alasan" not in head.post(f"{address}/reopen", json={"note": "salah"}).text
    told = head.post(f"{address}/approve", json={"digest": "00"})
    assert (told.status_code, "digest" in told.text) == (422, False)
    said = TestClient(app).get("/api/v1/openapi.json").json()["components"]["schemas"]["Step"]
    assert set(said["properties"]) == {"note", "digest"}


def test_a_draft_is_noted_as_one_that_was_tried(program, region):
    draft = {"rules": regulations.text("rules-40-60.toml"), "month": "2026-01", "offices": ["1.01"]}
    assert program("bkpsdm").post("/api/v1/whatif", json=draft).status_code == 200
    with region.database.reading() as tx:
        newest = office_log.lines(tx, office_log.Filter(did="whatif"), 1)[0]
    assert (newest.who, newest.opd) == ("bkpsdm", "1.01")


def test_the_document_describes_every_address_and_every_struct_it_names(app):
    told = TestClient(app).get("/api/v1/openapi.json").json()
    assert {"/api/v1/facts", "/api/v1/whatif", "/api/v1/months/{month}/{opd}"} <= set(told["paths"])
    assert all(path.startswith("/api/v1/") for path in told["paths"])
    named = {
        ref.rpartition("/")[2] for ref in _refs(told) if ref.startswith("#/components/schemas/")
    }
    assert named <= set(told["components"]["schemas"])


def _refs(found):
    if isinstance(found, dict):
        yield from (found["$ref"],) if isinstance(found.get("$ref"), str) else ()
        for one in found.values():
            yield from _refs(one)
    elif isinstance(found, list):
        for one in found:
            yield from _refs(one)


def test_every_read_of_a_program_is_in_the_office_log(program, region):
    program("bkpsdm").get("/api/v1/months/2026-01/1.02")
    with region.database.reading() as tx:
        newest = office_log.lines(tx, office_log.Filter(did="api_month"), 1)[0]
    assert msgspec.structs.astuple(newest)[2:5] == ("bkpsdm", "api_month", "1.02")
