"""Reads a terminal's people, cards and fingerprint templates. Nothing is written or locked there."""

import logging
from collections import Counter, defaultdict

from terminal_agent.config import ZkDevice
from terminal_agent.errors import SourceMisconfigured
from terminal_agent.roster.held import Finger, Held, Person
from terminal_agent.zk import answers, bulk, templates, users
from terminal_agent.zk.answers import NoLog, Sizes
from terminal_agent.zk.link import Link
from terminal_agent.zk.poll import LEGACY_PLATFORMS
from terminal_agent.zk.templates import Template
from terminal_agent.zk.user_layout import LONGEST_PIN
from terminal_agent.zk.users import User

log = logging.getLogger(__name__)


def read(device: ZkDevice) -> Held:
    """What the terminal holds. Raises SourceUnavailable, and SourceMisconfigured (`comm_key`,
    `users_unclear`)."""
    with Link(device.host, device.port, device.comm_key, udp=device.udp) as link:
        legacy = link.platform().startswith(LEGACY_PLATFORMS)
        sizes = link.sizes()
        people, width = _users(link, legacy, sizes)
        fingers = None if legacy else _templates(link, sizes)
        known = link.option("~ZKFPVersion") or ""
        digits = link.option("~PIN2Width") or ""
        return Held(
            device.name,
            link.serial(),
            _people(people, fingers or []),
            _twice(people),
            width=width,
            digits=int(digits) if digits.isdecimal() and int(digits) else LONGEST_PIN,
            algorithm="" if fingers is None else known,
            user_room=_room(sizes.user_cap, sizes.users),
            finger_room=_room(sizes.finger_cap, sizes.fingers),
        )


def _users(link: Link, legacy: bool, sizes: Sizes) -> tuple[list[User], int]:
    """Everybody, and the width of their records: 0 where there is nobody."""
    body = bulk.open_log(link, answers.USERS, legacy)
    if isinstance(body, NoLog):
        return [], 0
    table = body.whole()
    body.free()
    found = users.decode(table, sizes.users)
    if isinstance(found, users.UsersUnclear):
        raise SourceMisconfigured("users_unclear", found.sentence)
    people = [one for one in found if isinstance(one, User)]
    return people, len(table) // len(found) if found else 0


def _templates(link: Link, sizes: Sizes) -> list[Template] | None:
    """None where the terminal does not tell them."""
    if not sizes.fingers:
        return []
    body = bulk.open_log(link, answers.TEMPLATES, legacy=False)
    if isinstance(body, NoLog):
        return None
    found = templates.decode(body.whole())
    body.free()
    if found is None:
        log.warning("templates.unclear bytes=%d", body.total)
    return found


def _people(people: list[User], fingers: list[Template]) -> dict[str, Person]:
    theirs: dict[int, dict[int, Finger]] = defaultdict(dict)
    for one in fingers:
        theirs[one.uid][one.finger] = Finger(one.data, duress=one.valid == templates.DURESS)
    return {
        user.pin: Person(user.name, user.card, user.privilege, theirs[user.uid]) for user in people
    }


def _twice(people: list[User]) -> frozenset[str]:
    counted = Counter(user.pin for user in people)
    return frozenset(pin for pin, times in counted.items() if times > 1)


def _room(most: int, there: int) -> int | None:
    return max(0, most - there) if most > 0 else None
