"""An explanation in sentences, for a command line, a page and a letter alike. Pure."""

from collections.abc import Iterator
from datetime import UTC, datetime

from sync_server import localtime, written
from sync_server.corrections import Correction
from sync_server.decisions import Decision
from sync_server.explain.explained import Covering, Explained, Weighed
from sync_server.fact import Fact, Touch
from sync_server.tukin.price import Priced
from sync_server.wording import day, reasons, say

_ZONES = {"+07:00": "WIB", "+08:00": "WITA", "+09:00": "WIT"}
# What retime calls its ways, by how they begin; the first that fits counts.
_METHODS = (
    ("device clock set", "method_set"),
    ("device offset, error bound", "method_bound"),
    ("device, error bound", "method_bound"),
    ("kiosk, error bound", "method_bound"),
    ("device offset", "method_device_offset"),
    ("device clock", "method_doubt"),
    ("kiosk clock", "method_doubt"),
    ("impossible", "method_doubt"),
    ("device", "method_device"),
    ("kiosk", "method_kiosk"),
)


def sentences(lang: str, found: Explained) -> tuple[str, ...]:
    """Everything that the explanation says, from the verdict down to what can be done."""
    return (
        verdict(lang, found.fact),
        *([say(lang, "day_so_far")] if found.provisional else []),
        *cuts(lang, found),
        *(punch(lang, found, one) for one in found.punches),
        *([] if found.punches else [say(lang, "punches_none")]),
        *documents(lang, found),
        *waiting(lang, found),
    )


def verdict(lang: str, fact: Fact) -> str:
    """How the day stands, in one sentence."""
    return say(
        lang,
        f"day_said_{fact.status}",
        arrival=_touch(lang, fact, fact.arrival),
        departure=_touch(lang, fact, fact.departure),
        due_in=local(fact.due_in, fact.tz),
        due_out=local(fact.due_out, fact.tz),
        zone=_ZONES[fact.tz],
        absence=fact.absence or "–".join(filter(None, (fact.absence_in, fact.absence_out))),
    )


def cuts(lang: str, found: Explained) -> Iterator[str]:
    """Each reason, what they cost together, and the rules that say so."""
    if found.basis is None:
        yield say(lang, "basis_none")
        return
    if found.priced is None:
        yield say(lang, "cut_not_yet")
        return
    yield from (reasons.sentence(lang, one, found.fact) for one in found.priced.reasons)
    yield cost(lang, found.priced)
    if found.money is not None and found.money.lost:
        parts = ("base", "share", "lost")
        money = {name: written.rupiah(getattr(found.money, name)) for name in parts}
        yield say(lang, "cut_money", cut=written.percent(found.priced.cut_bp), **money)
    basis = found.basis
    yield say(lang, "basis", decree=basis.decree, ruleset=basis.ruleset, since=basis.since)


def cost(lang: str, priced: Priced) -> str:
    """What the day's reasons cost together."""
    if priced.cut_bp == 0:
        return say(lang, "cut_none")
    return say(lang, "cut_sum", cut=written.percent(priced.cut_bp))


def punch(lang: str, found: Explained, one: Weighed) -> str:
    """One punch, what it counts for, and why its time is not what the device showed."""
    line = say(
        lang,
        "punch_line",
        at=when(lang, one, found.fact.tz),
        terminal=one.terminal,
        mode=mode(lang, one.mode),
        proof=one.code,
        use=use(lang, found, one),
    )
    if one.raw is None:
        return line
    at = when(lang, one, found.fact.tz)
    return f"{line} {shown(lang, one, at)}"


def shown(lang: str, one: Weighed, at: str) -> str:
    """What the device's clock showed, and why that is not the time that counts (`at`)."""
    code = "punch_raw_unknown" if one.quality == "unknown" else "punch_raw"
    return say(lang, code, raw=one.raw, at=at, method=method(lang, one.method))


def use(lang: str, found: Explained, one: Weighed) -> str:
    """What became of a punch."""
    window = "–".join(local(end, found.fact.tz) for end in found.window or ())
    twin = next((other for other in found.punches if other.event == one.of), None)
    apart = abs(one.at - twin.at).seconds if one.at and twin and twin.at else 0
    return say(lang, f"use_{one.use}", of=one.of, window=window, seconds=apart)


def mode(lang: str, name: str) -> str:
    """How the device recognised the person; a code of its own as it is."""
    known = ("finger", "face", "palm", "secret", "witness")
    return say(lang, f"mode_{name}") if name in known else name


def method(lang: str, name: str) -> str:
    """How a time was found."""
    code = next((code for start, code in _METHODS if name.startswith(start)), "method_doubt")
    return say(lang, code)


def documents(lang: str, found: Explained) -> Iterator[str]:
    """Leave, letters and corrections of the day."""
    for entry in found.absences:
        yield say(
            lang,
            "absence_line",
            leave=entry.code,
            document=entry.document,
            first=entry.first,
            last=entry.last,
        )
    for asking in found.corrections:
        yield asked(lang, asking.correction)
        yield from (decided(lang, one, found.fact.tz) for one in asking.decisions)


def asked(lang: str, one: Correction) -> str:
    """A correction as it stands."""
    points = ", ".join(say(lang, f"point_{point}") for point in one.points)
    state = say(lang, f"correction_state_{one.state}")
    return say(lang, "correction_line", no=one.no, points=points, state=state, reason=one.reason)


def decided(lang: str, one: Decision, tz: str) -> str:
    """What somebody did about a correction."""
    at = datetime.fromtimestamp(one.at, UTC)
    when_ = f"{day(lang, _there(at, tz).date())} {local(at, tz)}"
    verdict = say(lang, f"verdict_{one.verdict}")
    return say(lang, "correction_by", verdict=verdict, who=one.who, role=one.role, at=when_)


def waiting(lang: str, found: Explained) -> Iterator[str]:
    """What is still missing, what happens next, and until when to object."""
    if found.fact.status == "TUNGGU_DATA":
        yield from (cover(lang, one, found.fact.tz) for one in found.coverage if one.behind)
        yield say(lang, "cover_next")
    if found.fact.status == "TAHAN_JAM":
        yield say(lang, "clock_next")
    if found.dispute_until is not None and found.priced is not None and found.priced.cut_bp:
        yield say(lang, "act_dispute", until=found.dispute_until)


def cover(lang: str, one: Covering, tz: str) -> str:
    """How far one device was read."""
    if one.kind != "device":
        return say(lang, f"cover_{one.kind}", device=one.device)
    if not one.behind:
        return say(lang, "cover_done", device=one.device)
    if one.reached is None:
        return say(lang, "cover_never", device=one.device)
    reached = f"{day(lang, _there(one.reached, tz).date())} {local(one.reached, tz)}"
    return say(lang, "cover_reached", device=one.device, reached=reached)


def when(lang: str, one: Weighed, tz: str) -> str:
    """The derived time of a punch: a moment, an interval, or that nobody knows."""
    if one.at is not None:
        return local(one.at, tz, seconds=True)
    if one.lo is None or one.hi is None:
        return say(lang, "punch_unknown")
    lo, hi = local(one.lo, tz), local(one.hi, tz)
    began, ended = _there(one.lo, tz).date(), _there(one.hi, tz).date()
    if began != ended:
        lo, hi = f"{day(lang, began)} {lo}", f"{day(lang, ended)} {hi}"
    return say(lang, "punch_between", lo=lo, hi=hi)


def local(at: datetime | None, tz: str, *, seconds: bool = False) -> str:
    """Time of day where the office is, with dots as Indonesian writes it; "–" for none."""
    if at is None:
        return "–"
    return _there(at, tz).strftime("%H.%M.%S" if seconds else "%H.%M")


def _there(at: datetime, tz: str) -> datetime:
    return localtime.at(at, localtime.zone(tz))


def _touch(lang: str, fact: Fact, touch: Touch | None) -> str:
    if touch is not None:
        return local(touch.t, fact.tz)
    return say(lang, "no_time" if fact.status == "TUNGGU_DATA" else "never_punched")
