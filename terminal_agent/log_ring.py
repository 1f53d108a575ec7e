"""The newest lines of the agent's log in memory, for a technician who is far away."""

import logging
import re
from collections import deque
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Self

_LINES = 2_000
_LONGEST = 500
_MASK = "***"


class LogRing(logging.Handler):
    """Keeps what is logged from `with` to the end of it. `secrets` never appear in a line of it."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__(logging.INFO)
        self._held: deque[str] = deque(maxlen=_LINES)
        words = sorted({re.escape(word) for word in secrets if word}, key=len, reverse=True)
        self._secret = re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)") if words else None

    def __enter__(self) -> Self:
        logging.getLogger().addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        logging.getLogger().removeHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line: UTC time, level, text, and the trace of what went wrong."""
        when = datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        for line in self.format(record).splitlines():
            masked = self._secret.sub(_MASK, line) if self._secret else line
            self._held.append(f"{when} {record.levelname} {masked[:_LONGEST]}")

    def newest(self, lines: int) -> list[str]:
        """The newest `lines` lines, oldest first."""
        held = list(self._held)
        return held[-lines:] if lines else []
