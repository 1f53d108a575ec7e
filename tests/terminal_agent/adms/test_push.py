"""Terminals that push: what they send is committed before they hear OK, and nothing is twice."""

from datetime import UTC, datetime, timedelta

import pytest

from contract.event import Clock, Operation, Scan, Unreadable
from simulators.adms.terminal import Pushed, Quirks
from terminal_agent import agent, config
from terminal_agent.adms.listener import Request
from terminal_agent.config import ZONES, Adms
from terminal_agent.errors import JournalFailed, SourceMisconfigured, SourceUnavailable
from terminal_agent.sources.adms_push import AdmsPush
from tests.halves import WIB_MS
from tests.pushed import ADDRESS, SECRET, SERIAL


def local(at):
    return int(at.replace(tzinfo=UTC).timestamp())


def test_a_punch_is_in_the_journal_when_the_terminal_hears_ok(office):
    here = office()
    assert here.terminal.start()
    record = here.terminal.punch("18", verify=15)
    assert here.terminal.sent == 1
    [scan] = here.records(Scan)
    assert (scan.pin, scan.t, scan.verify, scan.source) == ("18", local(record.at), 15, "push")


def test_the_answer_counts_repeats_and_lines_that_nobody_can_read(office):
    """Otherwise the terminal would send them for ever; what is unreadable is kept as it came."""
    here = office()
    body = b"18\t2026-11-19 08:00:00\t0\t1\t0\nrubbish\n18\t2026-11-19 08:00:00\t0\t1\t0\n\n"
    for _ in range(3):
        assert here.terminal.post("cdata", body, table="ATTLOG") == (200, "OK: 3\n")
    assert [one.raw for one in here.records(Unreadable)] == [b"rubbish"]
    assert len(here.records(Scan)) == 2  # the terminal's log has this row twice


def test_a_batch_that_was_committed_and_not_answered_is_stored_once(office):
    here = office()
    here.terminal.log = [Pushed(str(n), here.terminal.clock()) for n in range(300)]
    here.terminal.upload()
    here.terminal.sent = 0  # every answer was lost
    here.terminal.upload()
    assert len(here.records(Scan)) == 300


def test_a_clock_that_was_reset_repeats_no_punch_either(office):
    here = office()
    line = b"18\t2000-01-01 00:05:13\t0\t1\t0\n"
    for _ in range(3):
        here.terminal.post("cdata", line, table="ATTLOG")
    assert len(here.records(Scan)) == 1


@pytest.mark.parametrize("spaces", [False, True], ids=["tabs", "spaces"])
def test_fields_may_be_parted_by_spaces(office, spaces):
    here = office(quirks=Quirks(spaces=spaces))
    record = here.terminal.punch("18")
    assert here.seen() == [("18", local(record.at))]


def test_a_kiosk_whose_disk_is_full_takes_nothing(office):
    here = office()
    here.terminal.start()

    class Full:
        def store(self, *_):
            raise SourceUnavailable("storage_full", "the kiosk's disk is full")

        def __getattr__(self, name):
            return getattr(here.journal, name)

    here.intake._journal = Full()
    here.terminal.punch("18")
    assert here.terminal.statuses[-1] == 503
    assert here.terminal.sent == 0
    assert here.alerts == {"gerbang": "storage_full"}
    here.intake._journal = here.journal
    here.terminal.punch("19")
    assert [pin for pin, _ in here.seen()] == ["18", "19"]
    assert here.alerts == {}


def test_a_journal_that_cannot_commit_answers_nothing_and_ends_the_agent(office):
    here = office()
    here.journal._db.execute("PRAGMA query_only = 1")
    request = Request(
        ADDRESS, SERIAL, "POST", "cdata", {"table": "ATTLOG"}, b"1 2026-11-19 08:00:00"
    )
    with pytest.raises(JournalFailed):
        here.source.take(request, here.intake)


# Who may send.


def test_a_serial_number_that_is_not_on_the_list_is_refused_and_named(office):
    here = office()
    stranger = here.another("XYZ1")
    assert not stranger.start()
    stranger.punch("18")
    assert stranger.statuses == [403, 403]
    assert here.records(Scan) == []
    here.source._look_around(here.intake)
    assert here.alerts == {f"XYZ1 {ADDRESS}": "push_unknown"}


def test_a_listed_serial_number_from_another_address_is_refused(office):
    here = office(address="127.0.0.2")
    assert not here.terminal.start()
    assert here.terminal.statuses == [403]
    here.terminal.host = "127.0.0.2"
    assert here.terminal.start()


def test_a_listed_network_admits_all_of_its_addresses_and_no_others(office):
    here = office(address="127.0.0.0/30")
    here.terminal.host = "127.0.0.2"
    assert here.terminal.start()
    here.terminal.host = "127.0.0.9"
    assert not here.terminal.start()


def test_at_most_four_strangers_are_named_and_their_serials_hold_no_text(office):
    here = office()
    for serial in ("A1", "A2", "A\n3", "A4", "A5", "A6"):
        here.another(serial).start()
    here.source._look_around(here.intake)
    assert set(here.alerts) == {f"{name} {ADDRESS}" for name in ("A1", "A2", "?", "A4")}


# The time.


def test_the_terminals_clock_is_set_by_the_kiosks(office):
    here = office(ahead=timedelta(hours=3))
    assert here.terminal.start()
    assert here.terminal.ahead == timedelta()
    assert here.terminal.options["TimeZone"] == "7"


def test_a_kiosk_whose_clock_nobody_vouches_for_tells_no_time_and_still_takes_punches(office):
    here = office(trust=0, ahead=timedelta(hours=3))
    assert not here.terminal.start()
    assert here.terminal.statuses == [503]
    here.terminal.punch("18")
    here.terminal.call()
    assert set(here.terminal.statuses[1:]) == {200}
    assert here.terminal.ahead == timedelta(hours=3)
    assert len(here.records(Scan)) == 1


def test_a_live_punch_measures_the_terminals_clock(office):
    here = office(quirks=Quirks(keeps_time=True), ahead=timedelta(seconds=90))
    here.terminal.start()
    here.calls(3)
    here.terminal.punch("18")
    offset = here.records(Clock)[-1].offsets[0][1]
    assert offset == WIB_MS + 90_500
    [scan] = here.records(Scan)
    assert scan.lag == 0


def test_what_waited_measures_nothing(office):
    here = office(quirks=Quirks(keeps_time=True))
    here.terminal.log.append(Pushed("18", here.terminal.clock() - timedelta(hours=2)))
    here.terminal.start()
    here.terminal.upload()
    assert all(not clock.offsets for clock in here.records(Clock))


# What else a terminal tells.


def test_who_changed_what_on_the_terminal_is_evidence(office):
    here = office()
    assert here.terminal.operate(21, 14, 5)[1] == "OK: 1\n"
    here.terminal.operate(21, 14, 5)
    [done] = here.records(Operation)
    assert (done.code, done.operator, done.params) == (21, 14, (5, 0, 0, 0))


def test_users_templates_and_photos_are_answered_and_not_kept(office):
    here = office()
    user = (
        "USER PIN=18\tName=Budi Santosó\tPri=0\tPasswd=1234\nFP PIN=18\tFID=1\tTMP=AAAA\n".encode()
    )
    assert here.terminal.post("cdata", user, table="OPERLOG") == (200, "OK: 2\n")
    photo = b"PIN=20261119080000-18.jpg\nSN=X\nsize=4\nCMD=uploadphoto\0\xff\xd8\xff\xe0" * 1000
    assert here.terminal.post("cdata", photo, table="ATTPHOTO") == (200, "OK\n")
    assert here.terminal.post("cdata", b"FingerFunOn=1,FaceFunOn=1", table="options")[1] == "OK\n"
    assert here.terminal.post("cdata", b"BIODATA Pin=1\tTmp=A\n", table="BIODATA")[1] == "OK: 1\n"
    assert here.records(Scan, Unreadable, Operation) == []
    assert here.source._known[SERIAL].passed == 5


def test_a_terminal_that_stays_away_for_ten_minutes_is_missed_until_it_calls(office):
    here = office()
    here.terminal.start()
    here.clock.now += 601
    here.source._look_around(here.intake)
    assert here.alerts == {"gerbang": "push_silent"}
    here.terminal.call()
    assert here.alerts == {}


# The security dialect.


def test_access_control_firmware_registers_and_its_events_are_punches(office):
    here = office(security=True)
    assert here.terminal.start()
    record = here.terminal.punch("18", verify=15)
    refused = b"time=2026-11-19 08:00:01\tpin=0\tcardno=9\tevent=27\tinoutstatus=0\tverifytype=4\n"
    assert here.terminal.post("cdata", refused, table="rtlog") == (200, "OK: 1\n")
    [scan] = here.records(Scan)
    assert (scan.pin, scan.t, scan.verify) == ("18", local(record.at), 15)


def test_its_state_tells_its_clock(office):
    here = office(security=True, quirks=Quirks(keeps_time=True), ahead=timedelta(seconds=-40))
    here.terminal.start()
    here.terminal.state()
    here.terminal.punch("18")
    assert here.records(Clock)[-1].offsets[0][1] == WIB_MS - 40_000 + 500


def test_it_does_not_have_to_register_anew_after_a_restart(office):
    here = office(security=True)
    here.terminal.start()
    here.stop.set()
    here.thread.join()
    here.begin()
    here.terminal.port = here.source.port
    here.terminal.punch("18")
    assert here.terminal.sent == 1


def test_a_wrong_token_is_refused(office):
    here = office(security=True)
    here.terminal.start()
    here.terminal._token = "0" * 32
    here.terminal.punch("18")
    assert here.terminal.statuses[-1] == 403
    assert here.records(Scan) == []


def test_a_table_of_transactions_is_read_with_its_packed_time(office):
    here = office(security=True)
    code = ((26 * 12 + 10) * 31 + 18) * 86_400 + 8 * 3_600  # 19 November 2026, 08:00
    line = f"transaction cardno=0\tpin=18\tverified=15\tdoorid=1\teventtype=0\tinoutstate=1\ttime_second={code}"
    query = {"table": "tabledata", "tablename": "transaction"}
    assert here.terminal.post("cdata", line.encode(), **query)[0] == 200
    [scan] = here.records(Scan)
    assert (scan.t, scan.punch) == (local(datetime(2026, 11, 19, 8, tzinfo=UTC)), 1)


def test_a_port_that_is_taken_is_told_with_what_to_do(office):
    here = office()
    settings = Adms(port=here.source.port, address="127.0.0.1", device=here.settings.device)
    with pytest.raises(SourceMisconfigured) as told:
        AdmsPush(settings, ZONES["WIB"], SECRET, here.tell).run(here.intake)
    assert told.value.code == "push_port"


# The configuration.

DEVICE = '[[adms.device]]\nname = "gerbang"\nserial = "CJ1"\naddress = "10.0.0.5"\n'


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (DEVICE.replace("10.0.0.5", "gerbang.local"), "adms.device.address"),
        (DEVICE.replace("CJ1", "CJ 1"), "serial"),
        (DEVICE + DEVICE, "two devices have one name"),
        (DEVICE + DEVICE.replace("gerbang", "lobi"), "two devices have one serial"),
        ("[adms]\nport = 70000\n", "adms.port"),
    ],
)
def test_a_terminal_that_nobody_can_listen_to_is_named(text, key):
    with pytest.raises(SourceMisconfigured, match=key):
        config.decode(text.encode(), "agent.toml")


def test_a_terminal_that_is_polled_and_pushes_is_one_device():
    """The centre waits for as many serial numbers as the kiosk counts devices."""
    polled = '[[zkteco]]\nname = "gerbang"\nhost = "10.0.0.5"\n'
    assert agent._devices(config.decode(DEVICE.encode(), "")) == 1
    assert agent._devices(config.decode((polled + DEVICE).encode(), "")) == 1
    assert (
        agent._devices(config.decode((polled.replace("gerbang", "lobi") + DEVICE).encode(), ""))
        == 2
    )
