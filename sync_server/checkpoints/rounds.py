"""Makes a checkpoint each day and sends it to every kiosk, which says whether it contradicts what the
kiosk knows of itself."""

import logging
import threading
from collections import defaultdict
from collections.abc import Callable

from sqlalchemy import Connection, select

from contract import command
from sync_server import commands, duty, localtime, office_log, schema
from sync_server.checkpoints import book, paper
from sync_server.checkpoints.book import Kept
from sync_server.commands import Issuer
from sync_server.database import Database
from sync_server.duty import Duty
from sync_server.signatures import Signer

log = logging.getLogger(__name__)

_DUTY = Duty("checkpoint", 0x4AD1_0009, 30.0)
_TTL_S = 7 * 86_400  # a kiosk may be out of reach for days; a newer one takes its place meanwhile
_MOST_EPOCHS = 50  # the newest ones: an order has to fit an envelope
_NAME = "checkpoint"
_ITSELF = "hadir"  # who made it in the office's log, where nobody asked


def run(
    database: Database,
    wall: Callable[[], float],
    signer: Callable[[], Signer | None],
    stop: threading.Event,
) -> None:
    """Make each day's checkpoint until `stop` is set; `wall` tells server UTC seconds. `signer` is
    asked each time: a centre that has never invited a kiosk has no key yet."""

    def look() -> None:
        if by := signer():
            daily(database, by, wall())

    duty.keep(database, _DUTY, stop, lambda: look)


def daily(database: Database, by: Signer, now: float) -> Kept | None:
    """The checkpoint of the day that it is at `now`, where there is none yet; None where there is."""
    with database.reading() as tx:
        newest = book.newest(tx)
    if newest and newest.day == localtime.day(now, localtime.WIB).isoformat():
        return None
    with database.writing() as tx:
        return publish(tx, by, now, _ITSELF)


def publish(tx: Connection, by: Signer, now: float, who: str) -> Kept:
    """Make a checkpoint, let the office's log know it, and send it to every kiosk that was ever on
    line, in the place of the one before. A kiosk without a link gets none."""
    kept = book.make(tx, by, now)
    office_log.note(tx, now, who, book.DEED, detail=book.logged(kept))
    issuer = Issuer(by.sign, int(now), _TTL_S)
    for kid, order in orders(tx, kept).items():
        counter = commands.issue(tx, issuer, kid, order)
        commands.withdraw(tx, kid, [_NAME], counter, int(now))
    log.info("checkpoint.made no=%d day=%s digest=%s", kept.no, kept.day, kept.short)
    return kept


def orders(tx: Connection, kept: Kept) -> dict[str, command.Checkpoint]:
    """What each kiosk that was ever on line is to compare, by its name."""
    said = paper.read(kept.text.splitlines())
    standings = defaultdict(list)
    chain = schema.chain.c
    opened = {
        (kid, epoch): when
        for kid, epoch, when in tx.execute(select(chain.kid, chain.epoch, chain.opened))
    }
    for one in said.kiosks:
        standings[one.kid].append(one)
    kiosk = schema.kiosk.c
    heard = tx.execute(select(kiosk.kid).where(kiosk.seen > 0).order_by(kiosk.kid)).scalars()
    told = {}
    for kid in heard:
        mine = sorted(standings[kid], key=lambda one: opened.get((one.kid, one.epoch), 0))
        epochs = tuple((one.epoch, one.acked, one.head) for one in mine[-_MOST_EPOCHS:])
        told[kid] = command.Checkpoint(kept.no, kept.day, kept.digest, epochs)
    return told
