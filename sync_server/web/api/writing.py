"""What programs may enter and decide: absences, e-kinerja totals, corrections, months, what-if."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sync_server import absences, attachments, closing, ekinerja, office_log, whatif
from sync_server.absences import Entry
from sync_server.closing import Deed, NotYet, Revision
from sync_server.corrections import asking, deciding
from sync_server.corrections.asking import Ask
from sync_server.database import Database
from sync_server.ekinerja import Total
from sync_server.errors import BadFile
from sync_server.tukin import reading
from sync_server.web.api.described import PREFIX, answer, gives, raw, sent, takes
from sync_server.web.gate import Caller, Forbidden, demand
from sync_server.web.place import place
from sync_server.whatif import WhatIf

router = APIRouter(prefix=PREFIX, tags=["write"])
Body = Annotated[bytes, Depends(raw)]


class Letter(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Somebody's absence by a document. `scope`: day, in or out; `first` to `last` inclusive."""

    nip: str
    code: str
    first: date
    last: date
    scope: str = "day"
    place: str = ""
    purpose: str = ""


class Letters(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A document with everybody it names. Sent again it replaces what it said before."""

    document: str
    letters: list[Letter]


class Figure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A month's e-kinerja of one person. `kind`: persen, poin or nilai; `value` as people write it."""

    nip: str
    month: str
    kind: str
    value: str
    source: str


class Figures(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """E-kinerja totals from another application; the newest of a person and month counts."""

    totals: list[Figure]


class Stored(msgspec.Struct, frozen=True):
    """How many rows are new or say something else now."""

    changed: int


class Number(msgspec.Struct, frozen=True):
    """A correction and where it stands."""

    no: int
    state: str


class Said(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody says to a decision; a rejection needs it."""

    note: str = ""


class Step(Said, frozen=True, forbid_unknown_fields=True):
    """What somebody says to a month: reopening needs a `note`; `digest`, the sheet that he looked at
    (`Hadir-Digest`), lets him approve that one only."""

    digest: str = ""


class Draft(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A rule file's text (TOML) and the month to try it on; `offices` empty: all of them."""

    rules: str
    month: str
    offices: list[str] = []


@router.post("/absences", responses=gives(Stored), openapi_extra=takes(Letters))
def enter_absences(request: Request, viewer: Caller, body: Body) -> Response:
    """Enter or replace the absences of one document; the same document twice changes nothing."""
    demand(viewer, "enter")
    given = sent(body, Letters)
    entries = [_entry(given.document, one) for one in given.letters]
    here = place(request)
    with here.database.writing() as tx:
        if absences.outside(tx, entries, viewer.reach):
            raise Forbidden
        absences.check(tx, list(enumerate(entries, 1)), "JSON")
        stored = absences.store(tx, entries, viewer.name, here.wall())
    return answer(Stored(_count(stored)))


@router.post("/productivity", responses=gives(Stored), openapi_extra=takes(Figures))
def enter_productivity(request: Request, viewer: Caller, body: Body) -> Response:
    """Enter e-kinerja totals that another application counted."""
    demand(viewer, "data")
    totals: list[Total] = [
        ekinerja.total(one.kind, one.value, one.nip, one.month, one.source)
        for one in sent(body, Figures).totals
    ]
    here = place(request)
    with here.database.writing() as tx:
        changed = ekinerja.store_productivity(tx, totals, viewer.name, here.wall())
    return answer(Stored(changed))


@router.post("/corrections", responses=gives(Number), openapi_extra=takes(Ask))
def ask_correction(request: Request, viewer: Caller, body: Body) -> Response:
    """Ask for a correction: of a person's day (`nip`, `workdate`, `points`) or of an office that
    could not record (`opd`, `since`, `until`: UTC seconds)."""
    here, asked = place(request), sent(body, Ask)
    with here.database.writing() as tx:
        # A digest that somebody writes must not open to him what another account handed in.
        if asked.attachment and not attachments.is_of(tx, asked.attachment, viewer.name):
            raise BadFile("koreksi", "attachment", "attachment_not_yours")
        no = asking.draft(tx, asked, viewer, here.wall())
        asking.submit(tx, no, viewer, here.wall())
    return answer(Number(no, "submitted"))


@router.post("/corrections/{no}/approve", responses=gives(Number), openapi_extra=takes(Said))
def approve_correction(request: Request, viewer: Caller, no: int, body: Body) -> Response:
    """Say yes to a correction; the second of two people lets it count."""
    return _judge(request, no, lambda tx, now: deciding.approve(tx, no, viewer, now, _note(body)))


@router.post("/corrections/{no}/reject", responses=gives(Number), openapi_extra=takes(Said))
def reject_correction(request: Request, viewer: Caller, no: int, body: Body) -> Response:
    """Say no to a correction, with the reason."""
    return _judge(request, no, lambda tx, now: deciding.reject(tx, no, viewer, now, _note(body)))


class Which(msgspec.Struct, frozen=True):
    """A step of an office's month."""

    month: str
    opd: str
    step: str


def which(month: str, opd: str, step: str) -> Which:
    """As it stands in the address."""
    return Which(month, opd, step)


@router.post("/months/{month}/{opd}/{step}", responses=gives(Revision), openapi_extra=takes(Step))
def decide_month(
    request: Request, viewer: Caller, of: Annotated[Which, Depends(which)], body: Body
) -> Response:
    """Close, approve, freeze or reopen an office's month (`step`). 409 says everything that is in the
    way."""
    here = place(request)
    said = sent(body, Step) if body.strip() else Step()
    deed = Deed(viewer, here.wall(), said.note)
    try:
        step = _step(of.step, said.digest)
        return answer(step(here.database, of.opd, of.month, deed))
    except NotYet as not_yet:
        waiting = [msgspec.to_builtins(one) for one in not_yet.lacks]
        return JSONResponse({"error": str(not_yet), "waiting": waiting}, 409)


@router.post("/whatif", responses=gives(WhatIf), openapi_extra=takes(Draft))
def what_if(request: Request, viewer: Caller, body: Body) -> Response:
    """What a draft rule file would have made of a month, person by person; nothing is stored."""
    demand(viewer, "whatif")
    draft = sent(body, Draft)
    rules = reading.parse(draft.rules, "rules")
    here = place(request)
    with here.database.reading() as tx:
        found = whatif.compare(tx, rules, draft.month, draft.offices)
    with here.database.writing() as tx:
        detail = f"{draft.month} {rules.id}"
        office_log.note(tx, here.wall(), viewer.name, "whatif", " ".join(draft.offices), "", detail)
    return answer(found)


def _entry(document: str, one: Letter) -> Entry:
    if one.scope not in ("day", "in", "out"):
        raise BadFile("absences", "scope", "absence_scope", scope=one.scope)
    return msgspec.convert({**msgspec.structs.asdict(one), "document": document}, Entry)


def _count(stored: absences.Stored) -> int:
    return len(stored.new) + len(stored.changed)


def _judge(request: Request, no: int, act: Callable[[Connection, float], str]) -> Response:
    here = place(request)
    with here.database.writing() as tx:
        return answer(Number(no, act(tx, here.wall())))


def _note(body: bytes) -> str:
    return sent(body, Said).note if body.strip() else ""


def _step(step: str, seen: str) -> Callable[[Database, str, str, Deed], Revision]:
    approve = partial(closing.approve, seen=seen)
    steps: dict[str, Callable[[Database, str, str, Deed], Revision]] = {
        "close": closing.close,
        "approve": approve,
        "freeze": closing.freeze,
        "reopen": closing.reopen,
    }
    if step not in steps:
        raise BadFile("API", "step", "month_step", step=step, known=", ".join(steps))
    return steps[step]
