"""Letters as people write them: the columns of their files, and what is wrong or odd with them."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date

from sqlalchemy import Connection, select

from sync_server import roster, rulings, schema, tables
from sync_server.absences import book
from sync_server.absences.entry import Entry, Scope
from sync_server.errors import BadFile
from sync_server.tukin import reading
from sync_server.tukin.ruleset import Ruleset

COLUMNS = tables.Columns(
    ("dokumen", "nip", "kode", "cakupan", "mulai", "selesai", "tempat", "keperluan"),
    ("cakupan", "selesai", "tempat", "keperluan"),
)
# What people call a scope; an empty cell is the whole day.
SCOPES: dict[str, Scope] = {
    "": "day",
    "hari": "day",
    "day": "day",
    "masuk": "in",
    "in": "in",
    "pulang": "out",
    "out": "out",
}
_FIRST, _LAST = date(2000, 1, 1), date(2099, 12, 31)
_LONGEST = 120  # of a document's number: it stands in a key

Lines = Sequence[tuple[int, Entry]]


def read(data: bytes | str, file: str) -> list[tuple[int, Entry]]:
    """The entries of a CSV or .xlsx file: dokumen, nip, kode, mulai, and cakupan (hari, masuk,
    pulang), selesai, tempat, keperluan where they matter. Raises BadFile naming the line."""
    found = [(line, entry(row, file, line)) for line, row in tables.rows(data, file, COLUMNS)]
    seen: dict[object, int] = {}
    for line, one in found:
        if one.key in seen:
            raise BadFile(file, line, "absence_twice", line=seen[one.key], nip=one.nip)
        seen[one.key] = line
    return found


def check(tx: Connection, lines: Lines, file: str) -> list[BadFile]:
    """What is odd, each with its line: unknown people, full days taken twice, a code that a later rule
    set of its days does not have. Raises BadFile where the rules in force on the first day have no such
    code, or it may not stand for a part of a day."""
    known = rulings.rulesets(tx)
    for line, entry in lines:
        _check_code(reading.in_force(known, entry.first), entry, file, line)
    left = [one for line, entry in lines for one in _left(known, entry, file, line)]
    return [*_strangers(tx, lines, file), *left, *_overlaps(tx, lines, file)]


def outside(tx: Connection, entries: Iterable[Entry], offices: Collection[str] | None) -> list[str]:
    """NIPs of people whom somebody that enters for `offices` (None: all) may not enter: those who are
    not his on any of the days, in the entries and in what their documents say already."""
    if offices is None:
        return []
    asked = list(entries)
    for kept in book.of_documents(tx, {entry.document for entry in asked}).values():
        asked += [one for one in kept if not one.withdrawn]
    return roster.outside(tx, [(one.nip, one.first, one.last) for one in asked], offices)


def entry(row: tables.Row, file: str, line: int) -> Entry:
    """What one row says. Raises BadFile."""
    document = tables.filled(row, "dokumen", file, line)
    if len(document) > _LONGEST:
        raise BadFile(file, line, "document_long", most=_LONGEST)
    scope = row.get("cakupan", "").lower()
    if scope not in SCOPES:
        raise BadFile(file, line, "absence_scope", scope=scope)
    tables.filled(row, "mulai", file, line)
    first = tables.day(row, "mulai", file, line)
    last = tables.day(row, "selesai", file, line) if row.get("selesai") else first
    if last < first:
        raise BadFile(file, line, "days_backwards", first=first, last=last)
    if first < _FIRST or last > _LAST:
        raise BadFile(file, line, "absence_years", first=first, last=last)
    return Entry(
        document=document,
        nip=tables.nip(row, file, line),
        code=tables.filled(row, "kode", file, line).upper(),
        scope=SCOPES[scope],
        first=first,
        last=last,
        place=row.get("tempat", ""),
        purpose=row.get("keperluan", ""),
    )


def _check_code(rules: Ruleset | None, entry: Entry, file: str, line: int) -> None:
    if rules is None:
        raise BadFile(file, line, "no_rules_on", day=entry.first)
    known = rules.leave
    if entry.code not in known:
        raise BadFile(
            file, line, "absence_code", absence=entry.code, known=", ".join(sorted(known))
        )
    leave = known[entry.code]
    if not (leave.day if entry.scope == "day" else leave.checkpoint):
        raise BadFile(
            file,
            line,
            "absence_whole" if entry.scope == "day" else "absence_part",
            absence=entry.code,
        )


def _left(known: Iterable[Ruleset], entry: Entry, file: str, line: int) -> Iterator[BadFile]:
    """Later rule sets of its days that leave its code out: those days cannot be paid."""
    for day, rules in reading.spans(known, entry.first, entry.last):
        if rules and day > entry.first and entry.code not in rules.leave:
            said = {"absence": entry.code, "day": day, "rules": rules.id}
            yield BadFile(file, line, "absence_code_left", **said)


def _strangers(tx: Connection, lines: Lines, file: str) -> Iterator[BadFile]:
    known = set(tx.execute(select(schema.person.c.nip).distinct()).scalars())
    for line, entry in lines:
        if entry.nip not in known:
            yield BadFile(file, line, "absence_stranger", nip=entry.nip)


def _overlaps(tx: Connection, lines: Lines, file: str) -> Iterator[BadFile]:
    """Full days that two documents take: the first code by the alphabet would stand."""
    if not lines:
        return
    documents = {entry.document for _, entry in lines}
    first = min(entry.first for _, entry in lines)
    last = max(entry.last for _, entry in lines)
    kept = book.listed(tx, {entry.nip for _, entry in lines}, first, last)
    by_nip: dict[str, list[Entry]] = {}
    for old in kept:
        if not old.withdrawn and old.document not in documents:
            by_nip.setdefault(old.nip, []).append(old)
    for line, entry in lines:
        others = by_nip.setdefault(entry.nip, [])
        for other in others:
            if entry.meets(other):
                said = {
                    "nip": entry.nip,
                    "document": other.document,
                    "day": max(entry.first, other.first),
                }
                yield BadFile(file, line, "absence_overlap", **said)
                break
        others.append(entry)
