"""Terminals that push (ADMS): every one of them calls one listener; what it sends is committed before
it hears OK.

One thread judges requests in turn; the listener's threads only read and write. A terminal that hears
an error keeps what it has and sends it again, so an error is always safe; what comes twice is told
apart by the punch key.
"""

import logging
import queue
from collections.abc import Callable, Sequence

import msgspec
from msgspec.structs import replace

from contract.event import Operation, Record, Scan, Unreadable
from terminal_agent.adms import asking, lines, options, terminal, ticking
from terminal_agent.adms.guests import Guests
from terminal_agent.adms.lines import Done, Line, Punch, Unread
from terminal_agent.adms.listener import Answer, Listener, Request
from terminal_agent.adms.terminal import Known, Pushed
from terminal_agent.config import Adms
from terminal_agent.delivery import Delivery, Reading
from terminal_agent.errors import SourceUnavailable
from terminal_agent.intake import Intake
from terminal_agent.tally import Tally, cursor

log = logging.getLogger(__name__)

_SLICE = 0.2  # seconds that stopping may have to wait
_ANSWERED_IN = 20.0  # seconds; a terminal that hears nothing sends again
_SILENT_MS = 600_000  # it calls every ten seconds
_MOST_LINES = 60_000

Tell = Callable[[str], None]
Asked = tuple[Request, "queue.SimpleQueue[Answer]"]


class AdmsPush:
    """`zone`: seconds east of UTC. `secret`: registry codes are made with it. `tell(name)` gives the
    teller of a device's alerts; a caller that is not on the list has one by serial and address."""

    name = "adms"

    def __init__(
        self, settings: Adms, zone: int, secret: bytes, tell: Callable[[str], Tell]
    ) -> None:
        self._settings = settings
        self._zone = zone
        self._secret = secret
        self._teller = tell
        self._tell = {device.serial: tell(device.name) for device in settings.device}
        self.guests = Guests({device.serial: device.address for device in settings.device})
        self._known = {device.serial: Known() for device in settings.device}
        self._asked: queue.SimpleQueue[Asked] = queue.SimpleQueue()
        self._tally = Tally()
        self._number = 0
        self._begun_ms = 0
        self.port = settings.port

    def run(self, intake: Intake) -> None:
        """Take what terminals send until the agent stops. Raises SourceMisconfigured, JournalFailed."""
        self._number = intake.clock.look().wall % 1_000_000_000  # no answer to an earlier run fits
        self._begun_ms = intake.clock.up_ms()
        settings = self._settings
        with Listener(settings.address, settings.port, self.guests, self._in_turn) as listener:
            self.port = listener.port
            log.info("push.listening port=%d devices=%d", listener.port, len(self._known))
            while intake.wait(0):
                self._look_around(intake)
                try:
                    request, answer = self._asked.get(timeout=_SLICE)
                except queue.Empty:
                    continue
                answer.put(self.take(request, intake))

    def _look_around(self, intake: Intake) -> None:
        intake.tell("")
        for serial, peer in self.guests.strangers():
            self._teller(f"{serial} {peer}")("push_unknown")
        now = intake.clock.up_ms()
        for serial, known in self._known.items():
            if now - max(known.heard_ms, self._begun_ms) > _SILENT_MS:
                self._tell[serial]("push_silent")

    def _in_turn(self, request: Request) -> Answer:
        answer: queue.SimpleQueue[Answer] = queue.SimpleQueue()
        self._asked.put((request, answer))
        try:
            return answer.get(timeout=_ANSWERED_IN)
        except queue.Empty:
            return Answer(503, "busy\n")

    def take(self, request: Request, intake: Intake) -> Answer:
        """The answer to one request of a terminal on the list, after the commit. Raises
        JournalFailed: nothing is answered then."""
        if request.token and request.token != options.token(self._secret, request.serial):
            return Answer(403, "token\n")
        known = self._known[request.serial]
        if intake.clock.up_ms() - known.heard_ms > _SILENT_MS:
            self._tell[request.serial](known.finding)
        self._known[request.serial] = replace(known, heard_ms=intake.clock.up_ms())
        try:
            said = self._taken(request, intake)
        except SourceUnavailable as problem:
            log.warning("push.refused serial=%s code=%s", request.serial, problem.code)
            self._tell[request.serial](problem.code)
            return Answer(503, "not stored\n")
        look = intake.clock.look()
        return replace(said, date=look.wall if look.trust else None)

    def _taken(self, request: Request, intake: Intake) -> Answer:
        match (request.method, request.path):
            case ("GET", "cdata") | ("POST", "registry" | "push"):
                return self._begin(request, intake)
            case ("GET", "getrequest"):
                return self._called(request, intake)
            case ("POST", "cdata" | "fdata"):
                return self._uploaded(request, intake)
            case ("POST", "devicecmd"):
                return self._answered(request, intake)
            case ("GET", "ping") | ("POST", "querydata"):
                return Answer(200)
            case _:
                return Answer(404, "not found\n")

    def _begin(self, request: Request, intake: Intake) -> Answer:
        """A terminal starts; it takes the time and its zone from the answer, so there is none while
        nobody vouches for the kiosk's clock."""
        if not intake.clock.look().trust:
            log.warning("push.no_time serial=%s", request.serial)
            return Answer(503, "no time\n")
        serial = request.serial
        code = options.registry_code(self._secret, serial)
        if request.path == "registry":
            self._known[serial] = replace(self._known[serial], registered=True)
            return Answer(200, f"RegistryCode={code}\n")
        if request.path == "push" or options.is_security(request.query):
            if request.path != "push" and not self._known[serial].registered:
                return Answer(200)
            session = options.session_of(self._secret, serial)
            return Answer(200, options.security(code, session, self._zone))
        stood = cursor(serial, intake) or Pushed()
        stamps = (stood.punches, stood.operations)
        return Answer(200, options.attendance(serial, stamps, self._zone))

    def _called(self, request: Request, intake: Intake) -> Answer:
        """A terminal asks whether there is something to do."""
        serial = request.serial
        known = self._known[serial]
        known = replace(known, ticking=ticking.called(known.ticking, intake.clock.up_ms()))
        known = terminal.described(known, request.query.get("INFO", ""))
        self._number += 1
        if not known.asked_info:
            self._known[serial] = replace(known, asked_info=True)
            return Answer(200, asking.command(self._number, "info"))
        self._known[serial] = known
        what = self._tally.ask(serial, self._number, intake)
        return Answer(200, asking.command(self._number, what) if what else "OK\n")

    def _uploaded(self, request: Request, intake: Intake) -> Answer:
        table = request.query.get("table", "").lower()
        if request.body.count(b"\n") > _MOST_LINES:
            return Answer(413, "too many lines\n")
        if table == "rtstate":
            return self._ticked(request, intake)
        punches = table in ("attlog", "rtlog") or (
            table == "tabledata" and request.query.get("tablename") == "transaction"
        )
        if not request.dropped and (punches or table == "operlog"):
            found = (lines.attlog if punches else lines.operlog)(request.body)
            self._stored(request, found, intake)
            if punches:
                self._tally.came(request.serial, found, intake.clock.look().wall)
            return Answer(200, f"OK: {len(found)}\n")
        # Options, photos, templates, errors: nobody here needs them, and a refusal would loop.
        held = 1 if request.dropped else len(lines.split(request.body))
        self._pass(request.serial, table or request.path, held)
        return Answer(200, "OK\n" if table in ("options", "attphoto") else f"OK: {held}\n")

    def _ticked(self, request: Request, intake: Intake) -> Answer:
        shown = lines.shown(request.body)
        if shown is not None:
            known = self._known[request.serial]
            told = ticking.told(known.ticking, shown, intake.clock.up_ms())
            self._known[request.serial] = replace(known, ticking=told)
        return Answer(200)

    def _stored(self, request: Request, found: Sequence[Line], intake: Intake) -> None:
        """Commit what a body holds, with the stamp that it came under."""
        serial, clock = request.serial, intake.clock
        known = self._known[serial]
        stamps = tuple(line.t for line in found if isinstance(line, Punch))
        tick = ticking.sent(known.ticking, stamps, clock.up_ms()) if stamps else known.ticking
        readings = tuple(filter(None, map(_reading, found)))
        self._pass(serial, "lines", len(found) - len(readings))
        row = intake.remembered(serial)
        since = row.cursor if row else b""
        pushed, look = terminal.cursor(since), clock.look()
        parcel = Delivery(serial, known.family or terminal.UNTOLD, known.firmware, readings)
        if pushed is not None:
            ahead = look.wall * 1000 - clock.up_ms() if look.ahead_ms is None else look.ahead_ms
            query = request.query
            table, stamp = query.get("table", "").lower(), query.get("Stamp", "")
            mark = terminal.onward(pushed, table, stamp)
            parcel = replace(
                parcel,
                offset_ms=ticking.offset_ms(tick, ahead),
                since=since,
                cursor=since if mark == pushed else msgspec.json.encode(mark),
            )
        fresh = len(intake.store(parcel).records) if readings else 0
        self._known[serial] = replace(self._known[serial], ticking=tick)
        self._tell[serial](known.finding)
        log.info("push.stored serial=%s lines=%d new=%d", serial, len(found), fresh)

    def _answered(self, request: Request, intake: Intake) -> Answer:
        serial = request.serial
        for reply in asking.replies(request.body):
            known = terminal.introduced(self._known[serial], reply)
            finding = self._tally.answered(serial, reply, known, intake)
            if finding is not None:
                known = replace(known, finding=finding)
                self._tell[serial](finding)
            self._known[serial] = known
        return Answer(200)

    def _pass(self, serial: str, kind: str, count: int) -> None:
        if count:
            known = self._known[serial]
            self._known[serial] = replace(known, passed=known.passed + count)
            log.info("push.passed serial=%s kind=%s count=%d", serial, kind[:16], count)


def _reading(line: Line) -> Reading | None:
    """A record without device bytes: the nightly audit of a terminal that is polled as well compares
    those of its own log."""
    record: Record
    match line:
        case Punch():
            codes = (line.verify, line.status, line.work)
            record = Scan(0, line.pin, line.t, False, 0, *codes, "push")
        case Done():
            record = Operation(0, line.code, line.operator, line.t, False, line.params)
        case Unread():
            record = Unreadable(0, line.raw, line.reason)
        case _:
            return None
    return Reading(record, placed=False)
