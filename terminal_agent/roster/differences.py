"""What is missing on one terminal of what everybody should have there, and what is left alone. Pure.

Nothing is taken from anybody: a card or a finger only comes where there is none, and whoever may do
more on a terminal than scan is left alone. People go only where that was asked for.
"""

from collections.abc import Iterator, Mapping

import msgspec

from terminal_agent.roster.held import Held, Person
from terminal_agent.roster.wanted import Template, Wanted
from terminal_agent.zk.wishes import Finger, Wish

_NOBODY = Person()


class Step(msgspec.Struct, frozen=True):
    """What one person gets on a terminal. `name`: "" = it stays. `card`: 0 = it stays. `fingers` by
    their number."""

    pin: str
    add: bool = False
    remove: bool = False
    name: str = ""
    card: int = 0
    fingers: dict[int, Template] = {}

    @property
    def is_empty(self) -> bool:
        """Whether all is there already."""
        return not (self.add or self.remove or self.name or self.card or self.fingers)

    def wish(self) -> Wish:
        """As the process that writes wants it."""
        fingers = tuple(Finger(number, one.data) for number, one in sorted(self.fingers.items()))
        return Wish(self.pin, self.name, self.remove, self.card, fingers)


class Plan(msgspec.Struct, frozen=True):
    """What is to be done on a terminal; `left`: PIN and code of what is not, and stays different."""

    device: str
    serial: str
    steps: tuple[Step, ...]
    left: tuple[tuple[str, str], ...]


def plan(held: Held, people: Mapping[str, Wanted], *, listed: bool, remove: bool) -> Plan:
    """`people` as `wanted` has them, by PIN. `listed`: the centre's list says who they are, so nobody
    else belongs there; `remove`: those go."""
    plans = _Terminal(held, people)
    judged = [plans.judged(one) for one in people.values()]
    if listed:
        strangers = [pin for pin in held.people if pin not in people]
        judged += [plans.stranger(pin, remove=remove) for pin in strangers]
    steps = tuple(step for step, _ in judged if step is not None and not step.is_empty)
    left = tuple((pin, code) for _, found in judged for pin, code in found)
    return Plan(held.device, held.serial, steps, left)


Judged = tuple[Step | None, list[tuple[str, str]]]


class _Terminal:
    """One terminal that is being filled up; room is given to who comes first."""

    def __init__(self, held: Held, people: Mapping[str, Wanted]) -> None:
        self._held = held
        self._people = people
        self._user_room, self._finger_room = held.user_room, held.finger_room

    def judged(self, one: Wanted) -> Judged:
        """What somebody who belongs here gets."""
        there = self._held.people.get(one.pin)
        if code := self._obstacle(one.pin, there):
            return None, [(one.pin, code)]
        step = self._step(one, there)
        if there is not None and there.is_admin:
            return None, [] if step.is_empty else [(one.pin, "is_admin")]
        codes = [*one.doubts, *self._codes(one, there or _NOBODY, step)]
        fitting, full = self._roomy(step)
        return fitting, [(one.pin, code) for code in (*codes, *full)]

    def stranger(self, pin: str, *, remove: bool) -> Judged:
        """Somebody whom the centre's list does not know."""
        if pin in self._held.twice:
            return None, [(pin, "pin_twice")]
        if self._held.people[pin].is_admin:
            return None, [(pin, "admin_not_listed")]
        if any(self._is_like(pin, listed) for listed in self._people):
            return None, [(pin, "pin_alike")]
        return (Step(pin, remove=True), []) if remove else (None, [(pin, "not_listed")])

    def _is_like(self, pin: str, listed: str) -> bool:
        """A terminal that cannot hold "0017" may hold the same person as "17"."""
        if self._held.holds(listed):
            return False
        return listed.lstrip("0") == pin or listed.startswith(pin) or listed.endswith(pin)

    def _obstacle(self, pin: str, there: Person | None) -> str:
        if pin in self._held.twice:
            return "pin_twice"
        return "pin_unfit" if there is None and not self._held.holds(pin) else ""

    def _step(self, one: Wanted, there: Person | None) -> Step:
        now, layout = there or _NOBODY, self._held.layout
        is_same = layout is not None and layout.cut(one.name) == now.name
        return Step(
            one.pin,
            add=there is None,
            name="" if is_same else one.name,
            card=0 if now.card else one.card,
            fingers=dict(self._missing(one, now)),
        )

    def _missing(self, one: Wanted, now: Person) -> Iterator[tuple[int, Template]]:
        """Templates of this terminal's own algorithm; without a name it takes none."""
        for (algorithm, number), template in sorted(one.templates.items()):
            if algorithm and algorithm == self._held.algorithm and number not in now.fingers:
                yield number, template

    def _codes(self, one: Wanted, now: Person, step: Step) -> Iterator[str]:
        if one.numbers() - now.fingers.keys() - step.fingers.keys():
            yield "other_format"

    def _roomy(self, step: Step) -> tuple[Step | None, list[str]]:
        """As much of a step as fits."""
        if step.add and self._user_room is not None:
            if self._user_room < 1:
                return None, ["no_room"]
            self._user_room -= 1
        if self._finger_room is None or len(step.fingers) <= self._finger_room:
            self._finger_room = self._finger_room and self._finger_room - len(step.fingers)
            return step, []
        return msgspec.structs.replace(step, fingers={}), ["no_finger_room"]
