"""Why a day or a month was cut, in one sentence each, down to the minutes and the decree."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from sync_server import localtime, written

_WORDS: Mapping[str, tuple[str, str]] = {
    "reason_late": (
        "{code}: masuk {at}, {minutes} menit setelah {due}; dipotong {cut} ({legal}).",
        "{code}: in at {at}, {minutes} minutes after {due}; cut {cut} ({legal}).",
    ),
    "reason_early": (
        "{code}: pulang {at}, {minutes} menit sebelum {due}; dipotong {cut} ({legal}).",
        "{code}: out at {at}, {minutes} minutes before {due}; cut {cut} ({legal}).",
    ),
    "reason_short": (
        "{code}: pulang {at}; waktu masuk yang fleksibel belum diganti {minutes} menit; dipotong {cut} "
        "({legal}).",
        "{code}: out at {at}, {minutes} minutes short of making up the late start; cut {cut} ({legal}).",
    ),
    "reason_no_in": (
        "{code}: tidak ada presensi masuk, dan semua perangkat sudah terbaca; dipotong {cut} ({legal}).",
        "{code}: no punch in, with every device read; cut {cut} ({legal}).",
    ),
    "reason_no_mid": (
        "{code}: satu presensi tengah hari tidak ada, dan semua perangkat sudah terbaca; dipotong {cut} "
        "({legal}).",
        "{code}: one punch in the middle of the day is missing, with every device read; cut {cut} "
        "({legal}).",
    ),
    "reason_no_out": (
        "{code}: tidak ada presensi pulang, dan semua perangkat sudah terbaca; dipotong {cut} ({legal}).",
        "{code}: no punch out, with every device read; cut {cut} ({legal}).",
    ),
    "reason_apel": (
        "{code}: tidak ada presensi pada waktu apel; dipotong {cut} ({legal}).",
        "{code}: no punch at the assembly; cut {cut} ({legal}).",
    ),
    "reason_day": (
        "{code}: tanpa keterangan sehari penuh; dipotong {cut} ({legal}).",
        "{code}: absent all day without a reason; cut {cut} ({legal}).",
    ),
    "reason_leave": (
        "{code}: tidak masuk dengan izin; dipotong {cut} ({legal}).",
        "{code}: excused; cut {cut} ({legal}).",
    ),
    "reason_leave_free": (
        "{code}: tidak masuk dengan izin; tidak dipotong.",
        "{code}: excused; no cut.",
    ),
    "reason_counted": (
        "{code}: {minutes} menit, dihitung bersama menit lain dalam bulan ini; hari ini tidak dipotong "
        "sendiri ({legal}).",
        "{code}: {minutes} minutes, counted with the month's other minutes; the day itself is not cut "
        "({legal}).",
    ),
    "reason_free": (
        "{code}: dicatat, tidak dipotong ({legal}).",
        "{code}: on record, no cut ({legal}).",
    ),
    "reason_cap": (
        "Potongan sehari dibatasi: {cut} dikembalikan ({legal}).",
        "A day's cut has a limit: {cut} is given back ({legal}).",
    ),
    "jump_band": (
        "{code}: {count} menit dalam sebulan; dipotong {cut} ({legal}).",
        "{code}: {count} minutes in the month; cut {cut} ({legal}).",
    ),
    "jump_proportional": (
        "{count} menit kerja hilang dalam sebulan; dipotong {cut} ({legal}).",
        "{count} minutes of work lost in the month; cut {cut} ({legal}).",
    ),
    "jump_escalation": (
        "{code} {count} hari: potongan sebulan dinaikkan, ditambah {cut} ({legal}).",
        "{code} on {count} days: the month's cut is raised, by {cut} ({legal}).",
    ),
    "jump_cap": (
        "Potongan sebulan dibatasi: {cut} dikembalikan ({legal}).",
        "A month's cut has a limit: {cut} is given back ({legal}).",
    ),
}


class _Reason(Protocol):
    @property
    def code(self) -> str: ...
    @property
    def point(self) -> str: ...
    @property
    def minutes(self) -> int: ...
    @property
    def cut_bp(self) -> int: ...
    @property
    def legal(self) -> str: ...


class _Jump(Protocol):
    @property
    def code(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def count(self) -> int: ...
    @property
    def cut_bp(self) -> int: ...
    @property
    def legal(self) -> str: ...


class _Touch(Protocol):
    @property
    def t(self) -> datetime: ...


class _Fact(Protocol):
    @property
    def tz(self) -> str: ...
    @property
    def due_in(self) -> datetime | None: ...
    @property
    def due_out(self) -> datetime | None: ...
    @property
    def early_min(self) -> int: ...
    @property
    def arrival(self) -> _Touch | None: ...
    @property
    def departure(self) -> _Touch | None: ...


def sentence(lang: str, reason: _Reason, fact: _Fact) -> str:
    """A reason of a day's price in "id" or "en", with the fact's times where the office is."""
    arriving = reason.point == "in"
    touch = fact.arrival if arriving else fact.departure
    return _say(
        lang,
        _code(reason, fact),
        code=reason.code,
        minutes=reason.minutes,
        cut=written.percent(abs(reason.cut_bp)),
        legal=reason.legal,
        at=_clock(touch.t, fact.tz) if touch else "",
        due=_clock(fact.due_in if arriving else fact.due_out, fact.tz),
    )


def jumped(lang: str, jump: _Jump) -> str:
    """A cut of the month as a whole, in "id" or "en"."""
    its = {"code": jump.code, "count": jump.count, "legal": jump.legal}
    return _say(lang, f"jump_{jump.kind}", cut=written.percent(jump.cut_bp), **its)


def _code(reason: _Reason, fact: _Fact) -> str:
    if reason.point == "leave":
        return "reason_leave" if reason.cut_bp else "reason_leave_free"
    if reason.cut_bp == 0:
        return "reason_counted" if reason.minutes else "reason_free"
    if reason.point not in ("in", "out") or not reason.minutes:
        missed = reason.point in ("in", "mid", "out")
        return f"reason_no_{reason.point}" if missed else f"reason_{reason.point}"
    if reason.point == "in":
        return "reason_late"
    return "reason_early" if reason.minutes == fact.early_min else "reason_short"


def _clock(at: datetime | None, tz: str) -> str:
    if at is None:
        return ""
    return f"{localtime.at(at, localtime.zone(tz)):%H.%M}"


def _say(lang: str, words: str, **values: object) -> str:
    return _WORDS[words][lang == "en"].format(**values)
