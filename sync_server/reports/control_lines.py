"""Each line of the controls as a sentence."""

from datetime import UTC, datetime

from sync_server import localtime
from sync_server.reports.controls import Control, Controls
from sync_server.wording import say


def sentence(lang: str, one: Control, of: Controls) -> str:
    """What a person reads; `of` knows names and zones."""
    values = {
        "who": _who(one, of),
        "what": say(lang, f"control_{one.what}") if one.what else "",
        "serial": one.serial,
        "kid": one.kid,
        "opd": one.opd,
        "seen": _local(one.seen + of.zones.get(one.opd, localtime.WIB) * 60),
        "value": one.value,
        "others": ", ".join(of.names.get(other, other) for other in one.others),
        "when": _local(one.at) if one.at is not None else "",
    }
    parts = [say(lang, f"control_{one.kind}_line", **values).rstrip()]
    if one.kind == "enrolled" and one.at is None:
        parts.append(say(lang, "control_unlogged"))
    elif one.at is not None:
        code = "control_at_night" if one.night else "control_at"
        parts.append(say(lang, code, when=values["when"]))
    return "; ".join(parts)


def _who(one: Control, of: Controls) -> str:
    name = of.names.get(one.nip, "")
    return f"{name} (PIN {one.pin})" if name else f"PIN {one.pin}"


def _local(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H.%M}"
