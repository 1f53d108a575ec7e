"""The files of decrees as people imported them: shifts, calendars, rules. The newest of a name counts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache

from sqlalchemy import Connection, bindparam, select

from sync_server import calendar, dirt, linked, office_log, schema, shifts
from sync_server.calendar import Calendar
from sync_server.errors import BadFile
from sync_server.shifts import Shift
from sync_server.touches import USUAL, Measure
from sync_server.tukin import reading
from sync_server.tukin.ruleset import Ruleset

_DAY = timedelta(days=1)
_REVOKED = ""  # stands in the place of a file that is no longer in force


def store_ruling(tx: Connection, kind: str, name: str, text: str, now: int) -> None:
    """Keep a file as it was given; the newest of a name is in force. `now` is in UTC seconds."""
    row = {"kind": kind, "name": name, "text": text, "imported": now}
    linked.add(tx, schema.ruling, [row])


def shift_table(tx: Connection) -> dict[str, Shift]:
    """The shifts in force by code; empty where none was imported."""
    found = _newest(tx, "shifts")
    return dict(_shifts(found[0])) if found else {}


def calendars(tx: Connection) -> dict[int, Calendar]:
    """The calendars in force by year."""
    return {one.year: one for one in map(_calendar, _newest(tx, "calendar"))}


def rulesets(tx: Connection) -> list[Ruleset]:
    """Every rule set that was imported, the newest of each id, by the date from which it applies."""
    found = map(_rules, _newest(tx, "rules"))
    return sorted(found, key=lambda one: (one.effective_from, one.id))


def in_force(tx: Connection, day: date, region: str = "") -> Ruleset | None:
    """The rule set that applies on a work date (in a region, where one is named); None: there is none."""
    return reading.in_force(rulesets(tx), day, region)


def store_rules(tx: Connection, text: str, file: str, now: int, who: str) -> Ruleset:
    """Put a rule file in force from its date on; one of the same id replaces what was imported before.

    `now` is in UTC seconds. Raises BadFile where it cannot be used, alone or beside the others.
    """
    rules = reading.parse(text, file)
    before = rulesets(tx)
    beside = [one for one in before if one.id != rules.id]
    reading.check_together([*beside, rules])
    _check_region(rules, beside)
    store_ruling(tx, "rules", rules.id, text, now)
    office_log.note(tx, now, who, "rules_stored", detail=f"{rules.id} {rules.decree}")
    _mark(tx, before, rulesets(tx), now)
    return rules


def revoke_rules(tx: Connection, name: str, now: int, who: str) -> bool:
    """Take a rule set out of force, as if it had never been imported; False: there is none."""
    before = rulesets(tx)
    found = next((one for one in before if one.id == name), None)
    if found is None:
        return False
    store_ruling(tx, "rules", name, _REVOKED, now)
    office_log.note(tx, now, who, "rules_revoked", detail=f"{name} {found.decree}")
    _mark(tx, before, rulesets(tx), now)
    return True


def measure_on(known: Iterable[Ruleset], day: date) -> Measure:
    """How the rule set of a work date measures it; as usual where there is none."""
    rules = reading.in_force(known, day)
    return rules.measure if rules else USUAL


def leave_costs(known: Iterable[Ruleset], day: date) -> dict[str, tuple[int, int]]:
    """What the rule set of a work date takes for each code of leave (Cut.cost)."""
    rules = reading.in_force(known, day)
    return {code: one.cut.cost for code, one in rules.leave.items()} if rules else {}


def _mark(tx: Connection, before: Sequence[Ruleset], after: Sequence[Ruleset], now: int) -> None:
    """Facts are made anew on the dates that are measured otherwise than they were, or on which another
    of two documents would cost less."""
    both = (*before, *after)
    begins = {one.effective_from for one in both}
    ended = (one.effective_to or date.max for one in both)
    begins |= {last + _DAY for last in ended if last < date.max}
    ends = [begin - _DAY for begin in sorted(begins)[1:]]
    for first, last in zip(sorted(begins), [*ends, date.max], strict=True):
        if measure_on(before, first) != measure_on(after, first):
            dirt.mark_all(tx, first, last, now)
        elif leave_costs(before, first) != leave_costs(after, first):
            dirt.mark_people(tx, list(_twice_absent(tx, first, last)), now)


def _twice_absent(
    tx: Connection, since: date, until: date
) -> Iterator[tuple[str, date, date]]:  # fmt: skip
    """Who has two documents of other codes for the same days, and which days: the cheaper counts."""
    one, other = schema.absence.alias("one"), schema.absence.alias("other")
    both = (one.c.nip == other.c.nip) & (one.c.code < other.c.code) & (one.c.scope == other.c.scope)
    meet = (one.c.first <= other.c.last) & (other.c.first <= one.c.last)
    in_force = (one.c.withdrawn == 0) & (other.c.withdrawn == 0)
    begins, ends = since.isoformat(), until.isoformat()
    within = (one.c.first <= ends) & (one.c.last >= begins)
    query = select(one.c.nip, one.c.first, one.c.last).join(other, both & meet & in_force)
    for nip, first, last in tx.execute(query.where(within)):
        yield nip, date.fromisoformat(max(first, begins)), date.fromisoformat(min(last, ends))


def _check_region(rules: Ruleset, beside: Iterable[Ruleset]) -> None:
    """A centre pays one region: rule sets of two would beat each other unnoticed."""
    for other in beside:
        if "active" == other.status == rules.status and other.region != rules.region:
            regions = {"region": rules.region, "other": other.id, "others": other.region}
            raise BadFile(rules.file, "ruleset.region", "other_region", **regions)


# Made once: files are asked for with every office's day.
_OF_KIND = (
    select(schema.ruling.c.name, schema.ruling.c.text)
    .where(schema.ruling.c.kind == bindparam("kind"))
    .order_by(schema.ruling.c.no)
)


def _newest(tx: Connection, kind: str) -> list[str]:
    newest = {name: text for name, text in tx.execute(_OF_KIND, {"kind": kind})}
    return [text for text in newest.values() if text != _REVOKED]


# Files are read again for every office and day, and mean the same each time.
@lru_cache(16)
def _shifts(text: str) -> Mapping[str, Shift]:
    return shifts.parse(text, "shifts")


@lru_cache(16)
def _calendar(text: str) -> Calendar:
    return calendar.parse(text)


@lru_cache(64)
def _rules(text: str) -> Ruleset:
    return reading.parse(text, "rules")
