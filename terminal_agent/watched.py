"""When the time of a camera or a finger sensor, which keep no log, is worth a coverage record: hourly,
and wherever it breaks. Pure.

Each says every minute that it was up; sixty records an hour would say no more than one. Spans are
CLOCK_BOOTTIME seconds, which nobody sets; `ahead` is what is to be added for UTC.
"""

import msgspec

_HOUR = 3_600
_SLACK = 2  # seconds: both ends are cut to whole ones


class Span(msgspec.Struct, frozen=True):
    """It was up without a break from `since` to `through` and recorded `count` scans
    meanwhile; nothing of it is committed yet."""

    since: int
    through: int
    count: int = 0


class Worth(msgspec.Struct, frozen=True):
    """What to commit now, in order, and what is still growing."""

    done: tuple[Span, ...]
    open: Span | None


def more(before: Span | None, since: int, through: int, ahead: int) -> Worth:
    """After it said that it was up from `since` to `through`."""
    if before is None:
        return _hourly(Span(since, through), ahead)
    if since > before.through + _SLACK:
        ended = ended_at(before)
        rest = _hourly(Span(since, through), ahead)
        return Worth(ended + rest.done, rest.open)
    grown = Span(before.since, max(before.through, through), before.count)
    return _hourly(grown, ahead)


def ended_at(span: Span | None) -> tuple[Span, ...]:
    """What to commit when nobody can say any more that it is up."""
    return (span,) if span is not None and span.through > span.since else ()


def scanned(span: Span | None) -> Span | None:
    """After one more scan."""
    return span and msgspec.structs.replace(span, count=span.count + 1)


def _hourly(span: Span, ahead: int) -> Worth:
    """Shifts close on full hours: the first word after one is committed; the next span goes on
    where this one ended."""
    if (span.through + ahead) // _HOUR == (span.since + ahead) // _HOUR:
        return Worth((), span)
    return Worth((span,), Span(span.through, span.through))
