"""Commands that look at the journal of this kiosk, beside the agent."""

import json
from contextlib import closing
from pathlib import Path

import click
import msgspec

from contract.invitation import Invitation
from terminal_agent import agent, evidence, identity, unchained
from terminal_agent.cli.setting import BROKEN, Setting, gone_or_never, journal_of, setting
from terminal_agent.clock import Clock, Look
from terminal_agent.errors import JournalFailed, SourceMisconfigured
from terminal_agent.evidence import Keys
from terminal_agent.salvage import rebuilt, soundness
from terminal_agent.salvage.rebuilt import Salvaged
from terminal_agent.unchained import Differs


@click.group("journal")
def journal_group() -> None:
    """Look at the journal of this kiosk."""


@journal_group.command("show")
@click.option("--after", default=0, show_default=True, help="Only events after this seq.")
@setting
def show(setting: Setting, after: int) -> None:
    """Print the events of the current epoch as JSON lines.

    Example: terminal-agent journal show --after 120
    """
    with setting.explaining():
        view = journal_of(setting)
        events = view.events(after)
    for seq, record, head in events:
        click.echo(json.dumps({"seq": seq, "record": json.loads(record), "head": head.hex()}))
    view.close()


@journal_group.command("verify")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@setting
def verify(setting: Setting, as_json: bool) -> None:
    """Recompute every hash chain, check every seal and every receipt that the journal noted, and
    name the first event that does not hold; compare the acked mark, the PINs and the terminals
    beside the chains with them. Exit code 1 where something does not hold.

    Example: terminal-agent journal verify
    """
    with setting.explaining():
        state = Path(setting.load().kiosk.state)
        keys = _keys(state)
        with closing(journal_of(setting)) as view:
            view.hold_still()
            found = evidence.proven(view, keys)
            differs = unchained.differing(view, {one.epoch: one.wrong_at for one in found})
    wrong = [Differs(one.epoch, one.wrong_at, one.wrong) for one in found if one.wrong] + differs
    if as_json:
        facts = {"kid": view.kid, "holds": not wrong, "first": wrong[0] if wrong else None}
        click.echo(msgspec.json.encode(facts | {"unchained": differs, "epochs": found}))
    else:
        for one in found:
            setting.tell(one.wrong or "chain_holds", **msgspec.structs.asdict(one))
        for other in differs:
            setting.tell(other.why, **msgspec.structs.asdict(other))
        if keys is None:
            setting.tell("verified_without_keys")
        for step in dict.fromkeys(_next(one.why) for one in wrong):
            setting.tell(step, state=state)
    raise click.exceptions.Exit(BROKEN if wrong else 0)


def _next(why: str) -> str:
    """What comes next: a salvage believes the chain alone, so it mends nothing in what was signed."""
    return "next_keep" if why.startswith(("seal_", "receipt_")) else "next_salvage"


@journal_group.command("salvage")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@setting
def salvage(setting: Setting, as_json: bool) -> None:
    """Go on from a damaged journal with everything in it that its hash chain still proves.

    The agent must be stopped. The damaged file is kept beside the new one. Whatever has no proven
    receipt goes to the centre again, and every terminal is read whole again: the centre counts no
    punch twice.

    Example: terminal-agent journal salvage
    """
    with setting.explaining():
        chosen = setting.load()
        state = Path(chosen.kiosk.state)
        invited = identity.load(state)
        done = _salvaged(state, invited, Clock(chosen.kiosk.clock).look())
    if as_json:
        click.echo(msgspec.json.encode({"kid": invited.kid, "salvaged": done}))
    elif done is None:
        setting.tell("journal_whole")
    else:
        setting.tell("salvaged", **msgspec.structs.asdict(done))
        if done.lost:
            setting.tell("salvage_lost", lost=done.lost)


def _salvaged(state: Path, invited: Invitation, look: Look) -> Salvaged | None:
    path = state / "journal.db"
    try:
        with agent.alone(state):
            if path.exists() and soundness.is_whole(path, invited.kid):
                return None
            return rebuilt.salvage(state, invited, look)
    except JournalFailed as problem:
        raise gone_or_never(problem, state) from problem
    except OSError as problem:
        raise JournalFailed("journal", f"{state}: {problem.strerror}") from problem


def _keys(state: Path) -> Keys | None:
    """What signatures are checked with; None before the kiosk is enrolled."""
    try:
        invited = identity.load(state)
    except SourceMisconfigured:
        return None
    try:
        return Keys(identity.sealer(state).public, invited)
    except SourceMisconfigured:
        return Keys(b"", invited)


COMMANDS = (journal_group,)
