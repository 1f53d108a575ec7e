"""What makes forging visible: checkpoints, and events that a person has to look at."""

from sqlalchemy import BigInteger, Column, LargeBinary, PrimaryKeyConstraint, Table, Text

from sync_server.schema.registry import metadata

# Where everything stood on a day, signed: `text` as it is printed and mailed, `digest` its SHA-256.
checkpoint = Table(
    "checkpoint",
    metadata,
    Column("no", BigInteger, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("day", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("signature", LargeBinary, nullable=False),
)

# Events that came in a whole chain and still prove nothing: a signature that does not hold, another
# card. `resolved` is what a person found.
distrusted = Table(
    "distrusted",
    metadata,
    Column("kid", Text, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("seen", BigInteger, nullable=False),
    Column("resolved", Text, nullable=False, server_default=""),
    PrimaryKeyConstraint("kid", "epoch", "seq"),
)
