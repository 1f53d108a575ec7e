"""`journal verify` proves every chain, seal and noted receipt, or names the first that does not hold."""

import json
import sqlite3
from contextlib import closing
from hashlib import sha256

import msgspec
import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contract import chain, invitation, receipt, vouched
from contract.event import Hardware, Seal, canonical
from contract.invitation import Invitation
from contract.receipt import Receipt
from terminal_agent import identity
from terminal_agent.cli import main
from terminal_agent.vouching import Vouching
from tests.halves import Kiosk, TestClock

KID = "T07A"
CENTRE, OTHER = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
INVITED = Invitation(
    *(KID, "127.0.0.1", 1883, False, "", bytes(32)),
    CENTRE.public_key().public_bytes_raw(),
    bytes(32),
)


class Site:
    """An enrolled kiosk with two scans, two seals and a noted receipt."""

    def __init__(self, folder):
        self.folder = folder
        self.state = folder / "state"
        (folder / "T07A.json").write_bytes(invitation.encode(INVITED))
        identity.enrol(folder / "T07A.json", self.state)
        (folder / "agent.toml").write_text(f'[kiosk]\nstate = "{self.state}"\n')
        self.kiosk = Kiosk(self.state, INVITED, TestClock())
        self.vouch()
        self.kiosk.punch(("17", 1_795_000_300), ("18", 1_795_000_310))
        self.kiosk.dispatch.take(self.receipt())
        self.kiosk.clock.now += 90_000
        self.vouch()
        self.kiosk.journal.close()

    def vouch(self):
        key = identity.sealer(self.state)
        Vouching(self.kiosk.journal, self.kiosk.clock, key, Hardware("b", "c")).look()

    def receipt(self):
        journal, now_ms = self.kiosk.journal, int(self.kiosk.clock.now * 1000)
        now = journal.standing()
        signed = vouched.receipt_bytes(KID, now.epoch, now.last, now.head, now_ms // 1000)
        said = Receipt(now.epoch, now.last, now_ms, now_ms)
        said = msgspec.structs.replace(said, head=now.head, signature=CENTRE.sign(signed))
        return receipt.encode(KID, said, INVITED.mac_key)

    def run(self, *words):
        where = ["--config", str(self.folder / "agent.toml"), "--lang", "en"]
        return CliRunner().invoke(main, [*where, "journal", *words])

    def verdict(self):
        done = self.run("verify", "--json")
        said = json.loads(done.stdout)
        assert done.exit_code == (0 if said["holds"] else 1)
        return said["first"] and (said["first"]["event"], said["first"]["why"])

    def rewrite(self, kind, change):
        """Change the first record of a kind, and every head after it, as root on the card can."""
        with closing(sqlite3.connect(self.state / "journal.db")) as db:
            rows = db.execute("SELECT seq, kind, record FROM event ORDER BY seq").fetchall()
            head = chain.genesis(KID, db.execute("SELECT epoch FROM epoch").fetchone()[0])
            at = next(seq for seq, tag, _ in rows if tag == kind)
            for seq, _, data in rows:
                data = change(data) if seq == at else data
                head = chain.link(head, data)
                db.execute("UPDATE event SET record = ?, head = ? WHERE seq = ?", (data, head, seq))
            db.commit()
        return at


@pytest.fixture
def site(tmp_path):
    return Site(tmp_path)


def test_a_kiosks_own_journal_is_proven_in_one_command(site):
    done = site.run("verify")
    assert (done.exit_code, done.stdout) == (0, "")
    assert "2 seals and 1 receipts are proven" in done.stderr
    said = json.loads(site.run("verify", "--json").stdout)
    assert (said["kid"], said["holds"], said["first"]) == (KID, True, None)
    assert [one["seals"] for one in said["epochs"]] == [2]


def test_an_edited_row_breaks_the_chain_there(site):
    with closing(sqlite3.connect(site.state / "journal.db")) as db:
        [(seq, data)] = db.execute(
            "SELECT seq, record FROM event WHERE kind = 'scan' AND CAST(record AS TEXT) LIKE '%310,%'"
        )
        db.execute("UPDATE event SET record = ? WHERE seq = ?", (data.replace(b"310", b"250"), seq))
        db.commit()
    assert site.verdict() == (seq, "chain_broken")


def test_an_edited_row_with_all_heads_made_again_breaks_the_next_receipt(site):
    """What only the card's owner could do, the centre's signature shows."""
    site.rewrite("scan", lambda data: data.replace(b"300", b"250"))
    at, why = site.verdict()
    assert why == "receipt_false"
    done = site.run("verify")
    assert f"receipt at event {at} does NOT HOLD" in done.stderr


def test_what_was_sealed_cannot_be_changed_without_the_key(site):
    at = site.rewrite("hardware", lambda data: data.replace(b'"c"', b'"d"'))
    assert site.verdict() == (at + 1, "seal_false")


def test_a_seal_with_a_key_of_somebody_else_names_a_stranger(site):
    def resealed(_data):
        with closing(sqlite3.connect(site.state / "journal.db")) as db:
            [(epoch,)] = db.execute("SELECT epoch FROM epoch")
            at = "SELECT seq - 1 FROM event WHERE kind = 'seal' LIMIT 1"
            [(seq, head)] = db.execute(f"SELECT seq, head FROM event WHERE seq = ({at})")  # noqa: S608
        signature = OTHER.sign(vouched.seal_bytes(KID, epoch, seq, head))
        return canonical(Seal(vouched.key_text(OTHER.public_key().public_bytes_raw()), signature))

    at = site.rewrite("seal", resealed)
    assert site.verdict() == (at, "seal_stranger")


def test_before_enrolment_only_chains_and_seals_are_checked(site):
    (site.state / "invitation.json").unlink()
    done = site.run("verify")
    assert done.exit_code == 0
    assert "only chains and seals" in done.stderr


def test_a_kiosk_without_its_key_still_checks_what_seals_prove_of_themselves(site):
    (site.state / "event-key.pem").write_bytes(b"gone")
    assert site.verdict() is None
    site.rewrite("hardware", lambda data: data.replace(b'"c"', b'"d"'))
    assert site.verdict()[1] == "seal_false"


def test_looking_leaves_the_journal_as_it_is(site):
    before = sha256((site.state / "journal.db").read_bytes()).digest()
    site.run("verify")
    assert sha256((site.state / "journal.db").read_bytes()).digest() == before


@pytest.mark.parametrize(
    ("edit", "why"),
    [
        ("DELETE FROM event WHERE seq > (SELECT acked - 1 FROM epoch)", "mark_beyond"),
        ("UPDATE epoch SET acked = acked + 500", "mark_beyond"),
        ("UPDATE pin SET pin = '1001' WHERE idx = 1", "pin_differs"),
        ("UPDATE device SET serial = 'ZZ'", "device_differs"),
    ],
)
def test_what_stands_beside_the_chain_and_differs_is_named_and_salvage_mends_it(site, edit, why):
    with closing(sqlite3.connect(site.state / "journal.db")) as db:
        db.executescript(edit)
    assert site.verdict()[1] == why
    done = site.run("verify")
    assert "terminal-agent journal salvage" in done.stderr
    assert str(site.state) in done.stderr
    done = site.run("salvage")
    assert (done.exit_code, "go again as epoch" in done.stderr) == (0, True)
    assert site.verdict() is None


def test_a_row_taken_out_of_the_middle_is_named_itself_and_not_its_neighbour(site):
    with closing(sqlite3.connect(site.state / "journal.db")) as db:
        db.execute("DELETE FROM event WHERE seq = 3")
        db.commit()
    assert site.verdict() == (3, "event_missing")


def test_an_epoch_that_ended_because_rows_were_lost_is_no_alarm_once_the_chain_says_so(site):
    with closing(sqlite3.connect(site.state / "journal.db")) as db:
        db.execute("DELETE FROM event WHERE seq > (SELECT acked - 1 FROM epoch)")
        db.commit()
    Kiosk(site.state, INVITED, TestClock()).journal.close()
    assert site.verdict() is None


@pytest.mark.parametrize("command", ["verify", "salvage"])
def test_a_journal_that_is_gone_is_evidence_and_not_a_kiosk_that_never_ran(site, command):
    (site.state / "journal.db").unlink()
    done = site.run(command)
    assert (done.exit_code, "The journal is GONE" in done.stderr) == (1, True)


def test_a_journal_cut_to_nothing_has_the_same_next_step_as_other_damage(site):
    (site.state / "journal.db").write_bytes(b"")
    done = site.run("verify")
    assert (done.exit_code, "terminal-agent journal salvage" in done.stderr) == (1, True)
