"""Events to punches: what counts once, however often and by whichever way it arrived. Pure."""

import msgspec

from contract.event import VERIFY_SECRET, VERIFY_WITNESS, AnyRecord, Scan

# A reset clock repeats its seconds, so times outside 2010 … tomorrow never merge.
_EARLIEST = 1_262_304_000
_TWO_DAYS = 172_800
_MOST_AHEAD = 14 * 3_600  # local wall clock counted as if UTC, ahead of UTC at most

_BY_HAND = {VERIFY_SECRET: "secret", VERIFY_WITNESS: "witness"}


class Key(msgspec.Struct, frozen=True):
    """The punch key: device serial, PIN, second of the clock that stamped it."""

    serial: str
    pin: str
    t: int


def key(record: AnyRecord | None, serials: dict[int, str], received: int) -> Key | None:
    """The key of a scan that may be merged with its repeats; None for everything else.

    `serials` maps the chain's device index to the serial number, `received` is server UTC seconds.
    """
    if not isinstance(record, Scan) or record.impossible:
        return None
    if not _EARLIEST <= record.t <= received + _TWO_DAYS + _MOST_AHEAD:
        return None
    serial = serials.get(record.device)
    return None if serial is None else Key(serial, record.pin, record.t)


def mode(verify: int) -> str:
    """How the device recognised the person, where its families agree on the code; else the code.

    Source: PUSH protocol 4.0, appendix 7. Codes 0 and 2 to 4 mean other things on older terminals.
    A kiosk's own codes for what its screen took lie above all of them: "secret" is a number that a
    letter allows, "witness" a colleague who vouches.
    """
    if verify in _BY_HAND:
        return _BY_HAND[verify]
    if verify == 1:
        return "finger"
    if 15 <= verify <= 20:
        return "face"
    if 25 <= verify <= 29:
        return "palm"
    return f"code {verify}"
