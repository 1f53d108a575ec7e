"""Commands about face templates: collect them from a kiosk, send them to an office, list them."""

import click
import msgspec

from contract.command import Gather
from sync_server import commands, face_orders, galleries, roster, server
from sync_server.cli import erasing
from sync_server.cli.awaiting import (
    DAY,
    await_all,
    exit_code,
    issuer,
    keys_of,
    settled,
    show_fates,
    waiting,
)
from sync_server.cli.setting import Setting, as_json, emit, setting
from sync_server.face_orders import Gathered
from sync_server.wording import say

_MONTH = 30 * DAY
office = click.option("--opd", required=True, help="Code of the office.")


class Kept(msgspec.Struct, frozen=True):
    """A person's template by one model as `faces list` shows it; `name` is "" for a PIN that is not
    in the roster any more. `made` UTC seconds."""

    pin: str
    name: str
    model: str
    looks: int
    made: int
    by: str
    note: str


@click.group("faces")
def faces_group() -> None:
    """Face templates of offices and their kiosks; never images."""


@faces_group.command("collect")
@click.argument("kid")
@click.option("--pin", "pins", multiple=True, help="Only this PIN; may be repeated.")
@click.option("--wait", default=120.0, show_default=True, type=click.FloatRange(0, 7 * DAY))
@setting
def collect(setting: Setting, kid: str, pins: tuple[str, ...], wait: float) -> None:
    """Take the templates that were made at a kiosk, so that the office's others can have them.

    Type it again where the kiosk had not answered: it is asked once. Exit code 3 until it has.

    Example: sync-server faces collect T07A --wait 120
    """
    by, key = issuer(setting, _MONTH), keys_of(setting).templates
    with setting.ledger() as database:
        with database.writing() as tx:
            kiosk = face_orders.known_kiosk(tx, kid)
            found = face_orders.gathered(tx, key, kiosk, by.now)
            asked = [one.counter for one, _ in commands.orders_of(tx, kid, "gather") if _open(one)]
            if found is None and not asked:
                asked = [commands.issue(tx, by, kid, Gather(pins))]
        if found is None:
            fates = settled(database, {kid: asked}, wait)
            with database.writing() as tx:
                found = face_orders.gathered(tx, key, kiosk, int(server.wall()))
    if found is None:
        show_fates(setting, fates)
        raise click.exceptions.Exit(exit_code(fates))
    _tell_gathered(setting, kid, found)


@faces_group.command("send")
@click.option("--opd", help="To every kiosk of this office.")
@click.option("--kid", help="To this kiosk alone.")
@click.option("--all", "everything", is_flag=True, help="Also what a kiosk says that it has.")
@waiting
@setting
def send_faces(
    setting: Setting, opd: str | None, kid: str | None, everything: bool, wait: float | None
) -> None:
    """Send the office's templates to its kiosks: to each what its chain does not say that it has.

    They go in parts that a bad link may lose: each is sent until the kiosk has answered.

    Example: sync-server faces send --opd 1.01 --wait 300
    """
    by, key = issuer(setting, _MONTH), keys_of(setting).templates
    with setting.ledger() as database:
        asked = {}
        with database.writing() as tx:
            for kiosk in face_orders.chosen(tx, opd, kid):
                people, asked[kiosk.kid] = face_orders.distribute(
                    tx, key, by, kiosk, everything=everything
                )
                size = commands.size_of(tx, kiosk.kid, asked[kiosk.kid])
                parts = len(asked[kiosk.kid])
                setting.tell("faces_sent", kid=kiosk.kid, people=people, parts=parts, bytes=size)
        await_all(setting, database, asked, wait)


@faces_group.command("list")
@office
@as_json
@setting
def list_faces(setting: Setting, opd: str, as_json: bool) -> None:
    """Show whose templates the centre keeps, and of what model; never the templates.

    Example: sync-server faces list --opd 1.01
    """
    key = keys_of(setting).templates
    with setting.ledger() as database, database.writing() as tx:
        face_orders.check_office(tx, opd)
        names = {one.pin: one.nama for one in roster.people(tx, opd)}
        held = galleries.templates_of(tx, key, opd)
        galleries.note_access(tx, int(server.wall()), "listed", opd, sorted({t.pin for t in held}))
    found = [
        Kept(one.pin, names.get(one.pin, ""), one.model, len(one.looks), one.made, one.by, one.note)
        for one in held
    ]
    if as_json:
        emit(found, "faces")
        return
    for one in found:
        code = "face_line" if one.name else "face_unlisted"
        click.echo(say(setting.lang, code, **msgspec.structs.asdict(one)))
    if not found:
        setting.tell("no_faces", opd=opd)


def _open(one: commands.Sent) -> bool:
    return one.fate in commands.OPEN


def _tell_gathered(setting: Setting, kid: str, found: Gathered) -> None:
    setting.tell("faces_taken", kid=kid, newer=len(found.newer), same=len(found.same))
    if found.strangers:
        setting.tell("faces_of_strangers", pins=", ".join(found.strangers))
    if found.erased:
        setting.tell("faces_of_erased", pins=", ".join(found.erased))


for _command in erasing.COMMANDS:
    faces_group.add_command(_command)

COMMANDS = (faces_group,)
