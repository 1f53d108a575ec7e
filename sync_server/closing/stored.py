"""What has been closed: each revision of an office's month as it is stored, and its sheet."""

import zlib
from typing import Literal

import msgspec
from sqlalchemy import ColumnElement, Connection, insert, select, update

from sync_server import fact, schema
from sync_server import sheet as sheets
from sync_server.fact import Fact
from sync_server.sheet import Made, Sheet

State = Literal[
    "closed",  # proposed; people may object until the masa sanggah is over
    "approved",  # by the head of the office
    "frozen",  # by BKPSDM: paid as it stands, and never changed again
    "overtaken",  # a later revision stands in its place, because facts have changed
    "reopened",  # taken back before it was frozen
]
_GONE = ("overtaken", "reopened")


class Revision(msgspec.Struct, frozen=True):
    """One revision. `closed` and `frozen` (0: not yet) are server UTC seconds; `digest` is the
    SHA-256 of the sheet's bytes, in hex."""

    opd: str
    month: str
    rev: int
    digest: str
    state: State
    closed: int
    closed_by: str
    frozen: int

    @property
    def ref(self) -> str:
        """How decisions name it."""
        return f"{self.opd}/{self.month}/{self.rev}"


_decoder = msgspec.json.Decoder(Fact)
_COLUMNS = [schema.closing.c[name] for name in Revision.__struct_fields__]


def revisions(tx: Connection, opd: str, month: str) -> list[Revision]:
    """Every revision, oldest first."""
    its = schema.closing.c
    query = select(*_COLUMNS).where(its.opd == opd, its.month == month).order_by(its.rev)
    return [Revision(*row) for row in tx.execute(query)]


def standing(tx: Connection, opd: str, month: str, *, lock: bool = False) -> Revision | None:
    """The revision that stands; None while the month is open. `lock` keeps others from deciding
    about it until the transaction ends (SQLite has one writer anyhow)."""
    its = schema.closing.c
    query = select(*_COLUMNS).where(its.opd == opd, its.month == month, its.state.not_in(_GONE))
    row = tx.execute(query.with_for_update() if lock else query).one_or_none()
    return None if row is None else Revision(*row)


def of_month(tx: Connection, month: str) -> dict[str, Revision]:
    """The standing revision of every office that has closed this month, by office."""
    its = schema.closing.c
    query = select(*_COLUMNS).where(its.month == month, its.state.not_in(_GONE))
    return {row.opd: Revision(*row) for row in tx.execute(query)}


def body(tx: Connection, revision: Revision) -> bytes:
    """The sheet's bytes as they were stored."""
    query = select(schema.closing.c.body).where(*_key(revision))
    return zlib.decompress(tx.execute(query).scalar_one())


def facts(tx: Connection, revision: Revision) -> list[Fact]:
    """The facts that the revision counts as they were then, by NIP and date."""
    query = select(schema.closing.c.facts).where(*_key(revision))
    lines = zlib.decompress(tx.execute(query).scalar_one())
    return [_decoder.decode(line) for line in lines.splitlines()]


def frozen(tx: Connection, opd: str, month: str) -> Sheet | None:
    """The sheet as it was frozen; None where it is not."""
    found = standing(tx, opd, month)
    if found is None or found.state != "frozen":
        return None
    return sheets.decode(body(tx, found))


def propose(tx: Connection, made: Made, revision: Revision) -> None:
    """Store a new revision with its sheet and facts, compressed: they repeat themselves."""
    row = msgspec.structs.asdict(revision)
    row["body"] = zlib.compress(sheets.encode(made.sheet))
    row["facts"] = zlib.compress(b"".join(fact.to_json(one) + b"\n" for one in made.facts))
    tx.execute(insert(schema.closing).values(row))


def move(tx: Connection, revision: Revision, state: State, frozen: int = 0) -> Revision:
    """The revision in another state; its bytes stay. Nobody moves what is frozen."""
    query = update(schema.closing).where(*_key(revision), schema.closing.c.state != "frozen")
    tx.execute(query.values(state=state, frozen=frozen))
    return msgspec.structs.replace(revision, state=state, frozen=frozen)


def _key(revision: Revision) -> tuple[ColumnElement[bool], ...]:
    its = schema.closing.c
    return its.opd == revision.opd, its.month == revision.month, its.rev == revision.rev
