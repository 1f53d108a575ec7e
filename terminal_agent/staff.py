"""The people of the kiosk's office as its screen knows them: names, marks of NIPs, hours of the
coming days. The centre's newest Staff order, kept in the state folder."""

import logging
from pathlib import Path
from typing import Literal, Self

import msgspec

from contract import command
from contract.command import Member, Window
from contract.people import nip_mark
from terminal_agent import durable

log = logging.getLogger(__name__)

_FILE = "staff.json"
_NOBODY = command.Staff(0, (), ())

Punctual = Literal["recorded", "late", "early"]


def keep(state: Path, data: bytes) -> None:
    """`data`: a whole contract.command.Staff in JSON. There after a power cut. Raises OSError."""
    durable.write_whole(state / _FILE, data)


class _Known(msgspec.Struct, frozen=True):
    """One version of the file; `stamp` changes when another takes its place."""

    stamp: tuple[int, int, int] | None = None
    by_pin: dict[str, Member] = {}
    by_nip: dict[str, Member] = {}
    windows: tuple[tuple[Window, ...], ...] = ()


class Staff:
    """Follows the file: what the centre sends counts at the next question, of whatever thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known = _Known()

    @classmethod
    def load(cls, state: Path) -> Self:
        """The people of the kiosk whose state is there; nobody while the centre sent none."""
        return cls(state / _FILE)

    def is_empty(self) -> bool:
        """Whether the centre has told nobody yet."""
        return not self._now().by_pin

    def names(self) -> dict[str, str]:
        """Everybody's name by PIN."""
        return {pin: member.name for pin, member in self._now().by_pin.items()}

    def by_pin(self, pin: str) -> Member | None:
        """The member with this PIN."""
        return self._now().by_pin.get(pin)

    def by_nip(self, mac_key: bytes, nip: str, earlier: bytes = b"") -> Member | None:
        """The member with this NIP, told apart by the mark that only this kiosk can make; a list that
        came before its key was changed has the marks of the `earlier` one."""
        known = self._now().by_nip
        found = known.get(nip_mark(mac_key, nip))
        return found or (known.get(nip_mark(earlier, nip)) if earlier else None)

    def window(self, pin: str, t: int) -> Window | None:
        """The work day that a scan at `t` (UTC seconds) belongs to; None without hours then."""
        known = self._now()
        member = known.by_pin.get(pin)
        if member is None or not 0 <= member.windows < len(known.windows):
            return None
        here = [day for day in known.windows[member.windows] if day.opens <= t <= day.closes]
        # A night shift ends while the next day opens: the nearer of the two hours was meant.
        return min(here, key=lambda day: abs(t - _due(day, t)), default=None)

    def touch(self, pin: str, t: int) -> tuple[bool, Punctual, int]:
        """What a scan at `t` (UTC seconds) means by the hours: an arrival or not, and how many whole
        minutes too late or too early, counted as the centre counts them."""
        day = self.window(pin, t)
        if day is None:
            return True, "recorded", 0
        arrival = t < day.split
        minutes = (t - day.due_in if arrival else day.due_out - t) // 60
        if minutes <= 0:
            return arrival, "recorded", 0
        return arrival, "late" if arrival else "early", minutes

    def _now(self) -> _Known:
        stamp = _stamp(self._path)
        if stamp != self._known.stamp:
            staff = _decoded(self._path) if stamp else _NOBODY
            if staff is None:  # whoever was known is known still
                self._known = msgspec.structs.replace(self._known, stamp=stamp)
            else:
                self._known = _Known(
                    stamp,
                    {member.pin: member for member in staff.members},
                    {member.nip: member for member in staff.members if member.nip},
                    staff.windows,
                )
        return self._known


def _due(day: Window, t: int) -> int:
    return day.due_in if t < day.split else day.due_out


def _stamp(path: Path) -> tuple[int, int, int] | None:
    """What changes when another file takes this one's place; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def _decoded(path: Path) -> command.Staff | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=command.Staff)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        log.error("staff.unreadable %s", problem)
        return None
