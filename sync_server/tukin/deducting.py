"""Reading [deduct] of a rule file: bands without holes, and a price for every code. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sync_server.errors import BadFile
from sync_server.tukin import keys
from sync_server.tukin.figures import basis_points
from sync_server.tukin.ruleset import Band, Cut, Deduct, Escalation, Leave, Missing

_METHODS = (
    "band_per_occurrence",
    "band_on_month_total",
    "per_minute",
    "proportional",
    "fixed_per_checkpoint",
    "code_tier",
)
_BANDED = ("band_per_occurrence", "band_on_month_total", "code_tier")
# Lateness that falls into no band of the day: it is told with these codes, and counted in the month.
LATE, EARLY = "TL", "PSW"
_APEL = "APEL"  # what a missed assembly is called where the file says nothing of it
_STEPS = (1, 10, 100, 1000)  # rupiah


def chosen(value: str, choices: Sequence[str], file: str, where: str) -> Any:  # noqa: ANN401
    """The value, which is one of the choices. Raises BadFile naming them."""
    if value not in choices:
        raise BadFile(file, where, "not_a_choice", value=value, choices=", ".join(choices))
    return value


def natural(value: int, file: str, where: str) -> int:
    """The value, which is not negative. Raises BadFile."""
    if value < 0:
        raise BadFile(file, where, "out_of_range", bound=">= 0")
    return value


def cut_of(
    code: str, raw: keys.CodeTable | keys.LeaveTable, file: str, where: str, decree: str
) -> Cut:
    """What a code costs: one cut, or tiers. Raises BadFile for none, both, or disorder."""
    if (raw.cut is None) == (not raw.tiers):
        raise BadFile(file, where, "code_without_cut" if raw.cut is None else "cut_and_tiers")
    if raw.cut is not None:
        return Cut(code, ((1, basis_points(raw.cut, file, f"{where}.cut")),), raw.legal or decree)
    tiers = tuple((row.first, basis_points(row.cut, file, f"{where}.tiers")) for row in raw.tiers)
    begins = [first for first, _ in tiers]
    if begins[0] != 1 or begins != sorted(set(begins)):
        raise BadFile(file, f"{where}.tiers", "tiers_order")
    basis = chosen(raw.tier_basis, ("consecutive_workdays", "month"), file, f"{where}.tier_basis")
    apply = chosen(raw.tier_apply, ("from_tier", "retroactive"), file, f"{where}.tier_apply")
    return Cut(code, tiers, raw.legal or decree, basis, apply == "retroactive")


def deduct(raw: keys.RuleFile, file: str, leave: Mapping[str, Leave]) -> Deduct:
    """[deduct], with [apel] and [flex] where they bear on it. Raises BadFile."""
    table, where = raw.deduct, "deduct"
    method = chosen(table.method, _METHODS, file, f"{where}.method")
    chosen(table.rounding, ("half_up",), file, f"{where}.rounding")
    if table.round_to not in _STEPS:
        raise BadFile(file, f"{where}.round_to", "out_of_range", bound=", ".join(map(str, _STEPS)))
    missing, cuts = table.missing, _cuts(raw, file)
    found = Deduct(
        method=method,
        base=chosen(table.base, ("discipline", "tpp"), file, f"{where}.base"),
        day_cap_bp=basis_points(table.day_cap, file, f"{where}.day_cap") if table.day_cap else None,
        month_cap_bp=basis_points(table.month_cap, file, f"{where}.month_cap"),
        round_to=table.round_to,
        late=_bands(table.late, file, f"{where}.late", raw.flex.max_minutes),
        early=_bands(table.early, file, f"{where}.early", 0),
        per_minute_bp=_per_minute(table, file),
        missing=Missing(missing.arrival, missing.mid, missing.departure, missing.both),
        cuts=cuts,
        escalations=tuple(_escalations(table.escalation, file, raw.ruleset.decree)),
        apel=_apel(raw.apel.code, cuts),
        apel_in_day_cap=raw.apel.in_day_cap,
    )
    _check_family(found, file)
    _check_codes(found, file, leave)
    return found


def _bands(rows: Sequence[keys.BandRow], file: str, where: str, flex: int) -> tuple[Band, ...]:
    """The first may begin later than at 1 by as many minutes as flexible hours forgive."""
    bands = tuple(Band(row.first, row.before, row.code) for row in rows)
    begin = 1
    for n, band in enumerate(bands):
        at = f"{where}[{n}]"
        if not band.code.strip():
            raise BadFile(file, at, "band_no_code")
        if band.before is not None and band.before <= band.first:
            raise BadFile(file, at, "band_empty", first=band.first, before=band.before)
        if band.first < begin:
            raise BadFile(file, at, "bands_overlap", name=band.code, first=band.first, begin=begin)
        if band.first > (begin if n else max(begin, flex + 1)):
            gap = {"name": band.code, "first": band.first, "begin": begin}
            raise BadFile(file, at, "bands_gap", **gap)
        if band.before is None and n + 1 < len(bands):
            raise BadFile(file, at, "band_endless", name=band.code)
        begin = band.before or begin
    if bands and bands[-1].before is not None:
        raise BadFile(file, where, "bands_end", name=bands[-1].code, before=bands[-1].before)
    return bands


def _apel(code: str | None, cuts: Mapping[str, Cut]) -> str:
    """ "": the decree says nothing of assemblies (asked by questions)."""
    if code is None:
        return _APEL if _APEL in cuts else ""
    return code


def _per_minute(table: keys.DeductTable, file: str) -> int:
    if (table.method == "per_minute") != bool(table.per_minute):
        raise BadFile(file, "deduct.per_minute", "per_minute_only", method=table.method)
    return basis_points(table.per_minute, file, "deduct.per_minute") if table.per_minute else 0


def _cuts(raw: keys.RuleFile, file: str) -> dict[str, Cut]:
    """Every code of bands and [deduct.codes.X] with its price; one code has one price."""
    decree = raw.ruleset.decree
    cuts = {
        code: cut_of(code, table, file, f"deduct.codes.{code}", decree)
        for code, table in raw.deduct.codes.items()
    }
    for side in ("late", "early"):
        for n, row in enumerate(getattr(raw.deduct, side)):
            if row.cut is None:
                continue
            where = f"deduct.{side}[{n}]"
            if row.code in cuts:
                raise BadFile(file, where, "code_twice", name=row.code)
            bp = basis_points(row.cut, file, f"{where}.cut")
            cuts[row.code] = Cut(row.code, ((1, bp),), row.legal or decree)
    if raw.deduct.method in ("band_on_month_total", "per_minute", "proportional"):
        for code in (LATE, EARLY):  # per_minute prices the minute, the others the month
            cuts.setdefault(code, Cut(code, ((1, 0),), decree))
    return cuts


def _escalations(
    rows: Iterable[keys.EscalationRow], file: str, decree: str
) -> Iterable[Escalation]:
    seen = set()
    for n, row in enumerate(rows):
        where = f"deduct.escalation[{n}]"
        met = (row.code, row.days, row.consecutive)
        if met in seen:
            raise BadFile(file, where, "escalation_twice", name=row.code, days=row.days)
        seen.add(met)
        if row.days < 1:
            raise BadFile(file, f"{where}.days", "out_of_range", bound=">= 1")
        cut = basis_points(row.month_cut, file, f"{where}.month_cut")
        yield Escalation(row.code, row.days, row.consecutive, cut, row.legal or decree)


def _check_family(found: Deduct, file: str) -> None:
    """Bands belong to the families that band; the others would silently leave them aside."""
    method = found.method
    for side, bands in (("late", found.late), ("early", found.early)):
        if method in _BANDED and not bands:
            raise BadFile(file, f"deduct.{side}", "bands_needed", method=method)
        if method not in _BANDED and bands:
            raise BadFile(file, f"deduct.{side}", "bands_unused", method=method)
    if method == "fixed_per_checkpoint" and not (found.missing.arrival and found.missing.departure):
        raise BadFile(file, "deduct.missing", "checkpoints_needed")


def _check_codes(found: Deduct, file: str, leave: Mapping[str, Leave]) -> None:
    """Whatever a day may be told has a price, and leave's codes are leave's alone; days of either may
    lead to a cut of the month."""
    missing = found.missing
    used = {
        "deduct.missing.in": missing.arrival,
        "deduct.missing.mid": missing.mid,
        "deduct.missing.out": missing.departure,
        "deduct.missing.both": missing.both,
        "apel.code": found.apel,
    }
    used |= {f"deduct.late[{n}]": band.code for n, band in enumerate(found.late)}
    used |= {f"deduct.early[{n}]": band.code for n, band in enumerate(found.early)}
    counted = {f"deduct.escalation[{n}]": one.code for n, one in enumerate(found.escalations)}
    for where, code in (used | counted).items():
        if code and code not in found.cuts and not (where in counted and code in leave):
            raise BadFile(file, where, "code_unpriced", name=code)
    if not missing.both:
        raise BadFile(file, "deduct.missing.both", "absence_unpriced")
    for code in found.cuts.keys() & leave.keys():
        raise BadFile(file, f"leave.{code}", "code_twice", name=code)
