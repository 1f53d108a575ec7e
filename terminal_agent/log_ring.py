"""What a log line may not show, and the newest lines in memory, for a technician who is far away."""

import logging
from collections import deque
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Self

from contract.masked import Mask

_LINES = 2_000
_LONGEST = 500
_SHORT = 5  # letters; in the journal of the system a shorter secret would hide half of every line


class _Lines(logging.Formatter):
    """Lines of the process's own log, with traces, without what nobody may read there."""

    mask = Mask()

    def format(self, record: logging.LogRecord) -> str:
        return self.mask(super().format(record))


def begin() -> None:
    """Log to stderr from INFO on. NIPs and logins in URLs are taken out."""
    logging.basicConfig(level=logging.INFO)
    for handler in logging.getLogger().handlers:
        handler.setFormatter(_Lines("%(levelname)s %(message)s"))


def hide(secrets: Iterable[str]) -> None:
    """Take these out of what is logged from now on, too."""
    _Lines.mask = Mask(word for word in secrets if len(word) >= _SHORT)


class LogRing(logging.Handler):
    """Keeps what is logged from `with` to the end of it. `secrets` never appear in a line of it."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__(logging.INFO)
        self._held: deque[str] = deque(maxlen=_LINES)
        self._mask = Mask(secrets)

    def __enter__(self) -> Self:
        logging.getLogger().addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        logging.getLogger().removeHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line: UTC time, level, text, and the trace of what went wrong."""
        when = datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        for line in self.format(record).splitlines():
            self._held.append(f"{when} {record.levelname} {self._mask(line)[:_LONGEST]}")

    def newest(self, lines: int) -> list[str]:
        """The newest `lines` lines, oldest first."""
        held = list(self._held)
        return held[-lines:] if lines else []
