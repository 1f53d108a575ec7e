"""Unusual patterns of a month, for somebody to look at: questions, never proofs and never sanctions."""

from collections.abc import Collection
from datetime import UTC, date, datetime

import msgspec
from sqlalchemy import Connection

from sync_server import copresence, posts
from sync_server.copresence import Apart as OtherFace
from sync_server.daybook import book
from sync_server.reports import apart, mornings, numbers, seen, together
from sync_server.reports.apart import Apart
from sync_server.reports.known import Span, Staff
from sync_server.reports.mornings import Morning
from sync_server.reports.numbers import Unseen
from sync_server.reports.together import Burst, Pair

_LATE_S = 62 * 86_400  # a comparison may arrive so long after it was made


class FaceApart(msgspec.Struct, frozen=True):
    """A finger punch before which the camera saw somebody else."""

    opd: str
    nip: str
    event: str
    seen: OtherFace


class Patterns(msgspec.Struct, frozen=True):
    """What the month shows: pairs who come within seconds, crowds at one terminal, people without a
    finger or face, one person at two places, another face than the finger's, unplugged mornings.
    `names` are people's by NIP, `zones` the offices' minutes east of UTC."""

    pairs: tuple[Pair, ...]
    bursts: tuple[Burst, ...]
    unseen: tuple[Unseen, ...]
    apart: tuple[Apart, ...]
    faces: tuple[FaceApart, ...]
    mornings: tuple[Morning, ...]
    names: dict[str, str]
    zones: dict[str, int]

    @property
    def count(self) -> int:
        """How many there are to look at."""
        kinds = (self.pairs, self.bursts, self.unseen, self.apart, self.faces, self.mornings)
        return sum(map(len, kinds))


def unusual(tx: Connection, opds: Collection[str], span: Span) -> Patterns:
    """Everything unusual of the offices in the span."""
    staff = Staff(tx, opds)
    touches = [
        one for opd in sorted(opds) for one in seen.seen(book.facts(tx, opd, span.first, span.last))
    ]
    places = {
        one.opd: (one.lat, one.lon) if one.lat is not None and one.lon is not None else None
        for one in posts.offices(tx)
    }
    return Patterns(
        tuple(together.pairs(touches)),
        tuple(together.bursts(touches)),
        tuple(numbers.unseen(touches)),
        tuple(apart.too_fast(touches, places)),
        tuple(_faces(tx, opds, span, staff)),
        tuple(mornings.mornings(tx, opds, span, staff.zones)),
        dict(staff.names),
        dict(staff.zones),
    )


def _faces(tx: Connection, opds: Collection[str], span: Span, staff: Staff) -> list[FaceApart]:
    """The mismatches of finger and face that happened in the span."""
    begin, _ = span.utc(0)
    found = []
    for watch in copresence.watches(tx, None, begin - _LATE_S):
        for one in watch.apart:
            day = _day(one)
            if watch.opd in opds and day is not None and span.first <= day <= span.last:
                nip = staff.nip(watch.opd, one.pin, day) or ""
                event = f"{one.kid}-{one.epoch:08x}-{one.seq}"
                found.append(FaceApart(watch.opd, nip, event, one))
    return found


def _day(one: OtherFace) -> date | None:
    """The local date, as far as it is known; the terminal's own where nothing is known of its clock."""
    if one.happened is None:
        return datetime.fromtimestamp(one.t, UTC).date() if one.pin else None
    return datetime.fromtimestamp(one.happened + one.zone * 60, UTC).date()
