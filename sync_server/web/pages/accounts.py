"""The accounts page: who may log in; and the page on which the first administrator is made."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

import msgspec
from fastapi import APIRouter, Form
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from sync_server import office_log, posts, wording
from sync_server.accounts import book, changing, first, passwords
from sync_server.accounts.book import Account
from sync_server.errors import BadFile
from sync_server.roles import ROLES, Viewer
from sync_server.web import frame, gate
from sync_server.web.pages.login import came_from, let_in
from sync_server.web.place import place

router = APIRouter(include_in_schema=False)

Text = Annotated[str, Form()]
_NOTHING: Mapping[str, str] = MappingProxyType({})


class _Asked(msgspec.Struct, frozen=True):
    role: str
    opd: str
    nip: str
    subject: str


def _asked(role: Text, opd: Text = "", nip: Text = "", subject: Text = "") -> _Asked:
    return _Asked(role, opd.strip(), nip.strip(), subject.strip())


@router.get("/accounts")
def accounts(request: Request, viewer: gate.Signed) -> Response:
    """Everybody who may log in."""
    gate.demand(viewer, "accounts")
    return _page(request, viewer)


@router.post("/accounts")
def add(
    request: Request,
    viewer: gate.Posted,
    name: Text,
    asked: Annotated[_Asked, gate.Depends(_asked)],
) -> Response:  # fmt: skip
    """Make an account; its password for one login is shown on this page and never again."""
    gate.demand(viewer, "accounts")
    here = place(request)
    now = here.wall()
    given = msgspec.to_builtins(asked) | {"name": name.strip().lower(), "made": int(now)}
    account = msgspec.convert(given | {"must_change": True, "disabled": False}, Account)
    try:
        with here.database.writing() as tx:
            password = changing.add(tx, viewer.name, account, now)
    except BadFile as bad:
        return _page(request, viewer, asked=account, wrong=_wrong(request, bad))
    return _page(request, viewer, account.name, password)


@router.get("/accounts/{name}")
def edit(request: Request, viewer: gate.Signed, name: str) -> Response:
    """One account, to change it."""
    gate.demand(viewer, "accounts")
    with place(request).database.reading() as tx:
        account = book.find(tx, name)
    if account is None:
        raise HTTPException(404)
    return _one(request, viewer, account)


@router.post("/accounts/{name}")
def change(
    request: Request,
    viewer: gate.Posted,
    name: str,
    asked: Annotated[_Asked, gate.Depends(_asked)],
) -> Response:  # fmt: skip
    """Another role, office, NIP or link; the account's logins end."""
    here = place(request)
    with here.database.reading() as tx:
        account = _other(viewer, changing.known(tx, name))
    account = msgspec.structs.replace(account, **msgspec.to_builtins(asked))
    try:
        with here.database.writing() as tx:
            changing.alter(tx, viewer.name, account, here.wall())
    except BadFile as bad:
        return _one(request, viewer, account, _wrong(request, bad))
    return RedirectResponse("/accounts", 303)


@router.post("/accounts/{name}/reset")
def reset(request: Request, viewer: gate.Posted, name: str) -> Response:
    """A new password for one login; the account's logins end and its keys are revoked."""
    here = place(request)
    with here.database.writing() as tx:
        account = _other(viewer, changing.known(tx, name))
        password = changing.reset(tx, viewer.name, account, here.wall())
    return _page(request, viewer, account.name, password)


@router.post("/accounts/{name}/disabled")
def disable(request: Request, viewer: gate.Posted, name: str, disabled: Text) -> Response:
    """Let somebody in no more, or again."""
    here = place(request)
    with here.database.writing() as tx:
        account = _other(viewer, changing.known(tx, name))
        changing.disable(tx, viewer.name, account, here.wall(), off=disabled == "1")
    return RedirectResponse("/accounts", 303)


@router.get("/mulai")
def begin(request: Request) -> Response:
    """The page of the first administrator; it is not there once somebody may log in."""
    _nobody_yet(request)
    return _begin(request)


@router.post("/mulai")
def make_first(request: Request, code: Text, name: Text, new: Text, again: Text) -> Response:
    """Make the first administrator and let him in."""
    _nobody_yet(request)
    here = place(request)
    now = here.wall()
    name = name.strip().lower()
    doorkeeper = request.app.state.doorkeeper
    if seconds := doorkeeper.ask("/mulai", came_from(request), now):
        return _begin(request, name, code, wrong={"": _say(request, "login_wait", seconds=seconds)})
    state = Path(here.settings.state)
    if not first.fits(state, code, now):
        return _begin(request, name, code, wrong={"code": _say(request, "first_wrong")})
    doorkeeper.right("/mulai", came_from(request))
    if weak := passwords.weakness(new, name, ""):
        said = {"new": _say(request, weak, least=passwords.LEAST)}
        return _begin(request, name, code, wrong=said)
    if new != again:
        return _begin(request, name, code, wrong={"again": _say(request, "password_twice")})
    account = Account(name, "", "admin", "", False, False, "", int(now))
    try:
        with here.database.writing() as tx:
            if not book.is_empty(tx):  # somebody else was faster
                raise HTTPException(404)
            book.add(tx, account, new)
            office_log.note(tx, now, name, "account_added", whom=name, detail="admin, /mulai")
    except BadFile as bad:
        return _begin(request, name, code, wrong=_wrong(request, bad))
    first.used(state)
    return let_in(request, account, "") or RedirectResponse("/login", 303)


def _begin(
    request: Request, name: str = "", code: str = "", wrong: Mapping[str, str] = _NOTHING
) -> Response:
    values = {"name": name, "code": code, "wrong": wrong}
    return frame.page(request, None, "accounts_first.html", 422 if wrong else 200, **values)


def _say(request: Request, code: str, **values: object) -> str:
    return wording.say(frame.lang(request), code, **values)


def _wrong(request: Request, bad: BadFile) -> dict[str, str]:
    """The sentence beside the field that it is about."""
    said = _say(request, bad.code, **bad.values)
    return {str(bad.where) or "name": said[:1].upper() + said[1:]}


def _one(
    request: Request, viewer: Viewer, account: Account, wrong: Mapping[str, str] = _NOTHING
) -> Response:
    """The form of one account, as it is or as somebody wanted it."""
    with place(request).database.reading() as tx:
        offices = posts.offices(tx)
    values = {"account": account, "roles": ROLES, "offices": offices, "wrong": wrong}
    values["own"] = account.name == viewer.name
    return frame.page(request, viewer, "accounts_one.html", 422 if wrong else 200, **values)


def _nobody_yet(request: Request) -> None:
    with place(request).database.reading() as tx:
        if not book.is_empty(tx):
            raise HTTPException(404)


def _other(viewer: Viewer, account: Account) -> Account:
    """The account of somebody else: nobody gives himself a role, or locks the last door."""
    gate.demand(viewer, "accounts")
    if account.name == viewer.name:
        raise gate.Forbidden("account_not_self")
    return account


def _page(  # noqa: PLR0913 - what was made, or what was asked and cannot be
    request: Request,
    viewer: Viewer,
    made: str = "",
    password: str = "",
    asked: Account | None = None,
    wrong: Mapping[str, str] = _NOTHING,
) -> Response:
    with place(request).database.reading() as tx:
        found, offices = book.every(tx), posts.offices(tx)
    values: dict[str, object] = {"accounts": found, "roles": ROLES, "offices": offices}
    values |= {"made": made, "password": password, "asked": asked, "wrong": wrong}
    return frame.page(request, viewer, "accounts.html", 422 if wrong else 200, **values)
