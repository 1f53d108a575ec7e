"""Where frames are taken, however they came: check, decode, judge, commit, then the receipt."""

import logging
from collections.abc import Callable, Sequence

import msgspec
from sqlalchemy import Connection

from contract import batch, health, receipt
from contract.batch import Header
from contract.errors import BatchError
from contract.receipt import Receipt
from sync_server import ingest, ledger
from sync_server.database import Database
from sync_server.ledger import Kiosk

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

    def born(self, kid: str, document: bytes) -> list[tuple[str, bytes]]:
        """Note a kiosk's birth and tell it where the ledger stands.

        Where its head is not the ledger's, what it holds below the ledger's mark may be another
        history (a card that was rolled back). So the answer asks for what follows and acknowledges
        nothing: the judge compares, and a kiosk that is asked for more than it has knows by itself.
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
            stored = ledger.chain_of(tx, kid, birth.epoch)
        if not birth.online:
            return []
        proven = birth.head == stored.head.hex() or stored.acked <= birth.acked
        want = 0 if proven else stored.acked + 1
        return self._seal([(kiosk, Receipt(birth.epoch, stored.acked, now_ms, now_ms, want))])

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


def _sent(answer: Receipt, sent_ms: int) -> Receipt:
    return msgspec.structs.replace(answer, sent_ms=max(sent_ms, answer.received_ms))
