"""Both real halves over a carrier that drops, doubles, reorders and breaks."""

import random
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from contract import batch
from terminal_agent import config
from tests.halves import Centre, Kiosk, TestClock


class BadLink:
    """Frames up and receipts down; each may be lost, doubled or overtaken."""

    def __init__(self, seed, loss):
        self.chance, self.loss = random.Random(seed), loss

    def carry(self, items):
        kept = [item for item in items for _ in range(self.chance.choice((1, 1, 1, 2)))]
        kept = [item for item in kept if self.chance.random() >= self.loss]
        if self.chance.random() < 0.3:
            self.chance.shuffle(kept)
        return kept


@settings(max_examples=25)
@given(
    punches=st.integers(1, 40),
    loss=st.floats(0, 0.7),
    seed=st.integers(0, 10**6),
    kiosk_crashes=st.floats(0, 0.2),
    centre_crashes=st.floats(0, 0.2),
)
def test_every_punch_arrives_once_over_a_lossy_link(
    punches, loss, seed, kiosk_crashes, centre_crashes
):
    """Nothing lost, nothing double, both heads equal, whatever the link and the power do."""
    with tempfile.TemporaryDirectory() as folder:
        clock, link, chance = TestClock(), BadLink(seed, loss), random.Random(seed + 1)
        centre = Centre(Path(folder), clock)
        kiosk = Kiosk(Path(folder) / "kiosk", centre.invite("T07A"), clock)
        said = []
        for i in range(2000):
            clock.now += 2
            if len(said) < punches and chance.random() < 0.5:
                said.append((str(chance.randint(1, 9)), int(clock.now) + 25_200))
                kiosk.punch(said[-1])
            frames = [("T07A", frame) for frame in kiosk.dispatch.frames(0)]
            receipts = link.carry(centre.desk.take(link.carry(frames)))
            if chance.random() < kiosk_crashes:
                kiosk.crash()
            if chance.random() < centre_crashes:
                centre.start()
            for _, data in receipts:
                kiosk.dispatch.take(data)
            standing = kiosk.journal.standing()
            if len(said) == punches and standing.acked >= standing.urgent:
                break
            if i > 1000:
                link.loss = 0
        assert centre.scans("T07A") == said
        chain = centre.rows("chain", kid="T07A")
        assert [(row.acked, row.forked) for row in chain] == [(standing.acked, False)]
        assert chain[0].head == kiosk.journal.run(standing.acked, 1).after
        assert len(centre.rows("punch")) == len(set(said))
        kiosk.journal.close()
        centre.close()


def test_a_kiosk_may_write_its_batches_with_the_arithmetic_codec(tmp_path):
    """The centre reads whatever codec a kiosk was configured to use."""
    clock = TestClock()
    centre = Centre(tmp_path / "centre", clock)
    pace = config.pace(config.Kiosk(codec="arithmetic"))
    kiosk = Kiosk(
        tmp_path / "kiosk", centre.invite("T07A"), clock, pace=structs.replace(pace, patience=0.0)
    )
    kiosk.punch(*((str(pin), int(clock.now) + pin) for pin in range(100, 160)))
    [frame] = kiosk.dispatch.frames(0)
    assert batch.peek(frame).codec == batch.ARITHMETIC
    centre.desk.take([("T07A", frame)])
    assert len(centre.scans("T07A")) == 60
    centre.close()
    kiosk.journal.close()


def kept_receipts(kiosk, centre):
    """The receipts of everything that waits, which never reach the kiosk."""
    frames = [("T07A", frame) for frame in kiosk.dispatch.frames(0)]
    return [data for _, data in centre.desk.take(frames)]


def test_a_receipt_that_was_kept_and_is_played_back_tells_no_time(tmp_path):
    """Whoever owns the broker cuts the line, and a day later answers the same events with it."""
    clock = TestClock()
    centre = Centre(tmp_path / "centre", clock)
    kiosk = Kiosk(tmp_path / "kiosk", centre.invite("T07A"), clock)
    kiosk.punch(*((str(pin), int(clock.now) + pin) for pin in range(1_500)))
    kept = kept_receipts(kiosk, centre)
    clock.now += 86_400
    for again in (kiosk.dispatch.connected, kiosk.crash):  # the line breaks, or the power does
        again()
        assert list(kiosk.dispatch.frames(0))
        kiosk.dispatch.take(kept.pop(0))
        assert clock.fixes == []
    kiosk.punch(("7", int(clock.now)))
    kiosk.dispatch.connected()
    for data in kept_receipts(kiosk, centre):
        clock.now += 0.7
        kiosk.dispatch.take(data)
    assert [abs(fix.utc_ms - clock.now * 1000) < 1_000 for fix in clock.fixes] == [True]
    centre.close()
    kiosk.journal.close()
