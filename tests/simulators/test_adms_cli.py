"""A technician can rehearse with a terminal that pushes, from the command line."""

import os
import signal
import subprocess
import sys

from contract.event import Scan
from tests.pushed import SERIAL, Office


def terminal(office, *words):
    command = [sys.executable, "-m", "simulators.adms", "--port", str(office.source.port)]
    return subprocess.Popen(
        [*command, "--records", "3", *words],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )


def heard(process, times):
    said = [process.stdout.readline() for _ in range(times)]
    process.send_signal(signal.SIGINT)
    assert process.wait(10) == 0
    process.stdout.close()
    return said


def test_the_terminal_of_the_command_line_pushes_its_log_to_a_kiosk(tmp_path):
    office = Office(tmp_path)
    with terminal(office, "--serial", SERIAL) as process:
        said = heard(process, 2)
    assert said[0].startswith(f"{SERIAL} with 3 punches pushes to 127.0.0.1:")
    assert said[1].startswith("3 of 3 punches are with the kiosk")
    assert [scan.pin for scan in office.records(Scan)] == ["1007", "1014", "1021"]
    office.end()


def test_a_kiosk_that_does_not_know_it_is_told_with_its_answer(tmp_path):
    office = Office(tmp_path)
    with terminal(office, "--serial", "OTHER1") as process:
        assert heard(process, 2)[1] == "the kiosk refuses it: HTTP 403\n"
    office.end()
