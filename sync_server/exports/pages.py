"""A month on F4 paper, landscape: the TPP list with the places to sign, and the discipline recap.

Until the month is frozen each page says that it is not final. ReportLab lives here and in `listed`.
"""

import io
from collections.abc import Sequence
from functools import partial
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    KeepTogether,
    PageBreak,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
    TableStyle,
)

from sync_server import written
from sync_server.exports import paper as papers
from sync_server.exports.paper import Paper, Signer
from sync_server.sheet import Row
from sync_server.wording import say

F4 = (330 * mm, 210 * mm)  # what Indonesian offices call F4 or folio: 210 x 330 mm
_MARGIN = 12 * mm
SMALL = ParagraphStyle("small", fontName="Helvetica", fontSize=7.5, leading=9)
PLAIN = ParagraphStyle("plain", fontName="Helvetica", fontSize=9, leading=12)
TITLE = ParagraphStyle("title", fontName="Helvetica-Bold", fontSize=13, leading=16, alignment=1)
_TPP = (
    *("no", "name_nip", "rank", "grade", "base", "cut_percent", "cut"),
    *("discipline", "productivity_percent", "productivity", "gross", "signature"),
)
_GRID = TableStyle(
    [
        ("GRID", (0, 0), (-1, -1), 0.4, colors.HexColor("#667788")),
        ("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#DDE6EE")),
        ("FONT", (0, 0), (-1, 0), "Helvetica-Bold", 7.5),
        ("FONT", (0, 1), (-1, -1), "Helvetica", 7.5),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
    ]
)


def made(paper: Paper, lang: str = "id") -> bytes:
    """The papers' bytes; the same month makes the same bytes."""
    out = io.BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=F4,
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=_MARGIN + 8 * mm,
        bottomMargin=_MARGIN + 4 * mm,
        title=f"{paper.office} {papers.month_label(paper.sheet.month)}",
        invariant=1,
    )
    framed = partial(_frame, paper, lang)
    story = [*_tpp(paper, lang), PageBreak(), *_recap(paper, lang)]
    document.build(story, onFirstPage=framed, onLaterPages=framed)
    return out.getvalue()


def _frame(paper: Paper, lang: str, canvas: Canvas, document: SimpleDocTemplate) -> None:
    """The stage across the head, the digest and the page at the foot."""
    width, height = F4
    canvas.saveState()
    if not paper.final:
        canvas.setFillColor(colors.HexColor("#B00020"))
        canvas.setFont("Helvetica-Bold", 12)
        canvas.drawCentredString(width / 2, height - _MARGIN, say(lang, "paper_draft"))
    canvas.setFillColor(colors.black)
    canvas.setFont("Helvetica", 7)
    foot = say(lang, "paper_foot", rev=paper.rev, digest=paper.digest)
    canvas.drawString(_MARGIN, _MARGIN - 2 * mm, " · ".join([foot, *_proof(paper, lang)]))
    canvas.drawRightString(width - _MARGIN, _MARGIN - 2 * mm, str(document.page))
    canvas.restoreState()


def _proof(paper: Paper, lang: str) -> list[str]:
    """The checkpoint by which this ledger can be held to what it says today."""
    kept = paper.checkpoint
    if kept is None:
        return []
    return [say(lang, "paper_checkpoint", no=kept.no, day=kept.day, short=kept.short)]


def _tpp(paper: Paper, lang: str) -> list[Any]:
    widths = [w * mm for w in (9, 74, 14, 14, 27, 17, 25, 27, 18, 27, 29, 25)]
    rows = [[say(lang, f"column_{one}") for one in _TPP]]
    rows += [_tpp_row(n, row) for n, row in enumerate(paper.sheet.rows, 1)]
    amounts = paper.sheet.rows
    sums = {
        4: (row.record.base for row in amounts),
        6: (row.record.cut for row in amounts),
        7: (row.record.discipline for row in amounts),
        9: (row.record.productivity for row in amounts),
        10: (row.record.gross for row in amounts),
    }
    last = ["", say(lang, "sum"), *[""] * (len(_TPP) - 2)]
    for column, values in sums.items():
        last[column] = written.rupiah(papers.total(values))
    table = grid([*rows, last], widths, right=(4, 5, 6, 7, 8, 9, 10))
    return [*_head(paper, lang, "sheet_tpp"), table, Spacer(1, 6 * mm), _signatures(paper, lang)]


def _tpp_row(n: int, row: Row) -> list[Any]:
    record = row.record
    who = f"<b>{escape(row.name)}</b><br/>NIP {record.nip}"
    who += f" · NPWP {escape(row.npwp)}" if row.npwp else ""
    who += f"<br/>{escape(row.title)}" if row.title else ""
    money = map(written.rupiah, (record.base, record.cut, record.discipline))
    base, cut, discipline = money
    earned = written.percent(record.productivity_bp)
    return [
        str(n),
        Paragraph(who, SMALL),
        row.rank,
        row.grade,
        base,
        written.percent(record.cut_bp),
        cut,
        discipline,
        earned,
        written.rupiah(record.productivity),
        written.rupiah(record.gross),
        f"{n}.",
    ]


def _recap(paper: Paper, lang: str) -> list[Any]:
    codes = paper.codes()
    heads = ["no", "name_nip", "workdays", "present", "late_min", "early_min"]
    rows: list[list[Any]] = [
        [*(say(lang, f"column_{one}") for one in heads), *codes, say(lang, "column_cut_percent")]
    ]
    for n, row in enumerate(paper.sheet.rows, 1):
        record = row.record
        who = Paragraph(f"{escape(row.name)}<br/>NIP {record.nip}", SMALL)
        numbers = (record.workdays, record.present, record.late_min, record.early_min)
        counts = (record.counts.get(code, 0) for code in codes)
        cells = [str(number or "") for number in (*numbers, *counts)]
        rows.append([str(n), who, *cells, written.percent(record.cut_bp)])
    left = (F4[0] - 2 * _MARGIN - 83 * mm) / (5 + len(codes))
    widths = [9 * mm, 74 * mm, *[left] * (5 + len(codes))]
    table = grid(rows, widths, right=range(2, len(rows[0])))
    return [*_head(paper, lang, "sheet_recap"), table]


def grid(rows: Sequence[Sequence[Any]], widths: Sequence[float], right: Sequence[int]) -> Table:
    """A table with its heads on every page; columns `right` are numbers."""
    aligned = [("ALIGN", (column, 1), (column, -1), "RIGHT") for column in right]
    table = Table([list(row) for row in rows], colWidths=list(widths), repeatRows=1)
    table.setStyle(_GRID)
    table.setStyle(TableStyle(aligned))
    return table


def _head(paper: Paper, lang: str, title: str) -> list[Any]:
    month = papers.month_label(paper.sheet.month)
    rules = "; ".join(f"{one.id} ({one.decree})" for one in paper.sheet.rulesets)
    return [
        Paragraph(escape(say(lang, title).upper()), TITLE),
        Paragraph(escape(f"{paper.region} · {paper.office} · {month}"), TITLE),
        Paragraph(escape(say(lang, "paper_basis", rules=rules)), SMALL),
        Spacer(1, 3 * mm),
    ]


def _signatures(paper: Paper, lang: str) -> KeepTogether:
    cells = [
        ["", Paragraph(say(lang, "sign_place"), PLAIN)],
        [_signer(lang, "sign_head", paper.head), _signer(lang, "sign_treasurer", paper.treasurer)],
    ]
    return KeepTogether(Table(cells, colWidths=[(F4[0] - 2 * _MARGIN) / 2] * 2))


def _signer(lang: str, code: str, signer: Signer) -> list[Any]:
    name = escape(signer.name) if signer.name else "." * 30
    return [
        Paragraph(say(lang, code), PLAIN),
        Spacer(1, 16 * mm),
        Paragraph(f"<b><u>{name}</u></b>", PLAIN),
        Paragraph(f"NIP {escape(signer.nip)}", PLAIN),
    ]
