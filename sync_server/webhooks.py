"""Sending notices: signed, one by one, again until they are taken. The only home of this client.

The receiver checks `Hadir-Signature`: "v1=" and the hex HMAC-SHA256, by its secret, of the time in
`Hadir-Time`, a dot and the body; it refuses old times, and takes a `Hadir-Notice` number once.
"""

import hashlib
import hmac
import logging
import threading
from collections.abc import Callable
from functools import partial

import httpx2

from sync_server import duty, notices
from sync_server.database import Database
from sync_server.duty import Duty
from sync_server.notices import Notice

log = logging.getLogger(__name__)

_DUTY = Duty("webhook", 0x4AD1_0005, 2.0)
_PATIENCE = 10.0  # seconds that a receiver may take


def run(database: Database, wall: Callable[[], float], stop: threading.Event) -> None:
    """Send what is due until `stop` is set; a receiver that fails costs the others one wait."""
    with httpx2.Client(timeout=_PATIENCE, follow_redirects=False) as client:
        due = partial(send_due, database, client, wall, stop)
        duty.keep(database, _DUTY, stop, lambda: due)


def send_due(
    database: Database, client: httpx2.Client, wall: Callable[[], float], stop: threading.Event
) -> int:
    """Send what is due now, until `stop` is set; how many were taken. Whoever fails once is asked
    again in another pass. Raises SQLAlchemyError where the ledger fails."""
    with database.reading() as tx:
        due = notices.due(tx, int(wall()))
    count = 0
    failed: set[int] = set()
    for notice in due:
        if notice.receiver in failed:
            continue
        if stop.is_set():  # a receiver that hangs holds the end up once
            break
        taken, said = _send(client, notice, int(wall()))
        with database.writing() as tx:
            (notices.taken if taken else notices.failed)(tx, notice, said, int(wall()))
        log.info("webhook.%s no=%d %s", "taken" if taken else "failed", notice.no, said)
        count += taken
        if not taken:
            failed.add(notice.receiver)
    return count


def signature(secret: str, at: int, body: bytes) -> str:
    """What `Hadir-Signature` says of a body that is sent at `at` (UTC seconds)."""
    digest = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256)
    return f"v1={digest.hexdigest()}"


def _send(client: httpx2.Client, notice: Notice, at: int) -> tuple[bool, str]:
    headers = {
        "Content-Type": "application/json",
        "Hadir-Kind": notice.kind,
        "Hadir-Notice": str(notice.no),
        "Hadir-Time": str(at),
        "Hadir-Signature": signature(notice.secret, at, notice.body),
    }
    try:
        answer = client.post(notice.url, content=notice.body, headers=headers)
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as problem:  # a host as "a..b"
        return False, type(problem).__name__
    return answer.is_success, f"HTTP {answer.status_code}"
