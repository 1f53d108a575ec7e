"""Ledger, roster and rulings, as first shipped. Never changed again."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_RAW = ("event", "punch", "repeat")


def upgrade() -> None:
    """Make every table; raw ones refuse to be changed."""
    _tables()
    if op.get_bind().dialect.name == "postgresql":
        return  # which has another language for triggers: 0003 guards its tables
    for table in _RAW:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_never_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )


def _tables() -> None:
    op.create_table(
        "chain",
        sa.Column("kid", sa.Text(), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("acked", sa.BigInteger(), nullable=False),
        sa.Column("head", sa.LargeBinary(), nullable=False),
        sa.Column("opened", sa.BigInteger(), nullable=False),
        sa.Column("forked", sa.Boolean(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("kid", "epoch"),
    )
    op.create_table(
        "device",
        sa.Column("kid", sa.Text(), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("idx", sa.BigInteger(), nullable=False),
        sa.Column("serial", sa.Text(), nullable=False),
        sa.Column("family", sa.Text(), nullable=False),
        sa.Column("firmware", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("kid", "epoch", "idx"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "event",
        sa.Column("kid", sa.Text(), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("record", sa.LargeBinary(), nullable=False),
        sa.Column("head", sa.LargeBinary(), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kid", "epoch", "seq"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "event_kind", "event", ["kind", "kid"], unique=False, sqlite_where=sa.text("kind != 'scan'")
    )
    op.create_table(
        "gap",
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("kid", sa.Text(), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("seen", sa.BigInteger(), nullable=False),
        sa.Column("closed", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("no"),
    )
    op.create_table(
        "kiosk",
        sa.Column("kid", sa.Text(), nullable=False),
        sa.Column("opd", sa.Text(), nullable=False),
        sa.Column("mac_key", sa.LargeBinary(), nullable=False),
        sa.Column("invited", sa.BigInteger(), nullable=False),
        sa.Column("replaced", sa.Integer(), server_default="0", nullable=False),
        sa.Column("seen", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("birth", sa.LargeBinary(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("kid"),
    )
    op.create_table(
        "person",
        sa.Column("opd", sa.Text(), nullable=False),
        sa.Column("pin", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Text(), nullable=False),
        sa.Column("valid_to", sa.Text(), nullable=False),
        sa.Column("nip", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("opd", "pin", "valid_from"),
    )
    op.create_table(
        "pin",
        sa.Column("kid", sa.Text(), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("idx", sa.BigInteger(), nullable=False),
        sa.Column("pin", sa.Text(), nullable=False),
        sa.Column("first_seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kid", "epoch", "idx"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "punch",
        sa.Column("serial", sa.Text(), nullable=False),
        sa.Column("pin", sa.Text(), nullable=False),
        sa.Column("t", sa.BigInteger(), nullable=False),
        sa.Column("kid", sa.Text(), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("serial", "t", "pin"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "refused",
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("kid", sa.Text(), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("frame", sa.LargeBinary(), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column("times", sa.Integer(), server_default="1", nullable=False),
        sa.Column("resolved", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("no"),
        sa.UniqueConstraint("digest"),
    )
    op.create_table(
        "repeat",
        sa.Column("kid", sa.Text(), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("serial", sa.Text(), nullable=False),
        sa.Column("pin", sa.Text(), nullable=False),
        sa.Column("t", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kid", "epoch", "seq"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "rota",
        sa.Column("nip", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Text(), nullable=False),
        sa.Column("valid_to", sa.Text(), nullable=False),
        sa.Column("shift", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("nip", "valid_from"),
    )
    op.create_table(
        "ruling",
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("imported", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("no"),
    )
