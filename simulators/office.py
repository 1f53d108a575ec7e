"""The demo's office: its people, what they did on the last working day, and what that day should be.

Written from the rules of attendance, not from the server's code: it is what a person in HR expects.
"""

from datetime import date, datetime, timedelta

from msgspec import Struct

from simulators.zk.device import Device
from simulators.zk.wire import code_of

OPD, SILENT_OPD = "1.01", "1.02"
FAST_CLOCK = timedelta(minutes=37)  # the lobby terminal's clock is ahead by so much


class Person(Struct, frozen=True):
    """Somebody, where and when they touched (true local time, "+1" is the next day), and the fact
    that must come of it: status, minutes late, minutes early, missing."""

    pin: str
    name: str
    shift: str
    door: tuple[str, ...]
    lobby: tuple[str, ...]
    expected: tuple[str, int, int, tuple[str, ...]]

    @property
    def nip(self) -> str:
        """An 18-digit number that belongs to nobody."""
        return f"00000000000000{self.pin}"


PEOPLE = (
    Person("1001", "Sari", "REG", ("07:24:10", "16:33:00"), (), ("HADIR", 0, 0, ())),
    Person("1002", "Budi", "REG", ("07:30:59", "16:35:12"), (), ("HADIR", 0, 0, ())),
    Person("1003", "Wayan", "REG", ("08:31:00", "15:29:59"), (), ("HADIR", 61, 30, ())),
    Person("1004", "Dewi", "REG", (), ("07:28:00", "16:40:00"), ("HADIR", 0, 0, ())),
    Person("1005", "Agus", "REG", ("07:20:00",), (), ("HADIR", 0, 0, ("out",))),
    Person("1006", "Rina", "REG", (), (), ("TK", 0, 0, ("in", "out"))),
    Person("1007", "Yosef", "JAGA", ("20:48:00", "06:32:00+1"), (), ("HADIR", 0, 28, ())),
    Person("1008", "Nur", "REG", ("07:29:00", "07:29:04"), ("16:31:00",), ("HADIR", 0, 0, ())),
    Person("1009", "Made", "REG", ("30 Feb",), (), ("TAHAN_JAM", 0, 0, ("in", "out"))),
)
SILENT = Person("2001", "Tono", "REG", (), (), ("TUNGGU_DATA", 0, 0, ("in", "out")))

SHIFTS = """schema = "tukin-shifts/1"
[shift.REG]
works_on_holidays = false
[shift.REG.hours]
mon_thu = { start = "07:30", end = "16:00", open = "05:00", split = "12:00", close = "22:00" }
fri = { start = "07:30", end = "16:00", open = "05:00", split = "12:00", close = "22:00" }
[shift.JAGA]
works_on_holidays = true
[shift.JAGA.hours]
all = { start = "21:00", end = "07:00+1", open = "18:00", split = "02:00+1", close = "11:00+1" }
"""


def working_day(today: date) -> date:
    """The newest weekday whose night shift is over for sure."""
    day = today - timedelta(days=2)
    while day.weekday() > 4:
        day -= timedelta(days=1)
    return day


def calendar(year: int) -> str:
    """A calendar without holidays, so that the story is the same on any day."""
    return (
        f'schema = "tukin-calendar/1"\n[meta]\nyear = {year}\ndecree = "contoh"\n'
        "[holidays]\ndates = []\n"
    )


def people_csv() -> str:
    """The file that HR imports."""
    rows = [f"{p.nip},{p.name},{OPD},WIB,{p.pin}" for p in PEOPLE]
    rows.append(f"{SILENT.nip},{SILENT.name},{SILENT_OPD},WIB,{SILENT.pin}")
    return "nip,nama,opd,zona,pin\n" + "\n".join(rows) + "\n"


def rota_csv(day: date) -> str:
    """Who works which shift on the day that is played; of other days nothing is expected."""
    rows = [f"{p.nip},{p.shift},{day},{day}" for p in (*PEOPLE, SILENT)]
    return "nip,shift,mulai,selesai\n" + "\n".join(rows) + "\n"


def play(door: Device, lobby: Device, day: date) -> int:
    """Let everybody do what they did on that day; how many touches there were."""
    touches = [(when, door, p.pin, timedelta()) for p in PEOPLE for when in p.door]
    touches += [(when, lobby, p.pin, FAST_CLOCK) for p in PEOPLE for when in p.lobby]
    for when, device, pin, ahead in sorted(touches, key=lambda touch: _order(touch[0])):
        if when == "30 Feb":
            device.punch(pin, at=code_of((day.year, 2, 30), (7, 25, 0)))
        else:
            device.punch(pin, at=_at(day, when) + ahead)
    return len(touches)


def _order(when: str) -> tuple[bool, str]:
    return when.endswith("+1"), when


def _at(day: date, when: str) -> datetime:
    clock, _, later = when.partition("+")
    moment = datetime.combine(day, datetime.strptime(clock, "%H:%M:%S").time())  # noqa: DTZ007
    return moment + timedelta(days=int(later or 0))
