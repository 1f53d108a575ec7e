"""What time it is, and how this kiosk knows."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from terminal_agent.clock import Clock
from terminal_agent.clock_trust import ANCHOR
from terminal_agent.doctor.finding import Finding, Level

_FAR_S = 60
_LEVELS: tuple[Level, ...] = ("warn", "info", "ok", "ok", "ok")


def clocks(clock: Clock, root: Path = Path("/")) -> Iterator[Finding]:
    """The source and its error, whether the system's clock agrees, the battery clock."""
    now = clock.look()
    error = f"{now.error_ms / 1000:g} s"
    yield Finding(f"clock_{now.trust}", _LEVELS[now.trust], "clock", {"error": error})
    off = round(clock.system() - now.wall)
    if now.trust >= ANCHOR and abs(off) > _FAR_S:
        yield Finding("system_clock_off", "warn", "clock", {"seconds": off})
    told = map(_text, root.glob("sys/class/rtc/rtc*/since_epoch"))
    kept = [int(text) for text in told if text.isdigit()]
    if not kept:
        yield Finding("no_battery_clock", "info", "clock")
    elif now.trust >= ANCHOR and all(abs(one - now.wall) > _FAR_S for one in kept):
        yield Finding("battery_clock_off", "warn", "clock", {"seconds": kept[0] - now.wall})


def _text(path: Path) -> str:
    with suppress(OSError):  # a battery clock that cannot be read answers with an error
        return path.read_text("ascii").strip()
    return ""
