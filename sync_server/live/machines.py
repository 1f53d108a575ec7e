"""What an office's devices and their kiosks tell at this moment, out of the daybook and the births."""

from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import Connection, func, select

from contract.errors import BatchError
from contract.health import Birth, decode_birth
from sync_server import schema
from sync_server.daybook import watch
from sync_server.live.reach import Machine, Reach

_SILENT = Birth(online=False, epoch=0)


def reach(tx: Connection, opd: str) -> Reach:
    """How far an office's devices tell."""
    seen = watch.load(tx, opd)
    births = _births(tx, opd)
    acked = _acked(tx, opd)
    heard = _newest(tx, acked)
    device = schema.device.c
    query = select(device.serial, device.kid, device.family).where(device.kid.in_(births))
    owners = {serial: (kid, family) for serial, kid, family in tx.execute(query)}
    reached: dict[str, int] = defaultdict(int)
    for claim in seen.claims:
        reached[claim.device] = max(reached[claim.device], claim.through)
    machines = []
    for name in seen.devices.serials:
        kid, family = owners.get(name) or (name.partition(" ")[2], "")
        birth = births.get(kid, _SILENT)
        machine = Machine(
            name=name,
            kid=kid,
            family=family,
            reached=reached.get(name),
            online=birth.online,
            waiting=max(0, birth.max_seq - acked.get((kid, birth.epoch), 0)),
            trouble=tuple(code for _, code in birth.alerts),
            heard=heard.get(kid),
        )
        machines.append(machine)
    return Reach(tuple(machines), seen.claims, seen.devices.forked_since is not None)


def _births(tx: Connection, opd: str) -> dict[str, Birth]:
    kiosk = schema.kiosk.c
    rows = tx.execute(select(kiosk.kid, kiosk.birth).where(kiosk.opd == opd).order_by(kiosk.kid))
    return {kid: _heard(birth) for kid, birth in rows}


def _acked(tx: Connection, opd: str) -> dict[tuple[str, int], int]:
    chain, kiosk = schema.chain.c, schema.kiosk.c
    kids = select(kiosk.kid).where(kiosk.opd == opd)
    rows = tx.execute(select(chain.kid, chain.epoch, chain.acked).where(chain.kid.in_(kids)))
    return {(kid, epoch): acked for kid, epoch, acked in rows}


def _newest(tx: Connection, acked: Mapping[tuple[str, int], int]) -> dict[str, int]:
    """When the newest event of each kiosk came (UTC seconds)."""
    event = schema.event.c
    found: dict[str, int] = {}
    for (kid, epoch), seq in acked.items():
        where = (event.kid == kid, event.epoch == epoch, event.seq == seq)
        came = tx.execute(select(event.received).where(*where)).scalar()
        found[kid] = max(found.get(kid, 0), came or 0)
    return found


def _heard(document: bytes) -> Birth:
    """What a kiosk said of itself last; that it is silent where it never was on line."""
    try:
        return decode_birth(document)
    except BatchError:
        return _SILENT


def pulse(tx: Connection) -> dict[str, tuple[object, ...]]:
    """By office, something that changes whenever its board may: cheap enough for every second. What
    it does not see (a roster that is imported) shows with the next minute."""
    kiosk, reading, absence = schema.kiosk.c, schema.reading.c, schema.absence.c
    letters = tx.execute(
        select(func.max(absence.entered), func.max(absence.withdrawn), func.count(absence.nip))
    ).one()
    decided = tx.execute(select(func.max(schema.decision.c.no))).scalar()
    rows = tx.execute(select(reading.kid, func.sum(reading.upto)).group_by(reading.kid))
    upto = {kid: int(total) for kid, total in rows}
    beats: dict[str, tuple[object, ...]] = defaultdict(lambda: (*letters, decided))
    for kid, opd, birth in tx.execute(
        select(kiosk.kid, kiosk.opd, kiosk.birth).order_by(kiosk.kid)
    ):
        beats[opd] = (*beats[opd], (kid, birth, upto.get(kid)))
    return beats
