"""The inspectorate's list of one week: what terminals show, patterns of punches, entries by hand.

Reasons to look, never proofs and never sanctions: the list says so itself, and names the event
behind every line.
"""

import re
from collections.abc import Collection, Iterator
from datetime import date, timedelta

import msgspec
from sqlalchemy import Connection

from sync_server.daybook import book
from sync_server.errors import BadFile
from sync_server.reports import control_lines, controls, lines, manual, patterns, seen, together
from sync_server.reports.controls import Controls
from sync_server.reports.known import Span
from sync_server.reports.lines import Finding
from sync_server.reports.manual import Manual
from sync_server.reports.patterns import FaceApart, Patterns
from sync_server.reports.together import Burst, Pair
from sync_server.wording import say

_WEEK = re.compile(r"([0-9]{4})-W([0-9]{2})")
_PAIRS = timedelta(days=28)  # two of a kind are a habit of weeks, not of one


class Weekly(msgspec.Struct, frozen=True):
    """A week's list. Pairs are those of the four weeks that end with it."""

    controls: Controls
    patterns: Patterns
    manual: tuple[Manual, ...]


class Row(msgspec.Struct, frozen=True):
    """A line for paper: section, office, sentence, and the events behind it."""

    section: str
    opd: str
    sentence: str
    events: tuple[str, ...]


def week(text: str) -> Span:
    """The dates of "YYYY-Www" (ISO 8601), Monday to Sunday. Raises BadFile."""
    found = _WEEK.fullmatch(text)
    try:
        first = date.fromisocalendar(int(found[1]), int(found[2]), 1) if found else None
    except ValueError:
        first = None
    if first is None:
        raise BadFile("report", "", "bad_week", text=text)
    return Span(first, first + timedelta(days=6))


def week_before(today: date) -> str:
    """The newest week that is over on a date."""
    year, number, _ = (today - timedelta(days=7)).isocalendar()
    return f"{year}-W{number:02}"


def weekly(tx: Connection, opds: Collection[str], span: Span) -> Weekly:
    """The list of the offices for the span."""
    found = patterns.unusual(tx, opds, span)
    before = Span(span.last - _PAIRS + timedelta(days=1), span.last)
    touches = [
        one
        for opd in sorted(opds)
        for one in seen.seen(book.facts(tx, opd, before.first, before.last))
    ]
    found = msgspec.structs.replace(found, pairs=tuple(together.pairs(touches)))
    shares = tuple(one for one in manual.shares(tx, opds, span) if one.share_bp)
    return Weekly(controls.controls(tx, opds, span), found, shares)


def rows(lang: str, found: Weekly) -> Iterator[Row]:
    """Every line as a sentence, section by section."""
    for line in found.controls.lines:
        sentence = control_lines.sentence(lang, line, found.controls)
        section = say(lang, f"control_{line.kind}")
        yield Row(section, line.opd, sentence, line.events)
    named = found.patterns
    for name, some in lines.findings(named):
        for one in some:
            sentence = lines.finding(lang, one, named.names, named.zones)
            yield Row(say(lang, f"pattern_{name}"), _office(one), sentence, _events(one))
    for share in found.manual:
        yield Row(say(lang, "report_manual"), share.opd, lines.row(lang, share), ())


def _office(one: Finding) -> str:
    if isinstance(one, Pair | Burst | FaceApart):
        return one.opd
    return str(getattr(one, "opd", "") or getattr(getattr(one, "first", None), "opd", ""))


def _events(one: Finding) -> tuple[str, ...]:
    if isinstance(one, FaceApart):
        return (one.event,)
    if hasattr(one, "events"):
        return tuple(one.events)
    return (one.first.event, one.second.event)
