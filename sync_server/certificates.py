"""Hadir's private authority: who may speak to the broker, and as whom.

The common name of a certificate is the name under which the broker knows its bearer: a kiosk's kid,
`hadir-ingest-NAME` for a worker of the centre. No other authority is ever trusted.
"""

import os
import ssl
import tempfile
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_AUTHORITY_YEARS = 20
_BEARER_DAYS = 397  # 13 months, then a new invitation
_BACKDATED = timedelta(days=1)  # a kiosk's clock may be behind
_MAY_SIGN = x509.KeyUsage(False, False, False, False, False, True, True, False, False)


class Paper(msgspec.Struct, frozen=True):
    """A certificate and its private key, both PEM."""

    certificate: str
    private_key: str


class PrivateAuthority:
    """The authority whose key lies in `state`, made there the first time; `now` is UTC seconds."""

    def __init__(self, state: Path, now: int) -> None:
        self._now = datetime.fromtimestamp(now, UTC)
        state.mkdir(parents=True, exist_ok=True)
        self.file = state / "ca.pem"
        key_file = state / "ca.key"
        if not self.file.exists():
            self._found(key_file)
        loaded = load_pem_private_key(key_file.read_bytes(), None)
        if not isinstance(loaded, ec.EllipticCurvePrivateKey):
            raise TypeError(f"{key_file} is not an elliptic-curve key")
        self._key = loaded
        self._own = x509.load_pem_x509_certificate(self.file.read_bytes())

    def kiosk(self, kid: str) -> Paper:
        """For a kiosk: it may only connect, and only as itself."""
        return self._issue(kid, [], ExtendedKeyUsageOID.CLIENT_AUTH)

    def worker(self, name: str) -> Paper:
        """For an ingest worker of the centre."""
        return self._issue(f"hadir-ingest-{name}", [], ExtendedKeyUsageOID.CLIENT_AUTH)

    def context(self, bearer: Paper) -> ssl.SSLContext:
        """TLS 1.3 towards a broker of this authority, showing the bearer's certificate."""
        context = ssl.create_default_context(cafile=self.file)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        with tempfile.NamedTemporaryFile("w") as file:  # made 0600; OpenSSL reads files only
            file.write(bearer.certificate + bearer.private_key)
            file.flush()
            context.load_cert_chain(file.name)
        return context

    def broker(self, host: str) -> Paper:
        """For the broker at `host`, a name or an IP address."""
        try:
            name: x509.GeneralName = x509.IPAddress(ip_address(host))
        except ValueError:
            name = x509.DNSName(host)
        return self._issue(host, [name], ExtendedKeyUsageOID.SERVER_AUTH)

    def _found(self, key_file: Path) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        own = _name("Hadir")
        made = (
            self._builder(own, own, key.public_key(), timedelta(days=365 * _AUTHORITY_YEARS))
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
            .add_extension(x509.BasicConstraints(True, 0), True)
            .add_extension(_MAY_SIGN, True)
            .sign(key, SHA256())
        )
        write_private(key_file, _pem(key).encode())
        write_private(self.file, made.public_bytes(Encoding.PEM))

    def _issue(
        self, common: str, names: list[x509.GeneralName], use: x509.ObjectIdentifier
    ) -> Paper:
        """Nothing in it that nobody asks for: a TLS ticket holds the whole certificate, and a kiosk
        pays for three of them at every connect."""
        key = ec.generate_private_key(ec.SECP256R1())
        whose = self._builder(
            _name(common), self._own.subject, key.public_key(), timedelta(days=_BEARER_DAYS)
        )
        authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        whose = whose.add_extension(authority, False)
        whose = whose.add_extension(x509.ExtendedKeyUsage([use]), False)
        if names:
            whose = whose.add_extension(x509.SubjectAlternativeName(names), False)
        made = whose.sign(self._key, SHA256())
        return Paper(made.public_bytes(Encoding.PEM).decode(), _pem(key))

    def _builder(
        self,
        subject: x509.Name,
        issuer: x509.Name,
        key: ec.EllipticCurvePublicKey,
        lasts: timedelta,
    ) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(self._now - _BACKDATED)
            .not_valid_after(self._now + lasts)
        )


def write_private(path: Path, data: bytes) -> None:
    """Write 0600 beside, then rename: a power cut leaves the old file or the new one."""
    beside = path.with_name(f"{path.name}.new")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _pem(key: ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
