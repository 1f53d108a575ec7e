"""What a month of e-kinerja is worth: an imported total where there is one, else the points of what
superiors verified."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

import msgspec
from sqlalchemy import Connection, select

from sync_server import schema
from sync_server.ekinerja.totals import FEW, Kept, kept, readable
from sync_server.folded import unfold
from sync_server.tukin import productivity
from sync_server.tukin.ruleset import Ruleset

OWN = "Hadir"  # the source of points that were counted here
_JOINT = "CM"  # the code of joint leave in rule files


class Earned(msgspec.Struct, frozen=True):
    """A month's share in basis points, who counted it, the points (None: another application gave a
    percentage or a grade) and when it was imported (server UTC seconds, 0 for points of our own)."""

    bp: int
    source: str
    points: int | None
    imported_at: int


class Month(msgspec.Struct, frozen=True):
    """What people earned by NIP, and who has a total or verified work that the rules cannot read."""

    earned: dict[str, Earned]
    unread: frozenset[str]


class Counted(msgspec.Struct, frozen=True):
    """A day: verified minutes, those of them that count (and what an absence is worth), and its code."""

    day: date
    minutes: int
    counted: int
    code: str


def earned(tx: Connection, nip: str, month: str, rules: Ruleset) -> Earned | None:
    """Somebody's month ("2026-01"); None where there is neither a total nor anything verified, or
    nothing that these rules can read."""
    return earned_by(tx, [nip], month, rules).get(nip)


def earned_by(
    tx: Connection, nips: Collection[str], month: str, rules: Ruleset
) -> dict[str, Earned]:
    """The same for many people, by NIP; who has nothing is missing."""
    return of_month(tx, nips, month, rules).earned


def of_month(tx: Connection, nips: Collection[str], month: str, rules: Ruleset) -> Month:
    """The month of many people, by the rule set of its last day."""
    totals = {nip: _imported(one, rules) for nip, one in kept(tx, month, nips).items()}
    minutes, codes = verified(tx, month, nips), credited(tx, month, nips, rules)
    own = {
        nip: _own(rules, minutes.get(nip, {}), codes.get(nip, {}).values())
        for nip in (minutes.keys() | codes.keys()) - totals.keys()
    }
    earned = {nip: one for nip, one in (totals | own).items() if one is not None}
    brought = totals.keys() | minutes.keys()  # leave alone brings nothing that could be unread
    return Month(earned, frozenset(brought - earned.keys()))


def counted(tx: Connection, nip: str, month: str, rules: Ruleset) -> list[Counted]:
    """How somebody's points come together, day by day: their sum by the rules' minutes per point."""
    minutes = verified(tx, month, [nip]).get(nip, {})
    codes = credited(tx, month, [nip], rules).get(nip, {})
    its = rules.ekinerja
    found = []
    for day in sorted(minutes.keys() | codes.keys()):
        done, code = minutes.get(day, 0), codes.get(day, "")
        within = min(done, its.day_cap_minutes) if its.day_cap_minutes else done
        found.append(Counted(day, done, within + its.credit.get(code, 0), code))
    return found


def verified(tx: Connection, month: str, nips: Collection[str]) -> dict[str, dict[date, int]]:
    """Verified minutes by NIP and day."""
    its = schema.activity.c
    query = select(its.nip, its.workdate, its.minutes).where(
        its.state == "verified", its.workdate >= f"{month}-01", its.workdate <= f"{month}-31"
    )
    if len(nips) <= FEW:
        query = query.where(its.nip.in_(nips))
    found: dict[str, dict[date, int]] = {}
    for nip, day, minutes in tx.execute(query):
        if nip in nips:
            days = found.setdefault(nip, {})
            at = date.fromisoformat(day)
            days[at] = days.get(at, 0) + minutes
    return found


def credited(
    tx: Connection, month: str, nips: Collection[str], rules: Ruleset
) -> dict[str, dict[date, str]]:
    """The codes of absences that the rules credit with minutes, by NIP and day, out of the facts."""
    if not rules.ekinerja.credit:
        return {}
    its = schema.day.c
    query = select(*schema.day_row).where(
        its.status.in_(("SAH", "CUTI_BERSAMA")),
        its.workdate >= f"{month}-01",
        its.workdate <= f"{month}-31",
    )
    if len(nips) <= FEW:
        query = query.where(its.nip.in_(nips))
    found: dict[str, dict[date, str]] = {}
    for nip, opd, day, status, body in tx.execute(query):
        if nip not in nips:
            continue
        joint = status == "CUTI_BERSAMA"
        code = _JOINT if joint else unfold((nip, opd, day, status, body)).absence or ""
        if code in rules.ekinerja.credit:
            found.setdefault(nip, {})[date.fromisoformat(day)] = code
    return found


def _own(rules: Ruleset, minutes: Mapping[date, int], codes: Iterable[str]) -> Earned | None:
    points = productivity.points(rules, minutes, codes)
    bp = readable(rules, "points", str(points))
    return None if bp is None else Earned(bp, OWN, points, 0)


def _imported(one: Kept, rules: Ruleset) -> Earned | None:
    total = one.total
    points = int(total.value) if total.kind == "points" else None
    bp = readable(rules, total.kind, total.value)
    return None if bp is None else Earned(bp, total.source, points, one.imported)
