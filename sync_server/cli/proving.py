"""Commands that prove the ledger, and that write down where it stands."""

from pathlib import Path

import click
import msgspec

from sync_server import authority, ledger, office_log, server, verifying
from sync_server.checkpoints import rounds
from sync_server.cli.setting import BROKEN, FILE, Setting, as_json, read_bytes, setting
from sync_server.errors import BadFile
from sync_server.signatures import Signer
from sync_server.verifying import ChainCheck, Check
from sync_server.wording import say


@click.command("verify")
@click.option("--kid", help="Only this kiosk.")
@click.option("--against", type=FILE, help="A checkpoint that was mailed or printed earlier.")
@as_json
@setting
def verify(setting: Setting, kid: str | None, against: Path | None, as_json: bool) -> None:
    """Recompute everything that proves the records; name the first of each kind that does not hold.

    Chains, punches, seals, receipts and checkpoints that kiosks noted, the office's log, decisions, files
    of decrees, checkpoints, frozen months, offices of kiosks and what these were given. Without --kid
    also the daily facts, which are made again and compared, not repaired: that takes as long as `facts
    rebuild`. With --against also whether the ledger still contains what the checkpoint in that file
    says. Exit code 1 where something does not hold.

    Example: sync-server ledger verify --against checkpoint-12.txt
    """
    signer = _signer(setting)
    key = signer.key if signer else b""
    with setting.ledger() as database, database.reading() as tx:
        if kid is not None and not ledger.kiosk(tx, kid):
            raise BadFile(kid, "", "kid_unknown", kid=kid)
        compared = []
        if against is not None:  # first: it says at once what is no checkpoint of this centre
            compared = [verifying.against(tx, _checkpoint_text(against), str(against), key)[1]]
        chains, checks = verifying.everything(tx, key, kid)
        waiting = 0
        if kid is None:
            facts, waiting = verifying.facts(tx, server.wall())
            checks.append(facts)
        checks += compared
    if as_json:
        shown = {"chains": chains, "checks": checks, "facts_waiting": waiting}
        click.echo(msgspec.json.encode(shown))
    else:
        _tell_chains(setting, chains)
        _tell(setting, checks)
        _tell_after(setting, checks, waiting, kid)
    raise click.exceptions.Exit(BROKEN if any(one.failed for one in checks) else 0)


@click.command("checkpoint")
@click.option("--to", type=FILE, help="Where to write it; without it, on stdout.")
@as_json
@setting
def checkpoint(setting: Setting, to: Path | None, as_json: bool) -> None:
    """Write down where every chain and book stands now, signed; send it to every kiosk.

    One is made each day by itself. Mail the file to the inspectorate, or print it: whoever has it can
    prove that this ledger still contains what it held, with `ledger verify --against FILE`.

    Example: sync-server ledger checkpoint --to checkpoint.txt
    """
    signer = _signer(setting)
    if signer is None:
        with setting.explaining():
            raise BadFile("ledger checkpoint", "", "sign_key_missing", state=setting.load().state)
    now = server.wall()
    with setting.ledger() as database, database.writing() as tx:
        kept = rounds.publish(tx, signer, now, office_log.system_user())
        if to is not None:
            _write(to, kept.file)
    if as_json:
        told = {"no": kept.no, "day": kept.day, "digest": kept.digest, "short": kept.short}
        click.echo(msgspec.json.encode(told | {"file": str(to) if to else None}))
    elif to is None:
        click.echo(kept.file, nl=False)
    setting.tell("checkpoint_made", no=kept.no, day=kept.day, short=kept.short)


def _signer(setting: Setting) -> Signer | None:
    with setting.explaining():
        return authority.signer(Path(setting.load().state))


def _write(file: Path, text: str) -> None:
    try:
        with file.open("x", encoding="utf-8") as fresh:  # an older one may be the only witness
            fresh.write(text)
    except FileExistsError as problem:
        raise BadFile(str(file), "", "checkpoint_there") from problem
    except OSError as problem:
        raise BadFile(str(file), "", "file_unwritable", detail=problem.strerror) from problem


def _checkpoint_text(file: Path) -> str:
    """What the file holds. Raises BadFile, also where it is no text and so no checkpoint."""
    try:
        return read_bytes(file).decode()
    except UnicodeDecodeError as problem:
        raise BadFile(str(file), "", "not_a_checkpoint") from problem


def _tell_after(setting: Setting, checks: list[Check], waiting: int, kid: str | None) -> None:
    """What was not compared, and what to do where something does not hold."""
    if kid is not None:
        setting.tell("facts_not_compared")
    elif waiting:
        setting.tell("facts_waiting", count=waiting)
    if any(one.failed for one in checks):
        setting.tell("verify_fails_do")


def _tell_chains(setting: Setting, chains: list[ChainCheck]) -> None:
    for one in chains:
        broken = "chain_missing" if one.missing else "chain_broken"
        code = broken if one.broken_at else "chain_holds"
        click.echo(say(setting.lang, code, **msgspec.structs.asdict(one)))


def _tell(setting: Setting, checks: list[Check]) -> None:
    for one in checks:
        kind = say(setting.lang, f"check_{one.kind}")
        if one.first is None:
            click.echo(say(setting.lang, "check_holds", kind=kind, looked=one.looked))
            continue
        where, why = verifying.told(setting.lang, one.first)
        told = {"kind": kind, "failed": one.failed, "looked": one.looked}
        click.echo(say(setting.lang, "check_fails", where=where, why=why, **told))


COMMANDS = (verify, checkpoint)
