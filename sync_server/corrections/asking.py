"""How something is asked: who may, for which day, how often, until when."""

from collections.abc import Sequence
from datetime import date

import msgspec
from sqlalchemy import Connection, insert, select, update

from sync_server import decisions, localtime, office_log, posts, roles, roster, rulings, schema
from sync_server.corrections import deadlines, record
from sync_server.corrections.record import POINTS, SUBJECT, TAKEN, Correction
from sync_server.corrections.seats import MOVES, State
from sync_server.errors import BadFile
from sync_server.fact import Point
from sync_server.roles import Viewer
from sync_server.tukin.ruleset import Regularise

WHAT = "koreksi"  # what messages are about
_LONGEST = 1000
_LONGEST_OUTAGE_S = 31 * 86_400


class By(msgspec.Struct, frozen=True):
    """Who does something with it, when (server UTC seconds), and what he says."""

    viewer: Viewer
    now: float
    note: str = ""


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody asks for: of a person's day, or (`opd`, `since`, `until`: UTC seconds) of an
    office that could not record. `device`: the serial of the one that was out, "" for all."""

    kind: str
    reason: str
    nip: str = ""
    workdate: date = date.min
    points: Sequence[Point] = POINTS
    opd: str = ""
    since: int = 0
    until: int = 0
    device: str = ""
    document: str = ""
    attachment: str = ""

    def with_file(self, digest: str) -> "Ask":
        """The same with the evidence of a digest."""
        return msgspec.structs.replace(self, attachment=digest)


def draft(tx: Connection, ask: Ask, viewer: Viewer, now: float) -> int:
    """Write something down without asking it yet; its number. Raises BadFile."""
    opd, day = _outage_of(tx, ask, now) if not ask.nip else _day_of(tx, ask, now)
    if not may_ask(viewer, ask.nip, opd):
        raise BadFile(WHAT, "", "correction_not_yours")
    kind_of(tx, ask.kind, day, office=not ask.nip)
    _check_words(ask)
    row = msgspec.structs.asdict(ask) | {
        "opd": opd,
        "workdate": day.isoformat(),
        "points": " ".join(point for point in POINTS if point in ask.points),
        "state": "draft",
        "asked": int(now),
        "asked_by": viewer.name,
    }
    made = insert(schema.correction).values(**row).returning(schema.correction.c.no)
    no: int = tx.execute(made).scalar_one()
    _act(tx, fetched(tx, no), "ask", By(viewer, now))
    return no


def submit(tx: Connection, no: int, viewer: Viewer, now: float) -> None:
    """Ask what was written down. Raises BadFile where it is not his, asked already, too late, or
    beyond what a month allows."""
    one = locked(tx, no)
    _demand_asker(tx, one, viewer)
    kind = kind_of(tx, one.kind, one.workdate, office=one.is_outage)
    deadlines.check(tx, one, kind, viewer, now)
    if not one.is_outage:
        _check_once(tx, one)
        _check_quota(tx, one, kind)
    move(tx, one, "submit", By(viewer, now))


def withdraw(tx: Connection, no: int, viewer: Viewer, now: float, note: str = "") -> None:
    """Take back what is not decided yet. Raises BadFile."""
    one = locked(tx, no)
    _demand_asker(tx, one, viewer)
    move(tx, one, "withdraw", By(viewer, now, note))


def may_ask(viewer: Viewer, nip: str, opd: str) -> bool:
    """Whether somebody may ask for a person (`nip` "": for the office): everybody for himself."""
    own = bool(nip) and nip == viewer.nip
    return own or roles.may(viewer, "enter", opd)


def kind_of(tx: Connection, name: str, day: date, *, office: bool) -> Regularise:
    """A kind of correction as the rules of that day have it. Raises BadFile."""
    rules = rulings.in_force(tx, day)
    if rules is None:
        raise BadFile(WHAT, "", "no_rules_on", day=day)
    scope = "office" if office else "person"
    known = [kind for kind, its in rules.regularise.items() if its.scope == scope]
    if name not in known:
        raise BadFile(WHAT, "", "correction_kind", kind=name, known=", ".join(known) or "-")
    return rules.regularise[name]


def fetched(tx: Connection, no: int) -> Correction:
    """The correction of a number. Raises BadFile."""
    one = record.get(tx, no)
    if one is None:
        raise BadFile(WHAT, "", "correction_none", no=no)
    return one


def locked(tx: Connection, no: int) -> Correction:
    """The same, and nobody else changes it or asks for the same person meanwhile. Raises BadFile."""
    one, person = fetched(tx, no), schema.person.c
    mine = select(person.nip).where(person.nip == one.nip).with_for_update()
    tx.execute(mine).all()
    its = schema.correction.c
    tx.execute(select(its.no).where(its.no == no).with_for_update()).all()
    return fetched(tx, no)


def move(tx: Connection, one: Correction, verdict: str, by: By) -> State:
    """Take it to its next state, with the act on record. Raises BadFile where there is none."""
    state = MOVES.get((one.state, verdict))
    if state is None:
        raise BadFile(WHAT, "", "correction_state", no=one.no, state=one.state)
    its = schema.correction.c
    tx.execute(update(schema.correction).where(its.no == one.no).values(state=state))
    _act(tx, one, verdict, by)
    return state


def _act(tx: Connection, one: Correction, verdict: str, by: By) -> None:
    """Keep who did what with it, among the decisions and in the office's log."""
    decisions.decide(tx, SUBJECT, one.ref, verdict, by.viewer, by.now, by.note)
    detail = f"{one.no} {one.kind} {one.workdate}" + (f": {by.note}" if by.note else "")
    did = f"correction_{verdict}"
    office_log.note(tx, by.now, by.viewer.name, did, one.opd, one.nip, detail)


def _day_of(tx: Connection, ask: Ask, now: float) -> tuple[str, date]:
    """The office and the work date of what a person asks for."""
    opd = posts.office_of(tx, ask.nip, ask.workdate)
    if opd is None:
        raise BadFile(WHAT, "", "correction_no_office", nip=ask.nip, day=ask.workdate)
    if ask.workdate > localtime.day(now, roster.zone(tx, opd) or 0):
        raise BadFile(WHAT, "", "correction_ahead", day=ask.workdate)
    if not ask.points or set(ask.points) - set(POINTS):
        raise BadFile(WHAT, "", "correction_points")
    return opd, ask.workdate


def _outage_of(tx: Connection, ask: Ask, now: float) -> tuple[str, date]:
    """The office and the day of an outage."""
    zone = roster.zone(tx, ask.opd)
    if zone is None:
        raise BadFile(WHAT, "", "no_people", opd=ask.opd)
    if not ask.since < ask.until <= now or ask.until - ask.since > _LONGEST_OUTAGE_S:
        raise BadFile(WHAT, "", "outage_span")
    if not ask.document and not ask.attachment:
        raise BadFile(WHAT, "", "outage_evidence")
    return ask.opd, localtime.day(ask.since, zone)


def _check_words(ask: Ask) -> None:
    if not ask.reason.strip():
        raise BadFile(WHAT, "", "correction_reason")
    if max(len(ask.reason), len(ask.document), len(ask.device)) > _LONGEST:
        raise BadFile(WHAT, "", "correction_long", most=_LONGEST)


def _demand_asker(tx: Connection, one: Correction, viewer: Viewer) -> None:
    acts = decisions.of(tx, SUBJECT, one.ref)
    if not any(done.is_by(viewer) for done in acts if done.verdict == "ask"):
        raise BadFile(WHAT, "", "correction_not_yours")


def _check_once(tx: Connection, one: Correction) -> None:
    """A checkpoint is asked for once."""
    for other in record.of_day(tx, one.nip, one.workdate):
        both = set(one.points) & set(other.points)
        if other.nip and other.state in TAKEN and both:
            raise BadFile(WHAT, "", "correction_twice_asked", no=other.no)


def _check_quota(tx: Connection, one: Correction, kind: Regularise) -> None:
    """A month allows so many checkpoints of a kind: two in one letter are two."""
    month = f"{one.workdate:%Y-%m}"
    taken = record.of_month(tx, one.nip, one.kind, month, TAKEN)
    used = sum(len(other.points) for other in taken)
    if kind.per_month and used + len(one.points) > kind.per_month:
        told = {"used": used, "asked": len(one.points), "most": kind.per_month}
        raise BadFile(WHAT, "", "correction_quota", kind=one.kind, month=month, **told)
