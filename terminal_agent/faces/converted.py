"""The recogniser's network as ONNX, kept in the state's folder: made once from the .dat, checked at
every start, made anew when it is damaged, of other weights or of another conversion."""

import subprocess
import sys
from pathlib import Path

import msgspec

from terminal_agent import durable
from terminal_agent.errors import SourceMisconfigured
from terminal_agent.faces.manifest import sha256_of

VERSION = 1  # of the conversion


class _Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What stands beside the .onnx: of which .dat, by which conversion, and its own digest."""

    source: str
    version: int
    sha256: str


def where(folder: Path, source: str) -> Path:
    """The file that holds the conversion of a .dat of this digest."""
    return folder / f"dlib-{source[:8]}.onnx"


def holds(folder: Path, source: str) -> bool:
    """Whether the conversion of the .dat of this digest is there, whole and of this version."""
    path = where(folder, source)
    try:
        kept = msgspec.json.decode(path.with_suffix(".json").read_bytes(), type=_Kept)
        return kept == _Kept(source, VERSION, sha256_of(path))
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return False


def convert(dat: Path, folder: Path, source: str) -> Path:
    """Convert the .dat, whose digest is known, and keep the result so that a power cut leaves it whole
    or not there. Raises SourceMisconfigured."""
    # In a process of its own: it takes 90 MB, which the camera's process would never give back.
    told = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", "terminal_agent.faces.network", str(dat)], capture_output=True
    )
    if told.returncode:
        last = told.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise SourceMisconfigured("model_foreign", f"{dat}: {last or told.returncode}")
    path = where(folder, source)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        durable.write_whole(path, told.stdout)
        kept = _Kept(source, VERSION, sha256_of(path))
        durable.write_whole(path.with_suffix(".json"), msgspec.json.encode(kept))
    except OSError as problem:
        raise SourceMisconfigured("model_folder", f"{folder}: {problem.strerror}") from problem
    return path
