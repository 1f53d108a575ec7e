"""Every roster that faces are matched with gets a number, under which all of it is found again."""

import msgspec

from contract import faces
from terminal_agent.faces import match
from terminal_agent.faces.gallery import Gallery
from terminal_agent.faces.match import Roster
from terminal_agent.faces.matched import Version, centre_mark, evidence


def in_force(gallery: Gallery, model: str, now: int) -> tuple[Roster, Version]:
    """The roster of all templates of this model, and its version: the newest one where nothing has
    changed, else a new one, on disk. `now` is UTC seconds. Raises as Gallery does."""
    templates = gallery.templates(model)
    roster = match.calibrate(templates)
    people = tuple(sorted((one.pin, faces.digest(one)) for one in templates))
    centre = roster.centre.tobytes()
    number = gallery.newest_version()
    made = Version(
        no=number + 1,
        made=now,
        model=model,
        centre=centre,
        threshold=match.ten_thousandths(roster.threshold),
        claimed=match.ten_thousandths(roster.claimed),
        rule=match.RULE_NAME,
        roster=people,
        centre_mark=centre_mark(centre),
    )
    made = msgspec.structs.replace(made, digest=evidence(made))
    newest = gallery.version(number)
    if newest and newest.digest == made.digest:
        return roster, newest
    gallery.keep_version(made)
    return roster, made
