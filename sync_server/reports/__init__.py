"""What heads of offices ask for at the month's end, each line with the way to its evidence."""

from collections.abc import Callable, Mapping

from sqlalchemy import Connection

from sync_server.reports import controls, discipline, holiday, inactive, manual, patterns
from sync_server.reports.controls import Controls
from sync_server.reports.known import Span, asked, month, offices
from sync_server.reports.patterns import Patterns

# Every report by its name: made of offices and a month.
MADE: Mapping[str, Callable[[Connection, list[str], Span], object]] = {
    "inactive": inactive.people,
    "holiday": holiday.returns,
    "manual": manual.shares,
    "patterns": patterns.unusual,
    "discipline": discipline.warned,
    "controls": controls.controls,
}

__all__ = ["MADE", "Controls", "Patterns", "Span", "asked", "month", "offices"]
