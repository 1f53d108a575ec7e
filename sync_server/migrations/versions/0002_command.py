"""What the centre has asked of kiosks, and the key that each kiosk signs with."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Commands with their fate; a kiosk's event key as it first told it."""
    op.create_table(
        "command",
        sa.Column("kid", sa.Text(), nullable=False),
        sa.Column("counter", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("part", sa.Integer(), server_default="1", nullable=False),
        sa.Column("parts", sa.Integer(), server_default="1", nullable=False),
        sa.Column("envelope", sa.LargeBinary(), nullable=False),
        sa.Column("issued", sa.BigInteger(), nullable=False),
        sa.Column("expires", sa.BigInteger(), nullable=False),
        sa.Column("sent", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("times", sa.Integer(), server_default="0", nullable=False),
        sa.Column("fate", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("detail", sa.Text(), server_default="", nullable=False),
        sa.Column("answered", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("kid", "counter"),
    )
    op.create_table(
        "answer",
        sa.Column("kid", sa.Text(), nullable=False),
        sa.Column("counter", sa.BigInteger(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("kid", "counter", "part"),
    )
    op.add_column(
        "kiosk", sa.Column("event_key", sa.LargeBinary(), server_default="", nullable=False)
    )
