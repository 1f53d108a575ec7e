"""Where releases lie on a kiosk, and which one this program is of.

`ROOT/releases/V` is a release, `current` a link to the one that runs, `keeper` to the newest that has
proven itself and `previous` to the one before it. Only root writes there.
"""

import platform
from pathlib import Path

import msgspec

from contract import release
from contract.errors import BatchError
from contract.release import Manifest
from terminal_agent import durable
from terminal_agent.errors import SourceMisconfigured

_KEY = "release.pub"
_SHARED_KEY = Path("/usr/share/hadir") / _KEY
_ARCHES = {"x86_64": "amd64", "aarch64": "arm64"}


class Place(msgspec.Struct, frozen=True):
    """The folder of all releases, and the version that this program is of."""

    root: Path
    version: str

    @property
    def releases(self) -> Path:
        """A folder for each version."""
        return self.root / "releases"

    @property
    def kept(self) -> Path:
        """What the keeper writes down."""
        return self.root / "keep"

    def tree(self, version: str) -> Path:
        """The folder of a version."""
        return self.releases / version

    def points(self, name: str) -> str:
        """The version that `current`, `keeper` or `previous` links to; "" where it links nowhere."""
        try:
            target = (self.root / name).readlink().name
        except OSError:
            return ""
        return target if target and self.tree(target).is_dir() else ""

    def manifest(self, version: str) -> bytes:
        """The manifest that a version came with; empty where a package brought it."""
        try:
            return (self.tree(version) / release.MANIFEST).read_bytes()
        except OSError:
            return b""


def own(file: str = __file__) -> Place:
    """Where this program is installed. Raises SourceMisconfigured where it is no release."""
    for folder in Path(file).resolve().parents:
        if folder.parent.name == "releases":
            return Place(folder.parent.parent, folder.name)
    raise SourceMisconfigured("not_a_release", "this program does not run from a release's folder")


def found() -> Place | None:
    """As `own`; None where this program is no release, as in a developer's folder."""
    try:
        return own()
    except SourceMisconfigured:
        return None


def number(place: Place, version: str) -> int:
    """The number of an installed version, 0 where there is none."""
    data = place.manifest(version)
    try:
        return release.decode(data).release if data else release.numbered(version)
    except BatchError:
        return release.numbered(version)


def arch() -> str:
    """This machine's architecture as Debian names it."""
    return _ARCHES.get(platform.machine(), platform.machine())


def keys(place: Place) -> list[bytes]:
    """The keys that may sign releases: those that came with the release that has proven itself."""
    trusted = place.points("keeper") or place.version
    for file in (place.tree(trusted) / _KEY, _SHARED_KEY):
        if found := _keys(file):
            return found
    return []


def _keys(file: Path) -> list[bytes]:
    try:
        return release.keys(file.read_text("ascii", "replace"))
    except OSError:
        return []


def point(link: Path, version: str) -> None:
    """Let a link of the root show a version, at once and for good. Raises OSError."""
    beside = link.with_name(link.name + ".new")
    beside.unlink(missing_ok=True)
    beside.symlink_to(Path("releases") / version)
    beside.replace(link)
    durable.sync_directory(link.parent)


def described(place: Place) -> dict[str, object]:
    """What `status` says: version, number, and what it could go back to."""
    return {
        "version": place.version,
        "release": number(place, place.version),
        "previous": place.points("previous"),
    }


def of(data: bytes) -> Manifest:
    """A manifest, or what a person is to be told. Raises SourceMisconfigured."""
    try:
        return release.decode(data)
    except BatchError as problem:
        raise SourceMisconfigured("release_damaged", str(problem)) from problem
