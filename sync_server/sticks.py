"""Takes what kiosks without a link sent on sticks or as QR texts, through the same desk as MQTT."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import groupby

import msgspec

from contract import batch, receipt, typed
from contract.receipt import Receipt
from sync_server import authority, credentials, ledger
from sync_server.authority import Keys
from sync_server.database import Database
from sync_server.desk import Desk
from sync_server.errors import BadFile
from sync_server.ledger import Kiosk
from sync_server.unsealing import Load, slip_load, stick_load

_AT_ONCE = 8  # frames in a transaction: the server that runs beside waits no longer than for these


class Taken(msgspec.Struct, frozen=True):
    """What became of one epoch of one kiosk.

    `new` and `known` count events. `missing_from` to `missing_to` were not on any stick though later
    ones were (0: none). `refused`: a frame could not be read and is kept; `forked`: it contradicts
    the ledger and is kept. `receipts` are to be carried back; `short` says the same for the telephone,
    "" where there is nothing to say.
    """

    kid: str
    epoch: int
    acked: int
    new: int
    known: int
    missing_from: int
    missing_to: int
    refused: bool
    forked: bool
    short: str
    receipts: tuple[bytes, ...]

    def whole(self) -> bool:
        """Whether everything that was brought is in the ledger now."""
        return not (self.missing_from or self.refused or self.forked)


class Counter:
    """Where sticks are handed in, whether the server runs beside or not."""

    def __init__(self, database: Database, desk: Desk, keys: Keys) -> None:
        self._database = database
        self._desk = desk
        self._seal_key = keys.seal

    def sticks(self, files: Iterable[tuple[str, bytes]]) -> tuple[list[Taken], list[BadFile]]:
        """Take stick files, (name, bytes) in any order; also what is wrong with those that were not
        taken. Raises SQLAlchemyError: what was taken until then is stored and known next time."""
        return self._take([partial(stick_load, *file, self._seal_key) for file in files])

    def texts(self, lines: Iterable[tuple[str, str]]) -> tuple[list[Taken], list[BadFile]]:
        """Take scanned texts, (name, text) in any order; otherwise as `sticks`."""
        return self._take([partial(slip_load, *line, self._seal_key) for line in lines])

    def _take(self, openings: Sequence[Callable[[], Load]]) -> tuple[list[Taken], list[BadFile]]:
        loads, problems = [], []
        for opened in openings:
            try:
                loads.append(self._admitted(opened()))
            except BadFile as problem:
                problems.append(problem)
        loads.sort(key=lambda load: (load.kid, load.epoch, load.first, load.last))
        groups = groupby(loads, key=lambda load: (load.kid, load.epoch))
        return [self._epoch(list(group)) for _, group in groups], problems

    def _admitted(self, load: Load) -> Load:
        """Whether the kiosk itself made it. Its event key is remembered once frames with its MAC
        came with it: anybody can sign with some key, and nobody else can make the MAC."""
        with self._database.reading() as tx:
            kiosk = ledger.kiosk(tx, load.kid)
        if kiosk is None:
            raise BadFile(load.name, "", "stick_stranger", kid=load.kid)
        if kiosk.revoked:
            raise BadFile(load.name, "", "stick_revoked", kid=load.kid)
        if not self._is_of(kiosk, load):
            raise BadFile(load.name, "", "stick_forged", kid=load.kid)
        if load.event_key:
            with self._database.writing() as tx:
                if not authority.is_event_key(tx, load.kid, load.event_key):
                    raise BadFile(load.name, "", "stick_other_key", kid=load.kid)
        return load

    def _is_of(self, kiosk: Kiosk, load: Load) -> bool:
        """By the key in force, or by one of before (a stick that was long on its way)."""

        def made_by(key: bytes) -> bool:
            return all(batch.genuine(load.kid, frame, key) for frame in load.frames)

        if made_by(kiosk.mac_key):
            return True
        with self._database.writing() as tx:
            return credentials.turned(tx, kiosk, made_by) is not None

    def _epoch(self, loads: Sequence[Load]) -> Taken:
        kid, epoch = loads[0].kid, loads[0].epoch
        kiosk, before = self._standing(kid, epoch)
        frames = [(kid, frame) for load in loads for frame in load.frames]
        answers = []
        for at in range(0, len(frames), _AT_ONCE):
            answers += [data for _, data in self._desk.take(frames[at : at + _AT_ONCE])]
        told = [receipt.decode(kid, data, kiosk.mac_key) for data in answers]
        acked = max((one.acked for one in told), default=before)
        top = max(load.last for load in loads)
        lasting = _lasting(zip(told, answers, strict=True), acked, top)
        said = [one for one, _ in lasting]
        firsts = [batch.peek(frame).first for _, frame in frames]
        missing = any(one.want for one in said)
        return Taken(
            kid=kid,
            epoch=epoch,
            acked=acked,
            new=acked - before,
            known=max(0, min(before, top) + 1 - min(firsts)),
            missing_from=acked + 1 if missing else 0,
            missing_to=min(first for first in firsts if first > acked + 1) - 1 if missing else 0,
            refused=any(one.refused for one in said),
            forked=any(one.fork for one in said),
            short=typed.encode(kid, epoch, acked, kiosk.mac_key) if _proven(said) else "",
            receipts=tuple(data for _, data in lasting),
        )

    def _standing(self, kid: str, epoch: int) -> tuple[Kiosk, int]:
        with self._database.reading() as tx:
            kiosk = ledger.kiosk(tx, kid)
            acked = ledger.acked(tx, kid, epoch)
        if kiosk is None:
            raise BadFile(kid, "", "kid_unknown", kid=kid)
        return kiosk, acked


def _lasting(
    answers: Iterable[tuple[Receipt, bytes]], acked: int, top: int
) -> list[tuple[Receipt, bytes]]:
    """The newest receipt of each sort that still holds, of sticks with events up to `top`: a hole
    that the next stick filled, or a frame that came again in another form, is nothing to carry
    home."""
    newest = {}
    for told, data in answers:
        settled = told.acked < acked or (told.refused and acked >= top)
        if told.fork or not settled:
            # What was stored is said first: a hole after it takes no mark forward by itself.
            newest[told.fork, bool(told.want), told.refused] = (told, data)
    return [newest[sort] for sort in sorted(newest)]


def _proven(said: Iterable[Receipt]) -> bool:
    """Whether heads were compared and agree: only then anybody may forget."""
    return any(not (told.want or told.refused or told.fork) for told in said)
