"""Rolling a release out: which kiosks are asked to install it, and what became of it."""

from collections.abc import Iterator, Sequence
from hashlib import sha256

import msgspec
from sqlalchemy import Connection, select

from contract.command import Update
from contract.errors import BatchError
from contract.health import decode_birth
from sync_server import commands, schema
from sync_server.commands import OPEN, Issuer
from sync_server.errors import BadFile
from sync_server.release_store import Stored

_BACK = (
    *("release_not_ready", "release_died", "release_unit_died", "release_no_receipt"),
    *("release_boots", "release_asked_back"),
)


class Portion(msgspec.Struct, frozen=True):
    """Which kiosks: those named, or `percent` of all, or every `of`-th from `shard` on (1 is the
    first). Which kiosk falls where is decided by its name and the release: another release begins
    with other kiosks."""

    kids: tuple[str, ...] = ()
    percent: int = 100
    shard: int = 1
    of: int = 1


class Asked(msgspec.Struct, frozen=True):
    """A kiosk that was asked to install a release, and what became of it (`fate`, `detail` as in
    commands.Sent). `runs`: the version that it said last."""

    kid: str
    release: int
    version: str
    fate: str
    detail: str
    issued: int
    runs: str


def roll_out(tx: Connection, by: Issuer, found: Sequence[Stored], portion: Portion) -> list[str]:
    """Ask the kiosks of a portion that were not asked yet; which. `found`: one version, a file for each
    architecture. Raises BadFile, also where a kiosk that is named is none."""
    _check_named(tx, portion.kids)
    files = tuple((one.arch, one.digest) for one in found)
    order = Update(found[0].release, found[0].version, files)
    begun = {one.kid for one in asked(tx, found) if one.fate in (*OPEN, "done")}
    chosen = [kid for kid in _kiosks(tx) if kid not in begun and _is_in(kid, found[0], portion)]
    for kid in chosen:
        commands.issue(tx, by, kid, order)
    return chosen


def asked(tx: Connection, found: Sequence[Stored] = ()) -> list[Asked]:
    """Every kiosk that was asked for one of these releases (for any), the newest order of each."""
    digests, newest = {one.digest for one in found}, dict[tuple[str, int], Asked]()
    runs = {kid: _version(birth) for kid, birth in tx.execute(_BIRTHS)}
    for kid in sorted(runs):
        for sent, order in commands.orders_of(tx, kid, "update"):
            if not isinstance(order, Update) or (
                digests and not digests & {digest for _, digest in order.files}
            ):
                continue
            one = Asked(
                *(kid, order.release, order.version, sent.fate, sent.detail, sent.issued, runs[kid])
            )
            newest.setdefault((kid, order.release), one)
    return list(newest.values())


def taken_back(tx: Connection, found: Sequence[Stored]) -> list[str]:
    """The kiosks that went back from one of these releases while it was on trial, by themselves or
    because somebody there asked for it."""
    return [
        one.kid
        for one in asked(tx, found)
        if one.fate == "failed" and one.detail.partition(":")[0] in _BACK
    ]


_BIRTHS = select(schema.kiosk.c.kid, schema.kiosk.c.birth)


def _check_named(tx: Connection, kids: Sequence[str]) -> None:
    its = schema.kiosk.c
    known = {kid: revoked for kid, revoked in tx.execute(select(its.kid, its.revoked))}
    for kid in kids:
        if kid not in known:
            raise BadFile(kid, "", "kid_unknown", kid=kid)
        if known[kid]:
            raise BadFile(kid, "", "release_kid_revoked", kid=kid)


def _kiosks(tx: Connection) -> Iterator[str]:
    alive = select(schema.kiosk.c.kid).where(schema.kiosk.c.revoked == 0)
    yield from tx.execute(alive.order_by(schema.kiosk.c.kid)).scalars()


def _is_in(kid: str, release: Stored, portion: Portion) -> bool:
    if portion.kids:
        return kid in portion.kids
    drawn = int.from_bytes(sha256(f"{release.version} {kid}".encode()).digest()[:4], "big")
    if portion.of > 1:
        return drawn % portion.of == portion.shard - 1
    return drawn % 100 < portion.percent


def _version(birth: bytes) -> str:
    try:
        return decode_birth(birth).version
    except BatchError:
        return ""
