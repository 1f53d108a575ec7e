"""Keep a source running: wait and try again, or stop it and tell a person."""

import logging
from collections.abc import Callable
from typing import Protocol

from terminal_agent.errors import SourceMisconfigured, SourceUnavailable
from terminal_agent.intake import Intake

log = logging.getLogger(__name__)

_FIRST_WAIT = 1.0
_LONGEST_WAIT = 300.0
_GOOD_RUN = 60.0  # a run of this length starts the waiting over
_MISCONFIGURED_WAIT = 900.0  # somebody may have put it right on the device meanwhile


class Source(Protocol):
    """One kind of device."""

    name: str

    def run(self, intake: Intake) -> None:
        """Feed the intake until it says stop; raise to be started again."""


def keep_running(source: Source, intake: Intake, told: Callable[[str, str], None]) -> None:
    """Run a source until the agent stops. `told(name, problem)` hears every failure, "" when well.

    Any other exception ends the process: the journal makes that cheap.
    """
    wait = _FIRST_WAIT
    while True:
        started = intake.clock.monotonic()
        try:
            source.run(intake)
        except SourceUnavailable as problem:
            log.warning("source.unavailable name=%s code=%s %s", source.name, problem.code, problem)
            told(source.name, str(problem))
            if intake.clock.monotonic() - started > _GOOD_RUN:
                wait = _FIRST_WAIT
            pause, wait = wait, min(_LONGEST_WAIT, wait * 2)
        except SourceMisconfigured as problem:
            log.error("source.misconfigured name=%s code=%s %s", source.name, problem.code, problem)
            told(source.name, str(problem))
            pause = _MISCONFIGURED_WAIT
        else:
            pause = 0.0
        if not intake.wait(pause):
            return
