"""Whether a terminal that pushes has sent everything: its own count against what is stored. Pure.

The count (VERIFY SUM) is of the whole log, so no clock of anybody decides what it covers. One hour
asks at most: count; on a difference LOG (send what is new) and count again; then everything is asked
for once more (DATA QUERY) and counted a last time: whole is then what counts exactly as many as came
again. A count says how many, not which: a record that was lost and one that was never on the terminal
can hide each other; the content is compared only where everything was sent again.
"""

from typing import Literal

import msgspec
from msgspec.structs import replace

from terminal_agent.adms.again import Again
from terminal_agent.adms.asking import Reply, What

Step = Literal["count", "nudge", "recount", "resend", "final"]

_ASKS: dict[Step, What] = {
    "count": "verify",
    "nudge": "log",
    "recount": "verify",
    "resend": "query",
    "final": "verify",
}
_AFTER: dict[Step, Step] = {
    "count": "nudge",
    "nudge": "recount",
    "recount": "resend",
    "resend": "final",
    "final": "count",
}
_HOUR = 3_600
_DAY = 86_400
_PATIENCE = 120  # seconds for an answer; a terminal that restarted has forgotten the command
_AGAIN = 300
_QUIET = 60  # seconds after a bulk of punches: more of them are on their way
BULK = 8  # lines; people at a door come one by one
_INTERRUPTED = 20  # counts spoilt by a punch in between, until it waits for a quieter time


class Proof(msgspec.Struct, frozen=True):
    """Where asking stands. `asked`: UTC seconds when command `number` went out, 0 = nothing is out.
    `came`: lines that came since then."""

    step: Step = "count"
    number: int = 0
    asked: int = 0
    came: int = 0
    spoilt: int = 0
    rest_until: int = 0
    bulk_at: int = 0


class Held(msgspec.Struct, frozen=True):
    """What is stored of a terminal: punches, and how many of them are known to be on it no longer;
    below 0 = so many more it is known to count, which are lines that nobody can read. `again`: the
    rows that came since everything was asked for."""

    punches: int
    gone: int
    again: Again = Again()


class Verdict(msgspec.Struct, frozen=True):
    """`whole`: everything up to `asked` (UTC seconds) is stored. `count` is the terminal's, `gone`
    as in Held from now on, `lost` how many punches went from the terminal since the last verdict.
    `finding`: the code of an alert."""

    whole: bool
    asked: int = 0
    count: int = 0
    gone: int = 0
    lost: int = 0
    finding: str = ""


def ask(proof: Proof, now: int, covered: int, number: int) -> tuple[Proof, What | None]:
    """What to ask at a call of the terminal; None = nothing. `now`: UTC seconds; `covered`: up to
    when the terminal was last known to be read whole; `number`: for the command."""
    if proof.asked and 0 <= now - proof.asked < _PATIENCE:
        return proof, None
    if proof.asked:
        return Proof(rest_until=now + _AGAIN, bulk_at=proof.bulk_at), None
    fresh = now // _HOUR > covered // _HOUR
    if not fresh or now < proof.rest_until or 0 <= now - proof.bulk_at < _QUIET:
        return proof, None
    what = _ASKS[proof.step]
    return replace(proof, number=number, asked=now, came=0), what


def came(proof: Proof, lines: int, now: int) -> Proof:
    """Lines came in that the terminal may count."""
    bulk_at = now if lines > BULK else proof.bulk_at
    return replace(proof, came=proof.came + lines, bulk_at=bulk_at)


def awaits(proof: Proof, reply: Reply) -> bool:
    """Whether this answers what is out."""
    return bool(proof.asked) and reply.number == proof.number


def answered(proof: Proof, reply: Reply, held: Held, now: int) -> tuple[Proof, Verdict | None]:
    """The terminal answered a command; the verdict, where there is one now."""
    if not awaits(proof, reply):
        return proof, None
    if proof.step in ("nudge", "resend"):  # what it says of these is told by the next count
        return _next(proof), None
    if reply.code < 0 or reply.count is None:
        return Proof(rest_until=now + _DAY), Verdict(whole=False, finding="push_unproven")
    if proof.came:
        return _spoilt(proof, now), None
    return _judged(proof, reply.count, held, now)


def _judged(proof: Proof, count: int, held: Held, now: int) -> tuple[Proof, Verdict | None]:
    expected = held.punches - held.gone
    if count == expected:
        return Proof(bulk_at=proof.bulk_at), Verdict(True, proof.asked, count, held.gone)
    if proof.step != "final":
        return _next(proof), None
    rest = Proof(rest_until=now - now % _HOUR + _HOUR, bulk_at=proof.bulk_at)
    # All that it holds has just been here; it counts its lines that nobody can read, or none of them.
    if count in (held.again.punches, held.again.punches + held.again.unread):
        lost = max(0, expected - count)
        return rest, Verdict(True, proof.asked, count, held.punches - count, lost)
    return rest, Verdict(whole=False, finding="push_incomplete")


def _next(proof: Proof) -> Proof:
    return replace(proof, step=_AFTER[proof.step], asked=0, came=0, spoilt=0)


def _spoilt(proof: Proof, now: int) -> Proof:
    """Somebody punched while it counted: the same again, soon."""
    if proof.spoilt >= _INTERRUPTED:
        return Proof(rest_until=now + _AGAIN, bulk_at=proof.bulk_at)
    return replace(proof, asked=0, came=0, spoilt=proof.spoilt + 1)
