"""An attacker's day: what he does is prevented, or one command names it; honest people lose nothing.

Each deed names the one command that tells of it: `journal verify`, `ledger verify`, `forks`, `status`,
`report controls`, `doctor`.
"""

import json
import random
import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy.exc import IntegrityError

from contract import chain
from contract.event import Operation, Scan, read
from sync_server import cli as server_cli
from sync_server import schema
from sync_server.chains import Chain
from terminal_agent import cli as agent_cli
from terminal_agent import identity
from terminal_agent.delivery import Delivery, Reading
from terminal_agent.errors import JournalFailed
from tests.faults import test_full_card as full_card
from tests.faults import truth
from tests.faults.cards import Card
from tests.faults.truth import History
from tests.halves import WIB_MS, Centre, Kiosk, TestClock, talk
from tests.process import test_certificates as at_the_broker
from tests.process.disks import ext4_disk
from tests.sync_server.clock_life import START, S

KID, NOON = "T07A", 1_795_000_000 + 25_200
HONEST = [(str(1_000 + n), NOON + n) for n in range(20)]
PLUGS = 1_000


class Office:
    """A kiosk with one terminal, its centre, and somebody who types at either."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.clock = folder, TestClock()
        self.centre = Centre(folder / "centre", self.clock)
        self.kiosk = self._kiosk("kiosk", self.centre.invite(KID))
        (folder / "server.toml").write_text(f'state = "{folder}/centre"\n')
        self.punched = []
        self.people(HONEST[:10])

    def _kiosk(self, name, invited):
        state = self.folder / name
        state.mkdir(exist_ok=True)
        identity.install(invited, state)
        (self.folder / f"{name}.toml").write_text(f'[kiosk]\nstate = "{state}"\n')
        return Kiosk(state, invited, self.clock)

    def people(self, punches, kiosk=None):
        """They touch the terminal, and the kiosk reads it."""
        self.punched += punches
        (kiosk or self.kiosk).punch(*punches)

    def send(self):
        talk(self.kiosk, self.centre)

    def at_the_centre(self, *words):
        return self._type(server_cli.main, "server.toml", words)

    def at_the_kiosk(self, *words, name="kiosk"):
        return self._type(agent_cli.main, f"{name}.toml", words)

    def _type(self, main, file, words):
        line = ["--config", str(self.folder / file), *map(str, words)]
        return CliRunner().invoke(main, line, catch_exceptions=False)

    def assert_honest_people_lost_nothing(self):
        """Every touch of every terminal counts once."""
        counted = [tuple(row[1:3]) for row in self.centre.rows("punch")]
        assert sorted(counted) == sorted(set(self.punched))

    def close(self):
        self.kiosk.journal.close()
        self.centre.close()


@pytest.fixture
def office(tmp_path):
    office = Office(tmp_path)
    yield office
    office.close()


def edited(file: Path, *statements: str) -> None:
    """With a program of his own, past everything that ours forbid themselves."""
    with closing(sqlite3.connect(file)) as database:
        for statement in statements:
            database.execute(statement)
        database.commit()


_EDIT = (
    "UPDATE event SET record = CAST(replace(CAST(record AS TEXT), '\"1003\"', '\"1999\"') AS BLOB) "
    "WHERE kind = 'scan'"
)


def test_a_row_edited_on_the_card_is_named_there_and_is_never_sent(office):
    office.kiosk.journal.close()
    edited(office.folder / "kiosk/journal.db", _EDIT)
    found = office.at_the_kiosk("journal", "verify", "--json")
    assert found.exit_code == 1
    assert json.loads(found.stdout)["first"]["why"]
    office.kiosk.start()
    with pytest.raises(JournalFailed):
        office.send()
    assert office.centre.scans(KID) == []
    office.kiosk.journal.close()
    assert office.at_the_kiosk("journal", "salvage").exit_code == 0
    office.kiosk.start()
    office.kiosk.punch(*HONEST[:10])  # the terminal has its log still and is read whole again
    office.send()
    office.assert_honest_people_lost_nothing()


@pytest.mark.parametrize("table", ["event", "punch"])
def test_the_programs_of_the_centre_cannot_edit_a_row(office, table):
    office.send()
    with pytest.raises(IntegrityError, match="append-only"), office.centre.database.writing() as tx:
        tx.execute(getattr(schema, table).delete())


@pytest.mark.parametrize(
    "deed", [_EDIT, "DELETE FROM event WHERE kind = 'scan' AND seq = 9"], ids=["edit", "delete"]
)
def test_a_row_edited_in_the_central_database_is_named(office, deed):
    office.send()
    assert office.at_the_centre("ledger", "verify").exit_code == 0
    edited(office.folder / "centre/ledger.db", *_unguarded(office), deed)
    found = office.at_the_centre("ledger", "verify", "--json")
    assert found.exit_code == 1
    [broken] = [one for one in json.loads(found.stdout)["chains"] if one["broken_at"]]
    assert broken["kid"] == KID


def _unguarded(office):
    file = office.folder / "centre/ledger.db"
    with closing(sqlite3.connect(file)) as database:
        names = database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
    return [f"DROP TRIGGER {name}" for (name,) in names]


def test_whoever_recomputes_the_whole_chain_is_betrayed_by_the_printed_checkpoint(office):
    """Root at the centre can make every hash fit again, but not the paper in the inspectorate."""
    office.send()
    paper = office.folder / "checkpoint.txt"
    assert office.at_the_centre("ledger", "checkpoint", "--to", paper).exit_code == 0
    assert office.at_the_centre("ledger", "verify", "--against", paper).exit_code == 0
    file = office.folder / "centre/ledger.db"
    edited(file, *_unguarded(office), _EDIT)
    _rechain(file)
    assert office.at_the_centre("ledger", "verify", "--against", paper).exit_code == 1


def _rechain(file: Path) -> None:
    with closing(sqlite3.connect(file)) as database:
        rows = database.execute(
            "SELECT epoch, seq, record FROM event ORDER BY epoch, seq"
        ).fetchall()
        epoch = rows[0][0]
        heads = chain.heads(chain.genesis(KID, epoch), [record for *_, record in rows])
        for (_, seq, _), head in zip(rows, heads, strict=True):
            database.execute("UPDATE event SET head = ? WHERE seq = ?", (head, seq))
        database.execute("UPDATE chain SET head = ?", (heads[-1],))
        database.commit()


def test_a_cloned_card_is_named_and_what_both_cards_saw_counts(office):
    office.send()
    office.kiosk.journal.close()
    shutil.copytree(office.folder / "kiosk", office.folder / "clone")
    office.kiosk.start()
    clone = Kiosk(office.folder / "clone", office.kiosk.invited, office.clock)
    office.people(HONEST[10:15])
    office.people([("2001", NOON + 50), ("2002", NOON + 51)], clone)
    office.send()
    talk(clone, office.centre)
    office.people([("2003", NOON + 60)], clone)
    talk(clone, office.centre)
    clone.journal.close()
    found = office.at_the_centre("forks")
    assert (found.exit_code, KID in found.stdout) == (1, True)
    office.assert_honest_people_lost_nothing()


def test_a_card_that_was_rolled_back_is_named_and_the_terminal_is_read_again(office):
    office.send()
    office.kiosk.journal.close()
    shutil.copytree(office.folder / "kiosk", office.folder / "image")
    office.kiosk.start()
    office.people(HONEST[10:15])
    office.send()
    office.kiosk.journal.close()
    shutil.rmtree(office.folder / "kiosk")
    shutil.copytree(office.folder / "image", office.folder / "kiosk")
    office.kiosk.start()
    office.kiosk.punch(*HONEST[10:15])  # its cursor is that of the image
    office.people(HONEST[15:])
    office.send()
    found = office.at_the_centre("forks")
    assert (found.exit_code, KID in found.stdout) == (1, True)
    office.assert_honest_people_lost_nothing()
    assert office.at_the_centre("ledger", "verify").exit_code == 0


def test_batches_that_are_played_back_add_nothing(office):
    recorded = []
    for at in range(10, 20):
        office.people(HONEST[at : at + 1])
        frames = list(office.kiosk.dispatch.frames(0))
        recorded += [(KID, frame) for frame in frames]
        for _, data in office.centre.desk.take([(KID, frame) for frame in frames]):
            office.kiosk.dispatch.take(data)
    before = len(office.centre.rows("event"))
    for _ in range(20):
        office.centre.desk.take(recorded)
    assert len(office.centre.rows("event")) == before
    office.assert_honest_people_lost_nothing()


def test_a_frame_in_another_kiosks_name_is_kept_and_named(office):
    """He has a card of his own and says that he is T07A."""
    invited = office.centre.invite("T07B")
    thief = Kiosk(office.folder / "thief", invited, office.clock)
    thief.punch(("1999", NOON))
    assert office.centre.desk.take([(KID, frame) for frame in thief.dispatch.frames(0)]) == []
    thief.journal.close()
    [kept] = office.centre.rows("refused", kid=KID)
    assert kept.reason == "the MAC is not this kiosk's"
    assert office.centre.scans(KID) == []
    named = office.at_the_centre("status", "--json")
    assert f'"{KID}"' in named.stdout
    office.send()
    office.assert_honest_people_lost_nothing()


def derived(office):
    """What the centre makes of every punch, in order."""
    [stored] = office.centre.rows("chain")
    with office.centre.database.reading() as tx:
        of = truth.held(tx, KID, stored.epoch)
    return [punch.derived for _, punch in Chain(of, truth.WIB).punches]


def test_a_terminals_clock_set_back_moves_nobodys_time_and_is_named(office):
    """By 45 minutes, so that who comes late looks punctual."""
    nip = "199001012015031001"
    of = ("1.01", "2001", "2026-01-01", "9999-12-31", nip, "Sari", "WIB")
    with office.centre.database.writing() as tx:
        tx.execute(schema.person.insert().values(of))
    office.send()
    office.clock.now += 3_600
    true, back = int(office.clock.now), 2_700
    late = [("2001", true + 25_200 - back)]
    set_back = Operation(1, 21, 1, late[0][1] - 60, False, ())  # as the terminal's own log tells
    office.kiosk.journal.note([set_back], office.clock.look())
    office.punched += late
    office.kiosk.punch(*late, offset_ms=WIB_MS - back * 1_000)
    office.send()
    said = derived(office)[-1]
    assert said.lo <= true <= said.hi, "the kiosk measured the terminal's clock when it read it"
    found = office.at_the_centre("report", "controls", "2026-11", "--json")
    assert "operation_21" in found.stdout
    office.assert_honest_people_lost_nothing()


def test_the_kiosks_own_clock_set_back_moves_nobodys_time_and_is_named(office):
    """By three hours, as root; nobody vouches for it any more, but it is the same boot."""
    office.send()
    office.kiosk.journal.close()
    office.clock.now += 3_600
    mine = office.kiosk.clock = TestClock(office.clock.now)
    mine.booted = office.clock.booted
    mine.now, mine.booted, mine.trust = mine.now - 10_800, mine.booted - 10_800, 0
    office.kiosk.start()
    true = int(office.clock.now)
    seen = Scan(0, "2001", int(mine.now), False, 0, 15, 0, 0, "camera")
    office.kiosk.journal.store(Delivery("CAM", "camera", "", (Reading(seen),)), mine.look())
    office.punched.append(("2001", seen.t))
    office.send()
    said = derived(office)[-1]
    assert said.lo <= true <= said.hi, said
    office.centre.desk.born([(KID, office.kiosk.dispatch.birth("1", {}))])
    [kiosk] = json.loads(office.at_the_centre("status", "--json").stdout)["kiosks"]
    assert kiosk["trust"] == 0
    office.assert_honest_people_lost_nothing()


@pytest.mark.all_only("needs root")
def test_a_card_that_somebody_filled_promises_nothing_and_is_named(tmp_path):
    """The terminal keeps what the kiosk refuses; room is all it needs."""
    with ext4_disk(tmp_path / "card", tmp_path / "card.img", 8) as disk:
        office = full_card.Office(disk, tmp_path / "centre")
        office.punch(200)
        office.poll()
        filler = full_card.fill(office.kiosk.folder)
        office.poll_until_full()
        alerts = {} if office.kiosk.journal.has_room() else {"journal": "storage_full"}
        office.centre.desk.born([(KID, office.kiosk.dispatch.birth("1", alerts))])
        (tmp_path / "server.toml").write_text(f'state = "{tmp_path}/centre"\n')
        line = ["--config", str(tmp_path / "server.toml"), "status", "--json"]
        named = CliRunner().invoke(server_cli.main, line, catch_exceptions=False)
        assert "storage_full" in named.stdout
        filler.unlink()
        assert office.kiosk.journal.has_room()
        while office.taken < len(office.held):
            office.poll()
        talk(office.kiosk, office.centre, turns=500)
        assert office.wrong() == []
        office.kiosk.journal.close()
        office.centre.close()


site = at_the_broker.site


@pytest.mark.all_only("needs mosquitto")
def test_a_stolen_client_id_and_eight_wrong_certificates_get_nowhere_and_doctor_names_each(
    site, tmp_path
):
    """On a real mosquitto with the shipped files; honest people's punches arrive meanwhile."""
    at_the_broker.test_nine_wrong_ways_to_the_broker_are_refused_with_a_reason_and_honest_people_go_on(
        site, tmp_path
    )
    _, said = site.says("sync-server", "doctor", "--json")
    found = {one["code"]: one["good"] for one in json.loads(said[said.index("{") :])["findings"]}
    refused = ("no", "foreign", "expired", "revoked")
    assert all(found[f"{kind}_certificate"] for kind in refused), said
    assert found["takes_session"], "a stolen client id cuts nobody off"


class _Bench:
    """Where a card lies whose plug is pulled: time, and chance."""

    def __init__(self, seed: int) -> None:
        self.now, self.draw = START, random.Random(seed)


def test_the_plug_is_pulled_a_thousand_times_and_nobody_who_was_told_is_forgotten():
    """At any statement of a commit, or after it and before anybody was told (kill -9 and power cuts
    on real disks: test_powercut.py, tests/process)."""
    seed = random.SystemRandom().randrange(10**9)
    shm = Path("/dev/shm")  # noqa: S108 - what is not synced is cut in test_powercut.py
    with tempfile.TemporaryDirectory(dir=shm if shm.is_dir() else None) as folder:
        bench, clock = _Bench(seed), TestClock(START // S)
        centre = Centre(Path(folder, "centre"), clock)
        card, history = Card(bench, Path(folder, "card"), centre.invite(KID), []), History()
        card.boot(bench.now, 0, rtc=False)
        for _ in range(PLUGS):
            bench.now += 60 * S
            pin = str(bench.draw.randint(1_001, 1_030))
            number = history.touch(card.camera, pin, bench.now, on_device=False)
            store = card.camera_sees(pin, number)
            card.dies_during(store, bench.draw.randint(1, 12))
            card.start()
            history.told(next(iter(store().records), None) or card.scan(number))
        held = {record for record, _ in card.held().events.values()}
        assert {touch.told for touch in history.touches} <= held, f"seed {seed}"
        works = [read(record).work for record in held if isinstance(read(record), Scan)]
        assert sorted(works) == list(range(PLUGS)), f"seed {seed}"
        card.stop()
        centre.close()
