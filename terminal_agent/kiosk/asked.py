"""What the page may ask of the agent: the keypad's three forms, bounded, from this page alone."""

from typing import Annotated

import msgspec
from anyio import CapacityLimiter, WouldBlock, to_thread
from starlette.requests import Request
from starlette.responses import Response

from terminal_agent.door.client import Question
from terminal_agent.door.words import Mine, Purpose, Told, Typed, Vouched
from terminal_agent.errors import SourceUnavailable
from terminal_agent.kiosk import shown
from terminal_agent.kiosk.place import Place
from terminal_agent.kiosk.relay import Relay
from terminal_agent.kiosk.speech import Speech

Digits = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,24}$")]
Secret = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{0,12}$")]
_MOST_BODY = 512
_AT_ONCE = 4  # questions on their way to the agent


class TypedForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A NIP or PIN, with or without a secret number, and what a match may be used for."""

    who: Digits
    secret: Secret = ""
    purpose: Purpose = "scan"

    def question(self) -> Question:
        """As the agent is asked."""
        return Typed(0, self.who, self.secret, self.purpose)


class VouchedForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who stands here, and the colleague who says so."""

    who: Digits
    by: Digits
    secret: Secret = ""

    def question(self) -> Question:
        """As the agent is asked."""
        return Vouched(0, self.who, self.by, self.secret)


class MineForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whose attendance is to be seen."""

    who: Digits
    secret: Secret = ""

    def question(self) -> Question:
        """As the agent is asked."""
        return Mine(0, self.who, self.secret)


Form = TypedForm | VouchedForm | MineForm


class Answer(msgspec.Struct, frozen=True):
    """What the page hears: done or not, why not (as a code, and for people), and the days that were
    asked for."""

    ok: bool
    line: str = ""
    code: str = ""
    days: list[shown.ShownDay] = []


class Asking:
    """The agent's answers to the page's forms."""

    def __init__(self, relay: Relay, place: Place) -> None:
        self._relay = relay
        self._place = place
        self._limit = CapacityLimiter(_AT_ONCE)

    async def answer(self, request: Request, form: type[Form], speech: Speech) -> Response:
        """400 for what is no such form, 503 where the agent is away, 429 where too many ask."""
        try:
            question = msgspec.json.decode(await _body(request), type=form).question()
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return _reply(400, Answer(ok=False, line=speech.told("bad_input")))
        try:
            self._limit.acquire_nowait()
        except WouldBlock:
            return _reply(429, Answer(ok=False, line=speech.told("busy")))
        try:
            told = await to_thread.run_sync(self._relay.ask, question)
        except SourceUnavailable as problem:
            return _reply(503, Answer(ok=False, line=speech.told(problem.code)))
        finally:
            self._limit.release()
        return _reply(200, self._shown(told, speech))

    def _shown(self, told: Told, speech: Speech) -> Answer:
        if not told.ok:
            return Answer(ok=False, line=speech.told(told.code), code=told.code)
        return Answer(ok=True, days=[shown.day(day, self._place, speech) for day in told.days])


async def _body(request: Request) -> bytes:
    """At most so much; more is no form of ours, so what was read does not parse."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MOST_BODY:
            return b""
    return body


def _reply(status: int, answer: Answer) -> Response:
    return Response(msgspec.json.encode(answer), status, media_type="application/json")
