"""What people do at the kiosk's screen: type a number, vouch for a colleague, look at their own list."""

import hmac
import threading
from collections.abc import Callable
from typing import Literal

from contract.chain import evidence_code
from contract.command import Member
from contract.event import (
    VERIFY_NIP_AND_FACE,
    VERIFY_SECRET,
    VERIFY_WITNESS,
    Record,
    Scan,
    Witnessed,
)
from contract.people import secret_mark
from terminal_agent.delivery import Delivery, Reading
from terminal_agent.door.words import Day, Mine, Purpose, Told, Typed, Vouched
from terminal_agent.lobby import cards
from terminal_agent.lobby.eye import Eye, Room
from terminal_agent.lobby.tries import Tries
from terminal_agent.past import Scanned

FAMILY = "screen"
Stage = Literal["stored", "sent", "received"]
_WEEK = 7 * 86_400
_MOST_DAYS = 100  # lines; whoever has more punched all day long


class Refused(Exception):
    """It cannot be done; `args[0]` is the code of wording for people."""


class Counter:
    """Takes the screen's words. `mac_key` marks NIPs, `earlier` did before; `sent` tells the newest seq that has left."""

    def __init__(
        self, room: Room, eye: Eye, mac_key: bytes, sent: Callable[[], int], earlier: bytes = b""
    ) -> None:
        self._room = room
        self._clock = room.intake.clock
        self._eye = eye
        self._mac_key, self._earlier = mac_key, earlier
        self._sent = sent
        self._serial = f"SCR-{room.journal.kid}"
        self._turn = threading.Lock()  # two screens, one person
        self._tries = Tries()
        self._typed: dict[str, tuple[Purpose, float]] = {}  # by PIN: what for, since when

    def typed(self, word: Typed) -> Told:
        """A scan by NIP and secret number, where a letter allows it."""
        try:
            member = self._proven(word.who, word.secret)
        except Refused as why:
            return Told(word.ask, ok=False, code=why.args[0])
        self._record(member.pin, VERIFY_SECRET)
        return Told(word.ask, ok=True)

    def expected(self, word: Typed) -> str:
        """Whom a NIP without a secret means; for a scan, which the face alone proves, a PIN will do.
        From now on a match counts for `word.purpose`. Raises Refused."""
        is_scan = word.purpose == "scan"
        member = self._member(word.who) if is_scan else self._own(word.who)
        self._typed[member.pin] = (word.purpose, self._clock.monotonic())
        return member.pin

    def vouched(self, word: Vouched) -> Told:
        """A scan of somebody whom nothing recognises, with the colleague who answers for it."""
        try:
            member = self._member(word.who)
            witness, verify = self._witness(word, member)
        except Refused as why:
            return Told(word.ask, ok=False, code=why.args[0])
        self._record(member.pin, VERIFY_WITNESS, Witnessed(0, witness.pin, verify))
        return Told(word.ask, ok=True)

    def mine(self, word: Mine) -> Told:
        """A person's own last seven days."""
        try:
            pin = self._owner(word.who, word.secret, "mine").pin
        except Refused as why:
            return Told(word.ask, ok=False, code=why.args[0])
        since = int(self._clock.wall()) - _WEEK
        found = self._room.journal.past.scans(pin, since)[-_MOST_DAYS:]
        epoch, sent = self._room.journal.standing().epoch, self._sent()
        days = tuple(self._day(one, gone=one.epoch == epoch and one.seq <= sent) for one in found)
        return Told(word.ask, ok=True, days=days)

    def _day(self, one: Scanned, *, gone: bool) -> Day:
        code = evidence_code(self._room.journal.kid, one.seq, one.head)
        stage: Stage = "received" if one.received else "sent" if gone else "stored"
        return Day(one.t, cards.way(one.scan.verify), stage, code)

    def _witness(self, word: Vouched, member: Member) -> tuple[Member, int]:
        """Who vouches, and how they proved to be that person. Raises Refused."""
        named = self._room.staff.by_nip(self._mac_key, word.by, self._earlier)
        if named is None:
            raise Refused("unknown_witness")
        if named.pin == member.pin:
            raise Refused("self_witness")
        witness = self._owner(word.by, word.secret, "witness")
        return witness, VERIFY_SECRET if word.secret else VERIFY_NIP_AND_FACE

    def _owner(self, nip: str, secret: str, purpose: Purpose) -> Member:
        """Whose NIP this is, proven by secret number or by a face that was compared with it for this
        purpose. Raises Refused."""
        if secret:
            return self._proven(nip, secret)
        member = self._own(nip)
        with self._turn:
            typed_for, since = self._typed.get(member.pin, ("", 0.0))
            if typed_for != purpose or not self._eye.claimed(member.pin, since):
                raise Refused("not_recognised")
            del self._typed[member.pin]
        return member

    def _own(self, nip: str) -> Member:
        """The member with this NIP; a PIN, which everybody reads at the terminals, proves nothing."""
        member = self._room.staff.by_nip(self._mac_key, nip, self._earlier)
        if member is None:
            raise Refused("unknown_nip")
        return member

    def _member(self, who: str) -> Member:
        staff = self._room.staff
        member = staff.by_nip(self._mac_key, who, self._earlier) or staff.by_pin(who)
        if member is None:
            raise Refused("unknown_person")
        return member

    def _proven(self, nip: str, secret: str) -> Member:
        """The member with this NIP, who knows the secret number. Raises Refused."""
        member = self._own(nip)  # marks of secret numbers are made with the NIP
        if not member.secret:
            raise Refused("no_letter")
        with self._turn:  # one at a time: whoever tries two at once waits as well
            now = self._clock.monotonic()
            if self._tries.wait(member.nip, now):
                raise Refused("wait")
            if not hmac.compare_digest(member.secret, secret_mark(nip, secret)):
                self._tries.wrong(member.nip, now)
                raise Refused("wrong_secret")
            self._tries.right(member.nip)
        return member

    def _record(self, pin: str, verify: int, *beside: Record) -> None:
        """A scan at this moment, unless there was one at this screen a few minutes ago."""
        look = self._clock.look()
        with self._turn:
            before = self._room.lately.before(self._serial, pin, look.wall)
            if before is None:
                scan = Scan(0, pin, look.wall, False, 0, verify, 0, 0, "kiosk")
                readings = tuple(Reading(record) for record in (scan, *beside))
                self._room.intake.store(Delivery(self._serial, FAMILY, readings=readings))
                self._room.lately.keep(self._serial, pin, look.wall)
        if before is not None:
            self._room.crier.again(pin, before, verify)
