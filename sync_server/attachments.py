"""Evidence that people upload: PDF, JPEG or PNG of at most 300 kB, kept by the digest of its bytes.

What it is, its first bytes say, never its name; the name is cleaned so that it can stand in a header
and on a disk.
"""

import hashlib
import re
import unicodedata
from pathlib import PurePosixPath

import msgspec
from sqlalchemy import Connection, select

from sync_server import plain, schema
from sync_server.errors import BadFile

MOST_BYTES = 300_000
# What a file of the kind begins with, the ending that its name gets, and what it must also hold.
_KINDS = (
    (b"%PDF-", "application/pdf", ".pdf", b"%%EOF"),
    (b"\xff\xd8\xff", "image/jpeg", ".jpg", b"\xff\xd9"),
    (b"\x89PNG\r\n\x1a\n", "image/png", ".png", b"IEND"),
)
_ODD = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST_NAME = 80
_KEEP = (
    "INSERT INTO attachment (digest, name, kind, body, stored, stored_by) "
    "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (digest) DO NOTHING"
)


class Attachment(msgspec.Struct, frozen=True):
    """One file. `stored` is server UTC seconds, `digest` the hex SHA-256 of `body`."""

    digest: str
    name: str
    kind: str
    body: bytes
    stored: int
    stored_by: str


def store(tx: Connection, name: str, body: bytes, who: str, now: float) -> str:
    """Keep a file and return its digest; the same bytes are kept once. Raises BadFile."""
    kind, ending = _kind(name, body)
    digest = hashlib.sha256(body).hexdigest()
    plain.each(tx, _KEEP, [(digest, clean(name, ending), kind, body, int(now), who)])
    return digest


def load(tx: Connection, digest: str) -> Attachment | None:
    """The file of a digest."""
    row = tx.execute(
        select(schema.attachment).where(schema.attachment.c.digest == digest)
    ).one_or_none()
    return None if row is None else Attachment(**row._mapping)


def is_of(tx: Connection, digest: str, who: str) -> bool:
    """Whether an account was the first to hand the file in."""
    its = schema.attachment.c
    query = select(its.digest).where(its.digest == digest, its.stored_by == who)
    return tx.execute(query).first() is not None


def clean(name: str, ending: str) -> str:
    """A name without a path, a control character or anything that a header or a shell reads."""
    last = PurePosixPath(name.replace("\\", "/")).name
    latin = unicodedata.normalize("NFKD", last).encode("ascii", "ignore").decode()
    stem = _ODD.sub("-", PurePosixPath(latin).stem).strip("-._")[:_LONGEST_NAME]
    return (stem or "lampiran") + ending


def _kind(name: str, body: bytes) -> tuple[str, str]:
    if not body:
        raise BadFile(name, "", "attachment_empty")
    if len(body) > MOST_BYTES:
        raise BadFile(name, "", "attachment_large", size=len(body) // 1000, most=MOST_BYTES // 1000)
    for begins, kind, ending, holds in _KINDS:
        if body.startswith(begins):
            if holds not in body[len(begins) :]:  # a copy that broke off
                raise BadFile(name, "", "attachment_cut")
            return kind, ending
    raise BadFile(name, "", "attachment_kind")
