"""Which card and board a kiosk ran on before, for what it says now. What is unknown on either side says
nothing."""

from collections.abc import Iterator, Mapping

import msgspec
from sqlalchemy import Connection, select

from contract.event import Hardware, read
from sync_server import schema

_MOST = 20  # records asked of an epoch: a kiosk writes one where its hardware changed
Which = tuple[str, int]


class Boards:
    """The newest card and board known of each kiosk. `firsts`: the first event that just came of each
    (kid, epoch); what is stored from there on is not from before."""

    def __init__(self, tx: Connection, firsts: Mapping[Which, int]) -> None:
        self._tx, self._firsts = tx, firsts
        self._known: dict[str, Hardware] = {}

    def moved(self, kid: str, epoch: int, now: Hardware) -> str:
        """Another card or board than the kiosk had before, without `kiosk replace`; "" for none."""
        if kid not in self._known:
            self._known[kid] = self._before(kid, epoch)
        before = self._known[kid]
        self._known[kid] = _over(before, now)
        if now.card and before.card not in ("", now.card):
            return "card_changed"
        return "board_changed" if now.board and before.board not in ("", now.board) else ""

    def _before(self, kid: str, epoch: int) -> Hardware:
        kiosk, chain = schema.kiosk.c, schema.chain.c
        bound = self._tx.execute(select(kiosk.invited).where(kiosk.kid == kid)).scalar() or 0
        query = select(chain.epoch).where(chain.kid == kid).order_by(chain.opened.desc())
        epochs = [epoch, *(one for one in self._tx.execute(query).scalars() if one != epoch)]
        known = Hardware("", "")
        for one in epochs:
            for held in self._told(kid, one, bound):
                known = _over(held, known)
                if known.card and known.board:
                    return known
        return known

    def _told(self, kid: str, epoch: int, bound: int) -> Iterator[Hardware]:
        """What an epoch says, newest first, since the kiosk's card was bound to it."""
        event = schema.event.c
        query = (
            select(event.record, event.received)
            .where(event.kind == "hardware", event.kind != "scan")  # the index is of all but scans
            .where(event.kid == kid, event.epoch == epoch)
            .order_by(event.seq.desc())
            .limit(_MOST)
        )
        if (first := self._firsts.get((kid, epoch))) is not None:
            query = query.where(event.seq < first)
        for row in self._tx.execute(query).all():
            record = read(row.record) if row.received >= bound else None
            if isinstance(record, Hardware):
                yield record


def _over(before: Hardware, now: Hardware) -> Hardware:
    """What is known once `now` was said after `before`."""
    return msgspec.structs.replace(
        now, board=now.board or before.board, card=now.card or before.card
    )
