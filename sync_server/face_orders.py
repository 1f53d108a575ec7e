"""What the centre asks of an office's kiosks about faces: send, collect, erase, and the proof.

Every function works inside its caller's transaction.
"""

from collections.abc import Iterable, Sequence

import msgspec
from sqlalchemy import Connection, select

from contract import chain
from contract.command import Faces, Forget
from contract.faces import Template
from sync_server import answers, commands, galleries, ledger, roster, schema
from sync_server.commands import Issuer
from sync_server.errors import BadFile
from sync_server.ledger import Kiosk

# An erasure waits for a kiosk that is in a drawer: a template has no business there in a year either.
ERASE_TTL = 400 * 86_400
_NIP_DIGITS = 18


class Gathered(msgspec.Struct, frozen=True):
    """What a kiosk's templates were worth here, PINs each: newer than what was kept, as old, of
    nobody in the office, and of people who were erased after the template was made."""

    newer: tuple[str, ...]
    same: tuple[str, ...]
    strangers: tuple[str, ...]
    erased: tuple[str, ...]


class Proof(msgspec.Struct, frozen=True):
    """What one kiosk answered about erasing a PIN, and what its chain says last of it.

    `fate` as of commands, "unasked" where it was never asked. `change` "" where its chain has not
    spoken of the PIN: proven then only where the kiosk says that it had nothing. `code` is the
    evidence code of that event.
    """

    kid: str
    pin: str
    fate: str
    detail: str
    change: str
    epoch: int
    seq: int
    digest: str
    code: str
    proven: bool


def kiosks_of(tx: Connection, opd: str) -> list[Kiosk]:
    """The kiosks of an office, by name."""
    its = schema.kiosk.c
    rows = tx.execute(select(its.kid, its.opd, its.mac_key).where(its.opd == opd).order_by(its.kid))
    return [Kiosk(*row) for row in rows]


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


def pins_of(tx: Connection, opd: str, who: str) -> list[str]:
    """The PINs of a NIP in an office, or the PIN itself, also of somebody who is not in the roster
    any more. Raises BadFile for a NIP that nobody there has."""
    pins = sorted({one.pin for one in roster.people(tx, opd) if one.nip == who})
    if not pins and len(who) == _NIP_DIGITS:
        raise BadFile(who, "", "nobody_there", opd=opd)
    return pins or [who]


def distribute(
    tx: Connection, key: bytes, by: Issuer, kiosk: Kiosk, *, everything: bool = False
) -> tuple[int, list[int]]:
    """Send a kiosk the templates of its office that it lacks (or all): of how many people, and the
    counters of the commands. What waits for it already is not sent twice."""
    held = galleries.templates_of(tx, key, kiosk.opd)
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
    """Take what a kiosk sent back for Gather orders, None where nothing has come. Raises BadFile."""
    come = answers.bodies(tx, kiosk.kid, "gather")
    if not come:
        return None
    found = [one for body in come.values() for one in galleries.opened_from(kiosk, body)]
    answers.drop_bodies(tx, kiosk.kid, come)
    known = {one.pin for one in roster.people(tx, kiosk.opd)}
    gone = _forgotten(tx, kiosk.opd)
    strangers = [one for one in found if one.pin not in known]
    erased = [one for one in found if one.pin in known and one.made <= gone.get(one.pin, -1)]
    left = [one for one in found if one not in strangers and one not in erased]
    newer = galleries.store_templates(tx, key, kiosk.opd, left, now)
    same = [one for one in left if one not in newer]
    told = Gathered(_pins(newer), _pins(same), _pins(strangers), _pins(erased))
    galleries.note_access(tx, now, f"collected {kiosk.kid}", kiosk.opd, told.newer)
    return told


def erase(tx: Connection, key: bytes, by: Issuer, opd: str, pins: Sequence[str]) -> dict[str, int]:
    """Erase the templates of these PINs here and ask every kiosk of the office to; the counter of
    its command by kiosk. What is still on its way to a kiosk or from one does not bring them back."""
    galleries.drop_templates(tx, opd, pins)
    galleries.note_access(tx, by.now, "erased", opd, pins)
    counters = {}
    for kiosk in kiosks_of(tx, opd):
        counter = commands.issue(tx, by, kiosk.kid, Forget(tuple(pins)))
        counters[kiosk.kid] = counter
        commands.withdraw(tx, kiosk.kid, ("gather",), counter, by.now)
        answers.drop_bodies(tx, kiosk.kid, answers.bodies(tx, kiosk.kid, "gather"))
        if commands.withdraw(tx, kiosk.kid, ("faces",), counter, by.now):
            distribute(tx, key, by, kiosk)  # the others were on their way, too
    return counters


def proofs(tx: Connection, opd: str, pin: str) -> list[Proof]:
    """What each kiosk of the office can show for having erased a PIN."""
    return [_proof(tx, kiosk.kid, pin) for kiosk in kiosks_of(tx, opd)]


def _proof(tx: Connection, kid: str, pin: str) -> Proof:
    asked = commands.orders_of(tx, kid, "forget")
    sent = next((one for one, order in asked if pin in _named(order)), None)
    fate, detail = (sent.fate, sent.detail) if sent else ("unasked", "")
    last = None
    for trace in galleries.traces(tx, kid):
        last = trace if trace.pin == pin else last
    if last is None:
        proven = fate == "done" and pin in _absent(detail)
        return Proof(kid, pin, fate, detail, "", 0, 0, "", "", proven)
    code = chain.evidence_code(kid, last.seq, last.head)
    proven = fate == "done" and last.change == "erased"
    seen = (last.change, last.epoch, last.seq, last.digest, code)
    return Proof(kid, pin, fate, detail, *seen, proven)


def _absent(detail: str) -> list[str]:
    """The PINs that a kiosk says it never had; of any other its chain's record is awaited."""
    code, _, pins = detail.partition(": ")
    return pins.split(", ") if code == "not_here" else []


def _forgotten(tx: Connection, opd: str) -> dict[str, int]:
    """When each PIN was erased last (server UTC seconds)."""
    when: dict[str, int] = {}
    for kiosk in kiosks_of(tx, opd):
        for sent, order in commands.orders_of(tx, kiosk.kid, "forget"):
            when |= {pin: max(sent.issued, when.get(pin, 0)) for pin in _named(order)}
    return when


def _named(order: object) -> tuple[str, ...]:
    return order.pins if isinstance(order, Forget) else ()


def _pins(templates: Iterable[Template]) -> tuple[str, ...]:
    return tuple(sorted({one.pin for one in templates}))
