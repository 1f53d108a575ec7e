"""Rows that people write, as CSV or in a spreadsheet, and what is wrong with them, each with its line."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import chain, islice
from typing import Any, Generic, NamedTuple, Protocol, TypeVar, cast

import msgspec
from msgspec import structs

from sync_server import workbooks
from sync_server.errors import BadFile, unusable

Row = dict[str, str]
OPTIONAL = ("mulai", "selesai", "hapus")
ALWAYS = {"mulai": "0001-01-01", "selesai": "9999-12-31"}
_DAY = timedelta(days=1)
_LOOKED_AT = 20  # rows in which the heads of a sheet may stand, below a title
_ROUNDED = re.compile(r"[0-9][.,0-9]*E\+[0-9]+")  # what Excel makes of 18 digits
# A NIP ends on a serial number from 001: 18 digits of a person's that end on 000 were a number once,
# of which Excel keeps 15 digits.
_CUT_SHORT = re.compile(r"(19|20)[0-9]{13}000")
SAMPLE_NIP = "0" * 18  # stands in the example row of every form, and belongs to nobody

_T = TypeVar("_T")


class Columns(NamedTuple):
    """The columns of a kind of file; `optional` ones may be missing."""

    names: tuple[str, ...]
    optional: tuple[str, ...] = OPTIONAL


class Form(msgspec.Struct, Generic[_T], frozen=True):
    """A kind of file: its columns, what one row means (or BadFile), and what is wrong between rows."""

    columns: Columns
    row: Callable[[Row, str, int], _T]
    between: Callable[[Sequence[tuple[int, _T]], str], Iterable[BadFile]]


_H = TypeVar("_H", bound="Held")


class Dated(Protocol):
    """What holds from a day to a day, inclusive."""

    @property
    def mulai(self) -> date: ...
    @property
    def selesai(self) -> date: ...


class Held(Dated, Protocol):
    """The same of a person."""

    @property
    def nip(self) -> str: ...


def earlier(known: Iterable[_H], fresh: Iterable[_H]) -> list[_H]:
    """What stays of `known` when each person's rows are `fresh` from the first day on that those name:
    what began before it, until the day before it."""
    since: dict[str, date] = {}
    for one in fresh:
        since[one.nip] = min(one.mulai, since.get(one.nip, one.mulai))
    return [
        structs.replace(cast("Any", one), selesai=min(one.selesai, since[one.nip] - _DAY))
        for one in known
        if one.nip in since and one.mulai < since[one.nip]
    ]


def rows(
    data: bytes | str, file: str, columns: Columns | None = None
) -> list[tuple[int, dict[str, str]]]:
    """The rows below the heads of a CSV file (comma or semicolon, UTF-8) or of an .xlsx file's first
    sheet, each with the line that it ends on. Heads are read in small letters.

    With `columns` the heads are checked. Raises BadFile.
    """
    heads, lines = _opened(data, file, columns)
    return [(line, _named(heads, cells, file, line)) for line, cells in lines]


def read(form: Form[_T], data: bytes | str, file: str) -> list[_T]:
    """What the rows of a file mean. Raises BadFile for the first that is wrong."""
    heads, lines = _opened(data, file, form.columns)
    found = [
        (line, form.row(_named(heads, cells, file, line), file, line)) for line, cells in lines
    ]
    for bad in form.between(found, file):
        raise bad
    return [one for _, one in found]


def every(
    form: Form[_T], data: bytes | str, file: str, most: int = 100
) -> tuple[list[_T], list[BadFile]]:
    """What the rows of a file mean, and all that is wrong with it in the order of its lines, up to
    `most`."""
    good: list[tuple[int, _T]] = []
    bad = list(islice(_problems(form, data, file, good), most))
    return [one for _, one in good], bad


def _problems(
    form: Form[_T], data: bytes | str, file: str, good: list[tuple[int, _T]]
) -> Iterator[BadFile]:
    """What is wrong; the rows that are right come into `good`."""
    try:
        heads, lines = _opened(data, file, form.columns)
        for line, cells in lines:
            try:
                good.append((line, form.row(_named(heads, cells, file, line), file, line)))
            except BadFile as bad:
                yield bad
    except BadFile as bad:  # the file as a whole
        yield bad
        return
    yield from form.between(good, file)


def nip(row: Row, file: str, line: int, column: str = "nip") -> str:
    """Somebody's NIP. Raises BadFile where it is empty, not digits, or rounded by Excel."""
    text = filled(row, column, file, line)
    if is_rounded(text) or _CUT_SHORT.fullmatch(text):
        raise BadFile(file, line, "nip_rounded", nip=text)
    if not (text.isascii() and text.isdigit()):
        raise BadFile(file, line, "nip_not_digits", nip=text)
    if text == SAMPLE_NIP:
        raise BadFile(file, line, "sample_row", nip=text)
    return text


def is_rounded(text: str) -> bool:
    """Whether a number of many digits lost its last ones to Excel."""
    return _ROUNDED.fullmatch(text) is not None


def filled(row: Row, column: str, file: str, line: int) -> str:
    """What stands in a cell. Raises BadFile where it is empty."""
    if not row.get(column):
        raise BadFile(file, line, "cell_empty", column=column)
    return row[column]


def day(row: Row, column: str, file: str, line: int) -> date:
    """The date of a cell; an empty mulai or selesai is the beginning or end of time."""
    text = row.get(column) or ALWAYS.get(column, "")
    try:
        return date.fromisoformat(text)
    except ValueError as problem:
        raise BadFile(file, line, "not_a_day", column=column, text=text) from problem


def days(row: Row, file: str, line: int) -> tuple[date, date]:
    """The first and last day of a row (mulai, selesai), inclusive."""
    first, last = (day(row, column, file, line) for column in ALWAYS)
    if last < first:
        raise BadFile(file, line, "days_backwards", first=first, last=last)
    return first, last


_D = TypeVar("_D", bound=Dated)


def overlaps(
    found: Sequence[tuple[int, _D]], file: str, code: str, *columns: str
) -> Iterator[BadFile]:
    """Rows that say two things of one day: the same `columns`, and days that overlap."""
    seen: dict[tuple[str, ...], list[tuple[int, _D]]] = {}
    for line, row in found:
        mark = tuple(getattr(row, column) for column in columns)
        for at, other in seen.setdefault(mark, []):
            if row.mulai <= other.selesai and other.mulai <= row.selesai:
                yield BadFile(file, line, code, line=at, **{columns[-1]: mark[-1]})
                break
        seen[mark].append((line, row))


_Lines = Iterator[tuple[int, list[str]]]


def _opened(data: bytes | str, file: str, columns: Columns | None) -> tuple[list[str], _Lines]:
    """The heads, and the lines below them that hold something."""
    if isinstance(data, bytes) and workbooks.is_workbook(data):
        return _sheet(workbooks.lines(data, file), file, columns)
    lines = _csv(_decoded(data, file), file)
    at, heads = next(lines, (1, []))
    return _heads(heads, file, at, columns), _some(lines, file)


def _sheet(lines: _Lines, file: str, columns: Columns | None) -> tuple[list[str], _Lines]:
    """A sheet may have a title above its heads: they are the first row with two of the columns."""
    known = set(columns.names if columns else ())
    above = list(islice(lines, _LOOKED_AT))
    found = (
        place
        for place, (_, cells) in enumerate(above)
        if len(known & {cell.strip().lower() for cell in cells}) > 1
    )
    place = next(found, 0)
    at, heads = above[place] if above else (1, [])
    heads = _heads(heads, file, at, columns)
    rest = chain(above[place + 1 :], lines)
    wide = len(heads)
    return heads, _some(((at, cells + [""] * (wide - len(cells))) for at, cells in rest), file)


def _some(lines: _Lines, file: str) -> _Lines:
    none = True
    for line, cells in lines:
        if any(cell.strip() for cell in cells):
            none = False
            yield line, cells
    if none:
        raise BadFile(file, "", "no_rows")


def _named(heads: Sequence[str], cells: Sequence[str], file: str, line: int) -> Row:
    if len(cells) != len(heads):
        raise BadFile(file, line, "cells")
    return {head: cell.strip() for head, cell in zip(heads, cells, strict=True)}


def _decoded(data: bytes | str, file: str) -> str:
    if isinstance(data, bytes):
        if len(data) > workbooks.MAX_BYTES:
            raise BadFile(file, "", "file_large", most=workbooks.MAX_BYTES // 1_000_000)
        try:
            data = data.decode()
        except UnicodeDecodeError as problem:
            unusable(file, problem)
    return data.removeprefix("\ufeff")


def _csv(text: str, file: str) -> _Lines:
    table = csv.reader(io.StringIO(text), delimiter=_delimiter(text), strict=True)
    line = 0
    try:
        for cells in table:
            line = table.line_num
            if cells:
                yield line, cells
    except csv.Error as problem:  # a quote that does not close is noticed at the end of the file
        raise BadFile(file, line + 1, "not_csv", detail=problem) from problem


def _delimiter(text: str) -> str:
    """Excel in Indonesian separates with semicolons, because the comma is its decimal point."""
    return ";" if ";" in text.partition("\n")[0] else ","


def _heads(found: Sequence[str], file: str, at: int, columns: Columns | None) -> list[str]:
    heads = [head.strip().lower() for head in found]
    twice = [head for head in dict.fromkeys(heads) if heads.count(head) > 1]
    names = columns.names if columns else heads
    missing = [n for n in names if n not in heads and columns and n not in columns.optional]
    strange = [head for head in heads if head not in names]
    needed = ",".join(names)
    if missing:
        raise BadFile(file, at, "columns_missing", columns=", ".join(missing), needed=needed)
    if strange:
        raise BadFile(file, at, "columns_unknown", columns=", ".join(strange), needed=needed)
    if twice:
        raise BadFile(file, at, "columns_twice", columns=", ".join(twice))
    return heads
