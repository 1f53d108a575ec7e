"""The golden files of templates and of the marks by which a kiosk knows people."""

import json

import msgspec

from contract import faces, people
from contract.faces import Look, Template

KID = "T07A"
KEY = bytes(range(32))
NIP = "199001012015031001"

TEMPLATES = (
    Template(
        "17",
        "dlib-resnet-1",
        (Look(bytes(range(128)), 88), Look(bytes(range(128, 256)), 71)),
        1_795_021_200,
        "T07A",
    ),
    Template("A-9", "other", (Look(b"\x80\x7f", 0),), 0, "centre", "mirip PIN 17, diperiksa"),
)


def _templates_file() -> bytes:
    """Templates, what is sealed of them, and the key and bytes that seal them for one kiosk."""
    facts = {
        "kid": KID,
        "mac_key": KEY.hex(),
        "templates": msgspec.to_builtins(TEMPLATES),
        "packed": faces.pack(TEMPLATES).hex(),
        "digests": [faces.digest(one) for one in TEMPLATES],
        "transport_key": faces.transport_key(KEY).hex(),
        "bound_to": faces.bound_to(KID).hex(),
        "parcel": faces.joined([b"", b"sealed", bytes(300)]).hex(),
    }
    return json.dumps(facts, indent=1).encode() + b"\n"


def _marks_file() -> bytes:
    facts = {
        "mac_key": KEY.hex(),
        "nip": NIP,
        "nip_mark": people.nip_mark(KEY, NIP),
        "secret": "042117",
        "secret_mark": people.secret_mark(NIP, "042117"),
    }
    return json.dumps(facts, indent=1).encode() + b"\n"


def files() -> dict[str, bytes]:
    """Every golden file of faces and people by name."""
    return {"faces-01-templates.json": _templates_file(), "people-01-marks.json": _marks_file()}
