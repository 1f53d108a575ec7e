"""Who a kiosk is: tokens, applications, every certificate, and who was revoked."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make the tables. A certificate of before is known by the keys of its kiosk alone: nobody wrote
    its number down, so that revoking such a kiosk stops its events and not its connection."""
    _add("kiosk", "revoked", sa.BigInteger(), "0")
    _add("kiosk", "revoked_why", sa.Text(), "")
    op.create_table(
        "ticket",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("kid", sa.Text(), nullable=False),
        sa.Column("opd", sa.Text(), nullable=False),
        sa.Column("replaces", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("made", sa.BigInteger(), nullable=False),
        sa.Column("expires", sa.BigInteger(), nullable=False),
        sa.Column("used", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("public", sa.LargeBinary(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("digest"),
    )
    op.create_table(
        "asking",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("serial", sa.Text(), nullable=False),
        sa.Column("came_from", sa.Text(), nullable=False),
        sa.Column("asked", sa.BigInteger(), nullable=False),
        sa.Column("kid", sa.Text(), nullable=False, server_default=""),
        sa.Column("decided", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("enrolled", sa.BigInteger(), nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_table(
        "credential",
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("kid", sa.Text(), nullable=False),
        sa.Column("serial", sa.Text(), nullable=False, server_default=""),
        sa.Column("public", sa.LargeBinary(), nullable=False, server_default=""),
        sa.Column("certificate", sa.Text(), nullable=False, server_default=""),
        sa.Column("share", sa.LargeBinary(), nullable=False, server_default=""),
        sa.Column("mac_key", sa.LargeBinary(), nullable=False),
        sa.Column("issued", sa.BigInteger(), nullable=False),
        sa.Column("expires", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("revoked", sa.BigInteger(), nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("no"),
    )
    op.create_index("credential_kid", "credential", ["kid"])


def _add(table: str, name: str, kind: sa.BigInteger | sa.Text, default: str) -> None:
    op.add_column(table, sa.Column(name, kind, server_default=default, nullable=False))
