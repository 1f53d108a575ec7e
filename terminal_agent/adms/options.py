"""What a terminal is told at its start: how often to call, what to send, its time zone. Pure.

Sources: Attendance PUSH 4.0, 6; Security PUSH 3.1.2, 7.1 and 7.4.
"""

from hashlib import md5
from hmac import digest

DELAY = 10  # seconds between two calls of a terminal; a command waits so long at most
_ERROR_DELAY = 30
# What is sent without being asked; no photos, no templates, no users: nobody here needs them.
_SENT = "TransData AttLog\tOpLog"


def attendance(serial: str, stamps: tuple[str, str], zone: int) -> str:
    """The answer to options=all. `stamps`: where punches and operations go on, as the terminal told
    it last; "" = nothing of it is stored, all of it is wanted; `zone`: seconds east of UTC, whole hours."""
    lines = (
        f"GET OPTION FROM: {serial}",
        f"ATTLOGStamp={stamps[0] or '0'}",
        f"OPERLOGStamp={stamps[1] or '0'}",
        "ATTPHOTOStamp=9999",
        f"ErrorDelay={_ERROR_DELAY}",
        f"Delay={DELAY}",
        "TransTimes=00:00;12:00",
        "TransInterval=1",
        f"TransFlag={_SENT}",
        f"TimeZone={zone // 3600}",
        "Realtime=1",
        "Encrypt=None",
        "ServerVer=2.4.1",
        "PushProtVer=2.4.1",
        "SupportPing=1",
    )
    return "\n".join(lines) + "\n"


def security(code: str, session: str, zone: int) -> str:
    """The answer to /iclock/push, and to options=all of a terminal that has registered."""
    lines = (
        "registry=ok",
        f"RegistryCode={code}",
        "ServerVersion=3.1.2",
        "ServerName=Hadir",
        "PushProtVer=3.1.2",
        f"ErrorDelay={_ERROR_DELAY}",
        f"RequestDelay={DELAY}",
        "TransTimes=00:00;12:00",
        "TransInterval=1",
        "TransTables=Transaction",
        "Realtime=1",
        f"TimeZone={zone // 3600}",
        f"SessionID={session}",
        "TimeoutSec=10",
    )
    return "\n".join(lines) + "\n"


def is_security(query: dict[str, str]) -> bool:
    """Whether options=all comes from access-control firmware."""
    return query.get("DeviceType", "") == "acc" or query.get("pushver", "").startswith("3")


def registry_code(secret: bytes, serial: str) -> str:
    """A terminal's code; the same after a restart, so that no terminal has to register anew."""
    return digest(secret, b"registry\0" + serial.encode(), "sha256").hex()[:32]


def session_of(secret: bytes, serial: str) -> str:
    """A terminal's session, likewise."""
    return digest(secret, b"session\0" + serial.encode(), "sha256").hex()[:32]


def token(secret: bytes, serial: str) -> str:
    """The cookie that a registered terminal sends: the protocol derives it by MD5 from what went
    over the wire before, so it tells a mistaken terminal, not an attacker."""
    known = registry_code(secret, serial) + serial + session_of(secret, serial)
    return md5(known.encode(), usedforsecurity=False).hexdigest()
