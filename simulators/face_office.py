"""The demo's office gets a camera and a screen: its people's faces, the two programs, a visitor.

Whose faces they are, and their licence: simulators/portraits/ORIGIN.md.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from simulators import office
from simulators.faces import looks, write
from simulators.lens import Lens
from simulators.scene import Paper, Pose
from simulators.site import Site, Unproven, free_port, running
from simulators.visitor import Screen, hold, visit

# Who lends a face to whom: eight are needed before a face alone may tell who somebody is.
FACES = ("collins", "obama", "biden", "hopper", "p01", "p02", "p03", "p05", "p09")
VISITOR = office.PEOPLE[0]
_STAY = 40.0  # seconds: longer than anybody stands before a kiosk
_LOOKS = 5


class FaceOffice:
    """The kiosk of `site` with a camera and a screen. Enrols its people meanwhile: `open` waits."""

    def __init__(self, site: Site, stack: ExitStack) -> None:
        self._site = site
        self._lens = stack.enter_context(Lens(time.monotonic))
        self.port = free_port()
        self._failed: list[Unproven] = []
        self._enrolling = threading.Thread(target=self._enrol, daemon=True)
        self._enrolling.start()

    def _enrol(self) -> None:
        try:
            folder = self._site.folder / "faces"
            for person, face in zip(office.PEOPLE, FACES, strict=True):
                write(looks(face, _LOOKS), folder / person.pin)
            self._site.agent("people", "enrol", "--images", str(folder))
        except Unproven as problem:
            self._failed.append(problem)

    def open(self, stack: ExitStack) -> dict[str, int]:
        """Start agent, camera and screen, until the stack ends; their process ids. Raises Unproven."""
        self._enrolling.join()
        for problem in self._failed:
            raise problem
        _configure(self._site.folder, self._lens.url, self.port)
        return {
            part: stack.enter_context(
                running("terminal-agent", self._site.folder, "agent.toml", part)
            )
            for part in ("run", "camera", "kiosk")
        }

    def news(self, lasting: float) -> Iterator[tuple[str, dict[str, object]]]:
        """Everything that the screen says."""
        return self._screen().news(lasting)

    def play(self, person: office.Person = VISITOR) -> Iterator[dict[str, object]]:
        """Somebody comes and does what the screen asks; what it shows meanwhile."""
        face = FACES[office.PEOPLE.index(person)]
        return visit(face, self._lens, self._screen(), _STAY)

    def walk(self, person: office.Person) -> None:
        """Somebody comes and goes as soon as the screen has greeted them, not somebody else."""
        for said in self.play(person):
            if person.name in str(said.get("hello")):
                return

    def stand(self, person: office.Person) -> None:
        """Somebody stands before the camera from now on, and does nothing."""
        pose = Pose(FACES[office.PEOPLE.index(person)])
        self._lens.play([(0.0, (pose,))])

    def attack(self) -> Iterator[dict[str, object]]:
        """A photograph of the next colleague is held before the camera."""
        return hold(Paper(FACES[1]), self._lens, self._screen(), _STAY)

    def _screen(self) -> Screen:
        return Screen(self.port, time.monotonic)


def _configure(folder: Path, url: str, port: int) -> None:
    with (folder / "agent.toml").open("a", encoding="utf-8") as file:
        file.write(f'[camera]\nsource = "{url}"\n[screen]\nport = {port}\nsound = false\n')
