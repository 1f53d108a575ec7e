"""Keep a source running: wait and try again, or stop it and tell a person."""

import logging
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


def keep_running(source: Source, intake: Intake) -> None:
    """Run a source until the agent stops. Any other exception ends the process: that is cheap."""
    wait = _FIRST_WAIT
    while True:
        started = intake.clock.monotonic()
        try:
            source.run(intake)
        except SourceUnavailable as problem:
            log.warning("source.unavailable name=%s code=%s %s", source.name, problem.code, problem)
            intake.tell(problem.code)
            intake.excuse(problem.code)
            if intake.clock.monotonic() - started > _GOOD_RUN:
                wait = _FIRST_WAIT
            pause, wait = wait, min(_LONGEST_WAIT, wait * 2)
        except SourceMisconfigured as problem:
            log.error("source.misconfigured name=%s code=%s %s", source.name, problem.code, problem)
            intake.tell(problem.code)
            intake.excuse(problem.code)
            pause = _MISCONFIGURED_WAIT
        else:
            pause = 0.0
        if not intake.wait(pause):
            return
