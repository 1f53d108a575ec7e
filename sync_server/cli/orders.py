"""Commands to kiosks: send them, see what became of them, take the log bundle."""

from collections.abc import Sequence
from pathlib import Path

import click
import msgspec

from contract.command import AnyOrder, Configure, Live, Logs, People, Pull, Resend
from sync_server import commands, ledger, server, standing
from sync_server.cli.awaiting import DAY, exit_code, issuer, settled, show_fates, waiting
from sync_server.cli.kiosks import kiosk_group
from sync_server.cli.setting import BROKEN, FILE, Setting, as_json, emit, read_text
from sync_server.errors import BadFile, unusable
from sync_server.logbook import write_bundle
from sync_server.roster import read_device_users
from sync_server.wording import say

_HIGHEST = 2**53 - 1  # what a command can say


class Parcel(msgspec.Struct, frozen=True):
    """Who is to receive orders, and whose settings send them."""

    setting: Setting
    kid: str

    def send(self, orders: Sequence[AnyOrder], wait: float | None, ttl: int = 7 * DAY) -> None:
        """Issue the orders; with `wait`, see for so many seconds what becomes of them."""
        setting, kid = self.setting, self.kid
        by = issuer(setting, ttl)
        with setting.ledger() as database:
            with database.writing() as tx:
                counters = [commands.issue(tx, by, kid, order) for order in orders]
            setting.tell("ordered", kid=kid, count=len(counters))
            if wait is None:
                return
            found = settled(database, {kid: counters}, wait)
        show_fates(setting, found)
        raise click.exceptions.Exit(exit_code(found))


parcel = click.make_pass_decorator(Parcel)


@kiosk_group.group("send")
@click.argument("kid")
@click.pass_context
def send(context: click.Context, kid: str) -> None:
    """Ask something of a kiosk; it is sent as soon as the kiosk is connected.

    Example: sync-server kiosk send T07A pull --wait 60
    """
    context.obj = Parcel(context.obj, kid)


@send.command("configure")
@click.argument("file", type=FILE)
@waiting
@parcel
def configure(parcel: Parcel, file: Path, wait: float | None) -> None:
    """Have a kiosk run with this configuration from now on; the agent starts again.

    Its own file stays as it is; `state` in the new one is ignored. Keys in it are kept in the
    ledger: use it for kiosks whose broker speaks TLS.

    Example: sync-server kiosk send T07A configure agent-T07A.toml --wait 60
    """
    with parcel.setting.explaining():
        toml = read_text(file)
        _check_toml(file, toml)
    parcel.send([Configure(toml)], wait)


@send.command("pull")
@click.option("--device", default="", metavar="NAME", help="Only this terminal.")
@click.option("--full", is_flag=True, help="Compare its whole log, as every night.")
@waiting
@parcel
def pull(parcel: Parcel, device: str, full: bool, wait: float | None) -> None:
    """Have a kiosk read its terminals now.

    Example: sync-server kiosk send T07A pull --device lobi --full --wait 120
    """
    parcel.send([Pull(device, full)], wait, DAY)


@send.command("users")
@click.argument("file", type=FILE)
@click.option("--device", required=True, metavar="NAME", help="The terminal's name at the kiosk.")
@waiting
@parcel
def users(parcel: Parcel, file: Path, device: str, wait: float | None) -> None:
    """Write people to a terminal: CSV with pin,nama and optionally hapus (ya).

    Nobody else on the terminal is touched, and of those who are there only the name.

    Example: sync-server kiosk send T07A users pegawai.csv --device lobi --wait 120
    """
    with parcel.setting.explaining():
        people = read_device_users(read_text(file), file.name)
    parcel.send(commands.users_orders(device, people), wait)


@send.command("people")
@click.option("--device", default="", metavar="NAME", help="Write to this terminal only.")
@click.option("--write", is_flag=True, help="Write; without it the kiosk only tells what differs.")
@click.option("--remove", is_flag=True, help="Delete who is not on its list; asks first.")
@click.option("--yes", is_flag=True, help="With --write and --remove: do not ask.")
@waiting
@parcel
def people(  # noqa: PLR0913 - one for each option
    parcel: Parcel, device: str, write: bool, remove: bool, yes: bool, wait: float | None
) -> None:
    """Have a kiosk bring its people, their cards and fingers to all its terminals.

    Its list is what `roster send` has sent. Terminal administrators are never touched, and nothing is
    written without --write, nobody deleted without --remove.

    Example: sync-server kiosk send T07A people --wait 300
    """
    if write and remove and not yes and not _agreed(parcel):
        parcel.setting.tell("people_not_agreed")
        raise click.exceptions.Exit(BROKEN)
    parcel.send([People(device, write, remove)], wait, DAY)


@send.command("live")
@click.option("--minutes", default=30, show_default=True, type=click.IntRange(0, 1440))
@waiting
@parcel
def live(parcel: Parcel, minutes: int, wait: float | None) -> None:
    """Have every scan sent at once for a while; 0 minutes ends it.

    Example: sync-server kiosk send T07A live --minutes 30
    """
    until = int(server.wall()) + 60 * minutes if minutes else 0
    parcel.send([Live(until)], wait, max(60 * minutes, 600))


@send.command("logs")
@click.option("--lines", default=500, show_default=True, type=click.IntRange(0, 2000))
@waiting
@parcel
def logs(parcel: Parcel, lines: int, wait: float | None) -> None:
    """Have a kiosk send its newest log lines, its configuration (secrets masked) and standing.

    Example: sync-server kiosk send T07A logs --wait 60
    """
    parcel.send([Logs(lines)], wait, DAY)


@send.command("resend", context_settings={"ignore_unknown_options": True})
@click.argument("span", nargs=-1, type=int, metavar="[EPOCH FIRST LAST]")
@waiting
@parcel
def resend(parcel: Parcel, span: tuple[int, ...], wait: float | None) -> None:
    """Have events sent again; without a range, those of all open gaps of the kiosk.

    Example: sync-server kiosk send T07A resend 3735928559 501 812
    """
    if len(span) not in (0, 3):
        parcel.setting.unfit("type_range")
    orders = [_range(parcel, *span)] if span else _gaps(parcel)
    if orders:
        parcel.send(orders, wait)
    else:
        parcel.setting.tell("no_gap")


@kiosk_group.command("sent")
@click.argument("kid", required=False)
@as_json
@click.pass_obj
def sent(setting: Setting, kid: str | None, as_json: bool) -> None:
    """Show what was asked of kiosks and what became of it, newest first.

    Example: sync-server kiosk sent T07A
    """
    with setting.ledger() as database, database.reading() as tx:
        found = commands.fates(tx, kid)
    if as_json:
        emit(found, "sent")
    else:
        show_fates(setting, found)


@kiosk_group.command("logs")
@click.argument("kid")
@click.option("--to", type=FILE, required=True, help="Where to write the bundle (JSON).")
@click.pass_obj
def take_logs(setting: Setting, kid: str, to: Path) -> None:
    """Write the newest log bundle that a kiosk has sent; exit code 1 where there is none.

    Example: sync-server kiosk logs T07A --to T07A-log.json
    """
    with setting.ledger() as database, database.reading() as tx:
        found = commands.bundle(tx, kid)
    if found is None:
        setting.tell("no_bundle", kid=kid)
        raise click.exceptions.Exit(BROKEN)
    with setting.explaining():
        lines = write_bundle(found[1], to)
    setting.tell("bundle_written", file=to, lines=lines)


def _agreed(parcel: Parcel) -> bool:
    question = say(parcel.setting.lang, "people_sure", kid=parcel.kid)
    typed = click.prompt(question, default="", show_default=False, err=True)
    return str(typed).strip().lower() in ("ya", "yes")


def _check_toml(file: Path, toml: str) -> None:
    """Which keys the kiosk's version knows only the kiosk can say. Raises BadFile."""
    try:
        msgspec.toml.decode(toml)
    except msgspec.DecodeError as problem:
        unusable(str(file), problem)
    except RecursionError as problem:
        raise BadFile(str(file), "", "not_toml", detail="too deep") from problem


def _range(parcel: Parcel, epoch: int, first: int, last: int) -> Resend:
    """An order for a range that the kiosk may hold."""
    kid = parcel.kid
    with parcel.setting.ledger() as database, database.reading() as tx:
        if ledger.kiosk(tx, kid) is None:
            raise BadFile(kid, "", "kid_unknown", kid=kid)
        known = standing.epochs(tx, kid)
        if epoch not in known:
            listed = ", ".join(map(str, known)) or "-"
            raise BadFile(kid, "EPOCH", "epoch_unknown", epoch=epoch, known=listed)
        if not 1 <= first <= last <= _HIGHEST:
            raise BadFile(kid, "FIRST LAST", "range_wrong", first=first, last=last, most=_HIGHEST)
    return Resend(epoch, first, last)


def _gaps(parcel: Parcel) -> list[Resend]:
    with parcel.setting.ledger() as database, database.reading() as tx:
        return commands.gap_orders(tx, parcel.kid)


# They belong to the group of kiosk commands.
COMMANDS: tuple[click.Command, ...] = ()
