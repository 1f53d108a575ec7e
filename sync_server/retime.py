"""Derived time: when a scan happened, or the bounds within which it did. Pure and versioned.

A scan holds the seconds of the clock that stamped it; the clock marks of the same chain say what
that clock was worth. Nothing is edited: this reading stands beside the event, under VERSION.

A device's scan is tried in every era of the device's clock. It can only have been stamped in one
where the time that it would have falls within that era: so often one remains, and where two do, the
truth is between them.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Literal

import msgspec

from contract.event import Source
from sync_server.clockmark import CENTRE_S, DRIFT_PPM, JUMP_MS, ClockMark, error_at, least, most
from sync_server.clocks import Era, History, Reading

VERSION = "retime/2"

Quality = Literal["ok", "corrected", "bounded", "unknown"]

DEVICE_SOURCES: tuple[Source, ...] = ("pull", "live", "push")
WIDE_S = 60  # an error bound beyond this could move a minute figure: it is an interval
_U32 = 1 << 32  # a device keeps its time in so many bits; what lies beyond is no date
_REFUTED = "kiosk clock contradicts what is known"
MAX_BOUND_S = (
    10_800  # wider (a wrong date, a.m. for p.m.) decides nothing fairly: a person must look
)


class Scan(msgspec.Struct, frozen=True):
    """What retime needs of a scan. `t` as in contract.event.Scan; `device` the index in its chain.

    `mark` is the position, in the chain's marks, of the newest one before the scan (-1: none).
    `earliest` and `latest` are proofs by trusted clocks, in UTC seconds, where there are any: the
    device had been read whole up to `earliest` before (a kiosk's own scan: something earlier in the
    chain happened then), and the scan was stored by `latest`.
    """

    t: int
    source: Source
    mark: int
    device: int | None = None
    impossible: bool = False
    earliest: int | None = None
    latest: int | None = None


class Derived(msgspec.Struct, frozen=True, gc=False):
    """When a scan happened, UTC seconds. `t` only for ok and corrected.

    The truth is within [lo, hi]; for `unknown` either may be None, which means: no bound known.
    `method` says how it was found, for explanations.
    """

    t: int | None
    lo: int | None
    hi: int | None
    quality: Quality
    method: str


def derive(scan: Scan, clocks: History, zone: int) -> Derived:
    """When the scan happened. `zone` is the office's, in minutes east of UTC.

    A device within 2 s of the office's zone is taken at its word (ok). Beyond that its offset is
    taken off and the result is called corrected, however small the correction: what the employee
    saw on the device differs from what the fact says, and the fact must show both.
    """
    mark = clocks.marks[scan.mark] if scan.mark >= 0 else None
    if mark is None or mark.trust < 1:
        refuted = mark is not None and mark.distrusted
        return _unknown(scan, clocks, _REFUTED if refuted else "kiosk clock not trusted")
    if scan.impossible:
        return _unknown(scan, clocks, "impossible time")
    if scan.source not in DEVICE_SOURCES:
        return _by_kiosk(scan, clocks, mark)
    if scan.device is None or scan.device not in clocks.eras:
        return _unknown(scan, clocks, "device clock never measured")
    return _by_device(scan, clocks, clocks.eras[scan.device], zone)


def raw(scan: Scan, derived: Derived, zone: int) -> str | None:
    """What the clock that stamped the scan showed, where the derived time is another; else None.

    Local time of day, with the date where the clock had the date wrong too or no time is derived.
    """
    if derived.quality == "ok":
        return None
    if scan.impossible or not 0 <= scan.t < _U32:
        return f"raw {scan.t}"
    ahead = 0 if scan.source in DEVICE_SOURCES else zone * 60
    shown = datetime.fromtimestamp(scan.t + ahead, UTC)
    true = derived.t if derived.t is not None else derived.lo
    same_day = true is not None and (true + zone * 60) // 86_400 == (scan.t + ahead) // 86_400
    return f"{shown:%H:%M:%S}" if same_day else f"{shown:%Y-%m-%d %H:%M:%S}"


def _by_kiosk(scan: Scan, clocks: History, mark: ClockMark) -> Derived:
    """The kiosk's own stamp, as the anchor of its boot has it that is worth most at that moment."""
    t = scan.t + mark.redated
    up = mark.up + t - mark.wall
    near = clocks.nearest(mark.boot, up)
    best = min((mark, *near), key=lambda one: error_at(one, up))
    error = error_at(best, up)
    there = best.wall + up - best.up
    corrected = mark.redated != 0
    if abs(there - t) <= JUMP_MS // 1_000:
        error += abs(there - t)
    else:
        t, corrected = there, True
    found = _exact(t, error, "kiosk", corrected=corrected)
    # Only as far as nothing earlier or later contradicts it. An anchor may know better than the
    # centre's clock, but not by more than that one can be wrong.
    spare = CENTRE_S if near else 0
    low, high = _limits(scan, clocks)
    fits = _within(found, low and low - spare, high and high + spare)
    return found if fits else _unknown(scan, clocks, _REFUTED)


def _by_device(scan: Scan, clocks: History, eras: Iterable[Era], zone: int) -> Derived:
    _, latest = _limits(scan, clocks)
    found: list[Derived] = []
    for era in eras:
        placed = _place(scan.t, era.at(scan.t), zone)
        if _within(placed, era.since, era.until) and _within(placed, scan.earliest, latest):
            found.append(placed)
    if len(found) == 1:
        return found[0]
    if not found:
        return _unknown(scan, clocks, "device clock contradicts what is known")
    return _between(found)


def _place(t: int, reading: Reading, zone: int) -> Derived:
    # Before anybody looked, two cheap crystals drifted apart; a drift that anybody saw grow is a jump
    # and ends the era. A minute at most: nobody's log of last year becomes intervals by this.
    unseen = max(0, reading.shown - t) * 2 * DRIFT_PPM // 1_000_000
    most_s = WIDE_S - JUMP_MS // 1_000  # what is taken at its word gets the jump on top
    error_s = max(reading.error_s, min(reading.error_s + unseen, most_s))
    if abs(reading.offset_ms - zone * 60_000) <= JUMP_MS:
        wide = error_s + JUMP_MS // 1_000
        return _exact(t - zone * 60, wide, "device", corrected=False)
    # The offset was measured at the middle of a shown second: the nearest whole second is the one.
    utc = (t * 1_000 - reading.offset_ms + 500) // 1_000
    return _exact(utc, error_s, "device offset", corrected=True)


def _exact(t: int, error: int, method: str, *, corrected: bool) -> Derived:
    if error > WIDE_S:
        wide: Quality = "bounded" if 2 * error <= MAX_BOUND_S else "unknown"
        return Derived(None, t - error, t + error, wide, f"{method}, error bound")
    quality: Quality = "corrected" if corrected else "ok"
    return Derived(t, t - error, t + error, quality, method)


def _between(found: Sequence[Derived]) -> Derived:
    lo = min(one.lo for one in found if one.lo is not None)
    hi = max(one.hi for one in found if one.hi is not None)
    if hi - lo > MAX_BOUND_S:
        return Derived(None, lo, hi, "unknown", "device clock set, times too far apart")
    return Derived(None, lo, hi, "bounded", "device clock set, before or after the scan")


def _within(placed: Derived, first: int | None, last: int | None) -> bool:
    """Whether any instant that the placing allows lies from first to last."""
    lo, hi = placed.lo or 0, placed.hi or 0
    return (first is None or hi >= first) and (last is None or lo <= last)


def _unknown(scan: Scan, clocks: History, why: str) -> Derived:
    """No time, but what the chain still proves; bounds that are near enough are an interval."""
    lo, hi = _limits(scan, clocks)
    near = lo is not None and hi is not None and 0 <= hi - lo <= MAX_BOUND_S
    return Derived(None, lo, hi, "bounded" if near else "unknown", why)


def _limits(scan: Scan, clocks: History) -> tuple[int | None, int | None]:
    """Between which UTC seconds the rest of the chain leaves room for the scan.

    It was stored before the next trusted mark was. A kiosk stamps its own scans when it stores
    them, so they also come after the trusted mark before. A device's scan may have waited in the
    device for any time: only `earliest` bounds it.
    """
    low, high = scan.earliest, scan.latest
    if scan.source not in DEVICE_SOURCES and scan.mark >= 0:
        low = most(low, clocks.limits[scan.mark][0])
    if scan.mark + 1 < len(clocks.limits):
        high = least(high, clocks.limits[scan.mark + 1][1])
    return low, high
