"""Kiosks and what each was given, against the office's log: it is linked, and their own rows are not.

A kiosk's office decides by whose rules its punches are paid; whoever holds a MAC key or a certificate of a
kiosk is that kiosk. Lines from before they named what was given (`credentials.marks`) prove only that
something was given at that second.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, select

from sync_server import credentials, schema
from sync_server.credentials import Credential
from sync_server.verifying import cards
from sync_server.verifying.found import Broken, Check, Tally
from sync_server.verifying.stored import is_as_made, whole

_FOR_OFFICE = ("kiosk_invited", "kiosk_token", "kiosk_approved")
# It counts where no older line names the office: a kiosk that was admitted before the log told of it.
_REPLACED = "kiosk_replaced"
_RENEWED = "kiosk_renewed"
_GIVEN = ("kiosk_invited", _REPLACED, "kiosk_enrolled", _RENEWED)
_REVOKED = "kiosk_revoked"


class _Line(msgspec.Struct, frozen=True):
    """What a line of the log says of a kiosk; `at` is server UTC seconds."""

    no: int
    at: int
    did: str
    opd: str
    whom: str
    detail: str


class _Told:
    """What the lines of the log say of kiosks, the oldest first."""

    def __init__(self, lines: list[_Line]) -> None:
        self._admitted: dict[str, str] = {}
        self._vouched: dict[str, str] = {}
        self.ended: dict[str, tuple[int, str]] = {}
        """By kiosk the newest line that ended all that it had been given before, and its deed."""
        self.marks: dict[tuple[str, str], int] = {}
        """The line of each thing that was given, by kiosk and mark."""
        self.unmarked: dict[tuple[str, int, bool], int] = {}
        """The line of what no mark names, by kiosk, server UTC second and whether it is a certificate."""
        for line in lines:
            self._take(line)

    @property
    def offices(self) -> dict[str, str]:
        """The office of each kiosk."""
        return self._vouched | self._admitted

    def line_of(self, one: Credential) -> int | None:
        """The line by which this was given, which is then taken: no two rows are of one deed."""
        found = self.marks.pop((one.kid, credentials.mark(one)), None)
        if found is None:
            found = self.unmarked.pop((one.kid, one.issued, one.serial != ""), None)
        return found

    def _take(self, line: _Line) -> None:
        if line.did in _FOR_OFFICE and line.opd:
            self._admitted[line.whom] = line.opd
        elif line.did == _REPLACED and line.opd:
            self._vouched.setdefault(line.whom, line.opd)
        if line.did in cards.ENDING:
            self.ended[line.whom] = line.no, line.did
        if line.did in _GIVEN:
            self._given(line)

    def _given(self, line: _Line) -> None:
        marks = credentials.marked(line.detail)
        if marks is None:
            self.unmarked[line.whom, line.at, True] = line.no
            self.unmarked[line.whom, line.at, False] = line.no
            if line.did == _RENEWED:  # see credentials.keep_present
                self.unmarked.setdefault((line.whom, line.at - 1, False), line.no)
            return
        for mark in marks:
            self.marks[line.whom, mark] = line.no


def checks(tx: Connection, kid: str | None = None) -> list[Check]:
    """Every kiosk's office and revocation, and everything that kiosks were given."""
    told = _Told(_lines(tx, kid))
    return [_kiosks(tx, told, kid), _credentials(tx, told, kid)]


def _lines(tx: Connection, kid: str | None) -> list[_Line]:
    log = schema.access.c
    query = select(*(log[name] for name in _Line.__struct_fields__))
    query = query.where(log.did.in_({*_FOR_OFFICE, *_GIVEN, *cards.ENDING}))
    if kid is not None:
        query = query.where(log.whom == kid)
    found = (row._asdict() for row in tx.execute(query.order_by(log.no)))
    return [_Line(**row) for row in found if is_as_made(schema.access, row)]


def _kiosks(tx: Connection, told: _Told, kid: str | None) -> Check:
    its, tally, offices = schema.kiosk.c, Tally("kiosks"), told.offices
    query = select(its.kid, its.opd, its.revoked, its.mac_key).order_by(its.kid)
    rows = tx.execute(query if kid is None else query.where(its.kid == kid)).all()
    keys = _keys(tx)
    for row in rows:
        broken = _kiosk(row, offices.get(row.kid), told.ended.get(row.kid, (0, ""))[1])
        if row.mac_key not in keys.get(row.kid, {row.mac_key}):
            broken = broken or Broken("kiosk_key", str(row.kid))
        tally.look(broken)
    for gone in sorted(offices.keys() - {row.kid for row in rows}):
        tally.look(Broken("kiosk_gone", gone))
    return tally.check()


def _keys(tx: Connection) -> dict[str, set[bytes]]:
    """The MAC keys that count, of each kiosk that was given any with a certificate."""
    its, found = schema.credential.c, defaultdict(set)
    for kid, key in tx.execute(select(its.kid, its.mac_key).where(its.revoked == 0)):
        found[kid].add(key)
    return found


def _kiosk(row: Row[Any, Any, Any, Any], opd: str | None, last: str) -> Broken | None:
    name = str(row.kid)
    if opd is None:
        return Broken("kiosk_unlogged", name, detail=str(row.opd))
    if row.opd != opd:
        return Broken("kiosk_office", name, detail=f"{row.opd} / {opd}")
    if bool(row.revoked) is not (last == _REVOKED):
        return Broken("kiosk_unrevoked" if last == _REVOKED else "kiosk_revoked_unlogged", name)
    return None


def _credentials(tx: Connection, told: _Told, kid: str | None) -> Check:
    its, tally = schema.credential.c, Tally("credentials")
    query = select(schema.credential).order_by(its.no)
    for row in tx.execute(query if kid is None else query.where(its.kid == kid)):
        why = _wrong(row, told)
        tally.look(Broken(why, str(row.kid), line=whole(row.no)) if why else None)
    for broken in _gone(told):
        tally.look(broken)
    return tally.check()


def _wrong(row: Row[Any], told: _Told) -> str:
    values = row._asdict()
    if not is_as_made(schema.credential, values):
        return "credential_unlogged"
    one = Credential(**{name: values[name] for name in Credential.__struct_fields__})
    line = told.line_of(one)
    if line is None:
        return "credential_unlogged"
    ended = line < told.ended.get(one.kid, (0, ""))[0]
    if ended is (row.revoked > 0):
        return ""
    return "credential_revived" if ended else "credential_ended"


def _gone(told: _Told) -> Iterator[Broken]:
    for (kid, _), line in told.marks.items():
        yield Broken("credential_gone", kid, line=line)
