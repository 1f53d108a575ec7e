"""Months of e-kinerja that another application counted: imported by NIP and month, the newest in force."""

import csv
import io
import re
from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from typing import Literal

import msgspec
from sqlalchemy import Connection, insert, select

from sync_server import localtime, office_log, plain, schema, tables
from sync_server.errors import BadFile
from sync_server.office_log import Deed
from sync_server.tukin import productivity, reading
from sync_server.tukin.ruleset import Ruleset

Kind = Literal["percent", "points", "grade"]
# What people write in the column jenis, and what programs send.
_KINDS: dict[str, Kind] = {
    "persen": "percent",
    "poin": "points",
    "nilai": "grade",
    "percent": "percent",
    "points": "points",
    "grade": "grade",
}
_WRITTEN = {"percent": "persen", "points": "poin", "grade": "nilai"}
_PERCENT = re.compile(r"([0-9]{1,3}(?:[.,][0-9]{1,2})?) ?%?")
_POINTS = re.compile(r"[0-9]{1,7}")
_MOST_PERCENT = 100
FEW = 500  # people whom one statement may name; more are found among everybody's rows


class Total(msgspec.Struct, frozen=True):
    """Somebody's month ("2026-01"): a percentage ("92.5"), points ("6750") or a grade ("A"), and which
    application counted it."""

    nip: str
    month: str
    kind: Kind
    value: str
    source: str


class Kept(msgspec.Struct, frozen=True):
    """A total as it was imported: when (server UTC seconds) and by whom."""

    total: Total
    imported: int
    imported_by: str


def total(kind: str, value: str, nip: str, month: str, source: str) -> Total:
    """A total from what somebody wrote or sent. Raises BadFile with the field in `where`."""
    known = _KINDS.get(kind.strip().lower())
    if known is None:
        raise BadFile("productivity", "jenis", "total_kind", kind=kind)
    if not localtime.is_month(month):
        raise BadFile("productivity", "bulan", "not_a_month")
    if not source.strip():
        raise BadFile("productivity", "sumber", "cell_empty", column="sumber")
    return Total(nip, month, known, _value(known, value.strip()), source.strip())


def _value(kind: Kind, text: str) -> str:
    """As it is kept: a percentage with a point, points as digits."""
    if kind == "grade" and text:
        return text
    if kind == "percent" and (found := _PERCENT.fullmatch(text)):
        share = Decimal(found[1].replace(",", "."))
        if share <= _MOST_PERCENT:
            return f"{share.normalize():f}"
    whole = text.replace(".", "")  # 6.750 as Indonesia writes thousands
    if kind == "points" and _POINTS.fullmatch(whole):
        return str(int(whole))
    raise BadFile("productivity", "nilai", "total_value", value=text)


def _row(row: tables.Row, file: str, line: int) -> Total:
    nip = tables.nip(row, file, line)
    try:
        return total(row["jenis"], row["nilai"], nip, row["bulan"], row["sumber"])
    except BadFile as bad:
        raise BadFile(file, line, bad.code, **bad.values) from bad


def readable(rules: Ruleset, kind: Kind, value: str) -> int | None:
    """The share that a total earns in basis points, None where these rules read another kind."""
    try:
        return productivity.percent_bp(rules, kind, value)
    except ValueError:
        return None


def check(one: Total, rulesets: Sequence[Ruleset]) -> None:
    """Raises BadFile for a total that the rules of its month cannot read: it would pay nothing."""
    rules = reading.in_force(rulesets, localtime.month_days(one.month)[1])
    if rules and readable(rules, one.kind, one.value) is None:
        said = f"{_WRITTEN[one.kind]} {one.value}"
        raise BadFile("productivity", "nilai", "total_unread", said=said, decree=rules.decree)


def _once(found: Sequence[tuple[int, Total]], file: str) -> Iterable[BadFile]:
    seen: dict[tuple[str, str], int] = {}
    for line, one in found:
        key = (one.nip, one.month)
        if key in seen:
            yield BadFile(file, line, "total_twice", nip=one.nip, month=one.month, line=seen[key])
        seen.setdefault(key, line)


COLUMNS = tables.Columns(("nip", "bulan", "jenis", "nilai", "sumber"))


def form(rulesets: Sequence[Ruleset]) -> tables.Form[Total]:
    """How a file of totals is read, beside the rules that were imported."""

    def row(cells: tables.Row, file: str, line: int) -> Total:
        found = _row(cells, file, line)
        try:
            check(found, rulesets)
        except BadFile as bad:
            raise BadFile(file, line, bad.code, **bad.values) from bad
        return found

    return tables.Form(COLUMNS, row, _once)


def kept(tx: Connection, month: str, nips: Collection[str] | None = None) -> dict[str, Kept]:
    """The totals of a month by NIP; of everybody where `nips` is None."""
    its = schema.productivity.c
    query = select(schema.productivity).where(its.month == month)
    if nips is not None and len(nips) <= FEW:
        query = query.where(its.nip.in_(nips))
    return {
        row.nip: Kept(
            Total(row.nip, row.month, row.kind, row.value, row.source),
            row.imported,
            row.imported_by,
        )
        for row in tx.execute(query)
        if nips is None or row.nip in nips
    }


def changed(tx: Connection, entries: Iterable[Total]) -> list[Total]:
    """Those that say something else than what is kept."""
    entries = list(entries)
    known = {month: kept(tx, month) for month in {one.month for one in entries}}
    return [
        one
        for one in entries
        if one.nip not in known[one.month] or known[one.month][one.nip].total != one
    ]


def store_productivity(tx: Connection, entries: Iterable[Total], who: str, now: float) -> int:
    """Keep totals in the place of earlier ones of the same person and month; returns how many are new
    or say something else, and only those are written and logged: the same file twice changes nothing.

    A month that is frozen already stays as it is; what it should have paid is found by comparing.
    """
    fresh = changed(tx, entries)
    by = {"imported": int(now), "imported_by": who}
    plain.each(tx, _DROP, [(one.nip, one.month) for one in fresh])
    if fresh:
        tx.execute(insert(schema.productivity), [msgspec.structs.asdict(one) | by for one in fresh])
    office_log.note_all(
        tx, now, who, [Deed(_STORED, whom=one.nip, detail=_said(one)) for one in fresh]
    )
    return len(fresh)


_STORED = "productivity_stored"
_DROP = "DELETE FROM productivity WHERE nip = ? AND month = ?"


def _said(one: Total) -> str:
    return f"{one.month} {one.kind} {one.value} ({one.source})"


def written(totals: Iterable[Total]) -> str:
    """The same as CSV, as `ekinerja import` reads it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS.names)
    for one in totals:
        writer.writerow((one.nip, one.month, _WRITTEN[one.kind], one.value, one.source))
    return out.getvalue()
