"""Which model files there are, where their packages put them, and whether they are the right bytes."""

import hashlib
from importlib import metadata
from pathlib import Path

import msgspec

from terminal_agent.errors import SourceMisconfigured

RECOGNISER = "dlib_face_recognition_resnet_model_v1.dat"
FIVE_POINTS = "shape_predictor_5_face_landmarks.dat"
DETECTOR = "face_detection_short_range.tflite"
MESH = "face_landmark.tflite"
IRIS = "iris_landmark.tflite"


class ModelFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file of models/manifest.toml."""

    name: str
    package: str
    sha256: str
    bytes: int
    licence: str
    use: str


class _Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    file: tuple[ModelFile, ...]


def files() -> dict[str, ModelFile]:
    """The manifest by file name."""
    held = msgspec.toml.decode(_path().read_bytes(), type=_Manifest)
    return {file.name: file for file in held.file}


def _path() -> Path:
    """A wheel carries the manifest beside this module, a checkout in its folder models/."""
    installed = Path(__file__).with_name("manifest.toml")
    return installed if installed.is_file() else Path(__file__).parents[2] / "models/manifest.toml"


def located(file: ModelFile) -> Path:
    """Where the package put the file, unchecked. The package is not imported: those that ship the
    models also want TensorFlow or dlib's own build. Raises SourceMisconfigured."""
    try:
        held = metadata.files(file.package) or []
    except metadata.PackageNotFoundError:
        held = []
    for one in held:
        if one.name == file.name:
            return Path(str(one.locate()))
    raise SourceMisconfigured("model_missing", f"{file.name} ({file.package})")


def checked(file: ModelFile) -> Path:
    """Where the file is, its size and hash as the manifest says. Raises SourceMisconfigured."""
    path = located(file)
    try:
        size, digest = path.stat().st_size, sha256_of(path)
    except OSError as problem:
        raise SourceMisconfigured("model_missing", f"{path} ({file.package})") from problem
    if (size, digest) != (file.bytes, file.sha256):
        raise SourceMisconfigured("model_damaged", f"{path} ({file.package})")
    return path


def sha256_of(path: Path) -> str:
    """The file's digest in hex, read piece by piece. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
