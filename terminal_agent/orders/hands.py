"""What orders of the centre are done with, and what became of one."""

from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from contract.command import Outcome
from terminal_agent.clock import Clock
from terminal_agent.config import Config
from terminal_agent.dispatch import Dispatch
from terminal_agent.intake import Intake
from terminal_agent.journal import Journal
from terminal_agent.log_ring import LogRing
from terminal_agent.releases.updates import Updates


class Deed(msgspec.Struct, frozen=True):
    """What became of an order, `detail` as code and words; `body` is what it asked to have sent."""

    outcome: Outcome
    detail: str = ""
    body: bytes = b""


class Hands(msgspec.Struct, frozen=True):
    """What orders can be done with. `restart` ends the agent cleanly, so that it starts again;
    `regallery` has the camera make its gallery anew; `alerts` are what a technician should look at,
    by part."""

    config: Config
    journal: Journal
    clock: Clock
    dispatch: Dispatch
    intakes: Mapping[str, Intake]
    ring: LogRing
    alerts: dict[str, str]
    restart: Callable[[], None]
    regallery: Callable[[], None]
    updates: Updates | None = None

    @property
    def state(self) -> Path:
        """Where the kiosk keeps its files."""
        return Path(self.config.kiosk.state)
