"""How each order is done. A power cut between doing and committing does it again: every deed here
may be done twice."""

import logging
import zlib
from collections.abc import Callable

import msgspec

from contract.command import (
    Certify,
    Checkpoint,
    Command,
    Configure,
    Faces,
    Forget,
    Gather,
    Live,
    Logs,
    People,
    Pull,
    Renew,
    Resend,
    Staff,
    Update,
    Users,
)
from terminal_agent import config, config_shown, ordered, people
from terminal_agent.config import ZkDevice
from terminal_agent.discovery.addresses import placed, recall
from terminal_agent.errand import Errand
from terminal_agent.errors import SourceMisconfigured, SourceUnavailable
from terminal_agent.orders import checkpoint_deed, face_deeds, people_deed, renewal_deed, staff_deed
from terminal_agent.orders.hands import Deed, Hands
from terminal_agent.orders.lent import lent
from terminal_agent.zk.wishes import Report

log = logging.getLogger(__name__)

_POLL_SECONDS = 240.0  # a full read of a large log over a poor LAN takes minutes
_LONGEST_LIVE = 86_400
_Kept = (
    Staff | Faces | Forget | Gather | Checkpoint | Renew | Certify
)  # what is written beside the journal


def do(asked: Command, hands: Hands, beat: Callable[[], None]) -> Deed | None:
    """Do an order; None where it goes on (see `outcome`). `beat` says that waiting is not hanging.

    Raises JournalFailed, and OSError where the disk fails.
    """
    match asked.order:
        case Configure():
            return _configure(asked.counter, asked.order, hands)
        case Pull():
            return _pull(asked.order, hands, beat)
        case Users() | People():
            return _people(asked.order, hands, beat)
        case Live():
            return _live(asked.order, hands)
        case Logs():
            return Deed("done", "", _bundle(asked.order, hands))
        case Resend() | Update():
            return _begun(asked.counter, asked.order, hands)
        case Staff() | Faces() | Forget() | Gather() | Checkpoint() | Renew() | Certify():
            return _kept(asked.counter, asked.order, hands)


def _begun(counter: int, order: Resend | Update, hands: Hands) -> Deed | None:
    if isinstance(order, Resend):
        return _resend(counter, order, hands)
    return _update(counter, order, hands)


def _kept(counter: int, order: _Kept, hands: Hands) -> Deed | None:
    """A full disk is told to the centre: an agent that ended by it would start, be asked again, and
    end again, and meanwhile read no terminal."""
    try:
        if isinstance(order, Staff):
            return staff_deed.learn(order, hands.state)
        if isinstance(order, Checkpoint):
            return checkpoint_deed.compare(order, hands)
        if isinstance(order, Renew | Certify):
            return renewal_deed.do(order, hands)
        return face_deeds.do(counter, order, hands)
    except OSError as problem:
        return Deed("failed", f"disk: {problem.strerror}")


def outcome(asked: Command, hands: Hands) -> Deed | None:
    """What became of an order that went on, None while it does."""
    if isinstance(asked.order, Update):
        return _update(asked.counter, asked.order, hands)
    if isinstance(asked.order, Forget):
        return face_deeds.forgotten(asked.order, hands)
    if not isinstance(asked.order, Resend):
        return None  # a configuration is answered for by the agent that runs with it
    told = hands.dispatch.resending.outcome(asked.counter)
    if not told:
        return None
    return Deed("done") if told == "done" else Deed("failed", told)


def _update(counter: int, order: Update, hands: Hands) -> Deed | None:
    if hands.updates is None:
        return Deed("refused", "not_a_release")
    fate = hands.updates.ask(counter, order)
    return Deed(*fate) if fate else None


def _configure(counter: int, order: Configure, hands: Hands) -> Deed | None:
    toml = order.toml.encode()
    try:
        config.decode(toml, "configuration")
    except SourceMisconfigured as problem:
        return Deed("refused", f"config_wrong: {problem}")
    now = ordered.read(hands.state)
    if counter < max(now.counter if now else 0, ordered.fallen(hands.state)):
        return Deed("refused", "older: a newer configuration is in force")
    try:
        ordered.keep(hands.state, counter, toml)
    except OSError as problem:
        kept = ordered.read(hands.state)
        if kept and kept.counter == counter:
            raise  # it is in force all the same
        return Deed("failed", f"disk: {problem.strerror}")
    log.warning("configuration.ordered command=%d", counter)
    hands.restart()
    return None


def _pull(order: Pull, hands: Hands, beat: Callable[[], None]) -> Deed:
    devices = _devices(order.device, hands)
    if not devices:
        return _no_device(order.device)
    errands = {device.name: Errand(full=order.full) for device in devices}
    for name, errand in errands.items():
        hands.intakes[name].ask(errand)
    said = []
    for name, errand in errands.items():
        if not errand.wait(_POLL_SECONDS, beat):
            errand.fail("timeout")
        said.append(f"{name}: {errand.detail}")
    failed = any(errand.failed for errand in errands.values())
    return Deed("failed" if failed else "done", "; ".join(said))


def _people(order: Users | People, hands: Hands, beat: Callable[[], None]) -> Deed:
    if isinstance(order, People):
        return people_deed.push(order, hands, beat)
    devices = _devices(order.device, hands) if order.device else []
    if not devices:
        return _no_device(order.device)
    [device] = devices
    try:
        with lent(device.name, hands, beat):
            at = placed(device, recall(hands.state))
            return _written(people.write(at, order.users, beat))
    except (SourceUnavailable, SourceMisconfigured) as problem:
        return Deed("failed", f"{problem.code}: {problem}")
    except OSError as problem:  # the program that writes could not be started
        return Deed("failed", f"admin_failed: {problem.strerror}")


def _written(found: Report) -> Deed:
    figures = (
        f"added={found.added} renamed={found.renamed} removed={found.removed} same={found.same}"
    )
    if not found.left:
        return Deed("done", figures)
    left = ", ".join(f"{pin} {code}" for pin, code in found.left[:20])
    return Deed("failed", f"left_out: {figures} left={len(found.left)} ({left})")


def _live(order: Live, hands: Hands) -> Deed:
    if order.until > hands.clock.wall() + _LONGEST_LIVE:
        return Deed("refused", "too_long: live mode lasts a day at most")
    hands.dispatch.go_live(float(order.until))
    return Deed("done")


def _resend(counter: int, order: Resend, hands: Hands) -> Deed | None:
    return None if hands.dispatch.resending.ask(counter, order) else Deed("failed", "gone")


def _bundle(order: Logs, hands: Hands) -> bytes:
    standing = hands.journal.standing()
    found = {
        "kid": hands.journal.kid,
        "standing": {"epoch": standing.epoch, "last": standing.last, "acked": standing.acked},
        "clock": msgspec.to_builtins(hands.clock.look()),
        "alerts": hands.alerts.copy(),
        "config": config_shown.masked(hands.config),
        "ordered": getattr(ordered.read(hands.state), "counter", 0),
        "log": hands.ring.newest(order.lines),
    }
    return zlib.compress(msgspec.json.encode(found), 9)


def _devices(name: str, hands: Hands) -> list[ZkDevice]:
    """The devices of that name; all without one."""
    return [device for device in hands.config.zkteco if name in ("", device.name)]


def _no_device(name: str) -> Deed:
    return Deed("refused", f"unknown_device: {name or 'no device is configured here'}")
