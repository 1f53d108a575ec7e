"""What a file changes, row by row, and whose PIN it gives to somebody else: for whoever has to agree."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any, Literal

import msgspec
from sqlalchemy import Connection

from sync_server import posts, roster
from sync_server.errors import BadFile
from sync_server.roster import Person

MOST = 50  # rows that one page lists
_NAMED = 5  # PINs or offices in one sentence
# What files call a column, where rows have another word for it.
_HEADS = {
    "name": "nama",
    "parent": "induk",
    "head": "kepala",
    "treasurer": "bendahara",
    "title": "jabatan",
    "rank": "golongan",
    "grade": "kelas",
    "base": "tpp",
    "superior": "atasan",
    "exempt": "dikecualikan",
    "month": "bulan",
    "kind": "jenis",
    "value": "nilai",
    "source": "sumber",
}
# An absence's row is what people wrote, without names: absences.Entry.said.
_ABSENCE = ("dokumen", "nip", "mulai", "cakupan", "kode", "selesai", "tempat", "keperluan", "scan")
_WHOM = ("nip", "opd")  # the first that a row has says whom it is of


class Edit(msgspec.Struct, frozen=True):
    """One row: the NIP or office that it is of, and (column, as it is, as it becomes) of what differs,
    "" where there is nothing."""

    how: Literal["new", "changed", "gone"]
    whom: str
    said: tuple[tuple[str, str, str], ...]


def edits(before: Mapping[Any, Any], after: Mapping[Any, Any]) -> tuple[Edit, ...]:
    """The first MOST rows that change, go or come, in this order."""
    return tuple(islice(_edits(before, after), MOST))


def _edits(before: Mapping[Any, Any], after: Mapping[Any, Any]) -> Iterator[Edit]:
    for key in sorted(before.keys() & after.keys()):
        if before[key] != after[key]:
            yield _edit("changed", before[key], after[key])
    for key in sorted(before.keys() - after.keys()):
        yield _edit("gone", before[key], None)
    for key in sorted(after.keys() - before.keys()):
        yield _edit("new", None, after[key])


def _edit(how: Literal["new", "changed", "gone"], was: object, becomes: object) -> Edit:
    old, new = _columns(was), _columns(becomes)
    both = old | new
    whom = next(both[name] for name in _WHOM if name in both)
    pairs = ((name, old.get(name, ""), new.get(name, "")) for name in both)
    return Edit(how, whom, tuple(one for one in pairs if one[1] != one[2] and one[0] != "nip"))


def _columns(row: object) -> dict[str, str]:
    if row is None:
        return {}
    if isinstance(row, tuple):
        return {name: _text(value) for name, value in zip(_ABSENCE, row, strict=True)}
    if not isinstance(row, msgspec.Struct):
        raise TypeError(row)
    values = msgspec.structs.asdict(row)
    return {_HEADS.get(name, name): _text(value) for name, value in values.items()}


def _text(value: object) -> str:
    if value is None or value in (date.min, date.max):
        return ""
    if isinstance(value, bool):
        return "ya" if value else ""
    return str(value)


def odd_people(
    tx: Connection, before: Iterable[Person], after: Sequence[Person], file: str
) -> Iterator[BadFile]:
    """PINs that mean somebody else on days that they had an owner for, and offices that nobody
    imported. `before` and `after`: all rows of the offices in the file."""
    found = list(_handed(before, after))
    if found:
        yield BadFile(file, "", "pin_handed", count=len(found), which="; ".join(found[:_NAMED]))
    known = {one.opd for one in posts.offices(tx)}
    if strange := sorted({one.opd for one in after} - known):
        which = ", ".join(strange[:_NAMED])
        yield BadFile(file, "", "office_not_imported", count=len(strange), which=which)


def _handed(before: Iterable[Person], after: Iterable[Person]) -> Iterator[str]:
    held: dict[tuple[str, str], list[Person]] = {}
    for one in before:
        held.setdefault((one.opd, one.pin), []).append(one)
    for new in after:
        for old in held.get((new.opd, new.pin), ()):
            if old.nip != new.nip and old.mulai <= new.selesai and new.mulai <= old.selesai:
                yield f"{new.opd} PIN {new.pin}: {old.nama} → {new.nama}"


def names(tx: Connection, found: Iterable[Edit]) -> Mapping[str, str]:
    """What the people and offices of these rows are called now."""
    whom = {one.whom for one in found}
    offices = {one.opd: one.name for one in posts.offices(tx) if one.opd in whom}
    return roster.names(tx, whom) | offices
