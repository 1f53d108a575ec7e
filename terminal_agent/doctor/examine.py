"""The whole examination, part by part; each part by itself, so that one that fails hides no other."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import msgspec

from terminal_agent import identity, safe_mode
from terminal_agent.clock import Clock
from terminal_agent.config import Config
from terminal_agent.doctor import (
    attached,
    books,
    clocks,
    eye,
    machine,
    network,
    rounds,
    terminals,
)
from terminal_agent.doctor.finding import Finding, worst_first
from terminal_agent.doctor.part import looked
from terminal_agent.doctor.terminals import Lend
from terminal_agent.errors import SourceMisconfigured
from terminal_agent.faces.face import Image

# What is found here with more to say than the alert of the same has.
_ALERTS = {"terminal_moved": "address_changed"}


class Patient(msgspec.Struct, frozen=True):
    """The kiosk to be examined. `lend` as in `terminals`; `light` as in `eye`; `screen`: it is to show
    one."""

    config: Config
    clock: Clock
    lend: Lend
    light: Callable[[Image], str]
    screen: bool = False

    @property
    def state(self) -> Path:
        """Where the agent keeps its files."""
        return Path(self.config.kiosk.state)


def examine(one: Patient) -> list[Finding]:
    """Everything that can be told, what matters most first."""
    found = [*_machine(one), *_books(one), *_link(one), *_devices(one)]
    return worst_first([*found, *_told(one, found)])


def _machine(one: Patient) -> Iterator[Finding]:
    yield from machine.machine(one.state)
    yield from looked("clock", lambda: clocks.clocks(one.clock))


def _books(one: Patient) -> Iterator[Finding]:
    state, journal = one.state, one.state / "journal.db"
    papers = list(looked("certificate", lambda: books.papers(state, one.clock)))
    yield from papers
    if not any(each.code == "not_enrolled" for each in papers):
        yield from looked("agent", lambda: [books.agent(state)])
    if code := safe_mode.alert(state):
        yield Finding(code, "warn", "camera")
    yield from looked("journal", lambda: books.journal(journal))
    yield from looked("backlog", lambda: books.backlog(journal, one.clock))
    yield from looked("quota", lambda: [books.quota(one.config.kiosk)])
    yield from looked("faces", lambda: books.faces_key(state))


def _link(one: Patient) -> Iterator[Finding]:
    yield from looked("network", network.network)
    with suppress(SourceMisconfigured):  # said above
        invited = identity.load(one.state)
        knock = not books.running(one.state)
        kiosk = one.config.kiosk
        yield from looked("broker", lambda: network.centre(invited, kiosk, one.clock, knock=knock))


def _devices(one: Patient) -> Iterator[Finding]:
    config = one.config
    yield from terminals.terminals(config.zkteco, config.kiosk, one.clock, one.lend)
    if not (config.zkteco or config.adms.device or config.sensor or config.camera.source):
        yield Finding("no_devices", "warn", "agent")
    if config.camera.source:
        yield from looked(
            "camera",
            lambda: eye.networks(config),
            lambda: eye.camera(config, one.clock, one.light),
        )
    yield from looked("screen", lambda: attached.attached(config, screen=one.screen))


def _told(one: Patient, found: list[Finding]) -> Iterator[Finding]:
    """What the running agent says of itself and was not found from outside."""
    if not books.running(one.state):
        return
    seen = {(each.part, _ALERTS.get(each.code, each.code)) for each in found}
    answering = {each.part for each in found if each.code == "terminal_answers"}
    for part, code in rounds.recall(one.state).items():
        if (part, code) in seen or part in (*rounds.PARTS, "safe_mode"):
            continue
        if part not in answering or code not in ("unreachable", "timeout", "connection_lost"):
            yield Finding(code, "warn", part, {"where": part, "detail": code})
