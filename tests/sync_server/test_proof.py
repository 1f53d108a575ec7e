"""What a person may keep of a scan, and what an inspector may keep of the ledger."""

import json

import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from contract import chain
from contract.event import Device, Epoch, LogShifted, Scan
from sync_server import standing
from sync_server.cli import main
from sync_server.config import Config
from sync_server.web.app import build
from sync_server.web.place import Place
from tests.card import Card
from tests.halves import Centre, TestClock


@pytest.fixture
def centre(tmp_path):
    centre = Centre(tmp_path / "state", TestClock())
    (tmp_path / "server.toml").write_text(f'state = "{tmp_path}/state"\n')
    yield centre
    centre.close()


def typed(centre, *words):
    config = str(centre.folder.parent / "server.toml")
    line = ["--config", config, "--lang", "en", *map(str, words)]
    return CliRunner().invoke(main, line, catch_exceptions=False)


def punched(card, *pins):
    card.add(*(Scan(1, pin, 1_795_000_000, False, 0, 1, 0, 0, "pull") for pin in pins))
    return chain.evidence_code(card.kid, card.last, card.head())


def held(centre, code):
    found = typed(centre, "ledger", "code", code, "--json")
    event = json.loads(found.stdout)["event"]
    assert found.exit_code == (0 if event else 1)
    return event and (event["epoch"], event["seq"])


def test_a_code_is_found_once_its_scan_is_in_also_of_an_older_epoch_and_after_a_fork(centre):
    invited = centre.invite("T07A")
    old = Card(centre, invited, epoch=7)
    old.add(Device(1, "CJ1", "ZKTeco", "6.60"))
    code = punched(old, "17")
    assert held(centre, code) is None, "the kiosk has no link yet"
    old.send()
    assert held(centre, code) == (7, 2)
    copy = Card(centre, invited, epoch=7, by=old.by)  # the same card in another machine
    copy.data = old.data[:1]
    copy.sent = 1
    theirs = punched(copy, "18")
    assert copy.send().fork
    assert held(centre, code) == (7, 2), "what was in stays in"
    assert held(centre, theirs) is None, "kept in quarantine, and not in the ledger"
    new = Card(centre, invited, epoch=9, by=old.by)
    new.add(Epoch(7, 2, "fork"), Device(1, "CJ1", "ZKTeco", "6.60"))
    again = punched(new, "18")
    new.send()
    assert held(centre, again) == (9, 3)
    assert held(centre, code.lower().replace("-", " - ")) == (7, 2)
    with centre.database.writing() as tx:
        standing.resolve_forks(tx, "T07A", "kartu disalin", "siti", 0)
    assert (held(centre, code), held(centre, again)) == ((7, 2), (9, 3))


def test_a_code_against_what_came_under_its_number_is_not_told_to_wait(centre):
    card = Card(centre, centre.invite("T07A"))
    card.add(Device(1, "CJ1", "ZKTeco", "6.60"))
    code = punched(card, "17")
    wrong = code[:-1] + ("B" if code[-1] == "A" else "A")
    browser = TestClient(build(Place(centre.database, lambda: 1_795_000_000.0, Config())))

    def page(sought):
        return browser.get("/bukti", params={"code": sought}).text

    assert "Belum ada di pusat" in page(wrong), "it is not there yet, whatever its code"
    assert "petugas kepegawaian" in page(wrong)
    card.send()
    assert "Ya, sudah masuk" in page(code)
    assert "Nomor ini ada dengan kode lain" in page(wrong)
    typed_in = typed(centre, "ledger", "code", wrong)
    assert typed_in.exit_code == 1
    assert "the ledger has this number with another code" in typed_in.stderr


def test_a_checkpoint_is_written_mailed_and_held_against_the_ledger(centre, tmp_path):
    card = Card(centre, centre.invite("T07A"))
    card.add(LogShifted(1, 1), LogShifted(1, 2))
    card.send()
    file = tmp_path / "checkpoint.txt"
    made = typed(centre, "ledger", "checkpoint", "--to", file, "--json")
    told = json.loads(made.stdout)
    assert (made.exit_code, told["no"], told["file"]) == (0, 1, str(file))
    assert told["short"].replace("-", "").lower() == told["digest"][:16]
    assert "kiosk T07A 00000007 2 " + card.head().hex() in file.read_text()
    assert typed(centre, "ledger", "checkpoint").stdout.startswith("hadir checkpoint 1\nno 2\n")
    good = typed(centre, "ledger", "verify", "--against", file)
    assert good.exit_code == 0
    assert good.stdout.splitlines()[-1] == "Checkpoint from elsewhere: hold (5)"
    again = typed(centre, "ledger", "checkpoint", "--to", file)
    assert (again.exit_code, "an older proof is not overwritten" in again.stderr) == (2, True)
    whole = typed(centre, "ledger", "verify", "--json")
    assert whole.exit_code == 0
    assert {one["kind"]: one["looked"] for one in json.loads(whole.stdout)["checks"]} == {
        "chains": 1,
        "punches": 2,
        "seals": 0,
        "receipts": 0,
        "witnessed": 0,
        "distrusted": 0,
        "log": 3,
        "decisions": 0,
        "rulings": 0,
        "checkpoints": 2,
        "months": 0,
        "kiosks": 1,
        "credentials": 0,
        "facts": 0,
    }
    with centre.database.writing() as tx:
        tx.exec_driver_sql("DROP TRIGGER access_never_update")
        tx.exec_driver_sql("UPDATE access SET who = 'x' WHERE no = 1")
    bad = typed(centre, "ledger", "verify")
    assert bad.exit_code == 1
    assert (
        "Office log: 1 of 3 do NOT hold; the first number 1: this row was changed or put in\n"
        in bad.stdout
    )
    assert "Something does NOT hold. Keep a copy of this database" in bad.stderr
    binary = tmp_path / "binary.txt"
    binary.write_bytes(b"\x89PNG\xff")
    other = typed(centre, "ledger", "verify", "--against", binary)
    assert (other.exit_code, "not a checkpoint" in other.stderr) == (2, True)
    wrong = typed(centre, "ledger", "verify", "--against", centre.folder.parent / "server.toml")
    assert wrong.exit_code == 2
    assert "not a checkpoint: use the whole file as it was mailed" in wrong.stderr


def test_without_the_centres_key_no_checkpoint_is_made(centre):
    (centre.folder / "sign.key").unlink()
    done = typed(centre, "ledger", "checkpoint")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "there is no sign.key in" in done.stderr
    assert not (centre.folder / "sign.key").exists(), "a key made now would be another centre's"
