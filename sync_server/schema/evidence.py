"""Kiosks, their chains and events, and what was not taken."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
)

from sync_server.schema.registry import metadata

kiosk = Table(
    "kiosk",
    metadata,
    Column("kid", Text, primary_key=True),
    Column("opd", Text, nullable=False),
    Column("mac_key", LargeBinary, nullable=False),
    Column("invited", BigInteger, nullable=False),
    Column("replaced", Integer, nullable=False, server_default="0"),
    Column("seen", BigInteger, nullable=False, server_default="0"),
    Column("birth", LargeBinary, nullable=False, server_default=""),
    Column("event_key", LargeBinary, nullable=False, server_default=""),
    Column("noted", BigInteger, nullable=False, server_default="0"),
    Column("revoked", BigInteger, nullable=False, server_default="0"),
    Column("revoked_why", Text, nullable=False, server_default=""),
)

# What the centre asks of kiosks, signed as sent; `fate` says what became of it.
command = Table(
    "command",
    metadata,
    Column("kid", Text, nullable=False),
    Column("counter", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("part", Integer, nullable=False, server_default="1"),
    Column("parts", Integer, nullable=False, server_default="1"),
    Column("envelope", LargeBinary, nullable=False),
    Column("issued", BigInteger, nullable=False),
    Column("expires", BigInteger, nullable=False),
    Column("sent", BigInteger, nullable=False, server_default="0"),
    Column("times", Integer, nullable=False, server_default="0"),
    Column("fate", Text, nullable=False, server_default="waiting"),
    Column("detail", Text, nullable=False, server_default=""),
    Column("answered", BigInteger, nullable=False, server_default="0"),
    PrimaryKeyConstraint("kid", "counter"),
)

# What a kiosk sent back beside its fate, part by part (a log bundle).
answer = Table(
    "answer",
    metadata,
    Column("kid", Text, nullable=False),
    Column("counter", BigInteger, nullable=False),
    Column("part", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    PrimaryKeyConstraint("kid", "counter", "part"),
)

chain = Table(
    "chain",
    metadata,
    Column("kid", Text, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("acked", BigInteger, nullable=False),
    Column("head", LargeBinary, nullable=False),
    Column("opened", BigInteger, nullable=False),
    Column("forked", Boolean, nullable=False, server_default="0"),
    PrimaryKeyConstraint("kid", "epoch"),
)

event = Table(
    "event",
    metadata,
    Column("kid", Text, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("record", LargeBinary, nullable=False),
    Column("head", LargeBinary, nullable=False),
    Column("received", BigInteger, nullable=False),
    PrimaryKeyConstraint("kid", "epoch", "seq"),
    sqlite_with_rowid=False,
)
_RARE = event.c.kind != "scan"
Index("event_kind", event.c.kind, event.c.kid, sqlite_where=_RARE, postgresql_where=_RARE)

pin = Table(
    "pin",
    metadata,
    Column("kid", Text, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("idx", BigInteger, nullable=False),
    Column("pin", Text, nullable=False),
    Column("first_seq", BigInteger, nullable=False),
    PrimaryKeyConstraint("kid", "epoch", "idx"),
    sqlite_with_rowid=False,
)

device = Table(
    "device",
    metadata,
    Column("kid", Text, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("idx", BigInteger, nullable=False),
    Column("serial", Text, nullable=False),
    Column("family", Text, nullable=False),
    Column("firmware", Text, nullable=False),
    PrimaryKeyConstraint("kid", "epoch", "idx"),
    sqlite_with_rowid=False,
)

punch = Table(
    "punch",
    metadata,
    Column("serial", Text, nullable=False),
    Column("pin", Text, nullable=False),
    Column("t", BigInteger, nullable=False),
    Column("kid", Text, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("seq", BigInteger, nullable=False),
    # Punches come in the order of time: the key in this order is appended to, not scattered.
    PrimaryKeyConstraint("serial", "t", "pin"),
    sqlite_with_rowid=False,
)

# The same punch by another way, kept as evidence that points to the first.
repeat = Table(
    "repeat",
    metadata,
    Column("kid", Text, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("serial", Text, nullable=False),
    Column("pin", Text, nullable=False),
    Column("t", BigInteger, nullable=False),
    PrimaryKeyConstraint("kid", "epoch", "seq"),
    sqlite_with_rowid=False,
)

# Frames that were not taken: bad MAC, malformed, forked. Kept whole, with the reason.
refused = Table(
    "refused",
    metadata,
    Column("no", Integer, primary_key=True),
    Column("kid", Text, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("first", BigInteger, nullable=False),
    Column("count", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("digest", LargeBinary, nullable=False, unique=True),
    Column("frame", LargeBinary, nullable=False),
    Column("received", BigInteger, nullable=False),
    Column("times", Integer, nullable=False, server_default="1"),
    Column("resolved", Text, nullable=False, server_default=""),
)
_OPEN = refused.c.resolved == ""
Index("refused_open", refused.c.kid, sqlite_where=_OPEN, postgresql_where=_OPEN)

# A hole that was seen and not closed yet; closed ones keep the time of closing.
gap = Table(
    "gap",
    metadata,
    Column("no", Integer, primary_key=True),
    Column("kid", Text, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("first", BigInteger, nullable=False),
    Column("last", BigInteger, nullable=False),
    Column("seen", BigInteger, nullable=False),
    Column("closed", BigInteger, nullable=False, server_default="0"),
)
_UNCLOSED = gap.c.closed == 0
Index("gap_open", gap.c.kid, sqlite_where=_UNCLOSED, postgresql_where=_UNCLOSED)
