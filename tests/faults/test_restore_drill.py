"""The centre's machine is lost: backup, restore, and the kiosks bring the rest by themselves."""

import json
import shutil
import sqlite3
import stat
import threading
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from contract import batch, invitation
from contract.command import Resend
from sync_server import backup, commands
from sync_server.cli import main
from tests.halves import Centre, Kiosk, TestClock, talk
from tests.process.check import Copy, check
from tests.process.copies import copy_of, journal_copy

KID, SERIAL, NOON = "T07A", "CJ1", 1_795_000_000 + 25_200


class Site:
    """A centre with its configuration, and one kiosk; people punch at it."""

    def __init__(self, folder: Path):
        self.folder, self.clock = folder, TestClock()
        self.state = folder / "pusat"
        self.state.mkdir()
        self.toml = folder / "server.toml"
        self.toml.write_text(f"state = {json.dumps(str(self.state))}\n")
        self.centre = Centre(self.state, self.clock)
        self.kiosk = Kiosk(folder / "kiosk", self.centre.invite(KID), self.clock)
        self.held = []

    def punch(self, count):
        scans = [
            (str(1000 + len(self.held) + no), NOON + len(self.held) + no) for no in range(count)
        ]
        self.kiosk.punch(*scans)
        self.held += [(SERIAL, pin, t) for pin, t in scans]

    def type(self, *words):
        command = ["--config", str(self.toml), "--lang", "en", *map(str, words)]
        return CliRunner().invoke(main, command, catch_exceptions=False)

    def lose_the_machine(self):
        self.centre.close()
        shutil.rmtree(self.state)

    def start_again(self):
        """The restored centre runs; the kiosk connects to it and says where it stands."""
        self.centre = Centre(self.state, self.clock)
        self.kiosk.dispatch.connected()
        for _ in range(4):
            birth = self.kiosk.dispatch.birth("1", {})
            for _, data in self.centre.desk.born([(KID, birth)]):
                self.kiosk.dispatch.take(data)
            talk(self.kiosk, self.centre)

    def wrong(self):
        ledger = self.ledger()
        punches = [(row.serial, row.pin, row._mapping["t"]) for row in self.centre.rows("punch")]
        return check(self.held, journal_copy(self.kiosk.journal.path), ledger, punches)

    def ledger(self) -> Copy:
        events = [
            (row.epoch, row.seq, bytes(row.record), bytes(row.head))
            for row in self.centre.rows("event", kid=KID)
        ]
        acked = [(row.epoch, row.acked) for row in self.centre.rows("chain", kid=KID)]
        return copy_of(events, acked)

    def close(self):
        self.kiosk.journal.close()
        self.centre.close()


@pytest.fixture
def site(tmp_path):
    place = Site(tmp_path)
    yield place
    place.close()


def modes(folder: Path):
    return {stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*") if path.is_file()}


def test_what_came_after_the_backup_comes_again_from_the_kiosk(site, tmp_path):
    """Once, in the same chain, with the same numbers."""
    site.punch(40)
    talk(site.kiosk, site.centre)
    saved = tmp_path / "cadangan"
    assert site.type("backup", saved).exit_code == 0
    assert modes(saved) == {0o600}
    assert stat.S_IMODE(saved.stat().st_mode) == 0o700
    site.punch(60)
    talk(site.kiosk, site.centre)
    assert site.kiosk.journal.standing().acked > 100, "the kiosk holds receipts for all of it"
    site.lose_the_machine()
    restored = site.type("restore", saved)
    assert restored.exit_code == 0, restored.output
    assert "Kiosks send again by themselves" in restored.stderr
    site.start_again()
    assert site.wrong() == []
    assert [row.did for row in site.centre.rows("access")][1:] == ["ledger_restored"]
    assert site.type("ledger", "verify").exit_code == 0


def test_an_epoch_that_began_after_the_backup_is_filled_from_its_first_event(site, tmp_path):
    """And so, once `kiosk send KID resend` asks for it, is the end of the epoch before it: the kiosk had
    a receipt for that and does not send it by itself. `gaps` names it as long as it is missing."""
    site.punch(20)
    talk(site.kiosk, site.centre)
    assert site.type("backup", tmp_path / "cadangan").exit_code == 0
    site.punch(20)
    talk(site.kiosk, site.centre)
    site.kiosk.journal.begin_epoch("fork", site.clock.look())
    site.punch(20)
    talk(site.kiosk, site.centre)
    site.lose_the_machine()
    assert site.type("restore", tmp_path / "cadangan").exit_code == 0
    site.start_again()
    assert site.type("gaps").exit_code == 1
    with site.centre.database.reading() as tx:
        [order] = commands.gap_orders(tx, KID)
    site.kiosk.dispatch.resending.ask(1, order)
    talk(site.kiosk, site.centre)
    assert site.type("gaps").exit_code == 0
    held = {pin for pin, _ in site.centre.scans(KID)}
    assert {pin for _, pin, _ in site.held} - held == set(), "lost"
    assert len(site.centre.rows("punch")) == len(site.held), "doubled"


def test_of_an_epoch_that_began_and_ended_after_the_backup_comes_what_the_card_still_holds(
    site, tmp_path
):
    """Also where the card was put back since, and a late frame tells the restored centre of events
    that are on no card any more: those alone stay missing, and the kiosk says so."""
    site.punch(20)
    talk(site.kiosk, site.centre)
    assert site.type("backup", tmp_path / "cadangan").exit_code == 0
    site.kiosk.journal.begin_epoch("fork", site.clock.look())
    site.kiosk.dispatch.connected()
    site.punch(20)
    talk(site.kiosk, site.centre)
    over = site.kiosk.journal.standing()
    late = put_back(site, lambda: site.kiosk.punch(("9001", NOON + 900), ("9002", NOON + 901)))
    talk(site.kiosk, site.centre)
    assert site.kiosk.journal.standing().epoch != over.epoch, "it noticed, and began another"
    site.lose_the_machine()
    assert site.type("restore", tmp_path / "cadangan").exit_code == 0
    site.centre = Centre(site.state, site.clock)
    site.centre.desk.take([(KID, late)])
    site.kiosk.dispatch.connected()
    talk(site.kiosk, site.centre)
    order = asked_again(site)
    assert order == Resend(over.epoch, 1, batch.peek(late).first - 1)
    assert order.last > over.last, "the late frame told of more than is left"
    assert site.kiosk.dispatch.resending.ask(1, order)
    talk(site.kiosk, site.centre)
    held = {pin for pin, _ in site.centre.scans(KID)}
    assert {pin for _, pin, _ in site.held} - held == set(), "lost"
    assert len(site.centre.rows("punch")) == len(site.held), "doubled"
    assert asked_again(site) == Resend(over.epoch, over.last + 1, order.last)
    assert site.kiosk.dispatch.resending.outcome(1) == "gone"


def asked_again(site):
    """The one order for what the ledger lacks."""
    with site.centre.database.reading() as tx:
        [order] = commands.gap_orders(tx, KID)
    return order


def put_back(site, punching):
    """The card lives on and is then put back to how it was; the last frame that it sent."""
    card = site.kiosk.journal.path
    image = card.with_name("image.db")
    with closing(sqlite3.connect(card)) as live, closing(sqlite3.connect(image)) as kept:
        live.backup(kept)
    for _ in range(2):
        punching()
        frames = list(site.kiosk.dispatch.frames(0))
        for _, data in site.centre.desk.take([(KID, frame) for frame in frames]):
            site.kiosk.dispatch.take(data)
    site.kiosk.journal.close()
    for name in ("journal.db-wal", "journal.db-shm"):
        card.with_name(name).unlink(missing_ok=True)
    image.replace(card)
    site.kiosk.start()
    for _, data in site.centre.desk.born([(KID, site.kiosk.dispatch.birth("1", {}))]):
        site.kiosk.dispatch.take(data)
    return frames[-1]


def sent(site, kiosk):
    """How many events of it the centre has taken once it has said what it can."""
    talk(kiosk, site.centre, turns=3)
    return len(site.centre.rows("event", kid=KID))


def restored(site, saved):
    """What restoring said; the centre runs again."""
    site.lose_the_machine()
    said = site.type("restore", saved)
    assert said.exit_code == 0
    site.centre = Centre(site.state, site.clock)
    return said.stderr


def test_a_kiosk_revoked_since_the_backup_counts_again_until_what_restore_says_is_typed(
    site, tmp_path
):
    """Neither the log nor a checkpoint of a backup can know of it: it happened afterwards."""
    site.punch(5)
    talk(site.kiosk, site.centre)
    assert site.type("backup", tmp_path / "cadangan").exit_code == 0
    revoke = ("kiosk", "revoke", KID, "--reason", "kartu dicuri")
    assert site.type(*revoke).exit_code == 0
    said = restored(site, tmp_path / "cadangan")
    assert "NOT known here: which kiosks were revoked" in said
    assert "sync-server kiosk revoke KID --reason" in said
    site.punch(5)
    site.kiosk.dispatch.connected()
    taken = sent(site, site.kiosk)
    assert taken > 10, "the thief is taken again: that is why restore says so"
    assert site.type(*revoke).exit_code == 0
    site.punch(5)
    assert sent(site, site.kiosk) == taken
    assert {row.reason for row in site.centre.rows("refused", kid=KID)} == {
        "this kiosk was revoked"
    }


def test_a_card_replaced_since_the_backup_is_refused_until_what_restore_says_is_typed(
    site, tmp_path
):
    site.punch(5)
    talk(site.kiosk, site.centre)
    assert site.type("backup", tmp_path / "cadangan").exit_code == 0
    new = Kiosk(tmp_path / "new card", site.centre.replace(KID), site.clock)
    said = restored(site, tmp_path / "cadangan")
    assert "sync-server kiosk replace KID" in said
    new.punch(("2001", NOON))
    before = len(site.centre.rows("event", kid=KID))
    assert sent(site, new) == before, "its key came after the backup"
    assert KID in site.type("status").stdout
    invited = tmp_path / "again.json"
    assert site.type("kiosk", "replace", KID, "--to", invited).exit_code == 0
    new.journal.close()
    new = Kiosk(tmp_path / "new card", invitation.decode(invited.read_bytes()), site.clock)
    assert sent(site, new) > before
    assert ("2001", NOON) in site.centre.scans(KID)
    site.punch(5)
    before = len(site.centre.rows("event", kid=KID))
    assert sent(site, site.kiosk) == before, "the old card is worth nothing again"
    new.journal.close()


def test_a_backup_is_one_moment_while_events_pour_in(site, tmp_path):
    """Its chain holds up to its own mark, however much was written meanwhile."""
    stop = threading.Event()

    def pour():
        while not stop.is_set():
            site.punch(5)
            talk(site.kiosk, site.centre)

    pouring = threading.Thread(target=pour)
    pouring.start()
    try:
        for no in range(3):
            assert site.type("backup", tmp_path / f"cadangan-{no}").exit_code == 0
    finally:
        stop.set()
        pouring.join()
    site.lose_the_machine()
    assert site.type("restore", tmp_path / "cadangan-1").exit_code == 0
    site.start_again()
    assert site.wrong() == []


def test_no_ledger_and_no_key_is_ever_overwritten(site, tmp_path):
    site.punch(3)
    talk(site.kiosk, site.centre)
    saved = tmp_path / "cadangan"
    assert site.type("backup", saved).exit_code == 0
    again, there = site.type("backup", saved), site.type("restore", saved)
    assert (again.exit_code, there.exit_code) == (2, 2)
    assert "no older backup is ever overwritten" in again.stderr
    assert "there is a ledger here" in there.stderr
    site.centre.close()
    (site.state / "ledger.db").unlink()
    (site.state / "sign.key").write_bytes(bytes(32))
    assert "another key is here" in site.type("restore", saved).stderr
    (site.state / "sign.key").unlink()
    assert site.type("restore", saved).exit_code == 0
    site.centre = Centre(site.state, site.clock)


@pytest.mark.parametrize("part", ["ledger.db", "keys/sign.key"])
def test_a_backup_with_one_bit_turned_is_refused_by_name(site, tmp_path, part):
    site.punch(3)
    talk(site.kiosk, site.centre)
    saved = tmp_path / "cadangan"
    assert site.type("backup", saved).exit_code == 0
    data = bytearray((saved / part).read_bytes())
    data[len(data) // 2] ^= 4
    (saved / part).write_bytes(data)
    shutil.copytree(site.state, tmp_path / "elsewhere")
    site.lose_the_machine()
    refused = site.type("restore", saved)
    assert refused.exit_code == 2
    assert f"{part}: is damaged" in refused.stderr
    shutil.copytree(tmp_path / "elsewhere", site.state, dirs_exist_ok=True)
    site.centre = Centre(site.state, site.clock)


def test_a_backup_in_which_somebody_edited_a_row_is_not_put_in_place(site, tmp_path):
    """Though its checksums were made anew: the chain says so."""
    site.punch(9)
    talk(site.kiosk, site.centre)
    saved = tmp_path / "cadangan"
    assert site.type("backup", saved).exit_code == 0
    with closing(sqlite3.connect(saved / "ledger.db")) as db, db:
        for (trigger,) in db.execute(
            "SELECT name FROM sqlite_master WHERE type='trigger'"
        ).fetchall():
            db.execute(f'DROP TRIGGER "{trigger}"')
        db.execute("UPDATE event SET record = replace(record, '1003', '1004') WHERE seq = 7")
    manifest = msgspec.json.decode((saved / "backup.json").read_bytes(), type=backup.Manifest)
    digest = backup._digest(saved / "ledger.db")
    files = {**manifest.files, "ledger.db": backup.Kept(digest, 0o600)}
    told = msgspec.json.encode(msgspec.structs.replace(manifest, files=files))
    (saved / "backup.json").write_bytes(told)
    site.lose_the_machine()
    refused = site.type("restore", saved)
    assert refused.exit_code == 1
    assert "event_broken" in refused.stderr
    assert not (site.state / "ledger.db").exists()
    taken = site.type("restore", "--as-it-is", saved)
    assert taken.exit_code == 1, "it is named again"
    site.centre = Centre(site.state, site.clock)
    assert len(site.centre.rows("event")) > 9
