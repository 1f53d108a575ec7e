"""Keeps papers fresh: the list of revoked certificates every day, every kiosk's certificate in time."""

import logging
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, select

from contract import enrolment
from contract.command import Certify, Renew
from contract.errors import BatchError
from sync_server import admitting, answers, commands, credentials, duty, revocation, schema
from sync_server.admitting import Refused
from sync_server.authority import Keys, Registrar
from sync_server.certificates import ENDS_SOON, PrivateAuthority
from sync_server.commands import Issuer
from sync_server.config import Config
from sync_server.database import Database
from sync_server.duty import Duty

log = logging.getLogger(__name__)

_Said = TypeVar("_Said")
_DUTY = Duty("papers", 0x4AD1_0008, 2.0)
_DAY = 86_400


def registrar(config: Config, now: int) -> Registrar:
    """What makes invitations and certificates, at server UTC second `now`."""
    state = Path(config.state)
    papers = PrivateAuthority(state, now) if config.broker.mutual else None
    return Registrar(Keys(state), config.broker, now, papers, config.enrol.address)


def decided(
    database: Database, config: Config, now: int, decide: Callable[[Connection, Registrar], _Said]
) -> _Said:
    """Decide about a kiosk at server UTC second `now`. What a card before was given counts no more:
    the brokers are told at once. Raises as `decide`, and SQLAlchemyError."""
    by, state = registrar(config, now), Path(config.state)
    with database.writing() as tx:
        before = revocation.numbers(tx, by.now)
        said = decide(tx, by)
        after = revocation.numbers(tx, by.now)
    if before != after and by.papers:
        _publish(state, by.papers, after)
    return said


def run(
    database: Database, config: Config, wall: Callable[[], float], stop: threading.Event
) -> None:
    """Do what is due, and look what kiosks answered, until `stop` is set."""

    def due() -> None:
        look(database, registrar(config, int(wall())), Path(config.state))

    duty.keep(database, _DUTY, stop, lambda: due)


def look(database: Database, by: Registrar, state: Path) -> None:
    """Do what is due at `by.now`. Raises SQLAlchemyError, and OSError where the state fails."""
    if by.papers is None:
        return
    with database.reading() as tx:
        told, due = _told(tx), list(_due(tx, by.now))
        found = revocation.numbers(tx, by.now)
    if not _is_of_today(state, by.now):
        _publish(state, by.papers, found)
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
        if now < ends < now + ENDS_SOON and kid not in asked:
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


def _publish(state: Path, papers: PrivateAuthority, found: revocation.Numbers) -> None:
    for folder in revocation.publish(state, papers, found):
        log.error("papers.unwritable folder=%s", folder)


def _is_of_today(state: Path, now: int) -> bool:
    try:
        return 0 <= now - (state / revocation.FILE).stat().st_mtime < _DAY
    except FileNotFoundError:
        return False
