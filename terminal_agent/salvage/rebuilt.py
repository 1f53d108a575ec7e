"""A new journal from what a damaged one still proves, and the damaged one kept beside it.

Nothing of the damaged file is believed that no chain binds: not its acked mark (only receipts that
the centre signed count), not where a terminal was read up to (every terminal is read whole again).
What is journalled twice by that, the centre tells apart by the punch key.
"""

import os
import sqlite3
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import msgspec

from contract import vouched
from contract.event import Device, Epoch, ReceiptNoted, Record, Scan, kind, read
from contract.invitation import Invitation
from terminal_agent import delivery, durable, identity, journal_schema
from terminal_agent.clock import Look
from terminal_agent.delivery import Reading
from terminal_agent.epoch import BOUND_KINDS
from terminal_agent.errors import JournalFailed
from terminal_agent.journal import Journal
from terminal_agent.salvage import proof
from terminal_agent.salvage.cells import Pages
from terminal_agent.salvage.proof import Chain, Found, Raw

_NEW = "journal.salvaged"
_KEPT = "journal.damaged-"
_Again = dict[int, tuple[int, int] | None]  # by old seq: the new epoch's ordinal and seq


class Salvaged(msgspec.Struct, frozen=True):
    """What became of a damaged journal, which is now the file `kept`. `proven` events stand in it,
    `again` of the newest epoch were journalled again under the new `epoch`; `lost` is how many of
    that epoch had no proven receipt and cannot be proven any more."""

    kept: str
    epoch: int
    proven: int
    again: int
    lost: int


class _Part(msgspec.Struct, frozen=True):
    """An epoch's chain with its records read, and up to where receipts are proven."""

    chain: Chain
    records: dict[int, Record | None]
    acked: int


def salvage(state: Path, invited: Invitation, look: Look) -> Salvaged:
    """Make the new journal and put it in the place of the damaged one. The agent must not run; a
    power cut in between is mended by doing it again.

    Raises JournalFailed where there is no journal or the new one cannot be made, OSError.
    """
    path = state / "journal.db"
    if not path.exists():
        raise JournalFailed("no_journal", f"{path} does not exist")
    kept = _interrupted(path) or state / f"{_KEPT}{look.wall}.db"
    wals = [wal for wal in (_beside(kept, "-wal"), _beside(path, "-wal")) if wal.exists()]
    pages = Pages(path.read_bytes(), *(wal.read_bytes() for wal in wals))
    found = proof.sorted_out(pages.rows())
    chains = proof.proven(invited.kid, found)
    parts = [_part(invited, one, chains[at + 1 :]) for at, one in enumerate(chains)]
    new = state / _NEW
    _clear(new)
    with journal_schema.failing():
        epoch, again = _made(new, invited.kid, look, (found, parts))
    _swap(path, new, kept)
    lost = _lost(parts[-1]) if parts else 0
    return Salvaged(str(kept), epoch, sum(len(one.rows) for one in chains), again, lost)


def _part(invited: Invitation, one: Chain, later: Sequence[Chain]) -> _Part:
    records: dict[int, Record | None] = {seq: read(data) for seq, data, _ in one.rows}
    acked = max(_noted(invited, one, records), _told_later(one, later))
    return _Part(one, records, acked)


def _noted(invited: Invitation, one: Chain, records: dict[int, Record | None]) -> int:
    """The newest event of a receipt that the centre signed for this chain."""
    heads = {seq: head for seq, _, head in one.rows}
    noted = [note for note in records.values() if isinstance(note, ReceiptNoted)]
    for note in sorted(noted, key=lambda note: note.acked, reverse=True):
        if head := heads.get(note.acked):
            of = (invited.kid, one.epoch, note.acked, head, note.server_time)
            signed = vouched.receipt_bytes(*of)
            if identity.signed_by_centre(invited, signed, note.signature):
                return note.acked
    return 0


def _told_later(one: Chain, later: Sequence[Chain]) -> int:
    """Where an epoch that is over stood, as the one after it begins by saying."""
    first = read(later[0].rows[0][1]) if later and later[0].whole else None
    return first.acked if isinstance(first, Epoch) and first.previous == one.epoch else 0


def _lost(part: _Part) -> int:
    held = sum(seq > part.acked for seq in part.records)
    return max(0, part.chain.last - part.acked - held)


def _made(
    new: Path, kid: str, look: Look, having: tuple[Found, Sequence[_Part]]
) -> tuple[int, int]:
    """The number of the new epoch, and how many events were journalled again in it."""
    found, parts = having
    with closing(sqlite3.connect(new, isolation_level=None)) as db:
        journal_schema.prepare(db)
        journal_schema.bind(db, kid)
        db.execute("BEGIN")
        _devices(db, found, parts)
        for part in parts:
            _epoch(db, part, all_of_it=part is parts[-1])
        db.execute("COMMIT")
    with closing(Journal(new, kid, look)) as journal:
        if parts:
            journal.begin_epoch("salvage", look, _waiting(parts[-1]))
        epoch = journal.standing().epoch
    if not parts:
        return epoch, 0
    with closing(sqlite3.connect(new, isolation_level=None)) as db:
        db.execute("BEGIN")
        again = _again(db, parts[-1])
        _end_old(db, parts[-1].chain)
        rows = _evidence(found, parts, again)
        db.executemany("INSERT OR IGNORE INTO evidence VALUES (?,?,?,?,?,?,?)", rows)
        db.execute("COMMIT")
    return epoch, len(again)


def _epoch(db: sqlite3.Connection, part: _Part, *, all_of_it: bool) -> None:
    """An epoch as it was, up to its first hole: what comes after cannot be sent again from here."""
    one = part.chain
    if not (one.whole or all_of_it):
        return
    rows = one.rows if all_of_it else one.rows[: one.whole]
    db.execute("INSERT INTO epoch VALUES (?,?,?,0)", (one.no, one.epoch, part.acked))
    for seq, data, head in rows:
        tag = kind(data)
        db.execute("INSERT INTO event VALUES (?,?,?,?,?)", (one.no, seq, tag, data, head))
    pins: dict[str, int] = {}
    for seq, _, _ in one.rows[: one.whole]:
        record = part.records[seq]
        if isinstance(record, Scan):
            pins.setdefault(record.pin, seq)
    numbered = [(one.no, at, pin, seq) for at, (pin, seq) in enumerate(pins.items())]
    db.executemany("INSERT INTO pin VALUES (?,?,?,?)", numbered)


def _devices(db: sqlite3.Connection, found: Found, parts: Sequence[_Part]) -> None:
    """As the chain introduced them; from their table only those that no proven row introduces."""
    known = dict(found.devices)
    for part in parts:
        for record in part.records.values():
            if isinstance(record, Device):
                known[record.index] = (record.serial, record.family, record.firmware)
    for no, device in sorted(known.items()):
        db.execute(
            "INSERT OR IGNORE INTO device (no, serial, family, firmware) VALUES (?,?,?,?)",
            (no, *device),
        )


def _evidence(found: Found, parts: Sequence[_Part], again: _Again) -> Iterator[tuple[object, ...]]:
    """What the devices said themselves of proven events: that these are here is what keeps a log
    that is read again from being journalled again. Of events behind a hole it stands beside the new
    rows."""
    records = {part.chain.no: part.records for part in parts}
    newest, serials = parts[-1].chain, _serials(parts)
    for raw in found.raws:
        record = records.get(raw.no, {}).get(raw.seq)
        if record is None or not _belongs(raw, record, serials):
            continue
        moved = again.get(raw.seq) if raw.no == newest.no and raw.seq > newest.whole else None
        no, seq = moved or (raw.no, raw.seq)
        yield msgspec.structs.astuple(msgspec.structs.replace(raw, no=no, seq=seq))


def _serials(parts: Sequence[_Part]) -> dict[tuple[int, int], str]:
    return {
        (part.chain.no, record.index): record.serial
        for part in parts
        for record in part.records.values()
        if isinstance(record, Device)
    }


def _belongs(raw: Raw, record: Record, serials: dict[tuple[int, int], str]) -> bool:
    index = getattr(record, "device", 0)
    introduced = serials.get((raw.no, index), raw.serial)
    mark = delivery.key(Reading(record, raw.raw)) or ("", 0)
    return mark == (raw.pin, raw.t) and raw.serial.startswith(introduced)


def _again(db: sqlite3.Connection, part: _Part) -> _Again:
    """Where the events that were journalled again stand now; what names another event by its number
    has other bytes there, and no device's own beside it."""
    [(now,)] = db.execute("SELECT max(no) FROM epoch")
    places: dict[bytes, deque[int]] = defaultdict(deque)
    for seq, data in db.execute(
        "SELECT seq, record FROM event WHERE epoch = ? ORDER BY seq", (now,)
    ):
        places[data].append(seq)
    return {
        seq: (now, places[data].popleft()) if places[data] else None for seq, data in _waiting(part)
    }


def _waiting(part: _Part) -> list[tuple[int, bytes]]:
    """What has no proven receipt, as far as it can be journalled again."""
    rows = [(seq, data) for seq, data, _ in part.chain.rows if seq > part.acked]
    return [(seq, data) for seq, data in rows if kind(data) not in BOUND_KINDS]


def _end_old(db: sqlite3.Connection, one: Chain) -> None:
    """The old epoch ends at its first hole; it is gone where nobody can say which one it was."""
    db.execute("DELETE FROM event WHERE epoch = ? AND seq > ?", (one.no, one.whole))
    if not one.whole:
        db.execute("DELETE FROM epoch WHERE no = ?", (one.no,))


def _swap(path: Path, new: Path, kept: Path) -> None:
    """The damaged file has its new name, and its WAL with it, before the new one has the old name: a
    WAL that does not belong to a file would be written into it."""
    if not kept.exists():
        os.link(path, kept)
    wal = _beside(path, "-wal")
    if wal.exists():
        known = _beside(kept, "-wal").exists()
        wal.replace(_beside(kept, "-wal-later" if known else "-wal"))
    _beside(path, "-shm").unlink(missing_ok=True)
    durable.sync_directory(path.parent)
    with new.open("rb") as file:
        os.fsync(file.fileno())
        if os.geteuid() == 0:  # whoever runs the agent owns the old one
            owner = path.stat()
            os.fchown(file.fileno(), owner.st_uid, owner.st_gid)
    new.replace(path)
    durable.sync_directory(path.parent)


def _interrupted(path: Path) -> Path | None:
    """The name under which an earlier run kept this damaged file before it was cut short."""
    kept = path.parent.glob(f"{_KEPT}*.db")
    return next((one for one in kept if one.samefile(path)), None)


def _clear(new: Path) -> None:
    for name in (new, _beside(new, "-wal"), _beside(new, "-shm")):
        name.unlink(missing_ok=True)


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)
