"""A device simulator that we did not write (django-fingerprint-attendance) pushes over real HTTP."""

import http.client
from datetime import datetime, timedelta

import pytest
from fingerprint_attendance.testing.simulator import FIRMWARE, ADMSDeviceSimulator

from contract.event import Operation, Scan, Unreadable
from tests.pushed import SERIAL


class Answered:
    def __init__(self, status, content):
        self.status_code, self.content = status, content


class OverHttp:
    """What the simulator expects of a web framework's test client, over a real connection."""

    def __init__(self, port):
        self.port = port
        self.answered = True

    def get(self, path, params, REMOTE_ADDR):
        from urllib.parse import urlencode

        return self._ask("GET", f"{path}?{urlencode(params)}", b"", {}, REMOTE_ADDR)

    def post(self, url, data, content_type, REMOTE_ADDR):
        return self._ask("POST", url, data, {"Content-Type": content_type}, REMOTE_ADDR)

    def _ask(self, method, url, body, headers, peer):
        link = http.client.HTTPConnection("127.0.0.1", self.port, 30, source_address=(peer, 0))
        link.request(method, url, body, headers)
        answer = link.getresponse()
        content = answer.read()
        link.close()
        if not self.answered:
            raise ConnectionError("the answer was lost")
        return Answered(answer.status, content)


@pytest.fixture
def theirs(office):
    here = office()

    def make(firmware, serial=SERIAL):
        client = OverHttp(here.source.port)
        return here, ADMSDeviceSimulator(client, serial, firmware, ip="127.0.0.1")

    return make


NINE = datetime(2026, 11, 19, 9)


@pytest.mark.parametrize("firmware", sorted(FIRMWARE))
def test_every_firmware_that_they_know_is_read(theirs, firmware):
    """Five, seven and ten fields to a line."""
    here, device = theirs(firmware)
    device.handshake()
    for minute in range(20):
        device.punch(str(1000 + minute), NINE + timedelta(minutes=minute), verify=15)
    scans = here.records(Scan)
    assert [scan.pin for scan in scans] == [str(1000 + n) for n in range(20)]
    assert {scan.verify for scan in scans} == {15}
    assert device.pending() == []


def test_a_week_off_line_comes_once_however_often_its_answers_are_lost(theirs):
    here, device = theirs("push2")
    device.handshake()
    device.go_offline()
    for minute in range(900):
        device.punch(str(minute % 70), NINE + timedelta(minutes=minute))
    device.client.answered = False
    device.online = True
    for _ in range(3):
        with pytest.raises(ConnectionError):
            device.upload_pending(batch_size=128)
    device.client.answered = True
    device.go_online()
    assert device.pending() == []
    assert len(here.records(Scan)) == 900


def test_a_line_that_is_garbage_keeps_no_other_back(theirs):
    here, device = theirs("biodata")
    device.handshake()
    for minute in range(3):
        device.punch("7", NINE + timedelta(minutes=minute), upload=False)
    [answer] = device.upload_pending(corrupt_line=1)
    assert (answer.status, answer.text) == (200, "OK: 3\n")
    assert len(here.records(Scan)) == 2
    assert [one.raw for one in here.records(Unreadable)] == [b"garbage\tnot-a-date"]


def test_an_enrolment_at_the_terminal_is_noted_and_its_template_is_not_kept(theirs):
    here, device = theirs("push2")
    device.handshake()
    answer = device.enroll_at_device("1001", 3, b"TEMPLATE" * 64, name="Budi")
    assert (answer.status, answer.text) == (200, "OK: 3\n")
    assert [one.code for one in here.records(Operation)] == [6]
    file = (here.journal.path).read_bytes() + here.journal.path.with_name(
        "journal.db-wal"
    ).read_bytes()
    assert b"VEVNUExBVEU" not in file
    assert b"Budi" not in file


def test_it_carries_out_what_it_is_asked_and_its_answers_are_understood(theirs):
    here, device = theirs("push2")
    device.handshake()
    device.punch("1001", NINE)
    ran = device.run_commands()
    assert ran[0] == "INFO"
    assert here.source._known[SERIAL].family == "SIM-push2"
    assert here.source._known[SERIAL].firmware == "Ver 8.0.4-SIM"


def test_it_answers_a_count_without_a_count_and_is_not_covered(theirs):
    """It does not know VERIFY SUM and says 0, well done: that proves nothing."""
    here, device = theirs("push2")
    device.handshake()
    for _ in range(5):
        here.clock.now += 10
        device.run_commands(max_rounds=1)
    assert "VERIFY SUM ATTLOG" in " ".join(device.executed)
    assert here.alerts == {"gerbang": "push_unproven"}


def test_their_terminal_that_is_not_on_the_list_keeps_what_it_has(theirs):
    here, device = theirs("push2", "OTHER1")
    with pytest.raises(AssertionError, match="handshake failed: 403"):
        device.handshake()
    device.punch("1001", NINE)
    assert len(device.pending()) == 1
    assert here.records(Scan) == []
