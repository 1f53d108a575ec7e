"""The state of a simulated terminal: people, punches, operations, clock, options. Thread-safe."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta, timezone, tzinfo
from itertools import count
from threading import RLock
from typing import Final

from simulators.zk import layouts, wire
from simulators.zk.attendance_log import AttendanceLog
from simulators.zk.layouts import Operation, Punch, User
from simulators.zk.profiles import Profile

WIB: Final = timezone(timedelta(hours=7), "WIB")

OP_POWER_ON: Final = 0
OP_OPTION: Final = 5
OP_ENROL_FINGER: Final = 6
OP_DELETE_USER: Final = 9
OP_DELETE_FINGER: Final = 10
OP_CLEAR_DATA: Final = 13
OP_SET_TIME: Final = 21
OP_CLEAR_LOG: Final = 23
OP_NEW_USER: Final = 30
OP_PRIVILEGE: Final = 71
SUPER_ADMIN: Final = 14


class Device:
    """One terminal. `clock` gives an aware datetime; the terminal shows it in `zone` plus drift."""

    def __init__(
        self,
        profile: Profile,
        clock: Callable[[], datetime],
        serial: str = "BWXP204560001",
        comm_key: int = 0,
        zone: tzinfo = WIB,
    ) -> None:
        self.lock = RLock()
        self.profile = profile
        self.comm_key = comm_key
        self.disabled = False
        self.drift = timedelta(0)
        self.users: dict[int, User] = {}
        self.templates: dict[tuple[int, int], bytes] = {}
        self.duress: set[tuple[int, int]] = set()
        self.operations: list[Operation] = []
        self.log = AttendanceLog(
            profile.record_width, profile.record_capacity, profile.cyclic_delete
        )
        self.options = _options(profile, serial)
        self._clock = clock
        self._zone = zone
        self._uids: dict[str, int] = {}
        self._sessions = count(0xFB2F)
        self._listeners: list[Callable[[Punch], None]] = []

    def now(self) -> datetime:
        """What the terminal's screen shows: naive, local, with its drift."""
        return self._clock().astimezone(self._zone).replace(tzinfo=None) + self.drift

    def set_clock(self, shown: datetime) -> None:
        """Set the screen to this local time, by menu or network; the operation log tells."""
        with self.lock:
            self.drift += shown - self.now()
            self.record(OP_SET_TIME)

    def record(self, operation: int, *params: int) -> None:
        """Add a line to the operation log at the terminal's own time."""
        with self.lock:
            code = wire.time_code(self.now())
            self.operations.append(Operation(operation, code, params=params))

    def punch(
        self,
        pin: str,
        verify: int = 1,
        state: int = 0,
        at: datetime | int | None = None,
        workcode: int = 0,
    ) -> Punch:
        """Somebody scans. `at` is a local time or a raw time code (impossible dates fit).

        An unknown PIN is enrolled silently. Raises LogFull when no more fit.
        """
        with self.lock:
            moment = self.now() if at is None else at
            code = moment if isinstance(moment, int) else wire.time_code(moment)
            uid = self._uids.get(pin) or self._enrol(User(self._free_uid(), pin)).uid
            stored = Punch(uid, pin, code, verify, state, workcode)
            self.log.append(stored)
        for listener in tuple(self._listeners):
            listener(stored)
        return stored

    def load(self, punches: Iterable[Punch]) -> None:
        """Fill the log without live events."""
        with self.lock:
            self.log.extend(punches)

    def clear_log(self) -> None:
        """Delete the attendance log; the operation log tells."""
        with self.lock:
            self.log.delete(lambda _: True)
            self.record(OP_CLEAR_LOG)

    def clear_data(self) -> None:
        """Delete people, templates and punches; the operation log tells."""
        with self.lock:
            self.users.clear()
            self._uids.clear()
            self.templates.clear()
            self.log.delete(lambda _: True)
            self.record(OP_CLEAR_DATA)

    def delete_between(self, first: datetime, last: datetime) -> int:
        """Remove the punches of first <= local time <= last, without a trace; says how many."""
        low, high = wire.time_code(first), wire.time_code(last)
        with self.lock:
            return self.log.delete(lambda punch: low <= punch.code <= high)

    def edit(self, index: int, **changes: object) -> None:
        """Change a stored punch in place, without a trace (fields of Punch)."""
        with self.lock:
            self.log.edit(index, **changes)

    def become(self, serial: str) -> None:
        """Another terminal answers at this address from now on: its serial number changes."""
        with self.lock:
            self.options["~SerialNumber"] = serial

    def enrol(self, pin: str, name: str = "", privilege: int = 0, uid: int = 0) -> User:
        """Enrol or change a person at the keypad; the operation log tells."""
        with self.lock:
            uid = uid or self._uids.get(pin) or self._free_uid()
            before = self.users.get(uid)
            if before is not None and before.privilege != privilege:
                self.record(OP_PRIVILEGE, uid)
            return self.write_user(User(uid, pin, name, privilege))

    def enrol_finger(self, pin: str, finger: int, template: bytes, *, duress: bool = False) -> None:
        """Enrol a finger at the keypad, in the place of what was there; the operation log tells.
        `duress`: its scan calls for help."""
        with self.lock:
            uid = self._uids[pin]
            self.templates[uid, finger] = template
            (self.duress.add if duress else self.duress.discard)((uid, finger))
            self.record(OP_ENROL_FINGER, uid, finger)

    def write_user(self, user: User) -> User:
        """Store a person, in the place of whoever had this uid (command 8 is an upsert)."""
        with self.lock:
            if user.uid not in self.users:
                self.record(OP_NEW_USER, user.uid)
            return self._enrol(user)

    def has_room(self, users: int = 0, fingers: int = 0) -> bool:
        """Whether so many more fit."""
        profile = self.profile
        return (
            len(self.users) + users <= profile.user_capacity
            and len(self.templates) + fingers <= profile.finger_capacity
        )

    def remove_user(self, uid: int) -> bool:
        """Delete a person and their templates; their punches stay. False when there is none."""
        with self.lock:
            user = self.users.pop(uid, None)
            if user is None:
                return False
            self._uids.pop(user.pin, None)
            for key in [key for key in self.templates if key[0] == uid]:
                del self.templates[key]
            self.record(OP_DELETE_USER, uid)
            return True

    def uid_of(self, pin: str) -> int | None:
        """The terminal's own number of a PIN."""
        return self._uids.get(pin)

    def next_session(self) -> int:
        """A session id that no other connection has had for 65,535 connections."""
        with self.lock:
            return next(self._sessions) % 0xFFFF or self.next_session()

    def listen(self, listener: Callable[[Punch], None]) -> Callable[[], None]:
        """Call `listener` after every punch, in the punching thread; gives the way to stop it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def sizes(self) -> bytes:
        """The FREE_SIZES block."""
        with self.lock:
            people = self.users.values()
            return layouts.free_sizes(
                layouts.Counters(
                    users=len(people),
                    fingers=len(self.templates),
                    records=0 if self.profile.access_mode else len(self.log),
                    operations=len(self.operations),
                    admins=sum(1 for user in people if user.privilege == SUPER_ADMIN),
                    passwords=sum(1 for user in people if user.password),
                    finger_capacity=self.profile.finger_capacity,
                    user_capacity=self.profile.user_capacity,
                    record_capacity=self.profile.record_capacity,
                ),
                self.profile.sizes_length,
            )

    def body(self, command: int) -> bytes | None:
        """The bulk body of a table as it is now; None for a table that is not kept."""
        with self.lock:
            if command == wire.ATTENDANCE:
                return self.log.body()
            records: Iterable[bytes]
            if command == wire.USERS:
                width = self.profile.user_width
                records = (layouts.user_record(user, width) for user in self.users.values())
            elif command == wire.TEMPLATES:
                records = (
                    layouts.template_record(*key, template, 3 if key in self.duress else 1)
                    for key, template in self.templates.items()
                )
            elif command == wire.OPERATIONS:
                records = map(layouts.operation_record, self.operations)
            else:
                return None
            return layouts.table(b"".join(records))

    def _enrol(self, user: User) -> User:
        previous = self.users.get(user.uid)
        if previous is not None:
            self._uids.pop(previous.pin, None)
        self.users[user.uid] = user
        self._uids[user.pin] = user.uid
        return user

    def _free_uid(self) -> int:
        return max(self.users, default=0) + 1


def _options(profile: Profile, serial: str) -> dict[str, str]:
    return {
        "~SerialNumber": serial,
        "~Platform": profile.platform,
        "~DeviceName": profile.name.upper(),
        "~OEMVendor": "ZKTeco Inc.",
        "~ZKFPVersion": profile.finger_version,
        "~ExtendFmt": "0",
        "~UserExtFmt": "0",
        "~PIN2Width": "9",
        "~OS": "1",
        "MAC": "00:17:61:c8:ec:17",
        "IPAddress": "127.0.0.1",
        "NetMask": "255.255.255.0",
        "GATEIPAddress": "127.0.0.1",
        "WorkCode": "0",
        "FaceFunOn": "1" if profile.record_width == 49 else "0",
        "ZKFaceVersion": "7" if profile.record_width == 49 else "0",
        "CompatOldFirmware": "0",
    }
