"""Until when an activity may be written and verified, by the rules in force on its day."""

from datetime import date

from sqlalchemy import Connection

from sync_server import rulings
from sync_server.ekinerja.activity import last_day
from sync_server.tukin import reading
from sync_server.tukin.ruleset import Ekinerja


class Deadlines:
    """Read once, asked for many days. `since` is the day of a return or a submission, where that is
    later than the work: the days count from it."""

    def __init__(self, tx: Connection) -> None:
        self._rulesets = rulings.rulesets(tx)
        known = rulings.calendars(tx).values()
        self._off = frozenset(day for one in known for day in one.holidays | one.joint_leave)

    def terms(self, day: date) -> Ekinerja:
        """What the rules say of activities on a day."""
        rules = reading.in_force(self._rulesets, day)
        return rules.ekinerja if rules else Ekinerja()

    def entering(self, day: date, since: date = date.min) -> date:
        """The last day for writing, changing and sending an activity of `day`."""
        return last_day(max(day, since), self.terms(day).entry_workdays, self._off)

    def verifying(self, day: date, since: date) -> date:
        """The last day for verifying it, before the heads are told."""
        return last_day(max(day, since), self.terms(day).verify_workdays, self._off)
