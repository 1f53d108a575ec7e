"""Serial ports by the path that stays theirs, and what speaks there: satellite receivers speak
unasked (NMEA 0183), fingerprint sensors answer (R30x/ZFM). A port that is anybody else's is never
written to."""

import os
import re
import termios
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import serial

from terminal_agent.discovery.found import FoundPort
from terminal_agent.zfm import frames
from terminal_agent.zfm.frames import ACK, COMMAND, Packet

_BY_ID = Path("/dev/serial/by-id")
_PROCESSES = Path("/proc")
_GNSS_SPEEDS = (9600, 38_400, 115_200, 4800)
_FINGER_SPEEDS = (57_600, 9600, 115_200, 38_400, 19_200)
_LISTEN = 1.2  # seconds: a receiver speaks once a second
_ANSWER = 0.5
_AT_MOST = 1024
_DENIED = (13, 2, 6, 5)  # EACCES, ENOENT, ENXIO, EIO: not to be opened, or gone meanwhile
# VfyPwd with the factory's password (R307 user manual): any answer is one of a sensor, "wrong
# password" as well.
_HELLO = frames.encode(Packet(COMMAND, b"\x13\0\0\0\0"))
_SENTENCE = re.compile(rb"\$([A-Z]{2}[A-Z]{3},[ -)+-~]*)\*([0-9A-F]{2})\r?\n")


def ports(
    by_id: Path = _BY_ID, left_alone: Sequence[str] = (), processes: Path = _PROCESSES
) -> list[FoundPort]:
    """What is at every serial port; some seconds for each that is silent. `left_alone`: ports that
    are somebody's, whether or not they are open at the moment (those of the configuration)."""
    if not by_id.is_dir():
        return []
    return [
        FoundPort(str(path), "held", title=_title(path))
        if str(path) in left_alone or holders(path, processes)
        else asked(path)
        for path in sorted(by_id.iterdir())
    ]


def holders(path: Path, processes: Path = _PROCESSES) -> list[int]:
    """The processes that have this device open, as far as we may look (root may)."""
    device = path.resolve()
    own = os.getpid()
    return sorted(
        {pid for pid, target in _open_files(processes) if target == device and pid != own}
    )


def speaks_nmea(heard: bytes) -> bool:
    """Whether there is a whole sentence with a right checksum in it (NMEA 0183: XOR of what is
    between $ and *)."""
    return any(_xor(body) == int(told, 16) for body, told in _SENTENCE.findall(heard))


def is_sensor(heard: bytes) -> bool:
    """Whether a whole R30x/ZFM acknowledgement with a right sum is in it."""
    return any(packet.kind == ACK for packet in frames.split(heard)[0])


def asked(path: Path) -> FoundPort:
    """What is at one port, which nobody holds. First only heard: a receiver speaks by itself, and
    nobody's command reaches it."""
    try:
        for speed in _GNSS_SPEEDS:
            if speaks_nmea(_heard(path, speed, b"", _LISTEN)):
                return FoundPort(str(path), "gnss", speed, _title(path))
        for speed in _FINGER_SPEEDS:
            if is_sensor(_heard(path, speed, _HELLO, _ANSWER)):
                return FoundPort(str(path), "finger", speed, _title(path))
    except (serial.SerialException, termios.error) as problem:  # the latter of one just pulled
        # EAGAIN: locked by its owner's flock; EBUSY: its owner has it for itself (TIOCEXCL).
        kind = "denied" if problem.args[0] in _DENIED else "held"
        return FoundPort(str(path), kind, title=_title(path))  # type: ignore[arg-type]
    return FoundPort(str(path), "silent", title=_title(path))


def _heard(path: Path, speed: int, said: bytes, seconds: float) -> bytes:
    """Raises SerialException where another program has locked the port."""
    with serial.Serial(
        str(path), speed, timeout=seconds, exclusive=True, write_timeout=seconds
    ) as port:
        port.reset_input_buffer()
        if said:
            port.write(said)
        found: bytes = port.read(_AT_MOST if not said else 12)
        return found


def _title(path: Path) -> str:
    """As udev made it of maker, model and number: usb-u-blox_AG_..._receiver-if00."""
    return path.name.removeprefix("usb-").partition("-if")[0].replace("_", " ")


def _xor(body: bytes) -> int:
    total = 0
    for byte in body:
        total ^= byte
    return total


def _open_files(processes: Path) -> Iterator[tuple[int, Path]]:
    for process in processes.iterdir():
        if not process.name.isdigit():
            continue
        with suppress(OSError):  # another user's, or gone meanwhile
            for file in (process / "fd").iterdir():
                with suppress(OSError):
                    yield int(process.name), file.readlink()
