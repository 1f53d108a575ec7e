"""How the centre logs: lines without a NIP, whatever path, error or trace brought one there."""

import logging

from contract.masked import Mask


class _Lines(logging.Formatter):
    """A line with its trace, without what nobody may read there."""

    _mask = Mask()

    def format(self, record: logging.LogRecord) -> str:
        return self._mask(super().format(record))


def log_masked() -> None:
    """Log to stderr from INFO on."""
    logging.basicConfig(level=logging.INFO)
    for handler in logging.getLogger().handlers:
        handler.setFormatter(_Lines("%(levelname)s %(message)s"))
    logging.getLogger("alembic").setLevel(logging.WARNING)
