"""Whose month an office pays: the people whose last entry of the month is in it, and their posts."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import lru_cache

import msgspec
from sqlalchemy import Connection, select

from sync_server import localtime, schema

_AT_ONCE = 500  # SQLite takes 32,766 values in one statement, its older builds 999


class Post(msgspec.Struct, frozen=True, gc=False):
    """What a month's TPP is paid for; `base` in whole rupiah."""

    title: str
    rank: str
    grade: str
    base: int
    npwp: str
    exempt: bool


class Member(msgspec.Struct, frozen=True, gc=False):
    """One person of an office's month. `days` are those of the month on which some office knew the
    person; `elsewhere` the other offices among them, whose facts count too."""

    nip: str
    name: str
    days: frozenset[date]
    elsewhere: frozenset[str]
    post: Post | None


class _Entry(msgspec.Struct, frozen=True, gc=False):
    opd: str
    name: str
    first: date
    last: date


def members(tx: Connection, opd: str, month: str) -> list[Member]:
    """The people whom the office's month is of, by NIP; who moved away within it is not here."""
    first, last = localtime.month_days(month)
    posts = _posts(tx, _nips(tx, opd, first, last), first, last)
    found = _entries(tx, _nips(tx, opd, first, last), first, last)
    return [
        Member(
            nip,
            _newest(entries).name,
            frozenset().union(*(_days(one.first, one.last) for one in entries)),
            frozenset([one.opd for one in entries if one.opd != opd]),
            posts.get(nip),
        )
        for nip, entries in sorted(found.items())
        if _newest(entries).opd == opd
    ]


def _newest(entries: Iterable[_Entry]) -> _Entry:
    """The entry that holds at the month's end; of several the one that began last."""
    return max(entries, key=lambda one: (one.last, one.first, one.opd, one.name))


@lru_cache(256)  # nearly everybody's is the month
def _days(first: date, last: date) -> frozenset[date]:
    return frozenset(first + timedelta(days=n) for n in range((last - first).days + 1))


def _nips(tx: Connection, opd: str, first: date, last: date) -> list[str]:
    its = schema.person.c
    query = select(its.nip).distinct().where(its.opd == opd)
    valid = (its.valid_from <= last.isoformat(), its.valid_to >= first.isoformat())
    return list(tx.execute(query.where(*valid).order_by(its.nip)).scalars())


def _entries(tx: Connection, nips: list[str], first: date, last: date) -> dict[str, list[_Entry]]:
    """Everybody's entries in all offices, cut to the month."""
    its = schema.person.c
    valid = (its.valid_from <= last.isoformat(), its.valid_to >= first.isoformat())
    found: dict[str, list[_Entry]] = {}
    for some in _some(nips):
        for row in tx.execute(select(schema.person).where(its.nip.in_(some), *valid)):
            begins, ends = date.fromisoformat(row.valid_from), date.fromisoformat(row.valid_to)
            entry = _Entry(row.opd, row.name, max(begins, first), min(ends, last))
            found.setdefault(row.nip, []).append(entry)
    return found


def _posts(tx: Connection, nips: list[str], first: date, last: date) -> dict[str, Post]:
    """The post that somebody holds at the month's end, or held last within it."""
    its = schema.post.c
    valid = (its.valid_from <= last.isoformat(), its.valid_to >= first.isoformat())
    found: dict[str, Post] = {}
    for some in _some(nips):
        query = select(schema.post).where(its.nip.in_(some), *valid).order_by(its.valid_from)
        for row in tx.execute(query):
            found[row.nip] = Post(
                row.title, row.rank, row.grade, row.base, row.npwp, bool(row.exempt)
            )
    return found


def _some(nips: list[str]) -> Iterator[list[str]]:
    for at in range(0, len(nips), _AT_ONCE):
        yield nips[at : at + _AT_ONCE]
