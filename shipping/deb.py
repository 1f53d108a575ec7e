"""A Debian package around a release's tree: units, users, folders, samples and what dpkg runs."""

import hashlib
import os
import re
import shutil
import subprocess
from importlib.metadata import Distribution, distributions
from pathlib import Path

from contract.event import BOOKKEEPING_KINDS
from shipping import tree
from shipping.tree import ROOT, Product

SYSTEMD = ROOT / "systemd"
_OF_THE_CENTRE = re.compile(r"hadir(-web|-ingest@)?\.service")
_SAID_ELSEWHERE = {
    "pyzk": "GPL-2, see /usr/share/common-licenses/GPL-2; it stands here as source, and runs in a "
    "process of its own"
}
_SCRIPTS = ("postinst", "prerm", "postrm")
_SAMPLE = {"kiosk": "agent.toml", "server": "server.toml"}
_FOLDERS = {
    "kiosk": {"modules-load.d": "usr/lib/modules-load.d", "sysctl.d": "usr/lib/sysctl.d"},
    "server": {"mosquitto": "usr/share/hadir/mosquitto"},
}


def build(product: Product, version: str, arch: str, dist: Path, level: int = 12) -> Path:
    """Make `dist`/hadir-NAME_VERSION_ARCH.deb; the files that it holds stay in `dist`/tree. `level`
    is zstd's: 12 takes 40 s longer than 3, and 8 % off. Raises as tree.build does."""
    name = f"hadir-{product.name}_{version}_{arch}"
    root = dist / "tree" / name
    if root.exists():
        shutil.rmtree(root)
    home = root / f"opt/hadir/{product.name}"
    tree.build(product, version, arch, home / "releases" / version)
    return pack(product, version, arch, dist, level)


def pack(product: Product, version: str, arch: str, dist: Path, level: int = 12) -> Path:
    """The package around the tree that stands in `dist`/tree. Raises OSError and
    subprocess.CalledProcessError."""
    name = f"hadir-{product.name}_{version}_{arch}"
    root = dist / "tree" / name
    release = root / f"opt/hadir/{product.name}/releases" / version
    _links(product, root)
    _system(product, root, release)
    _documents(product, version, root, release / "lib")
    _control(product, version, arch, root)
    file = dist / f"{name}.deb"
    command = [
        "dpkg-deb",
        "--root-owner-group",
        "-Zzstd",
        f"-z{level}",
        "--build",
        str(root),
        str(file),
    ]
    subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own words
    return file


def units(product: Product) -> list[Path]:
    """The units of one machine, by name."""
    found = (path for path in SYSTEMD.glob("hadir*.*") if path.is_file())
    server = product is tree.SERVER
    return sorted(path for path in found if bool(_OF_THE_CENTRE.fullmatch(path.name)) is server)


def _links(product: Product, root: Path) -> None:
    """Commands are the newest proven release's: one on trial that cannot start takes none away."""
    of = "keeper" if product is tree.KIOSK else "current"
    (root / "usr/bin").mkdir(parents=True, exist_ok=True)
    for program in product.programs:
        link = root / "usr/bin" / program
        link.unlink(missing_ok=True)
        link.symlink_to(f"/opt/hadir/{product.name}/{of}/bin/{program}")


def _system(product: Product, root: Path, release: Path) -> None:
    """Units and what belongs to them."""
    for unit in units(product):
        _all_there(unit, product, release)
        _put(unit, root / "usr/lib/systemd/system" / unit.name)
    for kind in ("sysusers.d", "tmpfiles.d"):
        name = f"hadir-{product.name}.conf"
        _put(SYSTEMD / kind / name, root / "usr/lib" / kind / name)
    share = root / "usr/share/hadir"
    _put(SYSTEMD / _SAMPLE[product.name], share / _SAMPLE[product.name])
    for folder, where in _FOLDERS[product.name].items():
        for file in (SYSTEMD / folder).iterdir():
            _put(file, root / where / file.name)


def _all_there(unit: Path, product: Product, release: Path) -> None:
    """Every program of Hadir that a unit starts is in the release. Raises LookupError."""
    for program in re.findall(r"(?m)^Exec\w+=\S*?(/opt/hadir/\S+)", unit.read_text()):
        inside = re.sub(f"^/opt/hadir/{product.name}/(current|keeper)/", "", program)
        if not (release / inside).is_file():
            raise LookupError(f"{unit.name} starts {program}, which the package does not hold")


def _documents(product: Product, version: str, root: Path, lib: Path) -> None:
    """The licence of Hadir, and whose work came along under which."""
    docs = root / f"usr/share/doc/hadir-{product.name}"
    docs.mkdir(parents=True, exist_ok=True)
    others = [
        f"{one.name} {one.version}: {_licence(one)}"
        for one in sorted(distributions(path=[str(lib)]), key=lambda one: one.name.lower())
        if one.name != "hadir"
    ]
    texts = f"/opt/hadir/{product.name}/releases/{version}/lib/*.dist-info"
    (docs / "copyright").write_text(
        f"Hadir is under this licence:\n\n{(ROOT / 'LICENSE').read_text()}\n"
        f"It brings these works of others; their own texts are in {texts}.\n"
        "\n" + "\n".join(others) + "\n"
    )
    _put(ROOT / "CHANGELOG.md", docs / "CHANGELOG.md")


def _licence(one: Distribution) -> str:
    """In one line, as the package itself says it."""
    if one.name in _SAID_ELSEWHERE:
        return _SAID_ELSEWHERE[one.name]
    told = one.metadata.get_all("License-Expression") or one.metadata.get_all("License") or [""]
    said = told[0].strip()
    if not said or "\n" in said:
        kinds = one.metadata.get_all("Classifier") or []
        licences = [kind for kind in kinds if kind.startswith("License ::")]
        said = ", ".join(kind.rpartition(" :: ")[2] for kind in licences)
    return said or "see its own text"


def _put(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _control(product: Product, version: str, arch: str, root: Path) -> None:
    """What dpkg reads and runs. Nothing but programs may be executable, and all is everybody's to read."""
    control = root / "DEBIAN"
    shutil.rmtree(control, ignore_errors=True)
    files = [path for path in sorted(root.rglob("*")) if path.is_file() and not path.is_symlink()]
    size = sum(path.stat().st_size for path in files) // 1024
    control.mkdir()
    text = (ROOT / "shipping" / product.name / "control").read_text()
    ours = f"Version: {version}\nArchitecture: {arch}\nInstalled-Size: {size}\n"
    (control / "control").write_text(text.replace("Section:", f"{ours}Section:", 1))
    sums = (f"{_md5(path)}  {path.relative_to(root)}\n" for path in files)
    (control / "md5sums").write_text("".join(sums))
    kinds = ", ".join(f"'{kind}'" for kind in sorted(BOOKKEEPING_KINDS))
    names = " ".join(unit.name.replace("@.", "@*.") for unit in units(product))
    words = {"VERSION": version, "UNITS": names, "BOOKKEEPING": f"({kinds})"}
    for name in _SCRIPTS:
        script = (ROOT / "shipping" / product.name / name).read_text()
        for word, meant in words.items():
            script = re.sub(rf"\b{word}\b", meant, script)
        (control / name).write_text(script)
    _modes(root, {*control.iterdir()} - {control / "control", control / "md5sums"})


def _modes(root: Path, scripts: set[Path]) -> None:
    for path in (root, *root.rglob("*")):
        if path.is_symlink():
            continue
        program = path in scripts or (path.parent.name == "bin" and os.access(path, os.X_OK))
        path.chmod(0o755 if path.is_dir() or program else 0o644)


def _md5(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "md5").hexdigest()
