"""One roster on every terminal of an office: read them all, compare, show, write, read back.

A terminal is left alone by its source only while it is read or written, one at a time. Whoever calls
lends them: the agent's own orders by an errand, a command by the agent's door.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager

import msgspec

from contract import roll
from terminal_agent import people
from terminal_agent.config import ZkDevice
from terminal_agent.errors import SourceMisconfigured, SourceUnavailable
from terminal_agent.roster import differences, reading
from terminal_agent.roster.differences import Plan, Step
from terminal_agent.roster.held import Held
from terminal_agent.roster.wanted import wanted
from terminal_agent.zk.wishes import Report

log = logging.getLogger(__name__)

Lend = Callable[[str], AbstractContextManager[Callable[[], None]]]
Change = tuple[str, str, str]  # PIN, change and digest, as contract.event.Enrolment has them


class Away(msgspec.Struct, frozen=True):
    """A terminal that could not be read or written; `where` it is sought, `code` and a sentence why."""

    device: str
    where: str
    code: str
    detail: str


class Comparison(msgspec.Struct, frozen=True):
    """What is to be done, which terminals could not be looked at, and everybody's name by PIN."""

    plans: tuple[Plan, ...]
    away: tuple[Away, ...]
    names: Mapping[str, str]


class Pushed(msgspec.Struct, frozen=True):
    """What became of a plan: `report` figures, `left` PIN and code of whom not everything was
    written, `done` the steps that were read back."""

    device: str
    serial: str
    report: Report
    done: tuple[Step, ...]


class Office(msgspec.Struct, frozen=True):
    """The terminals of a kiosk, its people by PIN and name as the centre told them ({} = not yet),
    and how a terminal is lent: by its name, with what is to be called while it lasts."""

    devices: Sequence[ZkDevice]
    staff: Mapping[str, str]
    lend: Lend


def compare(office: Office, only: str = "", *, remove: bool = False) -> Comparison:
    """What is missing on every terminal, or on the one named. `remove`: people whom the centre's list
    does not know go."""
    held, away = list[Held](), list[Away]()
    for device in office.devices:
        try:
            with office.lend(device.name):
                held.append(reading.read(device))
        except (SourceUnavailable, SourceMisconfigured) as problem:
            away.append(_away(device, problem))
    belong, listed = wanted(held, office.staff), bool(office.staff)
    plans = [
        differences.plan(one, belong, listed=listed, remove=remove)
        for one in held
        if only in ("", one.device)
    ]
    shown = {pin: one.readable_name() for each in held for pin, one in each.people.items()}
    shown |= {pin: one.name for pin, one in belong.items() if one.name}
    return Comparison(tuple(plans), tuple(away), shown)


def write(office: Office, plans: Sequence[Plan]) -> Iterator[Pushed | Away]:
    """Do the plans, one terminal after the other; what was read back counts."""
    devices = {device.name: device for device in office.devices}
    for plan in plans:
        if not plan.steps:
            continue
        try:
            with office.lend(plan.device) as beat:
                yield _pushed(devices[plan.device], plan, beat)
        except (SourceUnavailable, SourceMisconfigured) as problem:
            yield _away(devices[plan.device], problem)
        except OSError as problem:  # the program that writes could not be started
            where = _where(devices[plan.device])
            yield Away(plan.device, where, "admin_failed", problem.strerror or "")


def changes(done: Sequence[Step], salt: bytes) -> Iterator[Change]:
    """What a journal says of it: who was written where, by PIN, with the digests that the next look
    at the terminal finds there as well."""
    for step in done:
        if step.remove:
            yield step.pin, "user_withdrawn", ""
            continue
        if step.add or step.name:
            yield step.pin, "user_pushed", ""
        if step.card:
            yield step.pin, "card_pushed", ""
        for number, template in sorted(step.fingers.items()):
            digest = roll.template_digest(salt, template.data)
            yield step.pin, f"{roll.finger(number)}_pushed", digest


def _pushed(device: ZkDevice, plan: Plan, beat: Callable[[], None]) -> Pushed:
    wishes = tuple(step.wish() for step in plan.steps)
    report = people.push(device, plan.serial, wishes, beat)
    left = {pin for pin, _ in report.left}
    done = tuple(step for step in plan.steps if step.pin not in left)
    log.info("people.pushed name=%s people=%d left=%d", device.name, len(done), len(left))
    return Pushed(plan.device, plan.serial, report, done)


def _away(device: ZkDevice, problem: SourceUnavailable | SourceMisconfigured) -> Away:
    log.info("people.away name=%s code=%s %s", device.name, problem.code, problem)
    return Away(device.name, _where(device), problem.code, str(problem))


def _where(device: ZkDevice) -> str:
    return f"{device.host}:{device.port}"
