"""A list of sentences for paper: the inspectorate's week, as CSV and on F4."""

import csv
import io
from collections.abc import Sequence
from functools import partial
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer

from sync_server.exports import pages
from sync_server.exports.pages import F4
from sync_server.exports.paper import harmless
from sync_server.reports.known import Span
from sync_server.reports.weekly import Row
from sync_server.wording import say

_COLUMNS = ("section", "office", "sentence", "evidence")
_MARGIN = 12 * mm
_WIDTHS = [part * mm for part in (48, 22, 150, 86)]


def path(event: str) -> str:
    """Where the portal shows an event."""
    return "/events/" + "/".join(event.rsplit("-", 2))


def table(found: Sequence[Row], span: Span, lang: str) -> bytes:
    """CSV: first what the list is not, and of which week, then a line for each row."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    title = say(lang, "weekly_title", since=span.first, until=span.last)
    writer.writerow([say(lang, "report_to_look"), title])
    writer.writerow([say(lang, f"th_{column}") for column in _COLUMNS])
    for row in found:
        events = " ".join(map(path, row.events))
        writer.writerow([*map(harmless, (row.section, row.opd, row.sentence)), events])
    return out.getvalue().encode()


def made(found: Sequence[Row], span: Span, region: str, lang: str) -> bytes:
    """The same on paper; the same rows make the same bytes."""
    out = io.BytesIO()
    title = say(lang, "weekly_title", since=span.first, until=span.last)
    document = SimpleDocTemplate(
        out,
        pagesize=F4,
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=_MARGIN,
        bottomMargin=_MARGIN + 4 * mm,
        title=title,
        invariant=1,
    )
    framed = partial(_foot, say(lang, "weekly_foot", region=region, lines=len(found)))
    story = [
        Paragraph(escape(title), pages.TITLE),
        Paragraph(escape(say(lang, "report_to_look")), pages.PLAIN),
        Spacer(1, 3 * mm),
        pages.grid(_cells(found, lang), _WIDTHS, right=()),
    ]
    document.build(story, onFirstPage=framed, onLaterPages=framed)
    return out.getvalue()


def _cells(found: Sequence[Row], lang: str) -> list[list[Any]]:
    cells: list[list[Any]] = [[say(lang, f"th_{column}") for column in _COLUMNS]]
    for row in found:
        texts = (row.section, row.opd, row.sentence, " ".join(row.events))
        cells.append([Paragraph(escape(text), pages.SMALL) for text in texts])
    return cells


def _foot(text: str, canvas: Canvas, document: SimpleDocTemplate) -> None:
    canvas.saveState()
    canvas.setFont("Helvetica", 7)
    canvas.drawString(_MARGIN, _MARGIN - 2 * mm, text)
    canvas.drawRightString(F4[0] - _MARGIN, _MARGIN - 2 * mm, str(document.page))
    canvas.restoreState()
