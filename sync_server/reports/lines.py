"""Each line of a report as a sentence, for the command line and the pages alike."""

from collections.abc import Iterator, Mapping

from msgspec import structs

from sync_server import localtime, written
from sync_server.reports.apart import Apart
from sync_server.reports.discipline import Warned
from sync_server.reports.holiday import Return
from sync_server.reports.inactive import Inactive
from sync_server.reports.manual import Manual
from sync_server.reports.mornings import Morning
from sync_server.reports.numbers import Unseen
from sync_server.reports.patterns import FaceApart, Patterns
from sync_server.reports.seen import Seen
from sync_server.reports.together import Burst, Pair
from sync_server.wording import say

Row = Inactive | Return | Manual | Warned
Finding = Pair | Burst | Unseen | Apart | FaceApart | Morning


def row(lang: str, one: Row) -> str:
    """A line of a table."""
    match one:
        case Inactive():
            return _inactive(lang, one)
        case Return():
            return say(lang, "holiday_line", **_fields(one))
        case Manual():
            share, entries = written.percent(one.share_bp), one.touches + one.corrected
            return say(
                lang, "manual_line", share=share, entries=entries, **_fields(one, "share_bp")
            )
        case Warned():
            counter = one.counter
            step = say(lang, f"pp94_{counter.step}")
            numbers = {"days": counter.days, "run": counter.longest, "step": step}
            return say(lang, "discipline_line", **_fields(one), nip=counter.nip, **numbers)


def finding(lang: str, one: Finding, names: Mapping[str, str], zones: Mapping[str, int]) -> str:
    """A pattern. `names` by NIP; `zones`: minutes east of UTC by office."""
    match one:
        case Pair():
            both = {"one": names.get(one.one, one.one), "other": names.get(one.other, one.other)}
            return say(lang, "pairs_line", **(_fields(one) | both))
        case Burst():
            return say(lang, "bursts_line", **_fields(one), when=_when(one.first, zones))
        case Unseen():
            modes = ", ".join(f"{mode} {times}" for mode, times in one.modes)
            named = {"name": names.get(one.nip, one.nip), "modes": modes}
            return say(lang, "unseen_line", **(_fields(one) | named))
        case Apart():
            return _apart(lang, one, names, zones)
        case FaceApart():
            name = names.get(one.nip, one.seen.pin)
            return say(lang, "faces_line", name=name, opd=one.opd, kid=one.seen.kid)
        case Morning():
            return say(lang, "mornings_line", serial=one.serial, opd=one.opd, days=len(one.days))


def findings(found: Patterns) -> Iterator[tuple[str, tuple[Finding, ...]]]:
    """The kinds of patterns by name, empty ones too."""
    yield "pairs", found.pairs
    yield "bursts", found.bursts
    yield "unseen", found.unseen
    yield "apart", found.apart
    yield "faces", found.faces
    yield "mornings", found.mornings


def _inactive(lang: str, one: Inactive) -> str:
    parts = [say(lang, "inactive_line", **_fields(one))]
    if one.waiting:
        parts.append(say(lang, "inactive_waiting", waiting=one.waiting))
    if one.ongoing:
        parts.append(say(lang, "inactive_ongoing"))
    return "; ".join(parts)


def _apart(lang: str, one: Apart, names: Mapping[str, str], zones: Mapping[str, int]) -> str:
    km = None if one.metres is None else f"{one.metres / 1_000:.1f}"
    return say(
        lang,
        "apart_line",
        name=names.get(one.nip, one.nip),
        first=_when(one.first, zones),
        opd=one.first.opd,
        second=_when(one.second, zones),
        other=one.second.opd,
        minutes=one.seconds // 60,
        far=say(lang, "apart_unknown") if km is None else say(lang, "apart_far", km=km),
    )


def _when(one: Seen, zones: Mapping[str, int]) -> str:
    """The local date and time."""
    local = localtime.at(one.at, zones.get(one.opd, localtime.WIB))
    return f"{local:%Y-%m-%d %H.%M.%S}"


def _fields(one: Row | Finding, *without: str) -> dict[str, object]:
    return {key: value for key, value in structs.asdict(one).items() if key not in without}
