"""What facts say of who touched what when, one touch a line."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

import msgspec

from sync_server.fact import Fact


class Seen(msgspec.Struct, frozen=True):
    """A touch that counts for a checkpoint of somebody's day. `at` is UTC."""

    at: datetime
    nip: str
    opd: str
    day: date
    point: str
    terminal: str
    mode: str
    event: str
    clock: str


def seen(facts: Iterable[Fact]) -> Iterator[Seen]:
    """Every touch of the facts, in their order."""
    for fact in facts:
        points = [
            ("in", fact.arrival),
            *(("mid", one) for one in fact.mid),
            ("out", fact.departure),
        ]
        for point, touch in points:
            if touch is not None:
                yield Seen(
                    touch.t,
                    fact.nip,
                    fact.opd,
                    fact.workdate,
                    point,
                    touch.terminal,
                    touch.mode,
                    touch.event,
                    touch.clock,
                )
