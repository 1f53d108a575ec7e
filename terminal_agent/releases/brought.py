"""Reads the manifest out of a release file that somebody brings."""

from pathlib import Path

from contract import release
from contract.errors import BatchError
from terminal_agent.errors import SourceMisconfigured


def brought(file: Path) -> tuple[bytes, bytes]:
    """Manifest and signature. Raises SourceMisconfigured where it is no release file."""
    try:
        with file.open("rb") as held:
            return release.enclosed(held)
    except FileNotFoundError as problem:
        raise SourceMisconfigured("release_missing", str(file)) from problem
    except (OSError, BatchError) as problem:
        raise SourceMisconfigured("release_damaged", f"{file}: {problem}") from problem
