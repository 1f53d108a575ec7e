"""Terminal families as values: what each one keeps, and how it answers.

Every field follows a published observation; where a family's behaviour is only partly known the
profile says so. Derive a test's own with `msgspec.structs.replace`.
"""

from typing import Final, Literal

from msgspec import Struct
from msgspec.structs import replace


class Profile(Struct, frozen=True):
    """How one family of terminals behaves."""

    name: str
    firmware: str
    platform: str
    record_width: int = 40
    user_width: int = 72
    event_length: int = 32
    sizes_length: Literal[80, 92, 112] = 92
    record_capacity: int = 100_000
    user_capacity: int = 3_000
    finger_capacity: int = 3_000
    finger_version: str = "10"
    """Of its templates (~ZKFPVersion); terminals of different versions cannot read each other's."""
    cyclic_delete: int = 1
    """Records dropped from the head when the log is full, 1-999; 0 stops taking punches."""
    inline_limit: int = 1_008
    """The largest body that 1503 sends at once; both captured ones were under 1 KiB."""
    packet_size: int = 1_008
    """Data bytes in one 1501 packet when a chunk is cut up (captured: f0030000)."""
    checked_body: int = 262_144
    """The largest body whose checksum 1503 tells. A real terminal tells it for all; 100,000 punches
    would take a second of Python at every read, so larger bodies carry 0."""
    one_packet: bool = True
    """On TCP the whole chunk goes in a single 1501; false: many, numbered in the session field."""
    bare_chunks: bool = False
    """1504 is answered by a single 1501, without 1500 before and 2000 after."""
    past_start: Literal["right", "head", "short"] = "right"
    """What 1504 gives for start > 0: the bytes asked for, those of the head, or too few."""
    buffered_read: bool = True
    """1503 and 1504 work as documented; false: the under-reporting answers of the WL10."""
    access_mode: bool = False
    """Access-control firmware: no attendance log to read, counters say 0 (pyzk issue 170)."""
    empty_code: int = 0
    """Answer to 1503 for an empty log; 0 sends an empty body (newer SDKs know 4989 and 4991)."""
    gap: float = 0.0
    """Seconds between two packets of one answer."""


F19: Final = Profile("f19", "Ver 6.60 Apr 26 2016", "ZMM220_TFT")
F19_PACKETS: Final = replace(F19, name="f19-packets", one_packet=False)
OLD8: Final = Profile(
    "old8",
    "Ver 5.00 Sep 11 2008",
    "ZEM500",
    8,
    28,
    10,
    80,
    record_capacity=50_000,
    finger_version="9",
)
OLD16: Final = Profile(
    "old16", "Ver 6.10 Mar 28 2011", "ZEM560", 16, 28, 12, 80, record_capacity=50_000
)
FACE49: Final = Profile(
    "face49",
    "Ver 1.0.0 ZAM180-NF50VA",
    "ZAM180_TFT",
    49,
    event_length=52,
    sizes_length=112,
    record_capacity=200_000,
    user_capacity=10_000,
    finger_capacity=6_000,
    empty_code=4991,
)
WL10: Final = Profile(
    "wl10", "Ver 6.60 May 19 2023", "AK3750WIFI_TFT", 22, event_length=36, buffered_read=False
)
ACCESS_MODE: Final = replace(
    FACE49, name="access-mode", firmware="Ver 1.0.0 ZAM180-NF50VD", access_mode=True
)
PACED: Final = replace(F19, name="paced", gap=0.04)
CYCLIC: Final = replace(F19, name="cyclic", record_capacity=5_000, cyclic_delete=500)
BARE_CHUNKS: Final = replace(F19, name="bare-chunks", bare_chunks=True)
HEAD_ONLY: Final = replace(F19, name="head-only", past_start="head")
SHORT_TAIL: Final = replace(F19, name="short-tail", past_start="short")

PROFILES: Final = {
    profile.name: profile
    for profile in (
        F19,
        F19_PACKETS,
        OLD8,
        OLD16,
        FACE49,
        WL10,
        ACCESS_MODE,
        PACED,
        CYCLIC,
        BARE_CHUNKS,
        HEAD_ONLY,
        SHORT_TAIL,
    )
}
