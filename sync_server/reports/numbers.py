"""People whom no finger or face ever vouched for in a month: only numbers and colleagues did."""

from collections import Counter, defaultdict
from collections.abc import Iterable

import msgspec

from sync_server.reports.seen import Seen

_BODY = {"finger", "face", "palm"}
FEWEST = 5


class Unseen(msgspec.Struct, frozen=True):
    """`touches` of somebody, none of them by finger, face or palm; `modes` counts what they were by.
    `events` are the newest."""

    opd: str
    nip: str
    touches: int
    modes: tuple[tuple[str, int], ...]
    events: tuple[str, ...]


def unseen(touches: Iterable[Seen]) -> list[Unseen]:
    """Everybody with FEWEST touches or more and none of the body, the most touches first."""
    own: dict[tuple[str, str], list[Seen]] = defaultdict(list)
    for one in touches:
        own[one.opd, one.nip].append(one)
    found = [
        Unseen(
            opd,
            nip,
            len(all_),
            tuple(sorted(Counter(one.mode for one in all_).items())),
            tuple(one.event for one in sorted(all_, key=lambda one: one.at)[-3:]),
        )
        for (opd, nip), all_ in own.items()
        if len(all_) >= FEWEST and not any(one.mode in _BODY for one in all_)
    ]
    return sorted(found, key=lambda one: (-one.touches, one.opd, one.nip))
