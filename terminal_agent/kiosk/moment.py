"""Times as people at the kiosk read them: "07.25", "Sabtu, 21 November 2026", "2 menit lalu". Pure."""

from datetime import UTC, datetime

from terminal_agent.kiosk.speech import Speech

# Nineteen words instead of a library of 33 MB.
_DAYS = (
    ("Senin", "Monday"),
    ("Selasa", "Tuesday"),
    ("Rabu", "Wednesday"),
    ("Kamis", "Thursday"),
    ("Jumat", "Friday"),
    ("Sabtu", "Saturday"),
    ("Minggu", "Sunday"),
)
_MONTHS = (
    ("Januari", "January"),
    ("Februari", "February"),
    ("Maret", "March"),
    ("April", "April"),
    ("Mei", "May"),
    ("Juni", "June"),
    ("Juli", "July"),
    ("Agustus", "August"),
    ("September", "September"),
    ("Oktober", "October"),
    ("November", "November"),
    ("Desember", "December"),
)
_DAYLIGHT = range(6, 18)


def local(t: float, east: int) -> datetime:
    """UTC seconds as the wall clock shows them `east` seconds east of Greenwich."""
    return datetime.fromtimestamp(t + east, UTC)


def clock(t: float, east: int) -> str:
    """The time of day as "07.25"."""
    return f"{local(t, east):%H.%M}"


def date(t: float, east: int, speech: Speech) -> str:
    """The day as "Sabtu, 21 November 2026"."""
    day = local(t, east)
    weekday, month = speech.of(_DAYS[day.weekday()]), speech.of(_MONTHS[day.month - 1])
    return f"{weekday}, {day.day} {month} {day.year}"


def short_date(t: float, east: int, speech: Speech) -> str:
    """The day as "Sabtu 21/11"."""
    day = local(t, east)
    return f"{speech.of(_DAYS[day.weekday()])} {day:%d/%m}"


def ago(seconds: float, speech: Speech) -> str:
    """How long ago, in whole minutes or hours."""
    minutes = int(seconds // 60)
    if minutes < 1:
        return speech.say("ago_now")
    if minutes < 60:
        return speech.say("ago_minutes", n=minutes)
    return speech.say("ago_hours", n=minutes // 60)


def greeting(t: float, east: int, speech: Speech) -> str:
    """ "Selamat pagi" until eleven, then siang, from three sore, from six malam."""
    hour = local(t, east).hour
    if 4 <= hour < 11:
        return speech.say("morning")
    if 11 <= hour < 15:
        return speech.say("noon")
    return speech.say("afternoon" if 15 <= hour < 18 else "night")


def theme(t: float, east: int) -> str:
    """ "day" or "night", by the hour."""
    return "day" if local(t, east).hour in _DAYLIGHT else "night"
