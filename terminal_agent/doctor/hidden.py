"""What no log line and no bundle may hold: the secrets of this kiosk and the people of its office."""

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator

from contract.invitation import Invitation
from contract.masked import MASK, Mask
from terminal_agent.config import Config
from terminal_agent.config_shown import camera_secrets

_LONG = 4  # letters; a shorter part of a name is a word of many other lines
_LONG_PIN = 5  # digits; a shorter one is also a port, a count, a year
_PIN = re.compile(
    r"""(?i)(\b(?:pins?|nip|user_?id)['"]?\s*[=:]\s*)(\[[^]]*\]|'[^']*'|"[^"]*"|[^\s,;)}]+)"""
)


def secrets(config: Config, invited: Invitation | None) -> Iterator[str]:
    """Keys and passwords, as they are and as they are written."""
    yield from (str(device.comm_key) for device in config.zkteco if device.comm_key)
    yield from (str(sensor.password) for sensor in config.sensor if sensor.password)
    yield from camera_secrets(config.camera.source)
    contact = config.screen.contact  # a person and a number, told apart by commas as people write
    parts = {contact, *(part.strip() for part in contact.split(","))}
    yield from (part for part in parts if len(part) >= _LONG)
    if invited is None:
        return
    for key in filter(None, (invited.mac_key, invited.earlier)):
        yield key.hex()
        yield b64encode(key).decode()
    yield from invited.private_key.splitlines()
    if invited.salt:
        yield invited.salt.hex()
        yield b64encode(invited.salt).decode()


class Veil:
    """Takes secrets, names, NIPs and PINs out of a text that leaves the kiosk. `people`: name by PIN."""

    def __init__(self, hidden: Iterable[str], people: Iterable[tuple[str, str]]) -> None:
        words = [word for word in hidden if word]
        pins = set()
        for pin, name in people:
            pins.add(re.escape(pin))
            words += [name, *(part for part in name.split() if len(part) >= _LONG)]
            words += [pin] if len(pin) >= _LONG_PIN else []
        self._mask = Mask(words)
        # In a log a PIN may stand by itself; no part of an address, a time or a count=...
        self._pin = (
            re.compile(rf"(?<![\w=:./+-])(?:{'|'.join(pins)})(?!\w|[=:/+.-]\w)") if pins else None
        )

    def __call__(self, text: str) -> str:
        """The text without them. What stands behind `pin=` goes too, whoever's it is."""
        return self._mask(_PIN.sub(rf"\1{MASK}", text))

    def log(self, text: str) -> str:
        """Lines of a log without every PIN of the staff list that stands there as a word, however short:
        a count that equals one goes with it."""
        hidden = self(text)
        return self._pin.sub(MASK, hidden) if self._pin else hidden
