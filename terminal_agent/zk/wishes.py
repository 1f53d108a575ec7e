"""What is asked of the process that writes people to a terminal, and what it answers: JSON both ways.
Pure."""

import msgspec


class Finger(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A fingerprint template in the terminal's own bytes; `number` 0 to 9, as terminals count."""

    number: int
    data: bytes


class Wish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A person as they should be on the terminal. No name, card 0 and no finger leave alone what is
    there; a card or a finger is only put where there is none."""

    pin: str
    name: str = ""
    remove: bool = False
    card: int = 0
    fingers: tuple[Finger, ...] = ()


class Task(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the terminal is, seconds for each of its answers and for it all, and the people.

    `serial`: nothing is written where another terminal answers. `sparing`: whoever may do more on the
    terminal than scan is left alone, whatever is wished.
    """

    host: str
    port: int
    comm_key: int
    udp: bool
    seconds: float
    limit: int
    users: tuple[Wish, ...]
    serial: str = ""
    sparing: bool = False


class Report(msgspec.Struct, frozen=True):
    """`left`: PIN and code of everybody who is not as wished. `error`: the code of what stopped it
    all."""

    added: int = 0
    renamed: int = 0
    removed: int = 0
    same: int = 0
    cards: int = 0
    fingers: int = 0
    left: tuple[tuple[str, str], ...] = ()
    error: str = ""
    detail: str = ""


def upload(record: bytes, uid: int, fingers: tuple[Finger, ...]) -> bytes:
    """What command 110 stores: a user record behind a byte 2, a table (byte 2, u16 uid, 16 + finger,
    u32 offset), and the templates, each behind its u16 length; three u32 lengths before it all.

    Source: seen on the wire from pyzk 0.9 (`save_user_template`)."""
    packed, table = b"", b""
    for finger in fingers:
        at = len(packed).to_bytes(4, "little")
        table += b"\x02" + uid.to_bytes(2, "little") + bytes([0x10 + finger.number]) + at
        packed += len(finger.data).to_bytes(2, "little") + finger.data
    parts = (b"\x02" + record, table, packed)
    return b"".join(len(part).to_bytes(4, "little") for part in parts) + b"".join(parts)
