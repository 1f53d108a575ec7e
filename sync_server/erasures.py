"""The erasure of somebody's face, at the centre and at every kiosk of their offices, and its proof.

A kiosk proves by its own chain. One that is broken, or whose card was replaced, never can: what held
the face is not what answers. Then a person answers for the card (it was destroyed or wiped, and a
letter says so), which `settle_by_letter` keeps in the access log. It settles the erasure and proves nothing.

Every function works inside its caller's transaction.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

import msgspec
from sqlalchemy import Connection, select

from contract import chain, faces
from contract.command import Forget
from contract.people import is_nip
from sync_server import answers, commands, face_orders, galleries, roster, schema
from sync_server.commands import Issuer, Sent
from sync_server.errors import BadFile
from sync_server.galleries import Trace

# An erasure waits for a kiosk that is in a drawer: a template has no business there in a year either.
ERASE_TTL = 400 * 86_400
DUE = 3 * 86_400  # seconds that UU 27/2022 gives (three times 24 hours)
_SETTLED = "settled "

Post = tuple[str, str]  # office, PIN


class Proof(msgspec.Struct, frozen=True):
    """What one kiosk answered about erasing a PIN, and what its chain says last of it.

    `fate` as of commands, "unasked" where it was never asked. `change` "" where its chain has not
    spoken of the PIN: proven then only where the kiosk says that it had nothing. `code` is the
    evidence code of that event. `retired`: the chain says that it was held, and the kiosk that it has
    nothing, so another card answers. `settled`: the letter by which a person answers for it.
    """

    opd: str
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
    retired: bool
    settled: str

    @property
    def over(self) -> bool:
        """Whether nothing remains to be done at this kiosk."""
        return self.proven or bool(self.settled)


class Open(msgspec.Struct, frozen=True):
    """An erasure, asked at server UTC second `since`, for which these kiosks still have to answer."""

    opd: str
    pin: str
    since: int
    kiosks: tuple[Proof, ...]


def posts_of(tx: Connection, who: str, opd: str | None) -> list[Post]:
    """Where a NIP is, in all offices or in one; or the PIN itself in an office, also of somebody who
    is not in the roster any more. Raises BadFile, also for a PIN that nobody ever had there: a
    mistyped one must not read like an erasure."""
    posts = [post for post in roster.posts(tx, who) if opd in (None, post[0])]
    if posts:
        return posts
    if is_nip(who):
        raise BadFile(who, "", "nobody_there", opd=opd or "*")
    if opd is None:
        raise BadFile(who, "", "pin_without_office")
    face_orders.check_office(tx, opd)
    if not _is_known(tx, opd, who):
        raise BadFile(who, "", "pin_unknown", opd=opd)
    return [(opd, who)]


def erase(
    tx: Connection, key: bytes, by: Issuer, opd: str, pins: Sequence[str]
) -> dict[str, list[int]]:
    """Erase the templates of these PINs here and ask every kiosk of the office to; the counters of
    its commands by kiosk. What is still on its way to a kiosk or from one does not bring them back."""
    galleries.drop_templates(tx, opd, pins)
    galleries.note_access(tx, by.now, "erased", opd, pins)
    most = faces.MOST_FORGOTTEN  # of more, a kiosk could not name those that it does not have
    runs = [tuple(pins[at : at + most]) for at in range(0, len(pins), most)]
    counters = {}
    for kiosk in face_orders.kiosks_of(tx, opd):
        asked = [commands.issue(tx, by, kiosk.kid, Forget(run)) for run in runs]
        counters[kiosk.kid] = asked
        commands.withdraw(tx, kiosk.kid, ("gather",), asked[0], by.now)
        answers.drop_bodies(tx, kiosk.kid, answers.bodies(tx, kiosk.kid, "gather"))
        if commands.withdraw(tx, kiosk.kid, ("faces",), asked[0], by.now):
            face_orders.distribute(tx, key, by, kiosk)  # the others were on their way, too
    return counters


def proofs(tx: Connection, opd: str, pin: str) -> list[Proof]:
    """What each kiosk of the office can show for having erased a PIN."""
    settled = galleries.noted(tx, opd, _SETTLED)
    return [
        _proof(kiosk.kid, (opd, pin), _seen(tx, kiosk.kid), settled)
        for kiosk in face_orders.kiosks_of(tx, opd)
    ]


def settle_by_letter(tx: Connection, now: int, post: Post, kid: str, letter: str) -> None:
    """Note that a person answers, by `letter`, for what this kiosk held of a PIN. Raises BadFile where
    it is no kiosk of the office, or was not asked to erase that PIN."""
    opd, pin = post
    mine = [one for one in proofs(tx, opd, pin) if one.kid == kid]
    if not mine:
        raise BadFile(kid, "", "kid_unknown", kid=kid)
    if mine[0].fate == "unasked":
        raise BadFile(kid, "", "erase_first", pin=pin)
    galleries.note_access(tx, now, f"{_SETTLED}{kid}: {letter}", opd, [pin])


def open_erasures(tx: Connection, opd: str | None) -> list[Open]:
    """Every erasure that a kiosk has neither proven nor a person settled, the oldest first."""
    found: dict[Post, list[tuple[int, Proof]]] = defaultdict(list)
    settled: dict[str, list[galleries.Noted]] = {}
    for kiosk in face_orders.kiosks_of(tx, opd):
        seen = _seen(tx, kiosk.kid)
        if kiosk.opd not in settled:
            settled[kiosk.opd] = galleries.noted(tx, kiosk.opd, _SETTLED)
        for pin, sent in seen.asked.items():
            one = _proof(kiosk.kid, (kiosk.opd, pin), seen, settled[kiosk.opd])
            if not one.over and not seen.erased_since(pin, sent[0].issued):
                found[kiosk.opd, pin].append((seen.since(pin), one))
    erasures = [
        Open(office, pin, min(since for since, _ in told), tuple(one for _, one in told))
        for (office, pin), told in found.items()
    ]
    return sorted(erasures, key=lambda one: (one.since, one.opd, one.pin))


class _Seen(msgspec.Struct, frozen=True):
    """What one kiosk was asked to erase, by PIN (newest first), and what its chain says."""

    asked: dict[str, list[Sent]]
    traces: list[Trace]

    def of(self, pin: str) -> Iterator[Trace]:
        return (one for one in self.traces if one.pin == pin)

    def erased_since(self, pin: str, when: int) -> bool:
        """Whether it has proven that since; the person may have been enrolled anew afterwards."""
        return any(one.change == "erased" and one.received >= when for one in self.of(pin))

    def since(self, pin: str) -> int:
        """When what is still open was asked first: to ask again does not make it younger."""
        before = max((one.received for one in self.of(pin) if one.change == "erased"), default=-1)
        sent = self.asked[pin]
        tried = [one.issued for one in sent if one.issued > before and one.fate != "done"]
        return min(tried, default=sent[0].issued)


def _is_known(tx: Connection, opd: str, pin: str) -> bool:
    """Whether the ledger ever heard of a PIN in an office: by its roster, its templates, an erasure,
    or what a kiosk's chain says."""
    listed, template = schema.person.c, schema.face_template.c
    kept = (
        select(listed.pin).where(listed.opd == opd, listed.pin == pin),
        select(template.pin).where(template.opd == opd, template.pin == pin),
    )
    return (
        any(tx.execute(one).first() for one in kept)
        or any(one.whom == pin for one in galleries.noted(tx, opd, "erased"))
        or any(
            trace.pin == pin
            for kiosk in face_orders.kiosks_of(tx, opd)
            for trace in galleries.traces(tx, kiosk.kid)
        )
    )


def _seen(tx: Connection, kid: str) -> _Seen:
    return _Seen(face_orders.forgets(tx, kid), list(galleries.traces(tx, kid)))


def _proof(kid: str, post: Post, seen: _Seen, settled: Sequence[galleries.Noted]) -> Proof:
    opd, pin = post
    sent = next(iter(seen.asked.get(pin, [])), None)
    fate, detail, issued = (sent.fate, sent.detail, sent.issued) if sent else ("unasked", "", 0)
    letter = _letter(kid, pin, settled, issued) if sent else ""
    told = (opd, kid, pin, fate, detail)
    absent = fate == "done" and pin in _absent(detail)
    last = next(reversed(list(seen.of(pin))), None)
    if last is None:
        return Proof(*told, "", 0, 0, "", "", absent, retired=False, settled=letter)
    code = chain.evidence_code(kid, last.seq, last.head)
    proven = fate == "done" and last.change == "erased"
    retired = absent and last.change in galleries.HOLDS
    where = (last.change, last.epoch, last.seq, last.digest, code)
    return Proof(*told, *where, proven, retired=retired, settled=letter)


def _letter(kid: str, pin: str, settled: Sequence[galleries.Noted], issued: int) -> str:
    """What settles the newest erasure; one that was asked for later has to be settled anew."""
    words = f"{_SETTLED}{kid}: "
    mine = [one for one in settled if one.whom == pin and one.did.startswith(words)]
    return mine[-1].did.removeprefix(words) if mine and mine[-1].at >= issued else ""


def _absent(detail: str) -> list[str]:
    """The PINs that a kiosk says it never had; of any other its chain's record is awaited."""
    code, _, pins = detail.partition(": ")
    return pins.split(", ") if code == "not_here" else []
