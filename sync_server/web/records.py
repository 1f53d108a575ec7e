"""Whose record may be opened, and that it was: every look at another person's is in the office log."""

from datetime import date

import msgspec
from fastapi import HTTPException
from sqlalchemy import Connection
from starlette.requests import Request

from sync_server import localtime, office_log, posts, roles, roster
from sync_server.errors import BadFile
from sync_server.reports import known
from sync_server.roles import Viewer
from sync_server.web.gate import Forbidden
from sync_server.web.place import place


class Whose(msgspec.Struct, frozen=True):
    """A person as a page's heading has him: his office on that day, its minutes east of UTC, his
    post's title ("" where he has none), and whether the viewer may see his rupiah."""

    nip: str
    name: str
    opd: str
    office: str
    title: str
    zone: int
    pay: bool
    own: bool


def whose(tx: Connection, viewer: Viewer, nip: str, day: date) -> Whose:
    """The person, as he is on that day; Forbidden where the viewer may not see his record."""
    opd = posts.office_of(tx, nip, day) or _any_office(tx, nip)
    if not roles.may_see(viewer, nip, opd):
        raise Forbidden
    if not opd:
        raise HTTPException(404)
    name = next(p.nama for p in roster.people(tx, opd) if p.nip == nip)
    office, post = posts.office(tx, opd), posts.post_of(tx, nip, day)
    return Whose(
        nip,
        name,
        opd,
        office.name if office else opd,
        post.title if post else "",
        roster.zone(tx, opd) or localtime.WIB,
        roles.may_see_pay(viewer, nip, opd),
        nip == viewer.nip,
    )


def note(request: Request, viewer: Viewer, did: str, whom: Whose, detail: str) -> None:
    """Write down that somebody opened another person's record."""
    if whom.own:
        return
    here = place(request)
    with here.database.writing() as tx:
        office_log.note(tx, here.wall(), viewer.name, did, whom.opd, whom.nip, detail)


def today(request: Request, zone: int = localtime.WIB) -> date:
    """The date at this moment; `zone` in minutes east of UTC."""
    return localtime.day(place(request).wall(), zone)


def span(month: str) -> known.Span:
    """The dates of a month in an address; what is no month is no page."""
    try:
        return known.month(month)
    except BadFile as bad:
        raise HTTPException(404) from bad


def day(text: str) -> date:
    """The date in an address; what is no date is no page."""
    try:
        return date.fromisoformat(text)
    except ValueError as problem:
        raise HTTPException(404) from problem


def _any_office(tx: Connection, nip: str) -> str:
    """Where somebody was or will be, where he has no office on the day."""
    found = roster.posts(tx, nip)
    return found[-1][0] if found else ""
