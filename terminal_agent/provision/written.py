"""Puts answers into a configuration in TOML and leaves its comments where they are. Pure.

The file of the package explains every key and shows it as an example (`#key = …` under `#[table]`):
an answer takes its example's place.
"""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from copy import deepcopy

Table = dict[str, object]

_HEADER = re.compile(r"\s*#?(\[\[?)([a-z_.]+)\]\]?\s*(#.*)?")
_KEY = re.compile(r"\s*#?([a-z_]+)\s*=")  # the example of a key too


def merged(text: str, answers: Mapping[str, object]) -> str:
    """The text with these answers in it: tables of keys, and lists of tables that are told apart by
    their `name`; whatever is not answered stays. Raises ValueError where the text is written in a way
    that this does not follow, so that nobody's line is lost."""
    answers = filled(answers)
    lines = text.splitlines()
    for table, values in _tables(answers):
        _put_table(lines, table, values)
    for table, one in _entries(answers):
        _put_entry(lines, table, one)
    done = "\n".join(lines).strip("\n") + "\n"
    if tomllib.loads(done) != _expected(tomllib.loads(text), answers):
        raise ValueError("the file is written in another way than the one of the package")
    return done


def filled(answers: Mapping[str, object]) -> Table:
    """The answers without tables and lists that are only named: `[camera]` and nothing below it."""
    return {key: value for key, value in answers.items() if value not in ({}, [])}


def literal(value: object) -> str:
    """A value in TOML: text, numbers, true and false, lists of them."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(literal, value)) + "]"
    return json.dumps(value)


def _tables(answers: Mapping[str, object]) -> Iterator[tuple[str, Table]]:
    for table, told in answers.items():
        if isinstance(told, dict):
            values = {key: value for key, value in told.items() if not _is_entries(value)}
            if values:
                yield table, values


def _entries(answers: Mapping[str, object]) -> Iterator[tuple[str, Table]]:
    for table, told in answers.items():
        if isinstance(told, list):
            yield from ((table, one) for one in told)
        elif isinstance(told, dict):
            yield from _entries({f"{table}.{key}": v for key, v in told.items() if _is_entries(v)})


def _is_entries(value: object) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _put_table(lines: list[str], table: str, values: Table) -> None:
    at = _header(lines, f"[{table}]", 0)
    if at is None:
        at = _header(lines, f"#[{table}]", 0)
        if at is None:
            lines += ["", ""]
            at = len(lines) - 1
        lines[at] = f"[{table}]"
    _put_keys(lines, at, values)


def _put_entry(lines: list[str], table: str, one: Table) -> None:
    """Into the entry of that name; a new one behind the last one, or behind the example."""
    live, last = f"[[{table}]]", None
    at = _header(lines, live, 0)
    while at is not None:
        if _named(lines, at) == one["name"]:
            _put_keys(lines, at, one)
            return
        last, at = at, _header(lines, live, at + 1)
    example = _header(lines, f"#{live}", 0)
    behind = example if last is None else last
    end = len(lines) if behind is None else _end(lines, behind)
    lines[end:end] = ["", live, *(f"{key} = {literal(value)}" for key, value in one.items())]


def _put_keys(lines: list[str], at: int, values: Table) -> None:
    for key, value in values.items():
        where = _key(lines, at, key)
        if where is None:
            lines.insert(at + 1, f"{key} = {literal(value)}")
        else:
            lines[where] = f"{key} = {literal(value)}"


def _key(lines: list[str], at: int, key: str) -> int | None:
    """The line of a key under the header at `at`: the key itself, else its example."""
    inside = range(at + 1, _next(lines, at))
    for form in (rf"\s*{key}\s*=", rf"#{key} ="):  # people write as they like, the package does not
        for number in inside:
            if re.match(form, lines[number]):
                return number
    return None


def _named(lines: list[str], at: int) -> str:
    where = _key(lines, at, "name")
    if where is None or lines[where].startswith("#"):
        return ""
    return str(tomllib.loads(lines[where])["name"])


def _header(lines: list[str], header: str, begin: int) -> int | None:
    for number in range(begin, len(lines)):
        if re.fullmatch(rf"\s*{re.escape(header)}\s*(#.*)?", lines[number]):
            return number
    return None


def _next(lines: list[str], at: int) -> int:
    """The next header, also an example's, or the end."""
    after = range(at + 1, len(lines))
    return next((number for number in after if _HEADER.fullmatch(lines[number])), len(lines))


def _end(lines: list[str], at: int) -> int:
    """Behind the last key of what begins at `at`; what follows explains the next part."""
    inside = range(at, _next(lines, at))
    return max((number + 1 for number in inside if _KEY.match(lines[number])), default=at + 1)


def _expected(before: Table, answers: Mapping[str, object]) -> Table:
    after = deepcopy(before)
    for key, told in answers.items():
        if isinstance(told, dict):
            inner = after.get(key, {})
            after[key] = _expected(inner if isinstance(inner, dict) else {}, told)
        elif _is_entries(told):
            after[key] = _joined(after.get(key, []), told)
        else:
            after[key] = list(told) if isinstance(told, tuple) else told
    return after


def _joined(before: object, told: object) -> list[Table]:
    entries: list[Table] = list(before) if isinstance(before, list) else []
    for one in told if isinstance(told, list) else []:
        same = next((entry for entry in entries if entry.get("name") == one["name"]), None)
        if same is None:
            entries.append(dict(one))
        else:
            same.update(one)
    return entries
