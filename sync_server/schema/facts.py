"""What follows from the events, and months as they were closed."""

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    cast,
)

from sync_server.schema.registry import metadata

# When each punch happened, as far as the chain's clocks tell now: read from the events, and made anew from
# them at any time. `lo` and `hi` bound it (UTC seconds; the ends of time where nothing does).
placed = Table(
    "placed",
    metadata,
    Column("kid", Text, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("opd", Text, nullable=False),
    Column("pin", Text, nullable=False),
    Column("lo", BigInteger, nullable=False),
    Column("hi", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
    PrimaryKeyConstraint("kid", "epoch", "seq"),
)
Index("placed_opd_hi", placed.c.opd, placed.c.hi)
# Those whose time is no interval of hours are looked for by themselves: any day may be theirs.
_WIDE = placed.c.hi - placed.c.lo > 10_800
Index("placed_wide", placed.c.opd, sqlite_where=_WIDE, postgresql_where=_WIDE)

# What each device is covered for, read from the events likewise; touching claims are one.
claim = Table(
    "claim",
    metadata,
    Column("kid", Text, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("serial", Text, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("through", BigInteger, nullable=False),
    Column("spare", BigInteger, nullable=False),
    PrimaryKeyConstraint("kid", "epoch", "serial", "since", "through"),
)

# How far `placed` and `claim` have read a chain, and what reading on needs.
reading = Table(
    "reading",
    metadata,
    Column("kid", Text, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("upto", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
    PrimaryKeyConstraint("kid", "epoch"),
)

# Daily facts as they stand, made anew wherever something that they rest on changes. `rev` is the office's
# edition that brought this row.
day = Table(
    "day",
    metadata,
    Column("opd", Text, nullable=False),
    Column("nip", Text, nullable=False),
    Column("workdate", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("rev", BigInteger, nullable=False, server_default="0"),
    PrimaryKeyConstraint("opd", "workdate", "nip"),
)
Index("day_nip_workdate", day.c.nip, day.c.workdate)
# What a fact is unfolded from. An editor of SQLite files may have left text where the body was.
day_row = (
    *(day.c.nip, day.c.opd, day.c.workdate, day.c.status),
    cast(day.c.body, LargeBinary).label("body"),
)

# How often the facts of an office have changed.
edition = Table(
    "edition",
    metadata,
    Column("opd", Text, primary_key=True),
    Column("rev", BigInteger, nullable=False),
)

# Office-days whose facts are to be made anew, once `since` (UTC seconds) has come.
dirty = Table(
    "dirty",
    metadata,
    Column("opd", Text, nullable=False),
    Column("workdate", Text, nullable=False),
    Column("since", BigInteger, nullable=False),
    PrimaryKeyConstraint("opd", "workdate"),
)

# A month of an office as it was closed, revision by revision: the sheet's bytes, their digest, the facts
# that it was made of (JSON Lines), what became of it. Bytes are compressed.
closing = Table(
    "closing",
    metadata,
    Column("opd", Text, nullable=False),
    Column("month", Text, nullable=False),
    Column("rev", BigInteger, nullable=False),
    Column("digest", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("facts", LargeBinary, nullable=False),
    Column("state", Text, nullable=False),
    Column("closed", BigInteger, nullable=False),
    Column("closed_by", Text, nullable=False),
    Column("frozen", BigInteger, nullable=False, server_default="0"),
    PrimaryKeyConstraint("opd", "month", "rev"),
)

# What a frozen month should have paid more or less, and the month that pays it.
susulan = Table(
    "susulan",
    metadata,
    Column("no", Integer, primary_key=True),
    Column("opd", Text, nullable=False),
    Column("month", Text, nullable=False),
    Column("nip", Text, nullable=False),
    Column("was", BigInteger, nullable=False),
    Column("became", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("noted", BigInteger, nullable=False),
    Column("noted_by", Text, nullable=False),
    Column("paid_in", Text, nullable=False, server_default=""),
)
Index("susulan_opd_month", susulan.c.opd, susulan.c.month)
