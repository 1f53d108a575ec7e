"""How far each device of an office was read for a day, and what else keeps a day waiting."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy import Connection, select

from sync_server import coverage, schema
from sync_server.coverage import Claim
from sync_server.explain.explained import Covering
from sync_server.fact import Fact
from sync_server.shifts import Window


def covering(tx: Connection, fact: Fact, window: Window | None) -> tuple[Covering, ...]:
    """The office's devices that have told anything, and everything that the fact waits for."""
    if window is None:
        return ()
    claims = _claims(tx, fact.opd)
    names = sorted({*claims, *fact.behind})
    return tuple(_one(name, claims.get(name, ()), fact, window) for name in names)


def _claims(tx: Connection, opd: str) -> dict[str, list[Claim]]:
    """What the kiosks of an office claim, by device."""
    claim, kiosk = schema.claim.c, schema.kiosk.c
    kids = select(kiosk.kid).where(kiosk.opd == opd)
    rows = tx.execute(
        select(claim.serial, claim.since, claim.through, claim.spare).where(claim.kid.in_(kids))
    )
    found: dict[str, list[Claim]] = defaultdict(list)
    for serial, since, through, spare in rows:
        found[serial].append(Claim(serial, since, through, spare))
    return found


def _one(name: str, claims: Iterable[Claim], fact: Fact, window: Window) -> Covering:
    behind = coverage.judge(claims, {name}, window.open, window.close).behind
    reached = behind[0].reached if behind else window.close
    at = None if reached is None else datetime.fromtimestamp(reached, UTC)
    for kind in ("kiosk", "gap", "fork"):
        if name == kind or name.startswith(f"{kind} "):
            return Covering(name.partition(" ")[2] or name, kind, None, behind=True)
    return Covering(name, "device", at, behind=name in fact.behind)
