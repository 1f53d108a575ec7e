"""What the agent gathers of a release before it asks for it: a signed manifest, and the objects that
the release in force does not have."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from contract import release
from contract.errors import BatchError
from contract.release import File, Manifest
from terminal_agent import durable, identity
from terminal_agent.errors import SourceMisconfigured
from terminal_agent.releases import floor, told
from terminal_agent.releases import place as places
from terminal_agent.releases.brought import brought
from terminal_agent.releases.place import Place

_BETWEEN = 4_096  # bytes that are cheaper fetched than left out


class Run(msgspec.Struct, frozen=True):
    """Objects that lie together in the release file, from byte `at` on."""

    at: int
    length: int
    files: tuple[File, ...]


def accepted(place: Place, manifest: bytes, signature: bytes) -> Manifest:
    """The manifest, where this kiosk may install it. Raises SourceMisconfigured with the reason."""
    keys = places.keys(place)
    if not keys:
        raise SourceMisconfigured("release_no_key", "no release.pub here: nobody may sign")
    signed = release.to_sign(manifest)
    if not any(identity.signed_by(key, signed, signature) for key in keys):
        raise SourceMisconfigured("release_unsigned", "not signed by a key of release.pub")
    found = places.of(manifest)
    if found.arch != places.arch():
        raise SourceMisconfigured("release_arch", f"for {found.arch}, this is {places.arch()}")
    least = max(
        floor.remembered(place).release,
        places.number(place, place.points("keeper") or place.version),
    )
    if found.release < least:
        raise SourceMisconfigured("release_older", f"{found.release} is below {least}")
    if found.version == place.points("current"):
        raise SourceMisconfigured("release_same", found.version)
    return found


def lacking(place: Place, manifest: Manifest) -> list[File]:
    """A file for each object that the release in force lacks, in the order of the release file. All
    of it is read: a damaged card is found here."""
    base = place.tree(place.points("current") or place.version)
    wanted = {one.sha256: one for one in manifest.files if not is_there(base / one.path, one)}
    return sorted(wanted.values(), key=lambda one: one.at)


def is_there(path: Path, file: File) -> bool:
    """Whether these bytes stand at `path`, which is no link."""
    try:
        if path.is_symlink() or path.stat().st_size != file.size:
            return False
        return hashed(path) == file.sha256
    except OSError:
        return False


def hashed(path: Path) -> str:
    """SHA-256 of a file, in hex. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def runs(files: Iterable[File], most: int) -> Iterator[Run]:
    """Objects that lie together, in pieces of at most `most` bytes unless one object is longer."""
    row: list[File] = []
    for one in files:
        if row and (
            one.at - (row[-1].at + row[-1].packed) > _BETWEEN
            or one.at + one.packed - row[0].at > most
        ):
            yield _run(row)
            row = []
        row.append(one)
    if row:
        yield _run(row)


def _run(row: Sequence[File]) -> Run:
    return Run(row[0].at, row[-1].at + row[-1].packed - row[0].at, tuple(row))


class Shelf:
    """The folder of the agent's state where one coming release is gathered."""

    def __init__(self, state: Path) -> None:
        self.folder = state / told.FOLDER
        self._objects = self.folder / "objects"

    def begin(self, manifest: bytes, signature: bytes) -> None:
        """Gather this release, and no other. Raises OSError."""
        if self.digest() == release.digest(manifest):
            return
        self.clear()
        self._objects.mkdir(parents=True, exist_ok=True)
        durable.write_whole(self.folder / release.SIGNATURE, signature)
        durable.write_whole(self.folder / release.MANIFEST, manifest)

    def manifest(self) -> tuple[bytes, bytes] | None:
        """Manifest and signature of what is gathered."""
        try:
            data = (self.folder / release.MANIFEST).read_bytes()
            return data, (self.folder / release.SIGNATURE).read_bytes()
        except OSError:
            return None

    def digest(self) -> str:
        """Which release is gathered; "" = none."""
        held = self.manifest()
        return release.digest(held[0]) if held else ""

    def lacks(self, file: File) -> bool:
        """Whether an object has not come, or the card has damaged it since."""
        return not is_there(self._objects / file.sha256, file)

    def take(self, file: File, packed: bytes) -> None:
        """Keep an object. Raises OSError, and BatchError where it is another one."""
        durable.write_whole(self._objects / file.sha256, release.opened(packed, file))

    def begun(self, file: File) -> int:
        """Packed bytes that have come of an object that is not whole yet."""
        part = self._part(file)
        size = part.stat().st_size if part.exists() else 0
        return size if size < file.packed else 0

    def add(self, file: File, at: int, piece: bytes) -> None:
        """More of an object, from its packed byte `at` on; the last of it makes it whole. Raises OSError
        and BatchError."""
        begun, part = self.begun(file), self._part(file)
        fresh = piece[max(0, begun - at) :]
        with part.open("ab" if begun else "wb") as out:
            out.write(fresh)
        if begun + len(fresh) < file.packed:
            return
        try:
            self.take(file, part.read_bytes())
        finally:
            part.unlink()

    def clear(self) -> None:
        """Forget what was gathered; the manifest goes first."""
        for path in (self.folder / release.MANIFEST, self.folder / release.SIGNATURE):
            path.unlink(missing_ok=True)
        for path in self._objects.glob("*"):
            path.unlink()

    def _part(self, file: File) -> Path:
        return self._objects / f"{file.sha256}.part"


def unpack(file: Path, place: Place, shelf: Shelf) -> Manifest:
    """Gather from a release file whatever this kiosk lacks. Raises SourceMisconfigured and OSError."""
    manifest, signature = brought(file)
    found = accepted(place, manifest, signature)
    shelf.begin(manifest, signature)
    with file.open("rb") as source:
        for one in filter(shelf.lacks, lacking(place, found)):
            source.seek(one.at)
            try:
                shelf.take(one, source.read(one.packed))
            except BatchError as problem:
                raise SourceMisconfigured("release_damaged", f"{file}: {problem}") from problem
    return found
