"""What the kiosk keeps: journal, backlog, certificate, quota, keys. Nobody else is asked."""

import fcntl
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from terminal_agent import identity, usage, way_back
from terminal_agent.clock import Clock
from terminal_agent.clock_trust import ANCHOR
from terminal_agent.config import Kiosk
from terminal_agent.doctor.finding import Finding, Level, Values
from terminal_agent.errors import JournalFailed, SourceMisconfigured
from terminal_agent.faces import vault
from terminal_agent.journal_view import View

_DAY = 86_400
_SOON = 30 * _DAY  # a certificate is renewed long before; this one was not
_OLD = 3 * _DAY  # beyond a weekend
_CREDENTIALS = (Path("/etc/credstore"), Path("/etc/credstore.encrypted"))
_NEARLY = 0.2


def journal(path: Path) -> Iterator[Finding]:
    """Whether the file is whole, as SQLite reads it; the chains are what `journal verify` is for."""
    try:
        with closing(View(path)) as view:
            wrong = view.quick_check()
    except JournalFailed as problem:
        level: Level = "info" if problem.code == "no_journal" else "fail"
        yield Finding(problem.code, level, "journal", {"detail": str(problem)})
        return
    if wrong:
        yield Finding("journal_damaged", "fail", "journal", {"detail": wrong})
    else:
        size = round(path.stat().st_size / 1_000_000, 1)
        yield Finding("journal_sound", "ok", "journal", {"megabytes": size})


def backlog(path: Path, clock: Clock) -> Iterator[Finding]:
    """What has no receipt of the centre, and since when."""
    try:
        with closing(View(path)) as view:
            waiting, since = view.unsent(), view.waiting_since()
    except JournalFailed:
        return  # said above
    if not waiting:
        yield Finding("all_received", "ok", "backlog")
        return
    now = clock.look()
    hours = max(0, now.wall - since) // 3600 if since and now.trust else 0
    old = hours * 3600 > _OLD
    values: Values = {"count": waiting, "hours": hours}
    yield Finding("backlog_old" if old else "backlog", "warn" if old else "info", "backlog", values)


def papers(state: Path, clock: Clock) -> Iterator[Finding]:
    """Enrolment and certificate."""
    try:
        invited = identity.load(state)
        identity.event_key(state)
    except SourceMisconfigured as problem:
        values: Values = {"detail": str(problem)}
        yield Finding(problem.code, "fail", "certificate", values)
        return
    paper, now = way_back.standing(state, invited), clock.look()
    if paper.reason:
        yield Finding(paper.reason, "fail", "certificate", {"detail": ""})
    if paper.until is None:
        yield Finding("no_certificate", "info", "certificate")
        return
    days = (paper.until - now.wall) // _DAY
    day = f"{datetime.fromtimestamp(paper.until, UTC):%Y-%m-%d}"
    ends = now.trust >= ANCHOR and paper.until < now.wall + _SOON
    kind: tuple[str, Level] = ("certificate_ends", "warn") if ends else ("certificate_good", "ok")
    yield Finding(*kind, "certificate", {"day": day, "days": days})


def quota(kiosk: Kiosk) -> Finding:
    """Bytes of this month."""
    used = usage.load(Path(kiosk.state))
    left = usage.left(used, kiosk.quota_mb)
    if left is None:
        return Finding("no_quota", "info", "quota", {"megabytes": used.month // 1_000_000})
    values: Values = {"megabytes": left // 1_000_000}
    if not left:
        return Finding("quota_used", "warn", "quota", values)
    nearly = left <= _NEARLY * kiosk.quota_mb * 1_000_000
    return Finding(
        "quota_nearly_used" if nearly else "quota_left", "warn" if nearly else "ok", "quota", values
    )


def faces_key(state: Path) -> Iterator[Finding]:
    """What guards the templates at rest; nothing where there are none."""
    if not (state / "faces.key").exists():
        return
    held = any((folder / vault.CREDENTIAL).exists() for folder in _CREDENTIALS)
    kind: tuple[str, Level] = ("faces_key_apart", "ok") if held else ("faces_key_on_card", "info")
    yield Finding(*kind, "faces")


def running(state: Path) -> bool:
    """Whether an agent works in this folder now."""
    try:
        with (state / "agent.lock").open("r+") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def agent(state: Path) -> Finding:
    """Whether the agent runs; without it nothing is read."""
    if running(state):
        return Finding("agent_runs", "ok", "agent")
    return Finding("agent_stopped", "fail", "agent")
