"""What `people enrol` does: looks from a folder or from the camera, judged, kept."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import click
import msgspec

from contract import faces
from terminal_agent import identity
from terminal_agent.cli.setting import BROKEN, Setting
from terminal_agent.clock import Clock
from terminal_agent.config import Config
from terminal_agent.errors import SourceMisconfigured, SourceUnavailable
from terminal_agent.faces import enrol as enrolment
from terminal_agent.faces import match, models, pictures
from terminal_agent.faces.cameras import opening
from terminal_agent.faces.enrol import LEAST_LOOKS, Asked, Outcome
from terminal_agent.faces.face import Image
from terminal_agent.faces.gallery import Gallery
from terminal_agent.wording import say

_SECONDS = 12.0  # to look straight, left and right
_BETWEEN = 0.4  # seconds between two frames that are judged
_WAIT = 2.0  # for one frame


class Wish(msgspec.Struct, frozen=True):
    """Whom to enrol; `images` None = by the camera; `as_new` as in Asked."""

    pin: str
    images: Path | None
    as_new: bool


def enrol(setting: Setting, kiosk: Config, gallery: Gallery, wish: Wish) -> None:
    """Enrol, or say why not and end with 1. Raises SourceMisconfigured and SourceUnavailable."""
    state = Path(kiosk.kiosk.state)
    by = identity.load(state).kid
    clock = Clock(kiosk.kiosk.clock)
    loaded = models.load(state / "models", kiosk.camera.recogniser, kiosk.camera.model)
    others = [one for one in gallery.templates(loaded.embedder.id) if one.pin != wish.pin]
    seen = _shown(setting, wish.images) if wish.images else _taken(setting, kiosk, clock)
    asked = Asked(wish.pin, clock.look().wall, by, wish.as_new)
    outcome = enrolment.enrol(loaded, seen, asked, match.calibrate(others))
    for one in outcome.refused:
        why = ", ".join(say(setting.lang, f"fault_{fault}") for fault in one.faults)
        setting.tell("people_refused", name=one.name, faults=why)
    if outcome.template is None:
        _say_why(setting, outcome)
        raise click.exceptions.Exit(BROKEN)
    gallery.put([outcome.template], told=False)
    setting.tell(
        "people_enrolled",
        pin=wish.pin,
        looks=len(outcome.template.looks),
        names=", ".join(outcome.kept),
        digest=faces.digest(outcome.template),
    )


def _say_why(setting: Setting, outcome: Outcome) -> None:
    setting.tell(
        outcome.code,
        count=len(outcome.kept),
        least=LEAST_LOOKS,
        names=", ".join(outcome.names),
        pin=outcome.pin,
        distance=outcome.distance,
    )


def _shown(setting: Setting, folder: Path) -> Iterator[tuple[str, Image]]:
    """The images of a folder, damaged ones told and left out. Raises SourceMisconfigured."""
    paths = list(pictures.listed(folder)) if folder.is_dir() else []
    if not paths:
        raise SourceMisconfigured("no_images", str(folder))
    for path in paths:
        image = pictures.read(path)
        if image is None:
            setting.tell("people_damaged", name=path.name)
        else:
            yield path.name, image


def _taken(setting: Setting, kiosk: Config, clock: Clock) -> Iterator[tuple[str, Image]]:
    """Frames of the kiosk's camera for some seconds. Raises SourceUnavailable."""
    with closing(opening.opened(kiosk.camera.source, clock)) as camera:
        setting.tell("people_look", seconds=round(_SECONDS))
        until, last, count = clock.monotonic() + _SECONDS, float("-inf"), 0
        while clock.monotonic() < until:
            try:
                newest = camera.newest(_WAIT)
            except SourceUnavailable:  # a clip ends; what it showed counts
                if not count:
                    raise
                return
            if newest is None or newest[1] - last < _BETWEEN:
                continue
            image, last = newest
            count += 1
            yield str(count), image
