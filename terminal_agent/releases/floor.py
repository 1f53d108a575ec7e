"""How far down a kiosk may go."""

from terminal_agent.errors import SourceMisconfigured
from terminal_agent.releases import place as places
from terminal_agent.releases import told
from terminal_agent.releases.place import Place
from terminal_agent.releases.told import Floor


def remembered(place: Place) -> Floor:
    """What the keeper has written down of it."""
    return told.read(place.kept / told.FLOOR, Floor) or Floor()


def before(place: Place) -> str:
    """The version to which the kiosk may go back. Raises SourceMisconfigured where there is none."""
    version = place.points("previous")
    if version in ("", place.points("current")):
        raise SourceMisconfigured("release_no_previous", "no release to go back to is kept")
    lowest, wanted = remembered(place).least, places.number(place, version)
    if wanted < lowest:
        raise SourceMisconfigured("release_too_old", f"{wanted} is below {lowest}")
    return version
