"""A kiosk is an ARM64 computer: what must not differ there by one byte runs there, emulated.

It says that things work on aarch64 with the wheels of the lock, and nothing about how fast.
"""

import re
import subprocess

import pytest

from tests.arm import aarch64

pytestmark = [
    pytest.mark.all_only("needs qemu-user-static and mmdebstrap, and four minutes of one core"),
    pytest.mark.timeout(1800),  # emulated, on a machine that does other things meanwhile
]

# Bytes on the wire and in the chain, the journal's and the ledger's promises, time, pairing, money.
# Left out: tests that start processes, and those whose length is in their examples.
_CORE = (
    "tests/contract/test_golden.py",
    "tests/contract/test_event.py",
    "tests/contract/test_command.py",
    "tests/contract/test_chain.py",
    "tests/contract/test_receipt.py",
    "tests/contract/test_vouched.py",
    "tests/terminal_agent/test_journal.py",
    "tests/terminal_agent/test_outbox.py",
    "tests/terminal_agent/test_dispatch.py",
    "tests/sync_server/test_ingest.py",
    "tests/sync_server/test_ledger.py",
    "tests/sync_server/test_retime.py",
    "tests/sync_server/test_pairing.py",
    "tests/sync_server/test_cases.py",
    "tests/sync_server/test_tukin.py",
)
# An emulated Python starts no other one; and which golden files were added says nothing of a machine.
_NOT_HERE = (
    "tests/contract/test_golden.py::test_new_golden_files_are_only_added",
    "tests/terminal_agent/test_journal.py::"
    "test_what_store_returned_is_there_after_the_process_was_killed",
)


def test_the_core_keeps_its_promises_on_aarch64():
    if why := aarch64.missing():
        pytest.skip(why)
    quiet = ("-p", "no:cacheprovider", "-p", "fewer_examples")
    left_out = [f"--deselect={test}" for test in _NOT_HERE]
    words = (*quiet, "--hypothesis-profile=emulated", *left_out, *_CORE)
    line = aarch64.python("-m", "pytest", *words)
    done = subprocess.run(line, cwd=aarch64.ROOT, capture_output=True, text=True, check=False)
    told = done.stdout[-4000:] + done.stderr[-1000:]
    assert done.returncode == 0, told
    assert "machine: aarch64" in done.stdout, told
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed is not None, told
    assert int(passed[1]) >= 500, told
