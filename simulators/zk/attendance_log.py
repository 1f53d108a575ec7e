"""The attendance log of a terminal: ready-made bytes, a capacity, cyclic delete when it is full.

The bytes are kept as they go out, so that a read of 100,000 records costs one copy.
"""

from collections.abc import Callable, Iterable

from msgspec.structs import replace

from simulators.zk.layouts import PUNCH_LAYOUTS, Punch, table


class LogFull(RuntimeError):
    """The log has reached its capacity and cyclic delete is off: the terminal takes no punch."""


class AttendanceLog:
    """Punches in the order in which they were stored. Not thread-safe: Device holds the lock."""

    def __init__(self, width: int, capacity: int, cyclic_delete: int) -> None:
        self.punches: list[Punch] = []
        self.width = width
        self._capacity = capacity
        self._cyclic_delete = cyclic_delete
        self._layout = PUNCH_LAYOUTS[width]
        self._records = bytearray()

    def __len__(self) -> int:
        return len(self.punches)

    def append(self, punch: Punch) -> None:
        """Store one punch; at capacity the oldest 1-999 go first (FingerTec manual p.25)."""
        if len(self.punches) >= self._capacity:
            if not self._cyclic_delete:
                raise LogFull(f"{self._capacity} records and cyclic delete is off")
            del self.punches[: self._cyclic_delete]
            del self._records[: self._cyclic_delete * self.width]
        self.punches.append(punch)
        self._records += self._layout(punch)

    def extend(self, punches: Iterable[Punch]) -> None:
        """Store many punches, one after the other."""
        for punch in punches:
            self.append(punch)

    def edit(self, index: int, **changes: object) -> None:
        """Change fields of the punch at this place, as tampering software would."""
        punch = replace(self.punches[index], **changes)
        start = range(len(self.punches))[index] * self.width
        self.punches[index] = punch
        self._records[start : start + self.width] = self._layout(punch)

    def delete(self, condemned: Callable[[Punch], bool]) -> int:
        """Remove the punches of which this is true; says how many."""
        kept = [punch for punch in self.punches if not condemned(punch)]
        removed = len(self.punches) - len(kept)
        self.punches = kept
        self._records = bytearray(b"".join(map(self._layout, kept)))
        return removed

    def body(self) -> bytes:
        """The whole log as a bulk body, frozen at this moment."""
        return table(self._records)
