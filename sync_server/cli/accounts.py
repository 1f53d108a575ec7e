"""Commands for who may log in: for the first days, and for whoever locked himself out."""

import click
import msgspec

from sync_server import office_log, server
from sync_server.accounts import book, changing
from sync_server.accounts.book import Account
from sync_server.cli.setting import Setting, as_json, emit, setting
from sync_server.roles import ROLES

_role = click.option("--role", type=click.Choice(ROLES), required=True, help="What he may do.")


@click.group("accounts")
def accounts_group() -> None:
    """Who may log in to the pages."""


@accounts_group.command("add")
@click.argument("name")
@_role
@click.option("--opd", default="", help="The office whose tree he sees.")
@click.option("--nip", default="", help="Whose record is his own.")
@setting
def add(setting: Setting, name: str, role: str, opd: str, nip: str) -> None:
    """Make an account; prints a password for its first login.

    Example: sync-server accounts add sari --role kepala --opd 1.01 --nip 000000000000001001
    """
    now = int(server.wall())
    account = msgspec.convert(
        {
            "name": name,
            "nip": nip,
            "role": role,
            "opd": opd,
            "must_change": True,
            "disabled": False,
            "subject": "",
            "made": now,
        },
        Account,
    )
    with setting.ledger() as database, database.writing() as tx:
        password = changing.add(tx, office_log.system_user(), account, now)
    setting.tell("account_made", name=name)
    click.echo(password)


@accounts_group.command("role")
@click.argument("name")
@_role
@click.option("--opd", help="Another office; otherwise it stays.")
@click.option("--nip", help="Another NIP; otherwise it stays.")
@setting
def role(setting: Setting, name: str, role: str, opd: str | None, nip: str | None) -> None:
    """Give an account another role; its logins end.

    Example: sync-server accounts role sari --role bkpsdm
    """
    with setting.ledger() as database, database.writing() as tx:
        account = changing.known(tx, name)
        asked = {"role": role, "opd": opd, "nip": nip}
        changed = {key: value for key, value in asked.items() if value is not None}
        account = msgspec.structs.replace(account, **changed)
        changing.alter(tx, office_log.system_user(), account, server.wall())
    setting.tell("account_changed", name=account.name)


@accounts_group.command("reset")
@click.argument("name")
@setting
def reset(setting: Setting, name: str) -> None:
    """Give an account a new password for one login; its logins end and its keys are revoked.

    Example: sync-server accounts reset sari
    """
    with setting.ledger() as database, database.writing() as tx:
        account = changing.known(tx, name)
        password = changing.reset(tx, office_log.system_user(), account, server.wall())
    setting.tell("account_made", name=account.name)
    click.echo(password)


@accounts_group.command("disable")
@click.argument("name")
@click.option("--enable", is_flag=True, help="Let him in again.")
@setting
def disable(setting: Setting, name: str, enable: bool) -> None:
    """Let an account in no more; its logins end and its keys are revoked.

    Example: sync-server accounts disable sari
    """
    with setting.ledger() as database, database.writing() as tx:
        account = changing.known(tx, name)
        changing.disable(tx, office_log.system_user(), account, server.wall(), off=not enable)
    setting.tell("account_changed", name=account.name)


@accounts_group.command("list")
@as_json
@setting
def list_accounts(setting: Setting, as_json: bool) -> None:
    """All accounts: name, role, office, NIP, and whether disabled.

    Example: sync-server accounts list
    """
    with setting.ledger() as database, database.reading() as tx:
        found = book.every(tx)
    if as_json:
        emit(found, "accounts")
        return
    for one in found:
        cells = (one.name, one.role, one.opd or "-", one.nip or "-")
        click.echo("\t".join((*cells, "disabled" if one.disabled else "")).rstrip())


COMMANDS = (accounts_group,)
