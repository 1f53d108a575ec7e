"""The setup page's steps: one form each, tried before it is taken, answered in a person's words."""

from collections.abc import Callable

import msgspec

from contract.enrolment import Waiting
from terminal_agent.discovery.found import FoundPort, FoundTerminal
from terminal_agent.errors import SourceMisconfigured, SourceUnavailable
from terminal_agent.provision import desk
from terminal_agent.provision.desk import Desk
from terminal_agent.provision.forms import (
    Asked,
    Eye,
    Forget,
    Join,
    Look,
    Nothing,
    Place,
    Take,
)
from terminal_agent.wording import say


class Shown(msgspec.Struct, frozen=True):
    """A thing that was found or kept: what it is called, a line about it, and what fills the form."""

    name: str
    line: str
    host: str = ""
    port: int = 4370
    udp: bool = False
    needs_key: bool = False
    fresh: bool = False


class Page(msgspec.Struct, frozen=True):
    """What the page shows after a step: whether it went well, a sentence, and everything so far."""

    ok: bool
    line: str
    place: Place
    devices: list[Shown]
    found: list[Shown]
    ports: list[Shown]
    cameras: list[Shown]
    camera: str
    free_name: str
    pass_text: str = ""
    waiting: str = ""
    kid: str = ""


class Steps:
    """The steps at one desk, in one language."""

    def __init__(self, at: Desk, lang: str) -> None:
        self._desk, self._lang = at, lang

    def take(self, form: object) -> Page:
        """One step. Never raises what a person can heal: that is the sentence."""
        todo: dict[type, Callable[..., Page]] = {
            Nothing: lambda _: self._page(""),
            Place: self._place,
            Look: self._look,
            Take: self._take,
            Asked: self._device,
            Forget: self._forget,
            Eye: self._eye,
            Join: self._join,
        }
        try:
            return todo[type(form)](form)
        except (SourceMisconfigured, SourceUnavailable) as problem:
            return self.failed(problem, getattr(form, "host", ""))

    def scan(self) -> Page:
        """Wait for a QR code before the camera."""
        try:
            text = self._desk.scan()
        except (SourceMisconfigured, SourceUnavailable) as problem:
            return self.failed(problem, "")
        return self._page("setup_scanned", pass_text=text)

    def failed(self, problem: SourceMisconfigured | SourceUnavailable, where: str) -> Page:
        """As a sentence."""
        line = say(self._lang, problem.code, where=where, detail=str(problem))
        return msgspec.structs.replace(self._page(""), ok=False, line=line)

    def _place(self, form: Place) -> Page:
        self._desk.settle(form)
        self._desk.check()
        return self._page("setup_kept")

    def _look(self, form: Look) -> Page:
        chosen = [desk.network(form.network)] if form.network.strip() else []
        found = self._desk.look(chosen, form.comm_key)
        code = "setup_found" if found.terminals else "setup_found_none"
        return self._page(code, count=len(found.terminals))

    def _take(self, form: Take) -> Page:
        taken = self._desk.take_port(form.port)
        self._desk.check()
        return self._page(f"setup_taken_{taken.kind}", title=taken.title)

    def _device(self, form: Asked) -> Page:
        found = self._desk.try_device(form)
        code = "setup_device_open" if found.key == "none" else "setup_device"
        return self._page(code, **msgspec.structs.asdict(found) | {"name": form.name})

    def _forget(self, form: Forget) -> Page:
        self._desk.forget_device(form.name)
        return self._page("setup_forgotten", name=form.name)

    def _eye(self, form: Eye) -> Page:
        if not form.source.strip():
            self._desk.no_camera()
            return self._page("setup_no_camera")
        seen = self._desk.try_camera(form.source.strip())
        return self._page(f"setup_light_{seen.light}")

    def _join(self, form: Join) -> Page:
        self._desk.keep()
        reply = self._desk.join(form.text)
        if isinstance(reply, Waiting):
            return self._page("enrol_waits", shown=reply.code, waiting=reply.code)
        return self._page("setup_done", kid=reply.kid)

    def _page(self, code: str, **values: object) -> Page:
        at = self._desk
        plain = {name: str(values[name]) for name in ("pass_text", "waiting") if name in values}
        return Page(
            ok=True,
            line=say(self._lang, code, **values) if code else "",
            place=at.place,
            devices=[self._kept(name) for name in at.devices()],
            found=[self._found(one) for one in at.around.terminals],
            ports=[self._port(one) for one in at.offered()],
            cameras=[Shown(one.source, one.title) for one in at.around.cameras],
            camera=at.camera,
            free_name=at.free_name(),
            kid=str(values["kid"]) if "kid" in values else "",
            **plain,
        )

    def _kept(self, name: str) -> Shown:
        device, tried = self._desk.devices()[name], self._desk.tried.get(name)
        code = "setup_kept_tried" if tried else "setup_kept_before"
        line = say(self._lang, code, serial=tried.serial if tried else "", host=device.host)
        return Shown(name, line, device.host, device.port, device.udp, fresh=tried is not None)

    def _found(self, one: FoundTerminal) -> Shown:
        code = "setup_seen" if one.serial else f"setup_seen_{_why(one)}"
        line = say(self._lang, code, **msgspec.structs.asdict(one))
        needs, udp = one.key == "needed", one.way == "udp"
        return Shown(one.name, line, one.address, one.port, udp, needs_key=needs)

    def _port(self, one: FoundPort) -> Shown:
        line = say(self._lang, f"setup_seen_{one.kind}", title=one.title, speed=one.speed)
        return Shown(one.port, line)


def _why(one: FoundTerminal) -> str:
    if one.way == "push":
        return "push"
    return "key" if one.key == "needed" else "strange"
