"""A month as a workbook: matrix, individual days, discipline recap, TPP list, pending, susulan.

NIP and NPWP are text (18 digits break as numbers), values are values: there is no formula in it, and
none that somebody's name could smuggle in. The only home of XlsxWriter.
"""

import io
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from sync_server import localtime, written
from sync_server.exports import paper as papers
from sync_server.exports.paper import Paper
from sync_server.fact import Fact, Touch
from sync_server.sheet import Row
from sync_server.tukin.price import Priced
from sync_server.wording import reasons, say

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_F4 = 14  # XlsxWriter knows no F4; Folio (8.5 x 13 inches) is what Indonesian printers call it
_TPP = (
    *("no", "name", "nip", "npwp", "title", "rank", "grade", "base", "cut_percent", "cut"),
    *("discipline", "productivity_percent", "productivity", "gross", "signature"),
)
_DAY = (
    *("nip", "name", "workdate", "in", "out", "late_min", "early_min", "status"),
    *("codes", "cut_percent", "why"),
)
_MARKS = {
    "LIBUR_NASIONAL": "L",
    "CUTI_BERSAMA": "CB",
    "LIBUR_JADWAL": "-",
    "TUNGGU_DATA": "?",
    "TAHAN_JAM": "?jam",
    "DIKECUALIKAN": "x",
}


def made(paper: Paper, lang: str = "id") -> bytes:
    """The workbook's bytes."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, _OPTIONS) as book:
        # The moment of making would make each copy another file.
        book.set_properties({"title": _title(paper), "created": _EPOCH})
        pages = _Pages(book, paper, lang)
        pages.tpp()
        pages.recap()
        pages.matrix()
        pages.individual()
        pages.pending()
        pages.susulan()
    return out.getvalue()


class _Pages:
    """The sheets of one workbook."""

    def __init__(self, book: xlsxwriter.Workbook, paper: Paper, lang: str) -> None:
        self._book, self._paper, self._lang = book, paper, lang
        self._facts = paper.facts_of()
        self._head = book.add_format(
            {
                "bold": True,
                "text_wrap": True,
                "valign": "vcenter",
                "border": 1,
                "bg_color": "#DDE6EE",
            }
        )
        self._text = book.add_format({"num_format": "@", "border": 1, "valign": "top"})
        self._wrap = book.add_format({"border": 1, "valign": "top", "text_wrap": True})
        self._money = book.add_format({"num_format": "#,##0", "border": 1, "valign": "top"})
        self._date = book.add_format({"num_format": "dd/mm/yyyy", "border": 1, "valign": "top"})
        self._percent = book.add_format({"num_format": '0.00" %"', "border": 1, "valign": "top"})
        self._sum = book.add_format({"num_format": "#,##0", "bold": True, "border": 1})
        self._big = book.add_format({"bold": True, "font_size": 14})
        self._warning = book.add_format({"bold": True, "font_color": "#B00020", "font_size": 12})

    def tpp(self) -> None:
        """The list that is paid by, with the places to sign."""
        sheet, at = self._sheet(
            "tpp", _TPP, (5, 30, 22, 22, 26, 7, 7, 14, 9, 14, 14, 9, 14, 15, 16)
        )
        for n, row in enumerate(self._paper.sheet.rows, 1):
            self._tpp_row(sheet, at, n, row)
            at += 1
        sheet.write_string(at, 1, self._say("sum"), self._head)
        rows = self._paper.sheet.rows
        sums = {7: (r.record.base for r in rows), 9: (r.record.cut for r in rows)}
        sums |= {10: (r.record.discipline for r in rows)}
        sums |= {12: (r.record.productivity for r in rows), 13: (r.record.gross for r in rows)}
        for column, amounts in sums.items():
            sheet.write_number(at, column, papers.total(amounts), self._sum)
        self._signatures(sheet, at + 3)

    def recap(self) -> None:
        """Counts by code: the discipline recap."""
        codes = self._paper.codes()
        columns = ("no", "nip", "name", "workdays", "present", "late_min", "early_min")
        sheet, at = self._sheet("recap", columns, (5, 22, 30, 8, 8, 10, 10), extra=codes)
        sheet.write_string(
            at - 1, len(columns) + len(codes), self._say("column_cut_percent"), self._head
        )
        for n, row in enumerate(self._paper.sheet.rows, 1):
            record = row.record
            self._start(sheet, at, n, (record.nip, row.name))
            numbers = (record.workdays, record.present, record.late_min, record.early_min)
            counts = (record.counts.get(code, 0) for code in codes)
            for column, number in enumerate((*numbers, *counts), 3):
                sheet.write_number(at, column, number, self._money)
            sheet.write_number(at, len(columns) + len(codes), record.cut_bp / 100, self._percent)
            at += 1

    def matrix(self) -> None:
        """Everybody's month on one page: in, out and code of each date."""
        days = localtime.dates(self._paper.sheet.month)
        heads = [str(day.day) for day in days]
        columns = ("no", "name_nip", "line")
        sheet, at = self._sheet("matrix", columns, (5, 32, 8), extra=heads)
        for n, row in enumerate(self._paper.sheet.rows, 1):
            facts = {one.workdate: one for one in self._facts.get(row.record.nip, ())}
            priced = {one.workdate: one for one in row.record.days}
            lines = (
                ("in", [papers.local(_of(facts, d, "arrival"), _tz(facts, d)) for d in days]),
                ("out", [papers.local(_of(facts, d, "departure"), _tz(facts, d)) for d in days]),
                ("code", [_mark(facts.get(d), priced.get(d)) for d in days]),
            )
            for offset, (line, cells) in enumerate(lines):
                name = f"{row.name}\n{row.record.nip}" if offset == 0 else ""
                sheet.write_string(at, 0, str(n) if offset == 0 else "", self._text)
                sheet.write_string(at, 1, name, self._wrap)
                sheet.write_string(at, 2, self._say(f"line_{line}"), self._text)
                for column, cell in enumerate(cells, 3):
                    sheet.write_string(at, column, cell, self._text)
                at += 1

    def individual(self) -> None:
        """Every day of everybody with its reasons."""
        columns = _DAY
        widths = (22, 28, 12, 8, 8, 9, 9, 16, 14, 9, 70)
        sheet, at = self._sheet("individual", columns, widths)
        first = at - 1
        for row in self._paper.sheet.rows:
            priced = {one.workdate: one for one in row.record.days}
            for one in self._facts.get(row.record.nip, ()):
                self._day(sheet, at, row, one, priced.get(one.workdate))
                at += 1
        sheet.autofilter(first, 0, max(first, at - 1), len(columns) - 1)

    def pending(self) -> None:
        """What is in the way of paying."""
        sheet, at = self._sheet(
            "pending", ("code", "nip", "name", "workdate", "detail"), (16, 22, 30, 12, 60)
        )
        for one in self._paper.sheet.pending:
            cells = (one.code, one.nip, one.name, one.workdate, one.detail)
            self._texts(sheet, at, cells)
            at += 1

    def susulan(self) -> None:
        """What months before should have paid."""
        columns = ("month", "nip", "name", "was", "became", "amount", "why")
        sheet, at = self._sheet("susulan", columns, (12, 22, 30, 14, 14, 14, 60))
        for one in self._paper.sheet.owed:
            self._texts(sheet, at, (papers.month_label(one.month), one.nip, one.name))
            for column, amount in enumerate((one.was, one.became, one.amount), 3):
                sheet.write_number(at, column, amount, self._money)
            sheet.write_string(at, 6, one.reason, self._wrap)
            at += 1

    def _sheet(
        self, name: str, columns: Sequence[str], widths: Sequence[int], extra: Sequence[str] = ()
    ) -> tuple[Worksheet, int]:
        """A sheet with its title, stage and heads; the row where it goes on."""
        paper = self._paper
        sheet = self._book.add_worksheet(self._say(f"sheet_{name}"))
        sheet.set_landscape()
        sheet.set_paper(_F4)
        sheet.fit_to_pages(1, 0)
        sheet.write_string(0, 0, f"{self._say(f'sheet_{name}')} · {_title(paper)}", self._big)
        stage = self._say("export_final" if paper.final else "export_draft", rev=paper.rev)
        sheet.write_string(1, 0, stage, self._big if paper.final else self._warning)
        rules = "; ".join(f"{one.id} ({one.decree})" for one in paper.sheet.rulesets)
        sheet.write_string(2, 0, self._say("export_basis", rules=rules, digest=paper.digest))
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})  # NIPs have to be
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        if extra:
            sheet.set_column(len(columns), len(columns) + len(extra), 7)
        heads = [*(self._say(f"column_{one}") for one in columns), *extra]
        for column, text in enumerate(heads):
            sheet.write_string(4, column, text, self._head)
        sheet.freeze_panes(5, min(3, len(columns)))
        sheet.repeat_rows(4)
        proof = f" · {paper.checkpoint.no} {paper.checkpoint.short}" if paper.checkpoint else ""
        sheet.set_footer(f"&L{paper.digest[:16]}{proof}&R&P / &N")
        return sheet, 5

    def _tpp_row(self, sheet: Worksheet, at: int, n: int, row: Row) -> None:
        record = row.record
        sheet.write_number(at, 0, n, self._money)
        sheet.write_string(at, 1, row.name, self._wrap)
        self._texts(sheet, at, (record.nip, row.npwp), 2)
        for column, text in enumerate((row.title, row.rank, row.grade), 4):
            sheet.write_string(at, column, text, self._wrap)
        sheet.write_number(at, 8, record.cut_bp / 100, self._percent)
        if record.productivity_bp is None:
            sheet.write_string(at, 11, written.percent(None), self._text)
        else:
            sheet.write_number(at, 11, record.productivity_bp / 100, self._percent)
        amounts = {7: record.base, 9: record.cut, 10: record.discipline}
        amounts |= {12: record.productivity, 13: record.gross}
        for column, amount in amounts.items():
            sheet.write_number(at, column, amount, self._money)
        sheet.write_string(at, 14, f"{n}.", self._text)

    def _day(self, sheet: Worksheet, at: int, row: Row, one: Fact, priced: Priced | None) -> None:
        why = (
            [reasons.sentence(self._lang, reason, one) for reason in priced.reasons]
            if priced
            else []
        )
        times = (papers.local(one.arrival, one.tz), papers.local(one.departure, one.tz))
        self._texts(sheet, at, (row.record.nip, row.name))
        sheet.write_datetime(at, 2, datetime.combine(one.workdate, time()), self._date)
        self._texts(sheet, at, times, 3)
        sheet.write_number(at, 5, one.late_min, self._money)
        sheet.write_number(at, 6, one.early_min, self._money)
        codes = " ".join(priced.codes) if priced else ""
        self._texts(sheet, at, (self._say(f"status_{one.status}"), codes), 7)
        sheet.write_number(at, 9, (priced.cut_bp if priced else 0) / 100, self._percent)
        sheet.write_string(at, 10, "; ".join(why), self._wrap)

    def _start(self, sheet: Worksheet, at: int, n: int, texts: Iterable[str]) -> None:
        sheet.write_number(at, 0, n, self._money)
        self._texts(sheet, at, texts, 1)

    def _texts(self, sheet: Worksheet, at: int, texts: Iterable[str], first: int = 0) -> None:
        for column, text in enumerate(texts, first):
            sheet.write_string(at, column, text, self._text)

    def _signatures(self, sheet: Worksheet, at: int) -> None:
        sheet.write_string(at - 1, 10, self._say("sign_place"))
        for column, code, signer in (
            (1, "sign_head", self._paper.head),
            (10, "sign_treasurer", self._paper.treasurer),
        ):
            sheet.write_string(at, column, self._say(code))
            sheet.write_string(at + 4, column, signer.name or "....................")
            sheet.write_string(at + 5, column, f"NIP {signer.nip}" if signer.nip else "NIP")

    def _say(self, code: str, **values: object) -> str:
        return say(self._lang, code, **values)


def _title(paper: Paper) -> str:
    return f"{paper.office} · {papers.month_label(paper.sheet.month)}"


def _of(facts: dict[date, Fact], day: date, point: str) -> Touch | None:
    found: Touch | None = getattr(facts[day], point) if day in facts else None
    return found


def _tz(facts: dict[date, Fact], day: date) -> str:
    return facts[day].tz if day in facts else "+00:00"


def _mark(one: Fact | None, priced: Priced | None) -> str:
    """The codes of a day in a matrix; a day off and one without data have marks of their own."""
    if one is None:
        return ""
    if priced is not None and priced.codes:
        return " ".join(priced.codes)
    return _MARKS.get(one.status, "")
