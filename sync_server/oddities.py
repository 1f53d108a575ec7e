"""What is odd about a file that people import: it is taken all the same, and somebody should look."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from sync_server import roster, schema
from sync_server.ekinerja import totals
from sync_server.errors import BadFile
from sync_server.posts import Post
from sync_server.roster import Person, Turn


def pins_odd(_tx: Connection, rows: Sequence[Person], file: str) -> list[BadFile]:
    """PINs that are somebody's NIP."""
    risky = roster.nips_used_as_pins(rows)
    return [BadFile(file, "", "nip_as_pin", count=len(risky), pin=risky[0])] if risky else []


def turns_odd(tx: Connection, rows: Sequence[Turn], file: str) -> list[BadFile]:
    """Turns of people whom nobody imported."""
    strange = roster.strangers(tx, rows)
    return [BadFile(file, "", "nip_unknown", count=len(strange), nip=strange[0])] if strange else []


def posts_odd(tx: Connection, rows: Sequence[Post], file: str) -> list[BadFile]:
    """Superiors whom nobody imported."""
    people = set(tx.execute(select(schema.person.c.nip)).scalars()) | {row.nip for row in rows}
    above = dict.fromkeys(row.superior for row in rows if row.superior)
    strange = [nip for nip in above if nip not in people]
    if not strange:
        return []
    return [BadFile(file, "", "superior_unknown", count=len(strange), nip=strange[0])]


def totals_odd(tx: Connection, rows: Sequence[totals.Total], file: str) -> list[BadFile]:
    """Totals of people whom nobody imported."""
    people = set(tx.execute(select(schema.person.c.nip)).scalars())
    strange = [row.nip for row in rows if row.nip not in people]
    if not strange:
        return []
    return [BadFile(file, "", "total_stranger", count=len(strange), nip=strange[0])]
