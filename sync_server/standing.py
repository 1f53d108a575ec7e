"""What is missing, forked or refused, kiosk by kiosk; and whether every chain still holds."""

import re

import msgspec
from sqlalchemy import Connection, select, update

from contract import chain
from contract.errors import BatchError
from contract.health import Birth, decode_birth
from sync_server import schema
from sync_server.errors import BadFile


class KioskStanding(msgspec.Struct, frozen=True):
    """One kiosk: `waiting` is what it said it held beyond `stored` at its last birth; `seen` UTC s;
    `trust` of its clock (as in a clock record), whether it `moved` from where it was put up,
    `bytes_month` and `quota_left` (None: no quota) as it said then. `waiting` and `trust` are None of
    a kiosk that never was on line."""

    kid: str
    opd: str
    seen: int
    online: bool
    stored: int
    waiting: int | None
    alerts: tuple[tuple[str, str], ...]
    forked: bool
    refused: int
    trust: int | None
    moved: bool
    bytes_month: int
    quota_left: int | None


# As the screen shows it, with its word. 16 digits hold the largest number that an event can have.
_CODE = re.compile(r"(?:(?:BUKTI|EVIDENCE):?)?([0-9A-Z]{4,6})-([0-9OIL]{1,16})-([A-Z0-7]{8})")
_TO_DIGITS = str.maketrans("OIL", "011")  # no kiosk's name has these letters
_TO_LETTERS = str.maketrans("01", "OI")  # base32 has neither digit
_SILENT = Birth(online=False, epoch=0)


class Gap(msgspec.Struct, frozen=True):
    """Events that were announced and are not here. `seen` UTC seconds."""

    kid: str
    epoch: int
    first: int
    last: int
    seen: int


class Fork(msgspec.Struct, frozen=True):
    """An epoch of which two versions exist; `branches` frames are kept in quarantine."""

    kid: str
    epoch: int
    stored: int
    branches: int


class ChainCheck(msgspec.Struct, frozen=True):
    """A recomputed chain; `broken_at` is the first event that does not hold, 0 = all hold."""

    kid: str
    epoch: int
    events: int
    broken_at: int


class Evidence(msgspec.Struct, frozen=True):
    """The event that a code names, with its record; `received` is server UTC seconds."""

    kid: str
    epoch: int
    seq: int
    received: int
    record: msgspec.Raw


def kiosks(tx: Connection) -> list[KioskStanding]:
    """Every kiosk that was invited."""
    out = []
    for row in tx.execute(select(schema.kiosk).order_by(schema.kiosk.c.kid)):
        heard = _birth(row.birth)
        birth = heard or _SILENT
        epochs = tx.execute(select(schema.chain).where(schema.chain.c.kid == row.kid)).all()
        stored = {one.epoch: one.acked for one in epochs}
        refused = tx.execute(
            select(schema.refused.c.no).where(
                schema.refused.c.kid == row.kid, schema.refused.c.resolved == ""
            )
        ).all()
        out.append(
            KioskStanding(
                kid=row.kid,
                opd=row.opd,
                seen=row.seen,
                online=birth.online,
                stored=sum(stored.values()),
                waiting=max(0, birth.max_seq - stored.get(birth.epoch, 0)) if heard else None,
                alerts=birth.alerts,
                forked=any(one.forked for one in epochs),
                refused=len(refused),
                trust=birth.trust if heard else None,
                moved=any(code == "kiosk_moved" for _, code in birth.alerts),
                bytes_month=birth.bytes_month,
                quota_left=birth.quota_left,
            )
        )
    return out


def epochs(tx: Connection, kid: str) -> list[int]:
    """Every epoch that was heard of from a kiosk, the newest last."""
    table = schema.chain
    rows = tx.execute(select(table.c.epoch).where(table.c.kid == kid).order_by(table.c.opened))
    known = dict.fromkeys(row.epoch for row in rows)
    known |= dict.fromkeys(gap.epoch for gap in gaps(tx) if gap.kid == kid)
    born = tx.execute(select(schema.kiosk.c.birth).where(schema.kiosk.c.kid == kid)).scalar()
    birth = _birth(born or b"")
    return list(known | ({birth.epoch: None} if birth else {}))


def gaps(tx: Connection) -> list[Gap]:
    """Holes that are not closed."""
    table = schema.gap
    rows = tx.execute(select(table).where(table.c.closed == 0).order_by(table.c.kid, table.c.no))
    return [Gap(row.kid, row.epoch, row.first, row.last, row.seen) for row in rows]


def forks(tx: Connection) -> list[Fork]:
    """Forks that nobody has resolved."""
    table, kept = schema.chain, schema.refused.c
    out = []
    for row in tx.execute(select(table).where(table.c.forked).order_by(table.c.kid)):
        of_epoch = (kept.kid == row.kid, kept.epoch == row.epoch, kept.reason == "fork")
        branches = tx.execute(select(kept.no).where(*of_epoch, kept.resolved == "")).all()
        out.append(Fork(row.kid, row.epoch, row.acked, len(branches)))
    return out


def resolve_forks(tx: Connection, kid: str, note: str) -> int:
    """A person has looked: the kiosk's days count again. The branches stay, with the note."""
    table = schema.chain
    found = tx.execute(
        update(table).where(table.c.kid == kid, table.c.forked).values(forked=False)
    ).rowcount
    kept = schema.refused
    tx.execute(update(kept).where(kept.c.kid == kid, kept.c.resolved == "").values(resolved=note))
    return found


def verify(tx: Connection, kid: str | None = None) -> list[ChainCheck]:
    """Recompute every chain (of one kiosk) from its first event."""
    table = schema.chain
    query = select(table.c.kid, table.c.epoch, table.c.acked, table.c.head)
    if kid is not None:
        query = query.where(table.c.kid == kid)
    rows = tx.execute(query.order_by(table.c.kid, table.c.opened)).all()
    return [_verify(tx, row.kid, row.epoch, row.acked, row.head) for row in rows]


def by_code(tx: Connection, code: str) -> Evidence | None:
    """The event that an evidence code was given for (see chain.evidence_code), None where the
    ledger has no such event. It may be as people copy it from a screen: with the word before it, in
    small letters, with blanks, with 0 for O and 1 for I or the other way round. Raises BadFile."""
    kid, number, marks = _code(code)
    table = schema.event
    rows = tx.execute(select(table).where(table.c.kid == kid, table.c.seq == number))
    for row in rows:
        if chain.evidence_code(kid, row.seq, row.head) == f"{kid}-{number}-{marks}":
            return Evidence(kid, row.epoch, row.seq, row.received, msgspec.Raw(row.record))
    return None


def _code(text: str) -> tuple[str, int, str]:
    found = _CODE.fullmatch("".join(text.upper().split()))
    if found is None:
        raise BadFile("ledger code", "", "code_malformed", text=text)
    name, number, marks = found.groups()
    seq = int(number.translate(_TO_DIGITS))
    return name.translate(_TO_DIGITS), seq, marks.translate(_TO_LETTERS)


def _verify(tx: Connection, kid: str, epoch: int, acked: int, newest: bytes) -> ChainCheck:
    table = schema.event
    rows = tx.execute(
        select(table.c.seq, table.c.record, table.c.head)
        .where(table.c.kid == kid, table.c.epoch == epoch)
        .order_by(table.c.seq)
    )
    head, last = chain.genesis(kid, epoch), 0
    for seq, record, stored in rows:
        # SQLite keeps what an editor of the file put there, text for bytes too.
        head = chain.link(head, record) if isinstance(record, bytes) else b""
        if seq != last + 1 or head != stored:
            return ChainCheck(kid, epoch, acked, seq)
        last = seq
    whole = last == acked and head == newest
    return ChainCheck(kid, epoch, acked, 0 if whole else last + 1)


def _birth(document: bytes) -> Birth | None:
    """What a kiosk said of itself; None where it never was on line."""
    try:
        return decode_birth(document)
    except BatchError:
        return None
