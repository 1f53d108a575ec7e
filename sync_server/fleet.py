"""Kiosks by what needs attention: what each said last, what is missing of it, and its devices."""

from collections import defaultdict
from collections.abc import Container, Iterable
from typing import Literal

import msgspec
from sqlalchemy import Connection, select

from contract.errors import BatchError
from contract.event import Clock, read
from contract.health import Birth, decode_birth
from sync_server import localtime, posts, roster, schema, standing
from sync_server.coverage import Claim
from sync_server.standing import Gap, KioskStanding

Level = Literal["bad", "warn", "good", "off"]
LOW_DISK = 200_000_000  # bytes: some weeks of an office's events, and the system's own logs
DRIFT_MS = 60_000  # a terminal that is a minute wrong makes people late on their own wall clock
BEHIND_S = 2 * 3_600  # a device is read at least once an hour
_SCREEN = "screen"  # a kiosk's own screen has no log and no eye
_SILENT = Birth(online=False, epoch=0)


class Device(msgspec.Struct, frozen=True):
    """A device behind a kiosk. `reached`: the UTC second that it was read up to, None: never read;
    `holes`: how many times in between nothing vouches for it; `drift` ms that its clock was ahead."""

    serial: str
    family: str
    firmware: str
    reached: int | None
    holes: int
    drift: int | None


class Health(msgspec.Struct, frozen=True):
    """A kiosk, as it stands at `now`. `level` says how urgent; `needs` why: codes of wording/board.

    `oldest`: what waits in the kiosk happened after this UTC second, None: nothing waits, or nothing
    was ever received. `error_ms`: of its clock, None: unknown. Places are microdegrees.
    """

    standing: KioskStanding
    level: Level
    needs: tuple[str, ...]
    office: str
    zone: int
    version: str
    disk_free: int
    oldest: int | None
    error_ms: int | None
    lat: int | None
    lon: int | None
    gaps: tuple[Gap, ...]
    devices: tuple[Device, ...]


class _Told(msgspec.Struct, frozen=True):
    """What one reading of the ledger gives for all kiosks."""

    births: dict[str, Birth]
    devices: dict[str, list[tuple[str, str, str, int]]]
    claims: dict[str, list[Claim]]
    gaps: dict[str, list[Gap]]
    offices: dict[str, posts.Office]


def fleet(tx: Connection, now: int, opds: Container[str] | None = None) -> list[Health]:
    """The kiosks of offices (None: of all), those that need somebody first. `now`: UTC seconds."""
    told = _told(tx)
    chosen = [one for one in standing.kiosks(tx) if opds is None or one.opd in opds]
    return sorted((_health(tx, one, told, now) for one in chosen), key=_urgency)


def _told(tx: Connection) -> _Told:
    device, claim = schema.device.c, schema.claim.c
    devices: dict[str, list[tuple[str, str, str, int]]] = defaultdict(list)
    for row in tx.execute(select(schema.device).order_by(device.serial, device.epoch)):
        devices[row.kid].append((row.serial, row.family, row.firmware, row.idx))
    claims: dict[str, list[Claim]] = defaultdict(list)
    for row in tx.execute(select(claim.serial, claim.since, claim.through, claim.spare)):
        claims[row.serial].append(Claim(*row))
    gaps: dict[str, list[Gap]] = defaultdict(list)
    for gap in standing.gaps(tx):
        gaps[gap.kid].append(gap)
    rows = tx.execute(select(schema.kiosk.c.kid, schema.kiosk.c.birth))
    births = {kid: _heard(birth) for kid, birth in rows}
    return _Told(births, devices, claims, gaps, {one.opd: one for one in posts.offices(tx)})


def _health(tx: Connection, kiosk: KioskStanding, told: _Told, now: int) -> Health:
    birth, office = told.births[kiosk.kid], told.offices.get(kiosk.opd)
    zone = roster.zone(tx, kiosk.opd) or localtime.WIB
    clock = _clock(tx, kiosk.kid)
    devices = tuple(_devices(kiosk.kid, told, clock, zone))
    needs = tuple(_needs(kiosk, birth, told.gaps[kiosk.kid], devices, now))
    lat, lon = (office.lat, office.lon) if office else (None, None)
    if (lat is None or lon is None) and clock and clock.position:
        lat, lon = clock.position
    return Health(
        standing=kiosk,
        level=_level(needs),
        needs=needs,
        office=office.name if office else kiosk.opd,
        zone=zone,
        version=birth.version,
        disk_free=birth.disk_free,
        oldest=_newest(tx, kiosk.kid) if kiosk.waiting else None,
        error_ms=clock.error_ms if clock else None,
        lat=lat,
        lon=lon,
        gaps=tuple(told.gaps[kiosk.kid]),
        devices=devices,
    )


def _needs(
    kiosk: KioskStanding,
    birth: Birth,
    gaps: Iterable[Gap],
    devices: Iterable[Device],
    now: int,
) -> Iterable[str]:
    """What somebody should look at, the most urgent first."""
    never = kiosk.waiting is None and not kiosk.stored
    found = {
        "need_fork": kiosk.forked,
        "need_back_again": kiosk.went_back > 1,
        "need_contradicted": kiosk.contradicted,
        "need_distrusted": bool(kiosk.distrusted),
        "need_old_card": kiosk.old_card,
        "need_gap": any(gaps),
        "need_refused": bool(kiosk.refused),
        "need_never": never,
        "need_offline": not never and not kiosk.online,
        "need_alert": bool(kiosk.alerts),
        "need_trust": kiosk.trust == 0,
        "need_disk": birth.online and birth.disk_free < LOW_DISK,
        "need_behind": any(one.reached is None or now - one.reached > BEHIND_S for one in devices),
        "need_drift": any(abs(one.drift or 0) >= DRIFT_MS for one in devices),
    }
    return (code for code, is_so in found.items() if is_so)


_URGENT = {
    "need_fork",
    "need_contradicted",
    "need_distrusted",
    "need_old_card",
    "need_gap",
    "need_offline",
}


def _level(needs: tuple[str, ...]) -> Level:
    if needs == ("need_never",):
        return "off"  # invited, and not put up yet
    if _URGENT & set(needs):
        return "bad"
    return "warn" if needs else "good"


_ORDER: tuple[Level, ...] = ("bad", "warn", "off", "good")


def _urgency(one: Health) -> tuple[int, int, str]:
    return _ORDER.index(one.level), -len(one.needs), one.standing.kid


def _devices(kid: str, told: _Told, clock: Clock | None, zone: int) -> Iterable[Device]:
    drifts = dict(clock.offsets) if clock else {}
    latest = {
        serial: (family, firmware, idx) for serial, family, firmware, idx in told.devices[kid]
    }
    for serial, (family, firmware, idx) in latest.items():
        if family == _SCREEN:
            continue
        claims = sorted(told.claims[serial], key=lambda one: one.since)
        offset = drifts.get(idx)
        yield Device(
            serial=serial,
            family=family,
            firmware=firmware,
            reached=max((one.through for one in claims), default=None),
            holes=_holes(claims),
            drift=None if offset is None else offset - zone * 60_000,
        )


def _holes(claims: list[Claim]) -> int:
    """How many times nothing vouches for, between the first claim and the newest."""
    holes, reached = 0, None
    for one in claims:
        if reached is not None and one.since - reached > max(one.spare, 1):
            holes += 1
        reached = one.through if reached is None else max(reached, one.through)
    return holes


def _clock(tx: Connection, kid: str) -> Clock | None:
    """The newest clock record of a kiosk."""
    event = schema.event.c
    query = (
        select(event.record)
        .where(event.kind == "clock", event.kid == kid)
        .order_by(event.received.desc(), event.seq.desc())
        .limit(1)
    )
    record = tx.execute(query).scalar()
    found = read(record) if record else None
    return found if isinstance(found, Clock) else None


def _newest(tx: Connection, kid: str) -> int | None:
    """When the newest stored event of a kiosk came (UTC seconds)."""
    chain, event = schema.chain.c, schema.event.c
    mark = tx.execute(
        select(chain.epoch, chain.acked).where(chain.kid == kid).order_by(chain.opened.desc())
    ).first()
    if mark is None:
        return None
    where = (event.kid == kid, event.epoch == mark.epoch, event.seq == mark.acked)
    return tx.execute(select(event.received).where(*where)).scalar()


def _heard(document: bytes) -> Birth:
    """What a kiosk said of itself last; that it is silent where it never was on line."""
    try:
        return decode_birth(document)
    except BatchError:
        return _SILENT
