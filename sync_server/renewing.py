"""Keeps papers fresh: the list of revoked certificates every day, every kiosk's certificate in time."""

import logging
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy import Connection, select
from sqlalchemy.exc import SQLAlchemyError

from contract import enrolment
from contract.command import Certify, Renew
from contract.errors import BatchError
from sync_server import admitting, answers, commands, credentials, revocation, schema
from sync_server.admitting import Refused
from sync_server.authority import Keys, Registrar
from sync_server.certificates import PrivateAuthority
from sync_server.commands import Issuer
from sync_server.config import Config
from sync_server.database import Database

log = logging.getLogger(__name__)

_LOCK = 0x4AD1_0008  # the advisory lock of whoever does it, of several processes
_LOOK = 2.0  # seconds between looks at what kiosks answered
_DAY = 86_400
_BEFORE = (
    60 * _DAY
)  # so long before its end a certificate is renewed: the link may be off for weeks


def registrar(config: Config, now: int) -> Registrar:
    """What makes invitations and certificates, at server UTC second `now`."""
    state = Path(config.state)
    papers = PrivateAuthority(state, now) if config.broker.mutual else None
    return Registrar(Keys(state), config.broker, now, papers, config.enrol.address)


def run(
    database: Database, config: Config, wall: Callable[[], float], stop: threading.Event
) -> None:
    """Until `stop` is set; on PostgreSQL one process of all does it, the others wait for its end."""
    while not stop.is_set():
        try:
            with database.alone(_LOCK) as ours:
                while ours() and not stop.is_set():
                    look(database, registrar(config, int(wall())), Path(config.state))
                    stop.wait(_LOOK)
        except SQLAlchemyError as problem:
            log.error("papers.ledger_failed %s", problem.__class__.__name__)
        stop.wait(_LOOK)


def look(database: Database, by: Registrar, state: Path) -> None:
    """Do what is due at `by.now`. Raises SQLAlchemyError, and OSError where the state fails."""
    if by.papers is None:
        return
    with database.reading() as tx:
        told, due = _told(tx), list(_due(tx, by.now))
        found = revocation.numbers(tx, by.now)
    if not _is_of_today(state, by.now):
        for folder in revocation.publish(state, by.papers, found):
            log.error("papers.unwritable folder=%s", folder)
    for kid, counter, body in told:
        with database.writing() as tx:
            _certify(tx, by, kid, body)
            answers.drop_bodies(tx, kid, [counter])
    if due:
        with database.writing() as tx:
            for kid in due:
                commands.issue(tx, issuer(by), kid, Renew())


def issuer(by: Registrar) -> Issuer:
    """Who signs the orders of a renewal."""
    return Issuer(by.keys.sign.sign, by.now, 7 * _DAY)


def _due(tx: Connection, now: int) -> Iterator[str]:
    """Kiosks whose certificate ends soon and who were not asked since yesterday."""
    its = schema.command.c
    query = select(its.kid).where(its.name.in_(("renew", "certify")), its.issued > now - _DAY)
    asked = set(tx.execute(query).scalars())
    for kid, ends in credentials.ends(tx).items():
        if now < ends < now + _BEFORE and kid not in asked:
            yield kid


def _told(tx: Connection) -> list[tuple[str, int, bytes]]:
    """What kiosks answered to Renew: (kid, counter, body)."""
    its, part = schema.command.c, schema.answer.c
    query = select(its.kid).distinct().where(its.name == "renew", its.fate == "done")
    query = query.join(schema.answer, (part.kid == its.kid) & (part.counter == its.counter))
    kids = tx.execute(query).scalars().all()
    return [
        (kid, counter, body)
        for kid in kids
        for counter, body in answers.bodies(tx, kid, "renew").items()
    ]


def _certify(tx: Connection, by: Registrar, kid: str, body: bytes) -> None:
    try:
        asked = enrolment.decode_renewal(body)
        if asked.kid != kid:
            raise Refused("bad_request")
        given = admitting.renew(tx, by, asked, online=True)
    except (BatchError, Refused) as problem:
        log.error("renewal.refused kid=%s %s", kid, problem)
        return
    commands.issue(tx, issuer(by), kid, Certify(given.certificate, given.share))


def _is_of_today(state: Path, now: int) -> bool:
    try:
        return 0 <= now - (state / revocation.FILE).stat().st_mtime < _DAY
    except FileNotFoundError:
        return False
