"""What the centre asks of kiosks: issued once, sent until it is answered or too late, and its fate.

A counter is the server's UTC second, or one more than the last: a database that was restored from a
backup never gives a number again that a kiosk has seen. Every function works inside its caller's
transaction; what is due is read from the database, so that nothing waits in memory.
"""

import logging
from collections.abc import Callable, Container, Iterator, Sequence
from functools import partial
from typing import Literal

import msgspec
from sqlalchemy import ColumnElement, Connection, and_, func, insert, select, update

from contract import command, topics
from contract.batch import sealed
from contract.command import AnyOrder, Command, Configure, Faces, Resend, Staff, User, Users
from contract.errors import BatchError
from contract.health import decode_birth
from sync_server import answers, credentials, ledger, linked, schema, standing
from sync_server.errors import BadFile
from sync_server.ledger import Kiosk

log = logging.getLogger(__name__)

Fate = Literal["waiting", "sent", "done", "failed", "refused", "expired"]
OPEN = ("waiting", "sent")
_AGAIN = 600  # seconds after which a kiosk that is online and silent is asked again
_ROOM = 40 * 1024  # bytes of users in one command: the envelope's other bytes fit beside them
_MOST_USERS = 300  # in one command: a terminal takes seconds for each
_MOST_DETAIL = 1_000  # characters
_PRIVATE = ("staff", "faces")  # what they held of people is forgotten once they are over
_table = schema.command


class Issuer(msgspec.Struct, frozen=True):
    """What issues commands: the server's Ed25519 signature, server UTC seconds, seconds to live."""

    sign: Callable[[bytes], bytes]
    now: int
    ttl: int


class Sent(msgspec.Struct, frozen=True):
    """A command and its fate. Times are UTC seconds, 0 = never; `times` it was sent."""

    kid: str
    counter: int
    name: str
    part: int
    parts: int
    fate: str
    detail: str
    issued: int
    expires: int
    sent: int
    times: int
    answered: int


def issue(tx: Connection, by: Issuer, kid: str, order: AnyOrder) -> int:
    """Sign an order for a kiosk and keep it until it is answered; its counter. Raises BadFile."""
    if ledger.kiosk(tx, kid) is None:
        raise BadFile(kid, "", "kid_unknown", kid=kid)
    # The keeper asks by itself each day: two who ask one kiosk at once must not draw one counter.
    # This lock and no other, for who asks often notes it in the office's log, before or after.
    linked.alone(tx)
    newest = select(func.max(_table.c.counter)).where(_table.c.kid == kid)
    counter = max((tx.execute(newest).scalar() or 0) + 1, by.now)
    expires = by.now + by.ttl
    data = command.encode(Command(counter, expires, order))
    envelope = data + by.sign(command.to_sign(kid, data))
    if len(envelope) > command.MAX_ENVELOPE:
        raise BadFile(kid, "", "order_too_large", bytes=len(envelope), most=command.MAX_ENVELOPE)
    part, parts = (order.part, order.parts) if isinstance(order, Users | Staff | Faces) else (1, 1)
    row = {"kid": kid, "counter": counter, "name": command.name(order), "part": part}
    row |= {"parts": parts, "envelope": envelope, "issued": by.now, "expires": expires}
    tx.execute(insert(_table).values(row))
    log.info("command.issued kid=%s counter=%d order=%s", kid, counter, command.name(order))
    if isinstance(order, Configure):
        _supersede(tx, kid, counter, by.now)
    return counter


def users_orders(device: str, users: Sequence[User]) -> list[Users]:
    """A list of people as orders that each fit a command."""
    runs: list[list[User]] = [[]]
    room = _ROOM
    for user in users:
        size = len(msgspec.json.encode(user)) + 1
        if size > room or len(runs[-1]) == _MOST_USERS:
            runs.append([])
            room = _ROOM
        runs[-1].append(user)
        room -= size
    return [Users(device, tuple(run), part, len(runs)) for part, run in enumerate(runs, 1)]


def gap_orders(tx: Connection, kid: str) -> list[Resend]:
    """What to ask of a kiosk so that its open gaps close."""
    return [Resend(gap.epoch, gap.first, gap.last) for gap in standing.gaps(tx) if gap.kid == kid]


def is_due(tx: Connection, now: int, owned: Container[str] = topics.BUCKETS) -> bool:
    """Whether there is anything to send to kiosks of these buckets, or to give up. Asked every
    second, and writes nothing."""
    late = select(_table.c.counter).where(_late(now)).limit(1)
    return tx.execute(late).first() is not None or bool(_ready(tx, now, owned))


def to_send(
    tx: Connection, now: int, owned: Container[str] = topics.BUCKETS
) -> list[tuple[str, bytes, int]]:
    """What to send to kiosks of these buckets now: (kid, envelope, seconds until it expires), in
    the order of issue; and give up what nobody answered in time. (An answer that comes later still
    counts.)

    Once at each birth, and again after ten minutes without an answer.
    """
    tx.execute(update(_table).where(_late(now), _table.c.name.in_(_PRIVATE)).values(envelope=b""))
    tx.execute(update(_table).where(_late(now)).values(fate="expired"))
    chosen = _ready(tx, now, owned)
    for kid, counter, _, _ in chosen:
        which = (_table.c.kid == kid, _table.c.counter == counter)
        marks = {"fate": "sent", "sent": now, "times": _table.c.times + 1}
        tx.execute(update(_table).where(*which).values(marks))
    return [(kid, envelope, expires - now) for kid, _, envelope, expires in chosen]


def born(tx: Connection, kid: str) -> None:
    """A kiosk has connected: whatever it has not answered goes to it again."""
    mine = and_(_table.c.kid == kid, _table.c.fate.in_(OPEN))
    tx.execute(update(_table).where(mine).values(sent=0))


def answered(tx: Connection, kid: str, data: bytes, now: int) -> None:
    """Note what a kiosk says became of a command; what is not genuine changes nothing."""
    kiosk = ledger.kiosk(tx, kid)
    if kiosk is None:
        log.error("answer.unknown kid=%s", kid)
        return
    try:
        told = _told(tx, kiosk, data)
    except BatchError as problem:
        log.error("answer.refused kid=%s %s", kid, problem)
        return
    which = and_(_table.c.kid == kid, _table.c.counter == told.counter)
    row = tx.execute(select(_table.c.fate, _table.c.name).where(which)).first()
    if row is None:
        log.error("answer.unasked kid=%s counter=%d", kid, told.counter)
        return
    log.info("answer.taken kid=%s counter=%d outcome=%s", kid, told.counter, told.outcome)
    # Nothing else asks for something to be sent back. Templates that nobody waits for any more may
    # be those of somebody who was erased meanwhile.
    if row.name == "gather" and row.fate not in OPEN:
        return
    wanted = row.name in ("logs", "gather", "renew")
    if wanted and told.body and not answers.take(tx, kid, told):
        return
    marks: dict[str, object] = {"detail": told.detail[:_MOST_DETAIL].replace("\0", "?")}
    if told.outcome == "later":  # it is asked again at its next birth, or in ten minutes
        tx.execute(update(_table).where(which).values(marks))
    # A configuration that was given up later had been answered as done before; an old answer that
    # comes after that one again must not undo it.
    elif (row.fate, told.outcome) != ("failed", "done"):
        marks |= {"fate": told.outcome, "answered": now}
        marks |= {"envelope": b""} if row.name in _PRIVATE else {}
        tx.execute(update(_table).where(which).values(marks))


def _told(tx: Connection, kiosk: Kiosk, data: bytes) -> command.Answer:
    """Raises BatchError where the kiosk did not say it, or counts no more."""
    if kiosk.revoked:
        raise BatchError("the kiosk was revoked")
    if not sealed(b"answer", kiosk.kid, data, kiosk.mac_key):
        kiosk = credentials.turned(tx, kiosk, partial(sealed, b"answer", kiosk.kid, data)) or kiosk
    return command.decode_answer(kiosk.kid, data, kiosk.mac_key)


def fates(tx: Connection, kid: str | None = None, counters: Sequence[int] = ()) -> list[Sent]:
    """Every command (of a kiosk, with these counters), newest first, and what became of it."""
    columns = [_table.c[field] for field in Sent.__struct_fields__]
    query = select(*columns).order_by(_table.c.counter.desc(), _table.c.kid)
    if kid is not None:
        query = query.where(_table.c.kid == kid)
    if counters:
        query = query.where(_table.c.counter.in_(counters))
    return [Sent(*row) for row in tx.execute(query)]


def bundle(tx: Connection, kid: str) -> tuple[int, bytes] | None:
    """The newest whole body that a kiosk sent back, with its command's counter."""
    query = (
        select(_table.c.counter)
        .where(_table.c.kid == kid, _table.c.name == "logs", _table.c.fate == "done")
        .order_by(_table.c.counter.desc())
    )
    counter = tx.execute(query.limit(1)).scalar()
    if counter is None:
        return None
    table = schema.answer
    mine = (table.c.kid == kid, table.c.counter == counter)
    parts = tx.execute(select(table.c.body).where(*mine).order_by(table.c.part)).scalars()
    return counter, b"".join(parts)


def orders_of(tx: Connection, kid: str, name: str) -> Iterator[tuple[Sent, AnyOrder]]:
    """Every order of that name to a kiosk with its fate, newest first."""
    which = (_table.c.kid == kid, _table.c.name == name)
    held = dict(tx.execute(select(_table.c.counter, _table.c.envelope).where(*which)).all())
    for one in fates(tx, kid, list(held)) if held else []:
        if held[one.counter]:
            yield one, command.decode(command.split(held[one.counter])[0]).order


def size_of(tx: Connection, kid: str, counters: Sequence[int]) -> int:
    """Bytes of these commands as they go over the air, without MQTT's own."""
    which = (_table.c.kid == kid, _table.c.counter.in_(counters))
    return int(
        tx.execute(select(func.sum(func.length(_table.c.envelope))).where(*which)).scalar() or 0
    )


def withdraw(tx: Connection, kid: str, names: Sequence[str], before: int, now: int) -> int:
    """Ask a kiosk no longer for what it has not answered of these names and older than counter
    `before`, and forget what was in it; how many. What is on its way may be done all the same."""
    older = and_(_table.c.kid == kid, _table.c.name.in_(names), _table.c.counter < before)
    marks = {"fate": "refused", "detail": "withdrawn", "answered": now, "envelope": b""}
    done = tx.execute(update(_table).where(older, _table.c.fate.in_(OPEN)).values(marks))
    return done.rowcount


def _supersede(tx: Connection, kid: str, counter: int, now: int) -> None:
    """A newer configuration makes those that wait pointless: the kiosk would refuse them."""
    older = and_(_table.c.kid == kid, _table.c.name == "configure", _table.c.counter < counter)
    marks = {"fate": "refused", "detail": "older: a newer configuration was sent", "answered": now}
    tx.execute(update(_table).where(older, _table.c.fate == "waiting").values(marks))


def _late(now: int) -> ColumnElement[bool]:
    return and_(_table.c.fate.in_(OPEN), _table.c.expires < now)


def _ready(tx: Connection, now: int, owned: Container[str]) -> list[tuple[str, int, bytes, int]]:
    """(kid, counter, envelope, expires) of what a kiosk that is online should have now."""
    kiosk, its = schema.kiosk.c, _table.c
    query = (
        select(its.kid, its.counter, its.envelope, its.expires, kiosk.birth)
        .join(schema.kiosk, kiosk.kid == its.kid)
        .where(its.fate.in_(OPEN), its.sent <= now - _AGAIN, its.expires >= now)
        .where(kiosk.revoked == 0)
        .order_by(its.kid, its.counter)
    )
    return [
        (row.kid, row.counter, row.envelope, row.expires)
        for row in tx.execute(query).all()
        if topics.bucket(row.kid) in owned and _online(row.birth)
    ]


def _online(birth: bytes) -> bool:
    try:
        return decode_birth(birth).online
    except BatchError:
        return False
