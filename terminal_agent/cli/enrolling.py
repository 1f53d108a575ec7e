"""What `people enrol` does: looks from a folder or from the camera, judged, kept."""

from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

import msgspec

from contract import faces
from contract.people import is_nip
from terminal_agent import identity
from terminal_agent.cli.people import is_pin
from terminal_agent.cli.setting import Setting
from terminal_agent.clock import Clock
from terminal_agent.config import Config
from terminal_agent.errors import SourceMisconfigured, SourceUnavailable
from terminal_agent.faces import enrol as enrolment
from terminal_agent.faces import models, pictures
from terminal_agent.faces.cameras import opening
from terminal_agent.faces.cameras.grabbing import Camera
from terminal_agent.faces.enrol import LEAST_LOOKS, Asked, Outcome
from terminal_agent.faces.face import Image
from terminal_agent.faces.gallery import Change, Gallery
from terminal_agent.faces.models import Models
from terminal_agent.staff import Staff
from terminal_agent.wording import say
from terminal_agent.wording.privacy import NOTICE_VERSION

_SECONDS = 12.0  # to look straight, left and right
_BETWEEN = 0.4  # seconds between two frames that are judged
_WAIT = 2.0  # for one frame


class Wish(msgspec.Struct, frozen=True):
    """Whom to enrol, None = everybody of `images`, a folder by PIN each; `images` None = by the
    camera; `as_new`, `replace` and `told` as in Asked."""

    pin: str | None
    images: Path | None
    as_new: str = ""
    replace: str = ""
    told: str = ""


class _Desk(msgspec.Struct, frozen=True):
    """What enrolling takes, loaded once for however many people."""

    setting: Setting
    kiosk: Config
    gallery: Gallery
    models: Models
    clock: Clock
    by: str
    staff: Staff


def enrol(setting: Setting, kiosk: Config, gallery: Gallery, wish: Wish) -> bool:
    """Enrol, and say of whom why not; whether everybody was. Raises SourceMisconfigured and
    SourceUnavailable."""
    gallery.check_key()  # before anybody stands there for nothing
    state = Path(kiosk.kiosk.state)
    by = identity.load(state).kid
    folders = _folders(wish.images) if wish.images and wish.pin is None else []
    loaded = models.load(state / "models", kiosk.camera.recogniser, kiosk.camera.model)
    clock = Clock(kiosk.kiosk.clock)
    desk = _Desk(setting, kiosk, gallery, loaded, clock, by, Staff.load(state))
    if wish.pin is not None:
        seen = _shown(setting, wish.images) if wish.images else _taken(setting, kiosk, clock)
        return _one(desk, wish.pin, seen, wish)
    done = [_of_folder(desk, folder, wish) for folder in folders]
    setting.tell("people_enrolled_of", count=sum(done), people=len(done))
    return all(done)


def _of_folder(desk: _Desk, folder: Path, wish: Wish) -> bool:
    if is_nip(folder.name):
        desk.setting.tell("people_nip", pin=folder.name)
        return False
    if not any(pictures.listed(folder)):
        desk.setting.tell("no_images", detail=folder)
        return False
    return _one(desk, folder.name, _shown(desk.setting, folder), wish)


def _one(desk: _Desk, pin: str, seen: Iterable[tuple[str, Image]], wish: Wish) -> bool:
    setting, model = desk.setting, desk.models.embedder.id
    if not desk.staff.is_empty() and desk.staff.by_pin(pin) is None:
        setting.tell("people_not_on_list", pin=pin)
    asked = Asked(pin, desk.clock.look().wall, desk.by, wish.as_new, wish.replace, wish.told)
    outcome = enrolment.enrol(desk.models, seen, asked, desk.gallery.templates(model))
    for one in outcome.refused:
        why = ", ".join(say(setting.lang, f"fault_{fault}") for fault in one.faults)
        setting.tell("people_refused", name=one.name, faults=why)
    if outcome.template is None:
        _say_why(setting, pin, outcome)
        return False
    change: Change = "replaced" if outcome.replaces else "enrolled"
    if not wish.told:
        setting.tell("people_not_told", pin=pin, version=NOTICE_VERSION)
    desk.gallery.put([outcome.template], told=False, change=change)
    setting.tell(
        "people_enrolled",
        pin=pin,
        looks=len(outcome.template.looks),
        names=", ".join(outcome.kept),
        digest=faces.digest(outcome.template),
    )
    return True


def _say_why(setting: Setting, pin: str, outcome: Outcome) -> None:
    setting.tell(
        outcome.code,
        asked=pin,
        count=len(outcome.kept),
        least=LEAST_LOOKS,
        names=", ".join(outcome.names),
        pin=outcome.pin,
        distance=outcome.distance,
    )


def _folders(folder: Path) -> list[Path]:
    """A folder for each person, named by PIN. Raises SourceMisconfigured."""
    _check_folder(folder)
    there = sorted(folder.iterdir()) if folder.is_dir() else []
    found = [path for path in there if path.is_dir() and not path.name.startswith(".")]
    if not found:
        raise SourceMisconfigured("no_people_folders", str(folder))
    for path in found:
        if not is_nip(path.name) and not is_pin(path.name):
            raise SourceMisconfigured("people_pin", path.name)
    return found


def _check_folder(folder: Path) -> None:
    if folder.is_file():
        raise SourceMisconfigured("not_a_folder", str(folder))


def _shown(setting: Setting, folder: Path) -> Iterator[tuple[str, Image]]:
    """The images of a folder, damaged ones told and left out. Raises SourceMisconfigured."""
    _check_folder(folder)
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
    with closing(_opened(kiosk, clock)) as camera:
        setting.tell("people_look", seconds=round(_SECONDS))
        until, last, count = clock.monotonic() + _SECONDS, float("-inf"), 0
        while clock.monotonic() < until:
            try:
                newest = camera.newest(_WAIT)
            except SourceUnavailable as problem:  # a clip ends; what it showed counts
                if not count:
                    raise SourceUnavailable("camera_not_given", str(problem)) from problem
                return
            if newest is None or newest[1] - last < _BETWEEN:
                continue
            image, last = newest
            count += 1
            yield str(count), image


def _opened(kiosk: Config, clock: Clock) -> Camera:
    """A USB or ribbon camera gives its pictures to one program: as a rule the camera unit has it."""
    try:
        return opening.opened(kiosk.camera.source, clock)
    except SourceUnavailable as problem:
        raise SourceUnavailable("camera_not_given", str(problem)) from problem
