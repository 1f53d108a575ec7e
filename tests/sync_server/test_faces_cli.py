"""What people type about faces and kiosks' people, and what they read."""

import json
import re

import pytest

from contract import chain, event
from contract.command import Answer, Faces, Forget, Gather, Staff
from contract.event import Copresence, Scan
from contract.faces import Look, Template
from contract.people import secret_mark
from sync_server import galleries, ledger, page, schema
from sync_server.authority import Keys
from sync_server.ingest import Verdict
from tests.sync_server.test_feed import DATA
from tests.sync_server.test_orders_cli import KID, Desktop

NIP = "199001012015031001"
OPD = "1.01"


def template(pin="17", made=1_795_000_000, note=""):
    return Template(pin, "dlib-resnet-1", (Look(bytes(range(128)), 80),), made, KID, note)


class Counter(Desktop):
    """A desktop with an office of two people and their shift."""

    def __init__(self, folder):
        super().__init__(folder)
        people = f"nip,nama,opd,zona,pin\n{NIP},Sari,{OPD},WIB,17\n2,Budi,{OPD},WIB,18\n"
        self.type("person", "import", self.file("p.csv", people))

    def rule(self):
        self.type("shift", "import", DATA / "shifts.toml")
        for year in (2025, 2026, 2027):  # the wall clock is read here
            text = (DATA / "calendar.toml").read_text()
            text = re.sub(r'"2026-', f'"{year}-', text).replace("year = 2026", f"year = {year}")
            text = re.sub(r"(from|to) ?= ?\"2026", rf'\1 = "{year}', text)
            self.type("calendar", "import", self.file(f"{year}.toml", text))
        self.type("roster", "import", self.file("g.csv", f"nip,shift\n{NIP},REG\n"))

    def here(self, *templates):
        key = Keys(self.folder / "state").templates
        with self.desk() as database, database.writing() as tx:
            galleries.store_templates(tx, key, OPD, templates, 0)

    def append(self, *records):
        """Events of the kiosk, as the ledger takes them; their evidence codes."""
        with self.desk() as database, database.writing() as tx:
            stored = ledger.chain_of(tx, KID, 7)
            data = tuple(map(event.canonical, records))
            heads = tuple(chain.heads(stored.head, data))
            opened = page.Page(tx, {KID}, 1_795_000_000, page.Memory())
            opened.append(stored, Verdict("take", 1, data, heads))
            opened.write()
        return [chain.evidence_code(KID, n, head) for n, head in enumerate(heads, 1)]


@pytest.fixture
def desk(tmp_path):
    return Counter(tmp_path)


def test_a_number_by_letter_is_printed_once_and_kept_nowhere(desk):
    done = desk.type("person", "secret", NIP, "--letter", "No. 800/12")
    number = done.stdout.strip()
    assert re.fullmatch("[0-9]{6}", number)
    assert number not in done.stderr
    with desk.desk() as database, database.reading() as tx:
        [row] = tx.execute(schema.secret.select()).all()
        noted = [(one.did, one.whom) for one in tx.execute(schema.access.select())]
    assert (row.mark, row.letter) == (secret_mark(NIP, number), "No. 800/12")
    assert noted == [("number by letter No. 800/12", "17")]
    assert desk.type("person", "secret", NIP, "--letter", "No. 2").stdout.strip() != number
    assert desk.type("person", "secret", NIP, "--withdraw").exit_code == 0
    assert desk.type("person", "secret", NIP, "--withdraw").exit_code == 1


@pytest.mark.parametrize(
    "words",
    [
        (NIP,),
        (NIP, "--letter", "No. 1", "--withdraw"),
        (NIP, "--letter", " "),
        ("199001012015039999", "--letter", "No. 1"),
    ],
)
def test_a_number_needs_a_letter_and_somebody_who_was_imported(desk, words):
    done = desk.type("person", "secret", *words)
    assert (done.exit_code, done.stdout) == (2, "")


def test_a_kiosk_is_told_its_people_and_the_bytes_are_named(desk):
    desk.rule()
    done = desk.type("roster", "send", "--opd", OPD, "--days", "3")
    assert done.exit_code == 0, done.output
    said = re.search(r"T07A: 2 people, hours up to \S+, 1 commands, (\d+) bytes", done.stderr)
    desk.type("roster", "send", "--kid", KID)
    [order] = [one.order for one in desk.orders()]
    assert isinstance(order, Staff)
    assert [one.name for one in order.members] == ["Sari", "Budi"]
    assert 300 < int(said[1]) < 900
    assert [one.detail for one in desk.sent()] == ["", "withdrawn"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("roster", "send"), "name one of them"),
        (("roster", "send", "--opd", OPD, "--kid", KID), "name one of them"),
        (("roster", "send", "--opd", "9.99"), "no kiosk in office 9.99"),
        (("roster", "send", "--opd", OPD), "shift"),
        (("faces", "send", "--kid", "T09C"), "T09C"),
        (("faces", "collect", "T09C"), "T09C"),
        (("faces", "erase", "199001012015039999", "--opd", OPD), "nobody in office"),
    ],
)
def test_what_cannot_be_sent_says_why(desk, words, says):
    done = desk.type(*words)
    assert done.exit_code == 2
    assert says in done.stderr


def test_templates_are_collected_in_two_goes_where_the_kiosk_is_slow(desk):
    done = desk.type("faces", "collect", KID, "--wait", "0")
    assert done.exit_code == 3
    assert desk.type("faces", "collect", KID, "--wait", "0").exit_code == 3
    [asked] = desk.orders()
    assert asked.order == Gather(), "asked once"
    with desk.desk() as database, database.reading() as tx:
        kiosk = ledger.kiosk(tx, KID)
    [sealed] = galleries.sealed_for(kiosk, [template(), template("99")])
    body = len(sealed).to_bytes(4, "little") + sealed
    halves = (body[:200], body[200:])
    desk.answer(*(Answer(asked.counter, "done", "", n, 2, one) for n, one in enumerate(halves, 1)))
    done = desk.type("faces", "collect", KID)
    assert done.exit_code == 0
    assert "templates of 1 people taken" in done.stderr
    assert "not in that office's roster: 99" in done.stderr


def test_a_body_that_another_key_sealed_is_refused(desk):
    desk.type("faces", "collect", KID, "--wait", "0")
    [asked] = desk.orders()
    desk.answer(Answer(asked.counter, "done", "", body=b"\x20\0\0\0" + bytes(32)))
    done = desk.type("faces", "collect", KID)
    assert done.exit_code == 2
    assert "damaged or not its own" in done.stderr


def test_templates_are_sent_with_their_bytes_and_never_twice_at_once(desk):
    desk.here(template(), template("18"))
    done = desk.type("faces", "send", "--opd", OPD)
    assert re.search(r"T07A: templates of 2 people, 1 commands, \d+ bytes", done.stderr)
    desk.type("faces", "send", "--kid", KID)
    [one] = desk.orders()
    assert isinstance(one.order, Faces)


def test_the_list_says_whose_templates_are_kept_and_who_left(desk):
    desk.here(template(note="diperiksa"), template("99"))
    done = desk.type("faces", "list", "--opd", OPD)
    assert "17  Sari  1 looks, model dlib-resnet-1" in done.stdout
    assert "99  NOT IN THE ROSTER" in done.stdout
    listed = json.loads(desk.type("faces", "list", "--opd", OPD, "--json").stdout)["faces"]
    assert [(one["pin"], one["name"], one["note"]) for one in listed] == [
        ("17", "Sari", "diperiksa"),
        ("99", "", ""),
    ]
    assert "vector" not in listed[0]
    assert desk.type("faces", "list", "--opd", "9.99").exit_code == 0


def test_an_erasure_is_proven_once_every_kiosk_has_said_so(desk):
    desk.here(template())
    proof = ("faces", "proof", NIP, "--opd", OPD)
    done = desk.type(*proof)
    assert done.exit_code == 1
    assert "STILL HOLDS" in done.stdout
    assert "NOT PROVEN" in done.stdout
    done = desk.type("faces", "erase", NIP, "--opd", OPD, "--wait", "0")
    assert done.exit_code == 3, "the kiosk is away"
    assert desk.type(*proof).exit_code == 1
    [asked] = desk.orders()
    assert asked.order == Forget(("17",))
    [code] = desk.append(event.Enrolment(0, "17", "erased", "0c" * 32))
    desk.answer(Answer(asked.counter, "done"))
    done = desk.type(*proof)
    assert done.exit_code == 0, done.output
    assert code in done.stdout
    whole = json.loads(desk.type(*proof, "--json").stdout)
    assert (whole["centre"], whole["proven"]) == (True, True)
    assert [(one["kid"], one["code"]) for one in whole["kiosks"]] == [(KID, code)]


def test_an_erasure_in_an_office_without_a_kiosk_is_done_here(desk):
    desk.here(template())
    desk.type("kiosk", "invite", "T08B", "--opd", "2.02", "--to", desk.folder / "k2.json")
    assert desk.type("faces", "erase", "5", "--opd", "3.03").exit_code == 0


def test_a_code_is_in_the_ledger_or_it_is_not(desk):
    [code] = desk.append(Scan(1, "17", 1_795_000_000, False, 0, 15, 0, 0, "camera"))
    done = desk.type("ledger", "code", code)
    assert done.exit_code == 0
    assert '["scan",1,"17"' in done.stdout
    found = json.loads(desk.type("ledger", "code", code, "--json").stdout)
    assert (found["event"]["seq"], found["event"]["record"][2]) == (1, "17")
    done = desk.type("ledger", "code", "T07A-1-AAAAAAAA")
    assert (done.exit_code, done.stdout) == (1, "")
    assert json.loads(desk.type("ledger", "code", "x", "--json").stdout)["event"] is None


def test_the_weekly_list_of_other_faces_asks_and_accuses_nobody(desk):
    scan = Scan(1, "17", 1_795_000_000, False, 0, 1, 0, 0, "live")
    desk.append(scan, Copresence(1, "mismatch"), Copresence(1, "match"), Copresence(9, "mismatch"))
    done = desk.type("copresence", "--days", "366")
    if "No comparison" in done.stderr:  # years after this was written
        pytest.skip("the events of this test are older than a year")
    assert "office 1.01: 1 match, 2 do not" in done.stdout
    assert "PIN 17 2026-11-18 11:06" in done.stdout
    assert "the punch is not here yet" in done.stdout
    [office] = json.loads(desk.type("copresence", "--days", "366", "--json").stdout)["offices"]
    assert office["mismatch"] == 2
