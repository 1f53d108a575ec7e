"""One scan's way to its receipt, with the n-th call to the kernel failing: a program for strace.

    strace -f -e inject=CALL:error=ERROR:when=300 python -m tests.faults.cycle FOLDER CALL 1 40 1

lives the same cycle in one child after another. Each child first spends calls of its own on a spare
file, one fewer each time, so that the one that strace spoils is the first of its cycle, then the
second, and so on. It prints what became of each as JSON.
"""

import json
import os
import shutil
import sys
import traceback
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from contract.event import read
from sync_server.errors import BadFile
from terminal_agent.errors import JournalFailed, SourceUnavailable
from tests.halves import Centre, Kiosk, TestClock, talk

# Which call of a process strace spoils: more than the parent makes of it in all its life.
AT = {"openat": 1_600, "pwrite64": 900, "fsync": 100, "fdatasync": 150}
KID, NOON = "T07A", 1_795_000_000 + 25_200
LOG = [(str(no), NOON + no) for no in range(12)]
_SPEND = {"fsync": os.fsync, "fdatasync": os.fdatasync}


def live(folder: Path, tell) -> None:
    """Open both halves, store a scan, send it, take its receipt; `tell` what was promised."""
    clock = TestClock()
    centre = Centre(folder / "centre", clock)
    kiosk = Kiosk(folder / "card", _invited(centre), clock)
    known = kiosk.journal.device("CJ1")
    at = int(known.cursor or 0) if known else 0
    mark = b"%d" % at if at else b""
    kiosk.punch(*LOG[at : at + 6], since=mark, cursor=b"%d" % min(at + 6, len(LOG)))
    tell("stored", at + 6)
    talk(kiosk, centre, turns=3)
    tell("acked", kiosk.journal.standing().acked)
    kiosk.journal.close()
    centre.close()


def _invited(centre):
    return INVITED if INVITED is not None else centre.invite(KID)


INVITED = None


def main(folder: Path, call: str, numbers: range) -> None:
    """A child for each n of `numbers`."""
    global INVITED
    clock = TestClock()
    centre = Centre(folder / "centre", clock)
    INVITED = centre.invite(KID)
    Kiosk(folder / "card", INVITED, clock).journal.close()
    centre.close()
    _practise(folder)
    image = folder.with_name(folder.name + "-image")
    shutil.copytree(folder, image)
    spare = os.open(folder.with_name("spare"), os.O_RDWR | os.O_CREAT)
    for number in numbers:
        shutil.rmtree(folder)
        shutil.copytree(image, folder)
        end, promised = _child(folder, call, spare, AT[call] - number)
        print(json.dumps({"n": number, "end": end, **promised, **_apart(folder)}), flush=True)  # noqa: T201


def _practise(folder: Path) -> None:
    """One cycle and what comes after, so that no child has to import and compile it anew."""
    practice = folder.with_name("practice")
    shutil.copytree(folder, practice)
    live(practice, lambda *_: None)
    _after(practice)
    shutil.rmtree(practice)


def _child(folder: Path, call: str, spare: int, spend: int):
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        for _ in range(spend):
            _one(call, spare)
        ended = 3
        try:
            ended = _attempt(folder, writing)
        finally:  # whatever else it was is the finding
            if ended == 3:
                traceback.print_exc()
            os._exit(ended)
    os.close(writing)
    with os.fdopen(reading) as lines:
        promised = dict(json.loads(line) for line in lines)
    _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        return f"signal {os.WTERMSIG(status)}", promised
    return {0: "whole", 1: "named", 3: "other"}[os.WEXITSTATUS(status)], promised


def _attempt(folder: Path, writing: int) -> int:
    """0: the cycle was whole. 1: it ended with an error that has a name."""
    try:
        live(folder, lambda *word: os.write(writing, json.dumps(word).encode() + b"\n"))
    except (JournalFailed, SourceUnavailable, BadFile, OSError, SQLAlchemyError):
        return 1
    return 0


def _one(call: str, spare: int) -> None:
    if call in _SPEND:
        _SPEND[call](spare)
    elif call == "pwrite64":
        os.pwrite(spare, b"x", 0)
    else:
        os.close(os.open("/dev/null", os.O_RDONLY))


def _apart(folder: Path):
    """In a process of its own: this one must not come to make so many calls that one is spoiled."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.write(writing, json.dumps(_after(folder)).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as told:
        found = json.loads(told.read())
    os.waitpid(pid, 0)
    return found


def _after(folder: Path):
    """How the two halves go on without failures: what they hold in the end."""
    clock = TestClock(now=1_795_000_500.0)
    centre = Centre(folder / "centre", clock)
    kiosk = Kiosk(folder / "card", INVITED, clock)
    held = kiosk.journal.device("CJ1")
    cursor, acked = int(held.cursor or 0) if held else 0, kiosk.journal.standing().acked
    while (at := int((kiosk.journal.device("CJ1") or _Nothing).cursor or 0)) < len(LOG):
        mark = b"%d" % at if at else b""
        kiosk.punch(*LOG[at : at + 6], since=mark, cursor=b"%d" % (at + 6))
    kiosk.dispatch.connected()
    talk(kiosk, centre)
    punches = sorted((row.pin, row._mapping["t"]) for row in centre.rows("punch"))
    scans = [one for one in map(read, _records(centre)) if one is not None]
    kiosk.journal.close()
    centre.close()
    whole = punches == sorted(LOG) and bool(scans)
    return {"cursor": cursor, "had_acked": acked, "all_there_once": whole}


def _records(centre):
    return [bytes(row.record) for row in centre.rows("event", kid=KID)]


class _Nothing:
    cursor = b""


if __name__ == "__main__":
    first, last, step = map(int, sys.argv[3:])
    main(Path(sys.argv[1]), sys.argv[2], range(first, last + 1, step))
