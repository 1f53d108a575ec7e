"""Brings receipts that were carried here to the kiosk, whether the agent runs or not.

The agent is the journal's only writer. Where it runs, a command leaves a parcel in state/receipts
(renamed in, so that it is whole), the agent's main loop takes it and leaves what became of it.
"""

import logging
import os
import secrets
import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import msgspec

from contract import pasted, receipt, stick, typed
from contract.errors import BatchError
from contract.receipt import Receipt
from terminal_agent.clock import Clock
from terminal_agent.dispatch import Dispatch
from terminal_agent.errors import StickFailed
from terminal_agent.journal import Journal
from terminal_agent.sticks import carried
from terminal_agent.sticks.carried import EFFECTIVE, Mark, Outcome

log = logging.getLogger(__name__)

_BOX = "receipts"
_MAGIC = b"HADIRR"
_LOOK = 0.1


class Parcel(msgspec.Struct, frozen=True):
    """Receipts as bytes, or a code as somebody typed it."""

    receipts: tuple[bytes, ...] = ()
    code: str = ""


class Said(msgspec.Struct, frozen=True):
    """What became of one receipt, the acked mark after it, and the `last` event that wants one: what
    is behind that is bookkeeping and waits for company."""

    outcome: Outcome
    acked: int
    last: int


_Answers = tuple[Said, ...]


class Courier:
    """Applies parcels; the agent's main loop and a command that has the journal alone use it."""

    def __init__(self, journal: Journal, dispatch: Dispatch) -> None:
        self._journal = journal
        self._dispatch = dispatch
        self._box = journal.path.with_name(_BOX)

    def look(self) -> None:
        """Take the parcels that commands have left. Raises JournalFailed."""
        for file in sorted(self._box.glob("*.parcel")):
            try:
                parcel = msgspec.json.decode(file.read_bytes(), type=Parcel)
            except (OSError, msgspec.DecodeError) as problem:
                log.error("parcel.unreadable file=%s %s", file.name, problem)
                file.unlink(missing_ok=True)
                continue
            said = self.take(parcel)
            _leave(file.with_suffix(".said"), msgspec.json.encode(said))
            file.unlink(missing_ok=True)

    def take(self, parcel: Parcel) -> _Answers:
        """What each receipt of a parcel changes. Raises JournalFailed."""
        if parcel.code:
            return (self._typed(parcel.code),)
        return tuple(self._one(data) for data in parcel.receipts)

    def _one(self, data: bytes) -> Said:
        kid, key = self._dispatch.invited.kid, self._dispatch.invited.mac_key
        try:
            return self._settle(receipt.decode(kid, data, key))
        except BatchError as problem:
            log.error("receipt.refused carried %s", problem)
            return self._said("forged")

    def _typed(self, code: str) -> Said:
        kid, key = self._dispatch.invited.kid, self._dispatch.invited.mac_key
        standing = self._journal.standing()
        try:
            read = typed.read(code)
        except BatchError:
            return self._said("mistyped")
        acked = typed.acked(kid, standing.epoch, read, standing.last, key)
        if acked is None:
            log.error("code.refused epoch=%d", standing.epoch)
            return self._said("forged")
        return self._settle(Receipt(standing.epoch, acked, 0, 0))

    def _settle(self, taken: Receipt) -> Said:
        standing = self._journal.standing()
        newest = self._journal.receipt_ms()
        mark = Mark(standing.epoch, standing.last, standing.acked, newest)
        outcome = carried.judge(taken, mark)
        if outcome in EFFECTIVE:
            log.info(
                "receipt.carried outcome=%s acked=%d want=%d", outcome, taken.acked, taken.want
            )
            self._dispatch.carried(taken)
        return self._said(outcome)

    def _said(self, outcome: Outcome) -> Said:
        standing = self._journal.standing()
        return Said(outcome, standing.acked, max(standing.acked, standing.urgent))


def parcel_of(kid: str, data: bytes) -> Parcel:
    """What is for this kiosk in a receipt file, in several behind each other (of a pipe), or in a
    receipt text. Raises StickFailed where it is damaged or another kiosk's."""
    if not data.startswith(_MAGIC):
        return _of_texts(kid, pasted.decoded(data))
    # Within a file its beginning comes by chance once in 2^48.
    files = [_MAGIC + rest for rest in data.split(_MAGIC)[1:]]
    return _chosen(kid, [partial(stick.decode_receipts, file) for file in files])


def parcel_typed(kid: str, text: str) -> Parcel:
    """What somebody typed: a short code, or a whole receipt text. Raises StickFailed."""
    return _of_texts(kid, text) if pasted.texts(text) else Parcel(code=text)


def _of_texts(kid: str, text: str) -> Parcel:
    found = [partial(stick.read_returned, one) for _, one in pasted.texts(text)]
    if not found:
        raise StickFailed("receipt_damaged", "neither a receipt file nor a receipt text")
    return _chosen(kid, found)


def _chosen(kid: str, readings: Sequence[Callable[[], tuple[str, list[bytes]]]]) -> Parcel:
    """What is for this kiosk, however damaged the others are."""
    receipts: list[bytes] = []
    failed: StickFailed | None = None
    mine = False
    for read in readings:
        try:
            named, told = read()
        except BatchError as problem:
            failed = StickFailed("receipt_damaged", str(problem))
            continue
        if named == kid:
            mine = True
            receipts += told
        else:
            failed = failed or StickFailed("receipt_foreign", named)
    if failed and not mine:
        raise failed
    return Parcel(tuple(receipts))


def hand_over(state: Path, parcel: Parcel, clock: Clock, patience: float = 10.0) -> _Answers | None:
    """Give a parcel to the agent that runs in `state`; what it said, None where it said nothing
    within `patience` seconds: the parcel stays, and the agent takes it when it can.

    Raises StickFailed where it cannot be left there.
    """
    name = f"{state / _BOX}/{secrets.token_hex(8)}"
    file, said = Path(name + ".parcel"), Path(name + ".said")
    try:
        _leave(file, msgspec.json.encode(parcel))
    except OSError as problem:
        raise StickFailed("stick_read_only", f"{file.parent}: {problem.strerror}") from problem
    until, never = clock.monotonic() + patience, threading.Event()
    while not said.exists():
        if clock.monotonic() > until:
            return None
        never.wait(_LOOK)
    answers = msgspec.json.decode(said.read_bytes(), type=_Answers)
    said.unlink(missing_ok=True)
    return answers


def _leave(file: Path, data: bytes) -> None:
    """Whole or not at all, and readable by whoever owns the state: root may type the command."""
    file.parent.mkdir(exist_ok=True)
    owner = file.parent.parent.stat()
    beside = file.with_suffix(".new")
    beside.write_bytes(data)
    if os.geteuid() == 0:
        for path in (file.parent, beside):
            os.chown(path, owner.st_uid, owner.st_gid)
    beside.replace(file)
