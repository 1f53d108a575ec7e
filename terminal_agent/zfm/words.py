"""What a ZFM sensor is asked and what its answers mean. Pure.

Instructions and codes: ZFM-70 user manual, 3.1.6 and 6; product information: R503 user manual 1.2.
"""

from collections.abc import Iterator

import msgspec

OK, BAD_PACKET, NO_FINGER, BAD_SCAN = 0x00, 0x01, 0x02, 0x03
NOT_FOUND, WRONG_PASSWORD = 0x09, 0x13
BAD_IMAGE = (0x06, 0x07, 0x15)  # too disorderly, too few features, no image in the buffer
DIFFERS = 0x0A  # two looks are not of one finger

SCAN, READ_FEATURES, SEARCH = b"\x01", 0x02, 0x04
MERGE, STORE, LOAD, UPLOAD = b"\x05", 0x06, 0x07, 0x08
DELETE, PARAMETERS, PRODUCT = 0x0C, b"\x0f", b"\x3c\x00"
_PASSWORD, _WRITE_NOTE, _READ_NOTE, _INDEX = 0x13, 0x18, 0x19, 0x1F
NOTE_BYTES = 32
_INDEX_PAGE = 256


class Parameters(msgspec.Struct, frozen=True):
    """What a sensor says of itself: its maker's system code, and how many templates it can keep."""

    system: int
    capacity: int


class Hit(msgspec.Struct, frozen=True):
    """The page whose template fits, and how well by the sensor's own count."""

    page: int
    score: int


def password(number: int) -> bytes:
    """Ask whether the password is right; without it a sensor answers nothing else."""
    return bytes([_PASSWORD]) + number.to_bytes(4, "big")


def features(buffer: int) -> bytes:
    """Make features of the image, into buffer 1 or 2."""
    return bytes([READ_FEATURES, buffer])


def search(buffer: int, capacity: int) -> bytes:
    """Look for the features of a buffer among all pages."""
    return bytes([SEARCH, buffer]) + bytes(2) + capacity.to_bytes(2, "big")


def store(buffer: int, page: int) -> bytes:
    """Keep the template of a buffer in a page of the sensor's flash."""
    return bytes([STORE, buffer]) + page.to_bytes(2, "big")


def load(buffer: int, page: int) -> bytes:
    """Bring the template of a page into a buffer."""
    return bytes([LOAD, buffer]) + page.to_bytes(2, "big")


def upload(buffer: int) -> bytes:
    """Send the template of a buffer; data packets follow the answer."""
    return bytes([UPLOAD, buffer])


def delete(page: int) -> bytes:
    """Empty one page."""
    return bytes([DELETE]) + page.to_bytes(2, "big") + (1).to_bytes(2, "big")


def write_note(page: int, note: bytes) -> bytes:
    """Write one of the notepad's pages, which are the user's to use."""
    return bytes([_WRITE_NOTE, page]) + note.ljust(NOTE_BYTES, b"\0")


def read_note(page: int) -> bytes:
    """Read one of the notepad's pages."""
    return bytes([_READ_NOTE, page])


def index(part: int) -> bytes:
    """Ask which of 256 pages hold a template."""
    return bytes([_INDEX, part])


def index_parts(capacity: int) -> range:
    """The parts in which the index of so many pages comes."""
    return range(-(-capacity // _INDEX_PAGE))


def parameters(body: bytes) -> Parameters | None:
    """The answer to PARAMETERS behind its code; None where it is cut short or tells no capacity."""
    capacity = int.from_bytes(body[4:6], "big")
    if len(body) < 16 or not capacity:
        return None
    return Parameters(int.from_bytes(body[2:4], "big"), capacity)


def hit(body: bytes) -> Hit | None:
    """The answer to a search behind its code; None where it is cut short."""
    if len(body) < 4:
        return None
    return Hit(int.from_bytes(body[:2], "big"), int.from_bytes(body[2:4], "big"))


def taken(part: int, body: bytes) -> Iterator[int]:
    """The pages that hold a template, by the answer to an index question: bit 0 comes first."""
    for at, byte in enumerate(body[:NOTE_BYTES]):
        yield from (part * _INDEX_PAGE + at * 8 + bit for bit in range(8) if byte >> bit & 1)


def product(body: bytes) -> str:
    """The serial number in an answer to PRODUCT behind its code, in hex; "" where there is none."""
    number = body[20:28]
    return number.hex() if len(body) >= 46 and len(set(number)) > 1 else ""
