"""Asks the centre over HTTPS for a place: with a token, or for a person to approve it; and for another
certificate once the old one has ended.

Nothing is said before the centre has shown the authority that the pass names.
"""

import http.client
import ssl
from contextlib import closing
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from contract import enrolment
from contract.enrolment import Admission, Application, Pass, Refusal, Renewal, Waiting
from contract.errors import BatchError
from contract.invitation import Invitation
from terminal_agent import identity, papers
from terminal_agent.errors import SourceMisconfigured, SourceUnavailable

_PATIENCE = 30.0  # seconds for each answer of a satellite link
_MOST = 64 * 1024
_NO_CHECK_TIME = 0x200000  # X509_V_FLAG_NO_CHECK_TIME, openssl/x509_vfy.h
_DATES = (9, 10)  # X509_V_ERR_CERT_NOT_YET_VALID, X509_V_ERR_CERT_HAS_EXPIRED
_AGAIN = ("too_many", "later")  # refusals that time alone heals


class Applicant(msgspec.Struct, frozen=True):
    """A kiosk's folder, the serial of its board, and whether its clock is worth checking dates by."""

    state: Path
    serial: str
    dated: bool


def apply(who: Applicant, given: Pass) -> Invitation | Waiting:
    """Ask for a place and keep what is given: the installed invitation, or the code to show while
    somebody at the centre decides; asking again with the same pass goes on from there. A kiosk that
    has its place already keeps what it has.

    Raises SourceMisconfigured (what to do is in its code), SourceUnavailable and OSError.
    """
    if given.kid:
        identity.check_own(who.state, given.kid)
    context = _trusting(given, who)
    try:
        reply = _ask(
            given.url, context, "/api/v1/enrol", enrolment.encode(_application(who, given))
        )
    except SourceMisconfigured as problem:
        if problem.code != "enrol_already" or not identity.is_kiosk(who.state, given.kid):
            raise
        papers.arrived(who.state)  # the key that asked in vain
        return identity.load(who.state)
    if isinstance(reply, Waiting):
        return reply
    return _settled(who, given, reply)


def renew(state: Path, invited: Invitation, *, dated: bool) -> Invitation:
    """Another certificate for a kiosk whose own has ended; it is tried from the next start on.
    `dated`: whether the clock is worth checking dates by. Raises as `apply`."""
    context = trusting(invited.ca, dated=dated)
    asked: Renewal = papers.renewal(state, invited)
    reply = _ask(invited.door, context, "/api/v1/renew", enrolment.encode(asked))
    if not isinstance(reply, Admission):
        raise SourceUnavailable("door_wrong", "an answer that nobody asked for")
    key = papers.coming(state)
    taken = papers.certified(invited, key, reply.certificate, reply.share)
    identity.try_next(state, taken)
    papers.arrived(state)
    return taken


def _application(who: Applicant, given: Pass) -> Application:
    csr, key = papers.coming(who.state).csr, identity.born_event_key(who.state)
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    bound = enrolment.to_bind(given.kid, csr, public)
    plain = Application(csr, public, key.sign(bound), who.serial)
    if not given.token:
        return plain
    proof = enrolment.proof(given.token, bound)
    return msgspec.structs.replace(plain, kid=given.kid, token=given.token, proof=proof)


def _settled(who: Applicant, given: Pass, reply: Admission) -> Invitation:
    """The answer is one of the authority that the pass names, and for the kiosk that it names."""
    if _fingerprint(reply.ca) != given.fingerprint or given.kid not in ("", reply.kid):
        raise SourceMisconfigured("door_stranger", "the answer names another authority or kiosk")
    alone = msgspec.structs.replace(reply, ca=papers.first(reply.ca))
    invited = papers.admitted(papers.coming(who.state), alone)
    identity.install(invited, who.state)
    papers.arrived(who.state)
    return invited


def _trusting(given: Pass, who: Applicant) -> ssl.SSLContext:
    """The authority is asked for first, of whoever answers there; only its fingerprint counts."""
    anybody = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    anybody.check_hostname = False
    anybody.verify_mode = ssl.CERT_NONE
    _, data = _said(given.url, anybody, "GET", "/ca.pem", b"")
    shown = data.decode("ascii", "replace")
    if _fingerprint(shown) != given.fingerprint:
        raise SourceMisconfigured("door_stranger", "the authority there is not the one of the pass")
    return trusting(papers.first(shown), dated=who.dated)


def _fingerprint(certificate: str) -> bytes:
    try:
        return enrolment.fingerprint(papers.in_der(certificate))
    except BatchError:
        return b""


def trusting(authority: str, *, dated: bool) -> ssl.SSLContext:
    """Believes this authority (PEM) alone. `dated`: whether our clock is worth checking dates by."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_verify_locations(cadata=authority)
    if not dated:  # who does not know the time could never be told it (see line.py)
        context.verify_flags |= _NO_CHECK_TIME
    return context


def _ask(url: str, context: ssl.SSLContext, path: str, body: bytes) -> Admission | Waiting:
    status, data = _said(url, context, "POST", path, body)
    try:
        reply = enrolment.decode_reply(status, data)
    except BatchError as problem:
        raise SourceUnavailable("door_wrong", f"{status}: {problem}") from problem
    if not isinstance(reply, Refusal):
        return reply
    code, sentence = f"enrol_{reply.error}", f"the centre's time: {reply.time}"
    if reply.error in _AGAIN:
        raise SourceUnavailable(code, sentence)
    raise SourceMisconfigured(code, sentence)


def _said(
    url: str, context: ssl.SSLContext, method: str, path: str, body: bytes
) -> tuple[int, bytes]:
    """Status and body of one request. Raises SourceUnavailable and SourceMisconfigured."""
    try:
        host, port = enrolment.where(url)
        wire = http.client.HTTPSConnection(host, port, timeout=_PATIENCE, context=context)
        with closing(wire):
            wire.request(method, path, body or None, {"Content-Type": "application/json"})
            answer = wire.getresponse()
            return answer.status, answer.read(_MOST)
    except BatchError as problem:
        raise SourceMisconfigured("pass_wrong", str(problem)) from problem
    except ssl.SSLCertVerificationError as problem:
        code = "door_clock" if problem.verify_code in _DATES else "door_stranger"
        raise SourceMisconfigured(code, problem.verify_message) from problem
    except (OSError, UnicodeError, http.client.HTTPException) as problem:  # no name at all
        raise SourceUnavailable("door_away", f"{url}: {problem}") from problem
