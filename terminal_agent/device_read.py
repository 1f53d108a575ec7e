"""`device read` and `device info`: one terminal, looked at without running the kiosk.

The cursor of the last look stays in a file of the person who looks; the kiosk's own cursor lives in
its journal and is not touched.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from terminal_agent.clock import Clock
from terminal_agent.sources.zk_pull import newest_year, offset_ms
from terminal_agent.zk.bookmark import Bookmark
from terminal_agent.zk.link import Link
from terminal_agent.zk.poll import LEGACY_PLATFORMS, PollResult, poll, read_users
from terminal_agent.zk.records import Row, Unreadable
from terminal_agent.zk.tail import Replaced, Shifted
from terminal_agent.zk.users import User

FOLDER = Path.home() / ".local/state/hadir/device-read"


class Where(msgspec.Struct, frozen=True):
    """Where the terminal is and how it wants to be spoken to; `timeout` in seconds."""

    host: str
    port: int
    password: int
    udp: bool
    timeout: float

    def link(self) -> Link:
        """A connection, made when it is entered."""
        return Link(self.host, self.port, self.password, self.timeout, self.udp)


class Look(msgspec.Struct, frozen=True):
    """One look: a line per record, and the summary that scripts read."""

    lines: list[dict[str, object]]
    summary: dict[str, object]
    change: Shifted | Replaced | None

    def sentences(self) -> Iterator[tuple[str, dict[str, object]]]:
        """What a person should be told, as wording code and values."""
        if isinstance(self.change, Shifted):
            yield "log_shifted", {"dropped": self.change.dropped}
        if isinstance(self.change, Replaced):
            yield "log_replaced", {}
        if self.summary["counted"] != self.summary["on_device"]:
            yield "count_differs", self.summary
        yield "read_summary", self.summary


def read(where: Where, state: Path, clock: Clock, *, full: bool) -> Look:
    """What is new since the last look from this folder, or the whole log.

    Raises SourceUnavailable and SourceMisconfigured.
    """
    state.mkdir(parents=True, exist_ok=True)
    with where.link() as link:
        file = state / f"{_safe(link.serial())}.json"
        bookmark = _bookmark(file) if file.exists() and not full else None
        found = poll(link, bookmark, lambda: int(clock.wall() * 1000), newest_year(clock.look()))
    file.write_bytes(msgspec.json.encode(found.bookmark))
    offset = offset_ms(found.clock)
    lines = [_line(found.serial, row, offset) for row in found.rows]
    return Look(lines, _summary(found, len(lines), offset), found.change)


def info(where: Where, clock: Clock) -> dict[str, object]:
    """What a terminal says of itself. Raises SourceUnavailable and SourceMisconfigured."""
    with where.link() as link:
        reading = link.device_time(lambda: int(clock.wall() * 1000))
        return {
            "serial": link.serial(),
            "platform": link.platform(),
            "firmware": link.firmware(),
            "counters": msgspec.to_builtins(link.sizes()),
            "device_time": _local(reading.device.t, reading.device.impossible),
            "clock_offset_s": _seconds(offset_ms(reading)),
        }


def enrolled(where: Where) -> list[dict[str, object]]:
    """Everybody on a terminal. Raises SourceUnavailable and SourceMisconfigured."""
    with where.link() as link:
        found = read_users(link, link.platform().startswith(LEGACY_PLATFORMS), link.sizes())
    return [
        {
            "uid": user.uid,
            "pin": user.pin,
            "name": user.name.decode("utf-8", "replace"),
            "privilege": user.privilege,
        }
        for user in found
        if isinstance(user, User)
    ]


def instant(seconds: int) -> str:
    """UTC seconds as people and programs both read them."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _bookmark(file: Path) -> Bookmark | None:
    """A file of an older version, or a damaged one, only costs a full read."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=Bookmark)
    except msgspec.DecodeError:
        return None


def _safe(serial: str) -> str:
    """A serial number as a file name, whatever the device sends."""
    return "".join(letter if letter.isalnum() else "_" for letter in serial)[:64]


def _line(serial: str, row: Row | Unreadable, offset: int | None) -> dict[str, object]:
    if isinstance(row, Unreadable):
        return {"serial": serial, "unreadable": row.reason, "raw": row.raw.hex()}
    utc = None if offset is None or row.impossible else instant(row.t - round(offset / 1000))
    return {
        "serial": serial,
        "pin": row.pin,
        "device_time": _local(row.t, row.impossible),
        "utc": utc,
        "verify": row.verify,
        "punch": row.punch,
        "workcode": row.work,
        "raw": row.raw.hex(),
    }


def _summary(found: PollResult, read: int, offset: int | None) -> dict[str, object]:
    return {
        "serial": found.serial,
        "on_device": found.on_device,
        "counted": found.sizes.records,
        "read": read,
        "bytes": found.bytes_in + found.bytes_out,
        "dialect": found.dialect.name.lower() if found.dialect else None,
        "clock_offset_s": _seconds(offset),
    }


def _local(t: int, impossible: bool) -> str:
    """Device seconds as the device shows them; a date that cannot exist as its raw code."""
    if impossible:
        return f"0x{t:08x}"
    return datetime.fromtimestamp(t, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _seconds(offset: int | None) -> float | None:
    return None if offset is None else round(offset / 1000, 1)
