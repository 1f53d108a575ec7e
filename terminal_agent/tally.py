"""Whether the terminals that push have sent everything: when they are asked, what their counts prove,
and what is committed of it. Used by the thread that judges their requests.
"""

import logging

import msgspec
from msgspec.structs import replace

from contract.event import LogReplaced
from terminal_agent.adms import proof, terminal
from terminal_agent.adms.again import Again, Rows
from terminal_agent.adms.asking import Reply, What
from terminal_agent.adms.lines import Line, Punch, Unread
from terminal_agent.adms.proof import Held, Proof, Verdict
from terminal_agent.adms.terminal import Known, Pushed
from terminal_agent.delivery import Delivery, Reading
from terminal_agent.intake import Intake

log = logging.getLogger(__name__)


class Tally:
    """Where asking stands with each terminal, by serial number, while the agent runs."""

    def __init__(self) -> None:
        self._standing: dict[str, Proof] = {}
        self._rows: dict[str, Rows] = {}

    def ask(self, serial: str, number: int, intake: Intake) -> What | None:
        """What command `number` is to ask at a call of the terminal; None = nothing."""
        row, look = intake.remembered(serial), intake.clock.look()
        if not look.trust or terminal.cursor(row.cursor if row else b"") is None:
            return None
        covered = row.covered if row else 0
        standing, what = proof.ask(self._of(serial), look.wall, covered, number)
        self._keep(serial, standing)
        if what == "query":
            self._rows[serial] = Rows()
        return what

    def came(self, serial: str, body: list[Line], now: int) -> None:
        """The lines of a body of punches were stored at `now` (UTC seconds)."""
        counted = sum(isinstance(line, Punch | Unread) for line in body)
        if counted:
            self._standing[serial] = proof.came(self._of(serial), counted, now)
        if serial in self._rows:
            self._rows[serial].came(body)

    def answered(self, serial: str, reply: Reply, known: Known, intake: Intake) -> str | None:
        """The code of an alert ("" = all is well) where an answer proves something or cannot; what it
        proves is committed first. Raises JournalFailed, SourceUnavailable."""
        standing = self._of(serial)
        if not proof.awaits(standing, reply):  # before anything is counted: a body holds thousands
            return None
        held, now = self._held(serial, intake), intake.clock.look().wall
        standing, verdict = proof.answered(standing, reply, held, now)
        if verdict is not None:
            log.info("push.counted serial=%s %s", serial, verdict)
            _commit(serial, known, verdict, intake)
        self._keep(serial, standing)
        return verdict.finding if verdict is not None else None

    def _of(self, serial: str) -> Proof:
        return self._standing.get(serial, Proof())

    def _keep(self, serial: str, standing: Proof) -> None:
        self._standing[serial] = standing
        if standing.step not in ("resend", "final"):
            self._rows.pop(serial, None)

    def _held(self, serial: str, intake: Intake) -> Held:
        pushed, rows = cursor(serial, intake), self._rows.get(serial)
        again = rows.counted() if rows else Again()
        return Held(intake.held(serial), pushed.gone if pushed else 0, again)


def cursor(serial: str, intake: Intake) -> Pushed | None:
    """Where a terminal goes on; None where it is polled as well: its log is read there, and proves
    more."""
    row = intake.remembered(serial)
    return terminal.cursor(row.cursor if row else b"")


def _commit(serial: str, known: Known, verdict: Verdict, intake: Intake) -> None:
    row = intake.remembered(serial)
    since = row.cursor if row else b""
    pushed = terminal.cursor(since)
    if not verdict.whole or pushed is None:
        return
    gone = [Reading(LogReplaced(0, verdict.lost, verdict.count))] if verdict.lost else []
    mark = replace(pushed, gone=verdict.gone)
    parcel = Delivery(
        serial,
        known.family or terminal.UNTOLD,
        known.firmware,
        tuple(gone),
        read_at=verdict.asked,
        count=verdict.count,
        since=since,
        cursor=since if mark == pushed else msgspec.json.encode(mark),
    )
    intake.store(parcel)
