"""What the centre asks of an office's kiosks about faces: to take templates, and to send them.

Every function works inside its caller's transaction.
"""

from collections.abc import Iterable, Mapping, Sequence

import msgspec
from sqlalchemy import Connection, select

from contract import faces
from contract.command import Faces, Forget
from contract.faces import Template
from sync_server import answers, commands, galleries, ledger, roster, schema
from sync_server.commands import Issuer, Sent
from sync_server.errors import BadFile
from sync_server.galleries import Kept
from sync_server.ledger import Kiosk

_LAST = 2**62


class Gathered(msgspec.Struct, frozen=True):
    """What a kiosk's templates were worth here, PINs each: newer than what was kept, not newer, of
    nobody in the office, and of people whose erasure meant this template."""

    newer: tuple[str, ...]
    same: tuple[str, ...]
    strangers: tuple[str, ...]
    erased: tuple[str, ...]


def kiosks_of(tx: Connection, opd: str | None) -> list[Kiosk]:
    """The kiosks of an office, or of all, by name."""
    its = schema.kiosk.c
    query = select(*ledger.OF_KIOSK).order_by(its.kid)
    rows = tx.execute(query if opd is None else query.where(its.opd == opd))
    return [Kiosk(*row) for row in rows]


def check_office(tx: Connection, opd: str | None) -> None:
    """Raises BadFile where an office is named that has neither a kiosk nor people."""
    if opd is not None and not kiosks_of(tx, opd) and not roster.people(tx, opd):
        raise BadFile("--opd", "", "no_kiosk_there", opd=opd)


def known_kiosk(tx: Connection, kid: str) -> Kiosk:
    """The kiosk of that name. Raises BadFile."""
    found = ledger.kiosk(tx, kid)
    if found is None:
        raise BadFile(kid, "", "kid_unknown", kid=kid)
    return found


def chosen(tx: Connection, opd: str | None, kid: str | None) -> list[Kiosk]:
    """The kiosks of an office, or the one of that name. Raises BadFile where neither or both are
    named, or nothing is found."""
    if (opd is None) == (kid is None):
        raise BadFile("--opd, --kid", "", "one_of_both")
    found = kiosks_of(tx, opd) if opd is not None else [known_kiosk(tx, str(kid))]
    if not found:
        raise BadFile("--opd", "", "no_kiosk_there", opd=opd)
    return found


def distribute(
    tx: Connection, key: bytes, by: Issuer, kiosk: Kiosk, *, everything: bool = False
) -> tuple[int, list[int]]:
    """Send a kiosk the templates of its office that it lacks (or all): of how many people, and the
    counters of the commands. What waits for it already is not sent twice, and what a kiosk of the
    office has erased, as somebody may do right there, not at all."""
    erased = _history(tx, kiosk.opd).erased
    held = galleries.templates_of(tx, key, kiosk.opd)
    held = [one for one in held if faces.digest(one) not in erased]
    lacks = held if everything else galleries.lacking(tx, kiosk.kid, held)
    sealed = galleries.sealed_for(kiosk, lacks)
    counters = [
        commands.issue(tx, by, kiosk.kid, Faces(one, part, len(sealed)))
        for part, one in enumerate(sealed, 1)
    ]
    if counters:
        commands.withdraw(tx, kiosk.kid, ("faces",), counters[0], by.now)
    pins = sorted({one.pin for one in lacks})
    galleries.note_access(tx, by.now, f"sent {kiosk.kid}", kiosk.opd, pins)
    return len(pins), counters


def gathered(tx: Connection, key: bytes, kiosk: Kiosk, now: int) -> Gathered | None:
    """Take what a kiosk sent back for Gather orders, None where nothing has come. Raises BadFile.

    When a template says that it was made decides nothing, because a kiosk's clock may be wrong: the
    one whose enrolment arrived later is the newer one. Of a person who was erased, a kiosk's template
    counts only if the kiosk had erased the one before when it sent this one, and never if any chain of
    the office says that this very template was erased.
    """
    come = answers.bodies(tx, kiosk.kid, "gather")
    if not come:
        return None
    answered = {one.counter: one.answered for one in commands.fates(tx, kiosk.kid, list(come))}
    found = [
        (answered[counter], one)
        for counter, body in come.items()
        for one in galleries.opened_from(kiosk, body)
    ]
    answers.drop_bodies(tx, kiosk.kid, come)
    known = {one.pin for one in roster.people(tx, kiosk.opd)}
    past, asked = _history(tx, kiosk.opd), forgets(tx, kiosk.kid)
    strangers = [one for _, one in found if one.pin not in known]
    gone = [one for at, one in found if one.pin in known and past.is_gone(one, at, asked)]
    left = [one for _, one in found if one not in strangers and one not in gone]
    kept = galleries.kept(tx, key, kiosk.opd)
    newer = [one for one in left if past.is_newer(one, kept, now)]
    galleries.store_templates(tx, key, kiosk.opd, newer, now)
    same = [one for one in left if one not in newer]
    told = Gathered(_pins(newer), _pins(same), _pins(strangers), _pins(gone))
    galleries.note_access(tx, now, f"collected {kiosk.kid}", kiosk.opd, told.newer)
    return told


def forgets(tx: Connection, kid: str) -> dict[str, list[Sent]]:
    """By PIN the orders to a kiosk to erase it, newest first."""
    found: dict[str, list[Sent]] = {}
    for sent, order in commands.orders_of(tx, kid, "forget"):
        for pin in order.pins if isinstance(order, Forget) else ():
            found.setdefault(pin, []).append(sent)
    return found


class _History(msgspec.Struct, frozen=True):
    """By template digest: when its enrolment arrived first, and in which place; and what was erased."""

    came: dict[str, tuple[int, int]]
    erased: set[str]

    def is_gone(self, one: Template, at: int, asked: Mapping[str, Sequence[Sent]]) -> bool:
        """Whether a template that was sent back at `at` is what an erasure meant."""
        last = next(iter(asked.get(one.pin, ())), None)
        undone = last is not None and (last.fate != "done" or last.answered > at)
        return undone or faces.digest(one) in self.erased

    def is_newer(self, one: Template, kept: Mapping[str, Kept], now: int) -> bool:
        """Whether it is to take the place of what is kept. One whose enrolment has not arrived yet is
        the newest of all."""
        had, digest = kept.get(one.pin), faces.digest(one)
        if had is None:
            return True
        stored = self.came.get(had.digest, (had.stored, 0))
        return digest != had.digest and self.came.get(digest, (now, _LAST)) > stored


def _history(tx: Connection, opd: str) -> _History:
    came: dict[str, tuple[int, int]] = {}
    erased = set()
    for kiosk in kiosks_of(tx, opd):
        for place, trace in enumerate(galleries.traces(tx, kiosk.kid)):
            if trace.change in galleries.MADE:
                when = (trace.received, place)
                came[trace.digest] = min(when, came.get(trace.digest, when))
            elif trace.change == "erased":
                erased.add(trace.digest)
    return _History(came, erased)


def _pins(templates: Iterable[Template]) -> tuple[str, ...]:
    return tuple(sorted({one.pin for one in templates}))
