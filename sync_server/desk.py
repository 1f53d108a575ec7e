"""Where frames are taken, however they came: check, decode, judge, commit, then the receipt."""

import logging
from collections.abc import Callable, Sequence

import msgspec
from sqlalchemy import Connection

from contract import batch, health, receipt
from contract.batch import Header
from contract.errors import BatchError
from contract.health import Birth
from contract.receipt import Receipt
from sync_server import ingest, ledger
from sync_server.database import Database
from sync_server.ledger import Chain, Kiosk

log = logging.getLogger(__name__)

Answer = tuple[Kiosk, Receipt]


class Desk:
    """Takes what kiosks send; `wall` gives server UTC seconds."""

    def __init__(self, database: Database, wall: Callable[[], float]) -> None:
        self._database = database
        self._wall = wall

    def take(self, arrivals: Sequence[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
        """Commit the frames of (kid, frame) pairs as one transaction; the receipts to send.

        Raises SQLAlchemyError: nothing was stored, nothing may be receipted.
        """
        now_ms = int(self._wall() * 1000)
        with self._database.writing() as tx:
            answers = [self._frame(tx, kid, frame, now_ms) for kid, frame in arrivals]
        return self._seal([answer for answer in answers if answer])

    def born(self, kid: str, document: bytes, *, retained: bool = False) -> list[tuple[str, bytes]]:
        """Note a kiosk's birth and tell it where the ledger stands, as far as that is sure.

        A card that was rolled back stands before the ledger, or beside it: it is told at once,
        before it numbers other scans with the same seq. A birth that the broker `retained` tells
        where the kiosk stood when it connected; it may have sent much since, so that proves nothing.

        A card that was rolled back and has grown past the ledger since looks like one that missed
        receipts. So where the ledger is ahead of the kiosk's mark and its head is not the same,
        nothing is said: the kiosk sends again from its mark, and the judge compares.
        """
        now_ms = int(self._wall() * 1000)
        try:
            birth = health.decode_birth(document)
        except BatchError as problem:
            log.error("birth.refused kid=%s %s", kid, problem)
            return []
        with self._database.writing() as tx:
            kiosk = ledger.kiosk(tx, kid)
            if kiosk is None:
                log.error("birth.unknown kid=%s", kid)
                return []
            ledger.note_birth(tx, kid, document, now_ms // 1000)
            if not birth.online:
                return []
            stored = ledger.chain_of(tx, kid, birth.epoch)
            if rolled_back := not retained and _rolled_back(birth, stored):
                ledger.note_fork(tx, kid, birth.epoch)
        acked = stored.acked
        if rolled_back:
            log.error("kiosk.rolled_back kid=%s has=%d stored=%d", kid, birth.max_seq, acked)
        elif acked > birth.acked and birth.head != stored.head.hex():
            return []
        answer = Receipt(birth.epoch, acked, now_ms, now_ms, fork=rolled_back)
        return self._seal([(kiosk, answer)])

    def _frame(self, tx: Connection, kid: str, frame: bytes, now_ms: int) -> Answer | None:
        """No answer to what is not genuine: a forged frame must not steer a kiosk."""
        kiosk, now = ledger.kiosk(tx, kid), now_ms // 1000
        try:
            header = batch.peek(frame)
        except BatchError as problem:
            self._refuse(tx, kid, frame, str(problem), now)
            return None
        if kiosk is None:
            self._refuse(tx, kid, frame, "this kiosk was never invited", now)
            return None
        if not batch.genuine(kid, frame, kiosk.mac_key):
            self._refuse(tx, kid, frame, "the MAC is not this kiosk's", now)
            return None
        try:
            return kiosk, self._genuine(tx, kiosk, header, frame, now_ms)
        except BatchError as problem:
            self._refuse(tx, kid, frame, str(problem), now)
            acked = ledger.acked(tx, kid, header.epoch)
            return kiosk, Receipt(header.epoch, acked, now_ms, now_ms, refused=True)

    def _genuine(
        self, tx: Connection, kiosk: Kiosk, header: Header, frame: bytes, now_ms: int
    ) -> Receipt:
        kid, epoch, now = kiosk.kid, header.epoch, now_ms // 1000
        stored = ledger.chain_of(tx, kid, epoch)
        known = ledger.known(tx, stored, header)
        answer = Receipt(epoch, known.acked, now_ms, now_ms)
        if known.before is None or header.first > known.acked + 1:
            ledger.note_hole(tx, kid, epoch, range(known.acked + 1, header.first), now)
            return msgspec.structs.replace(answer, want=known.acked + 1)
        pins = stored.pins_before(header.first)
        verdict = ingest.judge(known, batch.decode(kid, header, frame, pins))
        if verdict.judgement == "fork":
            self._refuse(tx, kid, frame, "fork", now)
            ledger.note_fork(tx, kid, epoch)
            return msgspec.structs.replace(answer, fork=True)
        if verdict.judgement == "take":
            ledger.append(tx, stored, verdict, now)
            last = verdict.first + len(verdict.records) - 1
            log.info("batch.stored kid=%s first=%d last=%d", kid, verdict.first, last)
            return msgspec.structs.replace(answer, acked=last)
        return answer

    def _refuse(self, tx: Connection, kid: str, frame: bytes, reason: str, now: int) -> None:
        ledger.refuse(tx, kid, frame, reason, now)
        log.error("batch.refused kid=%s bytes=%d reason=%s", kid, len(frame), reason)

    def _seal(self, answers: list[Answer]) -> list[tuple[str, bytes]]:
        sent_ms = int(self._wall() * 1000)
        return [
            (kiosk.kid, receipt.encode(kiosk.kid, _sent(answer, sent_ms), kiosk.mac_key))
            for kiosk, answer in answers
        ]


def _rolled_back(birth: Birth, stored: Chain) -> bool:
    same = birth.head == stored.head.hex()
    return birth.max_seq < stored.acked or (birth.max_seq == stored.acked > 0 and not same)


def _sent(answer: Receipt, sent_ms: int) -> Receipt:
    return msgspec.structs.replace(answer, sent_ms=max(sent_ms, answer.received_ms))
