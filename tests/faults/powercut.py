"""Where a power cut may leave a disk, after any step of a recorded life.

Synced is there; of the rest anything may be, in whole, in sectors or not at all. Two disks:

ordered: ext4 as it is set up everywhere. Names and lengths reach the disk in the order in which they
    were asked for, and every sync takes those before it along.
strict: no more than POSIX promises. A name that was made, moved or removed is on the disk once its
    folder was synced; each by itself before that. Where a file was lengthened and not synced, there
    may be rubbish.
"""

import random
from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from tests.faults.recorded import Cut, Made, Moved, Removed, Step, Synced, Told, Written

Model = Literal["ordered", "strict"]
Image = dict[str, bytes]
_SECTOR = 512


class Found(msgspec.Struct, frozen=True):
    """A disk after a cut that came when `step` steps were done, and what had been told by then."""

    step: int
    image: Image
    told: list[bytes]


class _Disk:
    """Files by number, names of files, and what of both is not on the disk yet."""

    def __init__(self, model: Model, image: Image) -> None:
        self._model = model
        self._files = {number: data for number, data in enumerate(image.values())}
        self._kept_names = {name: number for number, name in enumerate(image)}
        self._names = dict(self._kept_names)
        self._loose: dict[int, list[Written | Cut]] = {number: [] for number in self._files}
        self._loose_names: list[tuple[Made | Moved | Removed, int]] = []
        self.told: list[bytes] = []

    def take(self, step: Step) -> None:
        """The program's next step."""
        match step:
            case Told():
                self.told.append(step.data)
            case Made():
                number = len(self._files)
                self._files[number], self._loose[number] = b"", []
                self._rename(step, number)
            case Moved() | Removed():
                self._rename(step, self._names[step.name])
            case Synced():
                self._sync(step.name)
            case _:
                self._loose[self._names[step.name]].append(step)

    def _rename(self, step: Made | Moved | Removed, number: int) -> None:
        self._loose_names.append((step, number))
        _name(self._names, step, number)

    def _sync(self, name: str) -> None:
        if name:
            number = self._names[name]
            self._files[number] = _written(self._files[number], self._loose[number])
            self._loose[number] = []
        if not name or self._model == "ordered":
            self._kept_names, self._loose_names = dict(self._names), []

    def found(self, chance: random.Random) -> Image:
        """One of the disks that may be found after a cut now."""
        names, much = dict(self._kept_names), chance.choice((0.0, 0.3, 0.7, 1.0))
        loose = self._loose_names
        if self._model == "ordered":
            loose = loose[: round(len(loose) * chance.random() * 2 * much)]
        for step, number in loose:
            if self._model == "ordered" or chance.random() < much:
                _name(names, step, number)
        return {name: self._torn(number, much, chance) for name, number in names.items()}

    def _torn(self, number: int, much: float, chance: random.Random) -> bytes:
        loose = [part for part in self._loose[number] if chance.random() < much]
        pieces: list[Written | Cut] = []
        for part in loose:
            if isinstance(part, Written) and chance.random() < 0.4:
                pieces += _sectors(part, chance)
            else:
                pieces.append(part)
        rubbish = chance if self._model == "strict" else None
        return _written(self._files[number], pieces, rubbish)


def cuts(
    steps: Sequence[Step], model: Model, seed: int, count: int, image: Image | None = None
) -> Iterator[Found]:
    """`count` cuts of a life that began with the disk `image`, spread over all its steps: as many at
    each as at any other, one more or less."""
    disk = _Disk(model, image or {})
    for done, step in enumerate(steps, 1):
        disk.take(step)
        tries = count * done // len(steps) - count * (done - 1) // len(steps)
        for no in range(tries):
            chance = random.Random(f"{seed}:{model}:{done}:{no}")
            yield Found(done, disk.found(chance), list(disk.told))


def _name(names: dict[str, int], step: Made | Moved | Removed, number: int) -> None:
    if not isinstance(step, Made):
        names.pop(step.name, None)
    if not isinstance(step, Removed):
        names[step.to if isinstance(step, Moved) else step.name] = number


def _sectors(part: Written, chance: random.Random) -> list[Written | Cut]:
    kept = []
    for at in range(0, len(part.data), _SECTOR):
        if chance.random() < 0.5:
            kept.append(Written(part.name, part.at + at, part.data[at : at + _SECTOR]))
    return list(kept)


def _written(
    data: bytes, parts: Sequence[Written | Cut], rubbish: random.Random | None = None
) -> bytes:
    if not parts:
        return data
    out = bytearray(data)
    for part in parts:
        end = part.length if isinstance(part, Cut) else part.at + len(part.data)
        if end > len(out):
            more = end - len(out)
            out += rubbish.randbytes(more) if rubbish else bytes(more)
        if isinstance(part, Cut):
            del out[part.length :]
        else:
            out[part.at : end] = part.data
    return bytes(out)
