"""Face templates, numbers by letter, and who at the centre looked at or changed them."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the three tables; what was done with templates is never changed."""
    op.create_table(
        "face_template",
        sa.Column("opd", sa.Text(), nullable=False),
        sa.Column("pin", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("stored", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("opd", "pin"),
    )
    op.create_table(
        "secret",
        sa.Column("nip", sa.Text(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("letter", sa.Text(), nullable=False),
        sa.Column("given", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("nip"),
    )
    op.create_table(
        "access",
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("did", sa.Text(), nullable=False),
        sa.Column("opd", sa.Text(), nullable=False),
        sa.Column("whom", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("no"),
    )
    _guard()


def _guard() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER access_never_changed BEFORE UPDATE OR DELETE ON access "
            "FOR EACH ROW EXECUTE FUNCTION never_changed()"
        )
        op.execute(
            "CREATE TRIGGER access_never_truncate BEFORE TRUNCATE ON access "
            "EXECUTE FUNCTION never_changed()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER access_never_{verb.lower()} BEFORE {verb} ON access "
            "BEGIN SELECT RAISE(ABORT, 'access is append-only'); END"
        )
