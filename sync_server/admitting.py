"""Who becomes a kiosk: tokens, approvals, renewals. What is decided stands in the office log.

Keys are born on the kiosk; the centre signs for them. Every function works inside its caller's
transaction.
"""

import secrets

from sqlalchemy import Connection, select, update

from contract import enrolment
from contract.enrolment import Admission, Application, Renewal, Waiting
from sync_server import (
    applicants,
    authority,
    credentials,
    key_proofs,
    ledger,
    office_log,
    retiring,
    schema,
)
from sync_server.authority import Registrar
from sync_server.errors import BadFile

_REFUSED_S = 600  # so long a kiosk that was refused is told so; then it may ask anew
_MOST_A_DAY = 10  # certificates for a kiosk
_DAY = 86_400


class Refused(Exception):
    """Why an applicant is not admitted, as a code; `status` is the one of HTTP."""

    def __init__(self, code: str, status: int = 403) -> None:
        super().__init__(code)
        self.code = code
        self.status = status


def token(tx: Connection, by: Registrar, kid: str, opd: str) -> bytes:
    """A one-time token for a new kiosk of an office; one that was never used gives way to it.
    Raises BadFile."""
    authority.check_name(kid, opd)
    its = schema.ticket.c
    known = ledger.kiosk(tx, kid)
    awaited = tx.execute(select(its.digest).where(its.kid == kid, its.used == 0)).first()
    if known and not (awaited and not credentials.in_force(tx, kid)):
        raise BadFile(kid, "", "kid_taken", kid=kid)
    if known is None:
        authority.expect(tx, by, kid, opd)
    elif known.opd != opd:
        authority.move(tx, kid, opd)
    return _ticket(tx, by, kid, opd, replaces=False)


def token_to_replace(tx: Connection, by: Registrar, kid: str) -> bytes:
    """A one-time token for a new card of a known kiosk; the old card counts until it is used.
    Raises BadFile."""
    known = ledger.kiosk(tx, kid)
    if known is None:
        raise BadFile(kid, "", "kid_unknown", kid=kid)
    return _ticket(tx, by, kid, known.opd, replaces=True)


def admit(tx: Connection, by: Registrar, asked: Application, came_from: str) -> Admission | Waiting:
    """What an applicant is answered; the same again where it asks again with the same key. Raises
    Refused."""
    public = _public(asked.csr)
    bound = enrolment.to_bind(asked.kid, asked.csr, asked.event_key)
    if not key_proofs.is_vouched(asked.event_key, asked.signature, bound):
        raise Refused("bad_request", 400)
    if not asked.token:
        return _asks(tx, by, asked, came_from)
    return _with_token(tx, by, asked, public)


def approve(  # noqa: PLR0913 - who, and as what
    tx: Connection, by: Registrar, code: str, kid: str, opd: str, who: str
) -> None:
    """The kiosk that shows this code is kiosk `kid` from now on: a new one of office `opd`, or with
    "" a new card for a kiosk that is known. Raises BadFile."""
    code = code.strip().upper()
    letters = applicants.who_shows(tx, code, by.now)
    if opd:
        authority.expect(tx, by, kid, opd)
    elif ledger.kiosk(tx, kid) is None:
        raise BadFile(kid, "", "kid_unknown", kid=kid)
    else:
        retiring.begin_anew(tx, kid, by.now)
    its = schema.asking.c
    decided = update(schema.asking).where(its.code == letters, its.kid == "", its.decided == 0)
    if not tx.execute(decided.values(kid=kid, decided=by.now)).rowcount:  # somebody else was faster
        raise BadFile(code, "", "nobody_asks")
    office_log.note(tx, by.now, who, "kiosk_approved", opd, kid, code)


def refuse(tx: Connection, by: Registrar, code: str, who: str) -> None:
    """The kiosk that shows this code is told that nobody lets it in. What it asked stays, here and in
    the office's log, and it may ask anew. Raises BadFile."""
    code = code.strip().upper()
    row = applicants.refuse(tx, code, by.now)
    said = " ".join(filter(None, (code, row.serial, row.came_from)))
    office_log.note(tx, by.now, who, "kiosk_refused", detail=said)


def renew(tx: Connection, by: Registrar, asked: Renewal, *, online: bool) -> Admission:
    """Another certificate and MAC key for a kiosk that proves itself by its event key; `online`: it
    asked through its own session and under its MAC, and signs with the old TLS key too. The new MAC
    key is in force once the kiosk uses it. Raises Refused."""
    public = _public(asked.csr)
    held = _event_key(tx, asked, online=online)
    signed = enrolment.to_renew(asked.kid, asked.csr)
    if not key_proofs.is_vouched(held, asked.signature, signed):
        raise Refused("bad_signature")
    known = credentials.in_force(tx, asked.kid)
    given = credentials.given_to(tx, asked.kid, public)
    if given is None:
        olds = [one.public for one in known if one.public]
        if online and olds and not _is_signed_by_any(olds, asked, signed):
            raise Refused("bad_signature")
        if sum(one.issued > by.now - _DAY for one in known) >= _MOST_A_DAY:
            raise Refused("too_many", 429)
        present = credentials.keep_present(tx, asked.kid, by.now)
        given = authority.certify(tx, by, asked.kid, asked.csr)
        said = credentials.marks(*present, given)
        office_log.note(tx, by.now, asked.kid, "kiosk_renewed", whom=asked.kid, detail=said)
    return _admission(tx, by, given)


def _ticket(tx: Connection, by: Registrar, kid: str, opd: str, *, replaces: bool) -> bytes:
    secret = secrets.token_bytes(enrolment.TOKEN_BYTES)
    its = schema.ticket.c
    tx.execute(update(schema.ticket).where(its.kid == kid, its.used == 0).values(expires=0))
    row = {"digest": enrolment.token_digest(secret), "kid": kid, "opd": opd, "made": by.now}
    row |= {"replaces": int(replaces), "expires": by.now + enrolment.TOKEN_SECONDS}
    tx.execute(schema.ticket.insert().values(row))
    return secret


def _with_token(tx: Connection, by: Registrar, asked: Application, public: bytes) -> Admission:
    """The token is looked up by its digest: how long that takes says nothing of any token."""
    its = schema.ticket.c
    digest = enrolment.token_digest(asked.token)
    row = tx.execute(select(schema.ticket).where(its.digest == digest)).first()
    bound = enrolment.to_bind(asked.kid, asked.csr, asked.event_key)
    proven = secrets.compare_digest(enrolment.proof(asked.token, bound), asked.proof)
    if row is None or not proven or not secrets.compare_digest(row.kid, asked.kid):
        raise Refused("token_unknown")
    if row.used:
        mine = bytes(row.public) == public
        if not mine and _is_enrolled(tx, row.kid, asked.event_key):
            raise Refused("already")
        return _again(tx, by, row.kid, public, mine=mine, code="token_used")
    if row.expires <= by.now:
        raise Refused("token_expired")
    _spend(tx, by, digest, public)
    if row.replaces:
        retiring.begin_anew(tx, row.kid, by.now)
    return _enrolled(tx, by, row.kid, asked)


def _is_enrolled(tx: Connection, kid: str, event_key: bytes) -> bool:
    """Whether the kiosk of this event key, by which its application is signed, is that kiosk now."""
    its = schema.kiosk.c
    row = tx.execute(select(its.event_key, its.revoked).where(its.kid == kid)).first()
    return row is not None and not row.revoked and row.event_key == event_key


def _again(  # noqa: PLR0913 - who asks, and what for
    tx: Connection, by: Registrar, kid: str, public: bytes, *, mine: bool, code: str
) -> Admission:
    """The answer was lost on its way: the same key gets the same certificate."""
    given = credentials.given_to(tx, kid, public) if mine else None
    if given is None:
        raise Refused(code)
    return _admission(tx, by, given)


def _spend(tx: Connection, by: Registrar, digest: str, public: bytes) -> None:
    """Of two who come at once one is first: the other's update finds nothing unused."""
    its = schema.ticket.c
    spent = update(schema.ticket).where(its.digest == digest, its.used == 0)
    if not tx.execute(spent.values(used=by.now, public=public)).rowcount:
        raise Refused("token_used")


def _asks(tx: Connection, by: Registrar, asked: Application, came_from: str) -> Admission | Waiting:
    code, its = applicants.letters(asked), schema.asking.c
    row = tx.execute(select(schema.asking).where(its.code == code)).first()
    if row is not None and row.kid:
        if row.enrolled or abs(by.now - row.decided) < enrolment.TOKEN_SECONDS:
            return _approved(tx, by, row.kid, asked)
        applicants.forget(tx, code)
    elif row is not None and abs(by.now - row.decided) < _REFUSED_S:
        raise Refused("refused")
    applicants.wait(tx, by.now, asked, came_from)
    return Waiting(enrolment.asking_code(code), by.now)


def _approved(tx: Connection, by: Registrar, kid: str, asked: Application) -> Admission:
    its = schema.asking.c
    first = update(schema.asking).where(its.code == applicants.letters(asked), its.enrolled == 0)
    if tx.execute(first.values(enrolled=by.now)).rowcount:
        return _enrolled(tx, by, kid, asked)
    return _again(tx, by, kid, _public(asked.csr), mine=True, code="asked_before")


def _enrolled(tx: Connection, by: Registrar, kid: str, asked: Application) -> Admission:
    revoked = tx.execute(select(schema.kiosk.c.revoked).where(schema.kiosk.c.kid == kid)).scalar()
    if revoked is None or revoked:
        raise Refused("revoked")
    if credentials.in_force(tx, kid):  # another machine got the name meanwhile
        retiring.begin_anew(tx, kid, by.now)
    applicants.withdraw(tx, kid)
    given = authority.certify(tx, by, kid, asked.csr)
    marks = {"mac_key": given.mac_key, "event_key": asked.event_key, "invited": by.now}
    tx.execute(update(schema.kiosk).where(schema.kiosk.c.kid == kid).values(marks))
    said = f"{asked.serial} {credentials.marks(given)}".lstrip()
    office_log.note(tx, by.now, kid, "kiosk_enrolled", whom=kid, detail=said)
    return _admission(tx, by, given)


def _event_key(tx: Connection, asked: Renewal, *, online: bool) -> bytes:
    """The key that must have signed: the one that the centre knows of this kiosk. Who asks under the
    kiosk's MAC is believed the first time."""
    its = schema.kiosk.c
    row = tx.execute(select(its.event_key, its.revoked).where(its.kid == asked.kid)).first()
    if row is None:
        raise Refused("kid_unknown")
    if row.revoked:
        raise Refused("revoked")
    if not row.event_key:
        if not online:
            raise Refused("key_unknown")
        authority.is_event_key(tx, asked.kid, asked.event_key)
    return bytes(row.event_key or asked.event_key)  # SQLite reads the empty default as text


def _is_signed_by_any(olds: list[bytes], asked: Renewal, signed: bytes) -> bool:
    return any(key_proofs.is_signed(old, asked.old_signature, signed) for old in olds)


def _public(csr: str) -> bytes:
    try:
        return key_proofs.public_bytes(key_proofs.requested_key(csr))
    except key_proofs.BadRequest as problem:
        raise Refused("bad_request", 400) from problem


def _admission(tx: Connection, by: Registrar, given: credentials.Credential) -> Admission:
    kiosk = schema.kiosk.c
    opd = tx.execute(select(kiosk.opd).where(kiosk.kid == given.kid)).scalar_one()
    invited = authority.invitation_of(by, given.kid, opd, given.mac_key)
    return Admission(
        kid=given.kid,
        broker_host=invited.broker_host,
        broker_port=invited.broker_port,
        ca=invited.ca,
        sign_key=invited.sign_key,
        seal_key=invited.seal_key,
        certificate=given.certificate,
        share=given.share,
        door=by.door,
        time=by.now,
        salt=invited.salt,
    )
