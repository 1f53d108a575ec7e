"""A kiosk without a link for months: what its card holds, and how it empties when the link comes."""

from pathlib import Path

import msgspec

from tests.halves import Centre, Kiosk, TestClock, talk

KID, DAY = "T07A", 86_400
_STAFF, _TOUCHES = 200, 4


class Emptied(msgspec.Struct, frozen=True):
    """`touches` people made; `stored` bytes on the card; whether they all arrived `in_order`, once."""

    touches: int
    stored: int
    in_order: bool


def lived(folder: Path, days: int) -> Emptied:
    """200 people, four touches each day, a poll of the terminal after each round."""
    clock = TestClock()
    centre = Centre(folder / "centre", clock)
    kiosk = Kiosk(folder / "kiosk", centre.invite(KID), clock)
    made = []
    for _ in range(days):
        for _hour in range(_TOUCHES):
            clock.now += 3_600
            begin = int(clock.now) + 25_200 - _STAFF
            people = [(str(1_000 + n), begin + n) for n in range(_STAFF)]
            kiosk.punch(*people, read_at=int(clock.now), count=len(made))
            made += people
        clock.now += DAY - _TOUCHES * 3_600
    stored = sum(file.stat().st_size for file in kiosk.folder.glob("journal.db*"))
    kiosk.dispatch.connected()
    talk(kiosk, centre, turns=1_000)
    arrived = centre.scans(KID)
    kiosk.journal.close()
    centre.close()
    return Emptied(len(made), stored, arrived == made)
