"""People and templates over a real broker: agent and centre as processes, what operators type."""

import json
from pathlib import Path

import pytest

from contract.faces import Look, Template
from terminal_agent.faces import vault
from terminal_agent.faces.gallery import Gallery
from terminal_agent.staff import Staff
from tests.process.copies import KID
from tests.process.office import until

pytestmark = pytest.mark.all_only("takes its time")

DATA = Path(__file__).parent.parent / "sync_server" / "data"
NIP = "199001012015031001"


def template(pin):
    vectors = tuple(Look(bytes((7 * i + n) * 31 % 256 for i in range(128)), 80) for n in range(5))
    return Template(pin, "dlib-resnet-1", vectors, 1_795_000_000, KID)


def test_a_face_that_was_made_at_a_kiosk_is_collected_erased_and_proven_erased(office):
    office.more = '[camera]\nsource = "nobody opens it here"\n'
    office.furnish()
    people = office.folder / "people.csv"
    people.write_text(
        f"nip,nama,opd,zona,pin\n{NIP},Sari,1.01,WIB,17\n199002022016042002,Budi,1.01,WIB,18\n"
    )
    office.type("sync-server", "person", "import", people)
    office.type("sync-server", "shift", "import", DATA / "shifts.toml")
    office.type("sync-server", "calendar", "import", DATA / "calendar.toml")
    gallery = Gallery(office.agent_state / "faces.db", vault.key(office.agent_state))
    crowd = [template(str(n)) for n in range(17, 137)]
    gallery.put(crowd)
    office.start()

    office.type("sync-server", "roster", "send", "--opd", "1.01", "--wait", "30")
    assert Staff.load(office.agent_state).by_pin("17").name == "Sari"

    office.type("sync-server", "faces", "collect", KID, "--wait", "30")
    kept = json.loads(office.type("sync-server", "faces", "list", "--opd", "1.01", "--json"))
    assert [one["pin"] for one in kept["faces"]] == ["17", "18"], "only people of the roster"
    office.type("sync-server", "faces", "send", "--kid", KID, "--all", "--wait", "30")

    office.type("sync-server", "faces", "erase", NIP, "--opd", "1.01", "--wait", "30")
    assert "17" not in [one.pin for one in gallery.templates()]
    until(lambda: proof(office)["proven"], office.report)
    [one] = proof(office)["kiosks"]
    found = json.loads(office.type("sync-server", "ledger", "code", one["code"], "--json"))
    assert found["event"]["record"][:4] == ["enrolment", 0, "17", "erased"]
    office.type("sync-server", "ledger", "verify")
    office.type("terminal-agent", "journal", "verify")


def proof(office):
    try:
        told = office.type("sync-server", "faces", "proof", NIP, "--opd", "1.01", "--json")
    except AssertionError:  # exit code 1: the record is not there yet
        return {"proven": False}
    return json.loads(told)
