"""Open gaps and refusals are found by kiosk; PostgreSQL keeps events by month and guards raw tables."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_RAW = ("event", "punch", "repeat")


def upgrade() -> None:
    """Indexes for both; on PostgreSQL `event` becomes a table of months, and nothing raw changes."""
    _index_of_some("gap_open", "gap", "closed = 0")
    _index_of_some("refused_open", "refused", "resolved = ''")
    if op.get_bind().dialect.name == "postgresql":
        _partition()
        _guard()


def _index_of_some(name: str, table: str, condition: str) -> None:
    chosen = sa.text(condition)
    op.create_index(name, table, ["kid"], sqlite_where=chosen, postgresql_where=chosen)


def _partition() -> None:
    """`event` as 0001 made it is empty: no server has run on PostgreSQL before this migration."""
    op.execute("ALTER TABLE event RENAME TO event_before")
    op.execute("DROP INDEX event_kind")
    op.execute("CREATE TABLE event (LIKE event_before) PARTITION BY RANGE (received)")
    op.execute("DROP TABLE event_before")
    op.execute("CREATE INDEX event_kind ON event (kind, kid) WHERE kind <> 'scan'")


def _guard() -> None:
    op.execute(
        "CREATE FUNCTION never_changed() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME "
        "USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    for table in _RAW:
        op.execute(
            f"CREATE TRIGGER {table}_never_changed BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION never_changed()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_never_truncate BEFORE TRUNCATE ON {table} "
            "EXECUTE FUNCTION never_changed()"
        )
