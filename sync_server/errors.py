"""What the server says when something cannot be used: where it is, what is wrong, what to write."""

from typing import NoReturn

import msgspec


class BadFile(Exception):
    """People wrote a file that cannot be used: `where`, what is `wrong`, what to do `instead`."""

    def __init__(self, file: str, where: str, wrong: str, instead: str) -> None:
        super().__init__(f"{file}: {where}: {wrong}; {instead}")
        self.file = file
        self.where = where
        self.wrong = wrong
        self.instead = instead


# What msgspec says, and what a person does about it. The first part that fits counts.
_ADVICE = (
    ("unknown field", "correct its spelling or take it out"),
    ("missing required field", "add it"),
    ("Expected `str`", "put the value in quotes"),
    ("Expected `bool`", "write true or false, without quotes"),
    ("Expected `int`", "write a whole number, without quotes"),
    ("Invalid enum value", "this version reads the schema named in its manual, no other"),
)


def unusable(
    file: str, error: msgspec.DecodeError | UnicodeDecodeError, within: str = ""
) -> NoReturn:
    """Raise the BadFile for TOML that does not decode, naming the key (below `within`) or line."""
    if isinstance(error, UnicodeDecodeError):
        raise BadFile(file, f"byte {error.start}", "not UTF-8", "save it as UTF-8") from error
    if not isinstance(error, msgspec.ValidationError):
        raise BadFile(file, "TOML", str(error), "correct that line") from error
    wrong, _, path = str(error).partition(" - at `$")
    advice = (text for sign, text in _ADVICE if sign in wrong)
    where = (within + path.rstrip("`")).lstrip(".") or "top level"
    raise BadFile(file, where, wrong, next(advice, "write what the manual shows")) from error
