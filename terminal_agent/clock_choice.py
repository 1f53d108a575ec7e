"""Which of the clocks that are known in this boot to believe, and how far. Pure.

Boot-time milliseconds run on whoever sets the wall clock, so a time that was known once in this boot
stays known; it only ages. Nothing here sets a clock.
"""

from collections.abc import Iterator

import msgspec

from terminal_agent.clock_trust import Fix, better

GNSS_FRESH_MS = 3_600_000  # an antenna under a tin roof comes and goes
_DISAGREE_MS = 2_000
_CARRIED = 2


class Known(msgspec.Struct, frozen=True):
    """What has told the time in this boot. `kernel`: when adjtimex last vouched. `rival`: GNSS
    that contradicted the GNSS time held. `rtc`: the battery clock that set the system clock."""

    kernel: Fix | None = None
    server: Fix | None = None
    gnss: Fix | None = None
    rival: Fix | None = None
    rtc: Fix | None = None


class Worth(msgspec.Struct, frozen=True):
    """UTC = boot time + `ahead_ms`, wrong by at most `error_ms`; `trust` as in a clock record.

    `disputed`: GNSS says another time than a clock that is known as well.
    """

    ahead_ms: int
    trust: int
    error_ms: int
    disputed: bool = False


def learned(known: Known, fix: Fix) -> Known:
    """The same with one more fix. GNSS that contradicts the GNSS time held is kept beside it."""
    if fix.trust == 1:
        return msgspec.structs.replace(known, rtc=fix)
    if fix.trust == 2:
        return msgspec.structs.replace(known, server=better(known.server, fix))
    if fix.trust == 3:
        return msgspec.structs.replace(known, kernel=fix)
    if known.gnss and disagreement(known.gnss, fix, fix.up_ms):
        return msgspec.structs.replace(known, rival=fix)
    return msgspec.structs.replace(known, gnss=fix)


def disagreement(one: Fix, other: Fix, up_ms: int) -> int:
    """Milliseconds between two fixes at a boot time, 0 where their errors and 2 s explain them."""
    apart = abs(one.utc_at(up_ms) - other.utc_at(up_ms))
    return apart if apart > _DISAGREE_MS + one.error_at(up_ms) + other.error_at(up_ms) else 0


def worth(known: Known, up_ms: int, system: Fix) -> Worth:
    """What to believe at `up_ms`. `system` is the system clock now: trust 3 where the kernel
    vouches for it, 1 where the host does, 0 where nobody does."""
    if system.trust == 3:
        chosen, trust = system, 3
    elif known.gnss and up_ms - known.gnss.up_ms <= GNSS_FRESH_MS:
        chosen, trust = known.gnss, 4
    else:
        chosen, trust = _carried(known, up_ms) or (known.rtc or system, (known.rtc or system).trust)
    apart, against = _dispute(known, up_ms, system)
    if apart:
        # Whichever of the two lies, the truth is within this.
        chosen = against
        return Worth(_ahead(chosen), 1, apart + chosen.error_at(up_ms), disputed=True)
    return Worth(_ahead(chosen), trust, chosen.error_at(up_ms))


def _carried(known: Known, up_ms: int) -> tuple[Fix, int] | None:
    held = [fix for fix in (known.server, known.kernel) if fix]
    # A spoofed receiver is not believed again because its hour has passed.
    if known.gnss and not any(disagreement(known.gnss, fix, up_ms) for fix in held):
        held.append(known.gnss)
    return (min(held, key=lambda fix: fix.error_at(up_ms)), _CARRIED) if held else None


def _dispute(known: Known, up_ms: int, system: Fix) -> tuple[int, Fix]:
    """How far GNSS lies from a clock that is better known, and that clock; 0 where it agrees."""
    found = [
        (disagreement(gnss, other, up_ms), other)
        for gnss in (known.gnss, known.rival)
        if gnss and up_ms - gnss.up_ms <= GNSS_FRESH_MS
        for other in _witnesses(known, system)
    ]
    return max(found, key=lambda pair: pair[0], default=(0, system))


def _witnesses(known: Known, system: Fix) -> Iterator[Fix]:
    others = [system if system.trust == 3 else known.kernel, known.server]
    named = [fix for fix in others if fix]
    # Two GNSS times and nothing else: the one that came first, until somebody decides.
    yield from named or [known.gnss for _ in (1,) if known.gnss]


def _ahead(fix: Fix) -> int:
    return fix.utc_ms - fix.up_ms
