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

from terminal_agent.zk import templates
from terminal_agent.zk.user_layout import LAYOUTS, LONGEST_PIN, is_admin, uid_of
from terminal_agent.zk.wishes import Finger, Report, Task, Wish, upload

_WRITE_USER, _USERS, _USER_TABLE = 8, 9, 5  # CMD_USER_WRQ, CMD_USERTEMP_RRQ, FCT_USER
_TEMPLATES, _FINGER_TABLE = 7, 2  # CMD_DB_RRQ, FCT_FINGERTMP
_SAVE_TEMPLATES, _SAVE = 110, bytes.fromhex("0c00000000000800")  # seen on the wire from pyzk 0.9
_PIN_WIDTH = 69  # CMD_GET_PINWIDTH
_LONGEST_ANSWER = 1024
_LAST_UID = 32_767  # pyzk packs the uid of a deletion as a signed short


class Roll:
    """Everybody on a terminal, as raw records by PIN; `fingers` by uid and number."""

    def __init__(self, terminal: Any, *, fingers: bool) -> None:  # noqa: ANN401 - pyzk has no types
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
        self.fingers = _fingers(terminal) if fingers else {}

    def free_uid(self) -> int:
        """The number after the last one; the first hole where that does not fit."""
        after = max(self.uids, default=0) + 1
        if after <= _LAST_UID:
            return after
        return next(uid for uid in range(1, 2**16) if uid not in self.uids)

    def finger(self, pin: str, number: int) -> bytes | None:
        """What is there of a person's finger."""
        record = self.by_pin.get(pin)
        return None if record is None else self.fingers.get((uid_of(record), number))


class UnclearTable(Exception):
    """The terminal's user table does not have the length that its count says, or its templates do not
    add up."""


class OtherTerminal(Exception):
    """Not the terminal that was meant answers at the address."""


class Writer:
    """Makes people on a connected terminal as they are wished."""

    def __init__(self, terminal: Any, task: Task) -> None:  # noqa: ANN401 - pyzk has no types
        self._terminal = terminal
        self._wishes, self._sparing = task.users, task.sparing
        self._with_fingers = any(wish.fingers for wish in task.users)
        self._roll = Roll(terminal, fingers=self._with_fingers)
        self._digits = _pin_width(terminal)

    def write(self) -> Report:
        """Write, read back, compare; what is not on the terminal now was not written."""
        before = self._roll
        refused = dict(self._written())
        self._terminal.refresh_data()
        after = Roll(self._terminal, fingers=self._with_fingers)
        for wish in self._wishes:
            if wish.pin not in refused and not _as_wished(wish, before, after):
                refused[wish.pin] = "not_kept"
        done = [wish for wish in self._wishes if wish.pin not in refused]
        kinds = Counter(_kind(wish, before) for wish in done)
        return Report(
            added=kinds["added"],
            renamed=kinds["renamed"],
            removed=kinds["removed"],
            same=kinds["same"],
            cards=sum(_gets_card(wish, before) for wish in done),
            fingers=sum(len(_new_fingers(wish, before)) for wish in done),
            left=tuple(sorted(refused.items())),
        )

    def _written(self) -> Iterator[tuple[str, str]]:
        """PIN and code of whom the terminal refused, or who must be left alone."""
        for wish in self._wishes:
            if code := self._one(wish):
                yield wish.pin, code

    def _one(self, wish: Wish) -> str:
        record = self._roll.by_pin.get(wish.pin)
        if record is None:
            return "" if wish.remove else self._add(wish)
        if self._sparing and is_admin(record):
            return "is_admin"
        return self._remove(record) if wish.remove else self._change(wish, record)

    def _change(self, wish: Wish, record: bytes) -> str:
        """Another card or finger than the wished one came there since it was looked at: it stays."""
        layout = self._roll.layout
        there = [self._roll.finger(wish.pin, one.number) for one in wish.fingers]
        others = [
            one for one, at in zip(wish.fingers, there, strict=True) if at not in (None, one.data)
        ]
        if others or (wish.card and layout.card_of(record) not in (0, wish.card)):
            return "changed_meanwhile"
        name = layout.cut(wish.name)
        wished = layout.named(record, name) if name else record
        wished = layout.carded(wished, wish.card) if wish.card else wished
        if wished != record and not self._sent(wished):
            return "terminal_refused"
        return self._saved(wished, _new_fingers(wish, self._roll))

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
        record = layout.named(layout.blank(uid, wish.pin), layout.cut(wish.name))
        record = layout.carded(record, wish.card)
        if not self._sent(record):
            return "terminal_refused"
        self._roll.uids.add(uid)
        return self._saved(record, wish.fingers)

    def _saved(self, record: bytes, fingers: tuple[Finger, ...]) -> str:
        """Templates beside their user. pyzk's own call for this writes the user as `set_user` would."""
        if not fingers:
            return ""
        try:
            self._terminal._send_with_buffer(upload(record, uid_of(record), fingers))
        except refusals():
            return "finger_refused"
        saved = _asked(self._terminal, _SAVE_TEMPLATES, _SAVE) is not None
        return "" if saved else "finger_refused"

    def _remove(self, record: bytes) -> str:
        """An administrator stays: without one, the menu of most terminals is open to everybody."""
        if is_admin(record):
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


def _fingers(terminal: Any) -> dict[tuple[int, int], bytes]:  # noqa: ANN401 - pyzk has no types
    """Every template by uid and finger; `read_sizes` has counted them."""
    if not terminal.fingers:
        return {}
    body, _ = terminal.read_with_buffer(_TEMPLATES, _FINGER_TABLE)
    total = int.from_bytes(body[:4], "little")
    found = templates.decode(bytes(body[4 : 4 + total]))
    if found is None or len(body) < 4 + total:
        raise UnclearTable(f"{len(body)} bytes of templates do not add up")
    return {(one.uid, one.finger): one.data for one in found}


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
    except OtherTerminal as problem:
        return Report(error="other_terminal", detail=str(problem))
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
        if task.serial and (serial := terminal.get_serialnumber()) != task.serial:
            raise OtherTerminal(f"{serial} answers, {task.serial} was meant")
        return Writer(terminal, task).write()
    finally:
        terminal.disconnect()


def _as_wished(wish: Wish, before: Roll, after: Roll) -> bool:
    """Only what was wished may differ now of somebody who was there."""
    old, now, layout = before.by_pin.get(wish.pin), after.by_pin.get(wish.pin), after.layout
    if wish.remove or now is None:
        return wish.remove and now is None
    if any(after.finger(wish.pin, one.number) != one.data for one in wish.fingers):
        return False
    name, card = layout.cut(wish.name), wish.card
    if old is None:
        return layout.named(now, name) == now and layout.card_of(now) == card
    wished = layout.named(old, name) if name else old
    return (layout.carded(wished, card) if card else wished) == now


def _kind(wish: Wish, before: Roll) -> str:
    """What was done for somebody who is as wished now."""
    old = before.by_pin.get(wish.pin)
    if old is None:
        return "same" if wish.remove else "added"
    if wish.remove:
        return "removed"
    name = before.layout.cut(wish.name)
    if name and before.layout.named(old, name) != old:
        return "renamed"
    return "" if _gets_card(wish, before) or _new_fingers(wish, before) else "same"


def _gets_card(wish: Wish, before: Roll) -> bool:
    old = before.by_pin.get(wish.pin)
    return wish.card != 0 and (old is None or before.layout.card_of(old) == 0)


def _new_fingers(wish: Wish, before: Roll) -> tuple[Finger, ...]:
    return tuple(one for one in wish.fingers if before.finger(wish.pin, one.number) is None)


if __name__ == "__main__":
    main()
