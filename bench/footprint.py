"""What each process of a kiosk and of a small centre holds in memory while people are greeted.

Two people are recognised after a challenge before the figure is read: resident memory at its highest.
The camera's peer is a process that recognises one face as face_recognition does it.
"""

import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from bench.report import Figure, figure
from simulators import office
from simulators.demo import prepare
from simulators.demo_faces import wait_for_screen
from simulators.face_office import FaceOffice
from simulators.site import Site, running
from simulators.story import Story

USED = ("hadir", "numpy", "opencv-python-headless", "onnxruntime", "starlette", "face_recognition")
_PORTRAIT = Path(__file__).parent.parent / "simulators/portraits/collins.jpg"
_STOCK = """
import sys
import face_recognition
assert face_recognition.face_encodings(face_recognition.load_image_file(sys.argv[1]))
print(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1])
"""
_GOALS = {"agent_rss_mb": 60, "camera_rss_mb": 250}


def measure(quick: bool) -> dict[str, Figure]:
    """The figures of `bench footprint`; `quick`: one person instead of two."""
    with tempfile.TemporaryDirectory(prefix="hadir-footprint-") as folder, ExitStack() as stack:
        site = Site(Path(folder), stack)
        prepare(site, Story(as_json=True, lang="en"))
        server = stack.enter_context(running("sync-server", site.folder, "server.toml"))
        faces = FaceOffice(site, stack)
        pids = faces.open(stack)
        wait_for_screen(faces)
        site.server("roster", "send", "--kid", "T07A", "--wait", "30")
        for person in office.PEOPLE[: 1 if quick else 2]:
            faces.walk(person)
        held = {
            "agent_rss_mb": _highest(pids["run"]),
            "camera_rss_mb": _highest(pids["camera"]),
            "kiosk_rss_mb": _highest(pids["kiosk"]),
            "server_rss_mb": _highest(server),
        }
    figures = {key: Figure(ours=value, unit="MB") for key, value in held.items()}
    camera = figure("MB", "face_recognition, one face", held["camera_rss_mb"], _stock())
    figures["camera_rss_mb"] = camera
    for key, most in _GOALS.items():
        figures[key] = figures[key].judged(f"under {most}", held[key] < most)
    return figures


def _highest(pid: int) -> float:
    """VmHWM of a process in MB (10^6 bytes)."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024 / 1e6
    raise RuntimeError(f"process {pid} is gone")


def _stock() -> float:
    told = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _STOCK, str(_PORTRAIT)],
        capture_output=True,
        text=True,
        check=True,
    )
    return int(told.stdout) * 1024 / 1e6
