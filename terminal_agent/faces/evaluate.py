"""A folder of faces, one folder for each person, through the same models and rules as the kiosk's."""

import re
import statistics
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec
import numpy as np

from terminal_agent.errors import SourceMisconfigured
from terminal_agent.faces import figures, match, pictures, trials
from terminal_agent.faces.face import Floats, Image
from terminal_agent.faces.figures import Span
from terminal_agent.faces.models import Models
from terminal_agent.faces.trials import Plan, Strangers, Taken

_Done = TypeVar("_Done")
_LEAST = 3  # enrolled people from which on strangers tell something


class Gathered(msgspec.Struct, frozen=True, eq=False):
    """What a folder held: embeddings by person; how many images could be read and how many held a
    face; the files that are damaged or show none; milliseconds of each stage, by image."""

    people: Mapping[str, tuple[Taken, ...]]
    images: int
    faces: int
    damaged: tuple[str, ...]
    faceless: tuple[str, ...]
    ms: Mapping[str, tuple[float, ...]]


class Result(msgspec.Struct, frozen=True):
    """Rates 0..1 with their 95 % intervals; `tar_at_far` None where there are too few comparisons,
    `strangers` where too few people."""

    identities: int
    images: int
    detection_rate: float
    rank1: float
    equal_error_rate: float
    equal_error_span: Span
    genuine: int
    impostor: int
    tar_at_far: Mapping[str, float | None]
    strangers: Strangers | None
    ms: Mapping[str, float]


class Stopwatch:
    """Milliseconds of each stage; `seconds` is a monotonic clock."""

    def __init__(self, seconds: Callable[[], float]) -> None:
        self._seconds = seconds
        self.took: dict[str, list[float]] = {}

    def run(self, stage: str, work: Callable[[], _Done]) -> _Done:
        """Do the work and note how long it took."""
        since = self._seconds()
        done = work()
        self.took.setdefault(stage, []).append((self._seconds() - since) * 1000)
        return done


def gather(
    models: Models,
    folder: Path,
    session: str,
    seconds: Callable[[], float],
    beat: Callable[[int], None],
) -> Gathered:
    """Every image of every folder in `folder`, embedded; `session`: a pattern whose first group names
    the session in a file name, "" = there are none. `beat` is told how many images are done. Raises
    SourceMisconfigured."""
    names = _pattern(session)
    watch = Stopwatch(seconds)
    people: dict[str, tuple[Taken, ...]] = {}
    damaged, faceless, images = [], [], 0
    for person in _folders(folder):
        taken = []
        for path in pictures.listed(person):
            image = pictures.read(path)
            shown = f"{person.name}/{path.name}"
            images += image is not None
            if image is None:
                damaged.append(shown)
            elif rows := _embedded(models, image, watch):
                taken.append(Taken(*rows, _session(names, path.name)))
            else:
                faceless.append(shown)
            beat(images)
        if taken:
            people[person.name] = tuple(taken)
    if len(people) < 2:
        raise SourceMisconfigured("few_identities", f"{folder}: {len(people)}")
    faces = images - len(faceless)
    ms = {stage: tuple(took) for stage, took in watch.took.items()}
    return Gathered(people, images, faces, tuple(damaged), tuple(faceless), ms)


def result(gathered: Gathered, plan: Plan, seconds: Callable[[], float]) -> Result:
    """The figures of these faces. Raises SourceMisconfigured where nobody has an image left to be
    tried with."""
    compared = trials.one_to_one(gathered.people, plan)
    if not compared.genuine:
        raise SourceMisconfigured("nothing_to_try", f"{plan.enrol}")
    own = np.concatenate(list(compared.genuine.values()))
    others = np.concatenate(list(compared.impostor.values()))
    strangers = trials.outsiders(gathered.people, plan)
    ms = {stage: statistics.median(took) for stage, took in gathered.ms.items()}
    return Result(
        identities=len(gathered.people),
        images=gathered.images,
        detection_rate=gathered.faces / gathered.images,
        rank1=figures.share(compared.first),
        equal_error_rate=figures.equal_error_rate(own, others),
        equal_error_span=figures.equal_error_span(
            compared.genuine, compared.impostor, max(1, len(own) // trials.ROUNDS)
        ),
        genuine=len(own),
        impostor=len(others),
        tar_at_far={str(far): figures.true_accepts_at(own, others, far) for far in (0.01, 0.001)},
        strangers=strangers if strangers.enrolled >= _LEAST else None,
        ms=ms | {"match": _matching(gathered, seconds)},
    )


def rule(enrolled: int) -> str:
    """How strangers were judged, for the report."""
    said = match.RULE
    if enrolled < match.LEAST_PEOPLE:
        said += f"; {enrolled} enrolled: a kiosk with fewer than 8 compares one-to-one only"
    return said


def _folders(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise SourceMisconfigured("no_faces_folder", str(folder))
    return sorted(path for path in folder.iterdir() if path.is_dir() and path.name[0] != ".")


def _pattern(session: str) -> re.Pattern[str] | None:
    try:
        names = re.compile(session) if session else None
    except re.error as problem:
        raise SourceMisconfigured("session_pattern", f"{session}: {problem}") from problem
    return names


def without_sessions(people: Mapping[str, Sequence[Taken]]) -> bool:
    """Whether no file's name told a session: all are one then, and figures are kinder."""
    return not any(taken.session for of_person in people.values() for taken in of_person)


def _session(names: re.Pattern[str] | None, file: str) -> str:
    """The pattern's first group in a file's name, the whole match where it has none, "" without."""
    found = names.search(file) if names else None
    return (found[1 if found.re.groups else 0] or "") if found else ""


def _embedded(models: Models, image: Image, watch: Stopwatch) -> tuple[Floats, Floats] | None:
    """The largest face and its mirror image."""
    image, boxes = watch.run("detect", lambda: pictures.framed(models.detector, image))
    if not boxes:
        return None
    landmarks = watch.run("mesh", lambda: models.mesh.landmarks(image, boxes[0]))
    chip = watch.run("align", lambda: models.embedder.align(image, landmarks))
    plain = watch.run("embed", lambda: models.embedder.embed([chip]))[0]
    return plain, models.embedder.embed([match.mirrored(chip)])[0]


def _matching(gathered: Gathered, seconds: Callable[[], float]) -> float:
    """Median milliseconds of one identification among all these people."""
    roster = trials.everybody(gathered.people)
    face = match.probe(next(iter(gathered.people.values()))[0].plain[np.newaxis])
    watch = Stopwatch(seconds)
    for _ in range(101):
        watch.run("match", lambda: match.identify(roster, face))
    return statistics.median(watch.took["match"])
