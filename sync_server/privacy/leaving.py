"""The erasure of a person: face and number, name and NIP-to-PIN map, accounts; and what has to stay.

What was paid stays explainable: facts, letters, decisions and frozen months name a NIP and are kept.
The chains name a PIN only. Every function works inside its caller's transaction.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Literal

import msgspec
from sqlalchemy import Connection, Table, delete, func, select, update

from contract.people import is_nip
from sync_server import (
    commands,
    erasures,
    face_orders,
    galleries,
    letters,
    localtime,
    office_log,
    roster,
    schema,
    staffing,
)
from sync_server.accounts import book, sessions, tokens
from sync_server.closing import stored
from sync_server.commands import Issuer
from sync_server.erasures import Post
from sync_server.errors import BadFile
from sync_server.privacy import terminals

_LIST_DAYS = 14  # of a kiosk's new list, as `roster send` sends without being told
Why = Literal[
    "in_service", "month_open", "kiosk_list", "terminal", "unlooked", "pay", "audit", "asked"
]
# What stays until a person does something; the rest of `Why` is kept by law, or asked of a kiosk.
OPEN: frozenset[str] = frozenset(("in_service", "month_open", "kiosk_list", "terminal", "unlooked"))


class Part(msgspec.Struct, frozen=True):
    """One kind of what there is of a person: how many, and why it stays ("" = it is gone; "asked" = a
    kiosk was asked, and has to prove it). `detail` names what is meant: months, offices, kiosks."""

    what: str
    count: int
    why: Why | Literal[""] = ""
    detail: str = ""


class Erased(msgspec.Struct, frozen=True):
    """What was done at server UTC second `at`. `posts` are the offices and PINs whose kiosks have to
    prove it; they are told here for the last time where the map is gone."""

    nip: str
    at: int
    letter: str
    posts: tuple[Post, ...]
    parts: tuple[Part, ...]
    asked: dict[str, list[int]]  # counters of the commands to erase the face, by kiosk

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left for a person to do, but to await what kiosks prove."""
        return not any(one.why in OPEN for one in self.parts)


class Request(msgspec.Struct, frozen=True):
    """A line of the office's log: whose erasure was carried out when, by which letter."""

    nip: str
    at: int
    who: str
    letter: str


def erase(tx: Connection, key: bytes, by: Issuer, nip: str, letter: str) -> Erased:
    """Erase a person as far as may be, and note it. Raises BadFile where nobody has this NIP."""
    posts = tuple(roster.posts(tx, nip))
    _check_known(tx, nip, posts)
    templates, traces = _templates(tx, posts), _traces(tx, posts)
    asked: dict[str, list[int]] = {}
    for opd in sorted({opd for opd, _ in posts}):
        pins = [pin for office, pin in posts if office == opd]
        asked |= erasures.erase(tx, key, by, opd, pins)
    number = letters.forbid(tx, nip)
    parts = [Part("templates", templates), Part("number", int(number))]
    parts += [*_map(tx, by, nip, posts), *kept(tx, nip), *on_terminals(tx, posts, by.now)]
    there = [one for one in parts if one.count]
    if asked:  # also where no chain speaks of a face: what a kiosk never told nobody knows
        there.insert(0, Part("faces", traces, "asked", ", ".join(sorted(asked))))
    who = office_log.system_user()
    office_log.note(tx, by.now, who, "person_erased", whom=nip, detail=letter)
    return Erased(nip, by.now, letter, posts, tuple(there), asked)


def name_kept(tx: Connection, nip: str, now: int) -> Part | None:
    """Why name and NIP-to-PIN map cannot go yet; None where they can, or are gone."""
    rows, why = _count(tx, schema.person, nip), _why_needed(tx, nip, now)
    return Part("map", rows, *why) if rows and why else None


def on_terminals(tx: Connection, posts: Sequence[Post], now: int) -> Iterator[Part]:
    """What a person has to remove at terminals, or to look for there."""
    found = list(terminals.held(tx, posts, now))
    for known in (True, False):
        some = [f"{one.serial} ({one.opd}/{one.pin})" for one in found if one.known is known]
        why: Why = "terminal" if known else "unlooked"
        if some:
            yield Part("terminals", len(some), why, ", ".join(some))


def _templates(tx: Connection, posts: tuple[Post, ...]) -> int:
    its = schema.face_template.c
    query = select(func.count()).select_from(schema.face_template)
    found = [tx.execute(query.where(its.opd == opd, its.pin == pin)) for opd, pin in posts]
    return sum(one.scalar_one() for one in found)


def _traces(tx: Connection, posts: tuple[Post, ...]) -> int:
    """At how many kiosks the chain says that a face of his is held."""
    count = 0
    for opd in {opd for opd, _ in posts}:
        pins = {pin for office, pin in posts if office == opd}
        for kiosk in face_orders.kiosks_of(tx, opd):
            last = {one.pin: one.change for one in galleries.traces(tx, kiosk.kid)}
            count += any(last.get(pin) in galleries.HOLDS for pin in pins)
    return count


def requests(tx: Connection, nip: str = "") -> list[Request]:
    """Every erasure of a person (of one NIP), newest first."""
    asked = office_log.Filter(did="person_erased", whom=nip)
    lines = office_log.lines(tx, asked, limit=office_log.count(tx, asked))
    return [Request(one.whom, one.at, one.who, one.detail) for one in lines]


def _check_known(tx: Connection, nip: str, posts: tuple[Post, ...]) -> None:
    if not is_nip(nip):
        raise BadFile(nip, "", "erase_nip")
    if not posts and not any(one.count for one in kept(tx, nip)) and not _accounts(tx, nip):
        raise BadFile(nip, "", "erase_nobody")


def _map(tx: Connection, by: Issuer, nip: str, posts: tuple[Post, ...]) -> Iterator[Part]:
    """Name, NIP-to-PIN map, turns, tax number and accounts, unless they are still needed."""
    rows = _count(tx, schema.person, nip)
    if why := _why_needed(tx, nip, by.now):
        yield Part("map", rows, *why)
        return
    yield Part("map", rows)
    yield Part("turns", _count(tx, schema.rota, nip))
    for table in (schema.person, schema.rota):
        tx.execute(delete(table).where(table.c.nip == nip))
    yield Part("npwp", _drop_tax_number(tx, nip))
    yield Part("accounts", _close_accounts(tx, nip, by.now))
    yield from _new_lists(tx, by, {opd for opd, _ in posts})


def _why_needed(tx: Connection, nip: str, now: int) -> tuple[Why, str] | None:
    """Who serves is known by name; and a month that is not frozen cannot be paid without it."""
    its, today = schema.person.c, localtime.newest_day(now).isoformat()
    serving = select(its.opd).where(its.nip == nip, its.valid_to >= today).distinct()
    if offices := sorted(tx.execute(serving).scalars()):
        return "in_service", ", ".join(offices)
    if months := [f"{month} ({opd})" for opd, month in _open_months(tx, nip)]:
        return "month_open", ", ".join(months)
    return None


def _open_months(tx: Connection, nip: str) -> Iterator[tuple[str, str]]:
    """(office, month) of whatever counts him and is not frozen."""
    its = schema.day.c
    query = select(its.opd, func.substr(its.workdate, 1, 7)).where(its.nip == nip).distinct()
    for opd, month in sorted(tuple(row) for row in tx.execute(query)):
        found = stored.standing(tx, opd, month)
        if found is None or found.state != "frozen":
            yield opd, month


def _drop_tax_number(tx: Connection, nip: str) -> int:
    its = schema.post.c
    drop = update(schema.post).where(its.nip == nip, its.npwp != "").values(npwp="")
    return tx.execute(drop).rowcount


def _accounts(tx: Connection, nip: str) -> list[str]:
    its = schema.account.c
    return list(tx.execute(select(its.name).where(its.nip == nip)).scalars())


def _close_accounts(tx: Connection, nip: str, now: int) -> int:
    """The login's name stays, because decisions name it; whose it was does not."""
    names = _accounts(tx, nip)
    for name in names:
        book.set_disabled(tx, name, off=True)
        book.drop_password(tx, name)
        sessions.end_all(tx, name)
        tokens.revoke_all(tx, name, now)
    its = schema.account.c
    tx.execute(update(schema.account).where(its.nip == nip).values(nip="", subject=""))
    return len(names)


def _new_lists(tx: Connection, by: Issuer, offices: set[str]) -> Iterator[Part]:
    """The kiosks' lists of names, sent anew to those that were ever told one."""
    for kiosk in (one for opd in sorted(offices) for one in face_orders.kiosks_of(tx, opd)):
        if not any(one.name == "staff" for one in commands.fates(tx, kiosk.kid)):
            continue
        try:
            told = staffing.briefing(tx, kiosk, _LIST_DAYS, by.now)
        except BadFile:  # nobody is left, or no calendar: then a person has to see to it
            yield Part("kiosk_list", 1, "kiosk_list", kiosk.kid)
            continue
        counters = [commands.issue(tx, by, kiosk.kid, order) for order in told.orders]
        commands.withdraw(tx, kiosk.kid, ("staff",), counters[0], by.now)
        yield Part("kiosk_list", 1, detail=kiosk.kid)


def kept(tx: Connection, nip: str) -> Iterator[Part]:
    """What names the NIP and is kept, because pay and its audit rest on it."""
    its = schema.day.c
    span = select(func.min(its.workdate), func.max(its.workdate)).where(its.nip == nip)
    first, last = tx.execute(span).one()
    days = f"{_day(first)} - {_day(last)}" if first else ""
    yield Part("facts", _count(tx, schema.day, nip), "pay", days)
    for table in (schema.absence, schema.correction, schema.activity, schema.productivity):
        yield Part(table.name, _count(tx, table, nip), "pay")
    for table in (schema.post, schema.susulan):
        yield Part(table.name, _count(tx, table, nip), "pay")
    yield Part("decision", _count(tx, schema.decision, nip), "audit")
    whom = select(func.count()).select_from(schema.access).where(schema.access.c.whom == nip)
    yield Part("access", tx.execute(whom).scalar_one(), "audit")


def _day(text: str) -> str:
    return date.fromisoformat(text).strftime("%d-%m-%Y")


def _count(tx: Connection, table: Table, nip: str) -> int:
    query = select(func.count()).select_from(table).where(table.c.nip == nip)
    return tx.execute(query).scalar_one()
