"""Writes what was answered: into the kiosk's configuration, and into files that wait to be applied."""

import os
from collections.abc import Mapping
from pathlib import Path

from terminal_agent import config
from terminal_agent.durable import as_owner, write_whole
from terminal_agent.errors import SourceMisconfigured, SourceUnavailable
from terminal_agent.provision import written

_NEW = "# Kios Hadir: /etc/hadir/agent.toml\n"
_PRIVATE = 0o640  # communication keys stand in it; tmpfiles.d gives it to the agent's group


def put(file: Path, answers: Mapping[str, object]) -> bool:
    """Put the answers into the configuration in `file`, whose owner and mode stay; whether anything
    was new. Raises SourceMisconfigured, and SourceUnavailable where it cannot be written."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        before = file.read_text("utf-8") if file.exists() else _NEW
        text = merged(before, answers, str(file))
        if text == before:
            return False
        its = file.stat() if file.exists() else file.parent.stat()
        write_whole(file, text.encode(), _PRIVATE)
        os.chown(file, its.st_uid, its.st_gid)
    except OSError as problem:
        raise SourceUnavailable("init_unwritable", str(file)) from problem
    return True


def must_be_writable(file: Path) -> None:
    """Told before the questions, not after them. Raises SourceUnavailable."""
    there = next(path for path in (file, *file.parents) if _is_there(path))
    if not os.access(there, os.W_OK):
        raise SourceUnavailable("init_unwritable", str(file))


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except PermissionError:  # a folder that we may not look into
        return False


def merged(before: str, answers: Mapping[str, object], where: str) -> str:
    """As it would be written, proven to be readable; `where` names it. Raises SourceMisconfigured."""
    config.decode(before.encode(), where)  # its own errors first, with its own lines
    try:
        text = written.merged(before, answers)
    except ValueError as problem:
        raise SourceMisconfigured("init_not_merged", where) from problem
    config.decode(text.encode(), where)
    return text


def write_private(file: Path, text: str) -> None:
    """A file of answers that wait, for the folder's owner alone. Raises SourceUnavailable."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with as_owner(file.parent):
            write_whole(file, text.encode())
    except OSError as problem:
        raise SourceUnavailable("state_unwritable", str(problem)) from problem
