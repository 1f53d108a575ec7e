"""The live parts of boards, as HTML by their element's id: a page and its stream show the same."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Literal

import msgspec

from sync_server import live, wording
from sync_server.errors import BadFile
from sync_server.live import Board, Boards, State
from sync_server.web import drawing, frame

# What a count on a board stands for, and the list that it leads to.
GROUPS: Mapping[str, tuple[State, ...]] = {
    "came": live.CAME,
    "expected": live.EXPECTED,
    "all": live.STATES,
    **{state: (state,) for state in live.STATES},
}
ALWAYS: tuple[State, ...] = ("here", "late", "not_yet", "no_data", "duty", "leave")
TONES: Mapping[str, str] = {
    "here": "good",
    "came": "good",
    "late": "warn",
    "not_yet": "bad",
    "missed": "bad",
    "no_data": "wait",
    "held": "wait",
    "duty": "note",
    "leave": "note",
    "off": "off",
    "later": "off",
    "expected": "note",
    "all": "note",
}
_LISTED: tuple[State, ...] = ("not_yet", "missed", "no_data", "held", "late", "duty", "leave")


class Wanted(msgspec.Struct, frozen=True):
    """What somebody looks at. `opds`: one office, or those of a region's overview. `show`: a group of
    GROUPS, "" for what matters now. `names`: he may know who; `kiosks`: he may see those."""

    kind: Literal["office", "region"]
    opds: tuple[str, ...]
    lang: str
    show: str = ""
    names: bool = False
    kiosks: bool = False


class Panels:
    """Draws what is wanted."""

    def __init__(self, boards: Boards) -> None:
        self._boards = boards

    def changed(self, wanted: object, before: object) -> tuple[object, Mapping[str, str] | None]:
        """The boards, and their panels where they are others than `before`."""
        if not isinstance(wanted, Wanted):
            raise TypeError(wanted)
        found = self._boards.of(wanted.opds)
        return found, None if found == before else draw(wanted, found)

    def now(self, wanted: Wanted) -> Mapping[str, str]:
        """The panels for a page."""
        return draw(wanted, self._boards.of(wanted.opds))


def draw(wanted: Wanted, found: Mapping[str, Board | BadFile]) -> dict[str, str]:
    """The panels of boards. Raises BadFile where an office's own board cannot be made."""
    boards = [one for one in found.values() if isinstance(one, Board)]
    if wanted.kind == "office":
        one = found[wanted.opds[0]]
        if isinstance(one, BadFile):
            return {"board-now": _text("board_bad.html", wanted, bad=_complaint(wanted.lang, one))}
        return _office(wanted, one)
    total: Counter[State] = sum((one.counts for one in boards), Counter())
    drawn = {"region-totals": _text("board_totals.html", wanted, counts=total)}
    for opd in wanted.opds:
        one = found[opd]
        board = one if isinstance(one, Board) else None
        bad = _complaint(wanted.lang, one) if isinstance(one, BadFile) else ""
        html = _text("board_row.html", wanted, opd=opd, board=board, bad=bad)
        drawn[f"row-{opd}"] = html
    return drawn


def _office(wanted: Wanted, board: Board) -> dict[str, str]:
    listed = (wanted.show,) if wanted.show else _LISTED
    dues = {row.due_in for row in board.rows if row.due_in and row.workdate == board.today}
    climbing = [one for one in board.of(*live.EXPECTED) if one.due_in in dues]
    came = live.arrivals(climbing)
    picture = drawing.curve(came, len(climbing), dues, board.now)
    return {
        "board-now": _text("board_now.html", wanted, board=board),
        "board-counts": _text("board_counts.html", wanted, board=board),
        "board-curve": _text(
            "board_curve.html", wanted, board=board, curve=picture, came=came, of=len(climbing)
        ),
        "board-lists": _text("board_lists.html", wanted, board=board, listed=listed),
    }


def _text(template: str, wanted: Wanted, **values: object) -> str:
    def say(code: str, /, **given: object) -> str:
        return wording.say(wanted.lang, code, **given)

    def age(seconds: int) -> str:
        return aged(wanted.lang, seconds)

    def moment(t: int, board: Board) -> str:
        return moment_of(wanted.lang, t, board.zone, board.now)

    return (
        frame.environment()
        .get_template(template)
        .render(
            wanted=wanted,
            say=say,
            age=age,
            moment=moment,
            alert=lambda code: wording.alert(wanted.lang, code),
            day=frame.day_of(wanted.lang),
            groups=GROUPS,
            always=ALWAYS,
            tones=TONES,
            **values,
        )
    )


def aged(lang: str, seconds: int) -> str:
    """A span as people say it: minutes, hours, days."""
    for unit, code in ((86_400, "age_days"), (3_600, "age_hours"), (60, "age_minutes")):
        if seconds >= unit * (1 if unit == 60 else 2):
            return wording.say(lang, code, n=seconds // unit)
    return wording.say(lang, "age_now")


def moment_of(lang: str, t: int, zone: int, now: int) -> str:
    """A time (UTC seconds) on the wall clock of `zone`, with its day where that is not today's."""
    day, today = ((one + zone * 60) // 86_400 for one in (t, now))
    if day == today:
        return frame.clock(t, zone)
    on = frame.day_of(lang)(date(1970, 1, 1) + timedelta(days=day))
    return wording.say(lang, "board_on_day", day=on, clock=frame.clock(t, zone))


def _complaint(lang: str, bad: BadFile) -> str:
    return wording.complaint(lang, bad.file, bad.where, bad.code, bad.values)
