"""Who may become a kiosk, and by what each kiosk is known."""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, Table, Text

from sync_server.schema.registry import metadata

# One-time tokens, by their digest. `public` is the key (SPKI) that used one: the same kiosk may ask
# again where the answer was lost on its way. `replaces`: the card before is worth nothing then.
ticket = Table(
    "ticket",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("kid", Text, nullable=False),
    Column("opd", Text, nullable=False),
    Column("replaces", Integer, nullable=False, server_default="0"),
    Column("made", BigInteger, nullable=False),
    Column("expires", BigInteger, nullable=False),
    Column("used", BigInteger, nullable=False, server_default="0"),
    Column("public", LargeBinary, nullable=False, server_default=""),
)

# Kiosks that ask without a token, by all letters that stand for their keys, of which the first ten are
# the code that they show; `kid` once somebody has approved.
asking = Table(
    "asking",
    metadata,
    Column("code", Text, primary_key=True),
    Column("serial", Text, nullable=False),
    Column("came_from", Text, nullable=False),
    Column("asked", BigInteger, nullable=False),
    Column("kid", Text, nullable=False, server_default=""),
    Column("decided", BigInteger, nullable=False, server_default="0"),
    Column("enrolled", BigInteger, nullable=False, server_default="0"),
)

# Every certificate that a kiosk was given, with the MAC key that belongs to it. `serial` is hex, ""
# for a key without a certificate; `share` what the kiosk draws its MAC key from.
credential = Table(
    "credential",
    metadata,
    Column("no", Integer, primary_key=True),
    Column("kid", Text, nullable=False),
    Column("serial", Text, nullable=False, server_default=""),
    Column("public", LargeBinary, nullable=False, server_default=""),
    Column("certificate", Text, nullable=False, server_default=""),
    Column("share", LargeBinary, nullable=False, server_default=""),
    Column("mac_key", LargeBinary, nullable=False),
    Column("issued", BigInteger, nullable=False),
    Column("expires", BigInteger, nullable=False, server_default="0"),
    Column("revoked", BigInteger, nullable=False, server_default="0"),
)
Index("credential_kid", credential.c.kid)
