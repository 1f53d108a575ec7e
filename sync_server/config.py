"""The server's one configuration file."""

import re
from pathlib import Path
from typing import Annotated

import msgspec

from contract.enrolment import where
from contract.errors import BatchError
from sync_server.errors import BadFile, unreadable, unusable

DEFAULT_PATH = Path("/etc/hadir/server.toml")

_POSTGRES = re.compile(r"postgresql\+psycopg://[^/]*/[^/?]+(\?.*)?")

# A password or a login must not travel in the clear; on this machine it does not travel.
_SAFE = re.compile(r"https://[^/]|http://(127\.0\.0\.1|localhost|\[::1\])(:[0-9]+)?(/|$)")

Port = Annotated[int, msgspec.Meta(ge=1, le=65535)]


class Broker(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where kiosks and centre meet. `embedded`: start one here, on `host` only. `ca`: PEM file of
    the authority that signed the broker's certificate; without it the wire is plain. `mutual`: all
    know each other by certificates of Hadir's own authority (`sync-server certify`), no `ca`."""

    host: str = "127.0.0.1"
    port: Port = 1883
    embedded: bool = True
    ca: str = ""
    mutual: bool = False


class Ledger(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where events are kept. `url`: a PostgreSQL database; empty: SQLite in `state`."""

    url: str = ""


class Web(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The pages. `port` 0: one that is free, told in the log. `secure`: people reach them by https
    only, through a proxy that ends TLS. `title`: the region's own name above every page."""

    host: str = "127.0.0.1"
    port: Annotated[int, msgspec.Meta(ge=0, le=65535)] = 8000
    secure: bool = False
    title: str = "Hadir"


class Oidc(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The region's identity provider, where people log in with it; without `issuer` there is none.
    `claim`: what of its word is an account's name or link. `address`: how browsers reach this
    centre, as registered there (https://hadir.example.go.id)."""

    issuer: str = ""
    client_id: str = ""
    secret_file: str = ""
    claim: str = "sub"
    address: str = ""


class Enrol(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The door at which kiosks enrol and renew, with a certificate of Hadir's own authority.
    `address`: how kiosks reach it (https://hadir.example.go.id:8443), empty = there is none; `host`
    and `port`: where it listens, port 0 = the one of the address."""

    address: str = ""
    host: str = "0.0.0.0"  # noqa: S104 - a door is for those outside
    port: Annotated[int, msgspec.Meta(ge=0, le=65535)] = 0


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file. `state` holds the server's keys, and the ledger unless it has a URL."""

    state: str = "/var/lib/hadir/server"
    broker: Broker = Broker()
    ledger: Ledger = Ledger()
    web: Web = Web()
    oidc: Oidc = Oidc()
    enrol: Enrol = Enrol()

    @property
    def database(self) -> Path | str:
        """SQLite's file, or the URL of the PostgreSQL database."""
        return self.ledger.url or Path(self.state) / "ledger.db"


def load(path: Path) -> Config:
    """The configuration in a file. Raises BadFile naming the key that is wrong."""
    try:
        config = msgspec.toml.decode(path.read_bytes(), type=Config)
    except FileNotFoundError as problem:
        raise BadFile(str(path), "", "config_missing") from problem
    except OSError as problem:
        unreadable(str(path), problem)
    except (msgspec.DecodeError, UnicodeDecodeError) as problem:
        unusable(str(path), problem)
    if config.broker.embedded and config.broker.host not in ("127.0.0.1", "localhost"):
        raise BadFile(str(path), "broker.host", "embedded_elsewhere")
    if config.broker.embedded and (config.broker.mutual or config.broker.ca):
        raise BadFile(str(path), "broker.embedded", "embedded_plain")
    if config.ledger.url and not _POSTGRES.fullmatch(config.ledger.url):
        raise BadFile(str(path), "ledger.url", "not_postgres")
    _check_web(config, str(path))
    _check_door(config, str(path))
    return config


def _check_door(config: Config, file: str) -> None:
    if not config.enrol.address:
        return
    try:
        where(config.enrol.address)
    except BatchError as problem:
        raise BadFile(file, "enrol.address", "not_https") from problem
    if not config.broker.mutual:
        raise BadFile(file, "enrol.address", "enrol_needs_mutual")


def _check_web(config: Config, file: str) -> None:
    if not config.web.secure and config.web.host not in ("127.0.0.1", "::1", "localhost"):
        raise BadFile(file, "web.host", "web_plain")
    oidc = config.oidc
    if oidc.issuer and not (oidc.client_id and oidc.address):
        raise BadFile(file, "oidc", "oidc_half")
    for key, address in (("issuer", oidc.issuer), ("address", oidc.address)):
        if address and not _SAFE.match(address):
            raise BadFile(file, f"oidc.{key}", "oidc_plain")
