"""The centre's own linked tables: the office's log, decisions, the files of decrees."""

from sqlalchemy import Connection, Table, select

from sync_server import linked, schema
from sync_server.verifying.found import Broken, Check, Kind, Tally
from sync_server.verifying.stored import is_as_made, whole

_KINDS: dict[str, Kind] = {"access": "log", "decision": "decisions", "ruling": "rulings"}


def checks(tx: Connection) -> list[Check]:
    """Recompute every head; the first row that does not hold is named by its number."""
    return [_check(tx, table, kind) for table, kind in _KINDS.items()]


def _check(tx: Connection, name: str, kind: Kind) -> Check:
    table: Table = getattr(schema, name)
    query = select(*linked.columns(name), table.c.head).order_by(table.c.no)
    tally, head, last = Tally(kind), linked.genesis(name), 0
    for *line, stored in tx.execute(query):
        no = whole(line[0]) or last + 1
        head = linked.link(head, line)
        # Bytes are hashed as the text that is their base64.
        made = is_as_made(table, dict(zip(linked.COLUMNS[name], line, strict=True)))
        if head != stored or not made:
            tally.look(Broken("row_missing" if no != last + 1 else "row_changed", line=no))
            head = stored if isinstance(stored, bytes) else b""  # the rest is looked at by itself
        else:
            tally.look(None)
        last = no
    return tally.check()
