"""Offices as a tree and people's posts: whose TPP is what, who signs, who is whose superior.

A superior's place is answered for a day, because posts change: an acting superior (Plt) is a new row of
jabatan.csv from a date, or the head (kepala) that the office's row names.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, Select, delete, insert, select

from sync_server import schema, tables

_ASKED = 5_000


class Office(msgspec.Struct, frozen=True):
    """A unit of the region. `lat` and `lon` are microdegrees; `head` and `treasurer` are NIPs."""

    opd: str
    name: str
    parent: str = ""
    lat: int | None = None
    lon: int | None = None
    head: str = ""
    treasurer: str = ""


class Post(msgspec.Struct, frozen=True):
    """Somebody's post for days, inclusive. `base` is the TPP in rupiah a month, `superior` a NIP;
    `exempt` people are not recorded at all."""

    nip: str
    title: str
    rank: str
    grade: str
    base: int
    superior: str
    npwp: str
    exempt: bool
    mulai: date
    selesai: date


def store_offices(tx: Connection, offices: Sequence[Office]) -> None:
    """Keep these offices; others stay as they are."""
    table = schema.office
    rows = [msgspec.to_builtins(office) for office in offices]
    for office in offices:
        tx.execute(delete(table).where(table.c.opd == office.opd))
    tx.execute(insert(table), rows)


def store_posts(tx: Connection, posts: Sequence[Post]) -> None:
    """Replace the posts of every person in `posts` from the first day on that they name; what was
    before it stays."""
    table = schema.post
    nips = {post.nip for post in posts}
    known = [one for held in histories(tx, nips).values() for one in held]
    for nip in nips:
        tx.execute(delete(table).where(table.c.nip == nip))
    rows = []
    for post in (*tables.earlier(known, posts), *posts):
        row = msgspec.to_builtins(post)
        rows.append(row | {"valid_from": row.pop("mulai"), "valid_to": row.pop("selesai")})
    tx.execute(insert(table), rows)


def offices(tx: Connection) -> list[Office]:
    """All offices, by code."""
    found = tx.execute(select(schema.office).order_by(schema.office.c.opd))
    return [Office(**row._mapping) for row in found]


def office(tx: Connection, opd: str) -> Office | None:
    """An office, None where it was never imported."""
    row = tx.execute(select(schema.office).where(schema.office.c.opd == opd)).one_or_none()
    return Office(**row._mapping) if row else None


def is_known(tx: Connection, opd: str) -> bool:
    """Whether an office, people or a kiosk of it were ever entered."""
    tables = (schema.office, schema.person, schema.kiosk)
    found = (
        tx.execute(select(one.c.opd).where(one.c.opd == opd).limit(1)).first() for one in tables
    )
    return any(found)


def tree(tx: Connection, opd: str) -> frozenset[str]:
    """An office and all below it."""
    its = schema.office.c
    parents = tx.execute(select(its.opd, its.parent))
    return frozenset(_below({one: above for one, above in parents}, opd))


def _below(parents: dict[str, str], opd: str) -> set[str]:
    children: dict[str, list[str]] = {}
    for one, parent in parents.items():
        children.setdefault(parent, []).append(one)
    found, ahead = {opd}, [opd]
    while ahead:
        new = [one for one in children.get(ahead.pop(), []) if one not in found]
        found.update(new)
        ahead.extend(new)
    return found


def post_of(tx: Connection, nip: str, day: date) -> Post | None:
    """Somebody's post on a day."""
    return posts_of(tx, [nip], day).get(nip)


def posts_of(tx: Connection, nips: Collection[str] | None, day: date) -> dict[str, Post]:
    """The posts of people on a day, by NIP; of everybody where `nips` is None."""
    its = schema.post.c
    on = day.isoformat()
    query = select(schema.post).where(its.valid_from <= on, its.valid_to >= on)
    rows = tx.execute(query) if nips is None else _of_people(tx, query, its.nip, nips)
    return {row.nip: _of_row(row) for row in rows}


def history(tx: Connection, nip: str) -> list[Post]:
    """Somebody's posts, oldest first."""
    its = schema.post.c
    query = select(schema.post).where(its.nip == nip).order_by(its.valid_from)
    return [_of_row(row) for row in tx.execute(query)]


def histories(tx: Connection, nips: Collection[str]) -> dict[str, list[Post]]:
    """All posts of these people, by NIP."""
    known: dict[str, list[Post]] = {}
    for row in _of_people(tx, select(schema.post), schema.post.c.nip, nips):
        known.setdefault(row.nip, []).append(_of_row(row))
    return known


def _of_row(row: Row[tuple[object, ...]]) -> Post:
    values = dict(row._mapping)
    values["mulai"] = date.fromisoformat(values.pop("valid_from"))
    values["selesai"] = date.fromisoformat(values.pop("valid_to"))
    return Post(**values)


class Ladder:
    """Who is above whom on which day, for some people: the superior that the post names, else the
    head of the office; for a head, the head of the office above."""

    def __init__(
        self,
        offices: Sequence[Office],
        posts: dict[str, list[Post]],
        places: dict[str, list[tuple[date, date, str]]],
    ) -> None:
        self._offices = {one.opd: one for one in offices}
        self._posts = posts
        self._places = places

    def office(self, nip: str, day: date) -> str:
        """The office that somebody belongs to on a day, the first by code; "" where there is none."""
        known = self._places.get(nip, ())
        return min((opd for first, last, opd in known if first <= day <= last), default="")

    def superior(self, nip: str, day: date) -> str:
        """The NIP of somebody's superior on a day, "" where there is none."""
        for post in self._posts.get(nip, ()):
            if post.mulai <= day <= post.selesai and post.superior:
                return post.superior
        return next(iter(self.heads(nip, day)), "")

    def heads(self, nip: str, day: date) -> list[str]:
        """The heads of somebody's office and of those above it, nearest first, never himself."""
        found, opd = [], self.office(nip, day)
        while one := self._offices.get(opd):
            if one.head and one.head != nip:
                found.append(one.head)
            opd = one.parent
        return found


def ladder(tx: Connection, nips: Collection[str]) -> Ladder:
    """What is known of these people's places."""
    its = schema.person.c
    places: dict[str, list[tuple[date, date, str]]] = {}
    query = select(its.nip, its.valid_from, its.valid_to, its.opd)
    for row in _of_people(tx, query, its.nip, nips):
        span = (date.fromisoformat(row.valid_from), date.fromisoformat(row.valid_to), row.opd)
        places.setdefault(row.nip, []).append(span)
    return Ladder(offices(tx), histories(tx, nips), places)


def _of_people(
    tx: Connection, query: Select[Any], nip: ColumnElement[str], nips: Collection[str]
) -> Iterator[Row[Any]]:  # fmt: skip
    """A database takes only so many values in one question."""
    every = sorted(nips)
    for begin in range(0, len(every), _ASKED):
        yield from tx.execute(query.where(nip.in_(every[begin : begin + _ASKED])))


def office_of(tx: Connection, nip: str, day: date) -> str | None:
    """The office that somebody belongs to on a day; the first by code where there are several."""
    return ladder(tx, [nip]).office(nip, day) or None


def superior_of(tx: Connection, nip: str, day: date) -> str:
    """The NIP of somebody's superior on a day, "" where there is none."""
    return ladder(tx, [nip]).superior(nip, day)


def juniors(tx: Connection, nip: str, day: date) -> frozenset[str]:
    """The NIPs of those whose superior somebody is on a day."""
    people = _next_below(tx, nip)
    known = ladder(tx, people)
    return frozenset(one for one in people if known.superior(one, day) == nip)


def below(tx: Connection, nip: str) -> frozenset[str]:
    """Whoever has or had somebody as superior by a post, and all people of the offices that he heads."""
    led = _led({one.opd: one for one in offices(tx)}, nip)
    return frozenset(_named_below(tx, nip) | _people_of(tx, led))


def _next_below(tx: Connection, nip: str) -> set[str]:
    """Everybody who may be his junior: of the offices that he heads, those of whom no other head is
    nearer, and the other heads themselves."""
    known = {one.opd: one for one in offices(tx)}
    led = _led(known, nip)
    heads = {known[opd].head for opd in led if known[opd].head}
    nearest = {opd for opd in led if _nearest_head(known, opd) == nip}
    return _named_below(tx, nip) | heads | _people_of(tx, nearest)


def _nearest_head(known: Mapping[str, Office], opd: str) -> str:
    one = known.get(opd)
    while one and not one.head:
        one = known.get(one.parent)
    return one.head if one else ""


def _led(known: Mapping[str, Office], nip: str) -> set[str]:
    """The offices that somebody heads, with those below them."""
    parents = {opd: one.parent for opd, one in known.items()}
    return {low for opd, one in known.items() if one.head == nip for low in _below(parents, opd)}


def _named_below(tx: Connection, nip: str) -> set[str]:
    its = schema.post.c
    return set(tx.execute(select(its.nip).where(its.superior == nip)).scalars())


def _people_of(tx: Connection, opds: Collection[str]) -> set[str]:
    its = schema.person.c
    return set(tx.execute(select(its.nip).where(its.opd.in_(opds))).scalars()) if opds else set()
