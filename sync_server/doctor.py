"""What the broker lets strangers and kiosks do, tried out: a configuration file says less.

Kiosks that nobody can invite (names under `VISITORS`) visit with certificates made for the purpose.
Nothing of a real kiosk is touched; on a broker without rules the centre hears of unknown kiosks.
"""

import ssl
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import msgspec
from paho.mqtt import client as mqtt
from paho.mqtt.enums import MQTTProtocolVersion

from contract import topics
from sync_server.authority import VISITORS
from sync_server.certificates import ENDS_SOON, Paper, PrivateAuthority
from sync_server.config import Broker
from sync_server.visitor import SILENCE, Visitor

_NEAR, _FAR, _THIRD = VISITORS
_BATCH_MOST = 48 * 1024
_A_YEAR_AND_MORE = 500 * 86_400
_PLAIN_PORT = 1883
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Finding(msgspec.Struct, frozen=True):
    """One question and its answer: `code` names it, `good` is False where something should be done;
    `grave` where the broker must not be used so."""

    code: str
    good: bool
    detail: str = ""
    grave: bool = True


class Unreachable(Exception):
    """The broker does not answer at all."""


def examine(broker: Broker, state: Path, now: int, revoked: int = 0) -> list[Finding]:
    """Visit the broker and say what it allows; `now` UTC seconds. `revoked`: a certificate's number
    that the newest list names (0: none is kept). Raises Unreachable."""
    ours = PrivateAuthority(state, now) if broker.mutual else None
    ward = _Ward(broker, ours, now, revoked)
    with ward.visit(_NEAR) as near:
        if near.refusal:
            raise Unreachable(near.refusal)
        if broker.embedded:  # on loopback only; it knows no rules, and no other machine reaches it
            return [Finding("only_local", good=True)]
        own = [_of_the_broker(near, now)] if near.until else []
        return [*own, *_manners(near), *_strangers(ward), *_trespasses(ward, near)]


def _of_the_broker(near: Visitor, now: int) -> Finding:
    """Whether its own certificate lasts for a while: with it every kiosk loses the centre."""
    day = datetime.fromtimestamp(near.until, UTC)
    good = near.until > now + ENDS_SOON
    return Finding("broker_certificate", good, f"{day:%Y-%m-%d}", grave=False)


def _manners(near: Visitor) -> Iterator[Finding]:
    """What it promises to everybody in its CONNACK."""
    said = near.promises
    size = said.get("MaximumPacketSize", 0)
    yield Finding("retain", bool(said.get("RetainAvailable", 1)))
    yield Finding("packet_bound", 0 < size <= 1 << 20, str(size or ""))
    yield Finding("packet_fits", not size or size > _BATCH_MOST + 1024, str(size or ""))


def _strangers(ward: "_Ward") -> Iterator[Finding]:
    """Who is let in that should not be."""
    local = ward.broker.host in _LOOPBACK
    with ward.visit_with(None) as nobody:
        open_house = local and not ward.ours
        yield Finding(
            "only_local" if open_house else "no_certificate", open_house or bool(nobody.refusal)
        )
    if ward.ours is None:
        yield Finding("encrypted", bool(ward.broker.ca) or local)
        return
    with ward.visit_with(ward.foreign()) as foreign:
        yield Finding("foreign_certificate", bool(foreign.refusal))
    with ward.visit_with(ward.expired()) as expired:
        yield Finding("expired_certificate", bool(expired.refusal))
    if ward.revoked:
        with ward.visit_with(ward.ours.marked(_THIRD, ward.revoked)) as listed:
            yield Finding("revoked_certificate", bool(listed.refusal))
    with ward.visit(_THIRD, protocol=MQTTProtocolVersion.MQTTv311) as old:
        yield Finding("old_protocol", bool(old.refusal), grave=False)
    with Visitor(ward.broker.host, _PLAIN_PORT, None, "doctor").visiting() as plain:
        yield Finding("plain_listener", bool(plain.refusal))


def _trespasses(ward: "_Ward", near: Visitor) -> Iterator[Finding]:
    """What one kiosk can do to another."""
    of_others = [topics.answers(_FAR), topics.events(_FAR), topics.status(_FAR)]
    of_centre = [topics.receipts(_FAR), topics.commands(_FAR), topics.owner(topics.bucket(_FAR))]

    def overhears() -> bool:
        return not all(map(_may_read, {*near.heard}))

    with ward.visit(_FAR) as far:
        near.subscribe("#", *of_others, *of_centre)
        itself = far.publish_all(_sayings())[:1]
        near.listen(overhears)
        alive = near.alive
        tries = near.publish_all([*of_others, *of_centre])
        forged, posed = tries[: len(of_others)], tries[len(of_others) :]
        near.listen(overhears)  # what was accepted also shows whose letters may be read
        if SILENCE not in itself:
            yield Finding("publish_as_itself", _is_allowed(itself))
        yield Finding("reads_others", alive and not overhears())
        yield from _barred("publishes_as_others", forged)
        yield from _barred("poses_as_centre", posed)
        yield Finding("tries_answered", SILENCE not in (*itself, *tries))
        with ward.visit(_NEAR, client_id=_FAR):
            far.listen()
            yield Finding("takes_session", far.alive)


def _sayings() -> list[str]:
    """What the far kiosk says as itself, so that there is something to overhear where no other kiosk
    is. A centre that hears it logs it; a batch under its right bucket would be kept as a refused one.
    """
    astray = topics.bucket_events(topics.bucket(_NEAR)).replace("+", _FAR)
    return [topics.answers(_FAR), topics.status(_FAR), astray]


def readable(kid: str) -> tuple[str, ...]:
    """What a kiosk may read by the rules of systemd/mosquitto/hadir.acl, as filters."""
    return topics.receipts(kid), topics.commands(kid), topics.ALL_OWNERS


@cache  # asked with every packet
def _may_read(topic: str) -> bool:
    return any(mqtt.topic_matches_sub(one, topic) for one in readable(_NEAR))


def _is_allowed(tries: Sequence[int]) -> bool:
    return any(code < 0x80 for code in tries)


def _barred(code: str, tries: Sequence[int]) -> Iterator[Finding]:
    """No answer is neither leave nor refusal: nothing is said then."""
    allowed = _is_allowed(tries)
    if allowed or SILENCE not in tries:
        yield Finding(code, not allowed)


class _Ward:
    """The broker under examination, and papers to visit it with."""

    def __init__(
        self, broker: Broker, ours: PrivateAuthority | None, now: int, revoked: int
    ) -> None:
        self.broker = broker
        self.ours = ours
        self.revoked = revoked
        self._now = now

    def visit(
        self,
        kid: str,
        client_id: str = "",
        protocol: MQTTProtocolVersion = MQTTProtocolVersion.MQTTv5,
    ) -> AbstractContextManager[Visitor]:
        """A connection as kiosk `kid`, with its own certificate where kiosks have one."""
        paper = self.ours.kiosk(kid) if self.ours else None
        return self._visitor(paper, client_id or kid, protocol)

    def visit_with(self, paper: Paper | None) -> AbstractContextManager[Visitor]:
        """A connection by a stranger with this certificate, or with none."""
        return self._visitor(paper, "doctor", MQTTProtocolVersion.MQTTv5)

    def _visitor(
        self, paper: Paper | None, client_id: str, protocol: MQTTProtocolVersion
    ) -> AbstractContextManager[Visitor]:
        host, port = self.broker.host, self.broker.port
        return Visitor(host, port, self._context(paper), client_id, protocol).visiting()

    def foreign(self) -> Paper:
        """A certificate in our name by an authority that nobody knows."""
        with tempfile.TemporaryDirectory() as folder:
            return PrivateAuthority(Path(folder), self._now).kiosk(_THIRD)

    def expired(self) -> Paper:
        """A certificate of ours that ended."""
        if self.ours is None:
            raise LookupError("no authority of our own")
        before = PrivateAuthority(self.ours.file.parent, self._now - _A_YEAR_AND_MORE)
        return before.kiosk(_THIRD)

    def _context(self, paper: Paper | None) -> ssl.SSLContext | None:
        if self.ours and paper:
            return self.ours.context(paper)
        trusted = self.ours.file if self.ours else self.broker.ca
        return ssl.create_default_context(cafile=trusted) if trusted else None
