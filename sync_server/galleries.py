"""Face templates at the centre: sealed at rest, opened and sealed for kiosks, and which kiosk holds
what, by what its chain says.

Every function works inside its caller's transaction. Who did what with whose templates is noted by
`note_access` in that same transaction.
"""

import secrets
from collections.abc import Iterable, Iterator, Sequence

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, delete, insert, select

from contract import faces
from contract.errors import BatchError
from contract.event import Enrolment, read
from contract.faces import Template
from sync_server import office_log, schema
from sync_server.errors import BadFile
from sync_server.ledger import Kiosk

# A kiosk's own gallery, in its chain: no device, or the camera beside it. Terminals have templates
# of their own, which nobody here can erase.
_OWN = ("camera", "screen")
MADE = ("enrolled", "replaced")  # right there; "replaced": in place of another face of the PIN
HOLDS = (*MADE, "received")  # after any other change there is nothing


class Trace(msgspec.Struct, frozen=True):
    """What a kiosk's chain says became of somebody's template there, with the head after it, and when
    that arrived (server UTC seconds)."""

    epoch: int
    seq: int
    head: bytes
    pin: str
    change: str
    digest: str
    received: int


class Kept(msgspec.Struct, frozen=True):
    """What the centre has of a person: the template's digest, and since when (server UTC seconds)."""

    digest: str
    stored: int


class Noted(msgspec.Struct, frozen=True):
    """A line of the access log."""

    at: int
    did: str
    whom: str


def note_access(tx: Connection, now: int, did: str, opd: str, whom: Sequence[str]) -> None:
    """Note that whoever runs this program did something with the templates of these PINs, at server
    UTC seconds `now`."""
    office_log.note_each(tx, now, office_log.system_user(), did, opd, whom)


def noted(tx: Connection, opd: str, did: str) -> list[Noted]:
    """What the access log says of an office that begins with these words, oldest first."""
    its = schema.access.c
    query = select(its.at, its.did, its.whom).where(its.opd == opd, its.did.startswith(did))
    return [Noted(*row) for row in tx.execute(query.order_by(its.no))]


def store_templates(
    tx: Connection, key: bytes, opd: str, templates: Iterable[Template], now: int
) -> None:
    """Keep these, each in the place of all that its person had, as a kiosk does."""
    table = schema.face_template
    for one in templates:
        tx.execute(delete(table).where(table.c.opd == opd, table.c.pin == one.pin))
        nonce = secrets.token_bytes(faces.NONCE_BYTES)
        sealed = nonce + AESGCM(key).encrypt(nonce, faces.pack((one,)), _place(opd, one.pin))
        row = {"opd": opd, "pin": one.pin, "model": one.model, "sealed": sealed, "stored": now}
        tx.execute(insert(table).values(row))


def kept(tx: Connection, key: bytes, opd: str) -> dict[str, Kept]:
    """What is kept of an office's people, by PIN. Raises BadFile."""
    table = schema.face_template.c
    stored = dict(tx.execute(select(table.pin, table.stored).where(table.opd == opd)).all())
    return {one.pin: Kept(faces.digest(one), stored[one.pin]) for one in templates_of(tx, key, opd)}


def templates_of(tx: Connection, key: bytes, opd: str) -> list[Template]:
    """All templates of an office, by PIN. Raises BadFile where another key sealed them."""
    table = schema.face_template
    query = select(table.c.pin, table.c.model, table.c.sealed).where(table.c.opd == opd)
    found: list[Template] = []
    for pin, model, sealed in tx.execute(query.order_by(table.c.pin)):
        nonce, rest = sealed[: faces.NONCE_BYTES], sealed[faces.NONCE_BYTES :]
        try:
            [one] = faces.unpack(AESGCM(key).decrypt(nonce, rest, _place(opd, pin)))
            if (one.pin, one.model) != (pin, model):
                raise BatchError("the row says another person or model than what is sealed in it")
            found.append(one)
        except (InvalidTag, BatchError, ValueError) as problem:
            raise BadFile(f"PIN {pin}", "", "template_unopened") from problem
    return found


def drop_templates(tx: Connection, opd: str, pins: Iterable[str]) -> int:
    """Erase the templates of these PINs here; how many there were."""
    table = schema.face_template
    gone = delete(table).where(table.c.opd == opd, table.c.pin.in_(list(pins)))
    return tx.execute(gone).rowcount


# The kiosk seals and opens the same form in terminal_agent.orders.face_deeds: what both share (key,
# place, form) is in contract.faces, and AES is not, because contract is pure.
def sealed_for(kiosk: Kiosk, templates: Iterable[Template]) -> list[bytes]:
    """Templates as this kiosk alone can open them, in runs that each fit a command."""
    key, place = faces.transport_key(kiosk.mac_key), faces.bound_to(kiosk.kid)
    sealed = []
    for run in faces.runs(templates):
        nonce = secrets.token_bytes(faces.NONCE_BYTES)
        sealed.append(nonce + AESGCM(key).encrypt(nonce, faces.pack(run), place))
    return sealed


def opened_from(kiosk: Kiosk, body: bytes) -> list[Template]:
    """The templates that a kiosk sent back. Raises BadFile where they are not its own, or cut off."""
    key, place = faces.transport_key(kiosk.mac_key), faces.bound_to(kiosk.kid)
    found: list[Template] = []
    try:
        for sealed in faces.parted(body):
            nonce, rest = sealed[: faces.NONCE_BYTES], sealed[faces.NONCE_BYTES :]
            found += faces.unpack(AESGCM(key).decrypt(nonce, rest, place))
    except (InvalidTag, BatchError, ValueError) as problem:  # ValueError: a nonce that is too short
        raise BadFile(kiosk.kid, "", "templates_damaged") from problem
    return found


def traces(tx: Connection, kid: str) -> Iterator[Trace]:
    """What a kiosk's chains say of templates, in the order of its epochs and events."""
    event, chain = schema.event.c, schema.chain.c
    opened = dict(tx.execute(select(chain.epoch, chain.opened).where(chain.kid == kid)).all())
    terminals = _terminals(tx, kid)
    rows = tx.execute(
        select(event.epoch, event.seq, event.head, event.record, event.received).where(
            event.kid == kid, event.kind == "enrolment"
        )
    ).all()
    in_order = sorted(rows, key=lambda row: (opened[row[0]], row[0], row[1]))
    for epoch, seq, head, data, received in in_order:
        record = read(data)
        if isinstance(record, Enrolment) and (epoch, record.device) not in terminals:
            yield Trace(epoch, seq, head, record.pin, record.change, record.digest, received)


def lacking(tx: Connection, kid: str, templates: Iterable[Template]) -> list[Template]:
    """The templates of which the kiosk's newest epoch does not say that it holds them: a new card
    begins with nothing, whatever the one before had."""
    chain = schema.chain.c
    newest = select(chain.epoch).where(chain.kid == kid)
    epoch = tx.execute(newest.order_by(chain.opened.desc(), chain.epoch).limit(1)).scalar()
    holds = {
        one.pin: one.digest if one.change in HOLDS else ""
        for one in traces(tx, kid)
        if one.epoch == epoch
    }
    return [one for one in templates if holds.get(one.pin) != faces.digest(one)]


def _terminals(tx: Connection, kid: str) -> set[tuple[int, int]]:
    device = schema.device.c
    query = select(device.epoch, device.idx).where(device.kid == kid, device.family.not_in(_OWN))
    return {(epoch, index) for epoch, index in tx.execute(query)}


def _place(opd: str, pin: str) -> bytes:
    """Nobody can give somebody another person's face by moving a row."""
    return b"hadir/1 face at rest\0" + msgspec.json.encode([opd, pin])
