"""One person's day, explained: the fact, the rules, the money and the evidence, put side by side."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection

from sync_server import absences, corrections, decisions, pairing, posts, roster, rulings
from sync_server.daybook import book
from sync_server.errors import BadFile
from sync_server.explain import pricing, reckoning
from sync_server.explain.covering import covering
from sync_server.explain.explained import Asked, Explained
from sync_server.explain.punches import weigh
from sync_server.explain.reckoning import Reckoned
from sync_server.fact import Fact
from sync_server.pairing import PersonDay
from sync_server.roster import Person
from sync_server.shifts import Window

_AROUND = timedelta(days=2)


def explain(
    tx: Connection, nip: str, day: date, opd: str = "", month: Reckoned | None = None
) -> Explained | None:
    """Everything about a person's day; None where he has no turn on it. `opd` chooses between the
    offices that know him. `month`: what counts in the place of the present, as it was frozen."""
    near = book.of_person(tx, nip, day - _AROUND, day + _AROUND)
    month, near = _counting(tx, nip, day, near, month)
    made = [fact for fact in near if fact.workdate == day]
    today = made or current(tx, nip, day)
    fact = next((fact for fact in today if fact.opd == opd), today[0] if today else None)
    if fact is None:
        return None
    inputs = _inputs(tx, fact.opd, nip, day)
    window = inputs.window if inputs else None
    person, rules = _person(tx, fact), rulings.in_force(tx, day)
    priced = pricing.of_day(month, day)
    office = posts.office(tx, fact.opd)
    return Explained(
        nip=nip,
        name=person.nama if person else nip,
        opd=fact.opd,
        office=office.name if office else fact.opd,
        workdate=day,
        fact=fact,
        provisional=not made,
        window=_ends(window),
        priced=priced,
        basis=pricing.basis(rules),
        money=pricing.money(tx, month, priced),
        punches=weigh(tx, fact, inputs, _elsewhere(near, day)) if inputs else (),
        absences=tuple(absences.with_documents(tx, nip, day)),
        corrections=tuple(_asked(tx, nip, day)),
        coverage=covering(tx, fact, window),
        also=tuple(other.opd for other in today if other is not fact),
        dispute_until=pricing.dispute_until(tx, person, rules, day),
    )


def _counting(
    tx: Connection, nip: str, day: date, near: list[Fact], month: Reckoned | None
) -> tuple[Reckoned, list[Fact]]:
    """The month that counts, and the facts near the day: of a frozen month those that it counted."""
    if month is None:
        return reckoning.reckon(tx, nip, f"{day:%Y-%m}"), near
    then = {(one.opd, one.workdate) for one in month.facts}
    others = [one for one in near if (one.opd, one.workdate) not in then]
    return month, [*month.facts, *others]


def current(tx: Connection, nip: str, day: date) -> list[Fact]:
    """A day that has no fact yet, paired as things stand now, for every office that knows him."""
    homes = dict.fromkeys(opd for opd, _ in roster.posts(tx, nip))
    found = (_inputs(tx, opd, nip, day) for opd in homes)
    return [pairing.pair(one) for one in found if one is not None]


def _inputs(tx: Connection, opd: str, nip: str, day: date) -> PersonDay | None:
    """What the day rests on, as it stands now; None where nothing can be made of it."""
    try:
        return next(iter(book.person_days(tx, opd, day, day, [nip])), None)
    except BadFile:  # no shifts, no calendar of that year: there is no day either
        return None


def _asked(tx: Connection, nip: str, day: date) -> Iterator[Asked]:
    for one in corrections.of_day(tx, nip, day):
        yield Asked(one, tuple(decisions.of(tx, corrections.SUBJECT, one.ref)))


def _elsewhere(near: Sequence[Fact], day: date) -> dict[str, date]:
    """The events that stand for something on another workdate."""
    return {
        touch.event: fact.workdate
        for fact in near
        if fact.workdate != day
        for touch in (fact.arrival, *fact.mid, fact.departure)
        if touch is not None
    }


def _person(tx: Connection, fact: Fact) -> Person | None:
    """His entry in the office's roster on that day, or any other of his there."""
    known = [person for person in roster.people(tx, fact.opd) if person.nip == fact.nip]
    then = (p for p in known if p.mulai <= fact.workdate <= p.selesai)
    return next(then, known[0] if known else None)


def _ends(window: Window | None) -> tuple[datetime, datetime] | None:
    if window is None:
        return None
    return datetime.fromtimestamp(window.open, UTC), datetime.fromtimestamp(window.close, UTC)
