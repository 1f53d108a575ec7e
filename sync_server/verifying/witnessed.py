"""Checkpoints: signed by this centre, linked to each other, and still true of this ledger."""

from collections.abc import Iterator

import msgspec
from sqlalchemy import Connection, select

from sync_server import checkpoints, ledger, schema, signatures
from sync_server.checkpoints import Checkpoint, Kept, book, paper
from sync_server.verifying import cards
from sync_server.verifying.found import Broken, Check, Tally
from sync_server.verifying.stored import any_text, is_as_made, whole

_ALL = 1 << 62


def check(tx: Connection, centre: bytes) -> Check:
    """Every checkpoint of the ledger, oldest first."""
    tally, before = Tally("checkpoints"), paper.FIRST
    for kept in reversed(checkpoints.latest(tx, _ALL)):
        tally.look(_wrong(tx, kept, before, centre))
        before = kept.digest
    for broken in _unlisted(tx):
        tally.look(broken)
    return tally.check()


def _unlisted(tx: Connection) -> Iterator[Broken]:
    """Where the office's log and the checkpoints do not tell of the same ones."""
    log, its = schema.access.c, schema.checkpoint.c
    query = select(log.detail).where(log.did == book.DEED).order_by(log.no)
    logged = dict.fromkeys(str(said) for said in tx.execute(query).scalars())
    rows = tx.execute(select(its.no, its.digest).order_by(its.no))
    held = {f"{no} {digest}": no for no, digest in rows}
    for said in (one for one in logged if one not in held):  # in their order, every time the same
        no = said.partition(" ")[0]
        yield Broken("checkpoint_gone", line=int(no) if no.isdigit() else 0)
    for said in (one for one in held if one not in logged):
        yield Broken("checkpoint_unlogged", line=whole(held[said]))


def against(tx: Connection, data: str, file: str, centre: bytes) -> tuple[Checkpoint, Check]:
    """Whether this ledger still contains what a checkpoint from elsewhere says. Raises BadFile where
    it is no checkpoint, or not of this centre."""
    said, text, signature = checkpoints.parse(data, file)
    tally = Tally("against")
    if not signatures.holds(centre, signature, paper.to_sign(text)):
        tally.look(Broken("checkpoint_unsigned", line=said.no))
        return said, tally.check()
    held = checkpoints.of_no(tx, said.no)
    gone = Broken("checkpoint_gone", line=said.no) if held is None else None
    other = held is not None and held.text != text
    tally.look(gone or (Broken("checkpoint_other", line=said.no) if other else None))
    with any_text(tx):
        for broken in _contained(tx, said):
            tally.look(broken)
    return said, tally.check()


def _wrong(tx: Connection, kept: Kept, before: str, centre: bytes) -> Broken | None:
    """The first thing in a checkpoint that does not hold."""
    at = whole(kept.no)
    if not is_as_made(schema.checkpoint, msgspec.structs.asdict(kept)):
        return Broken("checkpoint_changed", line=at)
    if paper.digest(kept.text) != kept.digest:
        return Broken("checkpoint_changed", line=at)
    if not signatures.holds(centre, kept.signature, paper.to_sign(kept.text)):
        return Broken("checkpoint_unsigned", line=at)
    said = paper.read(kept.text.splitlines())
    if (said.no, said.day, said.made) != (kept.no, kept.day, kept.at):
        return Broken("checkpoint_changed", line=at)
    if said.before != before:
        return Broken("checkpoint_before", line=at)
    return next((broken for broken in _contained(tx, said) if broken), None)


def _contained(tx: Connection, said: Checkpoint) -> Iterator[Broken | None]:
    """Each head that the checkpoint names, against the ledger as it is."""
    for one in said.kiosks:
        head = ledger.head(tx, one.kid, one.epoch, one.acked)
        same = isinstance(head, bytes) and head.hex() == one.head
        where = (one.kid, one.epoch, one.acked, said.no)
        yield None if same else Broken("head_other" if head else "head_gone", *where)
    for table, (no, there) in said.books.items():
        yield (
            None
            if _book(tx, table, no) in ("", there)
            else Broken("book_other", "", 0, 0, said.no, f"{table} {no}")
        )
    yield from _keys(tx, said)


def _book(tx: Connection, table: str, no: int) -> str:
    """The head after a row of a linked table in hex, "" where nothing had been written yet."""
    if no == 0:
        return ""
    its = getattr(schema, table).c
    head = tx.execute(select(its.head).where(its.no == no)).scalar()
    return head.hex() if isinstance(head, bytes) else "-"


def _keys(tx: Connection, said: Checkpoint) -> Iterator[Broken | None]:
    """A kiosk whose card was not replaced since, by the office's log, still has the key that it had."""
    kiosk = schema.kiosk.c
    now = {kid: key for kid, key in tx.execute(select(kiosk.kid, kiosk.event_key))}
    anew = cards.renewed(tx, said.books["access"][0])
    for kid, then in said.keys.items():
        key = now.get(kid)
        same = isinstance(key, bytes) and key.hex() == then
        yield None if same or kid in anew else Broken("key_other", kid, line=said.no)
