"""The centre's own linked tables: the office's log, decisions, the files of decrees."""

from sqlalchemy import Connection, Table, select

from sync_server import linked, schema
from sync_server.verifying.found import Broken, Check, Kind, Tally

_KINDS: dict[str, Kind] = {"access": "log", "decision": "decisions", "ruling": "rulings"}


def checks(tx: Connection) -> list[Check]:
    """Recompute every head; the first row that does not hold is named by its number."""
    return [_check(tx, table, kind) for table, kind in _KINDS.items()]


def _check(tx: Connection, name: str, kind: Kind) -> Check:
    table: Table = getattr(schema, name)
    query = select(*linked.columns(name), table.c.head).order_by(table.c.no)
    tally, head, last = Tally(kind), linked.genesis(name), 0
    for *line, stored in tx.execute(query):
        head = linked.link(head, line)
        if head != stored:
            tally.look(
                Broken("row_missing" if line[0] != last + 1 else "row_changed", line=line[0])
            )
            head = stored if isinstance(stored, bytes) else b""  # the rest is looked at by itself
        else:
            tally.look(None)
        last = line[0]
    return tally.check()
