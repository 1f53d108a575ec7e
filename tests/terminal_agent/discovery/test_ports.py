"""Serial ports: who speaks there is heard before anything is written, and others' ports are left."""

import os
import select
import subprocess
import sys
import threading
import tty
from contextlib import contextmanager

import pytest
import serial

from terminal_agent.discovery import cameras, ports
from terminal_agent.discovery.found import FoundCamera, FoundPort

RMC = b"$GNRMC,050000.00,A,0717.11440,S,11233.91524,E,0.0,0.0,221126,,,A*6D\r\n"
# The answer "wrong password" of an R307: identifier 7, three bytes, code 0x13.
REFUSAL = bytes.fromhex("ef01ffffffff07000313001d")


class Port:
    """A device of /dev/serial/by-id; the test holds its other end."""

    def __init__(self, folder, name):
        self.far, self.near = os.openpty()
        tty.setraw(self.near)
        tty.setraw(self.far)
        self.path = folder / name
        self.path.symlink_to(os.ttyname(self.near))
        os.close(self.near)  # as a plugged device that nobody has open
        self.heard = b""
        self.stop = threading.Event()

    @contextmanager
    def doing(self, turn):
        thread = threading.Thread(target=self._repeat, args=(turn,))
        thread.start()
        try:
            yield
        finally:
            self.stop.set()
            thread.join()

    def _repeat(self, turn):
        while not self.stop.wait(0.05):
            ready, _, _ = select.select([self.far], [], [], 0)
            if ready:
                try:
                    self.heard += os.read(self.far, 256)
                except OSError:  # EIO: nobody has it open
                    continue
            turn(self)


def receiver(port):
    os.write(port.far, RMC)


def sensor(port):
    if port.heard:
        os.write(port.far, REFUSAL)
        port.heard = b""


def silence(port):
    pass


@pytest.fixture
def folder(tmp_path):
    by_id = tmp_path / "by-id"
    by_id.mkdir()
    return by_id


def with_checksum(sentence):
    total = 0
    for byte in sentence:
        total ^= byte
    return b"$%s*%02X\r\n" % (sentence, total)


def test_a_satellite_receiver_is_heard_and_nothing_is_written_to_it(folder):
    port = Port(folder, "usb-u-blox_7_GNSS-if00")
    said = with_checksum(b"GNRMC,050000.00,A,0717.11,S,11233.91,E,0.0,0.0,221126,,,A")
    with port.doing(lambda p: os.write(p.far, said)):
        [found] = ports.ports(folder)
    assert (found.kind, found.title) == ("gnss", "u-blox 7 GNSS")
    assert port.heard == b""


def test_a_fingerprint_sensor_answers_even_where_its_password_is_another(folder):
    port = Port(folder, "usb-1a86_USB_Serial-if00-port0")
    with port.doing(sensor):
        [found] = ports.ports(folder)
    assert found == FoundPort(str(port.path), "finger", 57_600, "1a86 USB Serial")


def test_a_port_without_anybody_is_silent(folder):
    port = Port(folder, "usb-nobody-if00")
    with port.doing(silence):
        assert [one.kind for one in ports.ports(folder)] == ["silent"]


def test_a_port_that_another_process_has_open_is_never_written_to(folder):
    """Also where that process locked nothing."""
    port = Port(folder, "usb-somebodys-if00")
    program = f"import sys; f = open({os.fspath(port.path)!r}, 'rb+', 0); print(1, flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        other.stdout.readline()
        with port.doing(silence):
            [found] = ports.ports(folder)
        other.stdin.close()
        other.wait()
    assert found.kind == "held"
    assert port.heard == b""


def test_a_port_that_is_locked_is_left_alone_where_processes_are_hidden(folder, tmp_path):
    """Whoever is not root sees no other user's open files; the lock holds all the same."""
    hidden = tmp_path / "proc"
    hidden.mkdir()
    port = Port(folder, "usb-locked-if00")
    with serial.Serial(os.fspath(port.path), exclusive=True), port.doing(silence):
        [found] = ports.ports(folder, processes=hidden)
    assert found.kind == "held"
    assert port.heard == b""


def test_a_port_of_the_configuration_is_left_alone_even_while_it_is_closed(folder):
    port = Port(folder, "usb-ours-if00")
    with port.doing(silence):
        [found] = ports.ports(folder, left_alone=[str(port.path)])
    assert (found.kind, port.heard) == ("held", b"")


@pytest.mark.parametrize(
    ("heard", "true"),
    [
        (with_checksum(b"GPGGA,1,2,3"), True),
        (b"\xff\x00tail*00\r\n" + with_checksum(b"GNRMC,,V,,"), True),
        (with_checksum(b"GPGGA,1,2,3").replace(b"1,2", b"1,3"), False),
        (b"$GPGGA,1,2,3", False),
        (b"", False),
    ],
)
def test_only_a_whole_sentence_with_a_right_checksum_makes_a_receiver(heard, true):
    assert ports.speaks_nmea(heard) is true


def test_a_camera_is_named_by_its_stable_path_and_its_second_node_is_none(tmp_path):
    devices, by_id, classes = tmp_path / "dev", tmp_path / "by-id", tmp_path / "class"
    for folder in (devices, by_id, classes / "video0"):
        folder.mkdir(parents=True)
    for number in (0, 1):
        (devices / f"video{number}").touch()
        (by_id / f"usb-046d_C270-video-index{number}").symlink_to(devices / f"video{number}")
    (classes / "video0" / "name").write_text("C270 HD WEBCAM\n")
    where = str(by_id / "usb-046d_C270-video-index0")
    assert cameras.cameras(by_id, classes) == [FoundCamera(where, "C270 HD WEBCAM")]
    assert cameras.cameras(tmp_path / "none") == []
