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


def test_a_wrong_profile_is_answered_with_the_right_ones():
    answer = CliRunner().invoke(main, ["--profile", "f18"])
    assert answer.exit_code == 2
    assert "'face49'" in answer.output
