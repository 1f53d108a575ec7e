"""The checkpoints that were made, and the making of the next one."""

import msgspec
from sqlalchemy import Connection, func, insert, select

from contract.event import CheckpointNoted
from contract.event import read as read_event
from sync_server import bulk, linked, localtime, restored, schema
from sync_server.checkpoints import paper
from sync_server.checkpoints.paper import Checkpoint, Standing
from sync_server.signatures import Signer

_LOCK = 0x4AD1_0007  # PostgreSQL: whoever makes a checkpoint makes it alone


class Kept(msgspec.Struct, frozen=True):
    """A checkpoint as it is stored; `at` is server UTC seconds."""

    no: int
    at: int
    day: str
    text: str
    digest: str
    signature: bytes

    @property
    def short(self) -> str:
        """The digest as it is printed."""
        return paper.short(self.digest)

    @property
    def file(self) -> str:
        """The file that is mailed."""
        return paper.signed_text(self.text, self.signature)


_NOTED = "checkpoint_noted"
_BELIEVED = 5_000  # checkpoints that can have been lost without `restore`: more than ten years
_MOST = (1 << 53) - 2  # the next one still fits an order
DEED = "checkpoint"  # what the office's log calls the making of one
_COLUMNS = [schema.checkpoint.c[name] for name in Kept.__struct_fields__]


def make(tx: Connection, by: Signer, now: float) -> Kept:
    """Write down where everything stands at `now` (server UTC seconds), signed and linked to the
    checkpoint before."""
    if bulk.is_postgres(tx):
        tx.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
    before = newest(tx)
    said = Checkpoint(
        no=_next(tx, before.no if before else 0),
        day=localtime.day(now, localtime.WIB).isoformat(),
        made=int(now),
        before=before.digest if before else paper.FIRST,
        books={table: _book(tx, table) for table in linked.COLUMNS},
        keys=_keys(tx),
        kiosks=tuple(_standings(tx)),
    )
    text = paper.text(said)
    kept = Kept(
        no=said.no,
        at=int(now),
        day=said.day,
        text=text,
        digest=paper.digest(text),
        signature=by.sign(paper.to_sign(text)),
    )
    tx.execute(insert(schema.checkpoint).values(msgspec.structs.asdict(kept)))
    return kept


def logged(kept: Kept) -> str:
    """How the office's log names a checkpoint."""
    return f"{kept.no} {kept.digest}"


def newest(tx: Connection) -> Kept | None:
    """The last one that was made; None before the first."""
    found = latest(tx, 1)
    return found[0] if found else None


def latest(tx: Connection, most: int) -> list[Kept]:
    """The newest checkpoints by their number, newest first."""
    query = select(*_COLUMNS).order_by(schema.checkpoint.c.no.desc()).limit(most)
    return [Kept(*row) for row in tx.execute(query)]


def of_no(tx: Connection, no: int) -> Kept | None:
    """The checkpoint of that number."""
    row = tx.execute(select(*_COLUMNS).where(schema.checkpoint.c.no == no)).one_or_none()
    return Kept(*row) if row else None


def printed(tx: Connection, frozen: int) -> Kept | None:
    """The one to print on a list that was frozen at that second: the first made after it, which has
    its freezing in it; the newest while there is none, or the list is open (0)."""
    its = schema.checkpoint.c
    query = select(*_COLUMNS).where(its.at >= frozen).order_by(its.no).limit(1)
    row = tx.execute(query).one_or_none() if frozen else None
    return Kept(*row) if row else newest(tx)


def _next(tx: Connection, newest: int) -> int:
    """A number that stands for no other text anywhere, also where the ledger is of a backup."""
    floor = max([newest, *(numbers[-1] for numbers in restored.lost(tx))])
    return max(floor, _seen(tx, floor)) + 1


def _seen(tx: Connection, floor: int) -> int:
    """The highest number that a kiosk has noted, where a ledger that lost some checkpoints can have
    given it: one kiosk that lies must not use up all numbers."""
    event = schema.event.c
    noted = (event.kind == _NOTED, event.kind != "scan")  # the index is of all but scans
    rows = tx.execute(select(event.record).where(*noted)).scalars()
    told = (read_event(record) for record in rows)
    seen = (one.no for one in told if isinstance(one, CheckpointNoted))
    return max((no for no in seen if no <= min(floor + _BELIEVED, _MOST)), default=0)


def _book(tx: Connection, table: str) -> tuple[int, str]:
    no, head = linked.newest(tx, getattr(schema, table))
    return no, head.hex()


def _keys(tx: Connection) -> dict[str, str]:
    kiosk = schema.kiosk.c
    rows = tx.execute(select(kiosk.kid, kiosk.event_key).where(func.length(kiosk.event_key) > 0))
    return {kid: key.hex() for kid, key in rows}


def _standings(tx: Connection) -> list[Standing]:
    chain = schema.chain.c
    rows = tx.execute(
        select(chain.kid, chain.epoch, chain.acked, chain.head).where(chain.acked > 0)
    )
    return [Standing(kid, epoch, acked, head.hex()) for kid, epoch, acked, head in rows]
