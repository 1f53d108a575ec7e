"""Who and what was exposed by a kiosk, an account or the server itself, as far as the ledger can tell.

For UU 27/2022: whoever's data got out is told in writing within 3 x 24 hours. In doubt somebody is on the
list: what a stolen card wrote after it was last on line nobody here can know.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

import msgspec
from sqlalchemy import Connection, func, select

from contract.people import is_nip
from sync_server import commands, face_orders, galleries, letters, office_log, roster, schema
from sync_server.accounts import book, viewing
from sync_server.errors import BadFile
from sync_server.roles import may

What = Literal["pin", "name", "nip_mark", "template", "number", "nip", "pay", "record", "account"]
_ORDER: tuple[What, ...] = What.__args__  # type: ignore[attr-defined]
# What a look at a whole office shows, by how the office's log calls it; any other act is about `whom`.
_WHOLE_OFFICE: Mapping[str, What] = {
    "board": "record",
    "api_live": "record",
    "api_facts": "record",
    "read_report": "record",
    "absences_read": "record",
    "corrections_counted": "record",
    "month_read": "pay",
    "api_month": "pay",
    "export": "pay",
    "whatif": "pay",
}


class Person(msgspec.Struct, frozen=True):
    """Somebody concerned, as known now: NIP and name are "" of a PIN that no import names."""

    opd: str
    pin: str
    nip: str
    name: str
    what: tuple[What, ...]


class Act(msgspec.Struct, frozen=True):
    """What an account did, how often, and where, first and last (server UTC seconds)."""

    did: str
    opd: str
    count: int
    first: int
    last: int


class Exposure(msgspec.Struct, frozen=True):
    """`kind` is "kiosk", "account" or "server", `which` its name. `kiosks` are those concerned; `acts`
    and `reach` (people an account may see at all; None where that is not asked) of an account alone.
    `accounts` are logins that no NIP belongs to, which are not people; `shut`: whether this kiosk is
    revoked, or this account disabled, already."""

    kind: Literal["kiosk", "account", "server"]
    which: str
    since: int
    until: int
    kiosks: tuple[str, ...]
    people: tuple[Person, ...]
    acts: tuple[Act, ...] = ()
    reach: int | None = None
    accounts: tuple[str, ...] = ()
    shut: bool = False

    @property
    def what(self) -> tuple[What, ...]:
        """Every kind of data of anybody, in one order."""
        found = {what for one in self.people for what in one.what}
        found |= {"account"} if self.accounts else set()
        return tuple(what for what in _ORDER if what in found)


_Found = dict[tuple[str, str], set[What]]


def of_kiosk(tx: Connection, kid: str, since: int, until: int) -> Exposure:
    """What the kiosk, or whoever has its card, held at any time in between (server UTC seconds).
    Raises BadFile."""
    kiosk = face_orders.known_kiosk(tx, kid)
    found: _Found = defaultdict(set)
    for pin in _pins_of(tx, kid):
        found[kiosk.opd, pin] |= {"pin", "record"}
    if _was_told(tx, kid, "staff", until):
        marks = letters.number_marks(tx)
        for one in roster.people(tx, kiosk.opd):
            found[kiosk.opd, one.pin] |= {"pin", "name", "nip_mark"}
            found[kiosk.opd, one.pin] |= {"number"} if one.nip in marks else set()
    for pin in _templates_of(tx, kid, since):
        found[kiosk.opd, pin] |= {"pin", "template"}
    if _was_told(tx, kid, "faces", until, only_open=True):  # on its way: it may have come
        its = schema.face_template.c
        for pin in tx.execute(select(its.pin).where(its.opd == kiosk.opd)).scalars():
            found[kiosk.opd, pin] |= {"pin", "template"}
    its = schema.kiosk.c
    revoked = tx.execute(select(its.revoked).where(its.kid == kid)).scalar_one()
    people = _people(tx, found)
    return Exposure("kiosk", kid, since, until, (kid,), people, shut=bool(revoked))


def of_account(tx: Connection, name: str, since: int, until: int) -> Exposure:
    """What an account opened in between by the office's log. Raises BadFile."""
    account = book.find(tx, name)
    if account is None:
        raise BadFile(name, "", "account_unknown")
    asked = office_log.Filter(who=account.name, since=since, until=until)
    lines = office_log.lines(tx, asked, limit=office_log.count(tx, asked))
    found: _Found = defaultdict(set)
    for did, opd, whom in {(one.did, one.opd, one.whom) for one in lines}:
        _opened(tx, (did, opd, whom), found)
    people, acts, reach = _people(tx, found), tuple(_acts(lines)), _reach(tx, account, until)
    shut = account.disabled
    return Exposure("account", account.name, since, until, (), people, acts, reach, shut=shut)


def of_server(tx: Connection, since: int, until: int) -> Exposure:
    """Everything that the database and the state folder hold."""
    found: _Found = defaultdict(set)
    marks = letters.number_marks(tx)
    for opd in tx.execute(select(schema.person.c.opd).distinct()).scalars().all():
        for one in roster.people(tx, opd):
            found[opd, one.pin] |= {"pin", "name", "nip", "record", "pay"}
            found[opd, one.pin] |= {"number"} if one.nip in marks else set()
    its = schema.face_template.c
    for opd, pin in tx.execute(select(its.opd, its.pin)):
        found[opd, pin] |= {"pin", "template"}
    kiosks = face_orders.kiosks_of(tx, None)
    for kiosk in kiosks:
        for pin in _pins_of(tx, kiosk.kid):
            found[kiosk.opd, pin] |= {"pin", "record"}
    listed = [*_people(tx, found), *_unlisted(tx)]
    people, accounts = _with_accounts(listed, book.every(tx))
    concerned = tuple(kiosk.kid for kiosk in kiosks)
    return Exposure("server", "", since, until, concerned, people, accounts=accounts)


def _pins_of(tx: Connection, kid: str) -> list[str]:
    """Every PIN of its chains: a card keeps its journal, and a newer one may be a copy's copy."""
    its = schema.pin.c
    return list(tx.execute(select(its.pin).where(its.kid == kid).distinct()).scalars())


def _was_told(
    tx: Connection, kid: str, name: str, until: int, *, only_open: bool = False
) -> bool:  # fmt: skip
    return any(
        one.name == name and one.times and one.issued <= until
        for one in commands.fates(tx, kid)
        if not only_open or one.fate in ("sent", "expired", "waiting")
    )


def _templates_of(tx: Connection, kid: str, since: int) -> set[str]:
    """Whose face was there at `since` or came later, by the kiosk's own chain."""
    held: dict[str, bool] = {}
    for one in galleries.traces(tx, kid):
        holds = one.change in galleries.HOLDS
        gone_before = not holds and one.received < since
        held[one.pin] = holds or (held.get(one.pin, False) and not gone_before)
    return {pin for pin, there in held.items() if there}


def _opened(tx: Connection, line: tuple[str, str, str], found: _Found) -> None:
    did, offices, whom = line
    what = _WHOLE_OFFICE.get(did)
    for opd in offices.split() if what else ():
        for one in roster.people(tx, opd):
            found[opd, one.pin] |= {"name", "nip", what or "record"}
    if is_nip(whom):
        for opd, pin in roster.posts(tx, whom) or [(offices, whom)]:
            found[opd, pin] |= {"name", "nip", "record"}
    elif whom and offices and what is None:
        found[offices, whom] |= {"pin"}


def _acts(lines: Iterable[office_log.Line]) -> Iterator[Act]:
    seen: dict[tuple[str, str], list[int]] = defaultdict(list)
    for one in lines:
        seen[one.did, one.opd].append(one.at)
    for (did, opd), at in sorted(seen.items()):
        yield Act(did, opd, len(at), min(at), max(at))


def _reach(tx: Connection, account: book.Account, until: int) -> int | None:
    """How many people he could have opened, whatever the log says: the most that may have got out."""
    known = viewing.viewer(tx, account.name, until)
    if known is None:
        return None
    viewer = known[0]
    its = schema.person.c
    query = select(func.count(its.nip.distinct()))
    if not (may(viewer, "see_people") or may(viewer, "see_pay")):
        return len(viewer.juniors) + bool(viewer.nip)
    if viewer.reach is not None:
        query = query.where(its.opd.in_(viewer.reach) | its.nip.in_(viewer.juniors))
    return tx.execute(query).scalar_one()


def _people(tx: Connection, found: _Found) -> tuple[Person, ...]:
    """By office and name; of a PIN that several had, everybody."""
    by_post: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for opd in sorted({opd for opd, _ in found}):
        for one in roster.people(tx, opd):
            by_post[opd, one.pin][one.nip] = one.nama
    people = []
    for (opd, pin), what in found.items():
        kinds = tuple(kind for kind in _ORDER if kind in what)
        if owners := by_post.get((opd, pin)):
            people += [Person(opd, pin, nip, name, kinds) for nip, name in owners.items()]
        else:
            nip = pin if is_nip(pin) else ""
            people.append(Person(opd, "" if nip else pin, nip, "", kinds))
    return tuple(sorted(people, key=lambda one: (one.opd, one.name, one.pin, one.nip)))


def _unlisted(tx: Connection) -> Iterator[Person]:
    """Those of whom facts are kept and no name any more."""
    its, listed = schema.day.c, select(schema.person.c.nip)
    query = select(func.min(its.opd), its.nip).where(its.nip.not_in(listed)).group_by(its.nip)
    for opd, nip in tx.execute(query.order_by(its.nip)):
        yield Person(opd, "", nip, "", ("nip", "pay", "record"))


def _with_accounts(
    listed: Iterable[Person], accounts: Iterable[book.Account]
) -> tuple[tuple[Person, ...], tuple[str, ...]]:
    """People with their logins, and the logins that are nobody's here. An account of a NIP that no
    import names is a person all the same."""
    owners = {one.nip: one for one in accounts if one.nip}
    people = []
    for one in listed:
        more: tuple[What, ...] = ("account",) if one.nip in owners else ()
        people.append(msgspec.structs.replace(one, what=(*one.what, *more)))
    seen = {one.nip for one in people}
    people += [
        Person(one.opd, "", nip, "", ("nip", "account"))
        for nip, one in sorted(owners.items())
        if nip not in seen
    ]
    return tuple(people), tuple(sorted(one.name for one in accounts if not one.nip))
