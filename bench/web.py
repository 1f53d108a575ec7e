"""What 500 people who watch a board cost the centre, and how soon a board is there.

The real `sync-server run` with an office of 120; each second somebody punches and the frame goes through
the ledger and the daybook. Viewers are real sockets with a login each. The peer of the first figure is a
page that every viewer loads each second from the same server: fewer of them, counted up. Of the second,
the same pages over the shape of every peer read: one query per person, nothing kept.
"""

import contextlib
import os
import selectors
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
from playwright.sync_api import Browser, sync_playwright

from bench.report import Figure, figure, say
from bench.screen import launched
from bench.web_office import OPD, Office
from tests.process.office import Program, free_port

USED = ("hadir", "fastapi", "starlette", "uvicorn", "Jinja2", "playwright")
_PROGRAM = Path(sys.executable).with_name("sync-server")
_TICKS = os.sysconf("SC_CLK_TCK")
_POLLED = "the same page asked for each second by every viewer"
_PER_PERSON = "the same page, one query per person"


class Sizes(msgspec.Struct, frozen=True):
    """Viewers, seconds that each measurement takes, pollers of the peer, and pages opened."""

    viewers: int
    seconds: int
    pollers: int
    opened: int


FULL = Sizes(viewers=500, seconds=20, pollers=8, opened=9)
QUICK = Sizes(viewers=50, seconds=6, pollers=4, opened=3)


def measure(quick: bool) -> dict[str, Figure]:
    """The figures of `bench web`."""
    sizes = QUICK if quick else FULL
    with tempfile.TemporaryDirectory() as folder, Office(Path(folder)) as office:
        with _server(office, _PROGRAM, "--config", office.config, "run") as server:
            cpu, paints = _watched(office, server, sizes)
        peer = (sys.executable, "-m", "bench.web_peer", office.config)
        with _server(office, *peer), sync_playwright() as playwright:
            say("web: the peer's page in Chromium")
            slow = _paints(launched(playwright), office, sizes.opened)
    full = sizes.viewers == FULL.viewers
    goal = "<= 25 % of one core"
    return {
        "viewers_500_cpu": figure("%", _POLLED, *cpu).judged(goal, cpu[0] <= 25 if full else None),
        "board_first_paint_ms": figure("ms", _PER_PERSON, paints, slow).judged(
            "<= 1000 ms", paints <= 1_000
        ),
    }


def _watched(office: Office, server: Program, sizes: Sizes) -> tuple[tuple[float, float], float]:
    """Percent of one core for 500 viewers, ours and the peer's; ms to our first paint."""
    say("web: nobody looks")
    idle = _cpu(office, server, sizes.seconds, Viewers(office, 0))
    say(f"web: {sizes.viewers} viewers")
    before = _rss_mb(server)
    viewers = Viewers(office, sizes.viewers)
    ours = _cpu(office, server, sizes.seconds, viewers)
    told = min(viewers.told.values(), default=0)
    say(f"web: each was told {told} times or more in {sizes.seconds} s")
    say(f"web: {ours:.1f} % of one core, {idle:.1f} % with nobody")
    say(
        f"web: memory {before:.0f} MB before, {_rss_mb(server):.0f} MB with {sizes.viewers} viewers"
    )
    viewers.close()
    if told < sizes.seconds // 2:  # two changes within the server's second are one event
        raise AssertionError(f"somebody was told only {told} times")
    say(f"web: {sizes.pollers} viewers who ask each second")
    pollers = Pollers(office, sizes.pollers)
    polled = _cpu(office, server, sizes.seconds, pollers)
    pollers.close()
    with sync_playwright() as playwright:
        say("web: the board in Chromium")
        paints = _paints(launched(playwright), office, sizes.opened)
    scale = FULL.viewers / sizes.viewers, FULL.viewers / sizes.pollers
    return (idle + (ours - idle) * scale[0], idle + (polled - idle) * scale[1]), paints


@contextlib.contextmanager
def _server(office: Office, *command: str | Path) -> Iterator[Program]:
    office.open_ports(free_port(), free_port())
    program = Program(office.folder / "server.log", *command).start()
    try:
        for _ in range(2_400):
            with socket.socket() as trial:
                if trial.connect_ex(("127.0.0.1", office.port)) == 0:
                    break
            time.sleep(0.05)
        else:
            raise AssertionError(program.said())
        yield program
    finally:
        program.stop()


def _cpu(office: Office, server: Program, seconds: int, who: "Viewers | Pollers") -> float:
    """Percent of one core that the server's process takes while somebody punches each second."""
    who.settle()
    began, used = time.monotonic(), _ticks(server)
    for no in range(seconds):
        office.punch()
        who.look(began + no + 1)
    return (_ticks(server) - used) / _TICKS / (time.monotonic() - began) * 100


class Viewers:
    """Browsers that hold a board's stream, as sockets that are read."""

    def __init__(self, office: Office, count: int) -> None:
        self._office = office
        self._chosen = selectors.DefaultSelector()
        self.told: dict[socket.socket, int] = {}
        for cookie in office.logins(count):
            wire = socket.create_connection(("127.0.0.1", office.port))
            wire.sendall(_request(f"/live/{OPD}", cookie))
            self._chosen.register(wire, selectors.EVENT_READ, wire)
            self.told[wire] = 0

    def settle(self) -> None:
        """Let the first state come."""
        self.look(time.monotonic() + 3)
        self.told = dict.fromkeys(self.told, 0)

    def look(self, until: float) -> None:
        """Read what comes until a time of the monotonic clock."""
        while (left := until - time.monotonic()) > 0:
            if not self.told:
                time.sleep(left)
                return
            for key, _ in self._chosen.select(left):
                wire: socket.socket = key.data
                data = wire.recv(1 << 18)
                if not data:
                    raise AssertionError("the server let go of a viewer")
                self.told[wire] += data.count(b"id: ")

    def close(self) -> None:
        """Leave."""
        for wire in self.told:
            wire.close()


class Pollers:
    """Browsers that load the page each second."""

    def __init__(self, office: Office, count: int) -> None:
        self._wires = [
            (socket.create_connection(("127.0.0.1", office.port)), cookie)
            for cookie in office.logins(count)
        ]

    def settle(self) -> None:
        """The first page of each."""
        self.look(time.monotonic() + 1)

    def look(self, until: float) -> None:
        """Ask once, and wait."""
        for wire, cookie in self._wires:
            wire.sendall(_request(f"/offices/{OPD}", cookie))
            _read_answer(wire)
        time.sleep(max(0.0, until - time.monotonic()))

    def close(self) -> None:
        """Leave."""
        for wire, _ in self._wires:
            wire.close()


def _request(path: str, cookie: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: hadir={cookie}\r\n\r\n".encode()


def _read_answer(wire: socket.socket) -> None:
    data = b""
    while b"\r\n\r\n" not in data:
        data += wire.recv(1 << 16)
    head, _, body = data.partition(b"\r\n\r\n")
    if b" 200 " not in head.partition(b"\r\n")[0]:
        raise AssertionError(head.decode())
    size = int(head.lower().partition(b"content-length:")[2].split()[0])
    while len(body) < size:
        body += wire.recv(1 << 16)


def _paints(browser: Browser, office: Office, times: int) -> float:
    """Median ms from the click to the first contentful paint, nothing cached."""
    took = []
    for cookie in office.logins(times):
        context = browser.new_context()
        address = f"http://127.0.0.1:{office.port}"
        context.add_cookies([{"name": "hadir", "value": cookie, "url": address}])
        page = context.new_page()
        page.goto(f"{address}/offices/{OPD}")
        page.wait_for_function(
            "() => performance.getEntriesByName('first-contentful-paint').length"
        )
        took.append(
            page.evaluate(
                "() => performance.getEntriesByName('first-contentful-paint')[0].startTime"
            )
        )
        context.close()
    browser.close()
    return statistics.median(took)


def _ticks(server: Program) -> int:
    fields = Path(f"/proc/{_pid(server)}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def _rss_mb(server: Program) -> float:
    status = Path(f"/proc/{_pid(server)}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def _pid(server: Program) -> int:
    if server.process is None:
        raise AssertionError("the server does not run")
    return server.process.pid
