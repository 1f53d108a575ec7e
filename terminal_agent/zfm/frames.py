"""Packets of ZFM fingerprint sensors: bytes to packets and back. Pure.

`EF01 | address u32 | kind u8 | length u16 | body | sum u16`, big-endian; the length counts body and
sum, the sum adds kind, length and body (ZFM-70 user manual, 5.1; the same in the R30x and R503 ones).
"""

import msgspec

COMMAND, DATA, ACK, END = 1, 2, 7, 8
ANY_ADDRESS = 0xFFFF_FFFF
_KINDS = (COMMAND, DATA, ACK, END)
_START = b"\xef\x01"
_HEAD = 9  # bytes before the body
_SUM = 2
_MOST_BODY = 256  # the largest data packet that a sensor can be set to


class Packet(msgspec.Struct, frozen=True):
    """One packet; of a command the body begins with the instruction, of an answer with its code."""

    kind: int
    body: bytes
    address: int = ANY_ADDRESS


def encode(packet: Packet) -> bytes:
    """The packet as it goes over the line."""
    counted = bytes([packet.kind]) + (len(packet.body) + _SUM).to_bytes(2, "big") + packet.body
    return _START + packet.address.to_bytes(4, "big") + counted + _sum(counted)


def split(data: bytes) -> tuple[list[Packet], bytes]:
    """The whole packets in `data`, and what may still become one.

    What is no packet is skipped: noise, a wrong speed, the 0x55 that sensors say after power-on. A
    length that no packet has is noise too, or a byte of it would swallow the answers behind it.
    """
    packets: list[Packet] = []
    while (at := data.find(_START)) >= 0:
        data = data[at:]
        size = _size(data)
        if size is None or len(data) < size:
            return packets, data
        packet = _packet(data[:size]) if size else None
        if packet is not None:
            packets.append(packet)
        data = data[size if packet is not None else 1 :]
    return packets, data[-1:] if data.endswith(_START[:1]) else b""


def _size(data: bytes) -> int | None:
    """Bytes of the packet that begins here, 0 where none can begin, None where that is not known yet."""
    if len(data) < _HEAD:
        return None
    length = int.from_bytes(data[7:9], "big")
    if data[6] not in _KINDS or not _SUM <= length <= _MOST_BODY + _SUM:
        return 0
    return _HEAD + length


def _packet(data: bytes) -> Packet | None:
    counted = data[6:-_SUM]
    if _sum(counted) != data[-_SUM:]:
        return None
    return Packet(data[6], counted[3:], int.from_bytes(data[2:6], "big"))


def _sum(counted: bytes) -> bytes:
    return (sum(counted) & 0xFFFF).to_bytes(_SUM, "big")
