"""The command that takes what kiosks without a link sent: sticks, and texts of QR codes."""

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from itertools import groupby
from pathlib import Path

import click
import msgspec

from contract import stick
from sync_server import server
from sync_server.authority import Keys
from sync_server.cli.setting import BROKEN, Setting, as_json, setting
from sync_server.desk import Desk
from sync_server.errors import BadFile, unreadable
from sync_server.sticks import Counter, Taken
from sync_server.wording import complaint, say

_PIPE = Path("-")
_ODD = (
    ("missing_from", "stick_missing"),
    ("refused", "stick_refused"),
    ("forked", "stick_forked"),
)


@click.command("import")
@click.argument("path", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--text", is_flag=True, help="PATH holds scanned QR texts, one a line.")
@as_json
@setting
def import_sticks(setting: Setting, path: Path, text: bool, as_json: bool) -> None:
    """Take the events of kiosks without a link from a stick: a folder, a file, or - for a pipe.

    Writes KID.receipt beside them, for `terminal-agent import-receipts`, and prints a code that
    says the same over the telephone. Sticks may come twice and in any order. Exit code 1 where
    something is missing or could not be taken; the rest is stored all the same.

    Example: sync-server import /media/usb
    """
    with setting.ledger() as database:
        keys = Keys(Path(setting.load().state))
        counter = Counter(database, Desk(database, server.wall), keys)
        taken, problems = counter.texts(_lines(path)) if text else counter.sticks(_files(path))
        unwritten = [] if text else _carry_back(path, taken)
    for bad in (*problems, *unwritten):
        click.echo(complaint(setting.lang, bad.file, bad.where, bad.code, bad.values), err=True)
    if as_json:
        click.echo(_report(taken, problems))
    elif path != _PIPE or text:
        _tell(setting, taken, text)
    whole = not problems and not unwritten and all(one.whole() for one in taken)
    raise click.exceptions.Exit(0 if whole else BROKEN)


def _files(path: Path) -> list[tuple[str, bytes]]:
    """Every stick file there, by name. Raises BadFile."""
    if path == _PIPE:
        return [("-", sys.stdin.buffer.read(2 * stick.MAX_STICK))]
    try:
        files = sorted(path.glob("*.hadir")) if path.is_dir() else [path]
        found = [(file.name, file.read_bytes()) for file in files]
    except OSError as problem:
        unreadable(str(path), problem)
    if not found:
        raise BadFile(str(path), "", "no_sticks")
    return found


def _lines(path: Path) -> list[tuple[str, str]]:
    """Every line that is not empty, by its place. Raises BadFile."""
    try:
        data = sys.stdin.buffer.read(1 << 24) if path == _PIPE else path.read_bytes()
    except OSError as problem:
        unreadable(str(path), problem)
    lines = enumerate(data.decode("utf-8", "replace").splitlines(), 1)
    found = [(f"{path}:{number}", line) for number, line in lines if line.strip()]
    if not found:
        raise BadFile(str(path), "", "no_texts")
    return found


def _carry_back(path: Path, taken: Sequence[Taken]) -> list[BadFile]:
    """Write each kiosk's receipts beside its sticks; what could not be written."""
    unwritten = []
    for kid, group in groupby(taken, key=lambda one: one.kid):
        data = stick.encode_receipts(kid, [data for one in group for data in one.receipts])
        if path == _PIPE:
            sys.stdout.buffer.write(data)
            continue
        file = (path if path.is_dir() else path.parent) / f"{kid}.receipt"
        try:
            _write_whole(file, data)
        except OSError as problem:
            values = {"detail": problem.strerror, "path": path}
            unwritten.append(BadFile(str(file), "", "receipt_unwritable", **values))
    return unwritten


def _write_whole(file: Path, data: bytes) -> None:
    beside = file.with_name(file.name + ".part")
    with beside.open("wb") as out:
        out.write(data)
        out.flush()
        with suppress(PermissionError):  # FAT knows no modes
            os.fchmod(out.fileno(), 0o644)  # a MAC guards it, and whoever carries it may copy it
        os.fsync(out.fileno())
    beside.replace(file)


def _report(taken: Sequence[Taken], problems: Sequence[BadFile]) -> bytes:
    kiosks = [
        {**msgspec.structs.asdict(one), "receipts": stick.returned(one.kid, one.receipts)}
        for one in taken
    ]
    not_taken = [{"file": bad.file, "code": bad.code} for bad in problems]
    return msgspec.json.encode({"kiosks": kiosks, "not_taken": not_taken})


def _tell(setting: Setting, taken: Sequence[Taken], text: bool) -> None:
    for one in taken:
        values = msgspec.structs.asdict(one)
        click.echo(say(setting.lang, "stick_taken", **values))
        for field, code in _ODD:
            if values[field]:
                click.echo(say(setting.lang, code, **values))
        if one.short:
            click.echo(say(setting.lang, "stick_code", **values))
        if text and one.receipts:
            click.echo(stick.returned(one.kid, one.receipts))
    if taken and not text:
        setting.tell("stick_next")


COMMANDS = (import_sticks,)
