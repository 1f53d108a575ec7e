"""What the emulated link saw, packet by packet: the pcap file of `simulators.link`."""

import struct
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import msgspec

_FILE_HEADER, _HEADER = 24, struct.Struct("<IIII")
_SYN, _ACK = 0x02, 0x10
_KIOSK = bytes((10, 77, 0, 1))


class Packet(msgspec.Struct, frozen=True):
    """When it was put on the link (monotonic seconds), by the kiosk or the centre, and its size."""

    at: float
    up: bool
    size: int
    flags: int


def packets(file: Path, since: float = 0.0) -> Iterator[Packet]:
    """Every TCP packet put on the link from then on, lost ones too."""
    data = file.read_bytes()
    at = _FILE_HEADER
    while at + _HEADER.size <= len(data):
        seconds, micro, size, _ = _HEADER.unpack_from(data, at)
        packet = data[at + _HEADER.size : at + _HEADER.size + size]
        at += _HEADER.size + size
        flags = packet[(packet[0] & 15) * 4 + 13]
        if seconds + micro / 1e6 >= since:
            yield Packet(seconds + micro / 1e6, packet[12:16] == _KIOSK, size, flags)


def opening(file: Path, up_at: float, delay: float) -> tuple[float, int]:
    """Of the newest connection that the broker had answered by `up_at`: its seconds from the first
    SYN until then, and the bytes both ways that were on the link for it."""
    seen = list(packets(file))
    greetings = [p.at for p in seen if p.up and p.flags & _SYN and p.at < up_at]
    began = max(at for at in greetings if not _again(at, greetings))
    ours = [p for p in seen if began <= p.at <= (up_at if p.up else up_at - delay)]
    return up_at - began, sum(p.size for p in ours)


def _again(at: float, greetings: list[float]) -> bool:
    """Whether a SYN repeats one before it that was lost."""
    return any(0 < at - earlier < 8 for earlier in greetings)


def by_size(file: Path, since: float) -> str:
    """How many packets of which size each way, the dearest first."""
    sizes = Counter((p.up, p.size) for p in packets(file, since))
    dearest = sorted(sizes.items(), key=lambda entry: -entry[0][1] * entry[1])
    return ", ".join(
        f"{count} x {size} {'up' if up else 'down'}" for (up, size), count in dearest[:12]
    )
