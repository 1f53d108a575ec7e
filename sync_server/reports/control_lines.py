"""Each line of the controls as a sentence."""

from datetime import UTC, datetime

from sync_server import localtime
from sync_server.reports.controls import Control, Controls
from sync_server.wording import say

# As terminals number them (terminal_agent.zk.users); any other number is named as such.
PRIVILEGES = ("0", "2", "6", "14")


def sentence(lang: str, one: Control, of: Controls) -> str:
    """What a person reads; `of` knows names and zones."""
    values = {
        "who": _who(lang, one, of),
        "what": say(lang, f"control_{one.what}") if one.what else "",
        "serial": one.serial,
        "kid": one.kid,
        "opd": one.opd,
        "seen": _local(one.seen + of.zones.get(one.opd, localtime.WIB) * 60),
        "value": _value(lang, one),
        "others": ", ".join(_other(lang, one, other, of) for other in one.others),
        "when": _local(one.at) if one.at is not None else "",
    }
    parts = [say(lang, f"control_{one.kind}_line", **values).rstrip()]
    if one.kind == "enrolled" and one.at is None:
        parts.append(say(lang, "control_unlogged"))
    elif one.at is not None:
        code = "control_at_night" if one.night else "control_at"
        parts.append(say(lang, code, when=values["when"]))
    return "; ".join(parts)


def _who(lang: str, one: Control, of: Controls) -> str:
    name = of.names.get(one.nip, "")
    pin = say(lang, "control_old_pin" if one.nip in one.past else "control_pin", pin=one.pin)
    return f"{name} ({pin})" if name else pin


def _other(lang: str, one: Control, other: str, of: Controls) -> str:
    opd, colon, pin = other.rpartition(":")
    if colon:
        return say(lang, "control_nobodys_pin", pin=pin, opd=opd)
    name = of.names.get(other, other)
    return f"{name} ({say(lang, 'control_past')})" if other in one.past else name


def _value(lang: str, one: Control) -> str:
    """What a value means: a privilege by its name, a log by its counts."""
    if one.kind == "privileged" or (one.kind == "enrolled" and one.value):
        known = one.value if one.value in PRIVILEGES else "other"
        return say(lang, f"privilege_{known}", value=one.value)
    if one.what == "log_replaced":
        had, _, has = one.value.partition(" > ")
        return say(lang, "control_counts", had=had, has=has)
    if one.what == "log_edited":
        missing, _, extra = one.value.partition(" ")
        return say(lang, "control_edited", missing=missing[1:], extra=extra[1:])
    if one.what.startswith("operation_") and one.value:
        return say(lang, "control_operator", value=one.value)
    return one.value


def _local(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H.%M}"
