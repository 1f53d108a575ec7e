"""What other applications are told of: each notice waits here until its receiver has taken it.

A notice is written in the transaction of what it tells of, so that neither is there without the
other; `webhooks` sends it.
"""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

import msgspec
from sqlalchemy import Connection, bindparam, func, insert, select, update

from sync_server import schema
from sync_server.errors import BadFile

KINDS = ("month.closed", "month.frozen", "month.susulan", "correction.decided")
GIVEN_UP_S = 7 * 86_400  # after a week of tries somebody has to look, and to replay it
_FIRST_WAIT_S, _MOST_WAIT_S = 10, 3_600
NEVER = 1 << 62  # when a notice is due that was given up
# What is told must not travel in the clear; on this machine it does not travel.
_SAFE = re.compile(r"https://[^/]|http://(127\.0\.0\.1|localhost|\[::1\])(:[0-9]+)?(/|$)")


class Receiver(msgspec.Struct, frozen=True):
    """An application that is told. `made` and `ended` (0: it is still told) are UTC seconds."""

    no: int
    url: str
    kinds: tuple[str, ...]
    made: int
    ended: int
    waiting: int
    given_up: int


class Notice(msgspec.Struct, frozen=True):
    """A notice that is due. `made` is UTC seconds; `tries` counts those that failed."""

    no: int
    kind: str
    body: bytes
    made: int
    tries: int
    receiver: int
    url: str
    secret: str


class Asked(msgspec.Struct, frozen=True):
    """An address that is to be told of some kinds, signed with `secret`; `by` asked for it."""

    url: str
    secret: str
    kinds: Sequence[str]
    by: str


def add(tx: Connection, asked: Asked, now: int) -> int:
    """Tell an address from now on; its number. Raises BadFile."""
    url, kinds = asked.url, asked.kinds
    if not _SAFE.match(url):
        raise BadFile("webhook", "url", "webhook_not_https", url=url)
    if not _has_host(url):
        raise BadFile("webhook", "url", "webhook_host", url=url)
    if strange := sorted(set(kinds) - set(KINDS)):
        known = ", ".join(KINDS)
        raise BadFile("webhook", "kinds", "webhook_kind", kind=strange[0], known=known)
    row = {
        "url": url,
        "secret": asked.secret,
        "kinds": " ".join(kinds),
        "made": now,
        "made_by": asked.by,
    }
    made = insert(schema.webhook).values(row).returning(schema.webhook.c.no)
    no: int = tx.execute(made).scalar_one()
    return no


def _has_host(url: str) -> bool:
    """Whether a name server can be asked for it at all."""
    try:
        parts = urlsplit(url)
        return bool(parts.port != 0 and (parts.hostname or "").encode("idna"))
    except ValueError:
        return False


def end(tx: Connection, no: int, now: int) -> bool:
    """Tell this receiver nothing more; whether there was one."""
    its = schema.webhook.c
    ended = update(schema.webhook).where(its.no == no, its.ended == 0).values(ended=now)
    return bool(tx.execute(ended).rowcount)


def tell(tx: Connection, kind: str, body: object, now: int) -> None:
    """Let everybody who asked for this kind be told; `body` becomes JSON."""
    its = schema.webhook.c
    data = msgspec.json.encode(body, order="sorted")
    for no, kinds in tx.execute(select(its.no, its.kinds).where(its.ended == 0)).all():
        if kind in kinds.split():
            row = {"webhook": no, "kind": kind, "body": data, "made": now, "due": now, "said": ""}
            tx.execute(insert(schema.notice).values(row))


def due(tx: Connection, now: int, most: int = 20) -> list[Notice]:
    """Notices whose time has come, oldest first; of each receiver's at most so many."""
    notice, webhook = schema.notice, schema.webhook
    place = func.row_number().over(
        partition_by=notice.c.webhook, order_by=(notice.c.due, notice.c.no)
    )
    timely = (notice.c.done == 0, notice.c.due <= now)
    first = select(notice.c.no, place.label("place")).where(*timely).subquery()
    rows = tx.execute(
        select(
            notice.c.no,
            notice.c.kind,
            notice.c.body,
            notice.c.made,
            notice.c.tries,
            webhook.c.no,
            webhook.c.url,
            webhook.c.secret,
        )
        .join(webhook, webhook.c.no == notice.c.webhook)
        .join(first, first.c.no == notice.c.no)
        .where(first.c.place <= most, webhook.c.ended == 0)
        .order_by(notice.c.due, notice.c.no)
    )
    return [Notice(*row) for row in rows]


_SETTLE = (
    update(schema.notice)
    .where(schema.notice.c.no == bindparam("which"))
    .values(
        tries=schema.notice.c.tries + bindparam("failed"),
        done=bindparam("at"),
        due=bindparam("next"),
        said=bindparam("answer"),
    )
)


def taken(tx: Connection, notice: Notice, said: str, now: int) -> None:
    """The receiver has it; `said` is what it answered."""
    settled = {"which": notice.no, "failed": 0, "at": now, "next": now, "answer": said}
    tx.execute(_SETTLE, settled)


def failed(tx: Connection, notice: Notice, said: str, now: int) -> None:
    """Try again later and later, up to each hour; after a week no more."""
    wait = min(_MOST_WAIT_S, _FIRST_WAIT_S << min(notice.tries, 12))
    again = NEVER if now - notice.made > GIVEN_UP_S else now + wait
    tried = {"which": notice.no, "failed": 1, "at": 0, "next": again, "answer": said}
    tx.execute(_SETTLE, tried)


def replay(tx: Connection, no: int, since: int, now: int) -> int:
    """Send a receiver everything again that was made since then (UTC seconds); how many."""
    its = schema.notice.c
    again = update(schema.notice).where(its.webhook == no, its.made >= since)
    return tx.execute(again.values(done=0, due=now)).rowcount


def receivers(tx: Connection) -> list[Receiver]:
    """Everybody who is or was told."""
    its, notice = schema.webhook.c, schema.notice.c
    left = select(notice.webhook, func.count().label("n")).where(notice.done == 0)
    waiting: dict[int, int] = dict(
        tx.execute(left.where(notice.due != NEVER).group_by(notice.webhook)).all()
    )
    given_up: dict[int, int] = dict(
        tx.execute(left.where(notice.due == NEVER).group_by(notice.webhook)).all()
    )
    return [
        Receiver(
            no=row.no,
            url=row.url,
            kinds=tuple(row.kinds.split()),
            made=row.made,
            ended=row.ended,
            waiting=waiting.get(row.no, 0),
            given_up=given_up.get(row.no, 0),
        )
        for row in tx.execute(select(schema.webhook).order_by(its.no))
    ]
