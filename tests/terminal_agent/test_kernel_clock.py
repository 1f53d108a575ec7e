"""How well the kernel's clock is kept reaches an agent that may not ask the kernel."""

import threading

import pytest

from terminal_agent import kernel_clock


@pytest.fixture
def told(tmp_path):
    return tmp_path / "kernel"


def test_what_the_kernel_said_is_believed_for_half_a_minute_and_grows_by_what_may_drift(told):
    told.write_text("60000 16\n")
    assert kernel_clock.read(60_000, told) == 16
    assert kernel_clock.read(80_000, told) == 26
    assert kernel_clock.read(90_001, told) is None, "whoever wrote it has stopped"
    assert kernel_clock.read(59_999, told) is None, "it was written in another boot"


@pytest.mark.parametrize("text", ["60000 -1\n", "", "60000", "60000 x", "16 16 16", "\xff"])
def test_an_unsynchronised_clock_and_a_broken_word_vouch_for_nothing(told, text):
    told.write_bytes(text.encode("latin-1"))
    assert kernel_clock.read(60_000, told) is None


def test_nobody_wrote_anything(told):
    assert kernel_clock.read(60_000, told) is None


def test_what_one_process_asks_another_reads(told):
    """Both by the kernel itself where both may ask."""
    stop = threading.Event()
    kernel_clock.keep_written(told, lambda: 60_000, stop, stop.set)
    assert kernel_clock.read(60_000, told) == kernel_clock.asked()
    assert oct(told.stat().st_mode & 0o777) == "0o644"
