"""Reading a rule file: its keys, its dates, its codes; BadFile says what to write instead. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import combinations
from typing import Any

import msgspec

from sync_server.errors import BadFile, unusable
from sync_server.touches import Measure
from sync_server.tukin import deducting, keys
from sync_server.tukin.deducting import chosen, cut_of, natural
from sync_server.tukin.figures import basis_points
from sync_server.tukin.ruleset import (
    SEATS,
    WHOLE_BP,
    Ekinerja,
    Leave,
    Productivity,
    Regularise,
    Ruleset,
)

_SCOPES = ("day", "checkpoint", "day|checkpoint")
_EMPTY = {"id": "rule_id_empty", "decree": "rule_decree_empty"}


def parse(text: str | bytes, file: str = "rules.toml") -> Ruleset:
    """The rule set of a `tukin-rules/1` file. Raises BadFile with the key and what to write there."""
    try:
        raw = msgspec.toml.decode(text, type=keys.RuleFile)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        unusable(file, error)
    discipline, productivity = _weights(raw.weights, file)
    _safeguards(raw, file)
    leave = {
        code: _leave(code, table, file, raw.ruleset.decree) for code, table in raw.leave.items()
    }
    return Ruleset(
        file=file,
        **_head(raw.ruleset, file),
        measure=_measure(raw.measure, raw.clock, file),
        discipline_bp=discipline,
        productivity_bp=productivity,
        deduct=deducting.deduct(raw, file, leave),
        flex_max=natural(raw.flex.max_minutes, file, "flex.max_minutes"),
        leave=leave,
        regularise={kind: _regularise(kind, row, file) for kind, row in raw.regularise.items()},
        productivity=_productivity(raw.productivity, file),
        ekinerja=_ekinerja(raw, file, leave),
        dispute_workdays=natural(raw.dispute.workdays, file, "dispute.workdays"),
        max_wait_days=natural(raw.coverage.max_wait_days, file, "coverage.max_wait_days"),
        budget_bp=basis_points(raw.budget.factor, file, "budget.factor"),
    )


def check_together(rulesets: Iterable[Ruleset]) -> None:
    """Raise BadFile where two rule sets that people put in force beside each other contradict."""
    active = [one for one in rulesets if one.status == "active"]
    for one, two in combinations(sorted(active, key=lambda rules: rules.effective_from), 2):
        if one.id == two.id:
            raise BadFile(two.file, "ruleset.id", "ruleset_twice", id=two.id, other=one.file)
        if one.region != two.region:
            continue
        at = {"other": one.id, "day": two.effective_from}
        if one.effective_from == two.effective_from:
            raise BadFile(two.file, "ruleset.effective_from", "two_in_force", **at)
        if one.deduct.base != two.deduct.base and two.effective_from.day != 1:
            raise BadFile(two.file, "ruleset.effective_from", "base_within_month", **at)


def in_force(rulesets: Iterable[Ruleset], day: date, region: str = "") -> Ruleset | None:
    """The active rule set that began last by a work date. None where there is none, or where it has
    ended: the one before it ended when it began, and does not come back."""
    begun = [
        one
        for one in rulesets
        if one.status == "active" and one.effective_from <= day and region in ("", one.region)
    ]
    newest = max(begun, key=lambda one: (one.effective_from, one.id), default=None)
    return newest if newest and newest.covers(day) else None


def spans(
    rulesets: Iterable[Ruleset], first: date, last: date
) -> Iterator[tuple[date, Ruleset | None]]:
    """The rule set of `first`, and of each day up to `last` on which one begins or has ended."""
    known = list(rulesets)
    begins = {one.effective_from for one in known}
    begins |= {one.effective_to + timedelta(days=1) for one in known if one.effective_to}
    for day in sorted({first} | {day for day in begins if first < day <= last}):
        yield day, in_force(known, day)


def _head(head: keys.Head, file: str) -> dict[str, Any]:
    for key in _EMPTY:
        if not getattr(head, key).strip():
            raise BadFile(file, f"ruleset.{key}", _EMPTY[key])
    if head.effective_to is not None and head.effective_to < head.effective_from:
        raise BadFile(file, "ruleset.effective_to", "rule_backwards", last=head.effective_to)
    status = chosen(head.status, ("draft", "active", "revoked"), file, "ruleset.status")
    wanted = ("id", "title", "decree", "legal_ref", "region", "effective_from", "effective_to")
    return {name: getattr(head, name) for name in wanted} | {"status": status}


def _weights(weights: keys.Weights, file: str) -> tuple[int, int]:
    discipline = basis_points(weights.discipline, file, "weights.discipline")
    productivity = basis_points(weights.productivity, file, "weights.productivity")
    if discipline + productivity != WHOLE_BP:
        both = {"discipline": weights.discipline, "productivity": weights.productivity}
        raise BadFile(file, "weights", "weights_not_100", **both)
    return discipline, productivity


def _safeguards(raw: keys.RuleFile, file: str) -> None:
    """What no decree may switch off here: silence is no absence, a lost clock is no cut."""
    if not raw.coverage.absence_needs_complete_coverage:
        raise BadFile(file, "coverage.absence_needs_complete_coverage", "never_cut_on_silence")
    if not raw.clock.hold_if_unbounded:
        raise BadFile(file, "clock.hold_if_unbounded", "never_cut_without_clock")


def _measure(raw: keys.Measured, clock: keys.Clock, file: str) -> Measure:
    policies = {"favour_bounded": "favour", "hold": "hold"}
    policy = chosen(clock.suspect_policy, tuple(policies), file, "clock.suspect_policy")
    return Measure(
        chosen(raw.seconds, ("floor", "ceil"), file, "measure.seconds"),
        chosen(raw.in_event, ("first", "last"), file, "measure.in_event"),
        chosen(raw.out_event, ("first", "last"), file, "measure.out_event"),
        natural(raw.duplicate_seconds, file, "measure.duplicate_seconds"),
        policies[policy],  # type: ignore[arg-type]
    )


def _leave(code: str, raw: keys.LeaveTable, file: str, decree: str) -> Leave:
    scope: str = chosen(raw.scope, _SCOPES, file, f"leave.{code}.scope")
    cut = cut_of(code, raw, file, f"leave.{code}", decree)
    return Leave(cut, "day" in scope, "checkpoint" in scope, raw.document)


def _regularise(kind: str, raw: keys.RegulariseTable, file: str) -> Regularise:
    where = f"regularise.{kind}"
    if not raw.approvers:
        raise BadFile(file, f"{where}.approvers", "approvers_none")
    for name in raw.approvers:
        chosen(name, SEATS, file, f"{where}.approvers")
    return Regularise(
        natural(raw.per_month, file, f"{where}.per_month"),
        natural(raw.deadline_workdays, file, f"{where}.deadline_workdays"),
        tuple(raw.approvers),
        chosen(raw.effect, ("excuse_checkpoint",), file, f"{where}.effect"),
        chosen(raw.scope, ("person", "office"), file, f"{where}.scope"),
    )


def _productivity(raw: keys.ProductivityTable, file: str) -> Productivity:
    where = "productivity"
    kind = chosen(raw.kind, ("linear", "step", "grade"), file, f"{where}.kind")
    unit = chosen(raw.unit, ("percent", "points"), file, f"{where}.unit")
    steps = _steps(raw.steps, file)
    grades = {
        name: basis_points(pays, file, f"{where}.grades.{name}")
        for name, pays in raw.grades.items()
    }
    needed: Mapping[str, tuple[str, object]] = {
        "linear": ("target", raw.target or unit == "percent"),
        "step": ("steps", steps),
        "grade": ("grades", grades),
    }
    key, given = needed[kind]
    if not given:
        raise BadFile(file, f"{where}.{key}", "productivity_without", kind=kind, key=key)
    for other in ("steps", "grades"):
        if other != key and getattr(raw, other):
            raise BadFile(file, f"{where}.{other}", "productivity_unused", kind=kind)
    return Productivity(kind, unit, natural(raw.target, file, f"{where}.target"), steps, grades)


def _steps(rows: Sequence[keys.StepRow], file: str) -> tuple[tuple[int, int], ...]:
    where = "productivity.steps"
    steps = tuple((row.first, basis_points(row.pays, file, where)) for row in rows)
    edges = [first for first, _ in steps]
    if edges and (edges[0] != 0 or edges != sorted(set(edges))):
        raise BadFile(file, where, "steps_order")
    return steps


def _ekinerja(raw: keys.RuleFile, file: str, leave: Mapping[str, Leave]) -> Ekinerja:
    its, where = raw.ekinerja, "ekinerja"
    if its.minutes_per_point < 1:
        raise BadFile(file, f"{where}.minutes_per_point", "out_of_range", bound=">= 1")
    for code, minutes in its.credit.items():
        if code not in leave:
            raise BadFile(file, f"{where}.credit.{code}", "credit_unknown", name=code)
        natural(minutes, file, f"{where}.credit.{code}")
    return Ekinerja(
        its.minutes_per_point,
        natural(its.day_cap_minutes, file, f"{where}.day_cap_minutes"),
        its.credit,
        natural(its.entry_workdays, file, f"{where}.entry_workdays"),
        natural(its.verify_workdays, file, f"{where}.verify_workdays"),
    )
