"""The keeper: root's part of an update. It runs from the newest release that has proven itself, so that
no release judges itself.

It lays a release out, switches, and goes back where the agent of the new one, or what ran beside it, is
not up and steady, or has no receipt, within ten minutes. A power cut in between begins the ten minutes anew.
"""

import logging
import threading
from collections.abc import Mapping
from typing import Literal, Protocol

import msgspec

from contract import release
from terminal_agent import durable
from terminal_agent.errors import SourceMisconfigured
from terminal_agent.releases import building, floor, gathered, told
from terminal_agent.releases import place as places
from terminal_agent.releases.foreign import Foreign
from terminal_agent.releases.place import Place
from terminal_agent.releases.proving import Proving, needs_receipt
from terminal_agent.releases.told import Floor, Outcome, Trial, Wish, Word

log = logging.getLogger(__name__)

_TURN = 1.0
_MOST_BOOTS = 3


class Units(Protocol):
    """The processes of a kiosk; `AGENT` is the agent's unit."""

    AGENT: str

    def restart(self) -> None:
        """Start them from the release in force."""

    def processes(self) -> Mapping[str, int]:
        """The process of each unit that is ready."""


class Clock(Protocol):
    """Time: `wall` in UTC seconds, `monotonic` in seconds that only go forward."""

    def wall(self) -> float:
        """UTC seconds."""

    def monotonic(self) -> float:
        """Seconds."""


class Keeper:
    """`agents`: the folder in which the agent says what it wishes and how it is. `stop` ends it at any
    moment: it goes on there the next time."""

    def __init__(
        self, place: Place, agents: Foreign, units: Units, clock: Clock, stop: threading.Event
    ) -> None:
        self._place, self._agents, self._units = place, agents, units
        self._clock, self._stop = clock, stop

    def run(self) -> None:
        """Do what is wished, and judge what is on trial, until nothing is left. Raises OSError."""
        trial = told.read(self._place.kept / told.TRIAL, Trial)
        if trial is not None:
            self._again(trial)
        while not self._stop.is_set() and (wish := self._wish()) is not None:
            self._grant(wish)

    def _wish(self) -> Wish | None:
        """What the agent wishes and has not been answered."""
        wish = told.understood(self._agents.read(told.WISH, told.MOST), Wish)
        last = told.read(self._place.kept / told.OUTCOME, Outcome)
        return wish if wish and (last is None or wish.no != last.no) else None

    def _grant(self, wish: Wish) -> None:
        try:
            if wish.do == "rollback":
                self._go_back(wish)
            else:
                self._install(wish)
        except SourceMisconfigured as problem:
            log.error("release.refused code=%s %s", problem.code, problem)
            self._conclude(
                Outcome(wish.no, "refused", "", 0, reason=problem.code, detail=str(problem))
            )
        except OSError as problem:
            log.error("release.failed %s", problem)
            told_so = Outcome(wish.no, "refused", "", 0, reason="release_disk", detail=str(problem))
            self._conclude(told_so)

    def _install(self, wish: Wish) -> None:
        place = self._place
        manifest = self._agents.read(release.MANIFEST, release.MAX_MANIFEST) or b""
        signature = self._agents.read(release.SIGNATURE, release.SIGNATURE_BYTES) or b""
        if wish.digest != release.digest(manifest):
            raise SourceMisconfigured("release_incomplete", "its manifest is not here")
        found = gathered.accepted(place, manifest, signature)
        if found.version in (place.points("keeper"), place.version):
            raise SourceMisconfigured("release_same", found.version)
        ran = self._units.processes()
        building.lay_out(place, manifest, found, self._agents)
        before = place.points("current") or place.version
        word, now = self._word(), self._clock.wall()
        trial = Trial(
            wish.no,
            found.version,
            found.release,
            wish.digest,
            before,
            needs_receipt(word, now),
            beside=self._beside(ran),
        )
        told.write(place.kept / told.TRIAL, trial)
        places.point(place.root / "current", found.version)
        log.warning("release.on_trial version=%s from=%s", found.version, before)
        self._units.restart()
        self._judge(trial)

    def _beside(self, ran: Mapping[str, int]) -> tuple[str, ...]:
        """What runs, and has run as the same process since `ran` was seen: the new release owes it. What
        dies again and again under the old one is no fault of the new one's."""
        runs = self._units.processes().items()
        return tuple(
            sorted(one for one, no in runs if ran.get(one) == no and one != self._units.AGENT)
        )

    def _again(self, trial: Trial) -> None:
        """The machine started, or this program, while a release was on trial."""
        stands = self._place.points("current")
        if stands in ("", trial.came_from):  # cut just before the switch, or on the way back
            self._units.restart()
            self._forget_trial()
        elif stands != trial.version:
            self._overtaken(trial, stands)
        else:
            self._judge_again(trial)

    def _judge_again(self, trial: Trial) -> None:
        trial = msgspec.structs.replace(trial, boots=trial.boots + 1)
        told.write(self._place.kept / told.TRIAL, trial)
        if trial.boots > _MOST_BOOTS:
            self._give_up(trial, "release_boots")
        else:
            self._judge(trial)

    def _judge(self, trial: Trial) -> None:
        """Wait until the release has proven itself, has had its time, or somebody asks to go back."""
        proving = Proving(trial, self._units.AGENT, self._clock.monotonic())
        while not self._stop.is_set():
            now = self._clock.monotonic()
            proving.look(self._units.processes(), self._word(), now)
            wish, stands = self._wish(), self._place.points("current")
            if stands != trial.version:
                return self._overtaken(trial, stands)
            if proving.proven() or self._place.points("keeper") == trial.version:  # by its package
                return self._prove(trial)
            if wish is not None and wish.do == "rollback":
                return self._give_up(trial, "release_asked_back", wish.no)
            if proving.too_late(now):
                return self._give_up(trial, proving.reason(), detail=proving.unsteady())
            self._stop.wait(_TURN)
        return None

    def _prove(self, trial: Trial) -> None:
        """It counts as good: nothing older is taken from now on, and the next update is kept by it."""
        place, known = self._place, floor.remembered(self._place)
        least = places.of(place.manifest(trial.version)).min_release
        known = Floor(max(known.release, trial.release), max(known.least, least))
        told.write(place.kept / told.FLOOR, known)
        places.point(place.root / "previous", trial.came_from)
        places.point(place.root / "keeper", trial.version)
        log.warning("release.proven version=%s", trial.version)
        self._conclude(_of(trial, "installed"))
        self._forget_trial()
        building.prune(place, {trial.version, trial.came_from, place.version})

    def _overtaken(self, trial: Trial, stands: str) -> None:
        """A package was installed meanwhile: whoever did trusts it, and dpkg has restarted everything."""
        log.warning("release.overtaken version=%s by=%s", trial.version, stands)
        outcome = _of(trial, "refused")
        self._conclude(msgspec.structs.replace(outcome, reason="release_overtaken", detail=stands))
        self._forget_trial()

    def _give_up(self, trial: Trial, reason: str, no: int = 0, detail: str = "") -> None:
        """Back to what ran before; `no`: the wish that asked for it, where one did. In this order a
        power cut at any moment ends there as well."""
        if not self._place.tree(trial.came_from).is_dir():  # dpkg will show what it has unpacked
            self._overtaken(trial, trial.version)
            return
        outcome = _of(trial, "rolled_back")
        self._conclude(
            msgspec.structs.replace(outcome, no=no or trial.no, reason=reason, detail=detail)
        )
        places.point(self._place.root / "current", trial.came_from)
        log.error("release.rolled_back version=%s reason=%s", trial.version, reason)
        self._units.restart()
        self._forget_trial()

    def _forget_trial(self) -> None:
        durable.remove(self._place.kept / told.TRIAL)

    def _go_back(self, wish: Wish) -> None:
        """To the release before this one, once."""
        place = self._place
        before, now = floor.before(place), place.points("current")
        number = places.number(place, before)
        for name in ("keeper", "current"):
            places.point(place.root / name, before)
        (place.root / "previous").unlink()
        self._conclude(Outcome(wish.no, "back", before, 0, release=number, came_from=now))
        self._units.restart()

    def _conclude(self, outcome: Outcome) -> None:
        outcome = msgspec.structs.replace(outcome, at=int(self._clock.wall()))
        told.write(self._place.kept / told.OUTCOME, outcome)

    def _word(self) -> Word | None:
        return told.understood(self._agents.read(told.WORD, told.MOST), Word)


def _of(trial: Trial, did: Literal["installed", "rolled_back", "refused"]) -> Outcome:
    return Outcome(
        trial.no,
        did,
        trial.version,
        0,
        trial.no,
        trial.release,
        trial.digest,
        trial.came_from,
    )
