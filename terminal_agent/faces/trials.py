"""Who is enrolled, who comes, who is a stranger: a folder of faces played as an office. Pure; chance
is seeded, so that the same folder gives the same figures.
"""

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np

from contract.faces import Template
from terminal_agent.faces import figures, match
from terminal_agent.faces.face import Floats
from terminal_agent.faces.match import Roster

ROUNDS = 10  # drawings of who is enrolled with which images, for 1:1
SPLITS = 60  # drawings of who is a stranger
_STRANGERS = 3  # a third of the people


class Taken(msgspec.Struct, frozen=True, eq=False):
    """One image: its embedding, that of its mirror image, and the session it belongs to."""

    plain: Floats
    mirrored: Floats
    session: str = ""


class Plan(msgspec.Struct, frozen=True):
    """`enrol`: images of a person's first session that are enrolled; `frames`: images that one probe
    is made of."""

    enrol: int = 3
    frames: int = 3
    seed: int = 1


class Compared(msgspec.Struct, frozen=True, eq=False):
    """Everybody enrolled, everybody tried: distances by the person before the camera, to their own
    template and to the others'; `first`: whether their own was the nearest."""

    genuine: Mapping[str, Floats]
    impostor: Mapping[str, Floats]
    first: Sequence[bool]


class Strangers(msgspec.Struct, frozen=True):
    """Of tries over all splits: strangers taken for somebody, staff known, staff taken for another.
    `probes` and `own_probes`: how many different ones there can be of strangers and of staff, however
    often they were drawn. `enrolled`: people in a split."""

    accepted: float
    true_accepts: float
    mistaken: float
    probes: int
    own_probes: int
    enrolled: int


People = Mapping[str, Sequence[Taken]]


def everybody(people: People, enrol: int = 3) -> Roster:
    """A roster of all of them."""
    made = [_template(name, taken[:enrol]) for name, taken in people.items()]
    return match.calibrate(made, least=2)


def one_to_one(people: People, plan: Plan) -> Compared:
    """Every probe against every template, over several drawings."""
    chance = np.random.default_rng(plan.seed)
    genuine: dict[str, list[float]] = {}
    impostor: dict[str, list[float]] = {name: [] for name in people}
    first = []
    for _ in range(ROUNDS):
        roster, later = _enrolled(people, sorted(people), plan, chance)
        for name, taken in later.items():
            own = roster.pins.index(name)
            for face, again in _probes(taken, plan.frames, chance):
                away = match.distances(roster, face)
                impostor[name] += np.delete(away, own).tolist()
                if again:
                    genuine.setdefault(name, []).append(float(away[own]))
                    first.append(int(np.argmin(away)) == own)
    return Compared(_arrays(genuine), _arrays(impostor), first)


def outsiders(people: People, plan: Plan) -> Strangers:
    """A third of the people held back: whom the calibrated threshold takes for whom."""
    chance = np.random.default_rng(plan.seed)
    held = max(1, len(people) // _STRANGERS)
    taken_for: list[str | None] = []
    known: list[bool] = []
    tried: set[int] = set()
    mistaken = 0
    for _ in range(SPLITS):
        names = [str(name) for name in chance.permutation(sorted(people))]
        roster, later = _enrolled(people, names[held:], plan, chance)
        for name in names[:held]:
            for face, _again in _probes([(one, True) for one in people[name]], plan.frames, chance):
                taken_for.append(_pin(roster, face))
        for name, taken in later.items():
            tried |= {id(one) for one, again in taken if again}
            for face, again in _probes(taken, plan.frames, chance):
                if again:
                    pin = _pin(roster, face)
                    known.append(pin == name)
                    mistaken += pin not in (name, None)
    return Strangers(
        accepted=figures.share([pin is not None for pin in taken_for]),
        true_accepts=figures.share(known),
        mistaken=mistaken / max(1, len(known)),
        probes=sum(map(len, people.values())) // plan.frames,
        own_probes=len(tried) // plan.frames,
        enrolled=len(people) - held,
    )


def _enrolled(
    people: People, names: Sequence[str], plan: Plan, chance: np.random.Generator
) -> tuple[Roster, dict[str, list[tuple[Taken, bool]]]]:
    """The roster, and everybody's other images with whether they count as a try by the same person:
    where names tell sessions, only those of a later session do."""
    templates, later = [], {}
    for name in names:
        taken = people[name]
        sessions = sorted({one.session for one in taken}, key=_numbered)
        again = [(one, True) for one in taken if one.session != sessions[0]]
        same = [one for one in taken if one.session == sessions[0]]
        same = [same[no] for no in chance.permutation(len(same))]
        templates.append(_template(name, same[: plan.enrol]))
        told = bool(sessions[0])
        later[name] = again or [(one, not told) for one in same[plan.enrol :]]
    return match.calibrate(templates, least=2), later


def _template(name: str, taken: Sequence[Taken]) -> Template:
    plain, mirrored = (
        np.stack(rows) for rows in zip(*((t.plain, t.mirrored) for t in taken), strict=True)
    )
    looks = [match.as_look(row, 100) for row in match.both_ways(plain, mirrored)]
    return Template(name, "", tuple(looks), 0, "")


def _probes(
    taken: Sequence[tuple[Taken, bool]], frames: int, chance: np.random.Generator
) -> list[tuple[Floats, bool]]:
    """The images of each session in groups, each group one probe, made as the kiosk makes it."""
    sessions: dict[str, list[tuple[Taken, bool]]] = {}
    for no in chance.permutation(len(taken)):
        sessions.setdefault(taken[no][0].session, []).append(taken[no])
    made = []
    for images in sessions.values():
        for at in range(0, max(len(images) - frames, 0) + 1, frames):
            group = images[at : at + frames]
            rows = [one.mirrored if no % 2 else one.plain for no, (one, _) in enumerate(group)]
            made.append((match.probe(np.stack(rows)), group[0][1]))
    return made


def _pin(roster: Roster, face: Floats) -> str | None:
    found = match.identify(roster, face)
    return found.pin if found else None


def _numbered(session: str) -> tuple[int, str]:
    """Session 10 comes after session 9."""
    return (int(session) if session.isdecimal() else 0, session)


def _arrays(lists: Mapping[str, list[float]]) -> dict[str, Floats]:
    return {name: np.array(values, np.float32) for name, values in lists.items()}
