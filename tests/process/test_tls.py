"""The wire beyond loopback: TLS 1.3 with an authority of our own, made here."""

import socket
from datetime import timedelta
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from msgspec.structs import replace

from contract import invitation
from simulators.zk.sample import furnish
from terminal_agent import line
from tests.process.office import Mosquitto, Office, free_port, terminal, until, utc_now
from tests.scripted import Running
from tests.scripted import invitation as plain_invitation

pytestmark = pytest.mark.all_only("needs mosquitto")


_MAY_SIGN = x509.KeyUsage(False, False, False, False, False, True, True, False, False)


class Authority:
    """A certificate authority and the broker's certificate, as PEM files in `folder`."""

    def __init__(self, folder, name):
        folder.mkdir()
        self.file, self.cert, self.key = (folder / n for n in ("ca.pem", "cert.pem", "key.pem"))
        ca, server = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
        whose = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        host = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
        extensions = [(x509.BasicConstraints(True, 0), True), (_MAY_SIGN, True)]
        self.file.write_bytes(_signed(whose, ca, whose, ca, extensions))
        names = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
        authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(ca.public_key())
        extensions = [(names, False), (authority, False)]
        self.cert.write_bytes(_signed(host, server, whose, ca, extensions))
        pem = server.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        self.key.write_bytes(pem)


def _signed(name, key, issuer, by, extensions):
    now = utc_now()
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
    )
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    return builder.sign(by, None).public_bytes(Encoding.PEM)


@pytest.fixture
def secured(tmp_path):
    """An office, its authority and a broker that speaks TLS 1.3 only."""
    if not Mosquitto.binary.exists():
        pytest.skip("mosquitto is not installed: apt-get install mosquitto")
    authority = Authority(tmp_path / "tls", "Kantor")
    with Office(tmp_path, own_broker=False, ca=authority.file) as office:
        tls = f"certfile {authority.cert}\nkeyfile {authority.key}\ntls_version tlsv1.3\n"
        broker = Mosquitto(office.port, tmp_path, tls)
        broker.start()
        yield office
        office.agent.stop()
        office.server.stop()
        broker.stop()


def test_punches_arrive_over_tls(secured):
    """The invitation brings the authority to the kiosk; nobody copies certificates by hand."""
    device = terminal()
    furnish(device.device, 300)
    secured.furnish(device)
    secured.start()
    secured.settle()
    secured.audit()


def test_a_broker_of_another_authority_gets_nothing_and_the_log_says_why(secured, tmp_path):
    other = Authority(tmp_path / "other", "Kantor lain")
    device = terminal()
    furnish(device.device, 300)
    secured.furnish(device)
    file = secured.agent_state / "invitation.json"
    invited = invitation.decode(file.read_bytes())
    file.write_bytes(invitation.encode(replace(invited, ca=other.file.read_text())))
    secured.start()
    secured.agent.wait_for("CERTIFICATE_VERIFY_FAILED", 2)
    assert "uplink.down" in secured.agent.said()
    assert "uplink.connected" not in secured.agent.said()
    until(lambda: secured.journalled() == 300, secured.report)  # kept for the right one
    assert secured.stored() == 0


def test_mosquitto_takes_a_session_up_again_for_less(tmp_path):
    """What a reconnect costs decides how often a poor link may break."""
    if not Mosquitto.binary.exists():
        pytest.skip("mosquitto is not installed: apt-get install mosquitto")
    authority, port = Authority(tmp_path / "tls", "Kantor"), free_port()
    tls = f"certfile {authority.cert}\nkeyfile {authority.key}\ntls_version tlsv1.3\n"
    broker = Mosquitto(port, tmp_path, tls)
    broker.start()
    invited = replace(plain_invitation(port), tls=True, ca=authority.file.read_text())
    running = Running(tmp_path / "kiosk", invited)
    costs, resumed = [], []
    for connection in range(3):
        running.until(lambda n=connection: running.line.settlements == n + 1)
        running.settle()
        costs.append(line._carried(running.line.wire)[0])  # as the kernel counted this connection
        resumed.append(running.line.wire.session_reused)
        running.line.wire.shutdown(socket.SHUT_RDWR)
    running.end()
    broker.stop()
    assert resumed == [False, True, True]
    # The broker's certificate stays at home: some 500 bytes, less or more by a segment or two.
    assert min(costs[1:]) < costs[0] - 300
