"""On PostgreSQL each task of the centre waits for its own kind only, never for another task."""

import re
from pathlib import Path

import sync_server

_ALONE = re.compile(
    r"^(?:_LOCK = |_MIGRATING = |_DUTY = Duty\(.*, )(0x[0-9A-Fa-f_]+)", re.MULTILINE
)


def test_no_two_tasks_that_are_done_by_one_process_of_all_have_the_same_lock():
    found = [
        (int(number, 16), str(file))
        for file in Path(sync_server.__file__).parent.rglob("*.py")
        for number in _ALONE.findall(file.read_text())
    ]
    numbers = [number for number, _ in found]
    assert len(found) >= 8
    assert not [one for one in found if numbers.count(one[0]) > 1]
