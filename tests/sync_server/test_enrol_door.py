"""What the door answers where the centre itself is not in order."""

import http.client
import json
import ssl
import threading
from contextlib import closing

import msgspec
import pytest
from click.testing import CliRunner

from contract import enrolment
from contract.enrolment import Pass
from sync_server import admitting, enrol_door
from sync_server.config import Broker, Config, Enrol
from sync_server.database import Database
from terminal_agent.cli import main
from tests.ledgers import laid
from tests.process.office import free_port
from tests.sync_server.test_admitting import NOW, Card, registrar


@pytest.fixture
def config(tmp_path):
    port = free_port()
    door = Enrol(address=f"https://127.0.0.1:{port}", host="127.0.0.1", port=port)
    return Config(state=str(tmp_path / "server"), broker=Broker(embedded=False), enrol=door)


def asked_over_https(config, asked):
    context = ssl.create_default_context(cafile=f"{config.state}/ca.pem")
    context.verify_flags |= 0x200000  # X509_V_FLAG_NO_CHECK_TIME: the centre's clock is the test's
    wire = http.client.HTTPSConnection("127.0.0.1", config.enrol.port, context=context, timeout=10)
    with closing(wire):
        wire.request("POST", "/api/v1/enrol", enrolment.encode(asked))
        answer = wire.getresponse()
        return answer.status, json.loads(answer.read())


def test_a_centre_that_cannot_certify_says_come_later_and_the_token_stays_good(tmp_path, config):
    """broker.mutual was switched off, or a file of the centre is away."""
    by, card = registrar(tmp_path / "server"), Card(tmp_path / "card")
    with closing(Database(laid(tmp_path / "ledger.db"))) as database:
        with database.writing() as tx:
            token = admitting.token(tx, by, "T07A", "1.01")
        asked = card.asks("T07A", token)
        with enrol_door.opened(database, config, lambda: float(NOW), threading.Event()):
            status, said = asked_over_https(config, asked)
        assert (status, said["error"]) == (503, "later")
        with database.writing() as tx:
            assert admitting.admit(tx, by, asked, "10.0.0.7").kid == "T07A"


def test_a_kiosk_that_types_its_own_token_again_hears_that_it_is_enrolled_already(tmp_path, config):
    by = registrar(tmp_path / "server")
    config = msgspec.structs.replace(config, broker=Broker(embedded=False, mutual=True))
    (tmp_path / "agent.toml").write_text(f'[kiosk]\nstate = "{tmp_path}/card"\n')
    with closing(Database(laid(tmp_path / "ledger.db"))) as database:
        with database.writing() as tx:
            token = admitting.token(tx, by, "T07A", "1.01")
        given = Pass(config.enrol.address, by.papers.fingerprint(), "T07A", token)
        words = ("--lang", "en", "--config", tmp_path / "agent.toml", "enrol-kiosk")
        line = [*map(str, words), enrolment.write_pass(given)]
        with enrol_door.opened(database, config, lambda: float(NOW), threading.Event()):
            first, again = (CliRunner().invoke(main, line) for _ in range(2))
            kept = (tmp_path / "card/invitation.json").read_bytes()
            (tmp_path / "card/invitation.json").unlink()
            lost = CliRunner().invoke(main, line)
    assert (first.exit_code, again.exit_code, lost.exit_code) == (0, 0, 2), again.stderr
    assert "T07A is enrolled. Now" in first.stderr
    assert "enrolled as T07A already" in again.stderr
    assert "its answer is not here" in lost.stderr
    assert b"T07A" in kept
