"""A kiosk's screen for benches and tests: the real command in a process of its own, a scripted agent
behind it, a camera that keeps replacing its picture."""

import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from playwright.sync_api import Browser, Playwright

from bench.scripted import SEES, SENT, Agent
from terminal_agent.door.words import FromAgent

CHROMIUM = Path("/usr/bin/chromium")
MISSING = "chromium is not here: apt install chromium"
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_PROGRAM = Path(sys.executable).with_name("terminal-agent")
_CONFIG = """
[kiosk]
state = "{folder}/state"
socket = "{folder}/agent.sock"
zone = "WIB"
[[zkteco]]
name = "lobi"
host = "192.0.2.7"
[camera]
source = "{folder}/clip"
[screen]
port = {port}
contact = "Subbag Kepegawaian, ext. 12"
"""


def launched(playwright: Playwright) -> Browser:
    """Debian's Chromium without a screen."""
    return playwright.chromium.launch(executable_path=CHROMIUM, args=list(_FLAGS))


class Stage:
    """`terminal-agent kiosk` and what stands around it."""

    def __init__(self, folder: Path, *present: FromAgent) -> None:
        self.folder = folder
        self.port = _free_port()
        self.picture = folder / "preview.jpg"
        self.config = folder / "agent.toml"
        self.config.write_text(_CONFIG.format(folder=folder, port=self.port))
        self.agent = Agent(folder / "agent.sock", *(present or (SENT, SEES)))
        self.process = self._started()

    def __enter__(self) -> "Stage":
        self.agent.wait()
        self._wait_until_listening()  # its relay comes to the agent a moment before its socket opens
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self.agent.close()

    @property
    def address(self) -> str:
        """Where the page is."""
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> None:
        """The server ends, as for an update."""
        self.process.terminate()
        if code := self.process.wait(10):
            raise AssertionError(f"the screen's server ended with {code}")

    def start(self) -> None:
        """The server starts anew."""
        self.process = self._started()
        self._wait_until_listening()

    def rejoin(self, *present: FromAgent) -> None:
        """Another agent in the place of the one that went."""
        self.agent = Agent(self.folder / "agent.sock", *(present or (SENT, SEES)))
        self.agent.wait()

    def rss_mb(self) -> float:
        """Resident memory of the server's process."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024

    def _wait_until_listening(self) -> None:
        for _ in range(600):
            with socket.socket() as trial:
                if trial.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise AssertionError("the screen's server did not start")

    def _started(self) -> subprocess.Popen:
        command = [_PROGRAM, "--config", self.config, "kiosk"]
        return subprocess.Popen(command, stderr=subprocess.DEVNULL)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Film:
    """Replaces the picture ten times a second, as the camera's process does."""

    def __init__(self, picture: Path, *frames: bytes) -> None:
        self._picture = picture
        self._frames = frames
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._play)

    def __enter__(self) -> "Film":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _play(self) -> None:
        no = 0
        while not self._stop.wait(0.1):
            replace(self._picture, self._frames[no % len(self._frames)])
            no += 1


def replace(picture: Path, frame: bytes) -> None:
    """Another picture in the place of the last one, never half of one."""
    fresh = picture.with_suffix(".new")
    fresh.write_bytes(frame)
    os.replace(fresh, picture)


def now() -> int:
    """UTC seconds."""
    return int(time.time())
