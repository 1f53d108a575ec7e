"""How long everything is kept, as one table: what (`keep_...` in wording/), for how many days, from when.

What is in KEPT goes by no age of its own: what proves attendance or pay is never deleted by a program,
and faces and numbers go with their person. Camera pictures are in
neither: no process writes one anywhere. A test asks both tables for every table of the ledger, so that
nothing is kept for ever by oversight.
"""

from collections.abc import Callable, Mapping
from typing import Literal

import msgspec
from sqlalchemy import Column, ColumnElement, Table, and_, exists, or_

from sync_server import notices, schema, uploads

DAY = 86_400
LEFT_DAYS = (
    2  # then a face goes: UU 27/2022 gives three days in all, and an import may be put right
)
Over = Callable[[int], ColumnElement[bool]]


class Rule(msgspec.Struct, frozen=True):
    """Rows of `table` are deleted, or their `blank` columns emptied, `days` after what `over` asks of a
    server UTC second: whether they were over then already."""

    code: str
    days: int
    table: Table
    over: Over
    blank: tuple[str, ...] = ()


_answer, _command, _refused = schema.answer.c, schema.command.c, schema.refused.c
_notice, _session, _token = schema.notice.c, schema.session.c, schema.token.c
_ticket, _asking = schema.ticket.c, schema.asking.c
_file, _webhook = schema.attachment.c, schema.webhook.c
# Orders that hold names or keys. What a `forget` named is the proof of an erasure, and stays.
PRIVATE_ORDERS = ("configure", "users", "staff", "faces")
# A forked or frozen chain's frames may hold honest people's events: whoever resolved it may have erred.
_EVIDENCE = ("fork", "revoked")


def _answered(name: str) -> Over:
    asked = (_command.kid == _answer.kid, _command.counter == _answer.counter)
    return lambda before: exists().where(*asked, _command.name == name, _command.issued <= before)


def _unused(before: int) -> ColumnElement[bool]:
    """A file that was handed in and that no letter, correction or activity names."""
    named = (schema.absence, schema.correction, schema.activity)
    held = [exists().where(one.c.attachment == _file.digest) for one in named]
    return and_(_file.kind != uploads.KIND, _file.stored <= before, *(~one for one in held))


def _ordered(before: int) -> ColumnElement[bool]:
    over = (_command.fate.not_in(("waiting", "sent")), _command.issued <= before)
    return and_(_command.name.in_(PRIVATE_ORDERS), _command.envelope != b"", *over)


def _ended(column: Column[int], before: int) -> ColumnElement[bool]:
    return and_(column > 0, column <= before)


# fmt: off
RULES: tuple[Rule, ...] = (
    Rule("session", 1, schema.session,
         lambda t: or_(_session.seen <= t, _session.made <= t)),
    Rule("upload", 1, schema.attachment,
         lambda t: and_(_file.kind == uploads.KIND, _file.stored <= t)),
    Rule("unused_file", 30, schema.attachment, _unused),
    Rule("token", 90, schema.token,
         lambda t: or_(_ended(_token.revoked, t), _token.expires <= t)),
    Rule("log_bundle", 30, schema.answer, _answered("logs")),
    Rule("gathered", 7, schema.answer, _answered("gather")),
    Rule("order", 30, schema.command, _ordered, ("envelope",)),
    Rule("delivered", 30, schema.notice,
         lambda t: _ended(_notice.done, t)),
    Rule("given_up", 90, schema.notice,
         lambda t: and_(_notice.due == notices.NEVER, _notice.made <= t)),
    Rule("webhook_secret", 30, schema.webhook,
         lambda t: and_(_ended(_webhook.ended, t), _webhook.secret != ""), ("secret",)),
    Rule("ticket", 30, schema.ticket,
         lambda t: and_(_ticket.expires <= t, _ticket.made <= t)),
    Rule("asking", 30, schema.asking,
         lambda t: and_(_asking.asked <= t, or_(_asking.kid == "", _asking.enrolled > 0))),
    Rule("refused", 400, schema.refused,
         lambda t: and_(_refused.resolved != "", _refused.reason.not_in(_EVIDENCE),
                        _refused.received <= t)),
)
# fmt: on

Why = Literal["raw", "audit", "pay", "in_use", "left", "derived"]
# Tables from which no program deletes by age, and why.
KEPT: Mapping[str, Why] = {
    **dict.fromkeys(("event", "chain", "pin", "device", "punch", "repeat", "gap"), "raw"),
    **dict.fromkeys(
        ("access", "decision", "closing", "susulan", "checkpoint", "distrusted"), "audit"
    ),
    **dict.fromkeys(("absence", "correction", "activity", "productivity", "ruling"), "pay"),
    **dict.fromkeys(("post", "rota"), "pay"),
    **dict.fromkeys(("person", "office", "account", "kiosk", "credential"), "in_use"),
    # Not by the age of a row: LEFT_DAYS after its person left the office (see retention).
    **dict.fromkeys(("secret", "face_template"), "left"),
    **dict.fromkeys(("day", "placed", "claim", "reading", "dirty", "edition"), "derived"),
}
