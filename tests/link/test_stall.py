"""What a stall costs in bytes: both real halves, a link with a delay, and ten seconds of nothing."""

import pytest

from terminal_agent.pace import Pace
from tests.halves import Centre, Kiosk, TestClock

ONE_WAY = 0.3
STEP = 0.1
BEGIN, LENGTH = 0.15, 10.0


class Link:
    """Frames up and receipts down, each `ONE_WAY` later and in order, as TCP delivers.

    `still`: "link" = nothing moves for a while, "centre" = only the centre does nothing,
    "lost" = whatever reaches the broker meanwhile is gone.
    """

    def __init__(self, still, began):
        self.still, self.began = still, began
        self.up, self.down = [], []  # (when it arrives, what)
        self.frames = self.bytes = 0

    def stands(self, now, *kinds):
        return self.still in kinds and BEGIN <= now - self.began < BEGIN + LENGTH

    def queued(self, now):
        """Bytes that TCP still holds: nobody has acknowledged them."""
        return sum(len(frame) for at, frame in self.up if at + ONE_WAY > now)

    def turn(self, kiosk, centre, now):
        """A step: what is due goes out, what has arrived is taken."""
        for frame in kiosk.dispatch.frames(self.queued(now)):
            self.up.append((now + ONE_WAY, frame))
            self.frames, self.bytes = self.frames + 1, self.bytes + len(frame)
        if self.stands(now, "link"):
            shift = BEGIN + LENGTH - (now - self.began)
            self.up = [(max(at, now + shift + ONE_WAY), frame) for at, frame in self.up]
            self.down = [(max(at, now + shift + ONE_WAY), data) for at, data in self.down]
            return
        arrived = [frame for at, frame in self.up if at <= now]
        if not self.stands(now, "centre"):
            self.up = [(at, frame) for at, frame in self.up if at > now]
            if not self.stands(now, "lost"):
                answers = centre.desk.take([(kiosk.invited.kid, frame) for frame in arrived])
                self.down += [(now + ONE_WAY, data) for _, data in answers]
        for data in [data for at, data in self.down if at <= now]:
            kiosk.dispatch.take(data)
        self.down = [(at, data) for at, data in self.down if at > now]


class Office:
    """A kiosk with a patience and a jitter, its centre, and scans that come by a clock."""

    def __init__(self, folder, chance, patience):
        self.clock = TestClock()
        self.centre = Centre(folder / "centre", self.clock)
        invited = self.centre.invite("T07A")
        self.kiosk = Kiosk(folder / "kiosk", invited, self.clock, Pace(patience), lambda: chance)

    def run(self, still, turns, every, crowd):
        """`crowd` people punch in every so many of the first `turns` steps; what went up until all
        of it was receipted."""
        link, punched = Link(still, self.clock.now), 0
        for turn in range(1_200):
            if turn < turns and turn % every == 0:
                now = int(self.clock.now) + 25_200
                self.kiosk.punch(*[(str(pin), now) for pin in range(punched, punched + crowd)])
                punched += crowd
            link.turn(self.kiosk, self.centre, self.clock.now)
            self.clock.now += STEP
            standing = self.kiosk.journal.standing()
            if turn >= turns and standing.acked >= standing.urgent:
                break
        assert len(self.centre.scans("T07A")) == punched
        self.kiosk.journal.close()
        self.centre.close()
        return link


@pytest.fixture
def cost(tmp_path):
    """What goes up in a run (patience, turns, every, crowd), plain and with a stall."""

    def run(case, still, chance):
        patience, *scans = case
        plain, stalled = (
            Office(tmp_path / (kind or "plain"), chance, patience).run(kind, *scans)
            for kind in ("", still)
        )
        return plain, stalled

    return run


BACKLOG = 0.0, 1, 1, 4_000
ONE_BATCH = 0.0, 1, 1, 3
QUEUE = 2.0, 300, 10, 1
CHANCES = pytest.mark.parametrize("chance", [0.0, 0.99])


@CHANCES
@pytest.mark.parametrize("still", ["link", "centre"])
def test_a_backlog_that_stalls_for_ten_seconds_costs_few_bytes_more(cost, still, chance):
    """Nothing is lost, so what was only late must not go again. A stalled link holds everything
    itself; a stalled centre is asked by one batch at a time whether it lives."""
    plain, stalled = cost(BACKLOG, still, chance)
    assert plain.frames == 5, "four thousand and the bookkeeping that was there before"
    repeated = stalled.frames - plain.frames
    assert repeated == 0 if still == "link" else 1 <= repeated <= 2


@CHANCES
def test_a_backlog_that_was_lost_on_the_way_goes_once_again(cost, chance):
    """And the batches that asked whether anybody lives."""
    plain, lost = cost(BACKLOG, "lost", chance)
    assert lost.frames <= 2 * plain.frames + 2


@pytest.mark.parametrize("chance", [0.1, 0.5, 0.99])
@pytest.mark.parametrize("still", ["link", "centre"])
def test_one_small_batch_that_stalls_goes_twice_at_most(cost, still, chance):
    """Below a tenth of its range the jitter is so short that a third attempt falls into the stall."""
    plain, stalled = cost(ONE_BATCH, still, chance)
    assert (plain.frames, stalled.frames) == (1, 1 if still == "link" else 2)


@pytest.mark.parametrize("still", ["link", "centre", "lost"])
def test_a_morning_queue_over_a_stall_costs_less_than_half_again(cost, still):
    """Somebody comes every second for half a minute, and waits at most two."""
    plain, stalled = cost(QUEUE, still, 0.5)
    assert stalled.bytes <= 1.5 * plain.bytes
