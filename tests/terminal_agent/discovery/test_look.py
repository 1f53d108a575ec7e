"""A look around for terminals: who answers, what they say, and who is left alone."""

import socket
import threading
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from ipaddress import IPv4Network

import pytest
from click.testing import CliRunner

from simulators.zk import wire
from simulators.zk.device import Device
from simulators.zk.profiles import FACE49
from simulators.zk.sample import furnish
from simulators.zk.terminal import Terminal
from terminal_agent import cli
from terminal_agent.discovery import look, sweep
from terminal_agent.discovery.found import FoundTerminal, merged
from terminal_agent.discovery.look import Listed
from terminal_agent.zk.link import Link

NETWORK = [IPv4Network("127.84.1.0/25")]


class Shelf:
    def __init__(self, stack):
        self.stack = stack
        self.port = 0

    def put(self, last, serial, comm_key=0):
        device = Device(FACE49, lambda: datetime.now(UTC), serial, comm_key)
        furnish(device, 40, people=4)
        terminal = Terminal(device, address=f"127.84.1.{last}", port=self.port)
        self.stack.enter_context(terminal)
        self.port = terminal.port
        return terminal

    def look(self, comm_key=0, listed=()):
        found = look.terminals(NETWORK, self.port, comm_key, listed)
        return {one.address.rpartition(".")[2]: one for one in found}


@pytest.fixture
def shelf():
    with ExitStack() as stack:
        yield Shelf(stack)


def test_a_terminal_says_its_serial_number_family_firmware_and_how_full_it_is(shelf):
    shelf.put(5, "A1")
    [one] = shelf.look().values()
    assert (one.serial, one.family, one.firmware) == (
        "A1",
        "ZAM180_TFT",
        "Ver 1.0.0 ZAM180-NF50VA",
    )
    assert (one.users, one.records, one.record_capacity) == (4, 40, 200_000)
    assert (one.way, one.key, one.problem) == ("tcp", "none", "")


def test_whether_a_key_is_needed_is_told_and_a_right_one_opens(shelf):
    shelf.put(5, "A1", comm_key=1234)
    assert (shelf.look()["5"].key, shelf.look()["5"].serial) == ("needed", "")
    assert (shelf.look(comm_key=1234)["5"].key, shelf.look(comm_key=1234)["5"].serial) == (
        "right",
        "A1",
    )
    assert shelf.look(comm_key=9)["5"].key == "needed"


def test_the_key_of_the_configuration_is_used_at_that_terminals_address_only(shelf):
    shelf.put(5, "A1", comm_key=1234)
    shelf.put(6, "B2", comm_key=1234)
    found = shelf.look(listed=[Listed("lobi", "127.84.1.5", shelf.port, 1234, "A1")])
    assert (found["5"].name, found["5"].serial) == ("lobi", "A1")
    assert (found["6"].name, found["6"].key) == ("", "needed")


def test_a_terminal_is_named_by_its_serial_number_wherever_it_stands(shelf):
    shelf.put(9, "A1")
    shelf.put(5, "X")
    found = shelf.look(listed=[Listed("lobi", "127.84.1.5", shelf.port, 0, "A1")])
    assert (found["9"].name, found["5"].name) == ("lobi", "")


def test_a_terminal_that_this_machine_reads_is_told_and_left_alone(shelf):
    terminal = shelf.put(5, "A1")
    listed = [Listed("lobi", "127.84.1.5", shelf.port, 0, "A1")]
    with Link("127.84.1.5", shelf.port, timeout=5):
        found = shelf.look(listed=listed)["5"]
        assert terminal.traffic.counts()[wire.CONNECT] == 1
    assert (found.held, found.serial, found.name) == (True, "A1", "lobi")


def test_a_terminal_that_speaks_udp_only_is_found_over_udp(shelf):
    with only_udp(shelf.put(5, "A1")):
        one = shelf.look()["5"]
    assert (one.way, one.serial) == ("udp", "A1")


@contextmanager
def only_udp(terminal):
    """Nobody accepts on TCP any more."""
    terminal._tcp.shutdown(socket.SHUT_RDWR)
    terminal._tcp.close()
    yield


def test_a_terminal_asked_over_udp_is_told_that_the_session_is_over(shelf):
    terminal = shelf.put(5, "A1")
    assert sweep.udp(["127.84.1.5"], shelf.port) == ["127.84.1.5"]
    assert wire.EXIT in terminal.traffic.counts()


def test_a_port_that_speaks_another_language_is_told_with_its_code(shelf):
    shelf.put(5, "A1")
    with socket.create_server(("127.84.1.6", shelf.port)) as server:
        thread = threading.Thread(target=greet, args=(server,))
        thread.start()
        found = shelf.look()
        server.shutdown(socket.SHUT_RDWR)
        thread.join()
    assert (found["6"].serial, found["6"].problem) == ("", "broken_frame")
    assert found["5"].serial == "A1"


def greet(server):
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        with connection:
            connection.sendall(b"SSH-2.0-dropbear\r\n")


def test_what_is_found_stands_in_the_order_of_its_address(shelf):
    for last in (20, 3, 100):
        shelf.put(last, f"S{last}")
    assert list(shelf.look()) == ["3", "20", "100"]


def test_two_that_tell_one_serial_number_are_shown_once_with_the_other_address(shelf):
    shelf.put(5, "A1")
    shelf.put(6, "A1")
    shelf.put(7, "B2")
    found = shelf.look()
    assert {last: one.also for last, one in found.items()} == {"5": ("127.84.1.6",), "7": ()}


def test_a_router_that_answers_for_every_address_is_one_line():
    every = [FoundTerminal(f"10.0.0.{n}", problem="broken_frame") for n in range(1, 255)]
    mine = FoundTerminal("10.0.0.77", serial="A1")
    found = merged([*every, mine], 254)
    assert [(one.address, len(one.also)) for one in found] == [("10.0.0.1", 253), ("10.0.0.77", 0)]
    locked = [FoundTerminal(f"10.0.0.{n}", key="needed") for n in range(1, 10)]
    assert len(merged(locked, 254)) == 9, "nine terminals with a key may well be in one office"


def discover(config, *words):
    return CliRunner().invoke(cli.main, ["--config", str(config), "discover", *words])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--port", "99999"), "--port"),
        (("--port", "0"), "--port"),
        (("--password", "-5"), "--password"),
        (("--password", "1000000"), "--password"),
        (("--network", ""), "--network 192.168.1.0/24"),
        (("--network", "kantor"), "--network 192.168.1.0/24"),
        (("--network", "8.8.8.0/24"), "internet"),
        (("--network", "224.0.0.0/4"), "internet"),
    ],
)
def test_what_was_typed_wrong_is_told_before_anybody_is_asked(tmp_path, words, said):
    done = discover(tmp_path / "none.toml", *words)
    assert (done.exit_code, said in done.stderr) == (2, True), done.stderr


def test_after_a_new_card_the_terminal_that_moved_is_named_as_the_likely_one(shelf, tmp_path):
    at = shelf.put(5, "A1")
    config = tmp_path / "agent.toml"
    config.write_text(
        f'[kiosk]\nstate = "{tmp_path}"\n'
        f'[[zkteco]]\nname = "lobi"\nhost = "127.84.1.4"\nport = {at.port}\n'
    )
    done = discover(config, "--network", "127.84.1.0/29", "--port", str(at.port))
    assert done.exit_code == 0, done.stderr
    assert "mungkin ini lobi" in done.stdout
    assert 'host = "127.84.1.5"' in done.stdout
    assert "lobi (127.84.1.4 di agent.toml) tidak ditemukan" in done.stdout
