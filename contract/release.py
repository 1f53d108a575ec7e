"""A release: the signed list of a program's files, and where each lies in the file that brings it. Pure.

A release file is a zip: objects, each deflated under its SHA-256, then `manifest.json` and its
signature. The manifest says where the bytes of each object lie, so that a kiosk fetches the few that
it lacks and nothing else; whoever carries them is not believed.
"""

import re
import zipfile
import zlib
from base64 import b64decode
from binascii import Error as NotBase64
from hashlib import sha256
from typing import Annotated, BinaryIO, Literal

import msgspec

from contract.errors import BatchError

SIGNATURE_BYTES = 64
_KEY_BYTES = 32  # both of Ed25519, RFC 8032
MANIFEST, SIGNATURE, OBJECTS = "manifest.json", "manifest.sig", "objects/"
MAX_MANIFEST = 8 * 1024 * 1024
MAX_OBJECT = 512 * 1024 * 1024
_MAX_FILES = 50_000
_ENCRYPTED = 1  # bit of the general purpose flag, APPNOTE.TXT 4.4.4

Digest = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}\Z")]
# V.part is where V is being built.
Version = Annotated[str, msgspec.Meta(pattern=r"^(?![^/]*\.part\Z)[0-9][0-9A-Za-z.+~-]{0,39}\Z")]
Number = Annotated[int, msgspec.Meta(ge=1, lt=2**53)]
Offset = Annotated[int, msgspec.Meta(ge=0, lt=2**40)]
Size = Annotated[int, msgspec.Meta(ge=0, le=MAX_OBJECT)]

_PART = re.compile(r"[^/\0-\x1f\x7f]{1,255}")
_NUMBERED = re.compile(r"(\d{1,6})(?:\.(\d{1,3}))?(?:\.(\d{1,3}))?")


class File(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A file of the tree. `at` and `packed`: where its deflated bytes lie in the release file."""

    path: str
    mode: Literal[0o644, 0o755]
    sha256: Digest
    size: Size
    at: Offset
    packed: Size


class Link(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A symbolic link of the tree, as `ln -s target path` makes it."""

    path: str
    target: str


class Manifest(msgspec.Struct, frozen=True):
    """What a release is. `release` only counts up; a kiosk that has proven this one never goes below
    `min_release` again. `arch` as Debian names it."""

    product: Literal["hadir-kiosk"]
    release: Number
    version: Version
    arch: Literal["amd64", "arm64"]
    min_release: Annotated[int, msgspec.Meta(ge=0, lt=2**53)]
    files: tuple[File, ...]
    links: tuple[Link, ...] = ()


def to_sign(manifest: bytes) -> bytes:
    """What the offline key signs."""
    return b"hadir/1 release\0" + manifest


def digest(manifest: bytes) -> str:
    """The name of a release: SHA-256 of its manifest, in hex."""
    return sha256(manifest).hexdigest()


def decode(data: bytes) -> Manifest:
    """A manifest whose every path stays inside its tree. Raises BatchError."""
    if len(data) > MAX_MANIFEST:
        raise BatchError("the manifest is too large")
    try:
        found = msgspec.json.decode(data, type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise BatchError(f"not a manifest: {problem}") from None
    _check(found)
    return found


def _check(manifest: Manifest) -> None:
    """No path twice, none outside the tree, none through a link or another file."""
    paths = [one.path for one in manifest.files] + [one.path for one in manifest.links]
    taken = set(paths)
    if len(paths) > _MAX_FILES or len(taken) != len(paths):
        raise BatchError("the manifest names too many files, or one of them twice")
    for path in paths:
        parts = path.split("/")
        if not all(_PART.fullmatch(part) and part not in (".", "..") for part in parts):
            raise BatchError(f"the manifest names a path outside its tree: {path!r}")
        if parts[0].startswith(MANIFEST):  # root writes it there, by way of a file beside
            raise BatchError(f"the manifest names its own place: {path!r}")
        if any("/".join(parts[:depth]) in taken for depth in range(1, len(parts))):
            raise BatchError(f"the manifest goes through a file: {path!r}")
    if any("\0" in one.target or not one.target for one in manifest.links):
        raise BatchError("the manifest links to nowhere")


def enclosed(file: BinaryIO) -> tuple[bytes, bytes]:
    """Manifest and signature out of an open release file, which anybody may have made. Raises BatchError,
    and OSError where the file itself cannot be read."""
    try:
        with zipfile.ZipFile(file) as held:
            manifest = _entry(held, MANIFEST, MAX_MANIFEST)
            return manifest, _entry(held, SIGNATURE, SIGNATURE_BYTES)
    except KeyError as problem:
        raise BatchError(f"not a release file: {problem}") from None
    except (ValueError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error) as problem:
        raise BatchError(f"not a whole zip: {problem}") from None


def _entry(held: zipfile.ZipFile, name: str, most: int) -> bytes:
    entry = held.getinfo(name)
    plain = entry.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    if entry.flag_bits & _ENCRYPTED or not plain or entry.file_size > most:
        raise BatchError(f"{name} is too large, encrypted, or packed in an unknown way")
    return held.read(entry)


def keys(text: str) -> list[bytes]:
    """The keys in a release.pub, one a line; whatever else stands there is none. A private key in PEM
    is lines of base64 as well."""
    found = []
    for line in text.splitlines():
        try:
            key = b64decode(line.strip(), validate=True)
        except (NotBase64, ValueError):
            continue
        if len(key) == _KEY_BYTES:
            found.append(key)
    return found


def numbered(version: str) -> int:
    """The number of a release that a package brought: 1.2.3 is 1002003. 0 where it is no such version."""
    found = _NUMBERED.match(version)
    if found is None:
        return 0
    major, minor, patch = (int(part or 0) for part in found.groups())
    return (major * 1000 + minor) * 1000 + patch


def carried(signature: bytes, manifest: bytes) -> bytes:
    """Signature and manifest as they go over the air."""
    return signature + zlib.compress(manifest, 9)


def uncarried(data: bytes) -> tuple[bytes, bytes]:
    """Signature and manifest out of what came. Raises BatchError."""
    return data[:SIGNATURE_BYTES], _inflated(data[SIGNATURE_BYTES:], MAX_MANIFEST, zlib.MAX_WBITS)


def opened(packed: bytes, file: File) -> bytes:
    """The object in its deflated bytes. Raises BatchError where it is another one."""
    data = _inflated(packed, file.size, -zlib.MAX_WBITS)
    if sha256(data).hexdigest() != file.sha256:
        raise BatchError(f"{file.path} is damaged")
    return data


def _inflated(packed: bytes, most: int, wbits: int) -> bytes:
    inflate = zlib.decompressobj(wbits)
    try:
        data = inflate.decompress(packed, most + 1)
    except zlib.error as problem:
        raise BatchError(f"not deflated: {problem}") from None
    if len(data) > most or not inflate.eof:
        raise BatchError("it is longer or shorter than it should be")
    return data
