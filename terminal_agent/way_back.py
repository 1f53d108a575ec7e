"""What a kiosk does about its own certificate: tries a new one, goes back to the old one, and finds the
way back when the broker lets it in no more.

Whether a certificate has ended is what the broker says: a kiosk whose clock is wrong cannot tell.
"""

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Literal, Protocol

import msgspec

from contract.invitation import Invitation
from terminal_agent import durable, enrolment, identity, line, papers
from terminal_agent.clock import Clock
from terminal_agent.dispatch import Dispatch
from terminal_agent.errors import SourceMisconfigured, SourceUnavailable

log = logging.getLogger(__name__)

REFUSAL = "refusal"  # a file: what the broker said last, for whoever types `status`
_SOON, _LATE = 60.0, 3600.0  # seconds between attempts
_TURN = 1.0


class Refusing(Protocol):
    """The line to the broker: why it was let in no more, as a code, "" while it is."""

    refusal: str


class Paper(msgspec.Struct, frozen=True):
    """How the kiosk stands with its certificate: `until` the UTC second at which it ends, None where
    it has none; `reason` the code of what the broker said last, "" while it lets the kiosk in."""

    state: Literal["none", "good", "trial", "refused"]
    until: int | None
    reason: str


def standing(state: Path, invited: Invitation) -> Paper:
    """What is known of the certificate of the kiosk in `state`, without asking anybody."""
    if not invited.certificate:
        return Paper("none", None, read_refusal(state))
    reason, until = read_refusal(state), papers.ends(invited.certificate)
    if reason.startswith("certificate_"):
        return Paper("refused", until, reason)
    return Paper("trial" if identity.on_trial(state) else "good", until, reason)


class WayBack:
    """Watches over the certificate of the kiosk in `state`. `tell`: the alert's code, "" = none;
    `restart` ends the agent cleanly, so that it starts again with what is there then."""

    def __init__(
        self,
        state: Path,
        dispatch: Dispatch,
        line: Refusing,
        tell: Callable[[str], None],
        restart: Callable[[], None],
    ) -> None:
        self._state, self._dispatch, self._line = state, dispatch, line
        self._tell, self._restart = tell, restart
        self._trial = identity.on_trial(state)
        self._said = read_refusal(state)
        if self._said:
            tell(self._said)

    def look(self) -> None:
        """Each second: what the newest receipt or refusal says of the certificate. Raises OSError."""
        refusal = self._line.refusal or self._disowned()
        if self._trial and self._dispatch.heard:
            identity.proven(self._state)
            self._trial = False
            log.info("certificate.proven")
        elif self._trial and refusal.startswith("certificate_"):
            log.error("certificate.disproven %s", refusal)
            identity.disproven(self._state)
            self._restart()
            return
        if refusal != self._said and (refusal or self._dispatch.heard):
            self._said = refusal
            self._tell(refusal)
            durable.write_whole(self._state / REFUSAL, refusal.encode())

    def _disowned(self) -> str:
        """The centre answers, and in the key of another card: this one was replaced and came back.
        What is on trial is not known there before it was used."""
        return "card_replaced" if self._dispatch.disowned and not self._trial else ""

    def run(self, clock: Clock, stop: threading.Event) -> None:
        """Ask the centre's door for another certificate whenever the broker says that ours has ended;
        until the agent stops. Raises OSError."""
        wait = 0.0
        while not stop.wait(wait or _TURN):
            invited = self._dispatch.invited
            if self._line.refusal != "certificate_expired" or not invited.door:
                wait = 0.0
                continue
            try:
                enrolment.renew(self._state, invited, dated=line.dated(clock))
            except (SourceUnavailable, SourceMisconfigured) as problem:
                log.error("certificate.not_renewed code=%s %s", problem.code, problem)
                wait = min(_LATE, 2 * wait or _SOON)
                continue
            log.warning("certificate.renewed")
            self._restart()
            return


def read_refusal(state: Path) -> str:
    """Why the broker let this kiosk in no more, as a code; "" while it does."""
    try:
        return (state / REFUSAL).read_text("ascii", "replace")
    except OSError:
        return ""
