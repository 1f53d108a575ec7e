"""How much of an office's attendance no finger or face vouches for, beside how alive its devices were."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date

import msgspec
from sqlalchemy import Connection

from sync_server.daybook import book
from sync_server.fact import Fact, Touch
from sync_server.reports.known import Span


class Manual(msgspec.Struct, frozen=True):
    """An office's checkpoints: `touches` that devices or screens recorded, of them by `secret`
    number and by `witness`, and `corrected` ones that somebody excused. `share_bp` is the manual
    part of all in basis points; `alive` of `days` had every device read, and `on_alive` manual
    entries fell on those days, when the devices worked."""

    opd: str
    touches: int
    secret: int
    witness: int
    corrected: int
    share_bp: int
    days: int
    alive: int
    on_alive: int


def shares(tx: Connection, opds: Collection[str], span: Span) -> list[Manual]:
    """The offices by the share of what was entered by hand, the largest first."""
    found = (_office(opd, list(book.facts(tx, opd, span.first, span.last))) for opd in sorted(opds))
    return sorted((one for one in found if one.days), key=lambda one: -one.share_bp)


def secret(fact: Fact) -> int:
    """Touches of the day by a secret number."""
    return sum(touch.mode == "secret" for touch in _touches(fact))


def witness(fact: Fact) -> int:
    """Touches of the day that a colleague vouches for."""
    return sum(touch.mode == "witness" for touch in _touches(fact))


def corrected(fact: Fact) -> int:
    """Checkpoints of the day that somebody excused."""
    return len(fact.excused)


def entries(fact: Fact) -> int:
    """All of these."""
    return secret(fact) + witness(fact) + corrected(fact)


def alive(facts: Iterable[Fact]) -> set[date]:
    """The dates on which every device of the office was read past every shift."""
    worked = [fact for fact in facts if fact.due_in is not None]
    silent = {fact.workdate for fact in worked if fact.coverage == "incomplete"}
    return {fact.workdate for fact in worked} - silent


def _office(opd: str, facts: Sequence[Fact]) -> Manual:
    typed, seen, excused = (sum(map(count, facts)) for count in (secret, witness, corrected))
    by_hand = typed + seen + excused
    touches = sum(len(_touches(fact)) for fact in facts)
    every = touches + excused
    living = alive(facts)
    return Manual(
        opd,
        touches,
        typed,
        seen,
        excused,
        by_hand * 10_000 // every if every else 0,
        len({fact.workdate for fact in facts if fact.due_in is not None}),
        len(living),
        sum(entries(fact) for fact in facts if fact.workdate in living),
    )


def _touches(fact: Fact) -> list[Touch]:
    return [touch for touch in (fact.arrival, *fact.mid, fact.departure) if touch is not None]
