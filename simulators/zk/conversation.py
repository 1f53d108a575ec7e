"""One client's session with the terminal: what each command answers. No sockets.

Sources: zk-protocol protocol.md, sections/terminal.md, other.md, data-user.md; vendor manual 2006.
"""

import struct
from collections.abc import Callable
from datetime import datetime
from typing import Final

from simulators.zk import bulk, device, templates, wire
from simulators.zk.device import Device
from simulators.zk.wire import Packet

Answer = Callable[["Conversation", bytes], list[Packet]]


class Conversation:
    """The terminal's side of one connection (TCP) or one address (UDP)."""

    def __init__(self, device: Device, *, tcp: bool) -> None:
        self.device = device
        self.tcp = tcp
        self.session = 0
        self.events = 0
        self.authorised = False
        self.over = False
        self.prepared: bytes | None = None
        self.uploaded = bytearray()
        self._reply = 0

    def say(
        self,
        command: int,
        data: bytes = b"",
        session: int | None = None,
        declared: int | None = None,
    ) -> Packet:
        """A packet of the answer under way: it echoes the reply id of the request."""
        told = self.session if session is None else session
        return Packet(command, told, self._reply, data, declared)

    def answer(self, request: Packet) -> list[Packet]:
        """The packets that answer a request; none for RESTART and for the client's own acks."""
        self._reply = request.reply
        if request.command == wire.CONNECT:
            return self._connect()
        if request.command == wire.OK:
            return []
        if not self.session or request.session != self.session:
            return [self.say(wire.UNAUTHORISED)]
        if request.command == wire.AUTH:
            return self._authorise(request.data)
        if not self.authorised:
            return [self.say(wire.UNAUTHORISED)]
        handle = ANSWERS.get(request.command)
        return handle(self, request.data) if handle else [self.say(wire.UNKNOWN)]

    def close(self) -> None:
        """Forget the session, as EXIT and a lost connection do."""
        self.session = self.events = 0
        self.authorised = False
        self.prepared = None

    def _connect(self) -> list[Packet]:
        # A second CONNECT keeps the session id (zk-protocol protocol.md "Session ID").
        if not self.session:
            self.session = self.device.next_session()
            self.authorised = not self.device.comm_key
        return [self.say(wire.OK if self.authorised else wire.UNAUTHORISED)]

    def _authorise(self, token: bytes) -> list[Packet]:
        right = len(token) == 4 and token == wire.scramble(
            self.device.comm_key, self.session, token[2]
        )
        self.authorised = self.authorised or right
        return [self.say(wire.OK if right else wire.UNAUTHORISED)]


def _ok(talk: Conversation, _: bytes) -> list[Packet]:
    return [talk.say(wire.OK)]


def _exit(talk: Conversation, _: bytes) -> list[Packet]:
    answer = [talk.say(wire.OK)]
    talk.close()
    return answer


def _restart(talk: Conversation, _: bytes) -> list[Packet]:
    # "The machine will not acknowledge this command" (zk-protocol other.md).
    talk.device.record(device.OP_POWER_ON)
    talk.over = True
    return []


def _version(talk: Conversation, _: bytes) -> list[Packet]:
    return [talk.say(wire.OK, talk.device.profile.firmware.encode() + b"\0")]


def _read_option(talk: Conversation, data: bytes) -> list[Packet]:
    key = data.rstrip(b"\0").decode(errors="replace")
    value = talk.device.options.get(key)
    if value is None:
        return [talk.say(wire.ERROR)]
    return [talk.say(wire.OK, f"{key}={value}".encode() + b"\0")]


def _write_option(talk: Conversation, data: bytes) -> list[Packet]:
    key, _, value = data.rstrip(b"\0").decode(errors="replace").partition("=")
    if key != "SDKBuild":
        talk.device.options[key] = value
        talk.device.record(device.OP_OPTION)
    return [talk.say(wire.OK)]


def _enable(talk: Conversation, _: bytes) -> list[Packet]:
    talk.device.disabled = False
    return [talk.say(wire.OK)]


def _disable(talk: Conversation, _: bytes) -> list[Packet]:
    talk.device.disabled = True
    return [talk.say(wire.OK)]


def _sizes(talk: Conversation, _: bytes) -> list[Packet]:
    return [talk.say(wire.OK, talk.device.sizes())]


def _get_time(talk: Conversation, _: bytes) -> list[Packet]:
    return [talk.say(wire.OK, wire.time_code(talk.device.now()).to_bytes(4, "little"))]


def _set_time(talk: Conversation, data: bytes) -> list[Packet]:
    try:
        shown = datetime(*wire.fields_of(int.from_bytes(data[:4], "little")))  # noqa: DTZ001
    except ValueError:
        return [talk.say(wire.ERROR)]
    talk.device.set_clock(shown)
    return [talk.say(wire.OK)]


def _events(talk: Conversation, data: bytes) -> list[Packet]:
    talk.events = int.from_bytes(data[:4], "little")
    return [talk.say(wire.OK)]


def _clear_log(talk: Conversation, _: bytes) -> list[Packet]:
    talk.device.clear_log()
    return [talk.say(wire.OK)]


def _clear_data(talk: Conversation, _: bytes) -> list[Packet]:
    talk.device.clear_data()
    return [talk.say(wire.OK)]


def _clear_operations(talk: Conversation, _: bytes) -> list[Packet]:
    talk.device.operations.clear()
    return [talk.say(wire.OK)]


def _delete_user(talk: Conversation, data: bytes) -> list[Packet]:
    (uid,) = struct.unpack_from("<H", data.ljust(2, b"\0"))
    return [talk.say(wire.OK if talk.device.remove_user(uid) else wire.ERROR)]


def _pin_width(talk: Conversation, _: bytes) -> list[Packet]:
    return [talk.say(wire.OK, bytes([int(talk.device.options["~PIN2Width"]), 0]))]


_ACKNOWLEDGED_ONLY: Final = (
    wire.POWER_OFF,
    wire.REFRESH,
    wire.REFRESH_OPTIONS,
    wire.VOICE,
    wire.UNLOCK,
    wire.START_VERIFY,
    wire.START_ENROL,
    wire.CANCEL_CAPTURE,
    wire.STATE,
    wire.WRITE_LCD,
    wire.CLEAR_LCD,
    wire.DOOR_STATE,
)

ANSWERS: Final[dict[int, Answer]] = {
    **dict.fromkeys(_ACKNOWLEDGED_ONLY, _ok),
    wire.EXIT: _exit,
    wire.RESTART: _restart,
    wire.VERSION: _version,
    wire.READ_OPTION: _read_option,
    wire.WRITE_OPTION: _write_option,
    wire.ENABLE: _enable,
    wire.DISABLE: _disable,
    wire.FREE_SIZES: _sizes,
    wire.GET_TIME: _get_time,
    wire.SET_TIME: _set_time,
    wire.EVENTS: _events,
    wire.CLEAR_ATTENDANCE: _clear_log,
    wire.CLEAR_DATA: _clear_data,
    wire.CLEAR_OPERATIONS: _clear_operations,
    wire.DELETE_USER: _delete_user,
    wire.PIN_WIDTH: _pin_width,
    wire.PREPARE_READ: bulk.prepare_read,
    wire.READ: bulk.read,
    wire.FREE_DATA: bulk.free_data,
    wire.ATTENDANCE: bulk.direct_attendance,
    wire.USERS: bulk.direct_users,
    wire.OPERATIONS: bulk.direct_operations,
    wire.READ_TEMPLATE: bulk.one_template,
    wire.WRITE_USER: templates.write_user,
    wire.PREPARE_DATA: templates.announce_upload,
    wire.DATA: templates.upload,
    wire.SAVE_TEMPLATES: templates.save,
    wire.DELETE_TEMPLATE: templates.delete,
    wire.DELETE_PIN_TEMPLATE: templates.delete_by_pin,
}
