"""What runs beside the main thread: its death is the process's, told as a failure."""

import threading

import pytest

from sync_server.beside import beside


def test_a_thread_that_dies_ends_the_process_as_a_failure_that_is_named(caplog):
    stop = threading.Event()
    with pytest.raises(ZeroDivisionError), beside("webhooks", lambda: 1 // 0, stop):
        assert stop.wait(10)
    assert "webhooks.died" in caplog.text


def test_a_thread_that_is_told_to_end_is_waited_for(caplog):
    stop, ended = threading.Event(), []
    with beside("daybook", lambda: (stop.wait(10), ended.append(1)), stop):
        pass
    assert ended == [1]
    assert caplog.text == ""
