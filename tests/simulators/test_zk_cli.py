"""A technician can rehearse with a terminal that runs on the own machine."""

import re
import signal
import subprocess
import sys

from click.testing import CliRunner

from simulators.zk import wire
from simulators.zk.__main__ import main
from tests.simulators.raw import client


class Here:
    address = "127.0.0.1"


def test_the_terminal_of_the_command_line_serves_its_log_until_it_is_stopped():
    command = [sys.executable, "-m", "simulators.zk", "--port", "0", "--records", "300"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        told = process.stdout.readline()
        here = Here()
        here.port = int(re.search(r"127\.0\.0\.1:(\d+)", told)[1])
        with client(here) as visitor:
            assert visitor.ask(wire.FREE_SIZES).data[32:36] == (300).to_bytes(4, "little")
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0
    assert told.startswith("f19 with 300 punches on ")
    assert f"serial F19{here.port:05}," in told


def serial_of(*words):
    """The serial number that a terminal of the command line says it has, asked over the wire."""
    command = [sys.executable, "-m", "simulators.zk", "--port", "0", "--records", "1", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        here = Here()
        here.port = int(re.search(r"127\.0\.0\.1:(\d+)", process.stdout.readline())[1])
        with client(here) as visitor:
            answer = visitor.ask(wire.READ_OPTION, b"~SerialNumber\0").data
        process.send_signal(signal.SIGINT)
        process.wait(10)
    return answer.rstrip(b"\0").partition(b"=")[2].decode(), here.port


def test_a_terminal_has_the_serial_number_that_was_asked_for_or_one_of_its_port():
    """Two terminals of one rehearsal with one serial number would be one terminal to the kiosk."""
    assert serial_of("--serial", "LOBI01")[0] == "LOBI01"
    serial, port = serial_of("--profile", "face49")
    assert serial == f"FACE49{port:05}"


def test_a_wrong_profile_is_answered_with_the_right_ones():
    answer = CliRunner().invoke(main, ["--profile", "f18"])
    assert answer.exit_code == 2
    assert "'face49'" in answer.output
