"""Makes a release file of a tree, signed by a key that is kept away from every network.

Example: python -m shipping.release --new-key hadir-release.pem
Example: python -m shipping.release dist/tree/…/releases/0.2.0 --key hadir-release.pem --arch arm64
"""

import os
import sys
import zipfile
from hashlib import sha256
from pathlib import Path

import click
import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from contract import release
from contract.release import File, Link, Manifest
from contract.vouched import key_text

_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can say: equal trees, equal files
_LOCAL_HEADER = 30  # bytes before an object's name, APPNOTE.TXT 4.3.7


class Named(msgspec.Struct, frozen=True):
    """How a release is called."""

    version: str
    arch: str
    number: int
    least: int


def make(tree: Path, named: Named, key: Ed25519PrivateKey, to: Path) -> Manifest:
    """Write the release file `to`. Raises OSError, and BatchError where a kiosk would refuse it."""
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as out:
        files, links = _put(tree, out)
        made = Manifest(
            "hadir-kiosk",
            named.number,
            named.version,
            named.arch,  # type: ignore[arg-type] # checked by reading it back
            named.least,
            tuple(files),
            tuple(links),
        )
        data = msgspec.json.encode(made)
        release.decode(data)
        _write(out, release.MANIFEST, data)
        _write(out, release.SIGNATURE, key.sign(release.to_sign(data)))
    return made


def _put(tree: Path, out: zipfile.ZipFile) -> tuple[list[File], list[Link]]:
    """Each content once, in the order of paths: what changes together lies together."""
    files: list[File] = []
    links: list[Link] = []
    where: dict[str, tuple[int, int]] = {}
    for path in sorted(tree.rglob("*")):
        name = path.relative_to(tree).as_posix()
        if path.is_symlink():
            links.append(Link(name, os.readlink(path)))
        elif path.is_file():
            data = path.read_bytes()
            digest = sha256(data).hexdigest()
            if digest not in where:
                where[digest] = _write(out, release.OBJECTS + digest, data)
            mode = 0o755 if path.stat().st_mode & 0o100 else 0o644
            files.append(File(name, mode, digest, len(data), *where[digest]))  # type: ignore[arg-type]
    return files, links


def _write(out: zipfile.ZipFile, name: str, data: bytes) -> tuple[int, int]:
    """Where the deflated bytes lie, and how many they are."""
    entry = zipfile.ZipInfo(name, _LONG_AGO)
    entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
    out.writestr(entry, data, compresslevel=9)
    return entry.header_offset + _LOCAL_HEADER + len(name), entry.compress_size


def born(file: Path, password: bytes) -> str:
    """Make a key, 0600, and its public half beside it; what belongs into release.pub. Raises OSError,
    also where the file is there already."""
    key = Ed25519PrivateKey.generate()
    guard = BestAvailableEncryption(password) if password else NoEncryption()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, guard)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(pem)
    public = key_text(key.public_key().public_bytes_raw())
    file.with_suffix(".pub").write_text(f"{public}\n")
    return public


def _key(file: Path) -> Ed25519PrivateKey:
    data = file.read_bytes()
    password = None
    if b"ENCRYPTED" in data:
        password = click.prompt("Password", hide_input=True, err=True).encode()
    try:
        key = load_pem_private_key(data, password)
    except ValueError as problem:
        raise click.ClickException(f"{file}: {problem}") from problem
    if not isinstance(key, Ed25519PrivateKey):
        raise click.ClickException(f"{file} holds another kind of key; make one: --new-key FILE")
    return key


_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("tree", required=False, type=click.Path(path_type=Path, file_okay=False))
@click.option("--key", type=_FILE, help="The offline key.")
@click.option("--arch", type=click.Choice(["amd64", "arm64"]), default="arm64", show_default=True)
@click.option("--version", help="Otherwise the name of the tree's folder.")
@click.option("--number", type=int, help="Otherwise counted from the version: 1.2.3 is 1002003.")
@click.option("--least", default=0, help="The lowest release that a kiosk may go back to from it.")
@click.option("--to", type=click.Path(path_type=Path, file_okay=False), default=Path("dist"))
@click.option("--new-key", type=_FILE, help="Make a key instead, with .pub beside it.")
def main(  # noqa: PLR0913 - the options of a command
    tree: Path | None,
    key: Path | None,
    arch: str,
    version: str | None,
    number: int | None,
    least: int,
    to: Path,
    new_key: Path | None,
) -> None:
    """Make a signed release file of a tree, or the key that signs.

    Example: python -m shipping.release dist/tree/releases/0.2.0 --key hadir-release.pem
    """
    if new_key is not None:
        password = click.prompt(
            "Password", hide_input=True, default="", show_default=False, err=True
        )
        click.echo(born(new_key, password.encode()))
        return
    if tree is None or key is None:
        raise click.UsageError("give TREE and --key FILE, or --new-key FILE")
    if not tree.is_dir() or not key.is_file():
        raise click.UsageError(f"{tree} is no folder, or {key} no file")
    name = version or tree.resolve().name
    named = Named(name, arch, number or release.numbered(name), least)
    to.mkdir(parents=True, exist_ok=True)
    made = make(tree, named, _key(key), to / f"hadir-kiosk_{name}_{arch}.hadir")
    click.echo(f"{to / f'hadir-kiosk_{name}_{arch}.hadir'} release={made.release}")


if __name__ == "__main__":
    sys.exit(main())
