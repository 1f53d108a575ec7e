"""What commands that admit kiosks have in common: who signs, how a token is shown, who is told."""

import os
import sys
from pathlib import Path

import click
import segno

from contract import enrolment
from contract.enrolment import Pass
from sync_server import renewing, revocation, server
from sync_server.authority import Registrar
from sync_server.cli.setting import Setting
from sync_server.database import Database
from sync_server.errors import BadFile


def registrar(setting: Setting) -> Registrar:
    """What makes invitations and certificates now."""
    return renewing.registrar(setting.load(), int(server.wall()))


def address_to_ask(by: Registrar) -> str:
    """What a kiosk is told that asks without a token; "" where there is no door."""
    if by.papers is None or not by.door:
        return ""
    return enrolment.write_pass(Pass(by.door, by.papers.fingerprint()))


def give_pass(setting: Setting, by: Registrar, kid: str, secret: bytes, to: Path | None) -> None:
    """Show a one-time token as a line of text and a QR code, or write the line to a file. Raises
    BadFile where there is no door to show it at."""
    if by.papers is None or not by.door:
        raise BadFile("server.toml", "enrol.address", "no_door")
    text = enrolment.write_pass(Pass(by.door, by.papers.fingerprint(), kid, secret))
    if to is not None:
        write_secret(to, text.encode() + b"\n")
        setting.tell("token_written", kid=kid, file=to)
        return
    segno.make_qr(text, error="l").terminal(sys.stderr, border=2, compact=True)
    click.echo(text)
    setting.tell("token_made", kid=kid)


def publish(setting: Setting, database: Database, by: Registrar) -> bool:
    """Tell brokers which certificates count no more; whether every one could be told."""
    if by.papers is None:
        return True
    with database.reading() as tx:
        numbers = revocation.numbers(tx, by.now)
    state = Path(setting.load().state)
    failed = revocation.publish(state, by.papers, numbers)
    for folder in failed:
        setting.tell("crl_unwritable", folder=folder, file=state / revocation.FILE)
    if not failed:
        setting.tell("crl_written", file=state / revocation.FILE)
    return not failed


def write_secret(file: Path, data: bytes) -> None:
    """For nobody else's eyes. Raises BadFile."""
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as out:
            os.fchmod(handle, 0o600)  # it may have been there with a wider mode
            out.write(data)
    except OSError as problem:
        raise BadFile(str(file), "", "file_unwritable", detail=problem.strerror) from problem
