"""Who is who, who works when, posts and offices, the files of decrees, looks and numbers, who did what."""

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

person = Table(
    "person",
    metadata,
    Column("opd", Text, nullable=False),
    Column("pin", Text, nullable=False),
    Column("valid_from", Text, nullable=False),
    Column("valid_to", Text, nullable=False),
    Column("nip", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("zone", Text, nullable=False),
    PrimaryKeyConstraint("opd", "pin", "valid_from"),
)

rota = Table(
    "rota",
    metadata,
    Column("nip", Text, nullable=False),
    Column("valid_from", Text, nullable=False),
    Column("valid_to", Text, nullable=False),
    Column("shift", Text, nullable=False),
    PrimaryKeyConstraint("nip", "valid_from"),
)

# Shift and calendar files as they were given, newest of a name in force.
ruling = Table(
    "ruling",
    metadata,
    Column("no", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("imported", BigInteger, nullable=False),
    Column("head", LargeBinary, nullable=False, server_default=""),
)

# Somebody's looks, sealed with a key that is not in the database.
face_template = Table(
    "face_template",
    metadata,
    Column("opd", Text, nullable=False),
    Column("pin", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("stored", BigInteger, nullable=False),
    PrimaryKeyConstraint("opd", "pin"),
)

# Whom a letter allows to type a number in the place of a face or finger; never the number itself.
secret = Table(
    "secret",
    metadata,
    Column("nip", Text, primary_key=True),
    Column("mark", Text, nullable=False),
    Column("letter", Text, nullable=False),
    Column("given", BigInteger, nullable=False),
)

# Who, at the centre, did what with whose templates or number. `who` is the system's user.
access = Table(
    "access",
    metadata,
    Column("no", Integer, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("who", Text, nullable=False),
    Column("did", Text, nullable=False),
    Column("opd", Text, nullable=False),
    Column("whom", Text, nullable=False),
    Column("detail", Text, nullable=False, server_default=""),
    Column("head", LargeBinary, nullable=False, server_default=""),
)

# A unit of the region: its place in the tree, on the map, and who signs for it.
office = Table(
    "office",
    metadata,
    Column("opd", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("parent", Text, nullable=False, server_default=""),
    Column("lat", BigInteger),
    Column("lon", BigInteger),
    Column("head", Text, nullable=False, server_default=""),
    Column("treasurer", Text, nullable=False, server_default=""),
    PrimaryKeyConstraint("opd"),
)

# Somebody's post for dates (inclusive): what its TPP is, and who is the superior.
post = Table(
    "post",
    metadata,
    Column("nip", Text, nullable=False),
    Column("valid_from", Text, nullable=False),
    Column("valid_to", Text, nullable=False),
    Column("title", Text, nullable=False, server_default=""),
    Column("rank", Text, nullable=False, server_default=""),
    Column("grade", Text, nullable=False, server_default=""),
    Column("base", BigInteger, nullable=False),
    Column("superior", Text, nullable=False, server_default=""),
    Column("npwp", Text, nullable=False, server_default=""),
    Column("exempt", Boolean, nullable=False, server_default="0"),
    PrimaryKeyConstraint("nip", "valid_from"),
)
Index("post_superior", post.c.superior)
