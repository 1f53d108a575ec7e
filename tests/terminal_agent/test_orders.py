"""What the centre asks of a kiosk is done once, answered as often as it asks, and never by a stranger."""

import json
import logging
import random
import sqlite3
import threading
import time
import zlib
from contextlib import closing
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from contract import command
from contract.command import Command, Configure, Live, Logs, Pull, Resend, User, Users
from contract.event import Scan, read
from simulators.zk.device import Device
from simulators.zk.layouts import User as Enrolled
from simulators.zk.profiles import F19
from simulators.zk.terminal import Terminal
from sync_server import commands, ledger
from sync_server.database import Database
from terminal_agent import config, ordered, supervise
from terminal_agent.config import ZONES
from terminal_agent.doctor import hidden
from terminal_agent.intake import Intake
from terminal_agent.log_ring import LogRing
from terminal_agent.orders import deeds
from terminal_agent.orders.hands import Hands
from terminal_agent.orders.worker import Orders
from terminal_agent.sources.zk_pull import ZkPull
from tests.halves import Centre, Kiosk, TestClock, talk

KID = "T07A"
WEEK = 604_800


class Site:
    """A kiosk with a worker for orders, and the centre's key."""

    def __init__(self, folder, toml=""):
        self.clock = TestClock()
        self.centre = Centre(folder / "centre", self.clock)
        self.invited = self.centre.invite(KID)
        self.folder = folder / "kiosk"
        self.kiosk = Kiosk(self.folder, self.invited, self.clock)
        self.toml = toml
        self.local = folder / "agent.toml"
        self.start()

    def start(self):
        """The agent as its configuration has it now."""
        self.local.write_text(f'[kiosk]\nstate = "{self.folder}"\n{self.toml}')
        self.config = config.load(self.local)
        self.restarts, self.alerts, self.intakes, self.regalleries = [], {}, {}, []
        self.ring = LogRing(str(d.comm_key) for d in self.config.zkteco)
        hands = Hands(
            self.config,
            self.kiosk.journal,
            self.clock,
            self.kiosk.dispatch,
            self.intakes,
            self.ring,
            self.alerts,
            lambda: self.restarts.append(1),
            lambda: self.regalleries.append(1),
        )
        self.orders = Orders(self.invited, hands)
        self.orders._answer_for_configuration()

    def crash(self):
        self.kiosk.crash()
        self.start()

    def sign(self, order, counter=1, ttl=WEEK, kid=KID):
        data = command.encode(Command(counter, int(self.clock.now) + ttl, order))
        return data + self.centre.registrar.keys.sign.sign(command.to_sign(kid, data))

    def give(self, *envelopes):
        """Let the worker have these; its answers."""
        for envelope in envelopes:
            self.orders.judge(envelope, lambda: None)
        return self.answers()

    def answers(self):
        self.orders.look(lambda: None)
        key = self.invited.mac_key
        return [command.decode_answer(KID, data, key) for data in self.orders.answers()]

    def ask(self, order, counter=1, **how):
        return [(a.outcome, a.detail) for a in self.give(self.sign(order, counter, **how))]

    def close(self):
        self.kiosk.journal.close()
        self.centre.close()


@pytest.fixture
def sites(tmp_path):
    opened = []

    def open_(**how):
        opened.append(Site(tmp_path / str(len(opened)), **how))
        return opened[-1]

    yield open_
    for one in opened:
        one.close()


@pytest.fixture
def site(sites):
    return sites()


LIVE = Live(1_795_000_600)


def live_until(site):
    return site.kiosk.dispatch.live_until


# Who may ask


def test_a_command_of_the_centre_is_done_and_answered(site):
    assert site.ask(LIVE) == [("done", "")]
    assert live_until(site) == LIVE.until


@pytest.mark.parametrize("spoil", [0, 5, -1, -64])
def test_a_command_with_one_wrong_byte_gets_no_answer_and_raises_the_alarm(site, spoil):
    envelope = bytearray(site.sign(LIVE))
    envelope[spoil] ^= 1
    assert site.give(bytes(envelope)) == []
    assert live_until(site) == 0
    assert site.alerts == {"command": "forged_command"}


def test_a_command_for_another_kiosk_is_not_done_here(site):
    assert site.give(site.sign(LIVE, kid="T08B")) == []
    assert live_until(site) == 0
    assert site.alerts == {"command": "forged_command"}


def test_a_command_of_another_centre_is_not_done_here(site):
    data = command.encode(Command(1, int(site.clock.now) + 60, LIVE))
    stranger = Ed25519PrivateKey.generate()
    assert (
        stranger.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw) != site.invited.sign_key
    )
    assert site.give(data + stranger.sign(command.to_sign(KID, data))) == []
    assert live_until(site) == 0


@pytest.mark.parametrize("junk", [b"", b"x", b"x" * 64, b"x" * 100, b"x" * (48 * 1024 + 1)])
def test_what_is_no_command_at_all_is_only_noted(site, junk):
    assert site.give(junk) == []
    assert site.alerts == {"command": "forged_command"}


def test_the_alarm_about_a_forged_command_ends_after_a_day(site):
    site.give(b"junk")
    site.clock.now += 86_401
    site.answers()
    assert site.alerts == {}


def test_an_order_that_this_version_does_not_know_is_refused_with_its_number(site):
    data = b'{"counter":7,"expires":1895000000,"order":{"do":"dance"}}'
    told = site.give(data + site.centre.registrar.keys.sign.sign(command.to_sign(KID, data)))
    [(counter, outcome, detail)] = [(a.counter, a.outcome, a.detail) for a in told]
    assert (counter, outcome) == (7, "refused")
    assert detail.startswith("unknown_order: ")


# When, and how often


def test_a_command_that_comes_twice_is_done_once_and_answered_twice(site):
    envelope = site.sign(Live(1_795_000_600), 1)
    first = site.give(envelope)
    site.give(site.sign(Live(0), 2))
    assert site.give(envelope) == first
    assert live_until(site) == 0, "the second time it was only answered"


def test_a_command_is_not_done_again_after_a_restart_however_late_it_is_replayed(site):
    envelope = site.sign(Live(1_795_000_600), 1)
    first = site.give(envelope)
    site.crash()
    site.clock.now += 30 * 86_400
    assert site.give(envelope) == first
    assert live_until(site) == 0


def test_a_command_that_comes_too_late_is_not_done(site):
    envelope = site.sign(LIVE, ttl=60)
    site.clock.now += 61
    assert [a.outcome for a in site.give(envelope)] == ["expired"]
    assert live_until(site) == 0


def test_a_kiosk_without_a_trusted_clock_says_later_and_does_it_once_it_has_one(site):
    envelope = site.sign(LIVE)
    site.clock.trust = 0
    assert [(a.outcome, a.detail) for a in site.give(envelope)] == [("later", "no_trusted_clock")]
    assert live_until(site) == 0
    site.clock.trust = 2
    assert [a.outcome for a in site.give(envelope)] == ["done"]


def test_a_power_cut_between_doing_and_committing_does_it_again(site, monkeypatch):
    envelope = site.sign(LIVE)

    class PowerCut(BaseException):
        pass

    def cut(*_):
        raise PowerCut

    with monkeypatch.context() as patched:
        patched.setattr(site.kiosk.journal, "settle", cut)
        with pytest.raises(PowerCut):
            site.give(envelope)
    assert site.orders.answers() == [], "nothing is answered that is not committed"
    site.crash()
    assert [a.outcome for a in site.give(envelope)] == ["done"]
    assert live_until(site) == LIVE.until


def test_the_journal_keeps_what_became_of_commands_out_of_the_chain(site):
    before = site.kiosk.journal.standing()
    site.ask(LIVE)
    assert site.kiosk.journal.standing() == before
    assert site.kiosk.journal.fate(1) == ("done", "")


def test_more_commands_than_fit_are_dropped_and_not_waited_for(site):
    for counter in range(1, 200):
        site.orders.take(site.sign(LIVE, counter))
    stop = threading.Event()
    site.orders.run(stop, lambda: stop.set() if site.orders._came.empty() else None)
    assert 0 < len(site.orders.answers()) < 199


def test_live_mode_of_more_than_a_day_is_refused(site):
    [(outcome, detail)] = site.ask(Live(int(site.clock.now) + 90_000))
    assert (outcome, detail.split(":")[0]) == ("refused", "too_long")
    assert live_until(site) == 0


# Configuration

DEVICE = '[[zkteco]]\nname = "lobi"\nhost = "10.0.0.5"\ncomm_key = 4711\n'


def test_an_ordered_configuration_is_in_force_after_the_restart_and_answered_then(site):
    assert site.ask(Configure(DEVICE), 5) == []
    assert site.restarts == [1]
    site.start()
    assert [device.host for device in site.config.zkteco] == ["10.0.0.5"]
    assert site.config.kiosk.state == str(site.folder)
    assert [(a.counter, a.outcome) for a in site.answers()] == [(5, "done")]


def test_the_state_folder_is_always_the_one_of_the_local_file(site):
    site.ask(Configure('[kiosk]\nstate = "/elsewhere"\nlink = "metered"\n'))
    site.start()
    assert (site.config.kiosk.state, site.config.kiosk.link) == (str(site.folder), "metered")


@pytest.mark.parametrize(
    ("toml", "key"),
    [("[kiosk]\nspeed = 3\n", "kiosk"), ('[[zkteco]]\nname = "x"\n', "host"), ("[", "")],
)
def test_a_wrong_configuration_is_refused_with_its_key_and_changes_nothing(site, toml, key):
    [(outcome, detail)] = site.ask(Configure(toml))
    assert outcome == "refused"
    assert detail.startswith("config_wrong: ")
    assert key in detail
    assert site.restarts == []
    assert ordered.read(site.folder) is None


def test_an_older_configuration_never_replaces_a_newer_one(site):
    site.ask(Configure(DEVICE), 5)
    site.start()
    [(outcome, detail)] = site.ask(Configure(""), 4)[-1:]
    assert (outcome, detail.split(":")[0]) == ("refused", "older")
    assert ordered.read(site.folder).counter == 5


def test_the_file_of_an_ordered_configuration_is_nobody_elses_to_read(site):
    site.ask(Configure(DEVICE), 5)
    assert (site.folder / "ordered.toml").stat().st_mode & 0o777 == 0o600


def test_a_configuration_with_which_the_agent_dies_twice_is_given_up_and_told(site):
    site.ask(Configure('[kiosk]\nlink = "metered"\n'), 4)
    assert not ordered.starting(site.folder)
    site.start()
    ordered.proven(site.folder)
    site.ask(Configure(DEVICE), 5)
    assert not ordered.starting(site.folder), "first start"
    assert not ordered.starting(site.folder), "second start: the first one died"
    assert ordered.starting(site.folder), "the third goes back"
    site.start()
    assert site.config.kiosk.link == "metered"
    assert [(a.counter, a.outcome, a.detail) for a in site.answers()] == [
        (5, "failed", "config_fell_back")
    ]
    assert site.alerts == {"configuration": "config_fell_back"}
    assert not ordered.starting(site.folder)
    [again] = site.give(site.sign(Configure(DEVICE), 5))
    assert again.outcome == "failed"


def test_the_first_ordered_configuration_falls_back_to_the_local_file(site):
    site.ask(Configure(DEVICE), 5)
    assert [ordered.starting(site.folder) for _ in range(3)] == [False, False, True]
    site.start()
    assert site.config.zkteco == ()


def test_an_agent_that_was_up_for_a_minute_never_falls_back(site):
    site.ask(Configure(DEVICE), 5)
    ordered.starting(site.folder)
    site.start()
    site.clock.now += 61
    site.answers()
    assert [ordered.starting(site.folder) for _ in range(5)] == [False] * 5


def test_stopping_the_agent_on_purpose_does_not_count_as_dying(site):
    site.ask(Configure(DEVICE), 5)
    for _ in range(6):
        assert not ordered.starting(site.folder)
        ordered.ended(site.folder)


def test_a_better_configuration_ends_the_alarm_about_the_one_that_was_given_up(site):
    site.ask(Configure(DEVICE), 5)
    assert [ordered.starting(site.folder) for _ in range(3)][-1]
    site.start()
    site.answers()
    site.ask(Configure('[kiosk]\nlink = "metered"\n'), 6)
    ordered.starting(site.folder)
    site.start()
    site.clock.now += 61
    site.answers()
    site.start()
    assert site.alerts == {}


def test_a_configuration_that_this_version_does_not_know_leaves_the_local_file_in_force(site):
    """The agent went back a version."""
    ordered.keep(site.folder, 5, b"[camera]\nport = 3\n")
    site.start()
    assert site.config.zkteco == ()
    assert site.alerts == {"configuration": "config_unusable"}
    assert "camera" in config.choose(site.local).unusable


@pytest.mark.parametrize("writes", range(4))
def test_a_power_cut_while_a_configuration_is_kept_leaves_the_old_or_the_new(
    site, monkeypatch, writes
):
    site.ask(Configure('[kiosk]\nlink = "metered"\n'), 4)
    ordered.proven(site.folder)
    real, done = ordered.durable.write_whole, []

    class PowerCut(BaseException):
        pass

    def sometimes(path, data):
        if len(done) == writes:
            raise PowerCut
        done.append(path)
        real(path, data)

    with monkeypatch.context() as patched:
        patched.setattr(ordered.durable, "write_whole", sometimes)
        try:
            ordered.keep(site.folder, 5, DEVICE.encode())
        except PowerCut:
            assert ordered.read(site.folder).counter == 4
        else:
            assert ordered.read(site.folder).counter == 5
    ordered.keep(site.folder, 5, DEVICE.encode())
    assert [ordered.starting(site.folder) for _ in range(3)] == [False, False, True]
    assert ordered.read(site.folder).counter == 4


# A terminal


class Office:
    """A terminal and the thread that reads it."""

    def __init__(self, site, device, port, name="lobi", **more):
        self.site, self.stop, self.told = site, threading.Event(), []
        where = config.ZkDevice(name=name, host="127.0.0.1", port=port, every=3_600, **more)
        self.source = ZkPull(where, ZONES["WIB"])
        intake = Intake(site.kiosk.journal, site.clock, self.stop, lambda: None, self.told.append)
        site.intakes[name] = self.intake = intake
        self.thread = threading.Thread(target=supervise.keep_running, args=(self.source, intake))

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        self.thread.join()


@pytest.fixture
def lobby(sites):
    """A site with a terminal "lobi" that is being read, and whose live events are off."""
    clock = TestClock()
    device = Device(F19, lambda: datetime.fromtimestamp(clock.now, UTC))
    with Terminal(device) as served:
        toml = (
            f'[[zkteco]]\nname = "lobi"\nhost = "127.0.0.1"\nport = {served.port}\nlive = false\n'
        )
        site = sites(toml=toml)
        site.clock.monotonic = time.monotonic
        with Office(site, device, served.port, live=False):
            yield site, device, served


def scans(site):
    last = site.kiosk.journal.standing().last
    records = (read(data) for data in site.kiosk.journal.run(1, last).records)
    return [record.pin for record in records if isinstance(record, Scan)]


def test_a_device_is_read_at_once_when_the_centre_asks(lobby):
    site, device, _ = lobby
    assert site.ask(Pull("lobi"), 1)[0][0] == "done"
    device.punch("17")
    [(outcome, detail)] = site.ask(Pull(), 2)
    assert (outcome, detail) == ("done", "lobi: new=1 on_device=1")
    assert scans(site) == ["17"]


def test_a_full_pull_finds_what_was_edited_out_of_the_log(lobby):
    site, device, _ = lobby
    for pin in "abcdefghijklmnopqrst":
        device.punch(pin)
    site.ask(Pull(), 1)
    device.edit(2, pin="zz")
    site.ask(Pull(), 2)
    assert "zz" not in scans(site), "the tail does not see it"
    assert site.ask(Pull("lobi", full=True), 3)[0][0] == "done"
    assert "zz" in scans(site)


def test_a_device_that_nobody_configured_is_refused(lobby):
    site, _, _ = lobby
    assert site.ask(Pull("pintu"), 1)[0][1].startswith("unknown_device")
    assert site.ask(Users("pintu", (User("17"),)), 2)[0][1].startswith("unknown_device")
    assert site.ask(Users("", (User("17"),)), 3)[0][0] == "refused"


def test_a_device_that_is_switched_off_is_told_by_its_code(lobby):
    site, _, served = lobby
    site.ask(Pull(), 1)
    served.__exit__(None, None, None)
    [(outcome, detail)] = site.ask(Pull(), 2)
    served.__enter__()
    assert outcome == "failed"
    assert detail.split(": ")[0] == "lobi"
    assert detail.split(": ")[1] in ("connection_lost", "unreachable", "closed")


def test_people_are_written_while_the_kiosk_leaves_the_terminal_alone(lobby):
    site, device, _ = lobby
    device.write_user(Enrolled(3, "17", "Sari"))
    site.ask(Pull(), 1)
    [(outcome, detail)] = site.ask(Users("lobi", (User("17", "Ani"), User("21", "Budi"))), 2)
    assert (outcome, detail) == ("done", "added=1 renamed=1 removed=0 same=0")
    assert {u.pin: u.name for u in device.users.values()} == {"17": "Ani", "21": "Budi"}
    device.punch("21")
    assert site.ask(Pull(), 3)[0][0] == "done"
    assert scans(site) == ["21"], "and reads on after it"


def test_people_who_could_not_be_written_are_named(lobby):
    site, device, _ = lobby
    device.write_user(Enrolled(3, "17", "Sari", 14))
    [(outcome, detail)] = site.ask(Users("lobi", (User("17", remove=True), User("2", "B"))), 1)
    assert outcome == "failed"
    assert detail.startswith("left_out: added=1 ")
    assert "17 is_admin" in detail


# Logs


def inflated(told):
    assert [(a.part, a.parts) for a in told] == [(i, len(told)) for i in range(1, len(told) + 1)]
    return json.loads(zlib.decompress(b"".join(a.body for a in told)))


def test_a_log_bundle_holds_the_newest_lines_the_configuration_and_the_standing(sites):
    site = sites(toml=DEVICE)
    log = logging.getLogger("terminal_agent.test")
    log.setLevel(logging.INFO)
    with site.ring:
        for i in range(700):
            log.info("poll.done name=lobi new=%d", i)
    found = inflated(site.give(site.sign(Logs(lines=500))))
    assert len(found["log"]) == 500
    assert found["log"][-1].endswith("INFO poll.done name=lobi new=699")
    assert found["config"]["zkteco"][0]["host"] == "10.0.0.5"
    assert found["standing"]["last"] == site.kiosk.journal.standing().last


def test_nothing_secret_is_in_a_log_bundle(sites):
    site = sites(toml=DEVICE + '[camera]\nsource = "rtsp://admin:rahasia@10.0.0.9/1"\n')
    secrets = [*hidden.secrets(site.config, site.invited)]
    assert {"4711", "rahasia"} <= set(secrets)
    site.ring = LogRing(secrets)
    site.orders._hands = deeds.msgspec.structs.replace(site.orders._hands, ring=site.ring)
    log = logging.getLogger("terminal_agent.test")
    with site.ring:
        for word in secrets:
            log.error("somebody logged %s here", word)
            log.error("comm_key=%s,", word)
        try:
            raise ValueError(f"key {secrets[0]}")
        except ValueError:
            log.exception("it failed with %s", secrets[0])
    text = json.dumps(inflated(site.give(site.sign(Logs()))))
    assert text.count("somebody logged *** here") == len(secrets)
    for word in (*secrets, site.invited.mac_key.hex()):
        assert word not in text


def test_a_large_bundle_comes_in_parts_of_32_kib(site):
    chance = random.Random(3)
    log = logging.getLogger("terminal_agent.test")
    with site.ring:
        for _ in range(2_000):
            log.error("%s", chance.randbytes(200).hex())
    site.orders.judge(site.sign(Logs(lines=2_000)), lambda: None)
    sent = site.orders.answers()
    assert len(sent) > 3
    assert max(map(len, sent)) <= 32 * 1024
    told = [command.decode_answer(KID, data, site.invited.mac_key) for data in sent]
    assert len(inflated(told)["log"]) == 2_000


def test_logs_that_are_asked_for_again_are_sent_again(site):
    """The first answer may have been lost on its way."""
    envelope = site.sign(Logs())
    assert inflated(site.give(envelope))["kid"] == KID
    site.kiosk.dispatch.connected()
    assert inflated(site.give(envelope))["kid"] == KID


def test_logs_that_somebody_replays_are_not_built_for_every_copy(site):
    envelope = site.sign(Logs(), ttl=900)
    assert site.give(envelope)[0].body
    assert site.give(*[envelope] * 20) == []
    assert site.give(site.sign(Logs(), 2))[0].body, "another command is another bundle"
    site.clock.now += 599
    assert len(site.give(envelope)) == 1, "the centre asks again after ten minutes"
    site.clock.now += 302
    assert [(a.outcome, a.body) for a in site.give(envelope)] == [("done", b"")], "too late"


# A range again


def backup(centre):
    """The ledger as it is now."""
    held, kept = (sqlite3.connect(centre.folder / name) for name in ("ledger.db", "backup.db"))
    with closing(held), closing(kept):
        held.backup(kept)


def restore(centre):
    """The ledger as it was: what it receipted since then it no longer has."""
    centre.close()
    for name in ("ledger.db-wal", "ledger.db-shm"):
        (centre.folder / name).unlink(missing_ok=True)
    (centre.folder / "backup.db").replace(centre.folder / "ledger.db")
    centre.database = Database(centre.folder / "ledger.db")
    centre.start()


def test_a_range_of_an_epoch_that_is_over_comes_again_until_the_centre_has_it(site):
    kiosk, centre = site.kiosk, site.centre
    kiosk.punch(("0", 1_794_999_999))
    talk(kiosk, centre)
    backup(centre)
    kiosk.punch(*((str(i), 1_795_000_000 + i) for i in range(50)))
    talk(kiosk, centre)
    old = kiosk.journal.standing()
    assert old.acked == old.last
    kiosk.journal.begin_epoch("lost_rows", site.clock.look())
    kiosk.dispatch.connected()
    restore(centre)
    talk(kiosk, centre)
    held = len(centre.rows("event", kid=KID, epoch=old.epoch))
    with centre.database.reading() as tx:
        [wanted] = commands.gap_orders(tx, KID)
    assert wanted == Resend(old.epoch, held + 1, old.last), "the new epoch tells what is missing"
    assert site.give(site.sign(wanted)) == [], "it goes on"
    talk(kiosk, centre)
    assert len(centre.rows("event", kid=KID, epoch=old.epoch)) == old.last > held
    with centre.database.reading() as tx:
        assert commands.gap_orders(tx, KID) == []
    assert [(a.outcome, a.detail) for a in site.answers()] == [("done", "")]


def test_a_range_that_the_centre_has_is_answered_at_its_first_receipt(site):
    site.kiosk.punch(("17", 1_795_000_000))
    talk(site.kiosk, site.centre)
    standing = site.kiosk.journal.standing()
    site.give(site.sign(Resend(standing.epoch, 1, standing.last)))
    talk(site.kiosk, site.centre)
    assert [a.outcome for a in site.answers()] == ["done"]


def test_of_a_range_that_is_on_the_card_in_part_comes_what_is_there_and_the_rest_is_told_as_gone(
    site,
):
    """A frame of before the card was rolled back had told a restored centre of more than is left."""
    site.kiosk.punch(("17", 1_795_000_000))
    old = site.kiosk.journal.standing()
    site.kiosk.journal.acknowledge(old.epoch, old.last)  # by the centre that is no more
    site.kiosk.journal.begin_epoch("lost_rows", site.clock.look())
    told = Resend(old.epoch, 1, old.last + 5)
    with site.centre.database.writing() as tx:
        ledger.note_hole(tx, KID, told.epoch, range(told.first, told.last + 1), 1)
        [wanted] = commands.gap_orders(tx, KID)
    assert wanted == told
    assert site.give(site.sign(wanted, 1)) == [], "it goes on"
    talk(site.kiosk, site.centre)
    assert len(site.centre.rows("event", kid=KID, epoch=old.epoch)) == old.last
    assert [(a.outcome, a.detail) for a in site.answers()] == [("failed", "gone")]
    with site.centre.database.reading() as tx:
        [left] = commands.gap_orders(tx, KID)
    assert left == Resend(old.epoch, old.last + 1, told.last), "what nobody can send any more"
    [answer] = site.give(site.sign(left, 2))
    assert (answer.outcome, answer.detail) == ("failed", "gone")


@pytest.mark.parametrize(("epoch", "first", "last"), [(1, 1, 1), (None, 99, 100), (None, 0, 1)])
def test_a_range_that_is_not_on_the_card_is_told_as_gone(site, epoch, first, last):
    site.kiosk.punch(("17", 1_795_000_000))
    epoch = site.kiosk.journal.standing().epoch if epoch is None else epoch
    assert site.ask(Resend(epoch, first, last)) == [("failed", "gone")]


def test_a_frame_of_a_range_that_is_lost_goes_again_after_a_while(site):
    site.kiosk.punch(("17", 1_795_000_000))
    talk(site.kiosk, site.centre)
    standing = site.kiosk.journal.standing()
    site.give(site.sign(Resend(standing.epoch, 1, standing.last)))
    assert len(list(site.kiosk.dispatch.frames(0))) == 1, "and it is lost"
    assert list(site.kiosk.dispatch.frames(0)) == []
    site.clock.now += 31
    talk(site.kiosk, site.centre)
    assert [a.outcome for a in site.answers()] == ["done"]


def test_a_range_that_is_under_way_is_not_begun_again(site):
    site.kiosk.punch(("17", 1_795_000_000))
    standing = site.kiosk.journal.standing()
    envelope = site.sign(Resend(standing.epoch, 1, standing.last))
    assert site.give(envelope, envelope) == []
    talk(site.kiosk, site.centre)
    assert [a.outcome for a in site.answers()] == ["done"]


def test_two_ranges_that_end_at_one_event_are_both_answered(site):
    """A person asked for a range, and again for all open gaps."""
    site.kiosk.punch(*((str(i), 1_795_000_000 + i) for i in range(9)))
    talk(site.kiosk, site.centre)
    standing = site.kiosk.journal.standing()
    for counter, first in enumerate((1, 4, 4), 1):
        assert site.give(site.sign(Resend(standing.epoch, first, standing.last), counter)) == []
    talk(site.kiosk, site.centre)
    assert sorted((a.counter, a.outcome) for a in site.answers()) == [
        (1, "done"),
        (2, "done"),
        (3, "done"),
    ]
    assert site.answers() == []


def test_a_configuration_that_the_disk_does_not_take_is_told_and_the_agent_lives_on(site):
    (site.folder / "ordered.trial").mkdir()
    [(outcome, detail)] = site.ask(Configure(DEVICE))
    assert (outcome, detail.split(":")[0], site.restarts) == ("failed", "disk", [])
    assert ordered.read(site.folder) is None


def test_after_a_power_cut_a_range_begins_anew_when_the_centre_asks_again(site):
    site.kiosk.punch(("17", 1_795_000_000))
    standing = site.kiosk.journal.standing()
    envelope = site.sign(Resend(standing.epoch, 1, standing.last))
    site.give(envelope)
    site.crash()
    assert site.answers() == []
    site.give(envelope)
    talk(site.kiosk, site.centre)
    assert [a.outcome for a in site.answers()] == ["done"]
