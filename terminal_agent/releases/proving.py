"""Whether a release on trial has proven itself, from what is seen of it each second."""

from collections.abc import Mapping

from terminal_agent.releases.told import Trial, Word

WINDOW = 600.0  # seconds in which a release proves itself
STEADY = 60.0  # seconds that the same processes stay up meanwhile
_DAY = 86_400


class Proving:
    """`agent`: its unit. `now` is monotonic seconds, here and below."""

    def __init__(self, trial: Trial, agent: str, now: float) -> None:
        self._trial, self._agent, self._began = trial, agent, now
        self._up: dict[
            str, tuple[int, float]
        ] = {}  # each unit's process, and since when it is the same
        self._was_ready = self._heard = False
        self._unsteady = {agent, *trial.beside}

    def look(self, processes: Mapping[str, int], word: Word | None, now: float) -> None:
        """The process of each unit that is ready, and what the agent says of itself."""
        for unit in (self._agent, *self._trial.beside):
            process = processes.get(unit, 0)
            if process != self._up.get(unit, (0, now))[0] or not process:
                self._up[unit] = (process, now)
        is_its_own = word is not None and word.version == self._trial.version
        is_up = self._agent in processes and is_its_own
        self._was_ready = self._was_ready or is_up
        self._unsteady = {unit for unit, (_, since) in self._up.items() if now - since < STEADY}
        if not is_up:
            self._unsteady.add(self._agent)
        self._heard = is_up and word is not None and word.heard

    def proven(self) -> bool:
        """All is up, has been for a while, and the agent has its receipt."""
        return not self._unsteady and (self._heard or not self._trial.needs_receipt)

    def too_late(self, now: float) -> bool:
        """Its time is over."""
        return now - self._began >= WINDOW

    def reason(self) -> str:
        """What it lacked, as a code."""
        if not self._was_ready:
            return "release_not_ready"
        if self._agent in self._unsteady:
            return "release_died"
        return "release_unit_died" if self._unsteady else "release_no_receipt"

    def unsteady(self) -> str:
        """The units that did not stay up, in words of systemd."""
        return ", ".join(sorted(self._unsteady))


def needs_receipt(word: Word | None, now: float) -> bool:
    """Where a receipt came over the link within the day before UTC second `now`, and the link stays
    on, the next release has to get one as well."""
    if word is None or not 0 <= now - word.heard_at < _DAY:
        return False
    return word.open_until == 0 or word.open_until >= now + WINDOW
