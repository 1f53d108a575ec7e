"""What the door gives of a release: `/releases/DIGEST/manifest`, and ranges of `/releases/DIGEST/pack`.

Nothing else of it can be asked for, and never more than some hundred kilobytes at once: whoever is slow
keeps nobody out.
"""

import re
from pathlib import Path

import msgspec

from sync_server import release_store

_PATH = re.compile(r"/releases/([0-9a-f]{64})/(manifest|pack)")
_RANGE = re.compile(r"bytes=([0-9]{1,12})-([0-9]{1,12})")
_MOST = 1024 * 1024  # bytes of one answer
_WHOLE, _PARTIAL, _UNSATISFIABLE = 200, 206, 416  # RFC 9110


def is_costly(path: str) -> bool:
    """Whether an answer is packed anew for each who asks."""
    return path.endswith("/manifest")


class Given(msgspec.Struct, frozen=True):
    """An HTTP status, and the body."""

    status: int
    data: bytes = b""


def asked(state: Path, path: str, span: str) -> Given | None:
    """The answer to a GET with this Range header; None where nothing of the kind is here."""
    found = _PATH.fullmatch(path)
    if found is None:
        return None
    digest, what = found.groups()
    if what == "manifest":
        data = release_store.carried(state, digest)
        return Given(_WHOLE, data) if data else None
    return _span(release_store.pack(state, digest), _RANGE.fullmatch(span))


def _span(file: Path, span: re.Match[str] | None) -> Given | None:
    """Less than was asked for is no answer: a kiosk knows how long its release is."""
    try:
        with file.open("rb") as pack:
            if span is None:
                return Given(_UNSATISFIABLE)
            first, last = int(span[1]), int(span[2])
            if not 0 <= last - first < _MOST:
                return Given(_UNSATISFIABLE)
            pack.seek(first)
            data = pack.read(last - first + 1)
    except OSError:
        return None
    return Given(_PARTIAL, data) if len(data) == last - first + 1 else Given(_UNSATISFIABLE)
