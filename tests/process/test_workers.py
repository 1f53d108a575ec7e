"""Several ingest workers on one PostgreSQL: shared work, and what happens when one of them dies."""

from itertools import islice

import pytest

from bench import crowd, morning
from contract.event import canonical
from sync_server import schema, standing
from sync_server.database import Database
from tests.process.office import BIN, Mosquitto, Program, free_port, until

pytestmark = pytest.mark.all_only("needs mosquitto and postgresql")

KIOSKS, FRAMES, SIZE = 40, 30, 5
KEY = bytes(32)


@pytest.fixture
def centre(tmp_path, postgres):
    if not Mosquitto.binary.exists():
        pytest.skip("mosquitto is not installed: apt-get install mosquitto")
    with Workers(tmp_path, postgres.database()) as centre:
        yield centre


class Workers:
    """A broker, a database, and workers that a test starts and kills."""

    def __init__(self, folder, url):
        self.folder, self.url, self.port = folder, url, free_port()
        self.running = {}

    def __enter__(self):
        self.broker = Mosquitto(self.port, self.folder)
        self.broker.start()
        self.database = Database(self.url)
        (self.folder / "server.toml").write_text(
            f'state = "{self.folder}"\n[broker]\nport = {self.port}\nembedded = false\n'
            f'[ledger]\nurl = "{self.url}"\n'
        )
        self.loads = [self._invite(kid) for kid in crowd.names(KIOSKS)]
        return self

    def __exit__(self, *_):
        for program in self.running.values():
            program.stop()
        self.database.close()
        self.broker.stop()

    def start(self, name):
        command = (BIN / "sync-server", "--config", self.folder / "server.toml", "ingest")
        program = Program(self.folder / f"{name}.log", *command, "--worker", name)
        self.running[name] = program.start()
        return program

    def share(self, name):
        """How many buckets a worker says it has."""
        said = [line for line in self.running[name].said().splitlines() if "buckets.owned" in line]
        return int(said[-1].rpartition("=")[2]) if said else 0

    def stored(self):
        with self.database.reading() as tx:
            return sum(check.events for check in standing.verify(tx) if not check.broken_at)

    def rows(self):
        with self.database.reading() as tx:
            return len(tx.execute(schema.event.select()).all())

    def _invite(self, kid):
        with self.database.writing() as tx:
            tx.execute(schema.kiosk.insert().values(kid=kid, opd="1", mac_key=KEY, invited=0))
        records = [canonical(one) for one in islice(morning.office(kid), FRAMES * SIZE)]
        made = morning.load(kid, KEY, records, SIZE)
        return crowd.Load(kid, KEY, morning.EPOCH, SIZE, made.events, made.frames)


def until_receipted(people, centre, patience=40):
    until(
        lambda: people.turn(0.05) or not people.left(),
        lambda: (
            f"{people.left()} kiosks wait; "
            + "".join(program.said()[-600:] for program in centre.running.values())
        ),
        patience,
    )


def test_a_worker_that_is_killed_loses_nothing_and_another_takes_its_kiosks(centre):
    for name in ("one", "two"):
        centre.start(name)
    until(lambda: (centre.share("one"), centre.share("two")) == (128, 128), lambda: "128 each")
    with crowd.Crowd(centre.port, centre.loads, polite=True, seed=1) as people:
        people.come()
        until(lambda: people.turn(0.01) or centre.rows() > 500, lambda: "some events are stored")
        centre.running["two"].kill()
        until_receipted(people, centre)
    assert centre.share("one") == 256
    everything = KIOSKS * FRAMES * SIZE
    assert (centre.stored(), centre.rows()) == (everything, everything)


def test_a_worker_that_loses_the_database_is_silent_until_it_has_it_again(centre, postgres):
    centre.start("one")
    until(lambda: centre.share("one") == 256, lambda: "it owns everything")
    postgres.stop()
    centre.running["one"].wait_for("buckets.lost")
    centre.running["one"].wait_for("buckets.owned count=0")
    postgres.start()
    with crowd.Crowd(centre.port, centre.loads, polite=True, seed=2) as people:
        people.come()
        until_receipted(people, centre)
    assert centre.rows() == KIOSKS * FRAMES * SIZE


def test_a_worker_needs_postgresql(tmp_path):
    (tmp_path / "server.toml").write_text(f'state = "{tmp_path}"\n')
    command = (BIN / "sync-server", "--config", tmp_path / "server.toml", "ingest")
    program = Program(tmp_path / "log", *command).start()
    assert program.ended() == 2
    assert "SQLite is for one process" in program.said()
