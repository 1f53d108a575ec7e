"""`./run bench` prints what scripts read: every key, with a number for us, the peer and the ratio."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.postgres import binaries

ROOT = Path(__file__).parent.parent
FIELDS = ["ours", "unit", "peer", "peer_name", "ratio", "bound", "of_bound", "goal", "met"]
KEYS = {
    "zk": ["full_read", "tail_poll_bytes", "tail_poll_seconds"],
    "journal": ["single_scan", "batch_100", "batch_1000"],
    "ingest": ["batch_1000", "batch_100", "batch_10", "replay"],
    "tukin": ["month_10k", "month_10k_bare", "office_day_ms"],
}
if binaries():
    KEYS["ingest"] += [f"postgres_{key}" for key in (*KEYS["ingest"], "storage_1000")]
    KEYS["tukin"] += [f"postgres_{key}" for key in KEYS["tukin"]]


def bench(*arguments, patience=120):
    command = [sys.executable, "-m", "bench", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=patience)


@pytest.fixture(scope="module")
def printed():
    """One line of JSON for each bench, and nothing else on stdout."""
    done = bench(*KEYS, "--quick", "--json")
    assert done.returncode == 0, done.stderr
    return {result["name"]: result for result in map(json.loads, done.stdout.splitlines())}


@pytest.mark.parametrize("name", KEYS)
def test_a_bench_prints_every_figure_beside_its_peer(printed, name):
    result = printed[name]
    assert list(result) == ["name", "machine", "versions", "figures"]
    assert list(result["figures"]) == KEYS[name]
    for figure in result["figures"].values():
        assert list(figure) == FIELDS
        better = figure["ours"] / figure["peer"]
        if not figure["unit"].endswith("/s"):
            better = 1 / better
        assert figure["ratio"] == pytest.approx(better)


def test_every_bench_says_what_it_ran_on(printed):
    assert {"python", "sqlite", "pyzk"} <= printed["zk"]["versions"].keys()
    assert printed["zk"]["machine"]["cores"] >= 1


def test_durable_scans_are_set_against_the_disk_itself(printed):
    single = printed["journal"]["figures"]["single_scan"]
    assert single["of_bound"] == pytest.approx(single["ours"] / single["bound"])
    assert single["met"] == (single["of_bound"] >= 0.7)


def test_a_tail_poll_moves_few_bytes_whatever_the_size_of_the_log(printed):
    assert printed["zk"]["figures"]["tail_poll_bytes"]["ours"] < 1_500


def test_a_bench_that_does_not_exist_is_named_beside_those_that_do():
    done = bench("zkteco")
    assert done.returncode == 2
    assert done.stdout == ""
    assert "'zk', 'journal', 'ingest'" in done.stderr
