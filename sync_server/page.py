"""What one transaction adds to the ledger: many kiosks' events with few statements.

Rows are collected and written together; whatever has to look at them asks for `write` first. What
every group of frames needs is read once for all of its kiosks.
"""

from collections.abc import Collection, Iterable

from sqlalchemy import Connection, bindparam, select, text, update

from contract import batch
from contract.event import Device, Epoch, Scan, kind, read, tag_of
from sync_server import bulk, ledger, months, punch, schema, vouching
from sync_server.ingest import Known, Verdict
from sync_server.ledger import Chain, Kiosk
from sync_server.vouching import RARE, Claim

Which = tuple[str, int]  # (kid, epoch)

_MOST_KEPT = 1_000  # chains, about 20 kB each in an office of a hundred

# The rows of kiosks are locked in one order: two writers of one kiosk's chains wait for each other,
# and none of them for ever. SQLite knows no row locks and needs none.
_KIOSKS = (
    select(*ledger.OF_KIOSK)
    .where(schema.kiosk.c.kid.in_(bindparam("kids", expanding=True)))
    .order_by(schema.kiosk.c.kid)
    .with_for_update()
)
_MARKS = select(
    schema.chain.c.kid, schema.chain.c.epoch, schema.chain.c.acked, schema.chain.c.head
).where(schema.chain.c.kid.in_(bindparam("kids", expanding=True)))
_GAPS = select(schema.gap.c.kid).where(
    schema.gap.c.kid.in_(bindparam("kids", expanding=True)), schema.gap.c.closed == 0
)
_ADVANCE = text(
    "INSERT INTO chain (kid, epoch, acked, head, opened) "
    "VALUES (:kid, :epoch, :acked, :head, :opened) "
    "ON CONFLICT (kid, epoch) DO UPDATE SET acked = excluded.acked, head = excluded.head"
)
_INTRODUCE = text(
    "INSERT INTO device (kid, epoch, idx, serial, family, firmware) "
    "VALUES (:kid, :epoch, :idx, :serial, :family, :firmware) ON CONFLICT DO NOTHING"
)
_CLOSE_GAPS = (
    update(schema.gap)
    .where(
        schema.gap.c.kid == bindparam("of_kid"),
        schema.gap.c.epoch == bindparam("of_epoch"),
        schema.gap.c.last <= bindparam("up_to"),
        schema.gap.c.closed == 0,
    )
    .values(closed=bindparam("now"))
)
# A row that is not the punch itself came by another way, or twice in one second.
_REPEATS = text(
    "INSERT INTO repeat (serial, pin, t, kid, epoch, seq) "
    "SELECT serial, pin, t, :kid, :epoch, :seq FROM punch "
    "WHERE serial = :serial AND pin = :pin AND t = :t "
    "AND NOT (kid = :kid AND epoch = :epoch AND seq = :seq) ON CONFLICT DO NOTHING"
)
# An epoch is vouched for by receipts of its own: the first one is due at once.
_UNNOTED = text("UPDATE kiosk SET noted = 0 WHERE kid = :kid AND noted <> 0")
# A kiosk says so itself when rows of its card are gone or belong to another history.


class Memory:
    """Chains as they were at the last commit, the newest ones. One counts only where the ledger's
    mark still says the same: a head is the proof of all that is before it. `centre`: the public key
    that this centre signs receipts with, b"" where this process has none."""

    def __init__(self, centre: bytes = b"") -> None:
        self.centre = centre
        self._chains: dict[Which, Chain] = {}

    def take(self, which: Which, acked: int, head: bytes) -> Chain | None:
        """The chain that stands at this mark; it is the taker's until it is kept again."""
        found = self._chains.pop(which, None)
        return found if found and (found.acked, found.head) == (acked, head) else None

    def keep(self, chains: Iterable[Chain]) -> None:
        """Remember what was committed."""
        self._chains |= {(one.kid, one.epoch): one for one in chains}
        while len(self._chains) > _MOST_KEPT:
            del self._chains[next(iter(self._chains))]


class Page:
    """One group of frames. `kiosks` are those that were invited, by name."""

    def __init__(self, tx: Connection, kids: Collection[str], now: int, memory: Memory) -> None:
        """`now`: server UTC seconds."""
        self.tx, self._now, self._memory = tx, now, memory
        self._postgres = bulk.is_postgres(tx)
        which = {"kids": sorted(kids)}
        self.kiosks = {row.kid: Kiosk(*row) for row in tx.execute(_KIOSKS, which)}
        self._marks = {
            (kid, epoch): (acked, head) for kid, epoch, acked, head in tx.execute(_MARKS, which)
        }
        self._gaps = set(tx.execute(_GAPS, which).scalars())
        self._chains: dict[Which, Chain] = {}
        self._advanced: dict[Which, Chain] = {}
        self._events: list[bulk.Row] = []
        self._pins: list[bulk.Row] = []
        self._punches: list[bulk.Row] = []
        self._claims: list[Claim] = []

    def chain(self, kid: str, epoch: int) -> Chain:
        """Where an epoch stands, with what this page adds."""
        which = (kid, epoch)
        if which not in self._chains:
            mark = self._marks.get(which)
            kept = self._memory.take(which, *mark) if mark else None
            self._chains[which] = kept or ledger.chain_of(self.tx, kid, epoch)
        return self._chains[which]

    def chains(self) -> Iterable[Chain]:
        """Every chain that was asked for, as it stands when this page is committed."""
        return self._chains.values()

    def known(self, stored: Chain, header: batch.Header) -> Known:
        """What is stored of an epoch, as the judge needs it for the batch of that header."""
        if header.first <= stored.acked:
            self.write()  # a head from before the mark is looked up
        return ledger.known(self.tx, stored, header)

    def append(self, stored: Chain, verdict: Verdict) -> None:
        """Add the records that a verdict takes."""
        kid, epoch, now = stored.kid, stored.epoch, self._now
        numbered = enumerate(zip(verdict.records, verdict.heads, strict=True), verdict.first)
        for seq, (data, head) in numbered:
            record = read(data)
            tag = _unread(data) if record is None else tag_of(record)
            self._events.append((kid, epoch, seq, tag, data, head, now))
            if isinstance(record, Scan):
                self._scan(stored, seq, record)
            elif isinstance(record, Device):
                self._introduce(stored, record)
            elif isinstance(record, Epoch):
                self._close_epoch(kid, record)
            elif isinstance(record, RARE):
                at = seq - verdict.first
                before = verdict.heads[at - 1] if at else stored.head
                self._claims.append(Claim(kid, epoch, seq, before, record))
        stored.acked = verdict.first + len(verdict.records) - 1
        stored.head = verdict.heads[-1]
        self._advanced[kid, epoch] = stored

    def write(self) -> None:
        """Write what was added. Raises SQLAlchemyError."""
        if self._events:
            if self._postgres:
                months.make(self.tx, self._now)
            bulk.insert(self.tx, schema.event, self._events)
            bulk.insert(self.tx, schema.pin, self._pins)
            if not bulk.insert_new(self.tx, schema.punch, self._punches):
                self.tx.execute(_REPEATS, [_named(row) for row in self._punches])
            self._events, self._pins, self._punches = [], [], []
        if self._claims:
            vouching.settle(self.tx, self._claims, self._memory.centre, self._now)
            self._claims = []
        if self._advanced:
            self.tx.execute(_ADVANCE, [self._mark(one) for one in self._advanced.values()])
            closing = [one for one in self._advanced.values() if one.kid in self._gaps]
            for one in closing:
                of = {"of_kid": one.kid, "of_epoch": one.epoch}
                self.tx.execute(_CLOSE_GAPS, {**of, "up_to": one.acked, "now": self._now})
            self._advanced = {}

    def note_hole(self, kid: str, epoch: int, hole: range) -> None:
        """Remember that the events in `hole` were announced by what came after them."""
        ledger.note_hole(self.tx, kid, epoch, hole, self._now)
        self._gaps.add(kid)

    def note_fork(self, kid: str, epoch: int) -> None:
        """From now on the kiosk's days wait until a person has looked (`forks resolve`)."""
        self.write()
        ledger.note_fork(self.tx, kid, epoch)

    def _scan(self, stored: Chain, seq: int, scan: Scan) -> None:
        pin = bulk.storable(self.tx, scan.pin) if self._postgres else scan.pin
        if scan.pin not in stored.pins:
            self._pins.append((stored.kid, stored.epoch, len(stored.pins), pin, seq))
            stored.pins[scan.pin] = seq
        if key := punch.key(scan, stored.serials, self._now):
            self._punches.append((key.serial, pin, key.t, stored.kid, stored.epoch, seq))

    def _introduce(self, stored: Chain, device: Device) -> None:
        serial = bulk.storable(self.tx, device.serial)
        row = {
            "kid": stored.kid,
            "epoch": stored.epoch,
            "idx": device.index,
            "serial": serial,
            "family": bulk.storable(self.tx, device.family),
            "firmware": bulk.storable(self.tx, device.firmware),
        }
        self.tx.execute(_INTRODUCE, row)
        stored.serials.setdefault(device.index, serial)

    def _close_epoch(self, kid: str, begun: Epoch) -> None:
        """What a new epoch says of the one before: that its card changed, and up to where it was
        receipted. A ledger that holds less was restored from a backup: a hole, declared."""
        self.tx.execute(_UNNOTED, {"kid": kid})
        if begun.reason in ledger.CARD_CHANGED:
            self.note_fork(kid, begun.previous)
        held = self.chain(kid, begun.previous).acked
        if held < begun.acked:
            self.note_hole(kid, begun.previous, range(held + 1, begun.acked + 1))

    def _mark(self, chain: Chain) -> dict[str, object]:
        where = {"kid": chain.kid, "epoch": chain.epoch}
        return {**where, "acked": chain.acked, "head": chain.head, "opened": self._now}


def _unread(data: bytes) -> str:
    """What a record calls itself that this version cannot read, as a label."""
    return f"unread:{kind(data)}"[:40].replace("\0", "?")


def _named(row: bulk.Row) -> dict[str, object]:
    return dict(zip(schema.punch.columns.keys(), row, strict=True))
