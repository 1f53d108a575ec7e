"""Deleting what its time is over, by the table in keeping.py; each run is in the office's log.

Whoever left an office has no business in its kiosks: the face goes by an erasure that every kiosk has
to prove, the number that a letter allowed goes at once.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping

import msgspec
from sqlalchemy import Connection, delete, func, select, update

from sync_server import erasures, face_orders, galleries, letters, localtime, office_log, schema
from sync_server.authority import Keys
from sync_server.commands import Issuer
from sync_server.erasures import Post
from sync_server.privacy.keeping import DAY, LEFT_DAYS, RULES, Rule


class Due(msgspec.Struct, frozen=True):
    """What a run did or would do: how many rows by each rule, whose faces (office, PIN) and whose
    numbers (NIP) go because they left."""

    counts: Mapping[str, int]
    faces: tuple[Post, ...]
    numbers: tuple[str, ...]

    @property
    def total(self) -> int:
        """All of it."""
        return sum(self.counts.values()) + len(self.faces) + len(self.numbers)


def due(tx: Connection, now: int) -> Due:
    """What is over at server UTC second `now`. Changes nothing."""
    counts = {rule.code: _count(tx, rule, now) for rule in RULES}
    left = _who_left(tx, now)
    return Due(counts, tuple(sorted(_faces(tx, left))), tuple(sorted(_numbers(tx, now))))


def run(tx: Connection, keys: Callable[[], Keys], now: int, who: str) -> Due:
    """Delete what is over at server UTC second `now`, and note the run with its counts as `who`'s. The
    keys are asked for only where kiosks are to be: a centre that has none has no keys yet."""
    found = due(tx, now)
    for rule in RULES:
        if found.counts[rule.code]:
            _apply(tx, rule, now)
    if found.faces:
        _erase(tx, keys(), found.faces, now)
    for nip in found.numbers:
        letters.forbid(tx, nip)
    office_log.note(tx, now, who, "retention_done", detail=_said(found))
    return found


def _erase(tx: Connection, keys: Keys, faces: tuple[Post, ...], now: int) -> None:
    by = Issuer(keys.sign.sign, now, erasures.ERASE_TTL)
    for opd, pins in _by_office(faces).items():
        erasures.erase(tx, keys.templates, by, opd, pins)


def newest(tx: Connection) -> int:
    """When it ran last (server UTC seconds), 0 = never."""
    its = schema.access.c
    return tx.execute(select(func.max(its.at)).where(its.did == "retention_done")).scalar() or 0


def _said(found: Due) -> str:
    """Only what was something: `session=3 faces=1`, or `0`."""
    counts = {**found.counts, "faces": len(found.faces), "numbers": len(found.numbers)}
    return " ".join(f"{code}={count}" for code, count in counts.items() if count) or "0"


def _count(tx: Connection, rule: Rule, now: int) -> int:
    over = rule.over(now - rule.days * DAY)
    return tx.execute(select(func.count()).select_from(rule.table).where(over)).scalar_one()


def _apply(tx: Connection, rule: Rule, now: int) -> None:
    over = rule.over(now - rule.days * DAY)
    if not rule.blank:
        tx.execute(delete(rule.table).where(over))
        return
    python = {name: rule.table.c[name].type.python_type for name in rule.blank}
    empty = {name: kind() for name, kind in python.items()}  # "" of text, b"" of bytes
    tx.execute(update(rule.table).where(over).values(empty))


def _by_office(posts: tuple[Post, ...]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for opd, pin in posts:
        found[opd].append(pin)
    return found


def _who_left(tx: Connection, now: int) -> set[Post]:
    """Every PIN of an office whose days there are all over. One that no import ever named is nobody's
    to judge: `faces list` shows it."""
    its, last = schema.person.c, func.max(schema.person.c.valid_to)
    query = select(its.opd, its.pin).group_by(its.opd, its.pin).having(last < _left_before(now))
    return {(opd, pin) for opd, pin in tx.execute(query)}


def _left_before(now: int) -> str:
    return localtime.newest_day(now - LEFT_DAYS * DAY).isoformat()


def _faces(tx: Connection, left: set[Post]) -> set[Post]:
    """Those of them whose template is here, or at a kiosk that was not asked yet to forget it."""
    if not left:
        return set()
    its = schema.face_template.c
    here = {(opd, pin) for opd, pin in tx.execute(select(its.opd, its.pin))}
    return left & (here | set(_unasked(tx, {opd for opd, _ in left})))


def _unasked(tx: Connection, offices: set[str]) -> Iterator[Post]:
    for kiosk in face_orders.kiosks_of(tx, None):
        if kiosk.opd not in offices:
            continue
        asked = face_orders.forgets(tx, kiosk.kid)
        for pin, trace in {one.pin: one for one in galleries.traces(tx, kiosk.kid)}.items():
            when = max((one.issued for one in asked.get(pin, ())), default=-1)
            if trace.change in galleries.HOLDS and when < trace.received:
                yield kiosk.opd, pin


def _numbers(tx: Connection, now: int) -> set[str]:
    """Whose numbers mean nobody in service any more."""
    person = schema.person.c
    serving = select(person.nip).where(person.valid_to >= _left_before(now))
    its = schema.secret.c
    return set(tx.execute(select(its.nip).where(its.nip.not_in(serving))).scalars())
