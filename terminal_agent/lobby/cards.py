"""What the screen tells a person whose scan was committed, in the words of the door. Pure."""

from contract.event import VERIFY_SECRET, VERIFY_WITNESS, Scan
from terminal_agent.clock import Look
from terminal_agent.delivery import Delivery

FRESH = 120  # seconds: whoever scanned longer ago has left
LIVE = 15  # seconds: the face of whoever punched then may still be compared
_FINGER = 1
_FACES = range(15, 21)


def way(verify: int) -> str:
    """How the person was recognised, as a word of the door. Devices agree on no codes but finger and
    face (PUSH protocol 4.0, appendix 7; older terminals differ in the others)."""
    if verify in _FACES:
        return "face"
    return {_FINGER: "finger", VERIFY_SECRET: "secret", VERIFY_WITNESS: "witness"}.get(
        verify, "device"
    )


def is_own(scan: Scan) -> bool:
    """Whether the kiosk's own clock stamped it."""
    return scan.source in ("camera", "kiosk", "serial")


def scanned_at(scan: Scan, look: Look) -> int:
    """UTC seconds by the kiosk's clock, at which the scan that was committed at `look` was made."""
    return look.wall - scan.lag


def age(scan: Scan, parcel: Delivery) -> int | None:
    """Seconds from the scan to its commit, None where the device's clock told nothing."""
    if scan.impossible or (not is_own(scan) and parcel.offset_ms is None):
        return None
    return scan.lag
