"""Where a user record of 28 or 72 bytes holds number, name, card and PIN; nothing else is touched.
Pure.

The sources of both layouts stand in `users`.
"""

import msgspec

LONGEST_PIN = 24
_LARGEST_PIN = 2**32 - 1


class Layout(msgspec.Struct, frozen=True):
    """Where a user record holds what is wanted here."""

    width: int
    name: slice
    card: slice
    pin: slice

    def pin_of(self, record: bytes) -> str:
        """The PIN as people know it."""
        field = record[self.pin]
        if self.width == 28:
            return str(int.from_bytes(field, "little"))
        return field.split(b"\0", 1)[0].decode("utf-8", "replace")

    def holds(self, pin: str) -> bool:
        """Whether a record can hold this PIN so that it comes back the same."""
        if self.width == 28:
            return pin.isascii() and pin.isdigit() and str(int(pin)) == pin and self._fits(pin)
        return pin.isascii() and pin.isalnum() and len(pin) <= LONGEST_PIN

    def named(self, record: bytes, name: bytes) -> bytes:
        """The record with another name, everything else as it was."""
        room = self.name.stop - self.name.start
        return record[: self.name.start] + name.ljust(room, b"\0") + record[self.name.stop :]

    def card_of(self, record: bytes) -> int:
        """The number of the person's card, 0 = none."""
        return int.from_bytes(record[self.card], "little")

    def carded(self, record: bytes, card: int) -> bytes:
        """The record with another card, everything else as it was."""
        return record[: self.card.start] + card.to_bytes(4, "little") + record[self.card.stop :]

    def blank(self, uid: int, pin: str) -> bytes:
        """The record of an ordinary user without a name, whose PIN it `holds`."""
        key = int(pin).to_bytes(4, "little") if self.width == 28 else pin.encode()
        record = uid.to_bytes(2, "little").ljust(self.pin.start, b"\0")
        return (record + key.ljust(self.pin.stop - self.pin.start, b"\0")).ljust(self.width, b"\0")

    def cut(self, name: str) -> bytes:
        """As much of a name as fits, ending between two characters."""
        room = self.name.stop - self.name.start
        return name.encode()[:room].decode("utf-8", "ignore").encode()

    @staticmethod
    def _fits(pin: str) -> bool:
        return 0 < int(pin) <= _LARGEST_PIN


LAYOUTS = {
    28: Layout(28, slice(8, 16), slice(16, 20), slice(24, 28)),
    72: Layout(72, slice(11, 35), slice(35, 39), slice(48, 72)),
}


def uid_of(record: bytes) -> int:
    """The terminal's own number of a person."""
    return int.from_bytes(record[:2], "little")


def is_admin(record: bytes) -> bool:
    """Whether the person may do more on the terminal than scan; bit 0 says that they are disabled
    (zk-protocol data-user.md, "permission token")."""
    return record[2] & 0x0E != 0
