"""Every punch around somebody's day, and what became of it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

import msgspec
from sqlalchemy import Connection, select

from contract import chain
from sync_server import roster, schema
from sync_server.daybook import placing
from sync_server.explain.explained import Use, Weighed
from sync_server.fact import Fact, Touch
from sync_server.pairing import PersonDay
from sync_server.shifts import Window
from sync_server.touches import Punch

_DAY = 86_400
_DECIDED_BY_PUNCHES = ("HADIR", "TK", "TUNGGU_DATA", "TAHAN_JAM")


def weigh(
    tx: Connection, fact: Fact, day: PersonDay, elsewhere: Mapping[str, date]
) -> tuple[Weighed, ...]:
    """The punches that concern the day or carry its date, in the order of their times.

    `elsewhere` maps the events that other workdays weighed to their dates.
    """
    near = {one.event: one for one in (*day.punches, *_of_date(tx, fact, day.zone))}
    found = (_weighed(tx, punch, fact, day, elsewhere) for punch in near.values())
    known = sorted((one for one in found if one), key=_order)
    return tuple(_doubled(known, timedelta(seconds=day.measure.duplicate_s)))


def _of_date(tx: Connection, fact: Fact, zone: int) -> Iterator[Punch]:
    """Whatever may have been punched on the local date under the person's PINs there, outside of the
    shift's window too."""
    its = schema.placed.c
    on = fact.workdate
    people = (one for one in roster.people(tx, fact.opd) if one.nip == fact.nip)
    pins = [one.pin for one in people if one.mulai <= on <= one.selesai]
    first = int(datetime.combine(on, datetime.min.time(), UTC).timestamp()) - zone * 60
    query = select(its.body).where(its.opd == fact.opd, its.pin.in_(pins))
    for body in tx.execute(query.where(its.hi >= first, its.lo < first + _DAY)).scalars():
        yield placing.punch(placing.read(body))


def parts(event: str) -> tuple[str, int, int]:
    """Kiosk, epoch and number of an event as facts name it ("T07A-1a2b3c4d-12")."""
    kid, epoch, seq = event.rsplit("-", 2)
    return kid, int(epoch, 16), int(seq)


def _order(one: Weighed) -> tuple[datetime, str]:
    return one.at or one.lo or one.received, one.event


def _weighed(
    tx: Connection, punch: Punch, fact: Fact, day: PersonDay, elsewhere: Mapping[str, date]
) -> Weighed | None:
    kid, epoch, seq = parts(punch.event)
    event = schema.event.c
    row = tx.execute(
        select(event.head, event.received).where(
            event.kid == kid, event.epoch == epoch, event.seq == seq
        )
    ).one_or_none()
    if row is None:
        return None
    use, of = _use(punch, fact, day.window, elsewhere)
    derived = punch.derived
    return Weighed(
        event=punch.event,
        kid=kid,
        epoch=epoch,
        seq=seq,
        code=chain.evidence_code(kid, seq, row.head),
        terminal=punch.terminal,
        mode=punch.mode,
        at=_utc(derived.t),
        lo=_utc(derived.lo),
        hi=_utc(derived.hi),
        quality=derived.quality,
        method=derived.method,
        raw=punch.raw,
        received=datetime.fromtimestamp(row.received, UTC),
        use=use,
        of=of,
    )


def _use(
    punch: Punch, fact: Fact, window: Window | None, elsewhere: Mapping[str, date]
) -> tuple[Use, str]:
    """What became of it, doubles apart."""
    if fact.status not in _DECIDED_BY_PUNCHES:
        return "idle", ""
    for use, touches in _chosen(fact):
        if any(touch is not None and touch.event == punch.event for touch in touches):
            return use, ""
    if punch.event in elsewhere:
        return "other_day", elsewhere[punch.event].isoformat()
    if punch.derived.quality == "unknown":
        return "unplaced", ""
    within = window is not None and punch.may_lie_in(window.open, window.close)
    return ("between" if within else "outside"), ""


def _chosen(fact: Fact) -> Iterator[tuple[Use, Sequence[Touch | None]]]:
    yield "in", [fact.arrival]
    yield "out", [fact.departure]
    yield "mid", fact.mid


def _doubled(known: Sequence[Weighed], within: timedelta) -> Iterator[Weighed]:
    """Name the punch that another one repeats: near enough to one that counts."""
    counted = [one for one in known if one.use in ("in", "mid", "out")]
    for one in known:
        twin = _twin(one, counted, within) if one.use == "between" else None
        yield _as_double(one, twin) if twin else one


def _twin(one: Weighed, counted: Iterable[Weighed], within: timedelta) -> Weighed | None:
    at = one.at
    if at is None:
        return None
    return next((c for c in counted if c.at is not None and abs(c.at - at) <= within), None)


def _as_double(one: Weighed, twin: Weighed) -> Weighed:
    return msgspec.structs.replace(one, use="duplicate", of=twin.event)


def _utc(t: int | None) -> datetime | None:
    return None if t is None else datetime.fromtimestamp(t, UTC)
