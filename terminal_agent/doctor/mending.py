"""What can be put right without asking: nothing that a record depends on, and every deed is said."""

import subprocess
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from terminal_agent import durable
from terminal_agent.clock import Clock
from terminal_agent.clock_trust import ANCHOR
from terminal_agent.config import ZONES, Config
from terminal_agent.discovery.addresses import placed, recall
from terminal_agent.doctor.finding import Finding, Values
from terminal_agent.doctor.terminals import Lend
from terminal_agent.errors import SourceMisconfigured, SourceUnavailable
from terminal_agent.faces import models
from terminal_agent.zk import timecode
from terminal_agent.zk.link import Link

_LEFT_OVER = ("*.new", "*.part")
_AGE_S = 86_400  # younger ones may be somebody's at this moment
_ANSWER = 10.0
_PATIENCE = 60.0


def mend(found: Iterable[Finding], config: Config, clock: Clock, lend: Lend) -> Iterator[Finding]:
    """Put right what is safe of it. A terminal's clock only by a clock that is trusted itself."""
    state = Path(config.kiosk.state)
    for one in found:
        if one.code == "terminal_clock_off" and clock.look().trust >= ANCHOR:
            yield _set(one.part, config, clock, lend)
        elif one.code in ("model_unprepared", "model_damaged"):
            yield from _prepared(state, config)
        elif one.code in ("disk_low", "disk_full"):
            yield from _cleaned(state, clock.system())


def _set(name: str, config: Config, clock: Clock, lend: Lend) -> Finding:
    device = next(one for one in config.zkteco if one.name == name)
    at = placed(device, recall(Path(config.kiosk.state)))
    try:
        with lend(name), Link(at.host, at.port, at.comm_key, _ANSWER, at.udp) as link:
            link.set_time(_code(clock.wall() + ZONES[config.kiosk.zone]))
    except (SourceUnavailable, SourceMisconfigured) as problem:
        return Finding("mend_failed", "warn", name, {"code": problem.code, "detail": str(problem)})
    return Finding("mended_clock", "ok", name)


def _code(local: float) -> int:
    shown = datetime.fromtimestamp(round(local), UTC)
    second = shown.hour * 3600 + shown.minute * 60 + shown.second
    return timecode.encode(shown.year, shown.month, shown.day, second)


def _prepared(state: Path, config: Config) -> Iterator[Finding]:
    try:
        made = models.prepare(state / "models", config.camera.model)
    except SourceMisconfigured as problem:
        told: Values = {"code": problem.code, "detail": str(problem)}
        yield Finding("mend_failed", "warn", "camera", told)
        return
    if made.parent.parent == state:  # root's hand made it; the camera's program has to read it
        durable.owned_like_folder(made.parent)
        durable.owned_like_folder(made)
    yield Finding("mended_model", "ok", "camera")


def _cleaned(state: Path, now: float) -> Iterator[Finding]:
    """Halves of files that a power cut left, and old lines of the system's log: never a journal, a
    key, a stick, or what was salvaged."""
    freed = 0
    for pattern in _LEFT_OVER:
        for path in state.glob(pattern):
            facts = path.stat()
            if path.is_file() and now - facts.st_mtime > _AGE_S:
                freed += facts.st_size
                path.unlink()
    _vacuumed()
    yield Finding("mended_disk", "ok", "disk", {"freed_kb": freed // 1000})


def _vacuumed() -> None:
    """The system's own log to 64 MB. Without the right to it nothing happens."""
    with suppress(OSError, subprocess.TimeoutExpired):
        subprocess.run(
            ["/usr/bin/journalctl", "--quiet", "--rotate", "--vacuum-size=64M"],
            capture_output=True,
            timeout=_PATIENCE,
            check=False,
        )
