"""What is missing, forked, refused or not to be trusted, kiosk by kiosk; and whose code is in."""

import re
from collections import Counter, defaultdict

import msgspec
from sqlalchemy import Connection, and_, select, update

from contract import chain
from contract.errors import BatchError
from contract.event import Epoch, read
from contract.health import Birth, decode_birth
from sync_server import credentials, office_log, schema
from sync_server.errors import BadFile
from sync_server.ledger import CARD_CHANGED, NOT_ITS_KEY
from sync_server.office_log import Deed


class KioskStanding(msgspec.Struct, frozen=True):
    """One kiosk: `waiting` is what it said it held beyond `stored` at its last birth; `seen` UTC s;
    `trust` of its clock (as in a clock record), whether it `moved` from where it was put up,
    whether its `old_card`, replaced since, still sends: the epoch of it is known, and the key is not the
    present one; `bytes_month` and `quota_left` (None: no quota) as it said then. `waiting` and `trust` are None of
    a kiosk that never was on line. `distrusted`: why events of it prove nothing, until a person has
    looked; `contradicted`: it refused the newest checkpoint that it answered. `certificate_until` UTC
    s, 0 = none is known; `went_back`: how often its card was restored, of forks that nobody resolved; `state`: active, invited (its token is not used yet) or revoked, and `why`."""

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
    distrusted: tuple[str, ...] = ()
    contradicted: bool = False
    certificate_until: int = 0
    state: str = "active"
    why: str = ""
    old_card: bool = False
    went_back: int = 0


# As the screen shows it, with its word. 16 digits hold the largest number that an event can have.
_CODE = re.compile(r"(?:(?:BUKTI|EVIDENCE):?)?([0-9A-Z]{4,6})-([0-9OIL]{1,16})-([A-Z0-7]{8})")
_RESOLVED = "forks_resolved"  # what the office's log calls a person's having looked
_PLACE = re.compile(r"(\S+) ([0-9a-f]{8,}) ([0-9]+): ")  # kiosk, epoch and seq of an event settled
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
    """An epoch of which two versions exist; `branches` frames are kept in quarantine. `times`: how
    often the kiosk began anew because its card had gone back to that epoch."""

    kid: str
    epoch: int
    stored: int
    branches: int
    times: int = 0


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
    distrusted, contradicted = _distrusted(tx), _contradicted(tx)
    backs = Counter[str]()
    for fork in forks(tx):
        backs[fork.kid] += fork.times
    ends, awaited = credentials.ends(tx), credentials.awaited(tx)
    for row in tx.execute(select(schema.kiosk).order_by(schema.kiosk.c.kid)):
        heard = _birth(row.birth)
        birth = heard or _SILENT
        epochs = tx.execute(select(schema.chain).where(schema.chain.c.kid == row.kid)).all()
        stored = {one.epoch: one.acked for one in epochs}
        its = schema.refused.c
        refused = tx.execute(
            select(its.epoch, its.reason, its.received).where(
                its.kid == row.kid, its.resolved == ""
            )
        ).all()
        old = [one for one in refused if one.reason == NOT_ITS_KEY and one.received > row.invited]
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
                certificate_until=ends.get(row.kid, 0),
                state=_state(row.kid, revoked=bool(row.revoked), awaited=awaited),
                why=row.revoked_why,
                distrusted=tuple(sorted(distrusted[row.kid])),
                contradicted=row.kid in contradicted,
                went_back=backs[row.kid],
                old_card=bool(row.replaced) and any(one.epoch in stored for one in old),
            )
        )
    return out


def _state(kid: str, *, revoked: bool, awaited: set[str]) -> str:
    if revoked:
        return "revoked"
    return "invited" if kid in awaited else "active"


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
    """Holes that are not closed: of each, what is still missing."""
    gap, mark = schema.gap, schema.chain
    its = and_(mark.c.kid == gap.c.kid, mark.c.epoch == gap.c.epoch)
    rows = tx.execute(
        select(gap, mark.c.acked)
        .join(mark, its, isouter=True)
        .where(gap.c.closed == 0)
        .order_by(gap.c.kid, gap.c.no)
    )
    return [
        Gap(row.kid, row.epoch, max(row.first, (row.acked or 0) + 1), row.last, row.seen)
        for row in rows
    ]


def forks(tx: Connection) -> list[Fork]:
    """Forks that nobody has resolved."""
    table, kept = schema.chain, schema.refused.c
    out = []
    for row in tx.execute(select(table).where(table.c.forked).order_by(table.c.kid)):
        of_epoch = (kept.kid == row.kid, kept.epoch == row.epoch, kept.reason == "fork")
        branches = tx.execute(select(kept.no).where(*of_epoch, kept.resolved == "")).all()
        times = _went_back(tx, row.kid, row.epoch)
        out.append(Fork(row.kid, row.epoch, row.acked, len(branches), times))
    return out


def _went_back(tx: Connection, kid: str, epoch: int) -> int:
    its = schema.event.c
    query = select(its.record).where(its.kind == "epoch", its.kind != "scan", its.kid == kid)
    told = (read(record) for record in tx.execute(query).scalars())
    begun = [one for one in told if isinstance(one, Epoch) and one.previous == epoch]
    return sum(one.reason in CARD_CHANGED for one in begun)


def resolve_forks(tx: Connection, kid: str, note: str, who: str, now: float) -> int:
    """A person (`who`) has looked: the kiosk's days count again. The branches stay, with the note, and
    so do events that prove nothing; how many forks and such events there were. The office's log tells
    of it and of each such event by its place: `ledger verify` believes no other word of it. `now`:
    server UTC seconds."""
    table = schema.chain
    found = tx.execute(
        update(table).where(table.c.kid == kid, table.c.forked).values(forked=False)
    ).rowcount
    kept = schema.refused
    tx.execute(update(kept).where(kept.c.kid == kid, kept.c.resolved == "").values(resolved=note))
    listed = schema.distrusted
    open_ones = update(listed).where(listed.c.kid == kid, listed.c.resolved == "")
    places = open_ones.values(resolved=note).returning(listed.c.epoch, listed.c.seq)
    settled = sorted((epoch, seq) for epoch, seq in tx.execute(places))
    told = [f"{kid}: {note}"] if found or settled else []
    told += [f"{kid} {epoch:08x} {seq}: {note}" for epoch, seq in settled]
    office_log.note_all(tx, now, who, [Deed(_RESOLVED, detail=one) for one in told])
    return found + len(settled)


def settlements(tx: Connection) -> set[tuple[str, int, int]]:
    """The events (kiosk, epoch, seq) that somebody has settled by the office's log."""
    log = schema.access.c
    told = tx.execute(select(log.detail).where(log.did == _RESOLVED)).scalars()
    places = (_PLACE.match(one) for one in told if isinstance(one, str))
    return {(one[1], int(one[2], 16), int(one[3])) for one in places if one}


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


def numbered(tx: Connection, code: str) -> bool:
    """Whether there is an event of a code's kiosk and number, whatever its code. Raises BadFile."""
    kid, number, _ = _code(code)
    its = schema.event.c
    rows = tx.execute(select(its.seq).where(its.kid == kid, its.seq == number).limit(1))
    return rows.first() is not None


def _code(text: str) -> tuple[str, int, str]:
    found = _CODE.fullmatch("".join(text.upper().split()))
    if found is None:
        raise BadFile("ledger code", "", "code_malformed", text=text)
    name, number, marks = found.groups()
    seq = int(number.translate(_TO_DIGITS))
    return name.translate(_TO_DIGITS), seq, marks.translate(_TO_LETTERS)


def _distrusted(tx: Connection) -> dict[str, set[str]]:
    """Why events of each kiosk prove nothing, where nobody has looked yet."""
    its = schema.distrusted.c
    found: dict[str, set[str]] = defaultdict(set)
    for kid, reason in tx.execute(select(its.kid, its.reason).where(its.resolved == "")):
        found[kid].add(reason)
    return found


def _contradicted(tx: Connection) -> set[str]:
    """Kiosks that refused the newest checkpoint that they answered."""
    its = schema.command.c
    answered = (its.name == "checkpoint", its.answered > 0, its.fate.in_(("done", "refused")))
    query = select(its.kid, its.fate, its.detail).where(*answered, its.detail != "withdrawn")
    newest = {row.kid: row for row in tx.execute(query.order_by(its.kid, its.counter))}
    return {
        kid
        for kid, row in newest.items()
        if row.fate == "refused" and row.detail.startswith("checkpoint_contradicts")
    }


def _birth(document: bytes) -> Birth | None:
    """What a kiosk said of itself; None where it never was on line."""
    try:
        return decode_birth(document)
    except BatchError:
        return None
