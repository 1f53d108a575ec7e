"""What waits for a receipt, as files for a stick or as texts for QR codes.

It only looks at the journal: whatever sticks were made before, every event without a receipt goes
again, and a stick that is lost costs nothing but its copy.
"""

import errno
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

import msgspec

from contract import batch, stick
from contract.batch import Batch
from contract.invitation import Invitation
from terminal_agent import identity
from terminal_agent.durable import sync_directory
from terminal_agent.errors import JournalFailed, StickFailed
from terminal_agent.journal_view import View, Waiting
from terminal_agent.sticks import sealing

QR_EVENTS = 200
QR_FRAME = (
    1000  # bytes: with its seal a code of 105 modules a side, which a phone reads off a screen
)
QR_CODES = 9  # more than that nobody scans: take a stick
PLAIN_EVENTS = 200
_FILE = stick.MAX_STICK - (1 << 16)
_CODES = {
    errno.ENOENT: "no_folder",
    errno.ENOTDIR: "no_folder",
    errno.ENOSPC: "stick_full",
    errno.EDQUOT: "stick_full",
    errno.EFBIG: "stick_full",
    errno.EROFS: "stick_read_only",
    errno.EACCES: "stick_read_only",
    errno.EPERM: "stick_read_only",
}


class Piece(msgspec.Struct, frozen=True):
    """One frame and the events `first` to `last` in it."""

    first: int
    last: int
    frame: bytes


class Written(msgspec.Struct, frozen=True):
    """One stick file: where it is, what is in it, how large it is in bytes."""

    file: str
    epoch: int
    first: int
    last: int
    bytes: int


class Bundle:
    """What waits in the journal below `state` when this is made. Close it: it holds the view open.

    Raises SourceMisconfigured before enrolment, JournalFailed where there is no journal, or another
    kiosk's.
    """

    def __init__(self, state: Path) -> None:
        self.invited: Invitation = identity.load(state)
        self._state = state
        self._view = View(state / "journal.db")
        try:
            self._view.belongs_to(self.invited.kid)
            self.waiting: Waiting = self._view.waiting()
        except JournalFailed:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the journal."""
        self._view.close()

    def export(self, folder: Path, plain: bool = False) -> list[Written]:
        """Write everything that waits into `folder`: one file, or several of at most 16 MiB.

        `plain`: as JSON, for a centre that could not read the columns. Raises StickFailed.
        """
        key = identity.event_key(self._state)
        codec, most = (batch.JSON, PLAIN_EVENTS) if plain else (batch.COLUMNS, batch.MAX_EVENTS)
        written = []
        for pieces in _loads(self._pieces(codec, most, batch.MAX_FRAME)):
            span = range(pieces[0].first, pieces[-1].last + 1)
            frames = tuple(piece.frame for piece in pieces)
            data = sealing.stick_file(self.invited, self.waiting.epoch, frames, span, key)
            file = folder / self._name(span)
            write_whole(file, data)
            first, last = span.start, span.stop - 1
            written.append(Written(str(file), self.waiting.epoch, first, last, len(data)))
        return written

    def texts(self) -> tuple[list[str], int]:
        """The texts of at most nine QR codes, oldest events first, and the last seq in them."""
        pieces: list[Piece] = []
        for piece in self._pieces(batch.COLUMNS, QR_EVENTS, QR_FRAME):
            if len(pieces) == QR_CODES:
                break
            pieces.append(piece)
        numbered = enumerate(pieces, 1)
        texts = [sealing.slip(self.invited, one.frame, no, len(pieces)) for no, one in numbered]
        return texts, pieces[-1].last if pieces else self.waiting.acked

    def on_the_kiosks_own_disk(self, folder: Path) -> bool:
        """Whether `folder` is no stick at all: nothing is mounted there. Raises StickFailed."""
        try:
            return folder.stat().st_dev == self._state.stat().st_dev
        except OSError as problem:
            _complain(folder, problem)

    def _pieces(self, codec: int, most: int, largest: int) -> Iterator[Piece]:
        at, count = self.waiting.acked + 1, most
        while at <= self.waiting.last:
            count = min(most, count * 2, self.waiting.last + 1 - at)
            frame = self._frame(at, count, codec)
            while len(frame) > largest and count > 1:
                count //= 2
                frame = self._frame(at, count, codec)
            yield Piece(at, at + count - 1, frame)
            at += count

    def _frame(self, first: int, count: int, codec: int) -> bytes:
        kid, run = self.invited.kid, self._view.stretch(self.waiting, first, count)
        whole = Batch(kid, self.waiting.epoch, first, run.records, run.before, run.after)
        return batch.encode(whole, run.pins, self.invited.mac_key, codec)

    def _name(self, span: range) -> str:
        epoch, first, last = self.waiting.epoch, span.start, span.stop - 1
        return f"{self.invited.kid}-{epoch:08x}-{first:06d}-{last:06d}.hadir"


def _loads(pieces: Iterator[Piece]) -> Iterator[list[Piece]]:
    """As many pieces together as one file may hold."""
    load: list[Piece] = []
    size = 0
    for piece in pieces:
        if load and size + len(piece.frame) > _FILE:
            yield load
            load, size = [], 0
        load.append(piece)
        size += len(piece.frame) + 3
    if load:
        yield load


def write_whole(file: Path, data: bytes) -> None:
    """Beside, on disk, then renamed: pulled out too early, a stick holds the whole file or none.

    Raises StickFailed.
    """
    beside = file.with_name(file.name + ".part")
    try:
        with beside.open("wb") as out:
            out.write(data)
            out.flush()
            with suppress(PermissionError):  # FAT knows no modes
                os.fchmod(out.fileno(), 0o644)  # sealed: whoever carries it may copy it
            os.fsync(out.fileno())
        beside.replace(file)
        sync_directory(file.parent)
    except OSError as problem:
        _forget(beside)
        _complain(file.parent, problem)


def read_receipts(path: Path, kid: str) -> bytes:
    """The receipt file of this kiosk in a folder, or the file at `path`. Raises StickFailed."""
    file = path / f"{kid}.receipt" if path.is_dir() else path
    try:
        with file.open("rb") as opened:
            return opened.read(stick.MAX_STICK)
    except FileNotFoundError as problem:
        if file == path:
            raise StickFailed("no_receipt_file", str(path)) from problem
        others = ", ".join(_names(path)) or "-"
        sentence = f"{file} is not there; receipts there: {others}"
        raise StickFailed("no_receipt", sentence) from problem
    except OSError as problem:
        code = "no_receipt_file" if problem.errno == errno.ENOTDIR else "stick_gone"
        raise StickFailed(code, f"{file}: {problem.strerror}") from problem


def _names(folder: Path) -> Sequence[str]:
    return sorted(path.stem for path in folder.glob("*.receipt"))


def _forget(beside: Path) -> None:
    with suppress(OSError):  # the stick itself may be gone
        beside.unlink(missing_ok=True)


def _complain(folder: Path, problem: OSError) -> NoReturn:
    code = _CODES.get(problem.errno or 0, "stick_gone")
    raise StickFailed(code, f"{folder}: {problem.strerror}") from problem
