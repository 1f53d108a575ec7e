"""Where frames are taken, however they came: check, decode, judge, commit, then the receipt."""

import logging
from collections.abc import Callable, Container, Sequence
from functools import partial

import msgspec
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from contract import batch, health, receipt, topics, vouched
from contract.batch import Header
from contract.errors import BatchError
from contract.receipt import Receipt
from sync_server import commands, credentials, ingest, ledger
from sync_server.arrivals import Message
from sync_server.database import Database, is_ailing
from sync_server.ledger import Kiosk
from sync_server.page import Memory, Page
from sync_server.signatures import Signer

log = logging.getLogger(__name__)

# A receipt that may be signed holds the head at what it acknowledges.
Answer = tuple[Kiosk, Receipt]

_NOTED_S = 20 * 3_600  # a kiosk that noted a signed receipt since then needs no other
# Until it says that it has one, so often: a receipt may be lost, and a kiosk of before signed receipts
# takes none, but what comes after it.
_SIGN_AGAIN_S = 600

# What a value that nobody thought of makes of a transaction: the database refuses it, or the driver
# does, or a number or a letter fits no encoding.
_UNWRITABLE = (SQLAlchemyError, OverflowError, ValueError)


class Desk:
    """Takes what kiosks send; `wall` gives server UTC seconds, `signer` vouches for receipts (None:
    none is signed)."""

    def __init__(
        self, database: Database, wall: Callable[[], float], signer: Signer | None = None
    ) -> None:
        self._database = database
        self._wall = wall
        self._signer = signer
        self._memory = Memory(signer.key if signer else b"")
        self._signed: dict[str, int] = {}  # when each kiosk was sent a signed receipt, UTC seconds

    def take(self, arrivals: Sequence[Message], behind: float = 0.0) -> list[Message]:
        """Commit the frames of (kid, frame) pairs as one transaction; the receipts to send. `behind`:
        seconds that the oldest of them has waited here. A frame that cannot be written is refused
        and kept, and costs the others nothing.

        Raises SQLAlchemyError where the ledger fails: nothing may be receipted.
        """
        return _together(arrivals, partial(self._take, behind=behind), self._unwritable)

    def born(self, births: Sequence[Message]) -> list[Message]:
        """Note kiosks' births, (kid, document) pairs, as one transaction: after an outage all come
        at once; and tell them where the ledger stands. Raises SQLAlchemyError."""
        return _together(births, self._born, _unwritten("birth"))

    def answered(self, kid: str, data: bytes) -> None:
        """Note what a kiosk says became of a command. Raises SQLAlchemyError."""
        _together([(kid, data)], self._answered, _unwritten("answer"))

    def due(self, owned: Container[str] = topics.BUCKETS) -> list[tuple[str, bytes, int]]:
        """Commands to send to kiosks of these buckets now: (kid, envelope, seconds until it
        expires). Raises SQLAlchemyError."""
        now = int(self._wall())
        with self._database.reading() as tx:
            if not commands.is_due(tx, now, owned):
                return []
        with self._database.writing() as tx:
            return commands.to_send(tx, now, owned)

    def _take(self, arrivals: Sequence[Message], behind: float) -> list[Message]:
        now_ms = int(self._wall() * 1000)
        with self._database.writing() as tx:
            page = Page(tx, {kid for kid, _ in arrivals}, now_ms // 1000, self._memory)
            answers = [self._frame(page, kid, frame, now_ms) for kid, frame in arrivals]
            page.write()
        self._memory.keep(page.chains())
        slower = ingest.slow_down(behind, len(answers))
        return self._seal(
            [
                (kiosk, msgspec.structs.replace(answer, slow=slow))
                for (kiosk, answer), slow in zip(filter(None, answers), slower, strict=False)
            ]
        )

    def _born(self, births: Sequence[Message]) -> list[Message]:
        now_ms = int(self._wall() * 1000)
        # In one order for every worker: each locks the rows of its kiosks.
        in_order = sorted(births, key=lambda birth: birth[0])
        with self._database.writing() as tx:
            answers = [self._birth(tx, kid, document, now_ms) for kid, document in in_order]
        return self._seal([answer for answer in answers if answer])

    def _answered(self, answers: Sequence[Message]) -> list[Message]:
        with self._database.writing() as tx:
            for kid, data in answers:
                commands.answered(tx, kid, data, int(self._wall()))
        return []

    def _unwritable(self, arrival: Message, reason: str) -> list[Message]:
        """Keep the frame that nothing else of could be kept; a genuine one is answered, so that the
        kiosk sends what is good in it by itself."""
        kid, frame = arrival
        now_ms = int(self._wall() * 1000)
        with self._database.writing() as tx:
            self._refuse(tx, kid, frame, reason, now_ms // 1000)
            kiosk = ledger.kiosk(tx, kid)
            if not kiosk or kiosk.revoked or not batch.genuine(kid, frame, kiosk.mac_key):
                return []
            epoch = batch.peek(frame).epoch
            acked = ledger.acked(tx, kid, epoch)
        return self._seal([(kiosk, Receipt(epoch, acked, now_ms, now_ms, refused=True))])

    def _birth(self, tx: Connection, kid: str, document: bytes, now_ms: int) -> Answer | None:
        """Where a kiosk's head is not the ledger's, what it holds below the ledger's mark may be
        another history (a card that was rolled back). So the answer asks for what follows and
        acknowledges nothing: the judge compares, and a kiosk that is asked for more than it has knows
        by itself."""
        try:
            birth = health.decode_birth(document)
        except BatchError as problem:
            log.error("birth.refused kid=%s %s", kid, problem)
            return None
        kiosk = ledger.kiosk(tx, kid)
        if kiosk is None:
            log.error("birth.unknown kid=%s", kid)
            return None
        if kiosk.revoked:
            log.error("birth.revoked kid=%s", kid)
            return None
        ledger.note_birth(tx, kid, document, now_ms // 1000)
        if not birth.online:
            return None
        commands.born(tx, kid)
        acked, head = ledger.mark(tx, kid, birth.epoch)
        if birth.head == head.hex() or acked <= birth.acked:
            return kiosk, Receipt(birth.epoch, acked, now_ms, now_ms, head=head)
        return kiosk, Receipt(birth.epoch, acked, now_ms, now_ms, want=acked + 1)

    def _frame(self, page: Page, kid: str, frame: bytes, now_ms: int) -> Answer | None:
        """No answer to what is not genuine: a forged frame must not steer a kiosk."""
        kiosk, now = page.kiosks.get(kid), now_ms // 1000
        try:
            header = batch.peek(frame)
        except BatchError as problem:
            self._refuse(page.tx, kid, frame, str(problem), now)
            return None
        if kiosk is None:
            self._refuse(page.tx, kid, frame, "this kiosk was never invited", now)
            return None
        if kiosk.revoked:  # kept for whoever has to find out what was still honest
            self._refuse(page.tx, kid, frame, "this kiosk was revoked", now)
            return None
        kiosk = self._genuine_of(page, kiosk, frame)
        if kiosk is None:
            self._refuse(page.tx, kid, frame, ledger.NOT_ITS_KEY, now)
            return None
        try:
            return kiosk, self._genuine(page, kiosk, header, frame, now_ms)
        except BatchError as problem:
            self._refuse(page.tx, kid, frame, str(problem), now)
            acked = page.chain(kid, header.epoch).acked
            return kiosk, Receipt(header.epoch, acked, now_ms, now_ms, refused=True)

    def _genuine_of(self, page: Page, kiosk: Kiosk, frame: bytes) -> Kiosk | None:
        """The kiosk where it made the frame, with the key in force from now on; else None."""
        if batch.genuine(kiosk.kid, frame, kiosk.mac_key):
            return kiosk
        by = partial(batch.genuine, kiosk.kid, frame)
        if (found := credentials.turned(page.tx, kiosk, by)) is not None:
            page.kiosks[kiosk.kid] = found
        return found

    def _genuine(
        self, page: Page, kiosk: Kiosk, header: Header, frame: bytes, now_ms: int
    ) -> Receipt:
        kid, epoch, now = kiosk.kid, header.epoch, now_ms // 1000
        stored = page.chain(kid, epoch)
        known = page.known(stored, header)
        answer = Receipt(epoch, known.acked, now_ms, now_ms)
        if known.before is None or header.first > known.acked + 1:
            page.note_hole(kid, epoch, range(known.acked + 1, header.first))
            return msgspec.structs.replace(answer, want=known.acked + 1)
        pins = stored.pins_before(header.first)
        verdict = ingest.judge(known, batch.decode(kid, header, frame, pins))
        if verdict.judgement == "fork":
            self._refuse(page.tx, kid, frame, "fork", now)
            page.note_fork(kid, epoch)
            return msgspec.structs.replace(answer, fork=True)
        if verdict.judgement == "take":
            page.append(stored, verdict)
            log.info("batch.stored kid=%s first=%d last=%d", kid, verdict.first, stored.acked)
            return msgspec.structs.replace(answer, acked=stored.acked, head=stored.head)
        return msgspec.structs.replace(answer, head=stored.head)

    def _refuse(self, tx: Connection, kid: str, frame: bytes, reason: str, now: int) -> None:
        ledger.refuse(tx, kid, frame, reason, now)
        log.error("batch.refused kid=%s bytes=%d reason=%s", kid, len(frame), reason)

    def _seal(self, answers: list[Answer]) -> list[tuple[str, bytes]]:
        sent_ms = int(self._wall() * 1000)
        sealed = []
        # Of several receipts for a kiosk the newest is the one that is worth a signature.
        for kiosk, answer in reversed(answers):
            told = self._vouched(kiosk, _sent(answer, sent_ms))
            sealed.append((kiosk.kid, receipt.encode(kiosk.kid, told, kiosk.mac_key)))
        return sealed[::-1]

    def _vouched(self, kiosk: Kiosk, answer: Receipt) -> Receipt:
        """Signed where that is due: everything that the kiosk journals after it happened after now,
        whatever its clock says."""
        now = answer.received_ms // 1000
        if not answer.head or not self._signer or not self._is_due(kiosk, now):
            return msgspec.structs.replace(answer, head=b"")
        self._signed[kiosk.kid] = now
        data = vouched.receipt_bytes(kiosk.kid, answer.epoch, answer.acked, answer.head, now)
        return msgspec.structs.replace(answer, signature=self._signer.sign(data))

    def _is_due(self, kiosk: Kiosk, now: int) -> bool:
        noted = 0 <= now - kiosk.noted < _NOTED_S
        lately = 0 <= now - self._signed.get(kiosk.kid, -_NOTED_S) < _SIGN_AGAIN_S
        return bool(kiosk.event_key) and not noted and not lately


def _together(
    arrivals: Sequence[Message],
    commit: Callable[[Sequence[Message]], list[Message]],
    refuse: Callable[[Message, str], list[Message]],
) -> list[Message]:
    """Commit all of it; where something in it cannot be written, each half by itself, down to the
    one that is at fault. What they are to be answered. Raises SQLAlchemyError where the ledger
    fails: what is committed already is known when it comes again."""
    try:
        return commit(arrivals)
    except _UNWRITABLE as problem:
        if is_ailing(problem):
            raise
        if len(arrivals) == 1:
            return refuse(arrivals[0], _reason(problem))
    half = len(arrivals) // 2
    return [
        answer
        for part in (arrivals[:half], arrivals[half:])
        for answer in _together(part, commit, refuse)
    ]


def _unwritten(what: str) -> Callable[[Message, str], list[Message]]:
    def refuse(arrival: Message, reason: str) -> list[Message]:
        log.error("%s.refused kid=%s bytes=%d %s", what, arrival[0], len(arrival[1]), reason)
        return []

    return refuse


def _reason(problem: Exception) -> str:
    """One line that every database can hold."""
    said = str(getattr(problem, "orig", problem)).partition("\n")[0]
    return (
        f"{type(problem).__name__}: {said}"[:200]
        .encode(errors="replace")
        .decode()
        .replace("\0", "?")
    )


def _sent(answer: Receipt, sent_ms: int) -> Receipt:
    return msgspec.structs.replace(answer, sent_ms=max(sent_ms, answer.received_ms))
