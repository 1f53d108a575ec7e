"""What people enter and decide: absences, corrections, e-kinerja."""

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
)

from sync_server.schema.registry import metadata

# Leave, duty by letter, and the like. A document that comes again replaces its own rows; what was withdrawn
# stays, with who did it.
absence = Table(
    "absence",
    metadata,
    Column("document", Text, nullable=False, server_default=""),
    Column("nip", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("first", Text, nullable=False),
    Column("last", Text, nullable=False),
    Column("place", Text, nullable=False, server_default=""),
    Column("purpose", Text, nullable=False, server_default=""),
    Column("attachment", Text, nullable=False, server_default=""),
    Column("entered", BigInteger, nullable=False),
    Column("entered_by", Text, nullable=False),
    Column("withdrawn", BigInteger, nullable=False, server_default="0"),
    Column("withdrawn_by", Text, nullable=False, server_default=""),
    PrimaryKeyConstraint("document", "nip", "first", "scope"),
)
Index("absence_nip_first", absence.c.nip, absence.c.first)

# Evidence that people upload, by the digest of its bytes.
attachment = Table(
    "attachment",
    metadata,
    Column("digest", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("stored", BigInteger, nullable=False),
    Column("stored_by", Text, nullable=False),
    PrimaryKeyConstraint("digest"),
)

# What somebody asks to be excused: of one person, or of a whole office for an outage. It never edits an
# event. `since` and `until` are an outage's UTC seconds, `device` its serial where one alone was out.
correction = Table(
    "correction",
    metadata,
    Column("no", Integer, primary_key=True),
    Column("opd", Text, nullable=False),
    Column("nip", Text, nullable=False),
    Column("workdate", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("points", Text, nullable=False),
    Column("since", BigInteger, nullable=False, server_default="0"),
    Column("until", BigInteger, nullable=False, server_default="0"),
    Column("device", Text, nullable=False, server_default=""),
    Column("reason", Text, nullable=False),
    Column("document", Text, nullable=False, server_default=""),
    Column("attachment", Text, nullable=False, server_default=""),
    Column("state", Text, nullable=False),
    Column("asked", BigInteger, nullable=False),
    Column("asked_by", Text, nullable=False),
)
Index("correction_opd_workdate", correction.c.opd, correction.c.workdate)
Index("correction_nip_workdate", correction.c.nip, correction.c.workdate)

# Who said yes or no to a correction or a month, and when; never changed.
decision = Table(
    "decision",
    metadata,
    Column("no", Integer, primary_key=True),
    Column("subject", Text, nullable=False, server_default=""),
    Column("ref", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("nip", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("note", Text, nullable=False, server_default=""),
    Column("head", LargeBinary, nullable=False, server_default=""),
)
Index("decision_subject_ref", decision.c.subject, decision.c.ref)

# A day's work as its doer wrote it and the superior saw it.
activity = Table(
    "activity",
    metadata,
    Column("no", Integer, primary_key=True),
    Column("nip", Text, nullable=False),
    Column("workdate", Text, nullable=False),
    Column("title", Text, nullable=False, server_default=""),
    Column("output", Text, nullable=False, server_default=""),
    Column("volume", Text, nullable=False, server_default=""),
    Column("minutes", BigInteger, nullable=False),
    Column("evidence", Text, nullable=False, server_default=""),
    Column("attachment", Text, nullable=False, server_default=""),
    Column("state", Text, nullable=False),
    Column("entered", BigInteger, nullable=False),
    Column("submitted", BigInteger, nullable=False, server_default="0"),
    Column("verifier", Text, nullable=False, server_default=""),
    Column("decided", BigInteger, nullable=False, server_default="0"),
    Column("note", Text, nullable=False, server_default=""),
)
Index("activity_nip_workdate", activity.c.nip, activity.c.workdate)
# What waits for a superior is looked for by itself: it is little of what was ever written.
_WAITS = activity.c.state == "submitted"
Index("activity_waits", activity.c.nip, sqlite_where=_WAITS, postgresql_where=_WAITS)

# A month's e-kinerja from another application, newest import in force.
productivity = Table(
    "productivity",
    metadata,
    Column("nip", Text, nullable=False),
    Column("month", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("imported", BigInteger, nullable=False),
    Column("imported_by", Text, nullable=False),
    PrimaryKeyConstraint("nip", "month"),
)
