"""Every roster that faces are matched with gets a number, under which all of it is found again."""

from contract import faces
from terminal_agent.faces import match
from terminal_agent.faces.gallery import Gallery, Version, evidence
from terminal_agent.faces.match import Roster


def in_force(gallery: Gallery, model: str, now: int) -> tuple[Roster, Version]:
    """The roster of all templates of this model, and its version: the newest one where nothing has
    changed, else a new one, on disk. `now` is UTC seconds. Raises as Gallery does."""
    templates = gallery.templates(model)
    roster = match.calibrate(templates)
    people = tuple(sorted((one.pin, faces.digest(one)) for one in templates))
    centre = roster.centre.tobytes()
    digest = evidence(people, centre)
    number = gallery.newest_version()
    newest = gallery.version(number)
    if newest and (newest.digest, newest.model) == (digest, model):
        return roster, newest
    threshold = match.ten_thousandths(roster.threshold)
    made = Version(number + 1, now, model, centre, threshold, match.UNATTENDED, people, digest)
    gallery.keep_version(made)
    return roster, made
