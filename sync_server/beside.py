"""Threads beside the main one: the end of one is the end of the process, and its failure the process's."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

log = logging.getLogger(__name__)

_LEAVE_S = 4.0  # then whoever still waits for somebody outside is left behind


@contextmanager
def beside(name: str, act: Callable[[], object], stop: threading.Event) -> Iterator[None]:
    """Do something in a thread of its own, which has to end soon after `stop` is set. When it ends it
    sets `stop`; what it raised is raised again at the end, so that the supervisor sees a failure."""
    failed: list[BaseException] = []
    before = threading.excepthook

    def work() -> None:
        try:
            act()
        finally:
            stop.set()

    def died(caught: threading.ExceptHookArgs) -> None:
        if caught.thread is not thread:
            before(caught)
            return
        log.error("%s.died reason=%s", name, caught.exc_type.__name__)
        failed.append(caught.exc_value or SystemError(caught.exc_type.__name__))

    threading.excepthook = died
    thread = threading.Thread(target=work, name=name, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(_LEAVE_S)
        threading.excepthook = before
    for problem in failed:
        raise problem
