"""What the agent says, as the page shows it: a colour's name, a shape, words. Pure.

The page puts all of it in as text, never as HTML: names come from a roster that others typed.
"""

import msgspec

from terminal_agent.door.words import Card, Day, Face, Sight, Standing
from terminal_agent.kiosk import moment
from terminal_agent.kiosk.place import Place
from terminal_agent.kiosk.speech import Speech

RESULT_S, LATE_S, UNKNOWN_S, CHECKING_S = 2.5, 3.0, 6.0, 10.0  # how long a card stays
_SHAPES = {
    "recorded": "check",
    "late": "triangle",
    "early": "triangle",
    "again": "info",
    "held": "hourglass",
    "checking": "dots",
    "unknown": "square",
}


class State(msgspec.Struct, frozen=True):
    """The heading and sentence of a state. `look` names its colour, `shape` its drawing."""

    look: str
    shape: str
    word: str
    line: str


class ShownCard(msgspec.Struct, frozen=True):
    """One person's card. `key` is the same for the same person; `stay` in seconds."""

    key: str
    look: str
    shape: str
    word: str
    name: str
    hello: str
    line: str
    at: str
    stay: float
    code: str
    track: int


class ShownFace(msgspec.Struct, frozen=True):
    """One face before the camera. `later` is the sentence once `left` seconds are counted down."""

    track: int
    progress: str
    asked: str
    left: int
    x: int
    state: State
    later: str


class ShownLine(msgspec.Struct, frozen=True):
    """The line at the top, what the clock is worth, and who has to be called."""

    look: str
    shape: str
    text: str
    doubt: str
    alert: str


class ShownDay(msgspec.Struct, frozen=True):
    """A line of "lihat absensi saya"."""

    at: str
    how: str
    look: str
    shape: str
    stage: str
    code: str


def card(told: Card, now: float, place: Place, speech: Speech) -> ShownCard:
    """A person's card; `now` is UTC seconds, for "2 menit lalu"."""
    at = moment.clock(told.t, place.east)
    name = told.name or (speech.say("pin", pin=told.pin) if told.pin else "")
    ago = moment.ago(now - told.t, speech)
    return ShownCard(
        key=told.pin or "?",
        look=told.state if told.known else "late",
        shape=_SHAPES[told.state] if told.known else "triangle",
        word=speech.say(told.state),
        name=name,
        hello=_hello(told, name, place, speech),
        line=speech.say(_sentence(told), at=at, minutes=told.minutes, ago=ago),
        at="" if told.state == "held" else at,
        stay=_stay(told.state) if told.known else UNKNOWN_S,
        code=speech.say("code", code=told.code) if told.code else "",
        track=told.track,
    )


def _stay(state: str) -> float:
    if state == "checking":
        return CHECKING_S
    return RESULT_S if state == "recorded" else LATE_S


def _sentence(told: Card) -> str:
    """Only who has known hours is told to be on time, or to come or go. A PIN that is nobody's is
    stored, and somebody has to see to it."""
    if not told.known:
        return "nobodys_say"
    if told.state == "unknown":
        return "unknown_finger_say"
    if told.state != "recorded":
        return f"{told.state}_say"
    if not told.planned:
        return "recorded_plain_say"
    return "recorded_say" if told.arrival else "recorded_out_say"


def _hello(told: Card, name: str, place: Place, speech: Speech) -> str:
    if told.state in ("checking", "again") or not name:
        return name
    if not told.arrival:
        return speech.say("bye", name=name)
    return speech.say("hello", greeting=moment.greeting(told.t, place.east, speech), name=name)


def face(seen: Face, place: Place, speech: Speech) -> ShownFace:
    """How it stands with one face; the page marks it at `x` of the mirrored preview."""
    asked = seen.asked if seen.progress == "ask" and seen.asked else ""
    key = asked or _FACE_WORDS.get(seen.progress, seen.progress)
    line = "unknown_blind_say" if key == "unknown" and not place.finger else f"{key}_say"
    later = speech.say("failed_now")
    sentence = speech.say(line, s="{s}")
    if key == "failed" and seen.left_s <= 0:
        sentence = later
    return ShownFace(
        track=seen.track,
        progress=seen.progress,
        asked=asked,
        left=max(seen.left_s, 0),
        x=min(max(seen.x, 0), 100),
        state=State(_LOOKS.get(key, "ask"), _FACE_SHAPES.get(key, key), speech.say(key), sentence),
        later=later,
    )


_FACE_WORDS = {"idle": "look", "ask": "look", "nip": "nip_first"}
_LOOKS = {
    "look": "checking",
    "hold": "checking",
    "unknown": "unknown",
    "failed": "unknown",
    "crowd": "late",
}
_FACE_SHAPES = {
    "look": "dots",
    "hold": "dots",
    "unknown": "square",
    "failed": "square",
    "crowd": "crowd",
    "nip_first": "face",
}


def rest(
    sight: Sight | None,
    place: Place,
    speech: Speech,
    *,
    alarmed: bool = True,
    full: bool = False,
) -> State:
    """What the screen says while nobody is before it. `sight` None: the camera said nothing yet.
    `alarmed`: it has been away for so long that the agent calls a technician. `full`: nothing can be
    recorded, because the kiosk's storage is full."""
    if full:
        return _state("storage_full", "unknown", "square", speech)
    if not place.camera:
        return _state("ready_blind", "ready", "finger", speech)
    if sight is None or (sight.code == "camera_away" and not alarmed):
        return _state("camera_starting", "checking", "dots", speech)
    if sight.code == "safe_mode":
        return _state("safe_mode", "ready", "finger", speech)
    if not sight.up:
        return _state("camera_down", "unknown", "no-camera", speech)
    if sight.light != "ok":
        return _state(sight.light, "late", "sun" if sight.light == "glare" else "moon", speech)
    key = "ready_nip" if sight.one_to_one else "ready"
    finger = speech.say("ready_finger") if place.finger else ""
    return State("ready", "face", speech.say(key), speech.say(f"{key}_say", finger=finger))


def _state(key: str, look: str, shape: str, speech: Speech) -> State:
    return State(look, shape, speech.say(key), speech.say(f"{key}_say"))


_NOT_FOR_PASSERS_BY = (
    "privileged_users",
    "default_key",
    "address_changed",
    "device_exchanged",
    "push_unknown",
)  # nothing is out of order
# Of the kiosk itself, with words of their own.
_OWN_PARTS = (
    *("camera", "certificate", "storage", "update", "safe_mode"),
    *("power", "heat", "memory", "disk", "card", "clock", "journal", "backlog"),
)


def line(standing: Standing | None, place: Place, speech: Speech) -> ShownLine:
    """The line at the top; None: the agent said nothing yet."""
    if standing is None:
        return ShownLine("offline", "cut-off", speech.say("line_unknown"), "", "")
    parts = ", ".join(
        _part(part, code, speech)
        for part, code in sorted(standing.alerts.items())
        if code not in _NOT_FOR_PASSERS_BY
    )
    return ShownLine(
        look="online" if standing.online else "offline",
        shape="dot" if standing.online else "cut-off",
        text=_link(standing, place, speech),
        doubt="" if standing.clock_valid else speech.say("clock_invalid"),
        alert=speech.say("alert", parts=parts) if parts else "",
    )


def _part(part: str, code: str, speech: Speech) -> str:
    if code == "card_replaced":
        return speech.say("part_replaced")
    return speech.say(f"part_{part}") if part in _OWN_PARTS else part


def _link(standing: Standing, place: Place, speech: Speech) -> str:
    waiting = standing.waiting
    if not standing.online:
        return speech.say("offline" if waiting else "offline_none", waiting=waiting)
    if waiting:
        return speech.say("sending", waiting=waiting)
    if not standing.received_at:
        return speech.say("online")
    return speech.say("sent", at=moment.clock(standing.received_at, place.east))


_STAGES = {
    "stored": ("stored", "disc"),
    "sent": ("sent_stage", "arrow"),
    "received": ("received", "check"),
}


def day(scan: Day, place: Place, speech: Speech) -> ShownDay:
    """One scan of "lihat absensi saya": its stage as word and shape, its evidence code."""
    word, shape = _STAGES[scan.stage]
    at = f"{moment.short_date(scan.t, place.east, speech)} {moment.clock(scan.t, place.east)}"
    how = speech.label(f"way_{scan.how}") if scan.how in _WAYS else scan.how
    return ShownDay(at, how, scan.stage, shape, speech.say(word), scan.code)


_WAYS = ("face", "finger", "card", "secret", "witness", "device")
