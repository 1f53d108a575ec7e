"""Where the erasure of a person stands: read from the ledger at any time, also years later."""

from collections.abc import Sequence

from sqlalchemy import Connection, func, select

from sync_server import erasures, roster, schema
from sync_server.erasures import Post
from sync_server.errors import BadFile
from sync_server.privacy import leaving
from sync_server.privacy.paper import Record


def record(tx: Connection, nip: str, posts: Sequence[Post], now: int) -> Record:
    """Of the newest erasure of a NIP. `posts`: where, once the map is gone; else the roster says it.
    Raises BadFile where it was not erased, or nobody says where."""
    asked = leaving.requests(tx, nip)
    if not asked:
        raise BadFile(nip, "", "erase_not_asked")
    known = roster.posts(tx, nip)
    where = sorted({*posts, *known})
    for opd, pin in posts:
        erasures.posts_of(tx, pin, opd)  # a mistyped one must not read like an erasure
    if not where:
        raise BadFile(nip, "", "erase_proof_posts")
    name = leaving.name_kept(tx, nip, now)
    kept = [*([name] if name else []), *leaving.on_terminals(tx, where, now)]
    kept += [one for one in leaving.kept(tx, nip) if one.count]
    number = select(func.count()).where(schema.secret.c.nip == nip)
    return Record(
        request=asked[0],
        now=now,
        has_map=bool(known),
        has_number=bool(tx.execute(number).scalar_one()),
        kept=tuple(kept),
        proofs=tuple(one for post in where for one in erasures.proofs(tx, *post)),
    )
