"""A card that the centre has replaced and that somebody puts in again: it says so, the centre says so,
and what it holds can still be brought in."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from sync_server import fleet, standing
from terminal_agent import identity, way_back
from terminal_agent.way_back import WayBack
from tests.halves import Centre, Kiosk, TestClock, talk

NOON = 1_795_000_000 + 25_200


class _Line:
    refusal = ""


@pytest.fixture
def centre(tmp_path):
    centre = Centre(tmp_path / "centre", TestClock())
    yield centre
    centre.close()


class Card:
    """A card with its journal, and what watches over its papers."""

    def __init__(self, folder: Path, centre, invited):
        self.folder, self.centre = folder, centre
        identity.install(invited, folder)
        self.kiosk = Kiosk(folder, invited, centre.clock)
        self.watch()

    def watch(self):
        self.said = []
        told = self.said.append
        self.back = WayBack(self.folder, self.kiosk.dispatch, _Line(), told, lambda: None)

    def connects(self):
        """Its birth, the answer to that, then what it has to send."""
        for _, answer in self.centre.desk.born([("T07A", self.kiosk.dispatch.birth("1", {}))]):
            self.kiosk.dispatch.take(answer)
        talk(self.kiosk, self.centre)
        self.back.look()

    def bound(self, invited):
        """Somebody types enrol-kiosk, and the agent starts again."""
        identity.install(invited, self.folder)
        self.kiosk.invited = invited
        self.kiosk.crash()
        self.watch()

    def reason(self):
        return way_back.standing(self.folder, identity.load(self.folder)).reason


def replaced(centre):
    """Some minutes later, `kiosk replace T07A`."""
    centre.clock.now += 600
    centre.registrar = replace(centre.registrar, now=int(centre.clock.now))
    return centre.replace("T07A")


@pytest.fixture
def cards(tmp_path, centre):
    """The old card with two scans that were never sent, and the new one, at work."""
    old = Card(tmp_path / "old", centre, centre.invite("T07A"))
    old.kiosk.punch(("1", NOON))
    old.connects()
    old.kiosk.punch(("2", NOON + 60), ("3", NOON + 61))
    new = Card(tmp_path / "new", centre, replaced(centre))
    new.kiosk.punch(("4", NOON + 90))
    new.connects()
    yield old, new
    old.kiosk.journal.close()
    new.kiosk.journal.close()


def stands(centre):
    with centre.database.reading() as tx:
        [kiosk] = standing.kiosks(tx)
        [health] = fleet.fleet(tx, int(centre.clock.now))
    return kiosk, health


def test_a_replaced_card_that_runs_again_says_so_and_so_does_the_centre(cards, centre):
    old, new = cards
    assert not stands(centre)[0].old_card
    assert (new.said, new.reason()) == ([], "")
    old.connects()
    assert old.said == ["card_replaced"]
    assert old.reason() == "card_replaced", "status and doctor read it from there"
    kiosk, health = stands(centre)
    assert kiosk.old_card
    assert health.level == "bad"
    assert "need_old_card" in health.needs


def test_what_a_replaced_card_holds_arrives_once_it_is_bound_again_and_then_the_new_one(
    cards, centre
):
    old, new = cards
    old.connects()
    stored = stands(centre)[0].stored
    waiting = old.kiosk.journal.standing().last - old.kiosk.journal.standing().acked
    assert waiting >= 2
    old.bound(replaced(centre))
    assert old.reason() == "card_replaced", "until the centre has answered"
    old.connects()
    assert (old.said[-1], old.reason()) == ("", "")
    assert stands(centre)[0].stored == stored + waiting
    assert not stands(centre)[0].old_card
    new.kiosk.punch(("5", NOON + 120))
    new.connects()
    assert new.reason() == "card_replaced"
    new.bound(replaced(centre))
    new.connects()
    assert new.reason() == ""
    assert new.kiosk.journal.standing().acked == new.kiosk.journal.standing().last
