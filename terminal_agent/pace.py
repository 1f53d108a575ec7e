"""How patient a kiosk is with its link: waiting for company, keeping alive, trying again. Pure.

Everything is in seconds; time and chance are arguments.
"""

import msgspec

from contract.batch import COLUMNS

LIVE_PATIENCE = 5.0  # while somebody looks
SHORTEST_KEEP_ALIVE = 60
_DEATHS = 2  # one idle connection may die by accident; two in a row are a carrier's habit
_FIRST_LIMIT = 4.0
_LONGEST_BACKOFF = 300.0


class Pace(msgspec.Struct, frozen=True):
    """`patience`: how long a scan may wait for company; `schedule`: how long bookkeeping may wait
    where nothing else moves; `keep_alive`: the silence after which MQTT asks whether all is well;
    `codec`: how batches are written (contract.batch)."""

    patience: float
    schedule: float = 3_600.0
    keep_alive: int = 60
    codec: int = COLUMNS


class Breath(msgspec.Struct, frozen=True):
    """The keep-alive that the way to the broker bears; `deaths`: idle connections lost in a row;
    `suspect`: the last one was idle when it broke."""

    keep_alive: int
    deaths: int = 0
    suspect: bool = False


def broke(breath: Breath, silence: float) -> Breath:
    """A connection broke after `silence` without a byte from the broker."""
    return msgspec.structs.replace(breath, suspect=silence >= breath.keep_alive)


def came_back(breath: Breath, attempts: int) -> Breath:
    """Connected again after so many attempts.

    A carrier's NAT forgets a connection that is idle for long: the next ping finds nobody, and a new
    connection comes about at once; in an outage it would not. Where that happens twice in a row,
    half the keep-alive is tried, down to a minute.
    """
    if not breath.suspect or attempts > 1:
        return msgspec.structs.replace(breath, suspect=False)
    if breath.deaths + 1 < _DEATHS:
        return Breath(breath.keep_alive, breath.deaths + 1)
    floor = min(SHORTEST_KEEP_ALIVE, breath.keep_alive)
    return Breath(max(floor, breath.keep_alive // 2))


def survived(breath: Breath, silence: float) -> Breath:
    """The broker was heard again after `silence`: a whole keep-alive of it proves the way."""
    return Breath(breath.keep_alive) if silence >= breath.keep_alive else breath


def backoff(failures: int, chance: float) -> float:
    """Seconds before the next attempt after `failures` (1, 2, …) in a row: full jitter between 1 s
    and a limit that doubles from 4 s to 5 min, so that a region's kiosks do not come back at once.
    """
    limit = min(_LONGEST_BACKOFF, _FIRST_LIMIT * 2.0 ** min(failures - 1, 16))
    return 1.0 + chance * (limit - 1.0)
