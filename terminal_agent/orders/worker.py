"""What the centre asks of this kiosk: judged, done, and answered once it is committed.

A thread of its own does the work, so that a slow device never holds up the uplink.
"""

import logging
import queue
import threading
from collections.abc import Callable

import msgspec

from contract import command
from contract.command import Answer, Command, Gather, Logs, Renew
from contract.errors import BatchError
from contract.invitation import Invitation
from terminal_agent import config, identity, ordered
from terminal_agent.errors import SourceMisconfigured
from terminal_agent.orders import checkpoint_deed, deeds, face_deeds
from terminal_agent.orders.hands import Deed, Hands

log = logging.getLogger(__name__)

_MOST_WAITING = 64  # what does not fit comes again from the centre
_TURN = 0.5
_SENT_BACK = Logs | Gather | Renew  # orders whose answer has a body
_PART = 23_000  # bytes of a body in one answer: base64 makes at most 32 KiB of it
_ALERT_SECONDS = 86_400.0
_BUNDLE_AGAIN = 300.0  # less than the ten minutes after which the centre asks again


class Orders:
    """Takes commands on c/<kid>; `answers` are the frames for r/<kid>."""

    def __init__(self, invited: Invitation, hands: Hands) -> None:
        self._invited = invited
        self._hands = hands
        self._came: queue.Queue[bytes] = queue.Queue(_MOST_WAITING)
        self._said: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._going_on: dict[int, Command] = {}
        self._bundled: dict[int, tuple[float, int]] = {}
        self._forged_at: float | None = None
        self._proven_at: float | None = hands.clock.monotonic() + ordered.TRIAL_SECONDS

    def take(self, envelope: bytes) -> None:
        """A command has arrived; the worker looks at it. Called by the uplink's thread."""
        try:
            self._came.put_nowait(envelope)
        except queue.Full:
            log.warning("command.dropped too many wait")

    def answers(self) -> list[bytes]:
        """What should be published now. Called by the uplink's thread while it is connected."""
        out = []
        while not self._said.empty():
            out.append(self._said.get_nowait())
        return out

    def run(self, stop: threading.Event, beat: Callable[[], None]) -> None:
        """Work until the agent stops. Raises JournalFailed and OSError: the agent ends by them."""
        self._answer_for_configuration()
        checkpoint_deed.recall(self._hands)
        face_deeds.catch_up(self._hands)
        while not stop.is_set():
            beat()
            self.look(beat)
            try:
                envelope = self._came.get(timeout=_TURN)
            except queue.Empty:
                continue
            self.judge(envelope, beat)

    def look(self, beat: Callable[[], None]) -> None:
        """What only time changes: orders that went on, the trial of a configuration, an alert."""
        beat()
        for asked in list(self._going_on.values()):
            if done := deeds.outcome(asked, self._hands):
                del self._going_on[asked.counter]
                self._settle(asked.counter, done)
        now = self._hands.clock.monotonic()
        if self._proven_at is not None and now >= self._proven_at:
            ordered.proven(self._hands.state)
            self._proven_at = None
        if self._forged_at is not None and now - self._forged_at > _ALERT_SECONDS:
            self._hands.alerts.pop("command", None)
            self._forged_at = None

    def judge(self, envelope: bytes, beat: Callable[[], None]) -> None:
        """Verify a command and answer it, doing it at most once more than it was committed."""
        asked = self._verified(envelope)
        if asked is None or asked.counter in self._going_on:
            return
        if told := self._told(asked):
            self._say(asked.counter, told)
            return
        if isinstance(asked.order, _SENT_BACK) and not self._may_bundle(asked.counter):
            return
        log.info("command.begun counter=%d order=%s", asked.counter, command.name(asked.order))
        done = deeds.do(asked, self._hands, beat)
        if done is None:
            self._going_on[asked.counter] = asked
        else:
            self._settle(asked.counter, done)

    def _verified(self, envelope: bytes) -> Command | None:
        """No answer to what the centre did not sign: whoever sent it learns nothing."""
        try:
            data, signature = command.split(envelope)
        except BatchError as problem:
            self._warn(str(problem))
            return None
        signed = command.to_sign(self._invited.kid, data)
        if not identity.signed_by_centre(self._invited, signed, signature):
            self._warn("the centre did not sign it for this kiosk")
            return None
        try:
            return command.decode(data)
        except BatchError as problem:
            self._say(command.counter_of(data), Deed("refused", f"unknown_order: {problem}"))
            return None

    def _told(self, asked: Command) -> Deed | None:
        """What to answer without doing it: what was settled before, or that it is too late. What is to
        be sent back is made again until then, for the first answer may have been lost."""
        fate, in_vain = self._hands.journal.fate(asked.counter), self._too_late(asked)
        again = isinstance(asked.order, _SENT_BACK) and in_vain != Deed("expired")
        if fate is None or again:
            return in_vain
        return msgspec.convert({"outcome": fate[0], "detail": fate[1]}, Deed)

    def _may_bundle(self, counter: int) -> bool:
        """Whoever replays the command must not empty the quota: once in a connection, or after a
        while."""
        now = self._hands.clock.monotonic()
        connection = self._hands.dispatch.resending.connections
        last, of = self._bundled.get(counter, (now - _BUNDLE_AGAIN, -1))
        if connection == of and now - last < _BUNDLE_AGAIN:
            return False
        self._bundled[counter] = (now, connection)
        return True

    def _too_late(self, asked: Command) -> Deed | None:
        look = self._hands.clock.look()
        if look.trust == 0:
            return Deed("later", "no_trusted_clock")
        return Deed("expired") if look.wall > asked.expires else None

    def _warn(self, reason: str) -> None:
        log.error("command.forged %s", reason)
        self._hands.alerts["command"] = "forged_command"
        self._forged_at = self._hands.clock.monotonic()

    def _settle(self, counter: int, done: Deed) -> None:
        """Commit, then answer: what was answered is never done again."""
        now = self._hands.clock.look().wall
        self._hands.journal.settle(counter, done.outcome, done.detail, now)
        log.info("command.%s counter=%d %s", done.outcome, counter, done.detail)
        self._say(counter, done)

    def _say(self, counter: int, done: Deed) -> None:
        parts = [done.body[at : at + _PART] for at in range(0, len(done.body), _PART)] or [b""]
        for part, body in enumerate(parts, 1):
            told = Answer(counter, done.outcome, done.detail, part, len(parts), body)
            key = self._invited.mac_key
            self._said.put(command.encode_answer(self._invited.kid, told, key))

    def _answer_for_configuration(self) -> None:
        """The agent that runs with an ordered configuration is the proof that it could be done."""
        state, journal = self._hands.state, self._hands.journal
        now, fallen = ordered.read(state), ordered.fallen(state)
        if fallen and fallen != (now.counter if now else 0):
            self._hands.alerts["configuration"] = "config_fell_back"
            if journal.fate(fallen) != ("failed", "config_fell_back"):
                self._settle(fallen, Deed("failed", "config_fell_back"))
        if now is None:
            return
        try:
            config.decode(now.toml, "configuration")
        except SourceMisconfigured as problem:
            log.error("configuration.unusable command=%d %s", now.counter, problem)
            self._hands.alerts["configuration"] = "config_unusable"
            return
        if journal.fate(now.counter) is None:
            self._settle(now.counter, Deed("done"))
