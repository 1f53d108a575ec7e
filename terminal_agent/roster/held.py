"""What a terminal holds of its people. Pure."""

import msgspec

from terminal_agent.zk.user_layout import LAYOUTS, LONGEST_PIN, Layout

_BEYOND_USER = 0x0E  # of a privilege: all but "disabled", see zk.user_layout.is_admin


class Finger(msgspec.Struct, frozen=True):
    """A template in the terminal's own bytes. `duress`: its scan calls for help."""

    data: bytes
    duress: bool = False


class Person(msgspec.Struct, frozen=True):
    """Somebody on a terminal; `name` as its bytes are, `card` 0 = none, `fingers` by their number."""

    name: bytes = b""
    card: int = 0
    privilege: int = 0
    fingers: dict[int, Finger] = {}

    @property
    def is_admin(self) -> bool:
        """Whether they may do more there than scan."""
        return self.privilege & _BEYOND_USER != 0

    def readable_name(self) -> str:
        """The name where it is one; "" where its bytes are of another alphabet than UTF-8, or cut in
        the middle of a letter."""
        try:
            return self.name.decode().strip()
        except UnicodeDecodeError:
            return ""


class Held(msgspec.Struct, frozen=True):
    """A terminal, `device` by its configured name. `twice`: PINs that stand there for two people.

    `width` of its user records, 0 where it is empty and does not tell. `digits`: the longest PIN.
    `algorithm`: the version of its fingerprint templates, "" where they cannot be read or it does not
    say. `user_room` and `finger_room`: how many more fit, None where it does not say.
    """

    device: str
    serial: str
    people: dict[str, Person]
    twice: frozenset[str] = frozenset()
    width: int = 0
    digits: int = LONGEST_PIN
    algorithm: str = ""
    user_room: int | None = None
    finger_room: int | None = None

    @property
    def layout(self) -> Layout | None:
        """Of its user records; None where it is empty."""
        return LAYOUTS.get(self.width)

    def holds(self, pin: str) -> bool:
        """Whether it can keep this PIN so that it comes back the same."""
        fits = self.layout.holds(pin) if self.layout else pin.isascii() and pin.isalnum()
        return fits and len(pin) <= self.digits
