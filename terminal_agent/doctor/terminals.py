"""Each ZKTeco terminal of the configuration, asked over a connection of our own. Nothing is changed."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from terminal_agent.clock import Clock
from terminal_agent.clock_trust import ANCHOR
from terminal_agent.config import ZONES, Kiosk, ZkDevice
from terminal_agent.discovery.addresses import Known, placed, recall
from terminal_agent.doctor.finding import Finding, Values
from terminal_agent.doctor.part import RUBBISH, unread
from terminal_agent.errors import SourceMisconfigured, SourceUnavailable
from terminal_agent.sources.zk_pull import offset_ms
from terminal_agent.zk import answers
from terminal_agent.zk.answers import Inline, NoLog, Prepared, Sizes
from terminal_agent.zk.frames import Command
from terminal_agent.zk.link import Link
from terminal_agent.zk.records import Dialect

OFF_MS = 60_000  # a terminal that is a minute wrong shows people a wrong time; the kiosk knows it
_FULL = 0.8
_WIDTHS = frozenset(map(int, Dialect))
_TOTAL = 4  # bytes before the records of a prepared log
_ANSWER = 10.0

Lend = Callable[[str], AbstractContextManager[object]]


def terminals(
    devices: Sequence[ZkDevice], kiosk: Kiosk, clock: Clock, lend: Lend
) -> Iterator[Finding]:
    """What each says. `lend` gives a terminal to us alone, by its name; it raises SourceUnavailable
    where it is not free or out of reach."""
    known = recall(Path(kiosk.state))
    for device in devices:
        values: Values = {"where": f"{placed(device, known).host}:{device.port}"}
        try:
            with lend(device.name):
                yield from _terminal(device, kiosk, clock, known)
        except (SourceUnavailable, SourceMisconfigured) as problem:
            told = values | {"detail": str(problem)}
            yield Finding(problem.code, "fail", device.name, told)
        except RUBBISH as problem:
            yield unread(device.name, problem)


def _terminal(
    device: ZkDevice, kiosk: Kiosk, clock: Clock, known: Mapping[str, Known]
) -> Iterator[Finding]:
    at = placed(device, known)
    with Link(at.host, at.port, at.comm_key, _ANSWER, at.udp) as link:
        serial = link.serial()
        there: Values = {"where": f"{at.host}:{at.port}", "serial": serial}
        held = known.get(device.name)
        if held is not None and held.host == device.host and held.serial != serial:
            detail = f"{device.name}: {at.host} is {serial}, not {held.serial}"
            yield Finding("other_device", "fail", device.name, there | {"detail": detail})
            return
        if at.host != device.host:
            moved: Values = {"host": device.host, "address": at.host}
            yield Finding("terminal_moved", "warn", device.name, moved)
        yield from _spoken(device, link, there)
        yield _clock(device, link, clock, ZONES[kiosk.zone])


def _spoken(device: ZkDevice, link: Link, there: Values) -> Iterator[Finding]:
    sizes = link.sizes()
    answer = link.prepare(answers.ATTLOG)
    if isinstance(answer, NoLog) and answer.code == Command.NO_DATA:
        yield Finding("no_attlog_mode", "fail", device.name)
        return
    link.free()
    facts: Values = {
        "records": sizes.records,
        "users": sizes.users,
        "layout": _layout(answer, sizes),
    }
    yield Finding("terminal_answers", "ok", device.name, there | facts)
    if sizes.record_cap and sizes.records >= _FULL * sizes.record_cap:
        full: Values = {"records": sizes.records, "capacity": sizes.record_cap}
        yield Finding("log_almost_full", "warn", device.name, full)
    if link.default_key:
        yield Finding("default_key", "info", device.name)


def _layout(answer: object, sizes: Sizes) -> str:
    """The width of its records, where the counter proves it; "" where it does not."""
    size = answer.size if isinstance(answer, Prepared) else 0
    if isinstance(answer, Inline):
        size = len(answer.body)
    if not sizes.records or (size - _TOTAL) % sizes.records:
        return "?"
    width = (size - _TOTAL) // sizes.records
    return Dialect(width).name.lower() if width in _WIDTHS else "?"


def _clock(device: ZkDevice, link: Link, clock: Clock, zone: int) -> Finding:
    reading = link.device_time(lambda: int(clock.wall() * 1000))
    ahead = offset_ms(reading)
    if ahead is None:
        return Finding("terminal_clock_impossible", "warn", device.name)
    seconds = round((ahead - zone * 1000) / 1000)
    if clock.look().trust < ANCHOR:
        return Finding("terminal_clock_untold", "info", device.name, {"seconds": seconds})
    if abs(seconds) * 1000 >= OFF_MS:
        return Finding("terminal_clock_off", "warn", device.name, {"seconds": seconds})
    return Finding("terminal_clock_right", "ok", device.name, {"seconds": seconds})
