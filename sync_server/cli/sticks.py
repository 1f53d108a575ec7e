"""The command that takes what kiosks without a link sent: sticks, and texts of QR codes."""

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from itertools import groupby
from pathlib import Path

import click
import msgspec

from contract import pasted, stick
from sync_server import authority, server
from sync_server.authority import Keys
from sync_server.cli.setting import BROKEN, Setting, as_json, setting
from sync_server.desk import Desk
from sync_server.errors import BadFile, unreadable
from sync_server.sticks import Counter, Taken
from sync_server.wording import complaint, say

_PIPE = Path("-")
_MOST_PIPED = 4 * stick.MAX_STICK
_STICK = b"HADIRS\x01"
_ODD = (
    ("missing_from", "stick_missing"),
    ("refused", "stick_refused"),
    ("forked", "stick_forked"),
)


@click.command("import")
@click.argument("path", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--text", is_flag=True, help="PATH holds scanned QR texts, as they were pasted.")
@as_json
@setting
def import_sticks(setting: Setting, path: Path, text: bool, as_json: bool) -> None:
    """Take the events of kiosks without a link from a stick: a folder, a file, or - for a pipe.

    Writes KID.receipt beside them, for `terminal-agent import-receipts`, and prints a code that
    says the same over the telephone; for a pipe the receipts go to stdout. Sticks may come twice and in any order. Exit code 1 where
    something is missing or could not be taken; the rest is stored all the same.

    Example: sync-server import /media/usb
    """
    with setting.ledger() as database:
        state = Path(setting.load().state)
        keys = Keys(state)
        counter = Counter(database, Desk(database, server.wall, authority.signer(state)), keys)
        taken, problems = counter.texts(_texts(path)) if text else _hand_in(counter, path)
    unwritten = [] if text else _carry_back(path, taken, as_json=as_json)
    for bad in (*problems, *unwritten):
        click.echo(complaint(setting.lang, bad.file, bad.where, bad.code, bad.values), err=True)
    if as_json:
        click.echo(_report(taken, problems))
    elif path != _PIPE or text:
        _tell(setting, taken, text)
        if taken and not text and not unwritten:
            setting.tell("stick_next")
    whole = not problems and not unwritten and all(one.whole() for one in taken)
    raise click.exceptions.Exit(0 if whole else BROKEN)


def _hand_in(counter: Counter, path: Path) -> tuple[list[Taken], list[BadFile]]:
    files, unread = _files(path)
    taken, problems = counter.sticks(files)
    return taken, unread + problems


def _files(path: Path) -> tuple[list[tuple[str, bytes]], list[BadFile]]:
    """Every stick file there, by name, and what is wrong with those in a folder that the system does
    not give. Raises BadFile where there is none at all."""
    if path == _PIPE:
        return _piped(), []
    if not path.is_dir():
        try:
            return [(path.name, _read(path))], []
        except OSError as problem:
            unreadable(str(path), problem)
    try:
        files = sorted(path.glob("*.hadir"))
    except OSError as problem:
        unreadable(str(path), problem)
    if not files:
        raise BadFile(str(path), "", "no_sticks")
    found, unread = [], []
    for file in files:
        try:
            found.append((file.name, _read(file)))
        except OSError as problem:
            unread.append(BadFile(file.name, "", "stick_unreadable", detail=problem.strerror))
    return found, unread


def _read(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(2 * stick.MAX_STICK)


def _piped() -> list[tuple[str, bytes]]:
    """The sticks in a pipe, one behind the other."""
    data = sys.stdin.buffer.read(_MOST_PIPED + 1)
    if len(data) > _MOST_PIPED:
        raise BadFile("-", "", "pipe_too_long", most=_MOST_PIPED >> 20)
    # Within a stick its beginning comes by chance once in 2^56, and then the signature fails.
    before, *sticks = data.split(_STICK)
    found = [_STICK + rest for rest in sticks]
    found = [before, *found] if before or not found else found
    return [(f"-:{number}" if found[1:] else "-", one) for number, one in enumerate(found, 1)]


def _texts(path: Path) -> list[tuple[str, str]]:
    """Every text of a kiosk in what was pasted, by its place. Raises BadFile."""
    try:
        data = sys.stdin.buffer.read(1 << 24) if path == _PIPE else path.read_bytes()
    except OSError as problem:
        unreadable(str(path), problem)
    found = pasted.texts(pasted.decoded(data))
    if not found:
        raise BadFile(str(path), "", "no_texts")
    return [(f"{path}:{line}", text) for line, text in found]


def _carry_back(path: Path, taken: Sequence[Taken], *, as_json: bool) -> list[BadFile]:
    """Write each kiosk's receipts beside its sticks; what could not be written."""
    unwritten: list[BadFile] = []
    for kid, group in groupby(taken, key=lambda one: one.kid):
        data = stick.encode_receipts(kid, [data for one in group for data in one.receipts])
        if path == _PIPE:
            if not as_json:  # there the receipts are in the report
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


COMMANDS = (import_sticks,)
