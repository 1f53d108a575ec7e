"""How far an office's devices tell, at this moment. Pure.

A device's claim comes once an hour (a camera's more often). Between two of them the kiosk's own word
counts: it is on line, nothing waits in it, and it complains of no terminal.
"""

from collections.abc import Sequence

import msgspec

from sync_server import coverage
from sync_server.coverage import Claim

# A claim is made with the first whole read after each full hour; the rest is the way here.
CURRENT_S = 75 * 60
# What a kiosk may complain of while it still reads every terminal whole.
_HARMLESS = frozenset(
    {
        "quota_nearly_used",
        "quota_used",
        "gnss_unplugged",
        "gnss_no_fix",
        "gnss_disagrees",
        "kiosk_moved",
        "log_almost_full",
        "address_changed",
        "device_exchanged",
        "push_unknown",
        "users_unclear",
        "privileged_users",
        "default_key",
        "screen_address",
        "no_door",
        "faces_busy",
        "faces_damaged",
        "faces_key",
    }
)


class Machine(msgspec.Struct, frozen=True):
    """A device of an office, or what stands for one that nothing is known of (`kid` or a gap's).

    `reached`: the newest UTC second that it is read up to, None: never. `online` and `trouble` (codes
    of alerts) are its kiosk's words, `waiting` what it holds and has not sent, `heard` when its newest
    event came here (UTC seconds).
    """

    name: str
    kid: str
    family: str
    reached: int | None
    online: bool
    waiting: int
    trouble: tuple[str, ...] = ()
    heard: int | None = None

    @property
    def speaking(self) -> bool:
        """Whether what people do there now would be here now."""
        return self.online and not self.waiting and not set(self.trouble) - _HARMLESS


class Reach(msgspec.Struct, frozen=True):
    """What an office's devices claim. `forked`: a card may be a copy, nothing is certain."""

    machines: tuple[Machine, ...]
    claims: Sequence[Claim]
    forked: bool = False

    @property
    def newest(self) -> int | None:
        """Up to where all of them were read (UTC seconds): the one that is furthest behind. None:
        one of them never, or there is none."""
        reached = [one.reached for one in self.machines]
        known = [at for at in reached if at is not None]
        return min(known) if known and len(known) == len(reached) else None

    def whole(self, since: int, through: int) -> bool:
        """Whether every device was read without a hole from `since` past `through` (UTC seconds)."""
        devices = {one.name for one in self.machines}
        seen = coverage.judge(self.claims, devices, since, through)
        return seen.complete and not self.forked

    def current(self, since: int, now: int) -> bool:
        """Whether whoever punched from `since` on would be here by about now."""
        through = now - CURRENT_S
        speaking = all(one.speaking for one in self.machines)
        return speaking and self.whole(min(since, through), through)
