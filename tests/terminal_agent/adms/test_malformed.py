"""What no terminal should send: it is answered or cut off, and the kiosk goes on."""

import socket
import time
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contract.event import Scan, Unreadable
from terminal_agent.adms import asking, lines, listener
from tests.pushed import SERIAL


def raw(port, data, end=True):
    """Bytes on a connection, and what comes back until it closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as wire:
        with suppress(OSError):  # the kiosk may have heard enough
            wire.sendall(data)
            if end:
                wire.shutdown(socket.SHUT_WR)
        back = b""
        with suppress(ConnectionError):
            while piece := wire.recv(65_536):
                back += piece
        return back


def status(answer):
    return int(answer.split()[1]) if answer.startswith(b"HTTP/") else 0


def post(body, length=None, path="cdata", query="table=ATTLOG", headers=""):
    length = len(body) if length is None else length
    head = f"POST /iclock/{path}?SN={SERIAL}&{query} HTTP/1.1\r\nHost: k\r\n{headers}"
    return head.encode() + f"Content-Length: {length}\r\n\r\n".encode() + body


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", 0),
        (b"\0\1\2\3\r\n\r\n", 0),
        (b"GET\r\n\r\n", 0),
        (b"GET / HTTP/7\r\n\r\n", 0),
        (b"GET / HTTP/1.1\r\n\r\n", 404),
        (b"GET /iclock/cdata HTTP/1.1\r\n\r\n", 404),
        (b"BREW /iclock/cdata?SN=1 HTTP/1.1\r\n\r\n", 501),
        (b"GET /iclock/cdata?SN=%00%ff HTTP/1.1\r\n\r\n", 403),
        (b"GET /iclock/secrets?SN=CJ4L201260011 HTTP/1.1\r\n\r\n", 404),
        (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 200 + b"\r\n", 431),
        (post(b"", length=-1), 411),
        (post(b"", length="9" * 40), 413),
        (post(b"", length=listener.LARGEST + 1), 413),
        (post(b"", headers="Transfer-Encoding: chunked\r\n"), 411),
        (post(b"1\t2026", length=500), 0),
        (post(b"\n" * 70_000), 413),
        (post(b"\xff\xfe" * 100), 200),
        (post(b""), 200),
        (post(b"x" * 100, path="devicecmd"), 200),
        (post(b"x" * 100, query="table=%00"), 200),
    ],
)
def test_a_malformed_request_is_answered_and_the_next_one_is_taken(office, data, code):
    here = office()
    assert status(raw(here.source.port, data)) == code
    here.terminal.punch("18")
    assert [scan.pin for scan in here.records(Scan)] == ["18"]


def test_an_answer_to_a_stranger_tells_no_time(office):
    here = office()
    assert b"Date" not in raw(here.source.port, b"GET /iclock/cdata?SN=X HTTP/1.1\r\n\r\n")
    assert b"Date" not in raw(here.source.port, b"rubbish\r\n\r\n")
    assert b"Date" in raw(here.source.port, post(b""))


def test_half_a_body_stores_nothing(office):
    here = office()
    line = b"18\t2026-11-19 08:00:00\t0\t1\t0\n"
    assert raw(here.source.port, post(line * 10, length=1000)) == b""
    assert here.records(Scan) == []


def test_callers_that_say_nothing_leave_room_for_others(office):
    """Four connections of one address; the fifth is hung up on, another address is served."""
    here = office(address="127.0.0.0/8")
    silent = [socket.create_connection(("127.0.0.1", here.source.port)) for _ in range(4)]
    time.sleep(0.3)
    assert raw(here.source.port, post(b"")) == b""
    here.terminal.host = "127.0.0.2"
    here.terminal.punch("18")
    assert here.terminal.sent == 1
    for wire in silent:
        wire.close()


def test_callers_from_elsewhere_take_no_place_of_a_terminal_on_the_list(office):
    """Sixteen of them and more say nothing; the terminal is heard, and so is who calls after them."""
    here = office()
    silent = [
        socket.create_connection(
            ("127.0.0.1", here.source.port), source_address=(f"127.0.1.{at}", 0)
        )
        for at in range(1, 21)
    ]
    time.sleep(0.3)
    here.terminal.punch("18")
    assert here.terminal.sent == 1
    for wire in silent:
        wire.close()
    time.sleep(0.3)
    stranger = here.another("XYZ1", host="127.0.1.1")
    assert not stranger.start()
    assert stranger.statuses == [403]
    assert ("XYZ1", "127.0.1.1") in here.source.guests.strangers()


def test_a_caller_that_drips_is_cut_off(office, monkeypatch):
    monkeypatch.setattr(listener, "_WHOLE", 1.0)
    here = office()
    with socket.create_connection(("127.0.0.1", here.source.port), timeout=20) as wire:
        with suppress(OSError):
            for letter in post(b"", length=1000):
                wire.sendall(bytes([letter]))
                time.sleep(0.05)
        with suppress(ConnectionError):
            assert wire.recv(100) == b""
    here.terminal.punch("18")
    assert here.terminal.sent == 1


noise = st.lists(
    st.one_of(
        st.binary(max_size=60),
        st.sampled_from(
            [b"\n", b"\t", b"18", b"2026-11-19 08:00:00", b"OPLOG ", b"pin=", b"time="]
        ),
    ),
    max_size=12,
).map(b"".join)


@given(noise)
def test_every_line_of_any_body_is_read_kept_or_passed(body):
    for rule in (lines.attlog, lines.operlog):
        found = rule(body)
        assert len(found) == len(lines.split(body))
        for one in found:
            if isinstance(one, lines.Punch):
                assert 946_684_800 <= one.t < 4_102_444_800
                assert one.pin.isascii()
                assert one.pin.isprintable()


SHAPES = [
    b"18\t2026-11-19 08:00:00\t0\t1\t0\t0\t0",
    b"OPLOG 4\t14\t2026-11-19 08:00:00\t0\t0\t0\t0",
    b"USER PIN=18\tName=Budi\tPri=0",
    b"time=2026-11-19 08:00:00\tpin=18\tcardno=0\tevent=0\tinoutstatus=0\tverifytype=4",
    b"transaction cardno=0\tpin=18\tverified=15\teventtype=0\tinoutstate=1\ttime_second=832233600",
    b"time=2026-11-19 08:00:00\tsensor=00",
    b"",
]
control = st.lists(st.sampled_from([bytes([code]) for code in (*range(32), 127, 0x85, 0xFF)]))


@st.composite
def torn(draw):
    """A line as terminals send it, cut anywhere, with control bytes in it and around it."""
    line = draw(st.sampled_from(SHAPES))
    parts = sorted(draw(st.lists(st.integers(0, len(line)), min_size=2, max_size=2)))
    pieces = (line[: parts[0]], line[parts[0] : parts[1]], line[parts[1] :])
    kept = [piece for piece in pieces if draw(st.booleans())]
    return b"".join(b"".join(draw(control)) + piece for piece in (*kept, b""))


@settings(max_examples=400)
@given(st.lists(torn(), max_size=4).map(b"\n".join))
def test_no_control_byte_in_any_line_ends_the_reading(body):
    """One line that raised would be sent again for ever, and end the agent every time."""
    for rule in (lines.attlog, lines.operlog):
        assert len(rule(body)) == len(lines.split(body))
    lines.shown(body)
    asking.replies(body)


@pytest.mark.parametrize("code", [b"\x0b", b"\x0c", b"\x1c", b"\x1d", b"\x1e", b"\x1f"])
def test_a_line_of_one_control_byte_is_kept_and_the_kiosk_goes_on(office, code):
    here = office()
    code = b" " + code + b"\0"  # kept as it came
    body = b"USER PIN=1\tName=x\n" + code + b"\n"
    assert here.terminal.post("cdata", body, table="OPERLOG") == (200, "OK: 2\n")
    assert [(one.raw, one.reason) for one in here.records(Unreadable)] == [(code, "no text")]
    here.terminal.punch("18")
    assert here.terminal.sent == 1


@pytest.mark.parametrize("problem", [IndexError, KeyError, OverflowError, ValueError])
def test_a_line_that_a_rule_stumbles_over_is_kept(problem):
    def rule(text):
        raise problem("word " * 50)

    assert len(lines._read(b"18", rule).reason) == 64


@given(noise)
def test_any_answer_to_a_command_is_understood_or_left_out(body):
    assert asking.replies(body) is not None
    for reply in asking.replies(body + b"\nID=7&Return=0&CMD=INFO\n~A=1"):
        assert reply.count is None or reply.count >= 0
    assert asking.replies(b"ID=7&Return=0&CMD=INFO\n~A=1")[0].facts == {"A": "1"}


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(["ATTLOG", "OPERLOG", "rtlog", "rtstate", "options", ""]), noise)
def test_any_body_is_answered_and_every_line_counted(office, table, body):
    if not hasattr(office, "here"):
        office.here = office()
    here = office.here
    code, text = here.terminal.post("cdata", body, table=table)
    assert code == 200
    assert here.terminal.post("devicecmd", body)[0] == 200
    if table in ("ATTLOG", "OPERLOG", "rtlog"):
        assert text == f"OK: {len(lines.split(body))}\n"


def test_a_body_of_rubbish_is_kept_within_bounds(office):
    here = office()
    here.terminal.post("cdata", b"x" * 100_000 + b"\n", table="ATTLOG")
    [kept] = here.records(Unreadable)
    assert len(kept.raw) == 512
