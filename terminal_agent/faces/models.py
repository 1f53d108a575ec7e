"""Every network that the camera needs, from files that are known to be whole."""

from collections.abc import Callable
from pathlib import Path

import msgspec

from terminal_agent.errors import SourceMisconfigured
from terminal_agent.faces import converted, manifest
from terminal_agent.faces.detector import Detector
from terminal_agent.faces.embedder import DlibEmbedder, Embedder, OnnxEmbedder
from terminal_agent.faces.eyes import Eyes
from terminal_agent.faces.mesh import Mesh

# A packaged release brings the conversion of its own recogniser beside its libraries, lib/ and models/.
_SHIPPED = Path(__file__).parents[3] / "models"


class Models(msgspec.Struct, frozen=True):
    """The loaded networks, for one thread at a time."""

    detector: Detector
    mesh: Mesh
    eyes: Eyes
    embedder: Embedder


def load(folder: Path, recogniser: str = "onnx", own: str = "") -> Models:
    """All networks. `folder` keeps the converted recogniser, which is made there if it is missing or
    damaged; `own` is a site's file instead of the package's. Raises SourceMisconfigured."""
    files = manifest.files()
    return Models(
        Detector(manifest.checked(files[manifest.DETECTOR])),
        Mesh(manifest.checked(files[manifest.MESH])),
        Eyes(manifest.checked(files[manifest.IRIS])),
        _embedder(folder, recogniser, own),
    )


def _embedder(folder: Path, recogniser: str, own: str) -> Embedder:
    name = f"{Path(own).stem if own else 'dlib'}-{_digest(own)[:8]}"
    if recogniser == "dlib":
        return DlibEmbedder(_dat(own), name)
    return OnnxEmbedder(prepare(folder, own), name)


def prepare(folder: Path, own: str = "") -> Path:
    """The recogniser as ONNX: a site's .onnx as it is, else the converted .dat, made if it is not there
    or not whole. Raises SourceMisconfigured."""
    if own.endswith(".onnx"):
        return Path(own)
    source = _digest(own)
    return _held(folder, source) or converted.convert(_dat(own), folder, source)


def _held(folder: Path, source: str) -> Path | None:
    """The whole conversion of the .dat of this digest, made here or shipped."""
    for place in (folder, _SHIPPED):
        if converted.holds(place, source):
            return converted.where(place, source)
    return None


def check(folder: Path, own: str = "") -> list[tuple[str, SourceMisconfigured | None]]:
    """Each file, and what is wrong with it: those of the manifest, then the recogniser as it would be
    read, a site's own or the converted one. Loads it, but makes nothing."""
    found = [(file.name, _wrong(manifest.checked, file)) for file in manifest.files().values()]
    name = own or converted.where(folder, _digest("")).name
    return [*found, (name, _wrong(_readable, folder, own))]


def _wrong(look: Callable[..., object], *at: object) -> SourceMisconfigured | None:
    try:
        look(*at)
    except SourceMisconfigured as problem:
        return problem
    return None


def _readable(folder: Path, own: str) -> None:
    source = _digest(own)
    path = Path(own) if own.endswith(".onnx") else _held(folder, source)
    if path is None:
        raise SourceMisconfigured("model_unprepared", str(converted.where(folder, source)))
    OnnxEmbedder(path, "")


def _digest(own: str) -> str:
    """Of the .dat that counts; the package's is known from the manifest, and so need not be there once
    it is converted."""
    if not own:
        return manifest.files()[manifest.RECOGNISER].sha256
    try:
        return manifest.sha256_of(Path(own))
    except OSError as problem:
        raise SourceMisconfigured("model_own", f"{own}: {problem.strerror}") from problem


def _dat(own: str) -> Path:
    return Path(own) if own else manifest.checked(manifest.files()[manifest.RECOGNISER])
