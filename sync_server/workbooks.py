"""Spreadsheets as Excel writes them: read without trust, and written as empty forms for people.

A workbook is a zip file of XML: a few kilobytes may unpack to gigabytes, and it may carry programs and
links. What is refused is refused before it is unpacked.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError  # only its name: openpyxl parses, with expat's limits

from sync_server.errors import BadFile

if TYPE_CHECKING:  # imported where it is needed: every command would wait for it otherwise
    import openpyxl

MAX_BYTES, MAX_UNPACKED, MAX_ROWS = 5_000_000, 50_000_000, 100_000
_MAX_CELLS = 64  # of a row; our widest form has eleven
_MAX_BLANK = 1_048_576  # Excel's last row
_EXACT = 10**15  # Excel keeps 15 digits of a number
_DAY_FORMAT = re.compile(r"T00:00:00$")


def is_workbook(data: bytes) -> bool:
    """Whether the bytes are a zip file, as .xlsx is, or an older Excel's .xls."""
    return data[:4] in (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0")


def lines(data: bytes, file: str) -> Iterator[tuple[int, list[str]]]:
    """The first sheet's rows that hold something, each with its number in the sheet, as text.

    Dates are written 2026-01-31, whole numbers whole, others with a comma, percentages without their
    sign. A number of 16 digits and more was rounded by Excel and is written as Excel shows it
    (1,99E+17), so that it is refused. Raises BadFile.
    """
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    _check(data, file)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        try:
            yield from _rows(book, file)
        finally:
            book.close()
    except (*_BROKEN, InvalidFileException) as problem:
        raise BadFile(file, "", "not_xlsx") from problem


# What openpyxl and the zip reader raise on a file that is cut, of another kind, or made to hurt.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    EOFError,
    NotImplementedError,
    OverflowError,
)


def template(sheet: str, heads: Sequence[str], sample: Sequence[str]) -> bytes:
    """An empty form: the heads, one row as an example, and every cell text, so that Excel leaves the
    digits of a NIP alone."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    page = book.add_worksheet(sheet)
    text = book.add_format({"num_format": "@"})
    bold = book.add_format({"num_format": "@", "bold": True, "bg_color": "#DCE9F5", "bottom": 1})
    page.set_column(0, len(heads) - 1, 20, text)
    page.freeze_panes(1, 0)
    for column, (head, value) in enumerate(zip(heads, sample, strict=True)):
        page.write_string(0, column, head, bold)
        page.write_string(1, column, value, text)
    book.close()
    return out.getvalue()


def _check(data: bytes, file: str) -> None:
    if len(data) > MAX_BYTES:
        raise BadFile(file, "", "file_large", most=MAX_BYTES // 1_000_000)
    if data.startswith(b"\xd0\xcf\x11\xe0"):  # .xls, or an .xlsx under a password
        raise BadFile(file, "", "old_excel")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, ValueError) as problem:
        raise BadFile(file, "", "not_xlsx") from problem
    names = [part.filename.lower() for part in parts]
    # The reader stops at the size that a part declares, so the declared sizes can be believed.
    if sum(part.file_size for part in parts) > MAX_UNPACKED or len(parts) > 1000:
        raise BadFile(file, "", "file_unpacks_large", most=MAX_UNPACKED // 1_000_000)
    if any("vbaproject" in name or "macrosheets/" in name for name in names):
        raise BadFile(file, "", "has_macros")
    if any("externallinks/" in name or name.endswith("connections.xml") for name in names):
        raise BadFile(file, "", "has_links")


def _rows(book: "openpyxl.Workbook", file: str) -> Iterator[tuple[int, list[str]]]:
    sheet = book.worksheets[0]
    sheet.reset_dimensions()  # what the file says of its size may be a lie that fills memory
    held, blank = 0, None
    for number, row in enumerate(sheet.iter_rows(max_col=_MAX_CELLS), 1):
        if number > _MAX_BLANK:
            raise BadFile(file, "", "rows_many", most=MAX_ROWS)
        if row is blank:  # the reader gives the same one for every row of a gap
            continue
        held += 1
        if held > MAX_ROWS:
            raise BadFile(file, "", "rows_many", most=MAX_ROWS)
        cells = [_text(cell.value, cell) for cell in row]
        if not any(cells):
            blank = row
            continue
        while not cells[-1]:
            cells.pop()
        yield number, cells


def _text(value: object, cell: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ya" if value else ""
    if isinstance(value, datetime):
        return _DAY_FORMAT.sub("", value.isoformat())
    if isinstance(value, int | float):
        return _number(value, str(getattr(cell, "number_format", "")))
    return str(value).strip()


def _number(value: float, shown: str) -> str:
    exact = Decimal(repr(value))
    if abs(exact) >= _EXACT:
        return f"{exact:.5E}".replace(".", ",")
    if "%" in shown:
        exact *= 100
    if exact == exact.to_integral_value():
        return str(int(exact))
    return f"{exact.normalize():f}".replace(".", ",")
