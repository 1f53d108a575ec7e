"""Who may decide. Two different people, neither whoever asked nor whom it concerns: first somebody whom
the decree names, then another whom it names, or BKPSDM. Pure.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Literal

import msgspec

from sync_server.roles import Viewer, is_nip, may, may_for
from sync_server.tukin.ruleset import HEAD, REGION, SUPERIOR

State = Literal["draft", "submitted", "half", "approved", "rejected", "withdrawn"]
# What becomes of it: by the state that it is in, and what somebody does.
MOVES: Mapping[tuple[State, str], State] = {
    ("draft", "submit"): "submitted",
    ("draft", "withdraw"): "withdrawn",
    ("submitted", "withdraw"): "withdrawn",
    ("half", "withdraw"): "withdrawn",
    ("submitted", "approve"): "half",
    ("half", "approve"): "approved",
    ("submitted", "reject"): "rejected",
    ("half", "reject"): "rejected",
}


class Past(msgspec.Struct, frozen=True):
    """What somebody did with it already: ask, submit or approve."""

    verdict: str
    who: str
    nip: str
    role: str

    def is_by(self, viewer: Viewer) -> bool:
        """Whether it was the same person, under this account or another of his."""
        return self.who == viewer.name or (bool(self.nip) and self.nip == viewer.nip)


class Matter(msgspec.Struct, frozen=True):
    """What is to be decided: whose (`nip` "": a whole office's), the office, the NIP of the person's
    superior ("" where nobody is), whom the decree names, and what was done so far."""

    nip: str
    opd: str
    superior: str
    approvers: Sequence[str]
    past: Sequence[Past]


def refusal(viewer: Viewer, matter: Matter, verdict: str) -> str:
    """Why somebody may not approve or reject it (a code of wording); "" where he may."""
    if not is_nip(viewer.nip):
        return "decision_unnamed"
    if viewer.nip == matter.nip:
        return "correction_own"
    if any(one.is_by(viewer) for one in matter.past if one.verdict in ("ask", "submit")):
        return "correction_asker"
    given = [one for one in matter.past if one.verdict == "approve"]
    if any(one.is_by(viewer) for one in given):
        return "correction_twice"
    own = _seats(viewer, matter)
    if verdict == "reject":
        return "" if own & {*matter.approvers, REGION} else "correction_not_seat"
    if not given:
        return "" if own & _first(matter) else "correction_not_first"
    return "" if _completes(given[0], own, matter) else "correction_not_second"


def _completes(first: Past, own: Collection[str], matter: Matter) -> bool:
    """Whether the seats of a second person complete the first's approval."""
    held = {REGION} if first.role == "bkpsdm" else set()
    held |= {HEAD} if first.role == "kepala" else set()
    held |= {SUPERIOR} if first.nip and first.nip == matter.superior else set()
    second = {*matter.approvers, REGION}
    pairs = ((a, b) for a in held & _first(matter) for b in second & set(own))
    return any(a != b or b == REGION for a, b in pairs)


def _first(matter: Matter) -> set[str]:
    """Who may be first. Whoever has nobody above him turns to BKPSDM."""
    alone = bool(matter.nip) and not matter.superior
    return {*matter.approvers, REGION} if alone else set(matter.approvers)


def _seats(viewer: Viewer, matter: Matter) -> set[str]:
    seats = set()
    if viewer.role == "bkpsdm" and may(viewer, "approve", matter.opd):
        seats.add(REGION)
    if viewer.role == "kepala" and may(viewer, "approve", matter.opd):
        seats.add(HEAD)
    is_superior = bool(viewer.nip) and viewer.nip == matter.superior
    if is_superior and may_for(viewer, "approve", matter.nip, matter.opd):
        seats.add(SUPERIOR)
    return seats
