"""Writes people to a terminal through pyzk, in a process of its own: `python -m` this, JSON in, JSON out.

pyzk is GPL-2.0, hangs where a line drops, and forgets what it does not know of a user. So nothing
imports this module, whoever starts it kills it after its time, and a person who is on the terminal
already is written back as the terminal gave them, byte for byte, with another name.
docs/decisions/0009 says why.
"""

import signal
import struct
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

import msgspec

from terminal_agent.zk.user_layout import LAYOUTS, LONGEST_PIN, uid_of

_WRITE_USER, _USERS, _USER_TABLE = 8, 9, 5  # CMD_USER_WRQ, CMD_USERTEMP_RRQ, FCT_USER
_PIN_WIDTH = 69  # CMD_GET_PINWIDTH
_LONGEST_ANSWER = 1024
_ADMIN = 0x0E
_LAST_UID = 32_767  # pyzk packs the uid of a deletion as a signed short


class Wish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A person as they should be on the terminal."""

    pin: str
    name: str = ""
    remove: bool = False


class Task(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What comes on stdin: where the terminal is, seconds for each of its answers and for it all,
    and the people."""

    host: str
    port: int
    comm_key: int
    udp: bool
    seconds: float
    limit: int
    users: tuple[Wish, ...]


class Report(msgspec.Struct, frozen=True):
    """What goes to stdout. `left`: PIN and code of everybody who is not as wished. `error`: the code
    of what stopped it all."""

    added: int = 0
    renamed: int = 0
    removed: int = 0
    same: int = 0
    left: tuple[tuple[str, str], ...] = ()
    error: str = ""
    detail: str = ""


class Roll:
    """Everybody on a terminal, as raw records by PIN."""

    def __init__(self, terminal: Any) -> None:  # noqa: ANN401 - pyzk has no types
        terminal.read_sizes()
        count: int = terminal.users
        data, _ = terminal.read_with_buffer(_USERS, _USER_TABLE) if count else (b"", 0)
        body = bytes(data[4:])
        width = len(body) // count if count else terminal.user_packet_size
        if width not in LAYOUTS or len(body) != count * width:
            raise UnclearTable(f"{len(body)} bytes for {count} users")
        terminal.user_packet_size = width
        self.layout = LAYOUTS[width]
        records = [body[at : at + width] for at in range(0, len(body), width)]
        self.by_pin = {self.layout.pin_of(record): record for record in records}
        self.uids = {uid_of(record) for record in records}

    def free_uid(self) -> int:
        """The number after the last one; the first hole where that does not fit."""
        after = max(self.uids, default=0) + 1
        if after <= _LAST_UID:
            return after
        return next(uid for uid in range(1, 2**16) if uid not in self.uids)


class UnclearTable(Exception):
    """The terminal's user table does not have the length that its count says."""


class Writer:
    """Makes people on a connected terminal as they are wished."""

    def __init__(self, terminal: Any) -> None:  # noqa: ANN401 - pyzk has no types
        self._terminal = terminal
        self._roll = Roll(terminal)
        self._digits = _pin_width(terminal)

    def write(self, wishes: tuple[Wish, ...]) -> Report:
        """Write, read back, compare; what is not on the terminal now was not written."""
        before = self._roll
        refused = dict(self._written(wishes))
        self._terminal.refresh_data()
        after = Roll(self._terminal)
        for wish in wishes:
            if wish.pin not in refused and not _as_wished(wish, before, after):
                refused[wish.pin] = "not_kept"
        kinds = Counter(_kind(wish, before) for wish in wishes if wish.pin not in refused)
        return Report(
            added=kinds["added"],
            renamed=kinds["renamed"],
            removed=kinds["removed"],
            same=kinds["same"],
            left=tuple(sorted(refused.items())),
        )

    def _written(self, wishes: tuple[Wish, ...]) -> Iterator[tuple[str, str]]:
        """PIN and code of whom the terminal refused, or who must be left alone."""
        for wish in wishes:
            if code := self._one(wish):
                yield wish.pin, code

    def _one(self, wish: Wish) -> str:
        layout, record = self._roll.layout, self._roll.by_pin.get(wish.pin)
        if record is None and wish.remove:
            return ""
        if record is None:
            return self._add(wish)
        if wish.remove:
            return self._remove(record)
        name = layout.cut(wish.name)
        if not name or layout.named(record, name) == record:
            return ""
        return "" if self._sent(layout.named(record, name)) else "terminal_refused"

    def _add(self, wish: Wish) -> str:
        code = self._added(wish)
        if code != "terminal_refused" or self._roll.uids:
            return code
        # An empty table does not tell the width of its records: try the other one.
        self._roll.layout = LAYOUTS[100 - self._roll.layout.width]
        return self._added(wish)

    def _added(self, wish: Wish) -> str:
        layout = self._roll.layout
        if not layout.holds(wish.pin) or len(wish.pin) > self._digits:
            return "pin_unfit"
        uid = self._roll.free_uid()
        record = struct.pack("<H", uid).ljust(layout.width, b"\0")
        key = int(wish.pin).to_bytes(4, "little") if layout.width == 28 else wish.pin.encode()
        field = key.ljust(layout.pin.stop - layout.pin.start, b"\0")
        record = record[: layout.pin.start] + field + record[layout.pin.stop :]
        if not self._sent(layout.named(record, layout.cut(wish.name))):
            return "terminal_refused"
        self._roll.uids.add(uid)
        return ""

    def _remove(self, record: bytes) -> str:
        """An administrator stays: without one, the menu of most terminals is open to everybody."""
        if record[2] & _ADMIN == _ADMIN:
            return "is_admin"
        if not 0 < uid_of(record) <= _LAST_UID:
            return "uid_unfit"
        try:
            self._terminal.delete_user(uid=uid_of(record))
        except refusals():
            return "terminal_refused"
        return ""

    def _sent(self, record: bytes) -> bool:
        """pyzk's `set_user` makes every privilege but two an ordinary one, drops what it cannot
        decode of a password, and cuts names in the middle of a character. So the record goes as it
        is, by the call that `set_user` itself uses."""
        return _asked(self._terminal, _WRITE_USER, record) is not None


def _pin_width(terminal: Any) -> int:  # noqa: ANN401 - pyzk has no types
    """How many digits of a PIN this terminal keeps; what does not say so is compared afterwards.
    pyzk's own call for this leaves a byte of the answer in the stream, and every later one breaks."""
    answer = _asked(terminal, _PIN_WIDTH, b"")
    return answer[0] if answer and answer[0] else LONGEST_PIN


def _asked(terminal: Any, command: int, data: bytes) -> bytes | None:  # noqa: ANN401
    """What a command answers, None where the terminal says no."""
    told = terminal._ZK__send_command(command, data, _LONGEST_ANSWER)
    return bytes(terminal._ZK__data) if told.get("status") else None


def refusals() -> type[Exception]:
    """What pyzk raises where a terminal says no."""
    from zk.exception import ZKErrorResponse

    return ZKErrorResponse  # type: ignore[no-any-return]


def main() -> None:
    """Do the task on stdin; its report on stdout."""
    task = msgspec.json.decode(sys.stdin.buffer.read(), type=Task)
    signal.alarm(task.limit)  # also where nobody is left who would kill it
    sys.stdout.buffer.write(msgspec.json.encode(_reported(task)))


def _reported(task: Task) -> Report:
    try:
        from zk import ZK
        from zk.exception import ZKError
    except ImportError:
        return Report(error="no_pyzk", detail="pyzk is not installed")
    try:
        return _done(ZK, task)
    except UnclearTable as problem:
        return Report(error="users_unclear", detail=str(problem))
    except ZKError as problem:
        code = "comm_key" if "Unauthenticated" in str(problem) else "unreachable"
        return Report(error=code, detail=str(problem))
    except (OSError, struct.error) as problem:  # what pyzk lets through of a broken line
        return Report(error="connection_lost", detail=str(problem))


def _done(client: Any, task: Task) -> Report:  # noqa: ANN401 - pyzk has no types
    terminal = client(
        task.host,
        port=task.port,
        timeout=task.seconds,
        password=task.comm_key,
        force_udp=task.udp,
        ommit_ping=True,  # its ping goes through a shell
    ).connect()
    try:
        return Writer(terminal).write(task.users)
    finally:
        terminal.disconnect()


def _as_wished(wish: Wish, before: Roll, after: Roll) -> bool:
    """Only the name of somebody who was there may differ now."""
    old, now, layout = before.by_pin.get(wish.pin), after.by_pin.get(wish.pin), after.layout
    if wish.remove or now is None:
        return wish.remove and now is None
    name = layout.cut(wish.name)
    if old is None:
        return layout.named(now, name) == now
    return layout.named(old, name or old[layout.name]) == now


def _kind(wish: Wish, before: Roll) -> str:
    """What was done for somebody who is as wished now."""
    old = before.by_pin.get(wish.pin)
    if old is None:
        return "same" if wish.remove else "added"
    if wish.remove:
        return "removed"
    name = before.layout.cut(wish.name)
    return "renamed" if name and before.layout.named(old, name) != old else "same"


if __name__ == "__main__":
    main()
