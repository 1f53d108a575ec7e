"""Somebody before the kiosk: sees only its screen, and does what it asks.

Reads the page's own news (`/events`), as a browser does; knows nothing else of the kiosk.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from http.client import HTTPConnection

from simulators.faces import Storyboard, acts
from simulators.lens import Lens
from simulators.scene import Paper, Pose

_SILENCE = 15.0  # seconds: the screen says the time more often


class Screen:
    """The kiosk's page, read by eye: everything that it says, in order."""

    def __init__(self, port: int, seconds: Callable[[], float]) -> None:
        """`seconds` is a monotonic clock."""
        self._port = port
        self._seconds = seconds

    def news(self, lasting: float) -> Iterator[tuple[str, dict[str, object]]]:
        """What it says, by kind, for so many seconds. Raises OSError where there is no screen."""
        until = self._seconds() + lasting
        with closing(HTTPConnection("127.0.0.1", self._port, timeout=_SILENCE)) as line:
            line.request("GET", "/events")
            answer = line.getresponse()
            kind = ""
            while self._seconds() < until:
                text = answer.readline().decode().rstrip("\n")
                if text.startswith("event: "):
                    kind = text.removeprefix("event: ")
                elif text.startswith("data: "):
                    yield kind, json.loads(text.removeprefix("data: "))


def visit(person: str, lens: Lens, screen: Screen, lasting: float) -> Iterator[dict[str, object]]:
    """The person comes, does what the screen asks, and stays until it shows their card, or for so
    many seconds; every card and face that the screen shows."""
    came: Storyboard = [(0.0, ()), (0.5, (Pose(person, x=90, width=130),)), (1.2, (Pose(person),))]
    lens.play(came)
    yield from _watched(lens, screen, lasting, lambda asked: acts(Pose(person), asked))


def hold(paper: Paper, lens: Lens, screen: Screen, lasting: float) -> Iterator[dict[str, object]]:
    """Somebody holds a photograph before the camera, and moves it as the screen asks."""
    flat = paper
    lens.play([(0.0, ()), (0.5, (flat,)), (1.2, (flat,))])
    aside = {"turn_left": 35.0, "turn_right": -35.0, "blink": 10.0}
    yield from _watched(
        lens,
        screen,
        lasting,
        lambda asked: [(0.8, flat._replace(tilt=aside[asked])), (1.0, flat), (0.5, flat)],
    )


def _watched(
    lens: Lens,
    screen: Screen,
    lasting: float,
    answer: Callable[[str], list[tuple[float, Pose]] | list[tuple[float, Paper]]],
) -> Iterator[dict[str, object]]:
    asked_before = ""
    try:
        for kind, said in screen.news(lasting):
            if kind == "face":
                asked = str(said["asked"])
                if asked and asked != asked_before:
                    lens.play(_done(answer(asked)))
                asked_before = asked
                yield said
            if kind == "card":
                card = said["card"]
                if isinstance(card, dict):
                    yield card
    finally:
        lens.play([(0.0, ())])


def _done(moves: list[tuple[float, Pose]] | list[tuple[float, Paper]]) -> Storyboard:
    """The moves as a storyboard, after a moment to read what is asked."""
    now, lines = 0.7, [(0.0, (moves[-1][1],)), (0.7, (moves[-1][1],))]
    for lasts, pose in moves:
        now += lasts
        lines.append((now, (pose,)))
    return lines
