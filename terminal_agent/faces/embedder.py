"""From an upright face to the numbers by which it is known again."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import onnxruntime
from onnxruntime.capi import onnxruntime_pybind11_state as refusals

from terminal_agent.errors import SourceMisconfigured
from terminal_agent.faces import align
from terminal_agent.faces.face import Floats, Image, Landmarks

_THREADS = 2  # two of a Pi's four cores: the other two keep the screen and the agent fluent
_REFUSED = (
    refusals.Fail,
    refusals.InvalidArgument,
    refusals.InvalidGraph,
    refusals.InvalidProtobuf,
    refusals.NoSuchFile,
    refusals.NotImplemented,
    refusals.RuntimeException,
)
_POSES = {pose.side: pose for pose in (align.DLIB, align.FIVE_POINTS)}


class Embedder(Protocol):
    """A recogniser. `id` names it and its weights: templates of another id are not comparable.
    `size`: numbers of an embedding."""

    id: str
    size: int

    def align(self, image: Image, landmarks: Landmarks) -> Image:
        """The face as this recogniser wants it, in RGB."""

    def embed(self, chips: Sequence[Image]) -> Floats:
        """One row for each chip, as the network gives it, not normalised."""


class OnnxEmbedder:
    """An ONNX network from float RGB 0..255, (n, 3, side, side), in onnxruntime. A side of 150 means
    faces that stand as dlib's do, one of 112 those of SFace and its kin."""

    def __init__(self, path: Path, name: str) -> None:
        """Raises SourceMisconfigured where the file is no such network."""
        self.id = name
        try:
            self._session = onnxruntime.InferenceSession(
                str(path), _options(), providers=["CPUExecutionProvider"]
            )
            taken = self._session.get_inputs()[0]
            self._input, self._pose = taken.name, _POSES[taken.shape[-1]]
            blank = np.zeros((self._pose.side, self._pose.side, 3), np.uint8)
            self.size = self.embed([blank]).shape[1]  # the first one is the slowest: better now
        except (*_REFUSED, KeyError) as problem:
            raise SourceMisconfigured("model_foreign", f"{path}: {problem}") from problem

    def align(self, image: Image, landmarks: Landmarks) -> Image:
        """As Embedder says."""
        return align.chip(image, landmarks, self._pose)

    def embed(self, chips: Sequence[Image]) -> Floats:
        """As Embedder says."""
        if not chips:
            return np.zeros((0, self.size), np.float32)
        faces = np.stack(chips).transpose(0, 3, 1, 2).astype(np.float32)
        rows = self._session.run(None, {self._input: faces})[0]
        return np.asarray(rows, np.float32).reshape(len(chips), -1)


def _options() -> onnxruntime.SessionOptions:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = _THREADS
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # the arena keeps its largest batch for ever
    options.enable_mem_pattern = False
    options.log_severity_level = 4  # what goes wrong is said by us
    # Threads that spin while they wait would heat a kiosk for nothing.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return options


class DlibEmbedder:
    """The same network by dlib itself, at ten times the cost: the reference for ours."""

    size = 128

    def __init__(self, path: Path, name: str) -> None:
        """Raises SourceMisconfigured where the file is no such network or dlib is not installed."""
        try:
            import dlib  # no part of the usual camera: some megabytes and seconds less
        except ImportError as problem:
            raise SourceMisconfigured("no_dlib", str(problem)) from problem
        self.id = name
        try:
            self._net = dlib.face_recognition_model_v1(str(path))
        except RuntimeError as problem:
            raise SourceMisconfigured("model_foreign", f"{path}: {problem}") from problem

    def align(self, image: Image, landmarks: Landmarks) -> Image:
        """As Embedder says."""
        return align.chip(image, landmarks)

    def embed(self, chips: Sequence[Image]) -> Floats:
        """As Embedder says."""
        rows = [np.array(self._net.compute_face_descriptor(chip)) for chip in chips]
        return np.array(rows, np.float32).reshape(-1, self.size)
