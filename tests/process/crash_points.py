"""One kiosk's life with its journal, cut short anywhere.

A program of its own, so that it may fork and be killed:

    python -m tests.process.crash_points live FOLDER     the whole life once, telling each step
    python -m tests.process.crash_points slowly FOLDER   the same, with a rest after each
    python -m tests.process.crash_points every FOLDER    die before the 1st, 2nd, 3rd … statement
"""

import json
import os
import signal
import sqlite3
import sys
import time
from collections.abc import Callable
from pathlib import Path

from contract.event import Scan
from terminal_agent.clock import Look
from terminal_agent.delivery import Delivery, Reading
from terminal_agent.journal import Journal
from tests.process.check import Key, check
from tests.process.copies import KID, journal_copy

SERIAL = "CJ1"
NOON = 1_795_000_000 + 25_200
LOG = [(str(1 + i % 4), NOON + i) for i in range(12)]
HALF, PARCEL = 6, 3
LOOK = Look("b1", 100, NOON - 25_200, 3, 5)


def live(folder: Path, tell: Callable[[int], None]) -> Journal:
    """Read the device's log to its end; `tell` how many rows are stored whenever store returned.

    Half-way a receipt comes for some of it, and the card turns out to be a copy: a new epoch.
    """
    journal = Journal(folder / "journal.db", KID, LOOK)
    while (at := _cursor(journal)) < len(LOG):
        if at == HALF and len(journal_copy(folder / "journal.db").acked) == 1:
            standing = journal.standing()
            journal.acknowledge(standing.epoch, standing.last - 2)
            journal.begin_epoch("fork", LOOK)
        rows = tuple(_reading(*row) for row in LOG[at : at + PARCEL])
        since, cursor = _mark(at), _mark(at + len(rows))
        journal.store(Delivery(SERIAL, "ZKTeco", "6.60", rows, 0, since=since, cursor=cursor), LOOK)
        tell(at + len(rows))
    return journal


def life_holds(folder: Path, told: int) -> list[str]:
    """What is wrong with a journal that a crash left."""
    before = journal_copy(folder / "journal.db")
    journal = Journal(folder / "journal.db", KID, LOOK)
    cursor = _cursor(journal)
    journal.close()
    wrong = [f"store returned at {told}, the cursor is at {cursor}"] if cursor < told else []
    return wrong + check(_held(cursor), before, before, _held(cursor), settled=False)


def after(folder: Path, told: int) -> list[str]:
    """The same, and what is wrong with how its life goes on."""
    wrong = life_holds(folder, told)
    journal = live(folder, lambda _: None)
    journal.acknowledge(journal.standing().epoch, journal.standing().last)
    journal.close()
    copy = journal_copy(folder / "journal.db")
    return wrong + check(_held(len(LOG)), copy, copy, _held(len(LOG)))


def die_before(statement: int, folder: Path) -> tuple[bool, int]:
    """Live in a child that SIGKILLs itself before its n-th SQL statement: whether it came to that,
    and what it told last."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        _kill_at(statement)
        live(folder, lambda rows: _tell(writing, rows))
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as told:
        last = max(told.read(), default=0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or status == 0
    return os.WIFSIGNALED(status), last


def _kill_at(statement: int) -> None:
    left, connect = [statement], sqlite3.connect

    def count(_: str) -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def traced(*words: object, **options: object) -> sqlite3.Connection:
        connection = connect(*words, **options)
        connection.set_trace_callback(count)
        return connection

    sqlite3.connect = traced


def _tell(pipe: int, rows: int) -> None:
    os.write(pipe, bytes([rows]))


def _held(rows: int) -> list[Key]:
    return [(SERIAL, pin, t) for pin, t in LOG[:rows]]


def _reading(pin: str, t: int) -> Reading:
    return Reading(Scan(0, pin, t, False, 0, 1, 0, 0, "pull"), f"{pin}@{t}".encode())


def _mark(at: int) -> bytes:
    return str(at).encode() if at else b""


def _cursor(journal: Journal) -> int:
    known = journal.device(SERIAL)
    return int(known.cursor or 0) if known else 0


def main(word: str, folder: Path) -> None:
    """Do what the word says."""
    if word == "live":
        live(folder, lambda rows: _tell(1, rows)).close()
    elif word == "slowly":  # so that somebody can cut the power on the way
        live(folder, lambda rows: (_tell(1, rows), time.sleep(0.2))).close()
    elif word == "every":
        died, statement = True, 0
        while died:
            statement += 1
            place = folder / str(statement)
            place.mkdir()
            died, told = die_before(statement, place)
            print(json.dumps([statement, told, after(place, told)]))  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
