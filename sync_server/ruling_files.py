"""The files of decrees: rule sets, shifts and calendars, as a page shows and takes them.

A region may pick a file that comes with Hadir and put its own decree and date into it.
"""

import json
import re
import tomllib
from collections.abc import Container, Mapping
from datetime import date
from functools import cache

import msgspec
from sqlalchemy import Connection, func, select

from sync_server import absences, calendar, dirt, office_log, regulations, rulings, schema, shifts
from sync_server.errors import BadFile
from sync_server.tukin import questions, reading
from sync_server.tukin.questions import Question
from sync_server.tukin.ruleset import Ruleset

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
        asks = (*unknown_letters(tx, rules), *questions.questions(rules))
        since = rules.effective_from
        return Ruling(kind, rules.id, rules.title, rules.decree, since, rules.status, text, asks)
    if kind == "shifts":
        found = shifts.parse(text, file)
        _check_used(tx, found, file)
        return Ruling(kind, "shifts", " ".join(sorted(found)), "", None, "active", text)
    if kind == "calendar":
        year = calendar.parse(text, file)
        year.check_shifts(rulings.shift_table(tx))
        title, since = str(year.year), date(year.year, 1, 1)
        return Ruling(kind, title, title, year.decree, since, "active", text)
    raise BadFile(file, "schema", "rule_kind_unknown")


def unknown_letters(tx: Connection, rules: Ruleset) -> tuple[Question, ...]:
    """Codes of letters within a rule set's days that it does not have: those days could not be paid."""
    used = absences.codes(tx, rules.effective_from, rules.effective_to or date.max)
    return tuple(
        Question("ask_letter_code", {"name": code, "document": document})
        for code, document in used.items()
        if code not in rules.leave
    )


def take(tx: Connection, ruling: Ruling, file: str, who: str, now: float) -> None:
    """Put a file in force. `now` is server UTC seconds. Raises BadFile."""
    if ruling.kind == "rules":
        rulings.store_rules(tx, ruling.text, file, int(now), who)
        return
    rulings.store_ruling(tx, ruling.kind, ruling.name, ruling.text, int(now))
    first = ruling.first or date.min
    dirt.mark_all(tx, first, date.max if ruling.kind == "shifts" else _year_end(first), now)
    office_log.note(tx, now, who, f"{ruling.kind}_import", detail=f"{file} {ruling.title}")


def _check_used(tx: Connection, found: Container[str], file: str) -> None:
    """BadFile where turns or calendars that are in force name a shift that the file does not have."""
    used: dict[str, str] = {}
    for year in rulings.calendars(tx).values():
        for period in year.periods:
            for code in (*period.replace, *period.replace.values()):
                used.setdefault(code, f"{year.year} {period.code}")
    its = schema.rota.c
    worked = select(its.shift, func.min(its.nip)).group_by(its.shift)
    used |= {code: nip for code, nip in tx.execute(worked)}
    for code in sorted(used):
        if code not in found:
            raise BadFile(file, f"shift.{code}", "shift_in_use", shift=code, by=used[code])


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
