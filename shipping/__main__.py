"""./run package: the Debian packages of kiosk and server."""

import platform
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import click

from shipping import deb
from shipping.tree import KIOSK, MACHINES, ROOT, SERVER

_PRODUCTS = {product.name: product for product in (KIOSK, SERVER)}
_HERE = {machine: arch for arch, machine in MACHINES.items()}


def _version() -> str:
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"])


@click.command("./run package")
@click.option(
    "--arch",
    type=click.Choice(sorted(MACHINES)),
    default=lambda: _HERE.get(platform.machine(), "amd64"),
    help="For which processor; otherwise this machine's.",
)
@click.option("--only", type=click.Choice(sorted(_PRODUCTS)), help="Only one of the two.")
@click.option("--version", default=_version, help="Version of the packages; otherwise pyproject's.")
@click.option(
    "--to", type=click.Path(path_type=Path), default=ROOT / "dist", help="Folder; otherwise dist."
)
def main(arch: str, only: str | None, version: str, to: Path) -> None:
    """Build hadir-kiosk_VERSION_ARCH.deb and hadir-server_VERSION_ARCH.deb.

    Needs a package index for the libraries, by hash, and Debian's dpkg-deb.

    Example: ./run package --arch arm64
    """
    if sys.version_info[:2] != (3, 11):
        _stop("packages are for Debian 12: make .venv with Python 3.11, PYTHON=python3.11 ./run …")
    for product in [_PRODUCTS[only]] if only else list(_PRODUCTS.values()):
        began = time.monotonic()
        try:
            file = deb.build(product, version, arch, to.resolve())
        except subprocess.CalledProcessError as problem:
            said = problem.stderr if isinstance(problem.stderr, str) else problem.stderr.decode()
            _stop(f"{' '.join(map(str, problem.cmd[:6]))} … failed:\n{said[-2000:]}")
        except FileNotFoundError as problem:
            _stop(f"{problem.filename}: not there. Type: apt install dpkg python3-pip")
        took, size = time.monotonic() - began, file.stat().st_size / 1e6
        click.echo(f"{file}  {size:.1f} MB  {took:.0f} s")


def _stop(why: str) -> None:
    click.echo(f"package: {why}", err=True)
    sys.exit(3)


main()
