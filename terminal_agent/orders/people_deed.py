"""Brings the office's people to its terminals, or tells what differs there, as `people push` does."""

from collections.abc import Callable, Sequence
from functools import partial

from contract.command import People
from contract.event import Enrolment
from contract.invitation import Invitation
from contract.roll import own_salt
from terminal_agent import identity
from terminal_agent.discovery.addresses import placed, recall
from terminal_agent.orders.hands import Deed, Hands
from terminal_agent.orders.lent import lent
from terminal_agent.roster import pushing
from terminal_agent.roster.differences import Plan
from terminal_agent.roster.pushing import Away, Comparison, Office, Pushed
from terminal_agent.staff import Staff

_NAMED = 20  # PINs of a terminal that an answer lists


def push(order: People, hands: Hands, beat: Callable[[], None]) -> Deed:
    """Do it. Raises JournalFailed."""
    staff = Staff.load(hands.state).names()
    known = [device.name for device in hands.config.zkteco]
    if not known or order.device not in ("", *known):
        return Deed("refused", f"unknown_device: {order.device or 'no device is configured here'}")
    if order.remove and not staff:
        return Deed("refused", "no_staff_list")
    found = recall(hands.state)
    devices = [placed(device, found) for device in hands.config.zkteco]
    office = Office(devices, staff, partial(lent, hands=hands, beat=beat))
    compared = pushing.compare(office, order.device, remove=order.remove)
    return _written(office, compared, hands) if order.write else _shown(compared)


def _shown(compared: Comparison) -> Deed:
    said = [_figures(plan) for plan in compared.plans]
    said += [f"{away.device}: {away.code}" for away in compared.away]
    return Deed("failed" if compared.away else "done", "dry_run: " + "; ".join(said))


def _figures(plan: Plan) -> str:
    added = sum(step.add for step in plan.steps)
    removed = sum(step.remove for step in plan.steps)
    renamed = sum(bool(step.name) and not step.add for step in plan.steps)
    cards = sum(bool(step.card) for step in plan.steps)
    fingers = sum(len(step.fingers) for step in plan.steps)
    figures = f"added={added} renamed={renamed} cards={cards} fingers={fingers} removed={removed}"
    return f"{plan.device}: {figures}{_left(plan.left)}"


def _written(office: Office, compared: Comparison, hands: Hands) -> Deed:
    invited = identity.load(hands.state)
    done = list(pushing.write(office, compared.plans))
    for one in done:
        if isinstance(one, Pushed):
            _note(one, hands, invited)
    away = [*compared.away, *(one for one in done if isinstance(one, Away))]
    said = [_told(one) for one in done if isinstance(one, Pushed)]
    said += [f"{one.device}: {one.code}" for one in away]
    left = any(isinstance(one, Pushed) and one.report.left for one in done)
    detail = "; ".join(said) or "no_difference"
    return Deed("failed", f"left_out: {detail}") if left or away else Deed("done", detail)


def _told(one: Pushed) -> str:
    its = one.report
    figures = f"added={its.added} renamed={its.renamed} cards={its.cards} fingers={its.fingers}"
    return f"{one.device}: {figures} removed={its.removed}{_left(its.left)}"


def _left(left: Sequence[tuple[str, str]]) -> str:
    if not left:
        return ""
    return f" left={len(left)} ({', '.join(f'{pin} {code}' for pin, code in left[:_NAMED])})"


def _note(one: Pushed, hands: Hands, invited: Invitation) -> None:
    """Into the chain; a terminal that was never read is found whole at its first look."""
    known = hands.journal.device(one.serial)
    salt = invited.salt or own_salt(invited.mac_key)
    records = (
        [Enrolment(known.index, *each) for each in pushing.changes(one.done, salt)] if known else []
    )
    if records:
        hands.journal.note(records, hands.clock.look())
