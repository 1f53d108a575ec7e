"""What commands ask of the agent, and what they hear while it is done. Pure."""

from typing import Literal

from terminal_agent.door.word import Word


class Lend(Word, frozen=True, tag="lend"):
    """A command needs the terminal of this name for itself for so many seconds from now; 0 gives it
    back. Told ok = it is free; code "busy": asked for, not free yet."""

    ask: int
    device: str
    seconds: int


class Pushed(Word, frozen=True, tag="pushed"):
    """A command wrote people to the terminal of this serial number; `changes`: PIN, change and digest
    as in contract.event.Enrolment."""

    ask: int
    serial: str
    changes: tuple[tuple[str, str, str], ...]


class FingerWish(Word, frozen=True, tag="finger_wish"):
    """A command wants something of a finger sensor. Told ok = it has begun; FingerStep says how it
    goes on. "strange": forget every template that is nobody's here; `pin` is "" then."""

    ask: int
    do: Literal["enrol", "remove", "strange"]
    pin: str
    sensor: str


class FingerStep(Word, frozen=True, tag="finger_step"):
    """To commands: how a FingerWish goes on. "place" and "lift" belong to look 1 to 3; "bad": the
    image was poor, the same look again; "done": `count` templates were made or removed; "failed":
    `code` says why, `other` whose finger it is already."""

    sensor: str
    pin: str
    step: Literal["place", "lift", "bad", "done", "failed"]
    look: int = 0
    count: int = 0
    code: str = ""
    other: str = ""
