"""Commands for an office without a link: events out on a stick or as QR codes, receipts back in."""

import json
import random
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import click
import msgspec

from contract import stick
from terminal_agent import agent, config, hardware, identity, vouching
from terminal_agent.cli.setting import BROKEN, Setting, setting
from terminal_agent.clock import Clock
from terminal_agent.config import Config
from terminal_agent.dispatch import Dispatch
from terminal_agent.errors import SourceMisconfigured
from terminal_agent.journal import Journal
from terminal_agent.sticks import bundle, courier, qr
from terminal_agent.sticks.bundle import Bundle
from terminal_agent.sticks.carried import Outcome
from terminal_agent.sticks.courier import Courier, Parcel, Said
from terminal_agent.vouching import Vouching

FOLDER = click.Path(path_type=Path, file_okay=False)
_SCREEN = "-"
_WRONG = ("forged", "mistyped", "refused")
_SENTENCES: dict[Outcome, str] = {
    "moved": "carried_moved",
    "back": "carried_back",
    "known": "carried_known",
    "old": "carried_old",
    "other_epoch": "carried_other_epoch",
    "refused": "carried_refused",
    "new_epoch": "carried_new_epoch",
    "forged": "carried_forged",
    "mistyped": "carried_mistyped",
}


@click.command("export")
@click.option("--to", "folder", type=FOLDER, help="Where the stick is mounted.")
@click.option(
    "--qr",
    "picture",
    is_flag=False,
    flag_value=_SCREEN,
    metavar="[FILE]",
    help="Show QR codes here, or write them to FILE.svg or FILE.png.",
)
@click.option("--plain", is_flag=True, help="As JSON, where the centre could not read a stick.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@setting
def export(
    setting: Setting, folder: Path | None, picture: str | None, plain: bool, as_json: bool
) -> None:
    """Write every event without a receipt to a stick, or show it as QR codes.

    Sealed for the centre: whoever finds the stick reads nothing. It may be done while the agent
    runs, and as often as you like; nothing is forgotten before a receipt comes back.

    Example: terminal-agent export --to /media/usb
    """
    if (folder is None) == (picture is None):
        setting.unfit("type_where_to")
    with setting.explaining():
        chosen = setting.load()
        if not _sealed(chosen, Path(chosen.kiosk.state)):
            setting.tell("export_unsealed")
    with setting.explaining(), closing(Bundle(Path(chosen.kiosk.state))) as waiting:
        if folder is not None:
            _to_stick(setting, waiting, folder, plain=plain, as_json=as_json)
        elif picture is not None:
            _to_codes(setting, waiting, picture, as_json=as_json)


@click.command("import-receipts")
@click.argument("path", type=click.Path(path_type=Path, allow_dash=True), required=False)
@click.option("--code", help="The short code, or the receipt text, that the centre gave.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@setting
def import_receipts(setting: Setting, path: Path | None, code: str | None, as_json: bool) -> None:
    """Give the kiosk the receipts that came back from the centre: a folder, a file, - or a code.

    An old, repeated or forged receipt changes nothing. Exit code 1 where one was refused.

    Example: terminal-agent import-receipts --code 066S-VQCZ-P6NZ
    """
    if (path is None) == (code is None) or (code is not None and not code.strip()):
        setting.unfit("type_which_receipts")
    with setting.explaining():
        chosen = setting.load()
        state = Path(chosen.kiosk.state)
        kid = identity.load(state).kid
        if path is None:
            parcel = courier.parcel_typed(kid, code or "")
        else:
            parcel = courier.parcel_of(kid, _brought(path, kid))
        said = _apply(chosen, state, parcel)
    if as_json:
        click.echo(msgspec.json.encode({"kid": kid, "receipts": said}))
    elif said is None:
        setting.tell("carried_later")
    elif not said:
        setting.tell("carried_nothing")
    else:
        _report(setting, said)
    refused = not said or any(one.outcome in _WRONG for one in said)
    raise click.exceptions.Exit(BROKEN if refused else 0)


def _brought(path: Path, kid: str) -> bytes:
    if str(path) == "-":
        return sys.stdin.buffer.read(stick.MAX_STICK)
    return bundle.read_receipts(path, kid)


def _to_stick(
    setting: Setting, waiting: Bundle, folder: Path, *, plain: bool, as_json: bool
) -> None:
    if waiting.on_the_kiosks_own_disk(folder):
        setting.tell("not_a_stick", folder=folder)
    written = waiting.export(folder, plain)
    if as_json:
        click.echo(msgspec.json.encode({"kid": waiting.invited.kid, "files": written}))
        return
    for one in written:
        setting.tell("export_written", **msgspec.structs.asdict(one))
    if written:
        setting.tell("export_next", folder=folder)
    else:
        setting.tell("export_nothing", last=waiting.waiting.last)


def _to_codes(setting: Setting, waiting: Bundle, picture: str, *, as_json: bool) -> None:
    texts, last = waiting.texts()
    first, left = waiting.waiting.acked + 1, waiting.waiting.last - last
    files = []
    if picture != _SCREEN and texts:
        if Path(picture).suffix.lower() not in (".svg", ".png"):
            setting.unfit("type_picture")
        files = [str(file) for file in qr.save(texts, Path(picture))]
    if as_json:
        facts = {"kid": waiting.invited.kid, "first": first, "last": last, "left": left}
        click.echo(json.dumps({**facts, "texts": texts, "files": files}))
        return
    if not texts:
        setting.tell("export_nothing", last=last)
        return
    if not files:
        qr.show(texts, sys.stdout)
    setting.tell("qr_next", count=len(texts), first=first, last=last)
    for file in files:
        click.echo(file)
    if left:
        setting.tell("qr_more", left=left)


def _apply(chosen: Config, state: Path, parcel: Parcel) -> tuple[Said, ...] | None:
    """Through the agent where it runs, directly where it does not."""
    clock = Clock(chosen.kiosk.clock)
    try:
        with agent.alone(state):
            invited = identity.load(state)
            with closing(Journal(state / "journal.db", invited.kid, clock.look())) as journal:
                chance = random.SystemRandom().random
                dispatch = Dispatch(invited, journal, clock, config.pace(chosen.kiosk), chance)
                return Courier(journal, dispatch).take(parcel)
    except SourceMisconfigured as problem:
        if problem.code != "already_running":
            raise
    return courier.hand_over(state, parcel, clock)


def _sealed(chosen: Config, state: Path) -> bool:
    """What leaves on a stick ends in a seal: by the agent where it runs, directly where it does not.
    False where it could not be made; the events go all the same."""
    clock, path = Clock(chosen.kiosk.clock), state / "journal.db"
    if not path.exists():
        return True
    try:
        invited, key = identity.load(state), identity.sealer(state)
        with agent.alone(state), closing(Journal(path, invited.kid, clock.look())) as journal:
            Vouching(journal, clock, key, hardware.look()).seal_what_waits()
            return True
    except SourceMisconfigured as problem:
        return problem.code == "already_running" and _asked(state, clock)
    except OSError:
        return False


def _asked(state: Path, clock: Clock) -> bool:
    try:
        return vouching.ask(state, clock)
    except OSError:
        return False


def _report(setting: Setting, said: Sequence[Said]) -> None:
    """The newest one that changed something, else the last one; refusals always."""
    for one in said:
        if one is said[-1] or one.outcome in (*_WRONG, "back", "new_epoch"):
            waiting = one.last - one.acked
            code = _SENTENCES[one.outcome]
            setting.tell(code, acked=one.acked, waiting=waiting)


COMMANDS = (export, import_receipts)
