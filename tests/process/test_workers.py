"""Several ingest workers on one PostgreSQL: shared work, and what happens when one of them dies."""

import logging
import socket
import threading
from itertools import islice

import psycopg
import pytest
from paho.mqtt import publish, subscribe
from paho.mqtt.enums import MQTTProtocolVersion
from sqlalchemy import select

from bench import crowd, morning
from contract import command, health, topics
from contract.event import canonical
from sync_server import schema, verifying
from sync_server.authority import Keys
from sync_server.buckets import Everything
from sync_server.config import Broker
from sync_server.database import Database
from sync_server.desk import Desk
from sync_server.mqtt import Session
from sync_server.server import wall
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
        Keys(self.folder)  # a worker signs receipts: it starts with the centre's keys only
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
            return sum(check.events for check in verifying.chains(tx) if not check.broken_at)

    def rows(self):
        with self.database.reading() as tx:
            return len(tx.execute(schema.event.select()).all())

    def told(self, kid):
        """The birth of a kiosk as it is stored, and what became of its command."""
        with self.database.reading() as tx:
            birth = tx.execute(select(schema.kiosk.c.birth).filter_by(kid=kid)).scalar_one()
            return birth, tx.execute(select(schema.command.c.fate)).scalar_one()

    def _invite(self, kid):
        with self.database.writing() as tx:
            tx.execute(schema.kiosk.insert().values(kid=kid, opd="1", mac_key=KEY, invited=0))
        records = [canonical(one) for one in islice(morning.office(kid), FRAMES * SIZE)]
        made = morning.load(kid, KEY, records, SIZE)
        return crowd.Load(kid, KEY, morning.EPOCH, SIZE, made.events, made.frames)


def say(centre, topic, data):
    """Publish one message as a kiosk does."""
    where = {"hostname": "127.0.0.1", "port": centre.port, "protocol": MQTTProtocolVersion.MQTTv5}
    publish.single(topic, data, qos=1, **where)


def said_by(centre, worker):
    """What the broker keeps of a worker's own word."""
    where = {"hostname": "127.0.0.1", "port": centre.port, "protocol": MQTTProtocolVersion.MQTTv5}
    return health.decode_owner(subscribe.simple(topics.owner(worker), qos=1, **where).payload)


class Listener(logging.Handler):
    """Collects the errors that the session logs, from `with` on."""

    def __init__(self, caught):
        super().__init__(logging.ERROR)
        self.caught = caught

    def emit(self, record):
        self.caught.append(record.getMessage())

    def __enter__(self):
        logging.getLogger("sync_server.mqtt").addHandler(self)

    def __exit__(self, *_):
        logging.getLogger("sync_server.mqtt").removeHandler(self)


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


def test_a_worker_whose_database_is_frozen_says_that_it_is_offline(centre, postgres):
    """Kiosks that know keep what they have and wait; they would pay for sending it in vain."""
    centre.start("one")
    until(lambda: centre.share("one") == 256, lambda: "it owns everything")
    where = {"hostname": "127.0.0.1", "port": centre.port, "protocol": MQTTProtocolVersion.MQTTv5}
    subscribe.simple(topics.ALL_OWNERS, qos=1, msg_count=257, **where)  # it has said all it has
    with postgres.frozen():
        centre.running["one"].wait_for("buckets.lost no answer within 6 seconds")
        centre.running["one"].wait_for("buckets.owned count=0")
        gone = health.Owner(online=False, worker="one")
        until(lambda: said_by(centre, "one") == gone, lambda: centre.running["one"].said())
    until(lambda: centre.share("one") == 256, lambda: "it owns everything again")


def test_a_birth_and_an_answer_that_the_ledger_could_not_take_are_not_lost(centre):
    """Nobody says them again: the broker has handed them over."""
    kid = centre.loads[0].kid
    with centre.database.writing() as tx:
        order = {"kid": kid, "counter": 7, "name": "pull", "envelope": b"", "fate": "sent"}
        tx.execute(schema.command.insert().values(**order, issued=0, expires=2**40, sent=2**40))
    centre.start("one")
    until(lambda: centre.share("one") == 256, lambda: "it owns everything")
    centre.running["one"].wait_for("broker.connected")  # before, nobody hears what is said
    birth = health.encode(health.Birth(online=True, epoch=1, version="9"))
    answer = command.encode_answer(kid, command.Answer(7, "done"), KEY)
    with psycopg.connect(centre.url.replace("+psycopg", "")) as other:
        other.execute("LOCK TABLE kiosk IN ACCESS EXCLUSIVE MODE")
        say(centre, topics.status(kid), birth)
        say(centre, topics.answers(kid), answer)
        centre.running["one"].wait_for("ledger.failed frames=")
    until(lambda: centre.told(kid) == (birth, "done"), lambda: centre.running["one"].said()[-600:])


def test_two_workers_of_one_name_are_told_so(centre):
    """The broker lets one client of a name in, so they would cut each other off for ever."""
    centre.start("one")
    until(lambda: centre.share("one") == 256, lambda: "it owns everything")
    second = Program(centre.folder / "second.log", *centre.running["one"].command).start()
    second.wait_for("worker.name_taken worker=one")
    assert "broker.unreachable" not in centre.running["one"].said(), "the first one was left alone"
    centre.running["one"].kill()
    second.wait_for("buckets.owned count=256")
    second.stop()


def test_a_client_of_another_program_that_takes_the_name_is_noticed(tmp_path):
    """MQTT 5.0, 3.14.2.1: DISCONNECT 0x8E. Debian 12's mosquitto closes without it."""
    caught = []
    database = Database(tmp_path / "ledger.db")
    with socket.create_server(("127.0.0.1", 0)) as broker:
        where = Broker(port=broker.getsockname()[1], embedded=False)
        stop = threading.Event()
        session = Session(Desk(database, wall), where, "one", Everything())
        one = threading.Thread(target=session.run, args=(stop,))
        with Listener(caught):
            one.start()
            peer, _ = broker.accept()
            with peer:
                assert peer.recv(4_096)[0] == 0x10, "CONNECT"
                peer.sendall(b"\x20\x03\x00\x00\x00" + b"\xe0\x02\x8e\x00")
                until(lambda: caught, lambda: "it says so")
                stop.set()
                one.join()
    database.close()
    assert caught == ["worker.name_taken worker=one: give each worker a name of its own"]


def test_a_worker_whom_the_brokers_list_does_not_name_says_so_until_it_does(centre):
    """Such a broker hears it and brings it nothing, while another worker may be named."""
    centre.broker.stop()
    allowed = centre.folder / "acl"
    allowed.write_text("topic read #\n")
    listed = Mosquitto(centre.port, centre.folder, f"acl_file {allowed}\n")
    listed.start()
    one = centre.start("one")
    one.wait_for("worker.not_named worker=one: the broker's hadir.acl does not name user")
    one.wait_for("broker.unreachable the broker's hadir.acl")
    allowed.write_text("topic readwrite #\n")
    listed.stop()
    listed.start()
    kid = centre.loads[0].kid
    birth = health.encode(health.Birth(online=True, epoch=1, version="9"))
    with centre.database.reading() as tx:
        said = select(schema.kiosk.c.birth).filter_by(kid=kid)
        assert tx.execute(said).scalar_one() != birth

    def heard():
        say(centre, topics.status(kid), birth)
        with centre.database.reading() as tx:
            return tx.execute(said).scalar_one() == birth

    until(heard, one.said, step=0.5)
    listed.stop()


def test_a_worker_needs_postgresql(tmp_path):
    (tmp_path / "server.toml").write_text(f'state = "{tmp_path}"\n')
    command = (BIN / "sync-server", "--config", tmp_path / "server.toml", "ingest")
    program = Program(tmp_path / "log", *command).start()
    assert program.ended() == 2
    assert "SQLite is for one process" in program.said()
