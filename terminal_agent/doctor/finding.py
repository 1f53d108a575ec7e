"""What the doctor found, as values. Pure."""

from collections.abc import Iterable
from typing import Literal

import msgspec

Level = Literal["ok", "info", "warn", "fail"]
Values = dict[str, str | int | float]
LEVELS: tuple[Level, ...] = ("fail", "warn", "info", "ok")


class Finding(msgspec.Struct, frozen=True):
    """`code` names a sentence in wording; `values` fill it in. `part`: the device by its name, or the
    part of the kiosk. "fail": attendance is in danger or does not get through; "warn": it will be, if
    nobody looks; "info": cannot be told, or is worth knowing."""

    code: str
    level: Level
    part: str
    values: Values = {}


def worst_first(found: Iterable[Finding]) -> list[Finding]:
    """The findings, what matters most at the top, otherwise in the order of looking."""
    return sorted(found, key=lambda one: LEVELS.index(one.level))
