"""Who is enrolled on a terminal, read whole: users with their privileges, and fingers' digests.

Nothing is locked or written there, and no template outlives this call. How faces and palms are read
is not published, so of those only the users are seen.
"""

import logging

import msgspec

from contract import roll
from contract.roll import Roll
from terminal_agent.zk import answers, bulk, templates, users
from terminal_agent.zk.answers import NoLog, Sizes
from terminal_agent.zk.link import Link
from terminal_agent.zk.poll import read_users
from terminal_agent.zk.templates import Template
from terminal_agent.zk.users import User

log = logging.getLogger(__name__)


class Enrolled(msgspec.Struct, frozen=True):
    """What a terminal holds. `templates`: how many fingers, None where it does not tell them, and
    then `roll` has none."""

    roll: Roll
    users: int
    templates: int | None


def read(link: Link, sizes: Sizes, salt: bytes, *, legacy: bool) -> Enrolled:
    """Everybody on the terminal; without a `salt` no templates.

    Raises SourceUnavailable, and SourceMisconfigured (`users_unclear`).
    """
    people = [one for one in read_users(link, legacy, sizes) if isinstance(one, User)]
    found: Roll = {}
    for one in people:
        key = (one.pin, roll.USER)  # a PIN that is there twice has the higher privilege
        found[key] = str(max(one.privilege, int(found.get(key, 0))))
    fingers = _templates(link, sizes, legacy=legacy) if salt else None
    pins = users.pins(list(people))
    for each in fingers or ():
        pin = pins.get(each.uid, f"?{each.uid}")  # nobody's, and no less a key to the door
        found[pin, roll.finger(each.finger)] = roll.template_digest(salt, each.data)
    return Enrolled(found, len(people), None if fingers is None else len(fingers))


def _templates(link: Link, sizes: Sizes, *, legacy: bool) -> list[Template] | None:
    if legacy:
        return None
    if not sizes.fingers:
        return []
    body = bulk.open_log(link, answers.TEMPLATES, legacy)
    if isinstance(body, NoLog):
        return None
    found = templates.decode(body.whole())
    body.free()
    if found is None:
        log.warning("templates.unclear bytes=%d", body.total)
    return found
