"""A damaged journal goes on with everything that its chain still proves, and loses nothing in silence."""

import json
import os
import random
import shutil
import sqlite3
from collections import Counter
from contextlib import closing
from hashlib import sha256

import msgspec
import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contract import invitation, receipt, vouched
from contract.event import Epoch, Hardware, Scan, Unreadable, read
from contract.invitation import Invitation
from contract.receipt import Receipt
from terminal_agent import agent, evidence, identity
from terminal_agent.cli import main
from terminal_agent.delivery import Delivery, Reading
from terminal_agent.evidence import Keys
from terminal_agent.journal import Journal
from terminal_agent.journal_view import View
from terminal_agent.salvage import cells, proof, rebuilt, soundness
from terminal_agent.vouching import Vouching
from tests.halves import Centre, Kiosk, TestClock, talk

KID, PAGE = "T07A", 4096
CENTRE = Ed25519PrivateKey.generate()
INVITED = Invitation(
    *(KID, "127.0.0.1", 1883, False, "", bytes(32)),
    CENTRE.public_key().public_bytes_raw(),
    bytes(32),
)
T = 1_795_000_000


def vouch(kiosk):
    key = identity.sealer(kiosk.folder)
    Vouching(kiosk.journal, kiosk.clock, key, Hardware("b", "c")).look()


def signed_receipt(kiosk):
    now, now_ms = kiosk.journal.standing(), int(kiosk.clock.now * 1000)
    signed = vouched.receipt_bytes(KID, now.epoch, now.last, now.head, now_ms // 1000)
    said = Receipt(
        now.epoch, now.last, now_ms, now_ms, head=now.head, signature=CENTRE.sign(signed)
    )
    return receipt.encode(KID, said, INVITED.mac_key)


def punches(first, count):
    """(PIN, device second) of scans that are all different."""
    return [(str(n % 97), T + n) for n in range(first, first + count)]


def lived(kiosk, receipted=150, waiting=200):
    """An office's days: an epoch that is over, scans with a receipt, scans without."""
    kiosk.punch(*punches(0, 60))
    kiosk.journal.begin_epoch("fork", kiosk.clock.look())
    kiosk.punch(*punches(60, receipted - 60))
    vouch(kiosk)
    kiosk.dispatch.take(signed_receipt(kiosk))
    kiosk.journal.note([Unreadable(1, bytes(range(256)) * 20, "long")], kiosk.clock.look())
    for at in range(receipted, receipted + waiting, 20):
        kiosk.punch(*punches(at, 20))
    kiosk.dispatch.take(b"")


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory):
    """The state of a kiosk that was cut from its power, the WAL not yet in the file."""
    folder = tmp_path_factory.mktemp("lived")
    (folder / "T07A.json").write_bytes(invitation.encode(INVITED))
    identity.enrol(folder / "T07A.json", folder / "state")
    kiosk = Kiosk(folder / "state", INVITED, TestClock())
    lived(kiosk)
    shutil.copytree(folder / "state", folder / "cut")
    kiosk.journal.close()
    assert (folder / "cut/journal.db-wal").stat().st_size > 50 * PAGE
    return folder / "cut"


class Site:
    """A copy of that state, with the command line."""

    def __init__(self, folder, state):
        self.state, self.folder = folder / "state", folder
        shutil.copytree(state, self.state)
        self.file, self.wal = self.state / "journal.db", self.state / "journal.db-wal"
        (folder / "agent.toml").write_text(f'[kiosk]\nstate = "{self.state}"\n')

    def fold(self):
        """Bring the WAL into the file."""
        sqlite3.connect(self.file).execute("PRAGMA wal_checkpoint(TRUNCATE)").connection.close()

    def run(self, *words):
        where = ["--config", str(self.folder / "agent.toml"), "--lang", "en"]
        return CliRunner().invoke(main, [*where, "journal", *words])

    def salvaged(self):
        return rebuilt.salvage(self.state, INVITED, TestClock(T + 9_000).look())

    def flip(self, chance, bits, path=None):
        path = path or self.file
        data = bytearray(path.read_bytes())
        for _ in range(bits):
            at = chance.randrange(len(data))
            data[at] ^= 1 << chance.randrange(8)
        path.write_bytes(data)

    def wipe(self, chance, pages):
        data = bytearray(self.file.read_bytes())
        for no in chance.sample(range(len(data) // PAGE), min(pages, len(data) // PAGE)):
            data[no * PAGE : (no + 1) * PAGE] = chance.randbytes(PAGE)
        self.file.write_bytes(data)

    def chains(self):
        with closing(View(self.file)) as view:
            return evidence.proven(view, Keys(identity.sealer(self.state).public, INVITED))

    def scans(self, newest=False):
        with closing(View(self.file)) as view:
            rows = [one.rows for one in view.chains()][-1 if newest else 0 :]
        records = [read(data) for of in rows for _, data, _ in of]
        return Counter((one.pin, one.t) for one in records if isinstance(one, Scan))


@pytest.fixture
def site(tmp_path, lived_in):
    return Site(tmp_path, lived_in)


WAITING = Counter(punches(150, 200))
EVERY = Counter(punches(0, 350))


def test_a_whole_journal_is_left_as_it_is(site):
    before = sha256(site.file.read_bytes() + site.wal.read_bytes()).digest()
    done = site.run("salvage")
    assert (done.exit_code, "nothing to salvage" in done.stderr) == (0, True)
    assert sha256(site.file.read_bytes() + site.wal.read_bytes()).digest() == before
    assert json.loads(site.run("salvage", "--json").stdout) == {"kid": KID, "salvaged": None}


def test_every_row_is_read_from_the_pages_and_proven(site):
    found = proof.sorted_out(cells.Pages(site.file.read_bytes(), site.wal.read_bytes()).rows())
    chains = proof.proven(KID, found)
    with closing(View(site.file)) as view:
        for one, held in zip(chains, view.chains(), strict=True):
            assert [*one.rows] == held.rows
            assert (one.epoch, one.whole) == (held.epoch, len(held.rows))


def test_without_the_page_that_names_the_tables_nothing_is_lost(site):
    """SQLite cannot open such a file at all."""
    site.fold()
    data = site.file.read_bytes()
    site.file.write_bytes(b"\xa5" * PAGE + data[PAGE:])
    done = site.run("salvage")
    assert done.exit_code == 0, done.stderr
    assert "go again as epoch" in done.stderr
    assert site.scans(newest=True) == WAITING
    assert not any(one.wrong for one in site.chains())
    [kept] = site.state.glob("journal.damaged-*.db")
    assert kept.read_bytes()[PAGE:] == data[PAGE:]


def test_the_new_epoch_says_why_and_where_the_one_before_stood(site):
    site.fold()
    before = site.chains()[-1]
    site.file.write_bytes(b"\0" * PAGE + site.file.read_bytes()[PAGE:])
    told = site.salvaged()
    with closing(View(site.file)) as view:
        begun = read(view.events()[0][1])
    assert begun == Epoch(before.epoch, before.acked, "salvage")
    assert told.lost == 0
    assert told.again >= 200
    assert told.epoch == site.chains()[-1].epoch


def test_an_acked_mark_is_not_believed_where_no_signature_stands_behind_it(site):
    """One flipped bit in it would leave scans behind for ever."""
    site.fold()
    with closing(sqlite3.connect(site.file)) as db:
        db.execute("UPDATE epoch SET acked = acked + 128")
        db.commit()
    site.salvaged()
    assert site.scans(newest=True) == WAITING


MORE = pytest.mark.all_only("more of the same damage")


@pytest.mark.parametrize(
    "seed", [0, 1, 2, 3, *(pytest.param(seed, marks=MORE) for seed in range(4, 16))]
)
def test_whatever_the_damage_nothing_is_invented_and_what_is_lost_is_counted(site, seed):
    """Flipped bits and pages of rubbish; whatever is left is proven and goes to the centre."""
    chance = random.Random(seed)
    if seed % 3:
        site.fold()
    if seed % 2:
        site.wipe(chance, 1 + seed // 3)
    else:
        site.flip(chance, 40, site.file if seed % 3 else site.wal)
    damaged = site.file.read_bytes()
    told = site.salvaged()
    assert not any(one.wrong for one in site.chains())
    held = site.scans(newest=True)
    assert not held - EVERY, "nothing is invented"
    assert max(held.values(), default=1) == 1, "nothing is there twice"
    missing = (WAITING - held).total()
    assert missing <= told.lost
    [kept] = site.state.glob("journal.damaged-*.db")
    assert kept.read_bytes() == damaged
    assert str(kept) == told.kept
    with closing(Journal(site.file, KID, TestClock(T + 9_999).look())) as journal:
        log = tuple(
            Reading(Scan(0, pin, t, False, 0, 1, 0, 0, "pull"), f"{pin}@{t}".encode(), False)
            for pin, t in EVERY
        )
        known = journal.device("CJ1")
        assert known is None or known.cursor == b"", "the terminal is read whole again"
        parcel = Delivery("CJ1", "ZKTeco", "6.60", log, 25_200_000)
        journal.store(parcel, TestClock(T + 9_999).look())
    after = site.scans()
    assert not WAITING - after, "what the terminal still holds has come again"
    assert soundness.is_whole(site.file, KID)


def test_a_power_cut_while_the_files_change_names_is_mended_by_doing_it_again(site):
    """The damaged file has its second name, its WAL has moved, the new journal is not there yet."""
    kept = site.state / f"journal.damaged-{T}.db"
    os.link(site.file, kept)
    site.wal.rename(kept.with_name(kept.name + "-wal"))
    told = site.salvaged()
    assert told.kept == str(kept)
    assert told.lost == 0
    assert site.scans(newest=True) == WAITING
    assert [path.name for path in site.state.glob("journal.damaged-*.db")] == [kept.name]


def test_nothing_is_salvaged_while_the_agent_runs(site):
    with agent.alone(site.state):
        done = site.run("salvage")
    assert done.exit_code == 2
    assert list(site.state.glob("journal.damaged-*")) == []


def test_a_file_of_rubbish_begins_a_new_journal_and_says_so(site):
    site.wal.unlink()
    site.file.write_bytes(random.Random(1).randbytes(30_000))
    done = site.run("salvage", "--json")
    said = json.loads(done.stdout)["salvaged"]
    assert (said["proven"], said["again"]) == (0, 0)
    assert not any(one.wrong for one in site.chains())


def test_a_kiosk_without_a_journal_has_nothing_to_salvage(site):
    site.file.unlink()
    site.wal.unlink()
    assert site.run("salvage").exit_code == 1


@pytest.mark.parametrize("size", [0, 7, 4096, 9_000])
@pytest.mark.parametrize("seed", range(4))
def test_any_bytes_are_read_as_rows_or_not_at_all(seed, size):
    data = random.Random(seed * 10_000 + size).randbytes(size)
    pages = b"".join(bytes([kind]) + data for kind in (2, 10, 13))
    list(cells.Pages(pages, data).rows())


def test_the_centre_counts_no_punch_twice_after_a_salvage(tmp_path):
    """The whole way: receipts that were taken, damage, salvage, and everything again."""
    clock = TestClock()
    centre = Centre(tmp_path / "centre", clock)
    invited = centre.invite(KID)
    state = tmp_path / "state"
    (tmp_path / "T07A.json").write_bytes(invitation.encode(invited))
    identity.enrol(tmp_path / "T07A.json", state)
    kiosk = Kiosk(state, invited, clock)
    kiosk.punch(*punches(0, 40))
    vouch(kiosk)
    talk(kiosk, centre)
    kiosk.punch(*punches(40, 30))
    kiosk.journal.close()
    file = state / "journal.db"
    file.write_bytes(b"\0" * PAGE + file.read_bytes()[PAGE:])
    rebuilt.salvage(state, invited, clock.look())
    kiosk.start()
    kiosk.punch(*punches(0, 70), placed=False)
    kiosk.clock.now += 9_000
    talk(kiosk, centre)
    assert Counter((row.pin, row._mapping["t"]) for row in centre.rows("punch")) == Counter(
        punches(0, 70)
    )
    assert not any(row.forked for row in centre.rows("chain"))
    assert centre.rows("distrusted") == []
    kiosk.journal.close()
    centre.close()


def test_records_survive_as_the_bytes_they_were(site):
    with closing(View(site.file)) as view:
        before = {data for one in view.chains() for _, data, _ in one.rows if b'"scan"' in data}
    site.fold()
    site.file.write_bytes(b"\0" * PAGE + site.file.read_bytes()[PAGE:])
    site.salvaged()
    with closing(View(site.file)) as view:
        after = {data for one in view.chains() for _, data, _ in one.rows if b'"scan"' in data}
    assert after == before
    assert msgspec.json.decode(next(iter(after)))[0] == "scan"
