"""What people decide and what follows from it: offices, posts, absences, corrections, e-kinerja, facts,
months."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the tables; what was decided is never changed."""
    _people()
    _asked()
    _facts()
    _months()
    op.add_column("access", sa.Column("detail", sa.Text(), nullable=False, server_default=""))
    _guard("decision")
    _guard_frozen()


def _people() -> None:
    op.create_table(
        "office",
        sa.Column("opd", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("parent", sa.Text(), nullable=False, server_default=""),
        sa.Column("lat", sa.BigInteger()),
        sa.Column("lon", sa.BigInteger()),
        sa.Column("head", sa.Text(), nullable=False, server_default=""),
        sa.Column("treasurer", sa.Text(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("opd"),
    )
    op.create_table(
        "post",
        sa.Column("nip", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Text(), nullable=False),
        sa.Column("valid_to", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False, server_default=""),
        sa.Column("rank", sa.Text(), nullable=False, server_default=""),
        sa.Column("grade", sa.Text(), nullable=False, server_default=""),
        sa.Column("base", sa.BigInteger(), nullable=False),
        sa.Column("superior", sa.Text(), nullable=False, server_default=""),
        sa.Column("npwp", sa.Text(), nullable=False, server_default=""),
        sa.Column("exempt", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.PrimaryKeyConstraint("nip", "valid_from"),
    )
    op.create_index("post_superior", "post", ["superior"])
    op.create_table(
        "absence",
        sa.Column("document", sa.Text(), nullable=False, server_default=""),
        sa.Column("nip", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("first", sa.Text(), nullable=False),
        sa.Column("last", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False, server_default=""),
        sa.Column("purpose", sa.Text(), nullable=False, server_default=""),
        sa.Column("attachment", sa.Text(), nullable=False, server_default=""),
        sa.Column("entered", sa.BigInteger(), nullable=False),
        sa.Column("entered_by", sa.Text(), nullable=False),
        sa.Column("withdrawn", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("withdrawn_by", sa.Text(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("document", "nip", "first", "scope"),
    )
    op.create_index("absence_nip_first", "absence", ["nip", "first"])
    op.create_table(
        "attachment",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("stored", sa.BigInteger(), nullable=False),
        sa.Column("stored_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest"),
    )


def _asked() -> None:
    op.create_table(
        "correction",
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("opd", sa.Text(), nullable=False),
        sa.Column("nip", sa.Text(), nullable=False),
        sa.Column("workdate", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("points", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("until", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("device", sa.Text(), nullable=False, server_default=""),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False, server_default=""),
        sa.Column("attachment", sa.Text(), nullable=False, server_default=""),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked", sa.BigInteger(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("no"),
    )
    op.create_index("correction_opd_workdate", "correction", ["opd", "workdate"])
    op.create_index("correction_nip_workdate", "correction", ["nip", "workdate"])
    op.create_table(
        "decision",
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False, server_default=""),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("nip", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("no"),
    )
    op.create_index("decision_subject_ref", "decision", ["subject", "ref"])
    op.create_table(
        "activity",
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("nip", sa.Text(), nullable=False),
        sa.Column("workdate", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False, server_default=""),
        sa.Column("output", sa.Text(), nullable=False, server_default=""),
        sa.Column("volume", sa.Text(), nullable=False, server_default=""),
        sa.Column("minutes", sa.BigInteger(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False, server_default=""),
        sa.Column("attachment", sa.Text(), nullable=False, server_default=""),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("entered", sa.BigInteger(), nullable=False),
        sa.Column("submitted", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("verifier", sa.Text(), nullable=False, server_default=""),
        sa.Column("decided", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("note", sa.Text(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("no"),
    )
    op.create_index("activity_nip_workdate", "activity", ["nip", "workdate"])
    waits = sa.text("state = 'submitted'")
    op.create_index(
        "activity_waits", "activity", ["nip"], sqlite_where=waits, postgresql_where=waits
    )
    op.create_table(
        "productivity",
        sa.Column("nip", sa.Text(), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("imported", sa.BigInteger(), nullable=False),
        sa.Column("imported_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("nip", "month"),
    )


def _facts() -> None:
    op.create_table(
        "placed",
        sa.Column("kid", sa.Text(), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("opd", sa.Text(), nullable=False),
        sa.Column("pin", sa.Text(), nullable=False),
        sa.Column("lo", sa.BigInteger(), nullable=False),
        sa.Column("hi", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("kid", "epoch", "seq"),
    )
    op.create_index("placed_opd_hi", "placed", ["opd", "hi"])
    wide = sa.text("hi - lo > 10800")
    op.create_index("placed_wide", "placed", ["opd"], sqlite_where=wide, postgresql_where=wide)
    op.create_table(
        "claim",
        sa.Column("kid", sa.Text(), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("serial", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("through", sa.BigInteger(), nullable=False),
        sa.Column("spare", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kid", "epoch", "serial", "since", "through"),
    )
    op.create_table(
        "reading",
        sa.Column("kid", sa.Text(), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("upto", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("kid", "epoch"),
    )
    op.create_table(
        "day",
        sa.Column("opd", sa.Text(), nullable=False),
        sa.Column("nip", sa.Text(), nullable=False),
        sa.Column("workdate", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("opd", "workdate", "nip"),
    )
    op.create_index("day_nip_workdate", "day", ["nip", "workdate"])
    op.create_table(
        "edition",
        sa.Column("opd", sa.Text(), primary_key=True),
        sa.Column("rev", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "dirty",
        sa.Column("opd", sa.Text(), nullable=False),
        sa.Column("workdate", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("opd", "workdate"),
    )


def _months() -> None:
    op.create_table(
        "closing",
        sa.Column("opd", sa.Text(), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("facts", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed", sa.BigInteger(), nullable=False),
        sa.Column("closed_by", sa.Text(), nullable=False),
        sa.Column("frozen", sa.BigInteger(), nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("opd", "month", "rev"),
    )
    op.create_table(
        "susulan",
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("opd", sa.Text(), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("nip", sa.Text(), nullable=False),
        sa.Column("was", sa.BigInteger(), nullable=False),
        sa.Column("became", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("noted", sa.BigInteger(), nullable=False),
        sa.Column("noted_by", sa.Text(), nullable=False),
        sa.Column("paid_in", sa.Text(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("no"),
    )
    op.create_index("susulan_opd_month", "susulan", ["opd", "month"])


def _guard(table: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {table}_never_changed BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION never_changed()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_never_truncate BEFORE TRUNCATE ON {table} "
            "EXECUTE FUNCTION never_changed()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_never_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def _guard_frozen() -> None:
    """A month that was frozen is never changed."""
    frozen = "WHEN (OLD.state = 'frozen')"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER closing_never_changed BEFORE UPDATE OR DELETE ON closing "
            f"FOR EACH ROW {frozen} EXECUTE FUNCTION never_changed()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER closing_never_{verb.lower()} BEFORE {verb} ON closing {frozen} "
            "BEGIN SELECT RAISE(ABORT, 'closing is append-only once frozen'); END"
        )
