"""Susulan: what a frozen month should have paid more or less, paid by a later month.

What is frozen stays. A difference is counted against the frozen sheet and every susulan noted
already, so that each is paid once, however often the facts change.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date

import msgspec
from sqlalchemy import Connection, insert, select, update

from sync_server import localtime, notices, office_log, roles, schema, written
from sync_server import sheet as sheets
from sync_server.closing import stored, windows
from sync_server.closing.deed import Deed
from sync_server.errors import BadFile
from sync_server.sheet import Row, Sheet
from sync_server.tukin.month import MonthRecord
from sync_server.tukin.price import Priced

_AHEAD = 3  # months after the present one that may be told to pay: a later one nobody would


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One person's: counted so far as `was`, now `became`, in whole rupiah. `reasons` name each day
    and part that changed; while `waiting` the present is not certain, and nothing can be noted: the
    month waits for something, or no import knows the person any more."""

    nip: str
    name: str
    was: int
    became: int
    reasons: tuple[str, ...]
    waiting: bool

    @property
    def amount(self) -> int:
        """What is to be paid more (or less, below zero)."""
        return self.became - self.was


class Susulan(msgspec.Struct, frozen=True, kw_only=True):
    """One that was noted; `paid_in` is the month whose sheet has it, `noted` server UTC seconds."""

    no: int
    opd: str
    month: str
    nip: str
    was: int
    became: int
    reason: str
    noted: int
    noted_by: str
    paid_in: str

    @property
    def amount(self) -> int:
        """What is to be paid more (or less, below zero)."""
        return self.became - self.was


def differences(tx: Connection, opd: str, month: str) -> list[Difference]:
    """Where the present differs from what a frozen month has paid or will pay by susulan, by NIP.
    Raises BadFile where the month is not frozen."""
    then = stored.frozen(tx, opd, month)
    if then is None:
        raise BadFile("month", f"{opd}/{month}", "month_not_frozen", month=month, opd=opd)
    now = sheets.sheet(tx, opd, month)
    noted = _sums(noted_of(tx, opd, month))
    old, new = _by_nip(then), _by_nip(now)
    waiting = {one.nip for one in now.pending} | _lost(tx, month, old.keys() - new.keys())
    all_wait = "" in waiting  # something of the whole office
    found = (
        _difference(old.get(nip), new.get(nip), noted.get(nip, 0), all_wait or nip in waiting)
        for nip in sorted({*old, *new})
    )
    return [one for one in found if one.amount]


def noted_of(tx: Connection, opd: str, month: str) -> list[Susulan]:
    """Every susulan of a month, oldest first."""
    its = schema.susulan.c
    query = select(schema.susulan).where(its.opd == opd, its.month == month).order_by(its.no)
    return [Susulan(**row._mapping) for row in tx.execute(query)]


def note(tx: Connection, opd: str, month: str, pay_in: str, deed: Deed) -> list[Susulan]:
    """Note every certain difference, to be paid with the month `pay_in`, and return them. Raises
    BadFile where it is not his, the month not frozen, or `pay_in` is none of the months after it, up
    to three after the present one, that are still open."""
    _check_payable(tx, opd, month, pay_in, deed)
    before = len(noted_of(tx, opd, month))
    for one in differences(tx, opd, month):
        if not one.waiting:
            _store(tx, (opd, month, pay_in), deed, one)
    return noted_of(tx, opd, month)[before:]


def move(tx: Connection, opd: str, month: str, no: int, pay_in: str, deed: Deed) -> Susulan:  # noqa: PLR0913
    """Let another month pay a susulan whose month is still open. Raises BadFile as `note` does, and
    where there is none of that number or it is paid."""
    _check_payable(tx, opd, month, pay_in, deed)
    found = next((one for one in noted_of(tx, opd, month) if one.no == no), None)
    if found is None:
        raise BadFile("susulan", str(no), "susulan_unknown", no=no, month=month)
    _check_open(tx, opd, found.paid_in)
    its = schema.susulan.c
    tx.execute(update(schema.susulan).where(its.no == no).values(paid_in=pay_in))
    detail = f"{month} no {no}: {found.paid_in} -> {pay_in}"
    office_log.note(tx, deed.at, deed.viewer.name, "susulan_moved", opd, found.nip, detail)
    return msgspec.structs.replace(found, paid_in=pay_in)


def paid(tx: Connection, frozen: stored.Revision) -> Mapping[str, int]:
    """What a frozen month has paid or will pay each, by NIP: its rows and the susulan so far."""
    sums = dict(_sums(noted_of(tx, frozen.opd, frozen.month)))
    for row in sheets.decode(stored.body(tx, frozen)).rows:
        sums[row.record.nip] = sums.get(row.record.nip, 0) + row.record.gross
    return sums


def _check_payable(tx: Connection, opd: str, month: str, pay_in: str, deed: Deed) -> None:
    if not roles.may(deed.viewer, "freeze", opd):
        raise BadFile("month", f"{opd}/{month}", "month_not_yours", opd=opd)
    stored.standing(tx, opd, month, lock=True)  # two who note at once would pay twice
    localtime.month_days(pay_in)
    if pay_in <= month:
        raise BadFile("susulan", pay_in, "susulan_not_later", month=month)
    latest = _latest(windows.today(tx, opd, deed.at))
    if pay_in > latest:
        raise BadFile("susulan", pay_in, "susulan_far", latest=latest)
    _check_open(tx, opd, pay_in)


def _check_open(tx: Connection, opd: str, pay_in: str) -> None:
    if stored.standing(tx, opd, pay_in, lock=True) is not None:
        raise BadFile("susulan", pay_in, "susulan_month_closed", month=pay_in)


def _latest(today: date) -> str:
    year, month = divmod(today.year * 12 + today.month - 1 + _AHEAD, 12)
    return f"{year}-{month + 1:02}"


def _lost(tx: Connection, month: str, nips: Collection[str]) -> set[str]:
    """Those of people whom no office's import knows in the month: somebody may have dropped a row."""
    first, last = localtime.month_days(month)
    its = schema.person.c
    valid = (its.valid_from <= last.isoformat(), its.valid_to >= first.isoformat())
    return set(nips) - set(tx.execute(select(its.nip).where(*valid)).scalars())


def _difference(old: Row | None, new: Row | None, noted: int, waiting: bool) -> Difference:
    """`noted`: the sum of the susulan so far; a row that is not there counts nothing."""
    known = new or old
    if known is None:
        raise ValueError("neither then nor now")
    return Difference(
        nip=known.record.nip,
        name=known.name,
        was=(old.record.gross if old else 0) + noted,
        became=new.record.gross if new else 0,
        reasons=tuple(_reasons(old.record if old else None, new.record if new else None)),
        waiting=waiting,
    )


def _reasons(old: MonthRecord | None, new: MonthRecord | None) -> Iterator[str]:
    """Each day and part that is not what it was, in figures that need no language."""
    before, after = _days(old), _days(new)
    for day in sorted({*before, *after}):
        if before.get(day) != after.get(day):
            yield f"{day}: {before.get(day, '–')} → {after.get(day, '–')}"
    was, became = _parts(old), _parts(new)
    for part in was:
        if was[part] != became[part]:
            yield f"{part}: {was[part]} → {became[part]}"


def _days(record: MonthRecord | None) -> dict[str, str]:
    return {day.workdate.isoformat(): _told(day) for day in record.days} if record else {}


def _told(day: Priced) -> str:
    codes = "+".join(day.codes)
    return f"{day.status} {codes} {written.percent(day.cut_bp)}".replace("  ", " ")


def _parts(record: MonthRecord | None) -> dict[str, str]:
    if record is None:
        return dict.fromkeys(("TPP", "e-kinerja", "disiplin"), "–")
    return {
        "TPP": str(record.base),
        "e-kinerja": written.percent(record.productivity_bp),
        "disiplin": written.percent(record.discipline_bp),
    }


def _by_nip(made: Sheet) -> dict[str, Row]:
    return {row.record.nip: row for row in made.rows}


def _sums(noted: Sequence[Susulan]) -> Mapping[str, int]:
    sums: dict[str, int] = {}
    for one in noted:
        sums[one.nip] = sums.get(one.nip, 0) + one.amount
    return sums


def _store(tx: Connection, months: tuple[str, str, str], deed: Deed, one: Difference) -> None:
    """`months`: the office, the month that was wrong, the month that pays."""
    opd, month, pay_in = months
    row = {
        "opd": opd,
        "month": month,
        "nip": one.nip,
        "was": one.was,
        "became": one.became,
        "reason": "; ".join(one.reasons),
        "noted": int(deed.at),
        "noted_by": deed.viewer.name,
        "paid_in": pay_in,
    }
    its = schema.susulan.c
    no = tx.execute(insert(schema.susulan).values(**row).returning(its.no)).scalar_one()
    detail = f"{month} {one.was} {one.became} {pay_in}"
    office_log.note(tx, deed.at, deed.viewer.name, "susulan_noted", opd, one.nip, detail)
    told = {"no": no, "opd": opd, "month": month, "nip": one.nip, "paid_in": pay_in}
    notices.tell(tx, "month.susulan", told, int(deed.at))
