"""A ZFM fingerprint sensor on a pseudo-terminal, written from its manual (ZFM-70 and R503 user manuals).

What it keeps (templates, notepad, password) outlives unplugging, as flash does. Fingers are told apart
by a number; two looks at one differ in their bytes, as real ones do.
"""

import os
import sys
import threading
import tty
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from select import select
from threading import Event

import click
import msgspec

_START = b"\xef\x01"
_COMMAND, _DATA, _ACK, _END = 1, 2, 7, 8
_OK, _BAD_PACKET, _NO_FINGER, _POOR = 0x00, 0x01, 0x02, 0x06
_NOT_FOUND, _DIFFERS, _BAD_PAGE, _EMPTY, _WRONG_PASSWORD = 0x09, 0x0A, 0x0B, 0x0C, 0x13
_TEMPLATE, _PIECE, _NOTE = 512, 128, 32
_SCORE = 142


class Faults(msgspec.Struct):
    """What is wrong with it; may be changed while it runs. `silent`: power, but no answer. `noise`: a
    wrong speed, every byte another. `broken_sums`: so many of the next answers have a wrong sum.
    `unknown`: instructions that this model does not have. `restless`: it never uploads a template
    twice in the same bytes. `torn`: so many of the next uploads lack a packet. `twice`: it says every
    answer two times."""

    silent: bool = False
    noise: bool = False
    broken_sums: int = 0
    unknown: tuple[int, ...] = ()
    restless: bool = False
    torn: int = 0
    twice: bool = False


class Sensor:
    """One sensor; `plug` it in where a path is to lead to it."""

    def __init__(
        self,
        capacity: int = 200,
        password: int = 0,
        address: int = 0xFFFF_FFFF,
        product: bytes = b"",
    ) -> None:
        self.capacity, self.password, self.address, self.product = (
            capacity,
            password,
            address,
            product,
        )
        self.faults = Faults()
        self.pages: dict[int, bytes] = {}
        self.notes: dict[int, bytes] = {}
        self.asked: list[int] = []
        self._finger: tuple[int, bool] | None = None
        self._looks = 0
        self._image: tuple[int, bool] | None = None
        self._buffers: dict[int, bytes] = {}
        self._may = False
        self._master = -1
        self._thread: threading.Thread | None = None
        self._pulled = Event()
        self._answers: dict[int, Callable[[bytes], tuple[bytes, bytes]]] = {
            0x01: self._scan,
            0x02: self._features,
            0x04: self._search,
            0x05: self._merge,
            0x06: self._store,
            0x07: self._load,
            0x08: self._upload,
            0x0C: self._delete,
            0x0F: self._parameters,
            0x13: self._verify,
            0x18: self._write_note,
            0x19: self._read_note,
            0x1F: self._index,
            0x3C: self._product,
        }

    def plug(self, path: Path) -> None:
        """Power on; `path` leads to its port."""
        self._master, slave = os.openpty()
        tty.setraw(self._master)
        tty.setraw(slave)
        with suppress(FileNotFoundError):
            path.unlink()
        path.symlink_to(os.ttyname(slave))
        self._may, self._buffers = False, {}
        self._pulled = Event()
        self._thread = threading.Thread(target=self._run, args=(slave,), daemon=True)
        self._thread.start()

    def unplug(self) -> None:
        """The cable is pulled: whoever holds the port finds it gone."""
        self._pulled.set()
        if self._thread:
            self._thread.join(5)

    def press(self, finger: int, *, poor: bool = False) -> None:
        """A finger lies on it; `poor`: its image is no use."""
        self._finger = (finger, poor)

    def lift(self) -> None:
        """Nobody touches it."""
        self._finger = None

    def forge(self, page: int, finger: int) -> None:
        """Somebody with a cable of their own puts a template there."""
        self.pages[page] = self._template(finger)

    def _run(self, slave: int) -> None:
        held = b"\x55"
        os.write(self._master, held)  # "ready", which every driver has to skip
        held = b""
        with suppress(OSError):
            while not self._pulled.is_set():
                ready, _, _ = select([self._master], [], [], 0.02)
                if ready:
                    held = self._hear(held + os.read(self._master, 4096))
        os.close(self._master)
        os.close(slave)

    def _hear(self, data: bytes) -> bytes:
        while (at := data.find(_START)) >= 0:
            data = data[at:]
            size = 9 + int.from_bytes(data[7:9], "big")
            if len(data) < max(size, 9):
                return data
            self._take(data[:size])
            data = data[size:]
        return data[-1:]

    def _take(self, packet: bytes) -> None:
        if packet[2:6] != self.address.to_bytes(4, "big") or packet[6] != _COMMAND:
            return  # another module's, on one line
        if sum(packet[6:-2]) & 0xFFFF != int.from_bytes(packet[-2:], "big"):
            self._say(_ACK, bytes([_BAD_PACKET]))
            return
        self.asked.append(packet[9])
        answer, rest = self._answered(packet[9], packet[10:-2])
        self._say(_ACK, answer)
        torn = bool(rest) and self.faults.torn > 0
        self.faults.torn -= torn
        for at in range(_PIECE if torn else 0, len(rest), _PIECE):
            self._say(_END if at + _PIECE >= len(rest) else _DATA, rest[at : at + _PIECE])

    def _answered(self, asked: int, said: bytes) -> tuple[bytes, bytes]:
        known = self._answers.get(asked)
        if known is None or asked in self.faults.unknown:
            return bytes([0x1D]), b""
        if not self._may and asked != 0x13:
            return bytes([0x21]), b""
        return known(said)

    def _say(self, kind: int, body: bytes) -> None:
        if self.faults.silent:
            return
        counted = bytes([kind]) + (len(body) + 2).to_bytes(2, "big") + body
        total = sum(counted) & 0xFFFF
        if self.faults.broken_sums:
            self.faults.broken_sums -= 1
            total ^= 0x0101
        data = _START + self.address.to_bytes(4, "big") + counted + total.to_bytes(2, "big")
        if self.faults.noise:
            data = bytes(byte * 7 + 0x83 & 0x7F for byte in data)
        os.write(self._master, data * (2 if self.faults.twice else 1))

    def _verify(self, said: bytes) -> tuple[bytes, bytes]:
        self._may = int.from_bytes(said, "big") == self.password
        return bytes([_OK if self._may else _WRONG_PASSWORD]), b""

    def _parameters(self, _said: bytes) -> tuple[bytes, bytes]:
        words = (0, 9, self.capacity, 3)
        body = b"".join(word.to_bytes(2, "big") for word in words)
        return bytes([_OK]) + body + self.address.to_bytes(4, "big") + b"\x00\x02\x00\x06", b""

    def _scan(self, _said: bytes) -> tuple[bytes, bytes]:
        self._image = self._finger
        return bytes([_OK if self._image else _NO_FINGER]), b""

    def _features(self, said: bytes) -> tuple[bytes, bytes]:
        if self._image is None or self._image[1]:
            return bytes([_POOR]), b""
        self._buffers[said[0]] = self._template(self._image[0])
        return bytes([_OK]), b""

    def _merge(self, _said: bytes) -> tuple[bytes, bytes]:
        first, second = self._buffers.get(1, b""), self._buffers.get(2, b"")
        if not first or _finger_of(first) != _finger_of(second):
            return bytes([_DIFFERS]), b""
        self._buffers = {1: first, 2: first}
        return bytes([_OK]), b""

    def _store(self, said: bytes) -> tuple[bytes, bytes]:
        page = int.from_bytes(said[1:3], "big")
        if page >= self.capacity:
            return bytes([_BAD_PAGE]), b""
        self.pages[page] = self._buffers[said[0]]
        return bytes([_OK]), b""

    def _load(self, said: bytes) -> tuple[bytes, bytes]:
        page = int.from_bytes(said[1:3], "big")
        if page not in self.pages:
            return bytes([_EMPTY]), b""
        self._buffers[said[0]] = self.pages[page]
        return bytes([_OK]), b""

    def _upload(self, said: bytes) -> tuple[bytes, bytes]:
        data = self._buffers[said[0]]
        if self.faults.restless:
            self._looks += 1
            data = data[:-4] + self._looks.to_bytes(4, "big")
        return bytes([_OK]), data

    def _delete(self, said: bytes) -> tuple[bytes, bytes]:
        self.pages.pop(int.from_bytes(said[:2], "big"), None)
        return bytes([_OK]), b""

    def _search(self, said: bytes) -> tuple[bytes, bytes]:
        wanted = _finger_of(self._buffers.get(said[0], b""))
        for page, template in sorted(self.pages.items()):
            if wanted and _finger_of(template) == wanted:
                return bytes([_OK]) + page.to_bytes(2, "big") + _SCORE.to_bytes(2, "big"), b""
        return bytes([_NOT_FOUND]) + bytes(4), b""

    def _index(self, said: bytes) -> tuple[bytes, bytes]:
        bits = bytearray(_NOTE)
        for page in self.pages:
            if page // 256 == said[0]:
                bits[page % 256 // 8] |= 1 << page % 8
        return bytes([_OK]) + bytes(bits), b""

    def _write_note(self, said: bytes) -> tuple[bytes, bytes]:
        self.notes[said[0]] = said[1 : 1 + _NOTE]
        return bytes([_OK]), b""

    def _read_note(self, said: bytes) -> tuple[bytes, bytes]:
        return bytes([_OK]) + self.notes.get(said[0], bytes(_NOTE)), b""

    def _product(self, _said: bytes) -> tuple[bytes, bytes]:
        if not self.product:
            return bytes([0x1D]), b""
        return bytes([_OK]) + bytes(20) + self.product.ljust(8, b"\0")[:8] + bytes(18), b""

    def _template(self, finger: int) -> bytes:
        self._looks += 1
        noise = sha256(self._looks.to_bytes(8, "big")).digest() * (_TEMPLATE // 32)
        return finger.to_bytes(4, "big") + noise[4:]


def _finger_of(template: bytes) -> bytes:
    return template[:4]


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--capacity", default=200, show_default=True, help="Pages for templates.")
def main(path: Path, capacity: int) -> None:
    """Be a fingerprint sensor at PATH until the input ends: a number and Enter puts that finger down,
    Enter alone lifts it, "cabut" and "colok" pull the cable and plug it in again.

    Example: python -m simulators.zfm /tmp/jari
    """
    sensor = Sensor(capacity)
    sensor.plug(path)
    click.echo(f"sensor at {path}")
    for line in sys.stdin:
        _do(sensor, path, line.strip())
    sensor.unplug()


def _do(sensor: Sensor, path: Path, said: str) -> None:
    if said == "cabut":
        sensor.unplug()
    elif said == "colok":
        sensor.plug(path)
    elif said.isdigit():
        sensor.press(int(said))
    else:
        sensor.lift()


if __name__ == "__main__":
    main()
