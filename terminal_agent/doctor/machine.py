"""The machine: power, heat, memory, disk and card, as the kernel and the Raspberry Pi's firmware tell.

`root` is where /proc and /sys are. What a machine does not tell is "info", never a fault.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from terminal_agent.doctor.finding import Finding, Level, Values
from terminal_agent.doctor.part import looked

_ROOT = Path("/")
# Bits of the firmware's answer: raspberrypi.com/documentation, vcgencmd get_throttled.
_UNDER_NOW, _SLOW_NOW, _UNDER_BEFORE = 1 << 0, 1 << 1 | 1 << 2 | 1 << 3, 1 << 16
_FIRMWARE = "sys/devices/platform/soc/soc:firmware/get_throttled"
_WARM, _HOT = 75, 85  # degrees: a Raspberry Pi slows down from 80 on and is at its end at 85
_LITTLE, _LEAST = 200_000_000, 20_000_000  # bytes; the former is the centre's limit as well
_FEW_NAMES = 2_000  # files that can still be made
_TIGHT = 0.08  # of the memory
# JEDEC eMMC 5.1: DEVICE_LIFE_TIME_EST in tenths, 0x0B = spent; PRE_EOL_INFO 2 = 80 %, 3 = 90 % used.
_WORN, _SPENT = 8, 10


def machine(state: Path) -> Iterator[Finding]:
    """All of it, each by itself; without a folder (a kiosk that is not enrolled yet) no disk."""
    yield from looked("power", lambda: [power()])
    yield from looked("heat", lambda: [heat()])
    yield from looked("memory", lambda: [memory()])
    if state.exists():
        yield from looked("disk", lambda: [disk(state)])
        yield from looked("card", lambda: card(device_of(state)))


def power(root: Path = _ROOT) -> Finding:
    """Whether the power supply holds; only a Raspberry Pi tells."""
    bits = throttled(root)
    if bits is None:
        return Finding("power_untold", "info", "power")
    if bits & _UNDER_NOW:
        return Finding("under_voltage", "fail", "power")
    if bits & _UNDER_BEFORE:
        return Finding("under_voltage_before", "warn", "power")
    return Finding("power_good", "ok", "power")


def heat(root: Path = _ROOT) -> Finding:
    """The hottest sensor, in whole degrees Celsius."""
    degrees = [int(text) // 1000 for text in _texts(root, "sys/class/thermal/thermal_zone*/temp")]
    if not degrees:
        return Finding("heat_untold", "info", "heat")
    values: Values = {"degrees": max(degrees)}
    if max(degrees) >= _HOT:
        return Finding("too_hot", "fail", "heat", values)
    if max(degrees) >= _WARM or (throttled(root) or 0) & _SLOW_NOW:
        return Finding("hot", "warn", "heat", values)
    return Finding("cool", "ok", "heat", values)


def memory(root: Path = _ROOT) -> Finding:
    """How much memory is left; a unit that may not see /proc/meminfo (ProcSubset=) cannot tell."""
    told = dict(line.split(":", 1) for line in _text(root / "proc/meminfo").splitlines())
    try:
        whole, free = (int(told[name].split()[0]) for name in ("MemTotal", "MemAvailable"))
    except (KeyError, ValueError):
        return Finding("memory_untold", "info", "memory")
    tight = free < _TIGHT * whole
    values: Values = {"free_mb": free // 1024, "whole_mb": whole // 1024}
    return Finding(
        "memory_short" if tight else "memory_free", "warn" if tight else "ok", "memory", values
    )


def disk(state: Path) -> Finding:
    """Whether the folder of the journal can be written, and for how long still. Raises OSError."""
    now = os.statvfs(state)
    free = now.f_bavail * now.f_frsize
    return judged_disk(free, now.f_favail or _FEW_NAMES, locked=bool(now.f_flag & os.ST_RDONLY))


def judged_disk(free: int, names: int, *, locked: bool) -> Finding:
    """`free` bytes, `names`: files that can still be made, `locked`: mounted read-only."""
    values: Values = {"free_mb": free // 1_000_000}
    if locked:
        return Finding("disk_read_only", "fail", "disk")
    if free < _LEAST:
        return Finding("disk_full", "fail", "disk", values)
    if free < _LITTLE or names < _FEW_NAMES:
        return Finding("disk_low", "warn", "disk", values)
    return Finding("disk_free", "ok", "disk", values)


def device_of(state: Path) -> str:
    """The block device of a folder as the kernel numbers it: 179:2. Raises OSError."""
    number = state.stat().st_dev
    return f"{os.major(number)}:{os.minor(number)}"


def card(device: str, root: Path = _ROOT) -> Iterator[Finding]:
    """What the card (or disk) with this number says of its health. SD cards count nothing; what they
    damaged shows as errors of the file system."""
    there = root / "sys/dev/block" / device
    errors = _text(root / "sys/fs/ext4" / there.resolve().name / "errors_count")
    if errors.isdigit() and int(errors):
        yield Finding("card_errors", "fail", "card", {"errors": int(errors)})
    whole = there if (there / "device").exists() else there.resolve().parent
    life = [_hex(word) or 0 for word in _text(whole / "device/life_time").split()]
    if life:
        yield _worn(max(life), _hex(_text(whole / "device/pre_eol_info")) or 0)
    elif _text(whole / "device/type") == "SD":
        made = _text(whole / "device/date")
        name = _text(whole / "device/name")
        yield Finding("card_sd", "info", "card", {"name": name, "made": made})
    elif not errors:
        yield Finding("card_untold", "info", "card")


def _worn(tenths: int, end: int) -> Finding:
    level: Level = "fail" if tenths > _SPENT or end >= 3 else "warn"
    values: Values = {"percent": min(100, tenths * 10)}
    if tenths > _WORN or end >= 2:
        return Finding("card_worn", level, "card", values)
    return Finding("card_fresh", "ok", "card", values)


def throttled(root: Path = _ROOT) -> int | None:
    """The firmware's bits; None where there is no such firmware."""
    if text := _text(root / _FIRMWARE):
        return _hex(text)
    for volts in root.glob("sys/class/hwmon/hwmon*"):
        if _text(volts / "name") == "rpi_volt":
            return _UNDER_NOW if _text(volts / "in0_lcrit_alarm") == "1" else 0
    return _asked_firmware() if root == _ROOT else None


def _asked_firmware() -> int | None:
    program = shutil.which("vcgencmd")
    if program is None:
        return None
    with suppress(OSError, subprocess.TimeoutExpired):
        done = subprocess.run(  # noqa: S603 - a program of the system
            [program, "get_throttled"], capture_output=True, text=True, timeout=5.0, check=False
        )
        return _hex(done.stdout.strip().partition("=")[2])
    return None


def _hex(text: str) -> int | None:
    with suppress(ValueError):
        return int(text, 16)
    return None


def _texts(root: Path, pattern: str) -> list[str]:
    """What is in these files, as far as it is a number: an unused sensor answers with an error."""
    return [text for path in sorted(root.glob(pattern)) if (text := _text(path)).isdigit()]


def _text(path: Path) -> str:
    with suppress(OSError):
        return path.read_text("ascii", "replace").strip()
    return ""
