"""A second region is built from the files of docs/second-region and nothing else: `docs/second-region.md`
names each command, and this types them."""

import json
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from sync_server.cli import main
from tests.halves import Centre, Kiosk, TestClock, talk

ROOT = Path(__file__).parents[2]
FILES = ROOT / "docs/second-region"
GUIDE = (ROOT / "docs/second-region.md").read_text("utf-8")
WIT = 9 * 3_600
FIRST, LAST = date(2026, 1, 1), date(2026, 1, 31)
FREE = {date(2026, 1, day) for day in (1, 16, 21)}
ENDS = {4: time(11, 31), 5: time(12, 46)}  # Friday, Saturday; otherwise 14:16
LATE = date(2026, 1, 13)  # Maria, 20 minutes
EARLY = date(2026, 1, 24)  # Maria, a Saturday, 15 minutes
AWAY = date(2026, 1, 20)  # Yosef, without a reason


class Island:
    """The centre of the second region, with one kiosk and one terminal."""

    def __init__(self, folder: Path) -> None:
        self.clock = TestClock(now=float(local(date(2025, 12, 31), time(8))))
        self.centre = Centre(folder, self.clock)
        self.kiosk = Kiosk(folder / "kiosk", self.centre.invite("T90A", "9.01"), self.clock)
        self.kiosk.punch(serial="CJ9", read_at=int(self.clock.now), count=0, offset_ms=WIT * 1000)
        self.config = folder / "server.toml"
        self.config.write_text(f'state = "{folder}"\n')

    def typed(self, words: str) -> str:
        """A command, with the folder of the files before each file's name."""
        line = [str(FILES / word) if (FILES / word).is_file() else word for word in words.split()]
        done = CliRunner().invoke(main, ["--config", str(self.config), *line])
        assert done.exit_code == 0, f"{words}\n{done.output}"
        return done.stdout

    def month(self) -> None:
        """What the terminal recorded in January, day by day."""
        for day in (FIRST + timedelta(days=n) for n in range(32)):
            self.clock.now = float(local(day, time(23)))
            scans = [(pin, t + WIT) for t, pin in sorted(touches(day))]
            read = {"read_at": int(self.clock.now), "count": 1, "offset_ms": WIT * 1000}
            self.kiosk.punch(*scans, serial="CJ9", **read)
            talk(self.kiosk, self.centre)

    def close(self) -> None:
        self.kiosk.journal.close()
        self.centre.close()


def local(day: date, hour: time) -> int:
    """UTC seconds of an hour in the east of Indonesia."""
    return int(datetime.combine(day, hour, UTC).timestamp()) - WIT


def touches(day: date):
    """(UTC seconds, PIN) of a day."""
    if day in FREE or day.weekday() == 6:
        return
    end = ENDS.get(day.weekday(), time(14, 16))
    if day != AWAY:
        yield local(day, time(7, 5)), "11"
        yield local(day, end), "11"
    yield local(day, time(7, 35) if day == LATE else time(7, 6)), "12"
    yield local(day, time(12, 30) if day == EARLY else end), "12"


def commands(heading: str) -> list[str]:
    """The commands of a part of the guide, without the name of the program."""
    part = GUIDE.split(f"## {heading}")[1].split("\n## ")[0]
    lines = (line.strip() for line in part.splitlines() if line.startswith("    sync-server "))
    return [line.removeprefix("sync-server ") for line in lines]


def cost(record: dict) -> tuple[int, int]:
    """What was cut, in basis points, and what is paid."""
    return record["cut_bp"], record["gross"]


@pytest.fixture
def island(tmp_path):
    made = Island(tmp_path)
    yield made
    made.close()


def test_a_second_region_is_paid_by_its_own_decree_hours_and_holidays(island):
    for line in (*commands("1."), *commands("2."), *commands("3.")):
        island.typed(line)
    island.month()
    sheet = json.loads(island.typed("month show 2026-01 9.01 --json"))["sheet"]
    paid = {one["name"]: cost(one["record"]) for one in sheet["rows"]}
    # Yosef: 3.5 % of 60 % of 4,000,000 less, 90 % of e-kinerja. Maria: 0.75 + 0.5 % of 1,200,000 less.
    assert paid == {"Yosef": (350, 3_756_000), "Maria": (125, 1_985_000)}
    assert sheet["pending"] == [], "nothing waits: the month can be frozen"


def test_the_guide_types_every_file_of_the_folder():
    typed = " ".join(line for part in ("1.", "2.", "3.") for line in commands(part)).split()
    assert {path.name for path in FILES.iterdir()} == {word for word in typed if "." in word} - {
        "9.01"
    }


@pytest.mark.parametrize("word", ["pulau-jauh", "ENAM_HARI", "DT2", "PC1", "ALPA", "9.01"])
def test_no_program_knows_the_second_region(word):
    folders = ("contract", "sync_server", "terminal_agent")
    sources = (path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    assert [path for path in sources if f'"{word}' in path.read_text("utf-8")] == []
