"""What a person fills in, step by step. Pure values; what may stand there is as in the configuration."""

from typing import Annotated, Literal

import msgspec

from terminal_agent.config import CommKey, Megabytes, Name, Port


class Place(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the kiosk stands. `contact`: the office's, for the privacy notice."""

    zone: Literal["WIB", "WITA", "WIT"]
    link: Literal["normal", "metered", "live"]
    quota_mb: Megabytes = 0
    contact: Annotated[str, msgspec.Meta(max_length=200)] = ""


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A terminal to try."""

    name: Name
    host: Annotated[str, msgspec.Meta(min_length=1, max_length=253)]
    port: Port = 4370
    comm_key: CommKey = 0
    udp: bool = False


class Look(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Look around; `network` "" = our own ones."""

    network: str = ""
    comm_key: CommKey = 0


class Take(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Use what was found at a serial port."""

    port: str


class Forget(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Take back a terminal."""

    name: str


class Eye(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Try a camera; "" = there is none."""

    source: str


class Nothing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A step without words of its own."""


class Join(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The line from the centre; asked again while the centre decides."""

    text: str
