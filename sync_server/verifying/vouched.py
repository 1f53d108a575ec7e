"""What kiosks vouched for, looked at again: seals, receipts and checkpoints that they noted, and events
that nobody trusts."""

from collections import defaultdict
from collections.abc import Iterator

import msgspec
from sqlalchemy import Connection, select

from contract import vouched
from contract.event import CheckpointNoted, ReceiptNoted, Seal, read, tag_of
from sync_server import ledger, schema, standing, vouching
from sync_server.verifying import cards
from sync_server.verifying.found import Broken, Check, Kind, Tally
from sync_server.verifying.stored import is_as_made
from sync_server.vouching import Claim

_KINDS: dict[str, Kind] = {
    tag_of(Seal("", b"")): "seals",
    tag_of(ReceiptNoted(0, 0, b"")): "receipts",
    tag_of(CheckpointNoted(0, "")): "witnessed",
}
_Event = tuple[str, int, int]


class _Listed(msgspec.Struct, frozen=True):
    """The events that nobody trusts: those that a person has looked at, by the office's log too, and
    the others' reasons."""

    settled: frozenset[_Event]
    open: dict[_Event, str]


def checks(tx: Connection, centre: bytes, kid: str | None = None) -> list[Check]:
    """The checks of seals, receipts noted, what was witnessed, and the list of what proves nothing.
    `centre`: the public key of this centre, b"" where it has none."""
    listed = _listed(tx, kid)
    tallies = {kind: Tally(kind) for kind in _KINDS.values()}
    keys: dict[str, dict[int, bytes]] = defaultdict(dict)
    for claim in _claims(tx, kid):
        which = (claim.kid, claim.epoch, claim.seq)
        if isinstance(claim.record, Seal) and which not in {*listed.settled, *listed.open}:
            keys[claim.kid].setdefault(claim.epoch, vouched.key_of(claim.record.key))
        why = "" if which in listed.settled else _wrong(tx, claim, centre, keys.get(claim.kid, {}))
        tallies[_KINDS[tag_of(claim.record)]].look(Broken(why, *which) if why else None)
    for broken in _strangers(tx, keys):
        tallies["seals"].look(broken)
    distrusted = Tally("distrusted")
    for _ in listed.settled:
        distrusted.look(None)
    for which, reason in sorted(listed.open.items()):
        distrusted.look(Broken(reason, *which))
    return [*(tally.check() for tally in tallies.values()), distrusted.check()]


def _listed(tx: Connection, kid: str | None) -> _Listed:
    its = schema.distrusted.c
    query = select(its.kid, its.epoch, its.seq, its.reason, its.resolved)
    rows = tx.execute(query if kid is None else query.where(its.kid == kid)).all()
    looked_at, settled, left = standing.settlements(tx), set(), {}
    for *place, reason, resolved in rows:
        which = (place[0], place[1], place[2])
        if resolved and which in looked_at:
            settled.add(which)
        else:
            left[which] = "settled_unlogged" if resolved else reason
    return _Listed(frozenset(settled), left)


def _claims(tx: Connection, kid: str | None) -> Iterator[Claim]:
    event = schema.event.c
    rare = event.kind.in_(_KINDS) | event.kind.startswith("unread:")  # maybe called so to hide it
    query = select(event.kid, event.epoch, event.seq, event.record)
    query = query.where(rare, event.kind != "scan")  # the index is of all but scans
    if kid is not None:
        query = query.where(event.kid == kid)
    for row in tx.execute(query.order_by(event.kid, event.epoch, event.seq)).all():
        if not is_as_made(schema.event, row._asdict()):
            continue  # it stands in no chain, which is what is said of it
        record = read(row.record)
        if isinstance(record, Seal | ReceiptNoted | CheckpointNoted):
            before = ledger.head(tx, row.kid, row.epoch, row.seq - 1) or b""
            yield Claim(row.kid, row.epoch, row.seq, before, record)


def _wrong(tx: Connection, claim: Claim, centre: bytes, keys: dict[int, bytes]) -> str:
    match claim.record:
        case Seal() as seal:
            first = keys.get(claim.epoch)
            stranger = first is not None and first != vouched.key_of(seal.key)
            return vouching.seal_wrong(claim, seal) or ("seal_stranger" if stranger else "")
        case ReceiptNoted() as noted:
            return vouching.receipt_wrong(tx, claim, noted, centre)
        case CheckpointNoted() as seen:
            return vouching.checkpoint_wrong(tx, seen)
    return ""


def _strangers(tx: Connection, keys: dict[str, dict[int, bytes]]) -> Iterator[Broken]:
    """A kiosk has one key, and another for each time that its card was replaced by the office's log;
    of one that never was it is the one that its kiosk's row names."""
    kiosk = schema.kiosk.c
    held = {kid: key for kid, key in tx.execute(select(kiosk.kid, kiosk.event_key))}
    given, anew = cards.keys_given(tx), cards.renewed(tx)
    for kid, of_epoch in keys.items():
        names = set(of_epoch.values())
        if not names:
            continue  # it noted something, and has sealed nothing that holds
        if len(names) > given.get(kid, 0) + 1 or (kid not in anew and held.get(kid) not in names):
            yield Broken("seal_stranger", kid)
