"""The agent's socket: whoever comes, hangs up, lies or does not listen, scans go on."""

import contextlib
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from contract.event import Scan
from terminal_agent.door import server, words
from terminal_agent.door.client import Door
from terminal_agent.door.words import Card, Hello, Told
from terminal_agent.errors import SourceMisconfigured, SourceUnavailable
from tests.room import SITI, Room, connected, eventually, seen, until


@pytest.fixture
def room(tmp_path):
    room = Room(tmp_path)
    yield room
    room.close()


@pytest.fixture
def plain(room):
    """A bare connection, for what a well-behaved client never does."""
    opened = []

    def connect(*, hello=True) -> socket.socket:
        wire = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        opened.append(wire)
        wire.connect(str(room.socket))
        wire.settimeout(5)
        if hello:
            with contextlib.suppress(BrokenPipeError):  # who is one too many is hung up on at once
                wire.sendall(words.line(Hello("camera")))
        return wire

    eventually(lambda: connected(room.enter("camera")))
    yield connect
    for wire in opened:
        wire.close()


def lines(wire) -> list[dict]:
    """What is said until it is hung up on, or until it has said something complete."""
    data = b""
    while not data.endswith(b"\n"):
        data += wire.recv(65_536)
    return [json.loads(line) for line in data.splitlines()]


def test_without_an_agent_a_client_is_told_so(tmp_path):
    door = Door(tmp_path / "agent.sock", "screen")
    with pytest.raises(SourceUnavailable, match="No such file") as away:
        door.connect()
    assert away.value.code == "no_agent"
    with pytest.raises(SourceUnavailable):
        door.ask(seen())


def test_the_socket_is_for_the_agents_group_and_replaces_one_that_was_left(room):
    room.enter("screen")
    mode = room.socket.stat().st_mode
    assert stat.S_ISSOCK(mode)
    assert stat.S_IMODE(mode) == 0o660
    room.end()
    assert room.socket.exists(), "a killed agent leaves it too"
    room.start()
    room.camera().ask(seen())
    assert len(room.records(Scan)) == 1


def test_an_agent_takes_no_socket_from_another_that_listens(room):
    room.enter("screen")
    with pytest.raises(SourceMisconfigured, match="another agent") as refused:
        server.Doorway(room.socket, lambda role, word: None, lambda role: (), lambda role: None)
    assert refused.value.code == "no_door"


def test_a_folder_that_cannot_be_made_is_said_with_its_path():
    nowhere = Path("/proc/hadir/agent.sock")
    with pytest.raises(SourceMisconfigured, match="/proc/hadir") as refused:
        server.Doorway(nowhere, lambda role, word: None, lambda role: (), lambda role: None)
    assert refused.value.code == "no_door"


def test_many_askers_on_one_door_each_get_their_own_answer(room):
    camera = room.camera()
    told = {}

    def ask(pin):
        told[pin] = camera.ask(seen(pin))

    askers = [threading.Thread(target=ask, args=(str(pin),)) for pin in range(20)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert all(answer.ok for answer in told.values())
    assert len({answer.ask for answer in told.values()}) == 20
    assert len(room.records(Scan)) == 20


def test_a_camera_that_is_killed_in_the_middle_of_a_word_leaves_nothing_behind(room):
    program = (
        "import socket, sys, time\n"
        "from terminal_agent.door import words\n"
        "from tests.room import seen\n"
        "wire = socket.socket(socket.AF_UNIX)\n"
        "wire.connect(sys.argv[1])\n"
        "wire.sendall(words.line(words.Hello('camera')) + words.line(seen())[:-20])\n"
        "print('said', flush=True)\n"
        "time.sleep(60)\n"
    )
    room.enter("screen")
    command = [sys.executable, "-c", program, room.socket]
    here = Path(__file__).parents[2]
    with subprocess.Popen(command, cwd=here, stdout=subprocess.PIPE) as child:
        child.stdout.readline()
        eventually(lambda: room.lobby._doorway.count("camera") == 1)
        os.kill(child.pid, signal.SIGKILL)
    eventually(lambda: room.lobby._doorway.count("camera") == 0)
    assert room.records(Scan) == []
    assert room.camera().ask(seen()).ok


def test_the_agent_that_goes_wakes_whoever_waits(room):
    screen = room.screen()
    woken = threading.Event()

    def wait():
        with suppress(SourceUnavailable):
            while True:
                screen.words(10)
        woken.set()

    waiting = threading.Thread(target=wait)
    waiting.start()
    room.end()
    assert woken.wait(5)
    waiting.join()


@pytest.mark.parametrize(
    "line",
    [b"{", b"\xff\xfe", b"[1]", b'{"say":"nothing"}', b'{"say":"seen","ask":1}', b"{" * 5000],
    ids=["cut off", "no text", "no word", "unknown", "incomplete", "nested"],
)
def test_a_line_that_is_no_word_is_answered_and_the_next_one_counts(room, plain, line, caplog):
    wire = plain()
    wire.sendall(line + b"\n" + line + b"\n")
    said = lines(wire)
    while len(said) < 2:
        said += lines(wire)
    assert {(one["say"], one["ok"], one["code"]) for one in said} == {("told", False, "malformed")}
    assert len([r for r in caplog.records if "malformed" in r.getMessage()]) == 1
    wire.sendall(words.line(seen()))
    assert lines(wire)[0]["ok"]
    assert len(room.records(Scan)) == 1


def test_who_does_not_say_who_it_is_is_not_heard(room, plain):
    wire = plain(hello=False)
    wire.sendall(words.line(seen()))
    assert lines(wire)[0]["code"] == "malformed"
    assert room.records(Scan) == []


def test_a_line_without_an_end_is_cut_off(room, plain):
    wire = plain()
    told, data = b"", b"x" * words.MOST_BYTES
    with suppress(ConnectionError):
        while True:
            wire.sendall(data)
    while chunk := _rest(wire):
        told += chunk
    assert b"malformed" in told
    assert room.camera().ask(seen()).ok


def _rest(wire) -> bytes:
    try:
        return wire.recv(65_536)
    except ConnectionError:
        return b""


def test_a_screen_that_never_reads_is_hung_up_on_and_delays_nobody(room, plain):
    deaf = plain(hello=False)
    deaf.sendall(words.line(Hello("screen")))
    screen = room.screen()
    camera = room.camera()
    eventually(lambda: room.lobby._doorway.count("screen") == 2)
    card = Card("checking", 1, "x" * 1000)
    for _ in range(2000):
        room.lobby.tell(card, "screen")
        if room.lobby._doorway.count("screen") < 2:
            break
        until(screen, Card)  # who reads has read it
    assert room.lobby._doorway.count("screen") == 1
    assert camera.ask(seen(SITI)).ok
    assert until(screen, Card)


def test_more_clients_than_a_kiosk_has_are_sent_away(room, plain):
    wires = [plain() for _ in range(20)]
    eventually(lambda: room.lobby._doorway.count("camera") >= 15)
    gone = 0
    for wire in wires:
        wire.settimeout(0.2)
        try:
            gone += wire.recv(10) == b""
        except TimeoutError:
            continue
        except ConnectionError:
            gone += 1
    assert gone == 5


def test_who_never_says_who_it_is_makes_room_for_who_does(room, plain, monkeypatch):
    monkeypatch.setattr(server, "_SILENT", 1.0)
    wires = [plain(hello=False) for _ in range(15)]
    eventually(lambda: len(room.lobby._doorway._clients) >= 15)
    wires[0].sendall(b"{\n" * 3)  # nor does who says nothing that can be understood
    eventually(lambda: len(room.lobby._doorway._clients) <= 1)
    assert room.camera().ask(seen()).ok


# What a process of another user is told, that can open the socket: its first answer, or "" where it
# is heard without one.
STRANGER = """
import socket, sys
wire = socket.socket(socket.AF_UNIX)
wire.settimeout(5)
wire.connect(sys.argv[1])
wire.sendall(b'{"say":"hello","role":"%s"}\\n' % sys.argv[2].encode())
print(wire.recv(65536).decode())
"""


@pytest.mark.all_only("needs root, to be somebody else")
@pytest.mark.parametrize(
    ("role", "answer"), [("camera", "malformed"), ("command", "malformed"), ("screen", "sight")]
)
def test_another_user_may_be_a_screen_and_never_a_camera(room, role, answer):
    room.enter("camera")
    for folder in (room.socket.parent.parent, room.socket.parent):
        folder.chmod(0o755)
    room.socket.chmod(0o666)
    nobody = {"user": 65_534, "group": 65_534, "extra_groups": []}
    done = subprocess.run(
        ["/usr/bin/python3", "-c", STRANGER, room.socket, role],
        **nobody,
        cwd="/",
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert f'"{answer}"' in done.stdout, done.stderr


def test_a_door_that_is_closed_wakes_its_asker_and_can_be_opened_again(room):
    door = room.camera()
    door.close()
    with pytest.raises(SourceUnavailable):
        door.words(1)
    door.connect()
    assert door.ask(seen()) == Told(1, ok=True)
