"""Whose finger a page of a sensor is: the sensor keeps templates, the kiosk keeps the people.

One small file in the state folder. A page counts for a person only while it holds the very template
that was enrolled: its digest, under a key that never leaves the file, is compared at every scan.
What is erased counts for nobody at once, and is owed until the sensor has been there to lose it.
"""

import fcntl
import secrets
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from contract import roll
from terminal_agent import durable
from terminal_agent.errors import SourceMisconfigured, SourceUnavailable

_FILE, _LOCK = "fingers.json", "fingers.lock"
_SALT_BYTES = 32


class Finger(msgspec.Struct, frozen=True):
    """A person's finger in a page. `digest`: of its template, "" where the sensor tells none or
    tells it differently each time. `made`: UTC seconds by the kiosk's clock. `condemned`: it was erased,
    and the sensor still has to be told."""

    pin: str
    digest: str
    made: int
    condemned: bool = False


class Kept(msgspec.Struct, frozen=True):
    """The file: by sensor and page. `unproven`: by sensor, the page of an enrolment under way."""

    salt: bytes
    sensors: dict[str, dict[int, Finger]] = {}
    unproven: dict[str, int] = {}


class Fingers:
    """Follows the file, which sensors, orders and commands write one at a time. Raises
    SourceMisconfigured (`fingers_damaged`), and SourceUnavailable where it cannot be written."""

    def __init__(self, state: Path) -> None:
        self._path = state / _FILE
        self._lock = state / _LOCK
        self._turn = threading.RLock()
        self._depth = 0
        self._read: tuple[tuple[int, int], Kept] = ((0, 0), Kept(b""))

    def of(self, serial: str) -> dict[int, Finger]:
        """By page, whose fingers are enrolled in a sensor."""
        return self.kept().sensors.get(serial, {})

    def digest(self, template: bytes) -> str:
        """What is kept of a template."""
        return roll.template_digest(self._salted().salt, template)

    def mark(self) -> str:
        """The mark of the salt of all digests (contract.roll)."""
        return roll.salt_mark(self._salted().salt)

    def unproven(self, serial: str) -> int | None:
        """The page that an enrolment was cut off at."""
        return self.kept().unproven.get(serial)

    def begin(self, serial: str, page: int) -> None:
        """A template comes into this page, and is nobody's yet."""
        with self._alone():
            kept = self._salted()
            self._write(msgspec.structs.replace(kept, unproven={**kept.unproven, serial: page}))

    def keep(self, serial: str, page: int, finger: Finger) -> None:
        """It is proven whose it is."""
        with self._alone():
            self._put(serial, {**self.of(serial), page: finger})

    def drop(self, serial: str, page: int) -> None:
        """The page is nobody's."""
        with self._alone():
            self._put(serial, {at: one for at, one in self.of(serial).items() if at != page})

    def condemn(self, pins: Collection[str]) -> int:
        """Erase these people: how many fingers are nobody's from now on."""
        with self._alone():
            kept = self.kept()
            found = sum(
                one.pin in pins for pages in kept.sensors.values() for one in pages.values()
            )
            if found:
                sensors = {
                    serial: {
                        page: msgspec.structs.replace(one, condemned=True)
                        if one.pin in pins
                        else one
                        for page, one in pages.items()
                    }
                    for serial, pages in kept.sensors.items()
                }
                self._write(msgspec.structs.replace(kept, sensors=sensors))
            return found

    def owed(self, pins: Collection[str]) -> int:
        """How many fingers of these people are erased and still in a sensor."""
        every = (one for pages in self.kept().sensors.values() for one in pages.values())
        return sum(one.condemned and one.pin in pins for one in every)

    def condemned(self, serial: str) -> list[int]:
        """The pages of a sensor that are to be emptied."""
        return [page for page, one in self.of(serial).items() if one.condemned]

    def kept(self) -> Kept:
        """The whole file; it is read again only where it is another one."""
        try:
            there = self._path.stat()
            mark = (there.st_ino, there.st_mtime_ns)
            if mark != self._read[0]:
                self._read = mark, msgspec.json.decode(self._path.read_bytes(), type=Kept)
            return self._read[1]
        except FileNotFoundError:
            return Kept(b"")
        except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
            raise SourceMisconfigured("fingers_damaged", f"{self._path}: {problem}") from problem

    def _put(self, serial: str, pages: dict[int, Finger]) -> None:
        kept = self._salted()
        unproven = {name: at for name, at in kept.unproven.items() if name != serial}
        sensors = {**kept.sensors, serial: pages}
        self._write(msgspec.structs.replace(kept, sensors=sensors, unproven=unproven))

    def _salted(self) -> Kept:
        with self._alone():
            kept = self.kept()
            if not kept.salt:
                kept = msgspec.structs.replace(kept, salt=secrets.token_bytes(_SALT_BYTES))
                self._write(kept)
            return kept

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """No other thread or process writes meanwhile."""
        with self._turn:
            if self._depth:
                yield
                return
            with self._locked():
                self._depth = 1
                try:
                    yield
                finally:
                    self._depth = 0

    @contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            lock = self._lock.open("w")
        except OSError as problem:
            raise SourceUnavailable("storage_full", f"{self._lock}: {problem}") from problem
        with lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _write(self, kept: Kept) -> None:
        try:
            durable.write_whole(self._path, msgspec.json.encode(kept))
        except OSError as problem:
            raise SourceUnavailable("storage_full", f"{self._path}: {problem}") from problem
