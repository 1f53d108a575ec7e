"""The templates of a kiosk's people, sealed, and every version of the gallery that was matched with.

Agent, camera and commands open the file at the same time, each for a moment: DELETE journal, FULL,
and a lock that waits. Face vectors are only ever in sealed rows; a PIN, which is a pseudonym, and the
digest that names a template in evidence are in clear.

A version keeps what a punch of its time was judged by: model, rule, centre, both thresholds, roster.
The centre is the mean over the roster, so two versions that differ by one person would, subtracted,
give that person's face away, however many people there are. An erasure therefore strikes the centre
from every version whose roster held the person. What it takes away is the computation: no distance of
that time can be worked out again, not even a colleague's. What remains: the version, who was on its
roster under which template digest, thresholds, rule, the mark of the centre, and so the digest that
stands in the chain, which can still be recomputed. A template that was enrolled anew is gone, too;
its digest says which one a scan was matched with. Erased rows are overwritten in the file
(secure_delete); what a flash card keeps of old blocks stays sealed.

100 people and 200 changes take 1.0 MB (deflated; 1.7 MB otherwise), so no version is ever dropped.
"""

import logging
import sqlite3
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import msgspec

from contract import faces
from contract.faces import Template
from terminal_agent.durable import owned_like_folder, sync_directory
from terminal_agent.errors import SourceMisconfigured, SourceUnavailable
from terminal_agent.faces import vault
from terminal_agent.faces.matched import Version

Change = Literal["enrolled", "replaced", "removed", "erased"]

_log = logging.getLogger(__name__)
_PATIENCE = 10.0  # seconds for another process to finish its transaction
_TABLES = (
    "CREATE TABLE template (pin TEXT PRIMARY KEY, model TEXT NOT NULL, digest TEXT NOT NULL, "
    "sealed BLOB NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE TABLE version (no INTEGER PRIMARY KEY, sealed BLOB NOT NULL) STRICT",
    "CREATE TABLE untold (no INTEGER PRIMARY KEY AUTOINCREMENT, pin TEXT NOT NULL, "
    "change TEXT NOT NULL, digest TEXT NOT NULL) STRICT",
    "CREATE TABLE revision (no INTEGER NOT NULL) STRICT",
    "CREATE TABLE sealed_by (key_id BLOB NOT NULL) STRICT",
    "INSERT INTO revision VALUES (0)",
    "PRAGMA user_version = 1",
)
_ANY = "SELECT EXISTS (SELECT 1 FROM template) OR EXISTS (SELECT 1 FROM version)"


class Untold(msgspec.Struct, frozen=True):
    """A change that the chain does not hold yet."""

    no: int
    pin: str
    change: Change
    digest: str


class Gallery:
    """faces.db at `path`, sealed with `key` (see vault.key). Any process, any thread.

    Methods raise SourceUnavailable("faces_busy") where it cannot be written or read now, and
    SourceMisconfigured("faces_damaged") where the file is not whole. What seals or strikes raises
    SourceMisconfigured("faces_key") where another key sealed what is here, and changes nothing: a
    command without the unit's credential would make rows that the camera cannot open.
    """

    def __init__(self, path: Path, key: bytes) -> None:
        self._path = path
        self._key = key
        self._complained: set[str] = set()  # PINs whose unreadable row the log names already
        fresh = not path.exists()
        with self._writing() as db:  # another process may be making it at this moment
            if not db.execute("PRAGMA user_version").fetchone()[0]:
                for statement in _TABLES:
                    db.execute(statement)
        if fresh:
            path.chmod(0o600)
            owned_like_folder(path)
            sync_directory(path.parent)

    def put(
        self, templates: Sequence[Template], *, told: bool = True, change: Change = "enrolled"
    ) -> None:
        """Keep these, each in place of all that its person had; they are on disk on return.

        `told`: the caller brings it into the chain itself; otherwise it stands in `untold` from the
        same commit on, as `change`.
        """
        with self._changing() as db:
            self._take_key(db)
            for one in templates:
                sealed = vault.seal(self._key, msgspec.json.encode(one), _bound(one.pin, one.model))
                row = (one.pin, one.model, faces.digest(one), sealed)
                db.execute("INSERT OR REPLACE INTO template VALUES (?, ?, ?, ?)", row)
                if not told:
                    _note(db, one.pin, change, faces.digest(one))

    def erase(
        self, pins: Sequence[str], *, told: bool = True, change: Change = "erased"
    ) -> list[tuple[str, str]]:
        """Forget these people's faces here, overwritten; (PIN, digest) of what was there."""
        gone = []
        with self._changing() as db:
            self._take_key(db)
            for pin in dict.fromkeys(pins):
                found = db.execute("DELETE FROM template WHERE pin = ? RETURNING digest", (pin,))
                digests = [digest for (digest,) in found]
                gone += [(pin, digest) for digest in digests]
                for digest in () if told else digests:
                    _note(db, pin, change, digest)
            self._strike(db, set(pins))
        return gone

    def templates(self, model: str | None = None) -> list[Template]:
        """All that can be read, by PIN, or those of one model; see `unreadable` for the rest."""
        found = []
        for pin, of_model, sealed in self._rows("SELECT pin, model, sealed FROM template"):
            one = self._opened(pin, of_model, sealed)
            if one is not None and model in (None, of_model):
                found.append(one)
        return sorted(found, key=lambda one: one.pin)

    def unreadable(self) -> list[str]:
        """PINs whose row does not open with this key: kept, because the right key may come back."""
        rows = self._rows("SELECT pin, model, sealed FROM template ORDER BY pin")
        return [row[0] for row in rows if self._opened(*row) is None]

    def check_key(self) -> None:
        """Raises SourceMisconfigured("faces_key") where nothing could be written with this key."""
        with self._writing() as db:
            self._take_key(db)

    def is_foreign(self) -> bool:
        """Whether another key than this one sealed what is here."""
        rows = self._rows("SELECT key_id FROM sealed_by")
        return bool(rows) and rows[0][0] != vault.key_id(self._key) and self._holds_any()

    def revision(self) -> int:
        """Another number whenever templates changed."""
        return int(self._rows("SELECT no FROM revision")[0][0])

    def keep_version(self, version: Version) -> None:
        """Keep a version under its number, which must be new. Raises also ValueError."""
        with self._writing() as db:
            self._take_key(db)
            if db.execute("SELECT 1 FROM version WHERE no = ?", (version.no,)).fetchone():
                raise ValueError(f"gallery version {version.no} is there already")
            db.execute("INSERT INTO version VALUES (?, ?)", (version.no, self._sealed(version)))

    def version(self, no: int) -> Version | None:
        """That version, None where it is not there or does not open."""
        rows = self._rows("SELECT no, sealed FROM version WHERE no = ?", no)
        return self._version(*rows[0]) if rows else None

    def newest_version(self) -> int:
        """Its number, 0 where there is none yet."""
        return int(self._rows("SELECT coalesce(max(no), 0) FROM version")[0][0])

    def untold(self) -> list[Untold]:
        """Changes that were made while nobody could bring them into the chain, oldest first."""
        rows = self._rows("SELECT no, pin, change, digest FROM untold ORDER BY no")
        return [Untold(*row) for row in rows]

    def tell(self, no: int) -> None:
        """The chain holds this one now."""
        with self._writing() as db:
            db.execute("DELETE FROM untold WHERE no = ?", (no,))

    def _strike(self, db: sqlite3.Connection, pins: set[str]) -> None:
        for no, sealed in db.execute("SELECT no, sealed FROM version").fetchall():
            one = self._version(no, sealed)
            if one is None or not one.centre or pins.isdisjoint(pin for pin, _ in one.roster):
                continue
            struck = self._sealed(msgspec.structs.replace(one, centre=b""))
            db.execute("UPDATE version SET sealed = ? WHERE no = ?", (struck, no))

    def _take_key(self, db: sqlite3.Connection) -> None:
        """From the first sealed row on, only that row's key writes here. Raises SourceMisconfigured."""
        mine = vault.key_id(self._key)
        held = db.execute("SELECT key_id FROM sealed_by").fetchone()
        if held == (mine,):
            return
        if held and db.execute(_ANY).fetchone()[0]:
            raise SourceMisconfigured("faces_key", f"{self._path}: another key sealed what is here")
        db.execute("DELETE FROM sealed_by")
        db.execute("INSERT INTO sealed_by VALUES (?)", (mine,))

    def _holds_any(self) -> bool:
        return bool(self._rows(_ANY)[0][0])

    def _sealed(self, version: Version) -> bytes:
        plain = zlib.compress(msgspec.json.encode(version))
        return vault.seal(self._key, plain, _bound_version(version.no))

    def _version(self, no: int, sealed: bytes) -> Version | None:
        try:
            plain = vault.unseal(self._key, sealed, _bound_version(no))
        except vault.Unsealable:
            _log.warning("gallery.version_unreadable no=%d", no)
            return None
        return msgspec.json.decode(zlib.decompress(plain), type=Version)

    def _opened(self, pin: str, model: str, sealed: bytes) -> Template | None:
        try:
            plain = vault.unseal(self._key, sealed, _bound(pin, model))
        except vault.Unsealable:
            if pin not in self._complained:
                _log.warning("gallery.unreadable pin=%s", pin)
            self._complained.add(pin)
            return None
        return msgspec.json.decode(plain, type=Template)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """A connection for one thing: no process holds the file while another writes."""
        db = None
        try:
            db = sqlite3.connect(self._path, timeout=_PATIENCE, isolation_level=None)
            for pragma in ("journal_mode = DELETE", "synchronous = FULL", "secure_delete = ON"):
                db.execute(f"PRAGMA {pragma}").fetchall()
            yield db
        except sqlite3.Error as problem:
            raise _named(self._path, problem) from problem
        finally:
            if db is not None:
                db.close()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._open() as db:
            db.execute("BEGIN IMMEDIATE")
            yield db
            db.execute("COMMIT")

    @contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        with self._writing() as db:
            yield db
            db.execute("UPDATE revision SET no = no + 1")

    def _rows(self, query: str, *values: object) -> list[Any]:
        with self._open() as db:
            return db.execute(query, values).fetchall()


def _note(db: sqlite3.Connection, pin: str, change: Change, digest: str) -> None:
    db.execute("INSERT INTO untold (pin, change, digest) VALUES (?, ?, ?)", (pin, change, digest))


def _bound(pin: str, model: str) -> bytes:
    return b"hadir/1 template\0" + msgspec.json.encode((pin, model))


def _bound_version(no: int) -> bytes:
    return b"hadir/1 gallery\0%d" % no


def _named(path: Path, problem: sqlite3.Error) -> SourceUnavailable | SourceMisconfigured:
    broken = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
    if getattr(problem, "sqlite_errorcode", 0) & 0xFF in broken:
        return SourceMisconfigured("faces_damaged", f"{path}: {problem}")
    return SourceUnavailable("faces_busy", f"{path}: {problem}")
