"""Who may log in, keys for programs, and who is told of what."""

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

# Who may log in, as what, for which office's tree.
account = Table(
    "account",
    metadata,
    Column("name", Text, nullable=False),
    Column("nip", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("opd", Text, nullable=False),
    Column("password", Text, nullable=False),
    Column("must_change", Boolean, nullable=False, server_default="0"),
    Column("disabled", Boolean, nullable=False, server_default="0"),
    Column("subject", Text, nullable=False, server_default=""),
    Column("made", BigInteger, nullable=False),
    PrimaryKeyConstraint("name"),
)
Index("account_nip", account.c.nip)

# Logins that last, by the digest of their token.
session = Table(
    "session",
    metadata,
    Column("digest", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("csrf", Text, nullable=False),
    Column("made", BigInteger, nullable=False),
    Column("seen", BigInteger, nullable=False),
    PrimaryKeyConstraint("digest"),
)
Index("session_account", session.c.account)

# Keys for programs, by their digest; each works as its account.
token = Table(
    "token",
    metadata,
    Column("digest", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("made", BigInteger, nullable=False),
    Column("expires", BigInteger, nullable=False),
    Column("revoked", BigInteger, nullable=False, server_default="0"),
    PrimaryKeyConstraint("digest"),
)

# Who is told of what, and the secret that signs it.
webhook = Table(
    "webhook",
    metadata,
    Column("no", Integer, primary_key=True),
    Column("url", Text, nullable=False),
    Column("secret", Text, nullable=False),
    Column("kinds", Text, nullable=False),
    Column("made", BigInteger, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("ended", BigInteger, nullable=False, server_default="0"),
)

# What a webhook was or is to be told.
notice = Table(
    "notice",
    metadata,
    Column("no", Integer, primary_key=True),
    Column("webhook", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("made", BigInteger, nullable=False),
    Column("tries", BigInteger, nullable=False, server_default="0"),
    Column("due", BigInteger, nullable=False),
    Column("done", BigInteger, nullable=False, server_default="0"),
    Column("said", Text, nullable=False, server_default=""),
)
Index("notice_done_due", notice.c.done, notice.c.due)
