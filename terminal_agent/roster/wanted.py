"""What everybody of an office should have on each of its terminals. Pure.

The list of the centre says who belongs there and what they are called. Cards and fingers are only on
the terminals; where two of them disagree nobody is guessed right, and nothing of it is copied.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from terminal_agent.roster.held import Held

_FINGERS = range(10)


class Template(msgspec.Struct, frozen=True):
    """A template and the device that it comes from."""

    data: bytes
    source: str


class Wanted(msgspec.Struct, frozen=True):
    """A person. `templates`: by algorithm and finger. `doubts`: codes of what is not copied, and of
    what their terminals disagree about."""

    pin: str
    name: str = ""
    card: int = 0
    templates: dict[tuple[str, int], Template] = {}
    doubts: tuple[str, ...] = ()

    def numbers(self) -> set[int]:
        """The fingers that some terminal holds a template of."""
        return {number for _, number in self.templates}


def wanted(office: Sequence[Held], staff: Mapping[str, str]) -> dict[str, Wanted]:
    """By PIN. `staff`: PIN to name as the centre has them; without anybody there, all people of all
    terminals belong to the office."""
    pins = dict.fromkeys(staff or (pin for held in office for pin in held.people))
    cards, copied = _cards(office), _copied(office)
    return {pin: _of(pin, office, staff.get(pin, ""), (cards, copied)) for pin in pins}


def _of(
    pin: str,
    office: Sequence[Held],
    name: str,
    shared: tuple[dict[int, set[str]], frozenset[bytes]],
) -> Wanted:
    cards, copied = shared
    named = (name, "") if name else _name(pin, office)
    card, card_doubt = _card(pin, office, cards)
    templates, doubts = _templates(pin, office, copied)
    said = (named[1], card_doubt, *doubts)
    return Wanted(pin, named[0], card, templates, tuple(filter(None, said)))


def _name(pin: str, office: Sequence[Held]) -> tuple[str, str]:
    """Without a list: the one name that the terminals know; a short one is a longer one cut off."""
    names = [held.people[pin].readable_name() for held in office if pin in held.people]
    names = list(dict.fromkeys(filter(None, names)))
    whole = [one for one in names if not any(_is_cut(one, other) for other in names)]
    if not whole:
        return "", ""
    return (whole[0], "") if len(whole) == 1 else ("", "names_differ")


def _is_cut(name: str, other: str) -> bool:
    return name != other and other.startswith(name)


def _cards(office: Sequence[Held]) -> dict[int, set[str]]:
    """Whose card each is."""
    holders: dict[int, set[str]] = defaultdict(set)
    for held in office:
        for pin, person in held.people.items():
            holders[person.card].add(pin)
    return holders


def _card(pin: str, office: Sequence[Held], holders: Mapping[int, set[str]]) -> tuple[int, str]:
    found = {held.people[pin].card for held in office if pin in held.people} - {0}
    if len(found) > 1:
        return 0, "cards_differ"
    card = next(iter(found), 0)
    if card and len(holders[card]) > 1:
        return 0, "card_of_two"
    return card, ""


def _copied(office: Sequence[Held]) -> frozenset[bytes]:
    """Templates that stand under two PINs: one of them is not its owner's."""
    owners = {
        (finger.data, pin)
        for held in office
        for pin, person in held.people.items()
        for finger in person.fingers.values()
    }
    times = Counter(data for data, _ in owners)
    return frozenset(data for data, count in times.items() if count > 1)


def _templates(
    pin: str, office: Sequence[Held], copied: frozenset[bytes]
) -> tuple[dict[tuple[str, int], Template], list[str]]:
    """The first terminal that has a finger gives it: each was enrolled there in person."""
    found: dict[tuple[str, int], Template] = {}
    doubts: dict[str, None] = {}
    for held, number, code, data in _fingers(pin, office, copied):
        if code:
            doubts[code] = None
        else:
            found.setdefault((held.algorithm, number), Template(data, held.device))
    return found, list(doubts)


def _fingers(
    pin: str, office: Sequence[Held], copied: frozenset[bytes]
) -> Iterator[tuple[Held, int, str, bytes]]:
    """Where, which finger, why it is not copied ("" = it may be), and its template."""
    for held in office:
        person = held.people.get(pin)
        if person is None or pin in held.twice:
            continue
        for number, finger in sorted(person.fingers.items()):
            code = "duress_finger" if finger.duress else ""
            code = "finger_of_two" if finger.data in copied else code
            code = "finger_unfit" if number not in _FINGERS else code
            yield held, number, code, finger.data
