"""Who is enrolled on a terminal: read once a day and when something says that it changed.

It comes after the punches: where it fails, they are polled as before, and it waits. Nothing on the
terminal is locked, written or deleted for it.
"""

import logging

import msgspec

from contract import roll
from contract.event import Enrolment, Snapshot
from contract.roll import Roll
from terminal_agent.delivery import Delivery, Reading
from terminal_agent.errors import SourceMisconfigured, SourceUnavailable
from terminal_agent.intake import Intake
from terminal_agent.zk import enrolled
from terminal_agent.zk.answers import Sizes
from terminal_agent.zk.bookmark import Remembered, remembered
from terminal_agent.zk.enrolled import Enrolled
from terminal_agent.zk.link import Link

log = logging.getLogger(__name__)

_BETWEEN = 60.0  # seconds: ten people enrolled in a row are one look or two
_AFTER_FAILURE = 3600.0
_MOST_ADMINS = 2  # one and a deputy; with none at all the menu is open to everybody


class RollCall:
    """Of one terminal. `night`: UTC seconds into a day at which its next one begins. `salt`: for the
    digests of templates; without one they are not read. `finding` is the code of the alert that the
    newest look gave, "" = none."""

    def __init__(self, name: str, night: int, salt: bytes) -> None:
        self.finding = ""
        self._looked_back = False
        self._name = name
        self._night = night
        self._salt = salt
        self._without = -1  # the day, as `looked` counts, on which templates are left out
        self._not_before = 0.0  # monotonic

    def call(self, link: Link, intake: Intake) -> bool:
        """Look, where that is due: once a day, after a line of the operation log that tells of people,
        and when the terminal counts other users or fingers. Whether it was.

        SourceUnavailable: the connection is gone. Punches are polled over a new one at once; the next
        look waits an hour, and leaves out the templates, which some firmware may not let go, until
        the next night.
        """
        known = intake.remembered(link.serial())
        before = remembered(known.cursor) if known else None
        if known is None or before is None or intake.clock.monotonic() < self._not_before:
            return False
        self._look_back(link, intake)
        sizes = link.sizes()
        now = self._now(intake, before, sizes)
        if now == before:
            return False
        readings = self._looked(link, intake, sizes, before)
        self._not_before = intake.clock.monotonic() + _BETWEEN
        cursor = msgspec.json.encode(now)
        intake.store(Delivery(known.serial, readings=readings, since=known.cursor, cursor=cursor))
        return True

    def _look_back(self, link: Link, intake: Intake) -> None:
        """After a start the alert is what the newest look before it gave."""
        if self._looked_back:
            return
        self._looked_back = True
        seen = intake.enrolled(link.serial(), roll.salt_mark(self._salt)) or {}
        self.finding = _finding(len(roll.privileged(seen)), default_key=link.default_key)

    def _now(self, intake: Intake, before: Remembered, sizes: Sizes) -> Remembered:
        today = self._today(intake)
        counted = (sizes.users, sizes.fingers)
        return msgspec.structs.replace(before, looked=today, enrolled=counted)

    def _today(self, intake: Intake) -> int:
        return (intake.clock.look().wall - self._night) // 86_400

    def _looked(
        self, link: Link, intake: Intake, sizes: Sizes, before: Remembered
    ) -> tuple[Reading, ...]:
        """What is otherwise than at the look before, and the snapshot behind it."""
        left_out, legacy = self._today(intake) == self._without, before.bookmark.legacy
        salt = b"" if left_out else self._salt
        try:
            seen = enrolled.read(link, sizes, salt, legacy=legacy)
        except SourceMisconfigured as problem:
            log.error("enrolled.unclear name=%s code=%s %s", self._name, problem.code, problem)
            self.finding = problem.code
            return ()
        except SourceUnavailable:
            self._not_before = intake.clock.monotonic() + _AFTER_FAILURE
            self._without = self._today(intake)
            log.warning("enrolled.cut_off name=%s templates=left_out", self._name)
            raise
        mark = roll.salt_mark(self._salt)
        return self._compared(intake.enrolled(link.serial(), mark), seen, mark, link.default_key)

    def _compared(
        self, before: Roll | None, seen: Enrolled, mark: str, default_key: bool
    ) -> tuple[Reading, ...]:
        now = seen.roll if seen.templates is not None else _with_fingers(seen.roll, before or {})
        changes = [Enrolment(0, *change) for change in roll.changes(before, now)]
        admins = len(roll.privileged(now))
        self.finding = _finding(admins, default_key=default_key)
        log.info(
            "enrolled.read name=%s changes=%d users=%d admins=%d templates=%s",
            *(self._name, len(changes), seen.users, admins, seen.templates),
        )
        digest = roll.digest(now)
        whole = Snapshot(0, seen.users, admins, seen.templates, digest, mark, default_key)
        return tuple(map(Reading, (*changes, whole)))


def _with_fingers(people: Roll, before: Roll) -> Roll:
    """What was known of the fingers of whoever is still there stands, where they were not read."""
    fingers = {
        key: value
        for key, value in before.items()
        if roll.is_finger(key[1]) and (key[0], roll.USER) in people
    }
    return people | fingers


def _finding(admins: int, *, default_key: bool) -> str:
    if admins > _MOST_ADMINS:
        return "privileged_users"
    return "default_key" if default_key else ""
