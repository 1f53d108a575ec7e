"""The daily fact: what a person's day was, before any rule prices it; its JSON and table. Pure.

Schema `tukin-fact/1`. The same inputs make the same bytes.
"""

from datetime import date, datetime
from typing import Literal

import msgspec

Status = Literal[
    "HADIR",
    "SAH",
    "TK",
    "LIBUR_JADWAL",
    "LIBUR_NASIONAL",
    "CUTI_BERSAMA",
    "TUNGGU_DATA",
    "TAHAN_JAM",
    "DIKECUALIKAN",
]
Point = Literal["in", "mid", "out"]
Flag = Literal[
    "absences_overlap",  # more than one full-day absence; the first by code stands
    "in_bounded",  # the arrival's time is an interval; the best case in it counts
    "mid_bounded",
    "out_bounded",
    "in_by_secret",  # typed: a number that a letter allows
    "in_by_witness",  # a colleague vouched
    "out_by_secret",
    "out_by_witness",
    "touched",  # there are punches on a day off or on leave
    "unplaced",  # a punch without a usable clock may belong to this day
]


class Touch(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A punch that counts for a checkpoint. `t` (UTC) decides; `lo` and `hi` bound it if bounded.

    `clock` is ok, corrected or bounded; `raw` is what the stamping clock showed, where it differs.
    """

    t: datetime
    event: str
    terminal: str
    mode: str
    clock: str
    raw: str | None = None
    lo: datetime | None = None
    hi: datetime | None = None


class Fact(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One person, one work date. All instants are UTC; `workdate` is local to the office (`tz`).

    Minutes count in HADIR only, and an excused or absent checkpoint has none. `missing` names the
    checkpoints without a punch that nothing excuses (in TUNGGU_DATA and TAHAN_JAM: not yet known).
    `absence` is the code of a full-day absence, `absence_in` and `absence_out` of half ones.
    `apel` is None where no roll call was due. `evidence` names every punch that was weighed.
    """

    schema: Literal["tukin-fact/1"] = "tukin-fact/1"
    nip: str
    opd: str
    workdate: date
    tz: str
    shift: str | None
    due_in: datetime | None
    due_out: datetime | None
    arrival: Touch | None = msgspec.field(name="in")
    departure: Touch | None = msgspec.field(name="out")
    mid: tuple[Touch | None, ...]
    late_min: int
    early_min: int
    missing: tuple[Point, ...]
    status: Status
    absence: str | None
    absence_in: str | None
    absence_out: str | None
    excused: tuple[Point, ...]
    apel: Literal["attended", "missed"] | None
    coverage: Literal["complete", "incomplete"]
    behind: tuple[str, ...]
    evidence: tuple[str, ...]
    flags: tuple[Flag, ...]
    engine: str
    retime: str


_encoder = msgspec.json.Encoder()
_TOUCH = ("t", "event", "terminal", "mode", "clock", "raw")


def to_json(fact: Fact) -> bytes:
    """One line of JSON Lines, without its newline."""
    return _encoder.encode(fact)


def row(fact: Fact) -> dict[str, str]:
    """The fact as one line of a table, in the order of COLUMNS; NIP stays text, lists have spaces.

    `mid` holds one instant for each checkpoint in the middle of the day, "-" where there is none.
    """
    plain: dict[str, object] = msgspec.to_builtins(fact)
    cells: dict[str, str] = {}
    for key, value in plain.items():
        if key in ("in", "out"):
            touch = value if isinstance(value, dict) else {}
            cells |= {f"{key}_{name}": touch.get(name, "") for name in _TOUCH}
        elif key == "mid":
            cells[key] = " ".join(msgspec.to_builtins(mid.t) if mid else "-" for mid in fact.mid)
        elif isinstance(value, list | tuple):
            cells[key] = " ".join(value)
        else:
            cells[key] = "" if value is None else str(value)
    return cells


COLUMNS: tuple[str, ...] = tuple(
    column
    for field in msgspec.structs.fields(Fact)
    for column in (
        tuple(f"{field.encode_name}_{name}" for name in _TOUCH)
        if field.encode_name in ("in", "out")
        else (field.encode_name,)
    )
)
