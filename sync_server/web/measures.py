"""What a monitor is told of the centre, in Prometheus' text format: written by hand, it is one page."""

from collections.abc import Iterator

from sqlalchemy import Connection, func, select

from sync_server import schema, standing
from sync_server.standing import KioskStanding

_KIOSK = (
    ("hadir_kiosk_online", "Whether the kiosk holds a session at the broker."),
    ("hadir_kiosk_seen_age_seconds", "Seconds since the centre heard of it; -1 never."),
    ("hadir_kiosk_backlog_events", "Events that it held at its last birth; -1 not told."),
    ("hadir_kiosk_stored_events", "Events of it in the ledger."),
    ("hadir_kiosk_refused_frames", "Frames of it that were not taken."),
    ("hadir_kiosk_alerts", "What a technician should look at."),
)


def answers(tx: Connection) -> None:
    """Ask the database anything. Raises SQLAlchemyError where it is away."""
    tx.execute(select(1)).scalar_one()


def text(tx: Connection, now: float) -> str:
    """All figures at server UTC seconds `now`."""
    kiosks = standing.kiosks(tx)
    lines = [*_of_kiosks(kiosks, now)]
    gaps = len(standing.gaps(tx))
    dirty = tx.execute(
        select(func.count(), func.min(schema.dirty.c.since)).select_from(schema.dirty)
    ).one()
    since = dirty[1]
    for name, help_, value in (
        ("hadir_gaps_open", "Runs of events that were announced and are not here.", gaps),
        ("hadir_dirty_office_days", "Office-days whose facts are to be made anew.", dirty[0]),
        (
            "hadir_dirty_age_seconds",
            "How long the oldest of them has waited.",
            max(0, int(now) - since) if since else 0,
        ),
    ):
        lines += [*_head(name, help_), f"{name} {value}"]
    return "\n".join(lines) + "\n"


def _of_kiosks(kiosks: list[KioskStanding], now: float) -> Iterator[str]:
    found = {one.kid: _figures(one, int(now)) for one in kiosks}
    office = {one.kid: one.opd for one in kiosks}
    for at, (name, help_) in enumerate(_KIOSK):
        yield from _head(name, help_)
        for kid, figures in found.items():
            yield f'{name}{{kid="{kid}",opd="{_quoted(office[kid])}"}} {figures[at]}'


def _figures(one: KioskStanding, now: int) -> tuple[int, ...]:
    return (
        int(one.online),
        max(0, now - one.seen) if one.seen else -1,
        -1 if one.waiting is None else one.waiting,
        one.stored,
        one.refused,
        len(one.alerts),
    )


def _head(name: str, help_: str) -> tuple[str, str]:
    return f"# HELP {name} {help_}", f"# TYPE {name} gauge"


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
