"""A terminal to oneself for the length of an order."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from terminal_agent.errand import Errand
from terminal_agent.errors import SourceUnavailable
from terminal_agent.orders.hands import Hands

_FREE_SECONDS = 90.0  # until a source that is reading lets its terminal go


@contextmanager
def lent(device: str, hands: Hands, beat: Callable[[], None]) -> Iterator[Callable[[], None]]:
    """The terminal of this configured name, which its source leaves alone meanwhile; gives `beat`.
    Raises SourceUnavailable."""
    errand = Errand(aside=True)
    hands.intakes[device].ask(errand)
    try:
        if not errand.wait(_FREE_SECONDS, beat):
            raise SourceUnavailable("busy", f"{device} is still being read")
        if errand.failed:
            raise SourceUnavailable(errand.detail, f"{device} could not be lent")
        yield beat
    finally:
        errand.end()
