"""Evidence that can be checked from outside: linked rows, daily checkpoints, what kiosks vouch for."""

from hashlib import sha256

import msgspec
import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

# What each linked table's rows say, in the order in which it is hashed.
_LINKED = {
    "access": ("no", "at", "who", "did", "opd", "whom", "detail"),
    "decision": ("no", "subject", "ref", "verdict", "who", "nip", "role", "at", "note"),
    "ruling": ("no", "kind", "name", "text", "imported"),
}
_GUARDED = ("checkpoint", "pin", "device", "ruling")  # never changed, from now on
_KEPT = ("chain", "distrusted")  # rows change, and never go


def upgrade() -> None:
    """Make the tables, link the rows that are there, and guard what is only ever added to."""
    op.add_column("kiosk", sa.Column("noted", sa.BigInteger(), server_default="0", nullable=False))
    _tables()
    for table, columns in _LINKED.items():
        _link(table, columns)
    postgres = op.get_bind().dialect.name == "postgresql"
    guard = _guard_on_postgres if postgres else _guard_on_sqlite
    for table in _GUARDED:
        guard(table, "UPDATE", "DELETE")
    for table in _KEPT:
        guard(table, "DELETE")
    if postgres:
        _never_truncate("closing")


def _tables() -> None:
    op.create_table(
        "distrusted",
        sa.Column("kid", sa.Text(), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("seen", sa.BigInteger(), nullable=False),
        sa.Column("resolved", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("kid", "epoch", "seq"),
    )
    op.create_table(
        "checkpoint",
        sa.Column("no", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("no"),
    )


def _link(table: str, columns: tuple[str, ...]) -> None:
    """Give each row the head after it: what was written before this migration counts as it stands."""
    op.add_column(table, sa.Column("head", sa.LargeBinary(), server_default="", nullable=False))
    bind = op.get_bind()
    guarded = table != "ruling"
    if guarded:
        _open(table)
    head = sha256(f"hadir/1 {table}".encode()).digest()
    names = ", ".join(f'"{name}"' for name in columns)
    found = bind.exec_driver_sql(f"SELECT {names} FROM {table} ORDER BY no").all()  # noqa: S608 - our own names
    its = sa.table(table, sa.column("no"), sa.column("head"))
    for row in found:
        head = sha256(head + msgspec.json.encode(list(row))).digest()
        bind.execute(sa.update(its).where(its.c.no == row[0]).values(head=head))
    if guarded:
        _shut(table)


def _open(table: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP TRIGGER {table}_never_changed ON {table}")
    else:
        op.execute(f"DROP TRIGGER {table}_never_update")


def _shut(table: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        _never_changed(table, "UPDATE OR DELETE")
    else:
        _guard_on_sqlite(table, "UPDATE")


def _guard_on_postgres(table: str, *verbs: str) -> None:
    _never_changed(table, " OR ".join(verbs))
    _never_truncate(table)


def _never_changed(table: str, verbs: str) -> None:
    op.execute(
        f"CREATE TRIGGER {table}_never_changed BEFORE {verbs} ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION never_changed()"
    )


def _never_truncate(table: str) -> None:
    op.execute(
        f"CREATE TRIGGER {table}_never_truncate BEFORE TRUNCATE ON {table} "
        "EXECUTE FUNCTION never_changed()"
    )


def _guard_on_sqlite(table: str, *verbs: str) -> None:
    for verb in verbs:
        op.execute(
            f"CREATE TRIGGER {table}_never_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
