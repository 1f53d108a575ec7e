"""The line to the broker: TLS that resumes, certificates and clocks, and every byte counted."""

import logging
import socket
import ssl
import stat

import pytest
from msgspec.structs import replace

from contract import topics
from contract.invitation import Invitation
from sync_server.certificates import PrivateAuthority
from terminal_agent.errors import SourceMisconfigured
from terminal_agent.line import Line
from terminal_agent.usage import Meter
from tests.halves import TestClock
from tests.process.office import utc_now
from tests.scripted import KEY, KID, Broker, Running

STATUS = topics.status(KID)
YEAR = 365 * 86_400


class Tls:
    """A broker with TLS 1.3 whose certificate was made `ago` seconds ago, for `host`."""

    def __init__(self, folder, ago=0.0, host="127.0.0.1", mutual=False):
        self.authority = PrivateAuthority(folder, int(utc_now().timestamp() - ago))
        shown = self.authority.broker(host)
        pem = folder / "broker.pem"
        pem.write_text(shown.certificate + shown.private_key)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.load_cert_chain(pem)
        if mutual:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(self.authority.file)
        self.broker = Broker(context=context)

    def invitation(self, host="127.0.0.1", paper=None):
        ca = self.authority.file.read_text()
        bare = Invitation(KID, host, self.broker.port, True, ca, KEY, bytes(32), bytes(32))
        if paper is None:
            return bare
        return replace(bare, certificate=paper.certificate, private_key=paper.private_key)


@pytest.fixture
def tls(tmp_path):
    made = []

    def make(**how):
        made.append(Tls(tmp_path, **how))
        return made[-1]

    yield make
    for one in made:
        one.broker.close()


@pytest.fixture
def run(tmp_path):
    running = []

    def start(invited, **how):
        running.append(Running(tmp_path / "kiosk", invited, **how))
        return running[-1]

    yield start
    for one in running:
        one.end()


def born(broker):
    return sum(topic == STATUS for topic, _, _ in broker.heard)


def test_the_second_connection_resumes_the_first_one_and_costs_less(tls, run):
    """Also after a break without goodbye, which is how satellite links end."""
    served = tls()
    running = run(served.invitation())
    costs = []
    for connection in range(1, 4):
        before = running.meter.usage.month
        running.until(lambda n=connection: born(served.broker) == n)
        running.settle()
        costs.append(running.meter.usage.month - before)
        served.broker.wire.shutdown(socket.SHUT_RDWR)
    assert served.broker.resumed == [False, True, True]
    assert costs[1] < costs[0] - 300, "no certificate travels again"


def test_a_clients_certificate_is_shown_and_its_key_is_nobody_elses_to_read(tls, run, tmp_path):
    served = tls(mutual=True)
    run(served.invitation(paper=served.authority.kiosk(KID)))
    served.broker.until(lambda: born(served.broker))
    [[names]] = [n for n in served.broker.wire.getpeercert()["subject"] if n[0][0] == "commonName"]
    assert names == ("commonName", KID)
    assert stat.S_IMODE((tmp_path / "kiosk/tls.pem").stat().st_mode) == 0o600


def test_a_rehearsal_through_a_relay_still_wants_the_brokers_own_certificate(tls, run):
    served = tls(host="mqtt.absen.go.id")
    run(served.invitation("mqtt.absen.go.id"), via=("127.0.0.1", served.broker.port))
    served.broker.until(lambda: born(served.broker))


def test_a_certificate_for_another_host_is_refused(tls, run, caplog):
    served = tls(host="mqtt.absen.go.id")
    running = run(served.invitation())
    running.until(lambda: "CERTIFICATE_VERIFY_FAILED" in caplog.text)
    assert not born(served.broker)
    assert running.meter.usage.month > 1000, "the bytes of the attempt are counted"


def test_an_expired_certificate_is_refused_where_the_clock_is_trusted(tls, run, caplog):
    served = tls(ago=3 * YEAR)
    running = run(served.invitation())
    running.until(lambda: "certificate has expired" in caplog.text)
    assert not born(served.broker)


def test_a_kiosk_without_a_trusted_clock_asks_no_dates_until_it_knows_the_time(tls, run, caplog):
    """With its battery empty it believes that it is 1970; only the centre can tell it the time. Once
    it knows, it connects again and looks: a resumed session would show no certificate."""
    caplog.set_level(logging.INFO)
    served = tls(ago=3 * YEAR)
    running = run(served.invitation(), clock=TestClock(trust=0))
    served.broker.until(lambda: born(served.broker))
    running.clock.trust = 2
    running.until(lambda: "certificate has expired" in caplog.text)
    assert served.broker.resumed == [False]


def test_the_dates_of_a_public_authority_are_always_asked(tls, tmp_path):
    """Its old certificates may be in anybody's hands."""
    invited = replace(tls().invitation(), ca="")
    line = Line(invited, tmp_path, Meter(tmp_path, TestClock(), 0, 0, lambda _: None))
    line.prepare(dated=False, now=0.0)
    assert not line.undated


def test_certificates_that_cannot_be_read_are_named(tls, tmp_path):
    invited = replace(tls().invitation(), ca="-----BEGIN CERTIFICATE-----\nnot one\n")
    meter = Meter(tmp_path, TestClock(), 0, 0, lambda _: None)
    with pytest.raises(SourceMisconfigured, match="certificates") as told:
        Line(invited, tmp_path, meter)
    assert told.value.code == "invitation"


def test_what_went_over_a_connection_is_counted_to_the_byte(tmp_path):
    """Data both ways, and a header of 52 bytes (40 without timestamps) for every segment."""
    invited = Invitation(KID, "127.0.0.1", 1, False, "", KEY, bytes(32), bytes(32))
    line = Line(invited, tmp_path, Meter(tmp_path, TestClock(), 0, 0, lambda _: None))
    line.prepare(dated=True, now=0.0)
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        socket.create_connection(listener.getsockname()) as near,
        listener.accept()[0] as far,
    ):
        line.opened(near)
        assert line.measure(1.0) == 0.0
        opening = line.meter.usage.month
        near.sendall(bytes(1000))
        far.recv(1000, socket.MSG_WAITALL)
        assert line.measure(2.0) == 0.0, "nothing was heard yet"
        far.sendall(bytes(300))
        near.recv(300, socket.MSG_WAITALL)
        assert line.measure(5.0) == 5.0, "five seconds of silence have ended"
        headers = line.meter.usage.month - opening - 1300
    assert opening in (3 * 40, 3 * 52)
    assert headers % (opening // 3) == 0
    assert 2 <= headers // (opening // 3) <= 4
    line.measure(6.0)
    assert line.queued() == 1, "a socket that is shut takes nothing"
