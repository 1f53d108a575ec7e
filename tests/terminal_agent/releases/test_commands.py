"""What a technician types about releases ends with words, whoever is not there to answer."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from terminal_agent.releases import place, told
from terminal_agent.releases.told import Trial

ROOT = Path(__file__).parents[3]
DONE, BROKEN, OUT_OF_REACH = 0, 1, 3
_MAIN = "import sys; sys.path[:0] = [sys.argv.pop(1)]; from terminal_agent.cli import main; main()"


class Kiosk:
    """A kiosk's folder of releases, with our own code as release 0.1.0, and its state."""

    def __init__(self, folder: Path) -> None:
        self.root, self.state, self.at_work = folder / "opt", folder / "state", folder / "at-work"
        (self.state / told.FOLDER).mkdir(parents=True)
        self.config = folder / "agent.toml"
        self.config.write_text(f'[kiosk]\nstate = "{self.state}"\n')
        lib = self.root / "releases/0.1.0/lib"
        for package in ("terminal_agent", "contract"):
            ignored = shutil.ignore_patterns("*.pyc.*")  # being written by other tests
            shutil.copytree(ROOT / package, lib / package, ignore=ignored)
        # Half a minute is a second and a half here, and the keeper's folder is our own.
        commands, units = (
            lib / "terminal_agent" / name for name in ("cli/releases.py", "releases/units.py")
        )
        swap(commands, r"(?m)^_PATIENCE = 30.0", "_PATIENCE = 1.5")
        swap(units, r"(?m)^_AT_WORK = .*", f'_AT_WORK = Path("{self.at_work}")')
        self.points("0.1.0", "current", "keeper")

    def points(self, version: str, *names: str) -> None:
        self.root.joinpath("releases", version, "lib").mkdir(parents=True, exist_ok=True)
        for name in names:
            place.point(self.root / name, version)

    def types(self, *words: str) -> tuple[int, str]:
        """As /usr/bin/terminal-agent has it: the release that has proven itself."""
        line = (sys.executable, "-P", "-c", _MAIN, self.root / "keeper/lib")
        done = subprocess.run(
            [*line, "--lang", "en", "--config", self.config, *words],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    @property
    def wish(self) -> Path:
        return self.state / told.FOLDER / told.WISH


def swap(file: Path, old: str, new: str) -> None:
    text, count = re.subn(old, new, file.read_text())
    assert count == 1, f"{file}: {old}"
    file.write_text(text)


@pytest.fixture
def kiosk(tmp_path):
    return Kiosk(tmp_path)


def test_with_nothing_to_go_back_to_rollback_says_so_and_waits_for_nobody(kiosk):
    code, said = kiosk.types("rollback")
    assert code == BROKEN
    assert "No release before this one" in said
    assert "terminal-agent update FILE" in said
    assert not kiosk.wish.exists(), "nobody is asked for it at some later start"


def test_where_the_update_service_does_not_run_rollback_ends_with_words_and_is_wished_no_more(
    kiosk,
):
    kiosk.points("0.0.9", "previous")
    code, said = kiosk.types("rollback")
    assert code == OUT_OF_REACH
    assert "systemctl enable --now hadir-update.path" in said
    assert not kiosk.wish.exists()
    assert kiosk.types("rollback", "--wait", "0")[0] == OUT_OF_REACH


def test_who_does_not_want_to_wait_for_the_update_service_is_told_that_it_goes_on(kiosk):
    kiosk.points("0.0.9", "previous")
    kiosk.at_work.mkdir()
    code, said = kiosk.types("rollback", "--wait", "3")
    assert code == OUT_OF_REACH
    assert "still at work after 3 s" in said
    assert kiosk.wish.exists()


def test_while_a_release_that_cannot_start_is_on_trial_the_commands_are_those_of_the_one_before(
    kiosk,
):
    kiosk.points("0.2.0", "current")
    (kiosk.root / "keep").mkdir()
    told.write(kiosk.root / "keep" / told.TRIAL, Trial(1, "0.2.0", 2000, "", "0.1.0", True))
    code, said = kiosk.types("update", "--check")
    assert code == DONE
    assert "release 0.2.0 is on trial" in said
    code, said = kiosk.types("rollback", "--wait", "1")
    assert code == OUT_OF_REACH, "it is asked for, although nothing stands before release 0.1.0"
