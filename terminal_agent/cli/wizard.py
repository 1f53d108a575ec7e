"""The questions of `terminal-agent init`, in the order in which a technician meets the things."""

import re
import threading

import click
import msgspec

from contract.enrolment import Waiting
from terminal_agent.cli.asking import Asking, Unclear, yes_or_no
from terminal_agent.cli.setting import Setting
from terminal_agent.clock import Clock
from terminal_agent.config import Name
from terminal_agent.errors import SourceMisconfigured, SourceUnavailable
from terminal_agent.provision import joining, kept
from terminal_agent.provision.desk import Desk
from terminal_agent.provision.forms import Asked, Eye, Look, Place, Take
from terminal_agent.provision.steps import Page, Steps
from terminal_agent.wording import say

_NONE = "-"
_EVERY = 5.0  # seconds between two questions whether somebody has approved
_ZONES = ("WIB", "WITA", "WIT")
_LINKS = ("normal", "metered", "live")
_WITH_PORT = re.compile(r"([^:\s]+):(\d{1,5})")


def run(setting: Setting, clock: Clock) -> str:
    """Ask everything, write the configuration, enrol; the kiosk's name, "" where it has none yet.
    Raises SourceMisconfigured, SourceUnavailable."""
    kept.must_be_writable(setting.path)
    wizard = Wizard(setting, Desk(setting.path, clock))
    setting.tell("init_hello")
    wizard.place()
    wizard.terminals()
    wizard.camera()
    return wizard.finish()


class Wizard:
    """One run of the questions."""

    def __init__(self, setting: Setting, at: Desk) -> None:
        self._setting, self._desk = setting, at
        self._steps, self._asking = Steps(at, setting.lang), Asking(setting)

    def place(self) -> None:
        """Zone, link, quota, contact. Raises SourceMisconfigured where the file cannot take them."""
        self._title(1, "setup_place_title")
        now, ask = self._desk.place, self._asking
        self._say("setup_office_help")
        zone = ask.among("setup_zone", {zone: zone for zone in _ZONES}, now.zone)
        links = {link: self._word(f"setup_link_{link}") for link in _LINKS}
        for shown in links.values():
            click.echo(f"  {shown}", err=True)
        names = {link: shown.partition(":")[0] for link, shown in links.items()}
        link = ask.among("setup_link", names, now.link)
        quota = ask.number("setup_quota", now.quota_mb, 0, 1_000_000)
        contact = ask.text("setup_contact", now.contact)[:200]
        told = {"zone": zone, "link": link, "quota_mb": quota, "contact": contact}
        self._desk.settle(msgspec.convert(told, Place))
        self._desk.check()

    def terminals(self) -> None:
        """Look around, then one terminal after the other until the address is empty."""
        self._title(2, "setup_devices_title")
        for name, device in self._desk.devices().items():
            click.echo(f"  {name}: {device.host}", err=True)
        while look := self._asking.ask("init_look", self._word("ask_yes"), _where_to_look):
            self._setting.tell("init_looking")
            page = self._told(self._steps.take(look))
            for number, one in enumerate(page.found, 1):
                click.echo(f"  {number}. {one.line}", err=True)
            self._ports(page)
            if page.ok or not self._again():
                break
        while reach := self._asking.ask("init_another", "", self._reach):
            self._terminal(*reach)

    def camera(self) -> None:
        """The source, and a picture of it."""
        self._title(3, "setup_camera_title")
        found = self._desk.around.cameras
        for one in found:
            click.echo(f"  {one.source}  {one.title}", err=True)
        self._say("setup_camera_help")
        plain = self._desk.camera or (found[0].source if found else _NONE)
        while True:
            source = self._asking.text("init_camera", plain)
            page = self._told(self._steps.take(Eye("" if source == _NONE else source)))
            if page.ok or not self._again():
                return

    def finish(self) -> str:
        """Write, then enrol: a power cut between them loses no answer."""
        is_new = kept.put(self._desk.file, self._desk.wanted())
        self._setting.tell("init_written" if is_new else "init_same", file=self._desk.file)
        self._title(4, "setup_join_title")
        if kid := joining.is_enrolled(self._desk.state):
            self._setting.tell("init_enrolled", kid=kid)
            return kid
        while True:
            text = self._pass()
            if not text:
                return ""
            try:
                return self._joined(text)
            except (SourceMisconfigured, SourceUnavailable) as problem:
                self._setting.tell(problem.code, detail=str(problem), where="")

    def _joined(self, text: str) -> str:
        told = ""
        while isinstance(reply := self._desk.join(text), Waiting):
            if reply.code != told:
                told = reply.code
                self._setting.tell("enrol_waits", shown=told)
            threading.Event().wait(_EVERY)
        return reply.kid

    def _pass(self) -> str:
        if self._desk.camera and self._asking.yes("init_scan", plain=False):
            self._setting.tell("init_scanning")
            page = self._told(self._steps.scan())
            if page.pass_text:
                return page.pass_text
        return self._asking.text("init_pass")

    def _ports(self, page: Page) -> None:
        for one in page.ports:
            click.echo(f"  {one.line}", err=True)
            if self._asking.yes("init_port", plain=True):
                self._told(self._steps.take(Take(one.name)))

    def _terminal(self, host: str, port: int, udp: bool) -> None:
        ask, name, key = self._asking, self._desk.free_name(), 0
        while True:
            name = ask.ask("setup_name", name, _name)
            key = ask.number("setup_key", key, 0, 999_999)
            page = self._told(self._steps.take(Asked(name, host, port, key, udp)))
            if page.ok or not self._again():
                return
            host = ask.text("setup_host", host)
            port = ask.number("setup_port", port, 1, 65_535)
            udp = ask.yes("init_udp", plain=udp)

    def _reach(self, typed: str) -> tuple[str, int, bool] | None:
        """Host, port, whether by UDP: from the list by its number, or as typed. None = no more."""
        if not typed or typed == _NONE:
            return None
        seen = self._desk.around.terminals
        if typed.isascii() and typed.isdigit():
            if not 0 < int(typed) <= len(seen):
                raise Unclear("init_no_such_number", typed=typed, most=len(seen))
            one = seen[int(typed) - 1]
            return one.address, one.port or 4370, one.way == "udp"
        if found := _WITH_PORT.fullmatch(typed):
            if not 0 < int(found[2]) < 65_536:
                raise Unclear("ask_number", typed=found[2], least=1, most=65_535)
            return found[1], int(found[2]), False
        if " " in typed or "/" in typed:
            raise Unclear("init_no_address", typed=typed)
        return typed, 4370, False

    def _told(self, page: Page) -> Page:
        click.echo(page.line, err=True)
        return page

    def _again(self) -> bool:
        return self._asking.yes("init_again", plain=True)

    def _say(self, code: str) -> None:
        click.echo(f"  {self._word(code)}", err=True)

    def _title(self, number: int, code: str) -> None:
        click.echo(self._word("init_step", number=number, title=self._word(code)), err=True)

    def _word(self, code: str, **values: object) -> str:
        return say(self._setting.lang, code, **values)


def _where_to_look(typed: str) -> Look | None:
    """Yes, no, or a network. Raises Unclear."""
    if any(letter.isdigit() for letter in typed):
        return Look(typed)
    return Look() if yes_or_no(typed) else None


def _name(typed: str) -> str:
    try:
        return msgspec.convert(typed, Name)
    except msgspec.ValidationError as problem:
        raise Unclear("ask_name", typed=typed) from problem
