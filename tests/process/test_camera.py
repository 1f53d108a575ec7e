"""A camera at the real agent's door: what it was told is committed is at the centre, once."""

import time
from contextlib import suppress
from pathlib import Path

import pytest

from contract.event import VERIFY_FACE
from terminal_agent.door.client import Door
from terminal_agent.door.words import Seen, Sight, Standing
from terminal_agent.errors import SourceUnavailable
from tests.process.office import KID, until


@pytest.fixture
def looking(office):
    """An office whose kiosk has a camera and no terminal."""
    office.more = '[camera]\nsource = "clip.mp4"\n[screen]\nsound = false\n'
    office.furnish()
    office.start()
    return office


def reached(door) -> bool:
    with suppress(SourceUnavailable):
        door.connect()
        return True
    return False


def test_a_face_that_was_answered_for_outlives_the_agent_and_reaches_the_centre_once(looking):
    """The agent is killed; the camera, whose answer may have been lost, says it all again."""
    camera, screen = Door(looking.door, "camera"), Door(looking.door, "screen")
    until(lambda: reached(camera), looking.agent.said)
    now, up = time.time(), int(time.clock_gettime(time.CLOCK_BOOTTIME))
    faces = [Seen(0, str(pin), up - pin, VERIFY_FACE, 70, 1, 1) for pin in range(1, 6)]
    assert all(camera.ask(face).ok for face in faces)
    looking.agent.kill()
    with pytest.raises(SourceUnavailable):
        camera.ask(faces[0])
    looking.agent.start()
    until(lambda: reached(camera), looking.agent.said)
    assert all(camera.ask(face).ok for face in faces)
    camera.say(Sight(up=True, people=5))
    until(lambda: reached(screen), looking.agent.said)
    until(lambda: told_to_be_received(screen), looking.report)
    until(lambda: looking.stored() == 5, looking.report)
    assert looking.journalled() == 5
    punches = sorted(looking.punches())
    assert [punch[:2] for punch in punches] == [(f"CAM-{KID}", str(n)) for n in range(1, 6)]
    assert all(abs(t - (now - int(pin))) <= 2 for _, pin, t in punches), "dated by the agent"
    camera.close()
    screen.close()
    assert rss_mb(looking.agent) < 60


def told_to_be_received(screen) -> bool:
    return any(
        isinstance(word, Standing) and word.online and not word.waiting for word in screen.words(1)
    )


def rss_mb(program) -> float:
    """Megabytes that a process holds in memory."""
    with Path(f"/proc/{program.process.pid}/status").open() as file:
        [line] = [line for line in file if line.startswith("VmRSS")]
    return int(line.split()[1]) / 1024
