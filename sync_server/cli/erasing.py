"""Commands that erase somebody's face everywhere, prove it, and settle what cannot be proven."""

from collections.abc import Iterable, Sequence

import click
import msgspec

from sync_server import erasures, face_orders, galleries, roster, server
from sync_server.cli.awaiting import await_all, issuer, keys_of, waiting
from sync_server.cli.setting import BROKEN, WRONG, Setting, as_json, setting
from sync_server.erasures import Post, Proof
from sync_server.privacy import paper
from sync_server.wording import say


@click.command("erase")
@click.argument("who", metavar="NIP|PIN")
@click.option("--opd", help="Code of the office; without it, every office of that NIP.")
@waiting
@setting
def erase(setting: Setting, who: str, opd: str | None, wait: float | None) -> None:
    """Erase somebody's templates here and at every kiosk of their offices.

    A kiosk that is off is asked whenever it comes back, for 400 days. See: faces proof.

    Example: sync-server faces erase 199001012015031001 --wait 60
    """
    by, key = issuer(setting, erasures.ERASE_TTL), keys_of(setting).templates
    asked: dict[str, list[int]] = {}
    with setting.ledger() as database:
        with database.writing() as tx:
            posts = erasures.posts_of(tx, who, opd)
            for office, pins in _by_office(posts).items():
                counters = erasures.erase(tx, key, by, office, pins)
                said = {"pins": ", ".join(pins), "opd": office, "count": len(counters)}
                setting.tell("faces_erased", **said, who=who)
                asked |= counters
            others = [post for post in roster.posts(tx, who) if post not in posts]
        if others:
            setting.tell("faces_elsewhere", offices=", ".join(_by_office(others)), who=who)
        await_all(setting, database, asked, wait)


@click.command("proof")
@click.argument("who", metavar="[NIP|PIN]", required=False)
@click.option("--opd", help="Code of the office. A NIP is proven in all its offices all the same.")
@click.option("--open", "is_open", is_flag=True, help="Every erasure whose proof is not whole.")
@as_json
@setting
def proof(setting: Setting, who: str | None, opd: str | None, is_open: bool, as_json: bool) -> None:
    """Show for each kiosk how its chain proves that somebody's templates are erased there.

    Exit code 1 while a kiosk's proof is missing. With --open: all erasures that are not proven yet;
    exit code 1 where one was asked for more than 72 hours ago.

    Example: sync-server faces proof 199001012015031001
    """
    if (who is None) != is_open:
        setting.tell("proof_one_way")
        raise click.exceptions.Exit(WRONG)
    if who is None:
        _list_open(setting, opd, as_json=as_json)
    else:
        _prove(setting, who, opd, as_json=as_json)


@click.command("settle")
@click.argument("kid")
@click.argument("pin")
@click.option("--letter", required=True, help="The letter that says what became of the old card.")
@setting
def settle(setting: Setting, kid: str, pin: str, letter: str) -> None:
    """Answer by letter for a kiosk that can never prove an erasure: broken, lost, another card.

    It stands in the access log and in the proof; it proves nothing by itself. Destroy or wipe the old
    card first. What cannot be reached may still hold the face.

    Example: sync-server faces settle T07A 17 --letter "BA 12/2026"
    """
    if not letter.strip():
        setting.tell("settle_letter")
        raise click.exceptions.Exit(WRONG)
    with setting.ledger() as database, database.writing() as tx:
        post = (face_orders.known_kiosk(tx, kid).opd, pin)
        erasures.settle_by_letter(tx, int(server.wall()), post, kid, letter.strip())
    setting.tell("settled", kid=kid, pin=pin, letter=letter.strip())


def _by_office(posts: Iterable[Post]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for office, pin in posts:
        found.setdefault(office, []).append(pin)
    return found


def _prove(setting: Setting, who: str, opd: str | None, *, as_json: bool) -> None:
    key = keys_of(setting).templates
    with setting.ledger() as database, database.reading() as tx:
        posts = sorted({*erasures.posts_of(tx, who, opd), *roster.posts(tx, who)})
        held = [
            (office, one.pin)
            for office in _by_office(posts)
            for one in galleries.templates_of(tx, key, office)
            if (office, one.pin) in posts
        ]
        found = [one for post in posts for one in erasures.proofs(tx, *post)]
    whole = not held and all(one.over for one in found)
    if as_json:
        proven = not held and all(one.proven for one in found)
        shown = {"centre": not held, "kiosks": found, "proven": proven, "over": whole}
        click.echo(msgspec.json.encode(shown))
    else:
        _show_proofs(setting, posts, held, found)
    raise click.exceptions.Exit(0 if whole else BROKEN)


def _list_open(setting: Setting, opd: str | None, *, as_json: bool) -> None:
    now = int(server.wall())
    with setting.ledger() as database, database.reading() as tx:
        face_orders.check_office(tx, opd)
        found = erasures.open_erasures(tx, opd)
    overdue = [one for one in found if now - one.since > erasures.DUE]
    if as_json:
        click.echo(msgspec.json.encode({"open": found, "overdue": len(overdue)}))
    else:
        for one in found:
            code = "proof_overdue" if one in overdue else "proof_open"
            hours = (now - one.since) // 3_600
            click.echo(say(setting.lang, code, opd=one.opd, pin=one.pin, hours=hours))
            _show_each(setting, one.kiosks)
        if not found:
            setting.tell("proof_none_open")
    raise click.exceptions.Exit(BROKEN if overdue else 0)


def _show_proofs(
    setting: Setting, posts: Sequence[Post], held: Sequence[Post], found: Sequence[Proof]
) -> None:
    here = "proof_not_here" if held else "proof_here"
    pins = ", ".join(f"{pin} ({office})" for office, pin in held or posts)
    click.echo(say(setting.lang, here, pins=pins))
    _show_each(setting, found)


def _show_each(setting: Setting, found: Sequence[Proof]) -> None:
    for one in found:
        click.echo(paper.proof(setting.lang, one))


COMMANDS = (erase, proof, settle)
