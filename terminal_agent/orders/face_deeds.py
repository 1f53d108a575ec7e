"""What the centre asks about faces: keep templates, forget them, send them.

What is erased stands in the chain before the centre hears that it is done, fingers in the kiosk's own
sensors among it: while one of those is unplugged, the erasure goes on. Each deed may be done
twice; templates that were sealed before their person was erased never come back, in whatever order
commands arrive, or are replayed.
"""

import logging
import secrets
from collections.abc import Sequence
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from contract import event, faces
from contract.command import Faces, Forget, Gather
from contract.errors import BatchError
from contract.event import Enrolment
from contract.faces import Template
from terminal_agent import durable
from terminal_agent.errors import SourceMisconfigured, SourceUnavailable
from terminal_agent.faces import vault
from terminal_agent.faces.gallery import Gallery
from terminal_agent.fingers import Fingers
from terminal_agent.orders.hands import Deed, Hands

log = logging.getLogger(__name__)

_KIOSK = 0  # the device of an Enrolment record: the kiosk's own gallery
_NAMED = faces.MOST_FORGOTTEN  # PINs that an answer lists
_TEMPLATES, _ERASED = "faces.db", "faces.erased.json"


def do(counter: int, order: Faces | Forget | Gather, hands: Hands) -> Deed | None:
    """Do one of these orders; None where it goes on (see `forgotten`). Raises JournalFailed and
    OSError."""
    try:
        match order:
            case Faces():
                return _keep(counter, order, hands)
            case Forget():
                return _forget(counter, order, hands)
            case Gather():
                return _gather(order, hands)
    except (SourceUnavailable, SourceMisconfigured) as problem:
        return Deed("failed", f"{problem.code}: {problem}")


def _keep(counter: int, order: Faces, hands: Hands) -> Deed:
    if not hands.config.camera.source:
        return Deed("refused", "no_camera")
    try:
        sent = _opened(order.sealed, hands)
    except (InvalidTag, BatchError, ValueError):  # ValueError: too short to hold a nonce
        return Deed("failed", "templates_damaged")
    erased = _erased(hands.state)
    kept = [one for one in sent if erased.get(one.pin, 0) < counter]
    _gallery(hands.state).put(kept)
    received = [Enrolment(_KIOSK, one.pin, "received", faces.digest(one)) for one in kept]
    if received:
        hands.journal.note(received, hands.clock.look())
        hands.regallery()
    log.info("faces.received people=%d", len(kept))
    return Deed("done", _remark(sent, kept, _model(hands)))


def _remark(sent: Sequence[Template], kept: Sequence[Template], model: str) -> str:
    """What the operator should know of templates that are not used."""
    if len(kept) < len(sent):
        return f"erased_before: {_listed([one.pin for one in sent if one not in kept])}"
    other = [one.pin for one in kept if model and one.model != model]
    return f"other_model: {_listed(other)}" if other else f"people={len(kept)}"


def _forget(counter: int, order: Forget, hands: Hands) -> Deed | None:
    """The gallery remembers what it erased until the chain holds it: a power cut in between loses
    neither the erasure nor its proof. An order that comes again after a restart spares the fingers
    that were enrolled since."""
    erased = _erased(hands.state)
    Fingers(hands.state).condemn([pin for pin in order.pins if erased.get(pin, 0) < counter])
    later = {pin: max(counter, erased.get(pin, 0)) for pin in order.pins}
    durable.write_whole(hands.state / _ERASED, msgspec.json.encode(erased | later))
    if not (hands.state / _TEMPLATES).exists():
        return _answered(order, order.pins, hands)
    gallery = _gallery(hands.state)
    gone = gallery.erase(order.pins, told=False)
    _note_untold(gallery, hands)
    if gone:
        hands.regallery()
    log.info("faces.erased templates=%d", len(gone))
    there = {pin for pin, _ in gone}
    return _answered(order, [pin for pin in order.pins if pin not in there], hands)


def forgotten(order: Forget, hands: Hands) -> Deed | None:
    """What became of an erasure that waited for a finger sensor; None while it does."""
    try:
        is_here = (hands.state / _TEMPLATES).exists()
        held = {one.pin for one in _gallery(hands.state).templates()} if is_here else set()
        return _answered(order, [pin for pin in order.pins if pin not in held], hands)
    except (SourceUnavailable, SourceMisconfigured) as problem:
        return Deed("failed", f"{problem.code}: {problem}")


def _answered(order: Forget, absent: Sequence[str], hands: Hands) -> Deed | None:
    if Fingers(hands.state).owed(order.pins):
        return None
    return Deed("done", f"not_here: {_listed(absent)}" if absent else "")


def catch_up(hands: Hands) -> None:
    """Note what commands changed while the agent was away. Raises JournalFailed."""
    if not (hands.state / _TEMPLATES).exists():
        return
    try:
        _note_untold(_gallery(hands.state), hands)
    except (SourceUnavailable, SourceMisconfigured) as problem:  # the next start tries again
        log.error("faces.untold code=%s %s", problem.code, problem)


def _note_untold(gallery: Gallery, hands: Hands) -> None:
    """In the journal first: a power cut in between notes a change twice, and never loses one."""
    untold = gallery.untold()
    if not untold:
        return
    changes = [Enrolment(_KIOSK, one.pin, one.change, one.digest) for one in untold]
    hands.journal.note(changes, hands.clock.look())
    for one in untold:
        gallery.tell(one.no)


def _gather(order: Gather, hands: Hands) -> Deed:
    held = _gallery(hands.state).templates() if (hands.state / _TEMPLATES).exists() else []
    asked = [one for one in held if not order.pins or one.pin in order.pins]
    key, place = _transport(hands)
    sealed = []
    for run in faces.runs(asked):
        nonce = secrets.token_bytes(faces.NONCE_BYTES)
        sealed.append(nonce + AESGCM(key).encrypt(nonce, faces.pack(run), place))
    return Deed("done", f"people={len(asked)}", faces.joined(sealed))


# The centre seals and opens the same form in sync_server.galleries: what both share (key, place, form)
# is in contract.faces, and AES is not, because contract is pure.
def _opened(sealed: bytes, hands: Hands) -> tuple[Template, ...]:
    key, place = _transport(hands)
    nonce, rest = sealed[: faces.NONCE_BYTES], sealed[faces.NONCE_BYTES :]
    return faces.unpack(AESGCM(key).decrypt(nonce, rest, place))


def _transport(hands: Hands) -> tuple[bytes, bytes]:
    invited = hands.dispatch.invited
    return faces.transport_key(invited.mac_key), faces.bound_to(invited.kid)


def _gallery(state: Path) -> Gallery:
    return Gallery(state / _TEMPLATES, vault.key(state))


def _model(hands: Hands) -> str:
    """The model that the camera matches with; "" before it has made a gallery."""
    made = event.read(hands.journal.newest("gallery") or b"")
    return made.model if isinstance(made, event.Gallery) else ""


def _erased(state: Path) -> dict[str, int]:
    """By PIN the newest command that erased it: templates of an older one are not taken."""
    try:
        data = (state / _ERASED).read_bytes()
    except FileNotFoundError:
        return {}
    try:
        return msgspec.json.decode(data, type=dict[str, int])
    except (msgspec.DecodeError, UnicodeDecodeError) as problem:  # a card that damages files
        log.error("faces.erased_unreadable %s", problem)
        return {}


def _listed(pins: Sequence[str]) -> str:
    more = f", +{len(pins) - _NAMED}" if len(pins) > _NAMED else ""
    return ", ".join(pins[:_NAMED]) + more
