"""Hadir's private authority: who may speak to the broker, and as whom.

The common name of a certificate is the name under which the broker knows its bearer: a kiosk's kid,
`hadir-ingest-NAME` for a worker of the centre. No other authority is ever trusted.
"""

import os
import ssl
import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from contract.enrolment import fingerprint, mac_info
from contract.invitation import MAC_KEY_BYTES
from sync_server.key_proofs import public_bytes, requested_key

_AUTHORITY_YEARS = 20
_BEARER_DAYS = 397  # 13 months; a kiosk asks for the next one 60 days before
ENDS_SOON = 60 * 86_400  # seconds before its end: the link to a kiosk may be off for weeks
_BACKDATED = timedelta(days=1)  # a kiosk's clock may be behind
_MAY_SIGN = x509.KeyUsage(False, False, False, False, False, True, True, False, False)


class Paper(msgspec.Struct, frozen=True):
    """A certificate and its private key, both PEM."""

    certificate: str
    private_key: str


class Described(msgspec.Struct, frozen=True):
    """A certificate: its number in hex, its key (SPKI, DER), and the UTC second at which it ends."""

    serial: str
    public: bytes
    expires: int


class Certified(msgspec.Struct, frozen=True):
    """A certificate (PEM) for a key that its bearer made, and the MAC key that both draw, the kiosk
    from `share`."""

    certificate: str
    share: bytes
    mac_key: bytes


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

    def certify(self, csr: str, kid: str) -> Certified:
        """A kiosk's own key, whatever else its request says of itself. Raises BadRequest."""
        key = requested_key(csr)
        made = self._sign(kid, key, [], ExtendedKeyUsageOID.CLIENT_AUTH)
        ours = ec.generate_private_key(ec.SECP256R1())
        drawn = HKDF(SHA256(), MAC_KEY_BYTES, None, mac_info(kid))
        return Certified(
            made.public_bytes(Encoding.PEM).decode(),
            ours.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint),
            drawn.derive(ours.exchange(ec.ECDH(), key)),
        )

    def fingerprint(self) -> bytes:
        """How a pass names this authority."""
        return fingerprint(self._own.public_bytes(Encoding.DER))

    def marked(self, kid: str, serial: int) -> Paper:
        """As `kiosk`, with this number: for the doctor, who tries whether the broker refuses it."""
        return self._issue(kid, [], ExtendedKeyUsageOID.CLIENT_AUTH, serial)

    def revocations(self, numbers: Iterable[tuple[int, int]]) -> bytes:
        """The list (PEM) of certificates that count no more, (number, UTC second). It lasts as long
        as a certificate: a broker whose list has ended refuses everybody."""
        made = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self._own.subject)
            .last_update(self._now - _BACKDATED)
            .next_update(self._now + timedelta(days=_BEARER_DAYS))
        )
        for number, at in numbers:
            one = x509.RevokedCertificateBuilder().serial_number(number)
            made = made.add_revoked_certificate(
                one.revocation_date(datetime.fromtimestamp(at, UTC)).build()
            )
        return made.sign(self._key, SHA256()).public_bytes(Encoding.PEM)

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
        self,
        common: str,
        names: list[x509.GeneralName],
        use: x509.ObjectIdentifier,
        serial: int = 0,
    ) -> Paper:
        key = ec.generate_private_key(ec.SECP256R1())
        made = self._sign(common, key.public_key(), names, use, serial)
        return Paper(made.public_bytes(Encoding.PEM).decode(), _pem(key))

    def _sign(
        self,
        common: str,
        key: ec.EllipticCurvePublicKey,
        names: list[x509.GeneralName],
        use: x509.ObjectIdentifier,
        serial: int = 0,
    ) -> x509.Certificate:
        """Nothing in it that nobody asks for: a TLS ticket holds the whole certificate, and a kiosk
        pays for three of them at every connect."""
        lasts = timedelta(days=_BEARER_DAYS)
        whose = self._builder(_name(common), self._own.subject, key, lasts, serial)
        authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        whose = whose.add_extension(authority, False)
        whose = whose.add_extension(x509.ExtendedKeyUsage([use]), False)
        if names:
            whose = whose.add_extension(x509.SubjectAlternativeName(names), False)
        return whose.sign(self._key, SHA256())

    def _builder(
        self,
        subject: x509.Name,
        issuer: x509.Name,
        key: ec.EllipticCurvePublicKey,
        lasts: timedelta,
        serial: int = 0,
    ) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(key)
            .serial_number(serial or x509.random_serial_number())
            .not_valid_before(self._now - _BACKDATED)
            .not_valid_after(self._now + lasts)
        )


def described(certificate: str) -> Described:
    """What a certificate (PEM) of ours says."""
    read = x509.load_pem_x509_certificate(certificate.encode())
    key = read.public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise TypeError("not a certificate of this authority")
    ends = int(read.not_valid_after_utc.timestamp())
    return Described(f"{read.serial_number:x}", public_bytes(key), ends)


def write_private(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Write beside, for nobody else's eyes unless `mode` says so, then rename: a power cut leaves the
    old file or the new one. Written by root it belongs to whom the old one did, else the folder."""
    its = (path if path.exists() else path.parent).stat()
    beside = path.with_name(f"{path.name}.new")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    os.fchmod(handle, mode)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
        if os.geteuid() == 0:
            os.fchown(handle, its.st_uid, its.st_gid)
    beside.replace(path)


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _pem(key: ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
