"""The golden files of commands and answers: what each side says, and the bytes on the wire."""

import json

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contract import command
from contract.command import (
    Answer,
    Certify,
    Checkpoint,
    Command,
    Configure,
    Faces,
    Forget,
    Gather,
    Live,
    Logs,
    Member,
    People,
    Pull,
    Renew,
    Resend,
    Staff,
    Update,
    User,
    Users,
    Window,
)

KID = "T07A"
KEY = bytes(range(32))
SIGN = Ed25519PrivateKey.from_private_bytes(bytes(range(32, 64)))

ORDERS = {
    "01-configure": Configure('[kiosk]\nlink = "metered"\n'),
    "02-pull": Pull(),
    "03-pull-one-whole": Pull("lobi", full=True),
    "04-users": Users("lobi", (User("17", "Sari"), User("0018"), User("19", remove=True)), 2, 3),
    "05-live": Live(1_795_030_000),
    "06-logs": Logs(),
    "07-resend": Resend(0x5EED0042, 501, 812),
    "08-staff": Staff(
        1_795_021_200,
        (
            Member("17", "Siti Rahmawati", "a1" * 12, "5b" * 16, 1),
            Member("0018", "Budi", "c2" * 12, windows=0),
            Member("19", "Ani", "d3" * 12),
        ),
        (
            (Window(1_795_039_200, 1_795_048_200, 1_795_062_600, 1_795_078_800, 1_795_102_200),),
            (),
        ),
        2,
        3,
    ),
    "09-faces": Faces(bytes(range(64)), 1, 2),
    "10-forget": Forget(("17", "A-9")),
    "11-gather": Gather(),
    "12-gather-some": Gather(("17",)),
    "13-checkpoint": Checkpoint(
        *(41, "2026-11-19", "5e" * 32), ((0x5EED0042, 812, "0a" * 32), (7, 40, "0b" * 32))
    ),
    "14-renew": Renew(),
    "15-certify": Certify("-----BEGIN CERTIFICATE-----\n", bytes(range(65))),
    "16-people": People("lobi", write=True),
    "17-update": Update(7, "1.2.0", (("amd64", "5e" * 32), ("arm64", "0a" * 32))),
}

ANSWERS = {
    "01-done": Answer(1_795_021_200, "done"),
    "02-failed": Answer(1_795_021_200, "failed", "unreachable"),
    "03-refused": Answer(1_795_021_200, "refused", "older: a newer configuration is in force"),
    "04-expired": Answer(1_795_021_200, "expired"),
    "05-later": Answer(1_795_021_200, "later", "no_trusted_clock"),
    "06-part-of-a-body": Answer(1_795_021_200, "done", "", 2, 3, bytes(range(256))),
}


def command_file(name: str) -> bytes:
    """A command, and its envelope in hexadecimal."""
    given = Command(1_795_021_200, 1_795_626_000, ORDERS[name])
    data = command.encode(given)
    envelope = data + SIGN.sign(command.to_sign(KID, data))
    facts = {
        "kid": KID,
        "sign_key": SIGN.public_key().public_bytes_raw().hex(),
        "command": msgspec.to_builtins(given),
        "envelope": envelope.hex(),
    }
    return json.dumps(facts, indent=1).encode() + b"\n"


def answer_file(name: str) -> bytes:
    """An answer, and its bytes in hexadecimal."""
    facts = {
        "kid": KID,
        "key": KEY.hex(),
        "answer": msgspec.to_builtins(ANSWERS[name]),
        "bytes": command.encode_answer(KID, ANSWERS[name], KEY).hex(),
    }
    return json.dumps(facts, indent=1).encode() + b"\n"


def files() -> dict[str, bytes]:
    """Every golden file of commands by name."""
    made = {f"command-{name}.json": command_file(name) for name in ORDERS}
    return made | {f"answer-{name}.json": answer_file(name) for name in ANSWERS}
