"""The numbers of checkpoints that were lost with a restore: kiosks may have seen them, this ledger has
not, and none of them is given again. The office's log, which is linked, tells which."""

from sqlalchemy import Connection, func, select

from sync_server import schema

DEED = "ledger_restored"  # what the office's log calls a restore
MARGIN = 1_000  # days: a checkpoint a day, and some that people made, since any backup


def told(tx: Connection, made: int) -> str:
    """What the log says of bringing back a backup that was made at `made` (server UTC seconds)."""
    newest = tx.execute(select(func.max(schema.checkpoint.c.no))).scalar() or 0
    return f"{made} {newest + 1} {newest + MARGIN}"


def lost(tx: Connection) -> list[range]:
    """The numbers that nobody gives again."""
    log = schema.access.c
    said = tx.execute(select(log.detail).where(log.did == DEED)).scalars()
    parts = (one.split(" ") for one in said if isinstance(one, str))
    return [range(int(part[1]), int(part[2]) + 1) for part in parts if _is_told(part)]


def _is_told(part: list[str]) -> bool:
    """Restores of an earlier version named no numbers."""
    return len(part) == 3 and all(one.isdecimal() for one in part)
