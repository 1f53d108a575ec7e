"""What a terminal's own records show: who was enrolled or changed, templates that are there twice,
who may change things, keys that nobody set, logs and clocks that somebody touched.

Every line is a reason to look, never a proof and never a sanction.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime

import msgspec
from sqlalchemy import Connection

from contract import roll
from contract.event import LogEdited, LogReplaced, Operation, Snapshot
from sync_server import localtime
from sync_server.reports import noted
from sync_server.reports.known import Span, Staff
from sync_server.reports.noted import Change, Note, Terminal

# Nobody enrols people then: by the terminal's own clock, which may be wrong.
_NIGHT_FROM, _NIGHT_TO = 19, 6
_LOOKED = 36 * 3_600  # a terminal is looked at every night; one may be missed
_CLEARED = frozenset((13, 22, 23))  # data cleared, factory reset, attendance cleared
_CLOCK = 21
_SETTINGS = frozenset((24, 80, 82, 83))  # administrators cleared, communication key, cloud server


class Control(msgspec.Struct, frozen=True):
    """One line. `kind` says which; `at` is the terminal's own local time in seconds, None unknown;
    `seen` server UTC seconds. `what` and `value` depend on the kind. `others` are further people
    (office:PIN or NIP) of the same line, `events` what it rests on. `past`: those of its NIPs who
    are meant by a PIN that is theirs no more."""

    kind: str
    opd: str
    kid: str
    serial: str
    seen: int
    events: tuple[str, ...]
    pin: str = ""
    nip: str = ""
    what: str = ""
    value: str = ""
    at: int | None = None
    night: bool = False
    others: tuple[str, ...] = ()
    past: tuple[str, ...] = ()


class Controls(msgspec.Struct, frozen=True):
    """All lines, by kind, office and terminal. `names` by NIP, `zones`: minutes east of UTC."""

    lines: tuple[Control, ...]
    names: dict[str, str]
    zones: dict[str, int]


class _Template(msgspec.Struct, frozen=True):
    """A template that is on a terminal, and whose it is: a NIP, or office:PIN."""

    terminal: Terminal
    pin: str
    whose: str
    past: bool
    digest: str
    event: str


# In the order in which they are shown.
KINDS = (
    *("enrolled", "twice", "privileged", "unguarded", "keyless"),
    *("log", "clock", "settings", "unlooked", "unread"),
)


def controls(tx: Connection, opds: Collection[str], span: Span) -> Controls:
    """What there is to look at in the offices: changes of the span, and what stands at its end."""
    staff = Staff(tx, opds)
    return _Look(staff, span).at(noted.notes(tx, opds, _latest(staff, span)))


def _latest(staff: Staff, span: Span) -> int:
    zones = list(staff.zones.values())
    return max(span.utc(zone)[1] for zone in [*zones, localtime.WIB])


class _Look:
    def __init__(self, staff: Staff, span: Span) -> None:
        self._staff = staff
        self._span = span

    def at(self, notes: Collection[Note]) -> Controls:
        terminals = noted.terminals(notes)
        lines = [
            *(self._changed(change) for one in terminals for change in one.changes),
            *_twice(self._fingers(terminals)),
            *(line for one in terminals for line in self._standing(one)),
            *(line for note in notes for line in self._done(note)),
        ]
        shown = [line for line in lines if line is not None]
        shown.sort(key=lambda one: (KINDS.index(one.kind), one.opd, one.serial, one.seen, one.pin))
        return Controls(tuple(shown), dict(self._staff.names), dict(self._staff.zones))

    def _within(self, note: Note) -> bool:
        begin, end = self._span.utc(self._zone(note.opd))
        return begin <= note.received < end

    def _zone(self, opd: str) -> int:
        return self._staff.zones.get(opd, localtime.WIB)

    def _owner(self, note: Note, pin: str) -> tuple[str, bool]:
        """The NIP of whom the PIN meant then, else of whom it meant last, which is said as well: a
        terminal keeps somebody under an old PIN until that is removed there."""
        day = datetime.fromtimestamp(note.received + self._zone(note.opd) * 60, UTC).date()
        if nip := self._staff.nip(note.opd, pin, day):
            return nip, False
        nip = self._staff.last(note.opd, pin, day)
        return nip or "", nip is not None

    def _of(self, kind: str, note: Note, pin: str) -> Control:
        nip, past = self._owner(note, pin)
        line = _line(kind, note, pin, nip)
        return msgspec.structs.replace(line, past=(nip,) if past else ())

    def _changed(self, change: Change) -> Control | None:
        note, record = change.note, change.record
        told = roll.parted(record.change)
        if told is None or not self._within(note):
            return None
        what, how = told
        value = record.digest if what == roll.USER else ""
        line = self._of("enrolled", note, record.pin)
        said = {"what": f"{'finger' if roll.is_finger(what) else what}_{how}", "value": value}
        return msgspec.structs.replace(line, **said, at=change.at, night=_is_night(change.at))

    def _fingers(self, terminals: Iterable[Terminal]) -> Iterator[_Template]:
        """Every template that is there."""
        for one in terminals:
            if one.snapshot is None:
                continue
            for (pin, what), digest in one.roll.items():
                if roll.is_finger(what):
                    nip, past = self._owner(one.snapshot, pin)
                    whose = nip or f"{one.opd}:{pin}"
                    yield _Template(one, pin, whose, past, digest, one.events[pin, what])

    def _standing(self, one: Terminal) -> Iterator[Control]:
        """What is so at the newest look, whenever it began."""
        note = one.snapshot
        if note is None or not isinstance(note.record, Snapshot):
            return
        for pin, privilege in roll.privileged(one.roll):
            line = self._of("privileged", note, pin)
            events = (one.events[pin, roll.USER],)
            yield msgspec.structs.replace(line, value=str(privilege), events=events)
        if not note.record.admins and note.record.users:
            yield _line("unguarded", note)
        if note.record.default_key:
            yield _line("keyless", note)
        if self._long_ago(note):
            yield _line("unlooked", note)
        if note.record.templates is None:
            yield _line("unread", note)

    def _long_ago(self, note: Note) -> bool:
        _, end = self._span.utc(self._zone(note.opd))
        return note.received < min(end, self._span.now) - _LOOKED

    def _done(self, note: Note) -> Iterator[Control]:
        """What was done to a log, a clock or a setting in the span."""
        if not self._within(note):
            return
        match note.record:
            case LogReplaced(had=had, has=has):
                told = {"what": "log_replaced", "value": f"{had} > {has}"}
                yield msgspec.structs.replace(_line("log", note), **told)
            case LogEdited(missing=missing, extra=extra):
                told = {"what": "log_edited", "value": f"-{missing} +{extra}"}
                yield msgspec.structs.replace(_line("log", note), **told)
            case Operation(code=code) as done if (kind := _kind(code)) is not None:
                line = _line(kind, note)
                at = None if done.impossible else done.t
                more = {"what": f"operation_{code}", "value": str(done.operator or "")}
                yield msgspec.structs.replace(line, **more, at=at, night=_is_night(at))


def _kind(code: int) -> str | None:
    if code in _CLEARED:
        return "log"
    if code == _CLOCK:
        return "clock"
    return "settings" if code in _SETTINGS else None


def _twice(templates: Iterable[_Template]) -> Iterator[Control]:
    """Templates of the same bytes that are two people's: copied from one to the other."""
    by_digest: dict[str, list[_Template]] = defaultdict(list)
    for template in templates:
        by_digest[template.digest].append(template)
    for same in by_digest.values():
        # Under two PINs somebody is one person, and meant by the newer one.
        people = {one.whose: one for one in sorted(same, key=lambda one: one.past, reverse=True)}
        first = people[min(people)]
        note = first.terminal.snapshot
        if len(people) < 2 or note is None:
            continue
        nip = "" if ":" in first.whose else first.whose
        others = tuple(sorted(people.keys() - {first.whose}))
        events = tuple(sorted({one.event for one in same}))
        past = tuple(sorted(one.whose for one in people.values() if one.past))
        line = _line("twice", note, first.pin, nip)
        yield msgspec.structs.replace(line, others=others, events=events, past=past)


def _line(kind: str, note: Note, pin: str = "", nip: str = "") -> Control:
    return Control(kind, note.opd, note.kid, note.serial, note.received, (note.event,), pin, nip)


def _is_night(at: int | None) -> bool:
    if at is None:
        return False
    hour = at % 86_400 // 3_600
    return hour >= _NIGHT_FROM or hour < _NIGHT_TO
