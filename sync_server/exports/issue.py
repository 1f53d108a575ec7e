"""A month's paper out of the database: the revision that stands, or the month as it is now."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from sync_server import checkpoints, closing, localtime, posts, rulings, schema
from sync_server import sheet as sheets
from sync_server.closing import Revision
from sync_server.errors import BadFile
from sync_server.exports.paper import Paper, Signer
from sync_server.fact import Fact
from sync_server.sheet import Sheet


def paper(tx: Connection, opd: str, month: str, region: str) -> Paper:
    """The office's month, to be printed: as it was closed or frozen, else as it stands now.

    Raises BadFile where the office is unknown or nobody was in it.
    """
    found = closing.standing(tx, opd, month)
    sheet, facts = _made(tx, opd, month, found)
    if not sheet.rows:
        raise BadFile("export", month, "export_empty", opd=opd)
    office = posts.office(tx, opd)
    return Paper(
        sheet=sheet,
        facts=facts,
        state=found.state if found else "open",
        rev=found.rev if found else 0,
        digest=found.digest if found else sheets.digest(sheets.encode(sheet)),
        office=office.name if office else opd,
        region=region,
        head=_signer(tx, office.head if office else ""),
        treasurer=_signer(tx, office.treasurer if office else ""),
        checkpoint=checkpoints.printed(tx, found.frozen if found else 0),
    )


def countable(tx: Connection, month: str) -> set[str]:
    """The offices that have a day of the month to count, and a rule set to count it by. Raises BadFile
    for what is no month."""
    first, last = localtime.month_days(month)
    day, office = schema.day.c, schema.person.c.opd
    if rulings.in_force(tx, last) is None:
        return set()
    its = select(day.nip).where(
        day.opd == office, day.workdate >= f"{first}", day.workdate <= f"{last}"
    )
    return set(tx.execute(select(office).distinct().where(its.exists())).scalars())


def _made(
    tx: Connection, opd: str, month: str, found: Revision | None
) -> tuple[Sheet, Sequence[Fact]]:
    """The sheet and the facts that it counts: both as they were when it was closed."""
    if found is None:
        now = sheets.make(tx, opd, month)
        return now.sheet, now.facts
    return sheets.decode(closing.body(tx, found)), closing.facts(tx, found)


def _signer(tx: Connection, nip: str) -> Signer:
    its = schema.person.c
    name = tx.execute(select(its.name).where(its.nip == nip).order_by(its.valid_to.desc())).scalar()
    return Signer(name or "", nip)
