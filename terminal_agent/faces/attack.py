"""How often a presentation attack is accepted, and a person refused: folders of image sequences played
through the same matching and challenge as at the door.

A folder holds one folder for each person. Images whose names differ only in their last number are one
sequence, in the order of that number, as if ten were taken a second. An attack is played forth and
back until a challenge has run out, once with every kind of challenge, and counts as accepted if any of
them would have been met: more than an attacker gets, who cannot choose. A sequence of a living person
whose name holds "turn_left", "turn_right" or "blink" is the answer to that challenge.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, cycle, islice
from pathlib import Path

import msgspec

from contract.event import Asked
from contract.faces import Template
from terminal_agent.door.words import Seen
from terminal_agent.errors import SourceMisconfigured
from terminal_agent.faces import gathering, glances, match, pictures
from terminal_agent.faces.face import Image
from terminal_agent.faces.gathering import Glance
from terminal_agent.faces.glances import Moment
from terminal_agent.faces.hall import Hall
from terminal_agent.faces.liveness import KINDS, SECONDS
from terminal_agent.faces.match import Roster
from terminal_agent.faces.models import Models
from terminal_agent.faces.visit import Visit

FRAMES_A_SECOND = 10
_LEAST = 2  # people
_EVERY = 10  # sequences between two lines of progress
_ENROLLED = 3  # images of a person's first sequence; the others are played
_PLAYED = round((SECONDS + 2) * FRAMES_A_SECOND)
_LAST_NUMBER = re.compile(r"^(.*?)(\d+)$")


class Errors(msgspec.Struct, frozen=True):
    """Shares 0..1 of `sequences` that were judged wrongly; None where nothing was there to judge."""

    without_challenge: float | None
    with_challenge: float | None
    sequences: int


class Attacked(msgspec.Struct, frozen=True):
    """`apcer`: attacks accepted. `bpcer`: people refused. `met`: attacks that met each challenge."""

    apcer: Errors
    bpcer: Errors
    met: dict[Asked, int]


class Played(msgspec.Struct, frozen=True, eq=False):
    """One sequence of one person's folder; a frame without a usable face is None."""

    person: str
    name: str
    frames: tuple[Glance | None, ...]


def attacked(models: Models, real: Path, attack: Path, beat: Callable[[int], None]) -> Attacked:
    """Both folders played; `beat` is told how many sequences are read. Raises SourceMisconfigured
    where one is empty, and where fewer than two people can be enrolled."""
    roster, living = _enrolled(models, _read(models, real, beat))
    attacks = _read(models, attack, beat)
    trial = _Trial(models, roster)
    met = {kind: [trial.accepts(one, kind) for one in attacks] for kind in KINDS}
    alone = [trial.accepts(one, None) for one in attacks]
    known = [trial.knows(one, None) for one in living]
    answered = [trial.knows(one, kind) for one in living for kind in KINDS if kind in one.name]
    accepted = [any(each) for each in zip(*met.values(), strict=True)]
    return Attacked(
        apcer=Errors(_share(alone), _share(accepted), len(attacks)),
        bpcer=Errors(_refused(known), _refused(answered), len(living)),
        met={kind: sum(each) for kind, each in met.items()},
    )


def sequences(models: Models, root: Path) -> Iterator[Played]:
    """Every sequence below the folder. Raises SourceMisconfigured where there is none."""
    found = False
    for folder in sorted(path for path in root.glob("*") if path.is_dir()):
        numbered = [(_sequence(path), path) for path in pictures.listed(folder)]
        for name in sorted({name for (name, _), _ in numbered}):
            paths = sorted((no, path) for (of, no), path in numbered if of == name)
            yield Played(folder.name, name, tuple(_glance(models, path) for _, path in paths))
            found = True
    if not found:
        raise SourceMisconfigured("no_sequences", str(root))


def _read(models: Models, root: Path, beat: Callable[[int], None]) -> list[Played]:
    read = []
    for one in sequences(models, root):
        read.append(one)
        if len(read) % _EVERY == 0:
            beat(len(read))
    return read


class _Trial:
    def __init__(self, models: Models, roster: Roster) -> None:
        self._embed = models.embedder.embed
        self._roster = roster

    def accepts(self, attack: Played, asked: Asked | None) -> bool:
        """Whether the attack is taken for anybody; None: the office asks for no challenge."""
        forth_and_back = cycle(chain(attack.frames, reversed(attack.frames)))
        return bool(self._seen(islice(forth_and_back, _PLAYED), asked))

    def knows(self, living: Played, asked: Asked | None) -> bool:
        """Whether the person is recognised, and as themselves; an answer is played once, as it is."""
        return self._seen(living.frames, asked) == living.person

    def _seen(self, frames: Iterable[Glance | None], asked: Asked | None) -> str:
        """The PIN of the scan, "" where there is none."""
        chance = KINDS.index(asked) / len(KINDS) if asked else 0.0
        hall = Hall(self._embed, self._roster, "always" if asked else "never", lambda: chance)
        visit = Visit(hall, 1, 0, 0.0)
        for number, glance in enumerate(frames):
            now = 1 + number / FRAMES_A_SECOND
            words = visit.seen(glance and _at(glance, now), 50, now, nearest=False)
            if pins := [word.pin for word in words if isinstance(word, Seen)]:
                return pins[0]
        return ""


def _enrolled(models: Models, people: Sequence[Played]) -> tuple[Roster, list[Played]]:
    """The roster of some images of everybody's first sequence, and what is left to be played."""
    templates: dict[str, Template] = {}
    left = []
    for one in people:
        frames = list(one.frames)
        if one.person not in templates:
            good = [no for no, frame in enumerate(frames) if frame and not frame.faults]
            chosen = good[:: max(1, len(good) // _ENROLLED)][:_ENROLLED]
            if len(chosen) < _ENROLLED:
                continue
            looks = [frames[no] for no in chosen]
            templates[one.person] = _template(models, one.person, [f.chip for f in looks if f])
            frames = [frame for no, frame in enumerate(frames) if no not in chosen]
        if len(frames) < gathering.MOST:
            continue  # too short to recognise anybody by
        left.append(msgspec.structs.replace(one, frames=tuple(frames)))
    if len(templates) < _LEAST:
        raise SourceMisconfigured("few_identities", f"{len(templates)}")
    return match.calibrate(list(templates.values()), least=_LEAST), left


def _template(models: Models, pin: str, chips: Sequence[Image]) -> Template:
    plain = models.embedder.embed(chips)
    mirrored = models.embedder.embed([match.mirrored(chip) for chip in chips])
    looks = tuple(match.as_look(row, 100) for row in match.both_ways(plain, mirrored))
    return Template(pin, models.embedder.id, looks, 0, "")


def _glance(models: Models, path: Path) -> Glance | None:
    image = pictures.read(path)
    if image is None:
        return None
    image, boxes = pictures.framed(models.detector, image)
    return glances.glance(models, image, boxes[0], Moment(0.0, 0), eyes=True) if boxes else None


def _at(glance: Glance, now: float) -> Glance:
    pose = msgspec.structs.replace(glance.pose, at=now)
    return msgspec.structs.replace(glance, pose=pose, t=int(now))


def _sequence(path: Path) -> tuple[str, int]:
    """What precedes the last number of the name, and that number."""
    found = _LAST_NUMBER.match(path.stem)
    return (found[1], int(found[2])) if found else (path.stem, 0)


def _share(hits: Sequence[bool]) -> float | None:
    return sum(hits) / len(hits) if hits else None


def _refused(known: Sequence[bool]) -> float | None:
    share = _share(known)
    return None if share is None else 1 - share
