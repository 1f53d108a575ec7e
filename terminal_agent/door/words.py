"""What the agent, the camera and the screen say to each other over the local socket: one JSON object
a line. Pure. Times are UTC seconds of the kiosk's clock, but for those that the camera tells or is
told: `up` ones are whole CLOCK_BOOTTIME seconds, which both processes read from one kernel and nobody
sets. The agent dates them when it takes them: a system clock that is set between a sight and its
commit moves no scan. What waits in the camera's memory never outlives the boot that it counts in.

A client says Hello first. `ask` numbers a client's question; the agent's Told repeats it. Whatever
else the agent says is news for everybody of that role, and may be lost by who is slow: a screen that
connects hears the present state first.
"""

from typing import Literal

import msgspec

from contract.event import Asked
from terminal_agent.door.errands import FingerStep as FingerStep
from terminal_agent.door.errands import FingerWish as FingerWish
from terminal_agent.door.errands import Lend as Lend
from terminal_agent.door.errands import Pushed as Pushed
from terminal_agent.door.word import Word as Word

Role = Literal["camera", "screen", "command"]
Light = Literal["ok", "dark", "glare"]
Purpose = Literal["scan", "witness", "mine"]
Progress = Literal["idle", "look", "hold", "nip", "ask", "unknown", "failed", "crowd"]


class Hello(Word, frozen=True, tag="hello"):
    """Who connects."""

    role: Role


class Seen(Word, frozen=True, tag="seen"):
    """The camera recognised a person, first seen at `t` (up); `track` as in Face, the other fields as
    in contract.event.Scan. Told ok = committed, or recorded a few minutes ago already. `again`:
    somebody who was announced a moment ago stands here anew, of whom nothing was asked; they may be
    told that they are recorded, and nothing is recorded by it."""

    ask: int
    pin: str
    t: int
    verify: int
    score: int
    liveness: int
    gallery: int
    track: int = 0
    again: bool = False


class Unmet(Word, frozen=True, tag="unmet"):
    """A challenge that did not end in a scan but at `t` (up); other fields as in
    contract.event.Challenge."""

    ask: int
    t: int
    asked: Asked
    outcome: Literal["timeout", "wrong", "other_face", "left"]
    pin: str
    score: int
    gallery: int


class Watched(Word, frozen=True, tag="watched"):
    """The camera delivered frames without a break from `since` to `through` (up)."""

    ask: int
    since: int
    through: int


class Compared(Word, frozen=True, tag="compared"):
    """Whose face was before the camera when event (`epoch`, `seq`) was punched by finger."""

    ask: int
    epoch: int
    seq: int
    outcome: Literal["match", "mismatch", "no_face", "no_template"]


class MadeGallery(Word, frozen=True, tag="made_gallery"):
    """The camera matches with this gallery from now on; fields as in contract.event.Gallery."""

    ask: int
    version: int
    model: str
    people: int
    threshold: int
    digest: str


class Enrolled(Word, frozen=True, tag="enrolled"):
    """A command changed somebody's template; fields as in contract.event.Enrolment."""

    ask: int
    pin: str
    change: str
    digest: str


class Face(Word, frozen=True, tag="face"):
    """How it stands with one face before the camera. `x` is its middle, 0 (left edge) to 100, as the
    mirrored preview shows it; `asked` belongs to "ask". `left_s`: seconds until a challenge is over ("ask"), or
    until the next one may be tried ("failed"). `pin` is whom it is taken for, "" while nobody is.
    "idle": nothing more to say of it; else the word comes again at least every 2 s while it holds."""

    progress: Progress
    track: int
    x: int = 50
    asked: Asked | None = None
    left_s: int = 0
    pin: str = ""


class Sight(Word, frozen=True, tag="sight"):
    """How well the camera sees: up, or `code` why not; the light; people enrolled; whether a face
    alone tells who it is (`one_to_one` = a NIP or a finger has to come first)."""

    up: bool
    code: str = ""
    light: Light = "ok"
    people: int = 0
    one_to_one: bool = False
    challenge: bool = True


class Typed(Word, frozen=True, tag="typed"):
    """A NIP, or a PIN, was typed. With `secret`: record a scan by letter. Without: let the camera
    compare the face before it with that one person (Told ok = the camera was asked), `purpose` being
    what the match may be used for besides: to vouch for a colleague, or to see one's own list."""

    ask: int
    who: str
    secret: str = ""
    purpose: Purpose = "scan"


class Vouched(Word, frozen=True, tag="vouched"):
    """A colleague vouches that `who` stands here: `by`, the colleague's NIP, with its secret number;
    or without, once a Typed with purpose "witness" of the same NIP ended in a match just now."""

    ask: int
    who: str
    by: str
    secret: str = ""


class Mine(Word, frozen=True, tag="mine"):
    """Somebody wants to see their own attendance: `who`, their NIP, with its secret number; or
    without, once a Typed with purpose "mine" of the same NIP ended in a match just now. Told.days
    holds it."""

    ask: int
    who: str
    secret: str = ""


class Day(msgspec.Struct, frozen=True):
    """One scan of a person as "lihat absensi saya" lists it. `stage`: stored, sent, received (by the
    centre). `code` is its evidence code."""

    t: int
    how: str
    stage: Literal["stored", "sent", "received"]
    code: str


class Told(Word, frozen=True, tag="told"):
    """The answer to `ask`: whether it was done, else a code of wording for people."""

    ask: int
    ok: bool
    code: str = ""
    days: tuple[Day, ...] = ()


class Card(Word, frozen=True, tag="card"):
    """What became of one person, for the screen: at most some seconds, never in the next one's way.

    "checking": a device hints at a punch that is not committed yet. "recorded", "late" and "early":
    committed (`minutes` = how late, or too early to leave). "again": was recorded at `t` already.
    "held": committed, but the kiosk's clock is not valid yet, so the centre dates it. "unknown": a
    finger that is nobody's; nothing is committed. `name` is ""
    where the roster does not know the PIN. `way`: face, finger, card, secret, witness, device.
    `planned`: the hours of that day are known and this is the first scan of an arrival or one of a
    departure, so "recorded" on arrival means on time. `known`: False where the office has a list
    of its people and this PIN is not on it: somebody has to see to it, or it is nobody's.
    """

    state: Literal["checking", "recorded", "late", "early", "again", "held", "unknown"]
    t: int
    name: str = ""
    pin: str = ""
    way: str = ""
    arrival: bool = True
    minutes: int = 0
    code: str = ""
    track: int = 0
    planned: bool = False
    known: bool = True


class Standing(Word, frozen=True, tag="standing"):
    """The line at the top of the screen: whether the centre is in reach, how many events wait, when
    the newest receipt came (0 = never), what the clock is worth, and alerts by part. `now`: the
    agent's clock as it says this, which may know better than the system's (0 = it does not say)."""

    online: bool
    waiting: int
    received_at: int
    clock_valid: bool
    alerts: dict[str, str]
    now: int = 0


class Punched(Word, frozen=True, tag="punched"):
    """To the camera: somebody punched by finger at `t` (up) on a device beside it; compare."""

    epoch: int
    seq: int
    pin: str
    t: int


class Expect(Word, frozen=True, tag="expect"):
    """To the camera: compare the face before it with this one person."""

    pin: str


class Regallery(Word, frozen=True, tag="regallery"):
    """To the camera: templates have changed; make the gallery anew."""


FromClient = (
    Hello
    | Seen
    | Unmet
    | Watched
    | Compared
    | MadeGallery
    | Enrolled
    | Lend
    | Pushed
    | Face
    | Sight
    | Typed
    | Vouched
    | Mine
    | FingerWish
)
FromAgent = FingerStep | Told | Card | Standing | Face | Sight | Punched | Expect | Regallery

_encoder = msgspec.json.Encoder()
_from_client: msgspec.json.Decoder[FromClient] = msgspec.json.Decoder(FromClient)
_from_agent: msgspec.json.Decoder[FromAgent] = msgspec.json.Decoder(FromAgent)
MOST_BYTES = 64 * 1024


def line(word: Word) -> bytes:
    """The word as it is sent."""
    return _encoder.encode(word) + b"\n"


def from_client(data: bytes) -> FromClient:
    """What a client said. Raises ValueError."""
    try:
        return _from_client.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise ValueError(f"not a word of a client: {problem}") from None


def from_agent(data: bytes) -> FromAgent:
    """What the agent said. Raises ValueError."""
    try:
        return _from_agent.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise ValueError(f"not a word of the agent: {problem}") from None
