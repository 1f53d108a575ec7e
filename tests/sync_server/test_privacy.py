"""What is deleted when, what is left of somebody who is erased, and who is told after a breach."""

import json
import shutil
import threading
from contextlib import closing
from datetime import UTC, datetime
from functools import partial

import pytest
from sqlalchemy import func, insert, select, update

from contract.command import Answer, Forget, Staff
from contract.event import Device, Enrolment, Scan, Snapshot
from sync_server import galleries, office_log, schema, uploads
from sync_server.authority import Keys
from sync_server.commands import Issuer
from sync_server.database import Database
from sync_server.errors import BadFile
from sync_server.privacy import daily, exposure, keeping, leaving, retention, standing
from sync_server.server import wall
from sync_server.wording import say
from tests.sync_server.test_faces_cli import DAY, KID, NIP, OPD, Counter, template

SARI, BUDI = NIP, "000000000000000002"
NOW = int(wall())
EVIDENCE = ("event", "chain", "pin", "device", "punch", "access", "decision", "closing")


class Copy(Counter):
    """The same office, copied: to invite and import anew for every test costs half of its time."""

    def __init__(self, first, folder):
        shutil.copytree(first.folder, folder, dirs_exist_ok=True)
        self.folder, self.config, self.key = folder, folder / "server.toml", first.key
        self.config.write_text(f'state = "{folder}/state"\n')


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    return Counter(tmp_path_factory.mktemp("office"))


@pytest.fixture
def desk(first, tmp_path):
    return Copy(first, tmp_path)


def put(desk, table, **row):
    with desk.desk() as database, database.writing() as tx:
        tx.execute(insert(table).values(**row))


def count(desk, table, *where):
    with desk.desk() as database, database.reading() as tx:
        return tx.execute(select(func.count()).select_from(table).where(*where)).scalar_one()


def ago(days):
    return NOW - days * DAY


def test_every_table_says_how_long_it_is_kept():
    """A table that nobody thought about would keep people's data for ever."""
    ruled = {rule.table.name for rule in keeping.RULES}
    silent = set(schema.metadata.tables) - ruled - set(keeping.KEPT)
    assert not silent, f"say in sync_server/privacy/keeping.py how long these are kept: {silent}"
    unknown = set(keeping.KEPT) - set(schema.metadata.tables)
    assert not unknown, f"keeping.KEPT names tables that are not there: {unknown}"
    assert not ruled & {"event", "chain", "access", "decision", "closing", "checkpoint", "gap"}


def answer_of(desk, name, issued):
    """A finished command of that age, and what came back for it."""
    row = {"kid": KID, "counter": issued, "name": name, "envelope": b"Sari", "issued": issued}
    put(desk, schema.command, **row, expires=issued + 1, fate="done", answered=issued)
    put(desk, schema.answer, kid=KID, counter=issued, part=1, body=b"lines")


def test_what_is_over_goes_and_what_is_not_stays(desk):
    for days in (0, 2):
        row = {"digest": f"s{days}", "account": "a", "csrf": "c"}
        put(desk, schema.session, **row, made=ago(days), seen=ago(days))
        for kind, names in ((uploads.KIND, "u"), ("application/pdf", "f")):
            row = {"digest": f"{names}{days}", "name": "n", "kind": kind, "body": b"x"}
            put(desk, schema.attachment, **row, stored=ago(days * 20), stored_by="a")
        row = {"digest": f"t{days}", "account": "a", "label": "l", "made": ago(400)}
        put(desk, schema.token, **row, expires=ago(days * 60) + 9, revoked=0)
        answer_of(desk, "logs", ago(days * 20) + 1)
        answer_of(desk, "gather", ago(days * 20) + 2)
        answer_of(desk, "users", ago(days * 20) + 3)
        row = {"webhook": 1, "kind": "k", "body": b"b", "made": ago(days * 60)}
        put(desk, schema.notice, **row, due=0, done=ago(days * 20))
        row = {"digest": f"k{days}", "kid": KID, "opd": OPD, "made": ago(days * 20)}
        put(desk, schema.ticket, **row, expires=0)
        row = {"code": f"c{days}", "serial": "s", "came_from": "a", "asked": ago(days * 20)}
        put(desk, schema.asking, **row)
        put(desk, schema.asking, **row | {"code": f"a{days}", "kid": "T09C"})  # not fetched yet
        row = {"url": "https://a.id", "secret": "z", "kinds": "k", "made": 0, "made_by": "a"}
        put(desk, schema.webhook, **row, ended=ago(days * 20))
        row = {"kid": KID, "epoch": 1, "first": 1, "count": 1, "digest": b"%d" % days}
        row |= {"frame": b"f", "received": ago(days * 300), "resolved": "looked"}
        put(desk, schema.refused, **row, reason="mac")
        put(desk, schema.refused, **row | {"digest": b"k%d" % days}, reason="fork")
        put(desk, schema.refused, **row | {"digest": b"o%d" % days, "resolved": ""}, reason="mac")
    put(desk, schema.attachment, digest="used", name="n", kind="image/png", body=b"x", stored=0,
        stored_by="a")  # fmt: skip
    named = {"nip": SARI, "code": "S", "scope": "day", "first": "2026-01-05", "last": "2026-01-05"}
    put(desk, schema.absence, **named, attachment="used", entered=0, entered_by="a")
    would = json.loads(desk.type("retention", "--dry-run", "--json").stdout)
    done = json.loads(desk.type("retention", "--json").stdout)
    assert done["counts"] == would["counts"] == {
        "session": 1, "upload": 1, "unused_file": 1, "token": 1, "log_bundle": 1, "gathered": 1,
        "order": 1, "delivered": 1, "given_up": 0, "webhook_secret": 1, "ticket": 1,
        "asking": 1, "refused": 1,
    }  # fmt: skip
    left = {table: count(desk, getattr(schema, table)) for table in ("session", "token", "notice")}
    assert left == {"session": 1, "token": 1, "notice": 1}
    assert count(desk, schema.refused) == 5, "forks and what nobody looked at stay"
    assert count(desk, schema.attachment) == 3
    assert count(desk, schema.attachment, schema.attachment.c.digest == "used") == 1
    assert count(desk, schema.command, schema.command.c.envelope == b"") == 1
    assert count(desk, schema.webhook, schema.webhook.c.secret == "") == 1
    assert json.loads(desk.type("retention", "--json").stdout)["total"] == 0


def test_a_run_stands_in_the_office_log_with_its_counts(desk):
    put(desk, schema.session, digest="s", account="a", csrf="c", made=0, seen=0)
    shown = desk.type("retention", lang="id")
    assert shown.exit_code == 0
    assert "login yang sudah berakhir" in shown.stdout
    with desk.desk() as database, database.reading() as tx:
        [line] = office_log.lines(tx, office_log.Filter(did="retention_done"))
    assert line.detail == "session=1"
    assert desk.type("retention", "--dry-run").exit_code == 0
    with desk.desk() as database, database.reading() as tx:
        assert office_log.count(tx, office_log.Filter(did="retention_done")) == 1


def test_evidence_survives_a_century_of_retention(desk):
    desk.append(Device(1, "S1", "zk", "1"), Scan(1, "17", 5, False, 0, 1, 0, 0, "pull"))
    before = {name: count(desk, schema.metadata.tables[name]) for name in EVIDENCE}
    with desk.desk() as database, database.writing() as tx:
        retention.run(tx, lambda: Keys(desk.folder / "state"), NOW + 36_500 * DAY, "server")
    after = {name: count(desk, schema.metadata.tables[name]) for name in EVIDENCE}
    assert after | {"access": 0} == before | {"access": 0}
    assert after["access"] > before["access"]


def test_the_server_does_it_once_a_day_by_itself(desk):
    keys = partial(Keys, desk.folder / "state")
    with desk.desk() as database:
        assert daily.once(database, keys, NOW)
        assert not daily.once(database, keys, NOW + DAY - 1)
        assert daily.once(database, keys, NOW + DAY)
        stop = threading.Event()
        times = iter((NOW + 2 * DAY,))

        def last():
            stop.set()
            return next(times)

        daily.run(database, keys, last, stop)
        with database.reading() as tx:
            assert retention.newest(tx) == NOW + 2 * DAY


def leave(desk, day, nip=SARI):
    with desk.desk() as database, database.writing() as tx:
        its = schema.person.c
        tx.execute(update(schema.person).where(its.nip == nip).values(valid_to=day))


def test_the_face_and_number_of_who_left_go_within_three_days(desk):
    """The notice at the kiosk promises: while you work at this office."""
    desk.here(template("17"), template("18"), template("99"))
    desk.type("person", "secret", SARI, "--letter", "No. 1")
    leave(desk, "2020-01-31")
    done = json.loads(desk.type("retention", "--json").stdout)
    assert (done["faces"], done["numbers"]) == ([[OPD, "17"]], [SARI])
    assert [one.order for one in desk.orders()] == [Forget(("17",))]
    assert count(desk, schema.face_template) == 2, "who serves, and who no import names, stay"
    assert count(desk, schema.secret) == 0
    assert json.loads(desk.type("retention", "--json").stdout)["faces"] == [], "asked once"


def test_a_face_that_only_a_kiosk_holds_goes_too(desk):
    desk.append(Enrolment(0, "17", "enrolled", "d1"), Enrolment(0, "18", "enrolled", "d2"))
    leave(desk, "2020-01-31")
    assert json.loads(desk.type("retention", "--json").stdout)["faces"] == [[OPD, "17"]]
    assert json.loads(desk.type("retention", "--json").stdout)["faces"] == []


def erased(desk, *more, code=0):
    done = desk.type("person", "erase", SARI, "--letter", "No. 12", *more)
    assert done.exit_code == code, done.output
    return done


def everywhere(desk, words):
    """Tables whose rows hold one of these words."""
    with desk.desk() as database, database.reading() as tx:
        rows = {t.name: repr(tx.execute(select(t)).all()) for t in schema.metadata.tables.values()}
    return {name for name, text in rows.items() if any(word in text for word in words)}


def test_a_person_who_left_is_erased_by_name_and_what_pay_rests_on_is_named(desk):
    desk.here(template("17"))
    desk.type("person", "secret", SARI, "--letter", "No. 1")
    put(desk, schema.day, opd=OPD, nip=SARI, workdate="2026-01-05", status="H", body=b"{}")
    put(desk, schema.closing, opd=OPD, month="2026-01", rev=1, digest="d", body=b"", facts=b"",
        state="frozen", closed=1, closed_by="a", frozen=2)  # fmt: skip
    row = {"nip": SARI, "valid_from": "2020-01-01", "valid_to": "2026-12-31", "base": 1}
    put(desk, schema.post, **row, npwp="01.234")
    row = {"name": "sari", "nip": SARI, "role": "pegawai", "opd": OPD, "password": "x", "made": 1}
    put(desk, schema.account, **row)
    leave(desk, "2026-01-31")
    paper = desk.folder / "paper.txt"
    said = erased(desk, "--to", paper).stdout
    assert "ERASED  name and the NIP-to-PIN map: 1" in said
    assert "KEPT    daily facts: 1 05-01-2026 - 05-01-2026 - what TPP was paid by" in said
    assert "the region's financial archives" in said
    assert f"ASKED   face at kiosks: {KID}; no trace of one" in said
    assert "ERASED  face templates at the centre: 1" in said
    assert everywhere(desk, ["Sari", "01.234"]) == set(), "the name is nowhere any more"
    assert everywhere(desk, [SARI]) == {"day", "post", "access"}
    assert count(desk, schema.account, schema.account.c.disabled, schema.account.c.nip == "") == 1
    text = paper.read_text()
    assert "72 hours left" in text
    assert "NOT PROVEN YET" in text
    assert "No. 12" in text


def test_the_proof_is_whole_when_the_kiosk_has_answered(desk):
    leave(desk, "2020-01-31")
    erased(desk)
    open_still = desk.type("person", "proof", SARI, "--pin", f"{OPD}/17")
    assert open_still.exit_code == 1
    assert "NOT PROVEN YET" in open_still.stdout
    asked = [one for one in desk.sent() if one.name == "forget"]
    desk.answer(Answer(asked[0].counter, "done", "not_here: 17"))
    paper = desk.folder / "p.txt"
    done = desk.type("person", "proof", SARI, "--pin", f"{OPD}/17", "--to", paper, "--json")
    assert done.exit_code == 0
    assert (json.loads(done.stdout)["whole"], json.loads(done.stdout)["has_map"]) == (True, False)
    assert "all done" in paper.read_text()
    assert "PIN 17 was never there" in paper.read_text()


@pytest.mark.parametrize(("hours", "code"), [(71, 0), (73, 1)])
def test_the_clock_of_three_days_runs(desk, hours, code):
    leave(desk, "2020-01-31")
    key, state = Keys(desk.folder / "state"), int(wall()) - hours * 3_600
    with desk.desk() as database, database.writing() as tx:
        by = Issuer(key.sign.sign, state, 400 * DAY)
        leaving.erase(tx, key.templates, by, SARI, "No. 12")
    done = desk.type("person", "erasures")
    assert done.exit_code == code
    assert ("OVERDUE" in done.stdout) is bool(code)
    assert f"NIP {SARI}  letter No. 12" in done.stdout
    assert json.loads(desk.type("person", "erasures", "--json").stdout)["overdue"] == code
    proof = desk.type("person", "proof", SARI, "--pin", f"{OPD}/17", "--json")
    assert json.loads(proof.stdout)["overdue"] is bool(code)


def test_the_name_of_who_serves_stays_and_the_face_goes_all_the_same(desk):
    desk.here(template("17"))
    refused = erased(desk, code=1)
    assert "NOT carried out" in refused.stdout
    assert "--while-serving" in refused.stderr
    assert desk.sent() == [], "nothing was asked of a kiosk"
    assert count(desk, schema.face_template) == 1
    said = erased(desk, "--while-serving", code=1).stdout
    assert f"KEPT    name and the NIP-to-PIN map: 1 {OPD} - still in service" in said
    assert count(desk, schema.face_template) == 0
    assert count(desk, schema.person) == 2
    proof = desk.type("person", "proof", SARI)
    assert proof.exit_code == 1
    assert f"KEPT    name and the NIP-to-PIN map: 1 {OPD} - still in service" in proof.stdout


def test_a_dry_run_says_what_would_go_and_changes_nothing(desk):
    desk.here(template("17"))
    leave(desk, "2020-01-31")
    told = json.loads(erased(desk, "--dry-run", "--json").stdout)
    assert (told["dry_run"], told["parts"][0]["what"]) == (True, "faces")
    assert (count(desk, schema.face_template), count(desk, schema.person)) == (1, 2)
    assert desk.sent() == []
    assert desk.type("person", "erase", SARI, "--dry-run").exit_code == 0  # no letter asked yet
    assert desk.type("person", "erase", SARI).exit_code == 2
    with desk.desk() as database, database.reading() as tx:
        assert leaving.requests(tx, SARI) == []


def test_an_erasure_is_not_done_while_a_terminal_holds_the_person(desk):
    """The paper says so too, and a terminal that never told is not taken for an empty one."""
    look = Snapshot(1, 1, 0, None, "d", "m", False)
    desk.append(Device(1, "CJ1", "zk", "1"), Enrolment(1, "17", "user_found", "0"), look)
    leave(desk, "2020-01-31")
    assert "remove at each terminal" in erased(desk, code=1).stdout
    asked = [one for one in desk.sent() if one.name == "forget"]
    desk.answer(Answer(asked[0].counter, "done", "not_here: 17"))
    paper = desk.folder / "p.txt"
    held = desk.type("person", "proof", SARI, "--pin", f"{OPD}/17", "--to", paper)
    assert held.exit_code == 1
    assert f"name and finger on terminals: 1 CJ1 ({OPD}/17)" in paper.read_text()
    assert "all done" not in paper.read_text()
    cj1, cj2 = Device(1, "CJ1", "zk", "1"), Device(2, "CJ2", "zk", "1")
    desk.append(cj1, Enrolment(1, "17", "user_removed", "0"), look, cj2, epoch=8)
    unknown = desk.type("person", "proof", SARI, "--pin", f"{OPD}/17")
    assert unknown.exit_code == 1
    assert "CJ1" not in unknown.stdout
    assert f"CJ2 ({OPD}/17) - this terminal never told" in unknown.stdout
    desk.append(cj2, Snapshot(2, 0, 0, None, "d", "m", False), epoch=9)
    assert desk.type("person", "proof", SARI, "--pin", f"{OPD}/17").exit_code == 0


def test_a_month_that_is_not_frozen_keeps_the_name_that_pays_it(desk):
    put(desk, schema.day, opd=OPD, nip=SARI, workdate="2020-01-05", status="H", body=b"{}")
    leave(desk, "2020-01-31")
    told = json.loads(erased(desk, "--json", code=1).stdout)
    assert told["refused"]["why"] == "month_open"
    said = json.loads(erased(desk, "--json", "--while-serving", code=1).stdout)
    [part] = [one for one in said["parts"] if one["what"] == "map"]
    assert (part["why"], part["detail"]) == ("month_open", "2020-01 (1.01)")


def test_kiosks_get_a_list_without_the_name(desk):
    desk.rule()
    desk.type("roster", "send", "--kid", KID)
    leave(desk, "2020-01-31")
    erased(desk)
    lists = [one.order for one in desk.orders() if isinstance(one.order, Staff)]
    assert [[one.name for one in order.members] for order in lists] == [["Budi"]]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("erase", "17", "--letter", "x"), "faces erase PIN"),
        (("erase", "199001012015039999", "--letter", "x"), "nothing is kept under this NIP"),
        (("erase", SARI, "--letter", " "), "Name the letter"),
        (("proof", SARI), "not erased yet"),
        (("proof", SARI, "--pin", "17"), "write OPD/PIN"),
    ],
)
def test_an_erasure_that_cannot_be_says_what_to_type(desk, words, says):
    done = desk.type("person", *words)
    assert done.exit_code == 2
    assert says in done.stderr


def test_a_proof_of_a_mistyped_pin_is_refused(desk):
    leave(desk, "2020-01-31")
    erased(desk)
    assert desk.type("person", "proof", SARI, "--pin", f"{OPD}/4242").exit_code == 2
    assert desk.type("person", "proof", SARI).exit_code == 2


def iso(utc):
    return datetime.fromtimestamp(utc, UTC).isoformat()


def breach(desk, *words, since="2020-01-01"):
    done = desk.type("breach", *words, "--since", since, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def people(found):
    return {(one["pin"], one["name"]): set(one["what"]) for one in found["people"]}


def test_a_stolen_kiosk_exposes_pins_names_and_the_faces_it_held(desk):
    desk.rule()
    desk.append(
        Scan(1, "17", 5, False, 0, 1, 0, 0, "pull"),
        Scan(1, "44", 6, False, 0, 1, 0, 0, "pull"),
        Enrolment(0, "17", "received", "d"),
        Enrolment(0, "44", "received", "d"),
        Enrolment(0, "44", "erased", "d"),
    )
    assert people(breach(desk, "--kiosk", KID)) == {
        ("17", "Sari"): {"pin", "record", "template"},
        ("44", ""): {"pin", "record", "template"},
    }
    span = (iso(1_795_000_001), "--until", iso(1_795_000_002))  # the second after they came
    later = people(breach(desk, "--kiosk", KID, *span[1:], since=span[0]))
    assert later["44", ""] == {"pin", "record"}, "its face was gone before"
    desk.type("person", "secret", SARI, "--letter", "No. 1")
    desk.type("roster", "send", "--kid", KID)
    assert ("18", "Budi") not in people(breach(desk, "--kiosk", KID)), "never on its way"
    desk.orders()
    told = people(breach(desk, "--kiosk", KID))
    assert told["18", "Budi"] == {"pin", "name", "nip_mark"}
    assert told["17", "Sari"] == {"pin", "record", "template", "name", "nip_mark", "number"}


def test_an_account_exposes_what_the_office_log_says_it_opened(desk):
    row = {"name": "kepala", "nip": BUDI, "role": "kepala", "opd": OPD, "password": "x", "made": 1}
    put(desk, schema.account, **row)
    with desk.desk() as database, database.writing() as tx:
        office_log.note(tx, NOW - 60, "kepala", "read_day", OPD, SARI, "2026-01-05")
        office_log.note(tx, NOW - 9 * DAY, "kepala", "read_day", OPD, BUDI, "2026-01-05")
        office_log.note(tx, NOW - 60, "lain", "read_day", OPD, BUDI, "2026-01-05")
    found = breach(desk, "--account", "kepala", since=iso(NOW - DAY))
    assert people(found) == {("17", "Sari"): {"name", "nip", "record"}}
    assert [(one["did"], one["count"]) for one in found["acts"]] == [("read_day", 1)]
    assert found["reach"] == 2
    with desk.desk() as database, database.writing() as tx:
        office_log.note(tx, NOW - 50, "kepala", "month_read", OPD, detail="2026-01")
    found = breach(desk, "--account", "kepala", since=iso(NOW - DAY))
    assert people(found)["18", "Budi"] == {"name", "nip", "pay"}
    assert desk.type("breach", "--account", "x", "--since", "2026-01-01").exit_code == 2


def test_the_server_exposes_everybody(desk):
    desk.here(template("17"))
    put(desk, schema.day, opd=OPD, nip="1" * 18, workdate="2026-01-05", status="H", body=b"{}")
    row = {"name": "admin", "nip": "", "role": "admin", "opd": "", "password": "x"}
    put(desk, schema.account, **row, made=1)
    put(desk, schema.account, **row | {"name": "kepala", "nip": BUDI, "role": "kepala"}, made=1)
    found = breach(desk, "--server")
    assert found["accounts"] == ["admin"], "a login of nobody is no person"
    assert found["kiosks"] == [KID]
    assert people(found) == {
        ("17", "Sari"): {"pin", "name", "template", "nip", "pay", "record"},
        ("18", "Budi"): {"pin", "name", "nip", "pay", "record", "account"},
        ("", ""): {"nip", "pay", "record"},
    }


def test_the_letter_says_what_when_remedy_and_contact_and_leaves_blanks(desk):
    desk.append(Enrolment(0, "17", "received", "d"))
    to = desk.folder / "letter.txt"
    done = desk.type(
        "breach", "--kiosk", KID, "--since", "2026-01-02", "--to", to, lang="id"
    )  # fmt: skip
    assert done.exit_code == 0
    assert "3 x 24 jam" in done.stderr
    text = to.read_text()
    for words in ("UU 27/2022", "pola wajah", "Kios T07A", "02-01-2026 00:00 WIB", "KONTAK: ____"):
        assert words in text
    assert "UPAYA PENANGANAN" in text
    assert SARI not in text, "a letter to one person names nobody else"
    assert "Sari" not in text
    listed = (desk.folder / "letter-arsip.txt").read_text()
    assert "JANGAN DIKIRIM" in listed
    assert f"{OPD}  17  {SARI}  Sari" in listed
    with desk.desk() as database, database.reading() as tx:
        assert office_log.count(tx, office_log.Filter(did="breach_report")) == 1


def test_the_letter_claims_no_measure_that_nobody_took(desk):
    desk.append(Enrolment(0, "17", "received", "d"))
    to = desk.folder / "letter.txt"
    words = ("breach", "--kiosk", KID, "--since", "2026-01-02", "--to", to)
    assert f"type: sync-server kiosk revoke {KID}" in desk.type(*words).stdout
    assert f"[ ] kiosk {KID} shut out" in to.read_text()
    assert "[x]" not in to.read_text()
    with desk.desk() as database, database.writing() as tx:
        tx.execute(update(schema.kiosk).where(schema.kiosk.c.kid == KID).values(revoked=5))
    assert "kiosk revoke" not in desk.type(*words).stdout
    assert f"[x] kiosk {KID} shut out" in to.read_text()
    assert "[ ] passwords of terminals" in to.read_text()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--since", "2026-01-01"), "Name one of"),
        (("--kiosk", KID, "--server", "--since", "2026-01-01"), "Name one of"),
        (("--kiosk", "T09C", "--since", "2026-01-01"), "T09C"),
        (("--server", "--since", "kemarin"), "no date"),
        (("--server", "--since", "2026-01-02", "--until", "2026-01-01"), "--until is before"),
    ],
)
def test_a_breach_that_is_asked_for_wrongly_says_what_to_type(desk, words, says):
    done = desk.type("breach", *words)
    assert done.exit_code == 2
    assert says in done.stderr


def test_every_word_of_privacy_is_there_in_both_languages():
    whys = ("in_service", "month_open", "pay", "audit", "kiosk_list", "terminal")
    codes = [f"keep_{rule.code}" for rule in keeping.RULES]
    codes += [f"keep_why_{why}" for why in set(keeping.KEPT.values())]
    for lang in ("id", "en"):
        assert all(say(lang, code) for code in codes)
        assert all(say(lang, f"why_{why}", detail="x") for why in whys)


@pytest.mark.parametrize(
    "moved",
    [{"pin": "18"}, {"opd": "1.02"}, {"model": "another"}],
    ids=["to another person", "to another office", "to another model"],
)
def test_a_face_that_was_moved_in_the_database_does_not_open(desk, moved):
    desk.here(template("17"))
    with desk.desk() as database, database.writing() as tx:
        tx.execute(update(schema.face_template).values(moved))
    with desk.desk() as database, database.reading() as tx, pytest.raises(BadFile) as refused:
        galleries.templates_of(tx, Keys(desk.folder / "state").templates, moved.get("opd", OPD))
    assert refused.value.code == "template_unopened"


def test_the_face_of_one_centre_does_not_open_with_the_keys_of_another(desk, tmp_path):
    desk.here(template("17"))
    with desk.desk() as database, database.reading() as tx, pytest.raises(BadFile):
        galleries.templates_of(tx, Keys(tmp_path / "other").templates, OPD)


def test_retention_erasure_and_breach_work_on_each_database(ledger_at, tmp_path):
    keys = Keys(tmp_path / "keys")
    person = {"opd": OPD, "pin": "17", "nip": SARI, "name": "Sari", "zone": "WIB"}
    order = {"kid": KID, "counter": 1, "name": "users", "envelope": b"x", "issued": 1}
    with closing(Database(ledger_at)) as database, database.writing() as tx:
        tx.execute(insert(schema.kiosk).values(kid=KID, opd=OPD, mac_key=b"k", invited=0))
        span = {"valid_from": "2020-01-01", "valid_to": "2020-02-01"}
        tx.execute(insert(schema.person).values(**person, **span))
        tx.execute(insert(schema.command).values(**order, expires=2, fate="done"))
        tx.execute(insert(schema.secret).values(nip=SARI, mark="m", letter="l", given=0))
        found = retention.run(tx, lambda: keys, NOW, "server")
        assert (found.counts["order"], found.numbers) == (1, (SARI,))
        assert retention.newest(tx) == NOW
        by = Issuer(keys.sign.sign, NOW, 400 * DAY)
        done = leaving.erase(tx, keys.templates, by, SARI, "No. 12")
        assert done.is_whole
        assert not standing.record(tx, SARI, done.posts, NOW + 1).whole
        assert exposure.of_kiosk(tx, KID, 0, NOW).people == ()
        assert exposure.of_server(tx, 0, NOW).people == ()
