"""A kiosk compares the centre's checkpoint with what it knows of itself, witnesses it, or refuses."""

from contextlib import closing

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contract import command
from contract.command import Checkpoint, Command
from contract.event import CheckpointNoted, Scan, read
from contract.invitation import Invitation
from terminal_agent import config
from terminal_agent.journal_view import View
from terminal_agent.log_ring import LogRing
from terminal_agent.orders import checkpoint_deed, deeds
from terminal_agent.orders.hands import Hands
from terminal_agent.orders.worker import Orders
from tests.halves import Kiosk, TestClock

KID, DIGEST = "T07A", "5e" * 32
CENTRE = Ed25519PrivateKey.generate()
SIGN_KEY = CENTRE.public_key().public_bytes_raw()


class Site:
    """A kiosk that takes orders, restartable."""

    def __init__(self, folder):
        invited = Invitation(KID, "127.0.0.1", 1883, False, "", bytes(32), SIGN_KEY, bytes(32))
        self.kiosk = Kiosk(folder / "state", invited, TestClock())
        (folder / "agent.toml").write_text(f'[kiosk]\nstate = "{folder}/state"\n')
        self.config = config.load(folder / "agent.toml")
        self.start()

    def start(self):
        self.alerts = {}
        kiosk = self.kiosk
        ring, nothing = LogRing(()), lambda: None
        parts = (kiosk.journal, kiosk.clock, kiosk.dispatch, {}, ring, self.alerts)
        self.hands = Hands(self.config, *parts, nothing, nothing)
        checkpoint_deed.recall(self.hands)

    def crash(self):
        self.kiosk.crash()
        self.start()

    def is_told(self, no, *epochs, digest=DIGEST):
        order = Checkpoint(no, "2026-11-19", digest, epochs)
        done = deeds.do(Command(no, 2**40, order), self.hands, lambda: None)
        return done.outcome, done.detail.partition(":")[0]

    def itself(self, seq=None):
        """What a true checkpoint says of this kiosk's epoch."""
        now = self.kiosk.journal.standing()
        seq = now.last if seq is None else seq
        return (now.epoch, seq, self.kiosk.journal.past.head(now.epoch, seq).hex())

    def noted(self):
        with closing(View(self.kiosk.journal.path)) as view:
            records = [read(data) for _, data, _ in view.events()]
        return [one.no for one in records if isinstance(one, CheckpointNoted)]

    def scans(self):
        with closing(View(self.kiosk.journal.path)) as view:
            return sum(isinstance(read(data), Scan) for _, data, _ in view.events())


REFUSED = ("refused", "checkpoint_contradicts")


@pytest.fixture
def site(tmp_path):
    one = Site(tmp_path)
    one.kiosk.punch(("17", 1_795_000_300), ("18", 1_795_000_310))
    yield one
    one.kiosk.journal.close()


def test_a_checkpoint_that_agrees_is_noted_in_the_chain(site):
    old = site.itself()
    site.kiosk.journal.begin_epoch("fork", site.kiosk.clock.look())
    assert site.is_told(41, site.itself(), old, (77, 5, "00" * 32)) == ("done", "no=41")
    assert site.noted() == [41]
    assert site.alerts == {}


def test_the_same_checkpoint_again_is_done_and_noted_once(site):
    for _ in range(3):
        assert site.is_told(41, site.itself(4)) == ("done", "no=41")
    assert site.noted() == [41]


def test_events_that_this_card_does_not_hold_contradict_nothing(site):
    """A new card in an old kiosk, or rows that are older than what a card keeps."""
    epoch, last, _ = site.itself()
    assert site.is_told(41, (epoch, last + 1, "00" * 32), (8, 0, "00" * 32))[0] == "done"


@pytest.mark.parametrize("seq", [1, 3, 6])
def test_another_history_of_this_kiosk_is_refused_and_told(site, seq):
    epoch, _, _ = site.itself()
    assert site.is_told(41, (epoch, seq, "00" * 32)) == REFUSED
    assert site.alerts == {"checkpoint": "checkpoint_contradicts"}
    assert site.noted() == []
    assert site.scans() == 2, "nothing is forgotten over it"
    site.kiosk.punch(("19", 1_795_000_400))
    assert site.scans() == 3, "and recording goes on"


def test_a_number_that_was_another_checkpoint_before_is_refused(site):
    """The centre cannot show one history to the inspectorate and another to its kiosks."""
    site.is_told(41, site.itself())
    assert site.is_told(41, site.itself(), digest="00" * 32) == REFUSED
    assert site.noted() == [41]


def test_a_checkpoint_older_than_the_newest_noted_changes_nothing(site):
    site.is_told(41, site.itself())
    assert site.is_told(40, site.itself()) == ("refused", "checkpoint_older")
    assert site.alerts == {}


def test_a_false_history_is_told_under_an_older_number_too(site):
    site.is_told(41, site.itself())
    assert site.is_told(40, (site.itself()[0], 3, "00" * 32)) == REFUSED
    assert site.alerts == {"checkpoint": "checkpoint_contradicts"}


def test_the_newest_checkpoint_is_remembered_over_a_new_epoch(site):
    site.is_told(41, site.itself())
    journal = site.kiosk.journal
    journal.acknowledge(journal.standing().epoch, journal.standing().last)
    journal.begin_epoch("fork", site.kiosk.clock.look())
    assert site.noted() == [], "it has its receipt, so it is not journalled again"
    assert site.is_told(40, site.itself()) == ("refused", "checkpoint_older")


def test_the_alarm_outlives_a_restart_and_ends_with_a_checkpoint_that_agrees(site):
    epoch, _, _ = site.itself()
    site.is_told(41, (epoch, 2, "00" * 32))
    site.crash()
    assert site.alerts == {"checkpoint": "checkpoint_contradicts"}
    assert site.is_told(42, site.itself()) == ("done", "no=42")
    assert site.alerts == {}
    site.crash()
    assert site.alerts == {}


def test_only_the_centre_can_tell_a_checkpoint(site):
    orders = Orders(site.kiosk.invited, site.hands)
    order = Command(9, 2**40, Checkpoint(41, "2026-11-19", DIGEST, (site.itself(),)))
    data = command.encode(order)
    for key in (Ed25519PrivateKey.generate(), CENTRE):
        orders.judge(data + key.sign(command.to_sign(KID, data)), lambda: None)
        assert site.noted() == ([41] if key is CENTRE else [])
    [said] = orders.answers()
    assert command.decode_answer(KID, said, site.kiosk.invited.mac_key).outcome == "done"
