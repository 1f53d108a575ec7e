"""Files between looking at them and agreeing: kept for whoever brought them, thrown away afterwards."""

import hashlib

from sqlalchemy import Connection, delete, insert, select

from sync_server import schema

KIND = "application/x-hadir-upload"
_KEEP_S = 86_400


def keep(tx: Connection, file: str, data: bytes, who: str, now: float) -> str:
    """Keep a file for a day; returns the word by which its bringer finds it again."""
    its = schema.attachment.c
    word = hashlib.sha256(f"upload {who} {file} ".encode() + data).hexdigest()
    tx.execute(
        delete(schema.attachment).where(
            its.kind == KIND, (its.digest == word) | (its.stored < int(now) - _KEEP_S)
        )
    )
    row = {"digest": word, "name": file, "kind": KIND, "body": data}
    tx.execute(insert(schema.attachment).values(**row, stored=int(now), stored_by=who))
    return word


def find(tx: Connection, word: str, who: str) -> tuple[str, bytes] | None:
    """The file's name and bytes, None where it is gone or somebody else's."""
    its = schema.attachment.c
    query = select(its.name, its.body).where(
        its.digest == word, its.kind == KIND, its.stored_by == who
    )
    row = tx.execute(query).one_or_none()
    return None if row is None else (row.name, bytes(row.body))


def drop(tx: Connection, word: str, who: str) -> None:
    """Throw the file away."""
    its = schema.attachment.c
    tx.execute(
        delete(schema.attachment).where(its.digest == word, its.kind == KIND, its.stored_by == who)
    )
