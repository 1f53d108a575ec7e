"""A kiosk's log bundle, as it came and as a person reads it."""

import zlib
from pathlib import Path

import msgspec

from sync_server.errors import BadFile

_MOST = 8 * 1024 * 1024  # bytes of an inflated bundle: the agent's 2,000 lines are far less


class _Bundle(msgspec.Struct):
    log: list[str] = []


def write_bundle(body: bytes, to: Path) -> int:
    """Write the JSON in a bundle, indented; how many log lines it holds. Raises BadFile."""
    unpacker = zlib.decompressobj()
    try:
        data = unpacker.decompress(body, _MOST)
        lines = len(msgspec.json.decode(data, type=_Bundle).log)
    except (zlib.error, msgspec.DecodeError, UnicodeDecodeError) as problem:
        raise BadFile(str(to), "", "bundle_damaged") from problem
    if not unpacker.eof:
        raise BadFile(str(to), "", "bundle_damaged")
    try:
        to.write_bytes(msgspec.json.format(data, indent=1) + b"\n")
    except OSError as problem:
        raise BadFile(str(to), "", "file_unwritable", detail=problem.strerror) from problem
    return lines
