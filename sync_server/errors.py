"""What the server says when something cannot be used: where it is, and a code for what is wrong.

The sentences, with what to write instead, are in wording, in the languages of those who read them.
"""

import re
from typing import NoReturn

import msgspec


class BadFile(Exception):
    """What people wrote, in a file or on the command line, cannot be used.

    `where` is a key, or a line number, or "" for the whole; `values` fill the sentence of `code`.
    """

    def __init__(self, file: str, where: str | int, code: str, **values: object) -> None:
        super().__init__(f"{file}: {where}: {code} {values or ''}".rstrip())
        self.file = file
        self.where = where
        self.code = code
        self.values = values


class PortTaken(OSError):
    """Another program listens where the pages should be."""

    def __init__(self, port: int) -> None:
        super().__init__(f"port {port}")
        self.port = port


# What msgspec says, and the code for people. The first that fits counts.
_READINGS = (
    (re.compile(r"Object contains unknown field `(?P<key>.*)`"), "unknown_key"),
    (re.compile(r"Object missing required field `(?P<key>.*)`"), "missing_key"),
    (re.compile(r"Expected `str`, got .*"), "not_text"),
    (re.compile(r"Expected `bool`, got .*"), "not_true_false"),
    (re.compile(r"Expected `int`, got .*"), "not_whole"),
    (re.compile(r"Expected `int` (?P<bound>[<>]=? ?\d+)"), "out_of_range"),
    (re.compile(r"Invalid enum value (?P<value>.*)"), "unknown_schema"),
    (re.compile(r"(?P<detail>.*)", re.DOTALL), "not_as_shown"),
)


def unusable(
    file: str, error: msgspec.DecodeError | UnicodeDecodeError, within: str = ""
) -> NoReturn:
    """Raise the BadFile for TOML that does not decode, naming the key (below `within`) or line."""
    if isinstance(error, UnicodeDecodeError):
        raise BadFile(file, "", "not_utf8", at=error.start) from error
    if not isinstance(error, msgspec.ValidationError):
        raise BadFile(file, "", "not_toml", detail=error) from error
    wrong, _, path = str(error).partition(" - at `$")
    where = (within + path.rstrip("`")).lstrip(".")
    found = ((sign.fullmatch(wrong), code) for sign, code in _READINGS)
    match, code = next((match, code) for match, code in found if match)
    raise BadFile(file, where, code, **match.groupdict()) from error


def unreadable(file: str, problem: OSError) -> NoReturn:
    """Raise the BadFile for a file that the system does not give."""
    if isinstance(problem, FileNotFoundError):
        raise BadFile(file, "", "file_missing") from problem
    raise BadFile(file, "", "file_unreadable", detail=problem.strerror) from problem
