"""The files of decrees: rule sets, shifts and calendars, as a page shows and takes them.

A region may pick a file that comes with Hadir and put its own decree and date into it.
"""

import json
import re
import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache

import msgspec
from sqlalchemy import Connection

from sync_server import calendar, dirt, office_log, regulations, rulings, shifts
from sync_server.errors import BadFile
from sync_server.tukin import questions, reading
from sync_server.tukin.questions import Question

_KINDS = {
    "tukin-rules/1": "rules",
    "tukin-shifts/1": "shifts",
    "tukin-calendar/1": "calendar",
}
_OTHERS = ("shifts.toml", "calendar-2026.toml")


class Ruling(msgspec.Struct, frozen=True):
    """A file that was read: its kind, the id that it replaces, what it is called and rests on, from
    when, and what its decree's makers should confirm."""

    kind: str
    name: str
    title: str
    decree: str
    first: date | None
    status: str
    text: str
    asks: tuple[Question, ...] = ()


def shipped() -> tuple[str, ...]:
    """The files that come with Hadir, by the name that `text_of` takes."""
    return (*regulations.names(), *_OTHERS)


@cache
def titles() -> Mapping[str, str]:
    """What the rule files that come with Hadir are called, by their names."""
    return {name: reading.parse(regulations.text(name), name).title for name in regulations.names()}


def read(tx: Connection, text: str, file: str) -> Ruling:
    """What a file is. Raises BadFile where it cannot be used, alone or beside what is in force."""
    try:
        schema = str(tomllib.loads(text).get("schema", ""))
    except tomllib.TOMLDecodeError as problem:
        raise BadFile(file, "", "not_toml", detail=problem) from problem
    kind = _KINDS.get(schema)
    if kind == "rules":
        rules = reading.parse(text, file)
        others = [one for one in rulings.rulesets(tx) if one.id != rules.id]
        reading.check_together([*others, rules])
        asks = questions.questions(rules)
        since = rules.effective_from
        return Ruling(kind, rules.id, rules.title, rules.decree, since, rules.status, text, asks)
    if kind == "shifts":
        found = shifts.parse(text, file)
        return Ruling(kind, "shifts", " ".join(sorted(found)), "", None, "active", text)
    if kind == "calendar":
        year = calendar.parse(text, file)
        year.check_shifts(rulings.shift_table(tx))
        title, since = str(year.year), date(year.year, 1, 1)
        return Ruling(kind, title, title, year.decree, since, "active", text)
    raise BadFile(file, "schema", "rule_kind_unknown")


def take(tx: Connection, ruling: Ruling, file: str, who: str, now: float) -> None:
    """Put a file in force. `now` is server UTC seconds. Raises BadFile."""
    if ruling.kind == "rules":
        rulings.store_rules(tx, ruling.text, file, int(now), who)
        return
    rulings.store_ruling(tx, ruling.kind, ruling.name, ruling.text, int(now))
    first = ruling.first or date.min
    dirt.mark_all(tx, first, date.max if ruling.kind == "shifts" else _year_end(first), now)
    office_log.note(tx, now, who, f"{ruling.kind}_import", detail=f"{file} {ruling.title}")


def amended(text: str, decree: str, first: date | None) -> str:
    """The same file with a region's own decree, and (rules only) the day from which it applies."""
    if decree:
        text = _put(text, "decree", json.dumps(decree, ensure_ascii=False))
    return _put(text, "effective_from", first.isoformat()) if first else text


def _put(text: str, key: str, value: str) -> str:
    line = re.compile(rf"^(\s*{key}\s*=\s*).*$", re.MULTILINE)
    return line.sub(lambda found: found[1] + value, text, count=1)


def _year_end(first: date) -> date:
    return date(first.year, 12, 31)
