"""Percentages that people write as text, as integers: "1.25" is 125 basis points. Pure."""

import re

from sync_server.errors import BadFile

_PERCENT = re.compile(r"(0|[1-9][0-9]{0,4})(?:\.([0-9]{1,2}))?")
_MOST_BP = 10_000


def basis_points(text: str, file: str, where: str, most: int = _MOST_BP) -> int:
    """A percentage as basis points, at most `most`. Raises BadFile: a point, two decimals at most."""
    found = _PERCENT.fullmatch(text)
    if found is None:
        raise BadFile(file, where, "not_percent", text=text)
    whole, part = found.groups()
    value = int(whole) * 100 + int((part or "0").ljust(2, "0"))
    if value > most:
        raise BadFile(file, where, "percent_over", text=text, most=plain(most))
    return value


def plain(bp: int) -> str:
    """Basis points as people write them in a rule file: 125 is "1.25"."""
    whole, part = divmod(abs(bp), 100)
    sign = "-" if bp < 0 else ""
    return f"{sign}{whole}.{part:02}".rstrip("0").rstrip(".")


def half_up(dividend: int, divisor: int) -> int:
    """A quotient of what is not negative, rounded to the nearest integer, one half up."""
    return (2 * dividend + divisor) // (2 * divisor)
