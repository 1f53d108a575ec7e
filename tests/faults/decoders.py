"""Every decoder of what comes from outside, with honest examples of what it reads.

A decoder is tried on bytes. What carries a MAC is given a right one after it was mangled, or nothing
behind the MAC would ever be reached: whoever has a card has its key.
"""

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
from pynmeagps import NMEAReader

from contract import (
    batch,
    command,
    enrolment,
    event,
    faces,
    health,
    invitation,
    pasted,
    receipt,
    stick,
    typed,
)
from contract.batch import MAC_BYTES
from contract.enrolment import Application, Pass, Renewal
from contract.errors import BatchError
from simulators.zk import layouts
from simulators.zk.layouts import Operation, Punch, User
from terminal_agent import config, gnss
from terminal_agent.door import words
from terminal_agent.errors import SourceMisconfigured
from terminal_agent.zfm import frames as sensor_frames
from terminal_agent.zfm import words as sensor_words
from terminal_agent.zk import dialect, events, frames, oplog, records, templates, users
from terminal_agent.zk.dialect import Hint
from terminal_agent.zk.records import Dialect

KID, KEY = "T07A", bytes(range(32))
_GOLDEN = Path(__file__).parent.parent / "contract" / "golden"
_ROOT = Path(__file__).parent.parent.parent


class Decoder(msgspec.Struct, frozen=True):
    """`read` raises nothing but `declared`; `honest` are inputs that it reads."""

    name: str
    read: Callable[[bytes], object]
    honest: tuple[bytes, ...]
    declared: tuple[type[Exception], ...] = (BatchError,)


def _golden(pattern: str) -> list[dict[str, Any]]:
    return [json.loads(file.read_bytes()) for file in sorted(_GOLDEN.glob(f"{pattern}.json"))]


def _held(pattern: str, field: str, without: int = 0) -> tuple[bytes, ...]:
    found = (bytes.fromhex(held[field]) for held in _golden(pattern))
    return tuple(data[: len(data) - without] for data in found)


def _mac(purpose: bytes, data: bytes) -> bytes:
    return data + batch.mac(purpose, KID, data, KEY)


def _frame(data: bytes) -> object:
    frame = _mac(b"batch", data)
    header = batch.peek(frame)
    held = batch.decode(KID, header, frame, [])
    return [event.read(record) or event.kind(record) for record in held.records]


def _command(data: bytes) -> object:
    plain, _ = command.split(data + bytes(command.SIGNATURE_BYTES))
    return command.counter_of(plain), command.decode(plain)


def _texts(data: bytes) -> object:
    """What somebody pasted, as `import-receipts -` and `import -` take it."""
    return [
        (stick.read_returned if text.startswith("HADIR:R:") else stick.read_slip)(text)
        for _, text in pasted.texts(pasted.decoded(data))
    ]


def _stream(data: bytes) -> object:
    """TCP in pieces, as a terminal's answers come."""
    stream, out = frames.Deframer(), []
    for at in range(0, len(data), 700):
        stream.feed(data[at : at + 700])
        while packet := stream.next():
            out.append(packet)
    return out


def _tables(data: bytes) -> object:
    """A terminal's log in every layout, and what it says of people and their fingers."""
    rows = [records.decode(one, data, {1: "1"}) for one in Dialect]
    names = [users.decode(data, count) for count in (0, len(data) // 72, len(data) // 28)]
    hints = [events.decode(code, data) for code in (1, 2)]
    return rows, names, hints, oplog.decode(data), templates.decode(data), records.uids(data)


def _guessed(data: bytes) -> object:
    return [dialect.detect(data, 2026, Hint(count)) for count in (None, 5)]


def _nmea(data: bytes) -> object:
    reader, out = NMEAReader(BytesIO(data), quitonerror=0), []
    while (found := reader.read())[0]:
        out.append(gnss._heard(found[1], 0) if found[1] else None)
    return out


def _sentence(body: bytes) -> bytes:
    check = 0
    for byte in body:
        check ^= byte
    return b"$%s*%02X\r\n" % (body, check)


def _packets() -> bytes:
    some = [frames.Packet(2000, 7, 1, b"6.60"), frames.Packet(1501, 7, 2, bytes(900))]
    return b"".join(frames.frame(frames.encode(one)) for one in some)


def _terminal() -> tuple[bytes, ...]:
    """Five rows of each layout, a table of users in both widths, a finger, operations, a hint."""
    code = 827_000_000
    punches = [Punch(uid=n, pin=str(1000 + n), code=code + n, verify=1, state=0) for n in range(5)]
    logs = [b"".join(map(layout, punches)) for layout in layouts.PUNCH_LAYOUTS.values()]
    people = [User(n, str(1000 + n), f"Orang {n}") for n in range(1, 4)]
    tables = [b"".join(layouts.user_record(one, width) for one in people) for width in (28, 72)]
    finger = b"\x58\x02\x01\x00\x06\x01" + bytes(594)
    done = layouts.operation_record(Operation(admin=1, operation=3, code=code))
    live = b"17".ljust(24, b"\0") + bytes([1, 0, 26, 3, 2, 7, 24, 0])
    return (*logs, *tables, finger, done * 3, live)


def _text(read: Callable[[str], object]) -> Callable[[bytes], object]:
    return lambda data: read(data.decode("utf-8", "replace"))


def _wire() -> list[Decoder]:
    """What goes between kiosk and centre."""
    answers = _held("answer-*", "bytes", MAC_BYTES)
    return [
        Decoder("batch", _frame, _first_frames()),
        Decoder(
            "receipt",
            lambda data: receipt.decode(KID, _mac(b"receipt", data), KEY),
            _held("receipt-*", "bytes", MAC_BYTES),
        ),
        Decoder("record", lambda data: (event.read(data), event.kind(data)), _records(), ()),
        Decoder("command", _command, _held("command-*", "envelope", 64)),
        Decoder(
            "answer", lambda data: command.decode_answer(KID, _mac(b"answer", data), KEY), answers
        ),
        Decoder("birth", health.decode_birth, _files("birth-*")),
        Decoder("owner", health.decode_owner, _files("owner-*")),
        Decoder("faces", faces.unpack, _held("faces-*", "packed")),
        Decoder("application", enrolment.decode_application, (_application(),)),
        Decoder("renewal", enrolment.decode_renewal, (_renewal(),)),
        Decoder(
            "refusal", lambda data: enrolment.decode_reply(400, data), (b'{"error":"x","time":1}',)
        ),
    ]


def _carried() -> list[Decoder]:
    """What people carry, paste and type."""
    [sealed], [told] = _golden("stick-01-*"), _golden("stick-02-*")
    texts = (sealed["text"].encode(), told["text"].encode(), b"> " + sealed["text"].encode())
    given = Pass("https://pusat.example:8443", bytes(16), KID, bytes(16))
    passes = (enrolment.write_pass(given).encode(),)
    return [
        Decoder("stick", stick.decode, (bytes.fromhex(sealed["stick"]),)),
        Decoder("pieces", stick.unpack, (stick.pack([bytes(40), bytes(300)]),)),
        Decoder("receipt file", stick.decode_receipts, (bytes.fromhex(told["file"]),)),
        Decoder("pasted QR texts", _texts, texts),
        Decoder("typed code", _text(typed.read), (told["codes"]["0"].replace("-", "").encode(),)),
        Decoder("invitation", invitation.decode, _files("invitation-*")),
        Decoder("pass", _text(enrolment.read_pass), passes),
    ]


def _local() -> list[Decoder]:
    """What stands on the kiosk's own desk: terminals, a receiver, the camera, its configuration."""
    rmc = _sentence(b"GNRMC,072400.00,A,0259.82,S,10445.26,E,0.1,0.0,020326,,,A")
    short = _sentence(b"GNGGA,072400.00,02") + _sentence(b"GNRMC,072400.00")
    gga = _sentence(b"GNGGA,072400.00,0259.82,S,10445.26,E,1,09,1.0,12.0,M,,M,,")
    seen = words.Seen(1, "17", 1, 15, 80, 1, 3)
    said = tuple(words.line(word).strip() for word in (words.Hello("camera"), seen))
    toml = (_ROOT / "systemd/agent.toml").read_bytes()
    return [
        Decoder("terminal's stream", _stream, (_packets(),), (frames.FrameError,)),
        Decoder("terminal's packet", frames.decode, (_packets()[8:],), (frames.FrameError,)),
        Decoder("terminal's tables", _tables, _terminal(), ()),
        Decoder("layout of a log", _guessed, _terminal(), ()),
        Decoder("NMEA", _nmea, (rmc + gga, gga * 3, short), ()),
        Decoder("finger sensor", _finger, (_hit(), _hit() * 2), ()),
        Decoder("word of a client", words.from_client, said, (ValueError,)),
        Decoder(
            "configuration",
            lambda data: config.decode(data, "agent.toml"),
            (toml,),
            (SourceMisconfigured,),
        ),
    ]


def _finger(data: bytes) -> object:
    packets, _ = sensor_frames.split(data)
    bodies = [packet.body[1:] for packet in packets]
    reads = (sensor_words.hit, sensor_words.parameters, sensor_words.product)
    return [read(body) for body in bodies for read in reads]


def _hit() -> bytes:
    return sensor_frames.encode(sensor_frames.Packet(7, bytes.fromhex("000007008e")))


def _first_frames() -> tuple[bytes, ...]:
    """Those that begin an epoch: no PIN is known before them."""
    begun = [held for held in _golden("frame-*") if not held["pins_before"]]
    return tuple(bytes.fromhex(held["frame"])[:-MAC_BYTES] for held in begun)


def _records() -> tuple[bytes, ...]:
    files = sorted(_GOLDEN.glob("records-*.txt"))
    return tuple(line for file in files for line in file.read_bytes().splitlines())


def _files(pattern: str) -> tuple[bytes, ...]:
    return tuple(file.read_bytes() for file in sorted(_GOLDEN.glob(f"{pattern}.json")))


def _application() -> bytes:
    return enrolment.encode(
        Application("PEM", bytes(32), bytes(64), "1000", KID, bytes(16), bytes(32))
    )


def _renewal() -> bytes:
    return enrolment.encode(Renewal(KID, "PEM", bytes(32), bytes(64)))


def all_of_them() -> list[Decoder]:
    """Every decoder."""
    return [*_wire(), *_carried(), *_local()]
