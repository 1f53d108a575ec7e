"""Writes new golden files of the wire; `python -m tests.contract.make_golden`.

It never touches a file that is there: what terminals in the field send does not change. Frames of
version 1 are only read any more, so their files are not made here. A frame file holds its records as the exact canonical bytes, one a line, and the frame in hexadecimal.
"""

import json
from hashlib import sha256
from pathlib import Path

import msgspec

from contract import batch, chain, event, health, invitation, receipt, topics
from contract.event import Scan
from tests.contract import golden_commands, golden_faces, golden_sticks

GOLDEN = Path(__file__).parent / "golden"
KID, EPOCH = "T07A", 0x5EED0042
KEY = bytes(range(32))
DAY = 1_795_046_400  # Thursday 19 November 2026, 00:00 on the device's own clock
WIB = 25_200


def scan(pin: str, t: int, lag: int = 4, **more: object) -> Scan:
    """A finger at the first device, read by a poll."""
    plain = {"device": 1, "impossible": False, "verify": 1, "punch": 0, "work": 0, "source": "pull"}
    return Scan(pin=pin, t=t, lag=lag, **{**plain, **more})


EVERY_KIND = (
    event.Epoch(0, 0, "new"),
    event.Configuration("ab" * 32, "0.1.0", 2),
    event.Device(1, "BWXP204560001", "ZMM220_TFT", "Ver 6.60 Apr 26 2016"),
    event.Clock(
        "6f1c9be3", 311, DAY - WIB + 25_000, 3, 12, ((1, 25_200_480),), (-6_914_744, 107_609_810)
    ),
    scan("17", DAY + 26_400),
    event.Covered(1, 0, DAY - WIB + 28_800, 812),
    event.Copresence(5, "no_face"),
    event.Unreadable(1, bytes(range(40)), "the PIN is not printable text"),
    event.LogShifted(1, 500),
    event.LogReplaced(1, 812, 3),
    event.LogEdited(1, 2, 1, DAY + 26_000, DAY + 27_000),
    event.Operation(1, 21, 14, DAY + 30_000, False, (0, 0, 0, 0)),
    event.Enrolment(1, "17", "template", "0c" * 32),
    event.Seal("event-1", bytes(range(64))),
    event.ReceiptNoted(900, DAY - WIB + 31_000, bytes(range(64, 128))),
    event.Clock("", 9, 1_700_000_009, 0, 0),
    event.Epoch(EPOCH, 16, "fork"),
)

# What came with cameras and screens.
FACE_KINDS = (
    event.Device(3, "T07A/kamera", "camera", "0.1.0"),
    event.Gallery(41, "dlib-resnet-1", 112, 4_612, "7e" * 32),
    event.Enrolment(3, "17", "received", "0c" * 32),
    scan(
        "17", DAY - WIB, 0, device=3, verify=15, source="camera", score=93, liveness=2, gallery=41
    ),
    event.Challenge(3, DAY - WIB + 40, "turn_left", "timeout", "18", 71, 41),
    event.Challenge(3, DAY - WIB + 50, "blink", "left", "", 0, 41),
    scan("19", DAY - WIB + 90, 0, device=4, verify=201, source="kiosk"),
    event.Witnessed(7, "17", 15),
    scan("20", DAY - WIB + 95, 0, device=4, verify=200, source="kiosk"),
    event.Copresence(4, "match"),
    event.Covered(3, DAY - WIB, DAY - WIB + 3_600, 0),
    event.Enrolment(3, "17", "erased", "0c" * 32),
)

# What came with seals that are made, signed receipts and checkpoints.
VOUCHED_KINDS = (
    event.Seal("A" * 42 + "s=", bytes(range(64))),
    event.Hardware("10000000a1b2c3d4", "03534453433332478041f2e1c7011500"),
    event.ReceiptNoted(811, DAY - WIB + 31_000, bytes(range(64, 128))),
    event.CheckpointNoted(41, "5e" * 32),
    event.Hardware("", ""),
)

# What came with looks at who is enrolled on a terminal.
ROLL_KINDS = (
    event.Enrolment(1, "17", "user_found", "0"),
    event.Enrolment(1, "17", "finger6_found", "0c1d2e3f40516273"),
    event.Snapshot(1, 1, 0, 1, "7a" * 32, "5e1f0a9b", True),
    event.Enrolment(1, "17", "user_changed", "14"),
    event.Enrolment(1, "17", "finger6_removed", "0c1d2e3f40516273"),
    event.Snapshot(1, 1, 1, None, "7b" * 32, "5e1f0a9b", False),
)


def a_day() -> tuple[event.Record, ...]:
    """A hundred people in and out: polls of thirty seconds, coverage on the hours."""
    first = event.Clock("6f1c9be3", 311, DAY - WIB, 3, 12, ((1, 25_200_480),))
    records: list[event.Record] = [first]
    for state, hour, verify in ((0, 7, 1), (1, 16, 15)):
        for person in range(100):
            t = DAY + hour * 3_600 + person * 37 + person * person % 29
            pin = str(1_000 + 7 * (person * 31 % 100))
            records.append(scan(pin, t, 30 - t % 30, punch=state, verify=verify))
        records.append(event.Covered(1, 0, DAY - WIB + (hour + 1) * 3_600, 100 * (state + 1)))
    return tuple(records)


# What a frame holds, the PINs that were used before it, and its first seq.
FRAMES = {
    "01-one-scan": ((scan("17", DAY + 26_400),), ("17",), 8),
    "02-first-use-of-pins": (
        tuple(
            scan(pin, DAY + 26_400 + i) for i, pin in enumerate(("17", "1003", "17", "007", "7"))
        ),
        ("17", "21"),
        2_000_000,
    ),
    "03-pins-that-are-not-digits": (
        tuple(scan(pin, DAY + i) for i, pin in enumerate(("A-9", "pegawai 3", "é١", '"\\\n'))),
        (),
        1,
    ),
    "04-every-kind": (EVERY_KIND, (), 1),
    "05-impossible-time": (
        (
            scan("17", 0xFFFF_FFFF, 0, impossible=True),
            scan("17", DAY + 60),
            scan("17", 0, 0, impossible=True),
        ),
        ("17",),
        3,
    ),
    "06-two-devices-and-a-camera": (
        (
            scan("17", DAY + 1, device=1),
            scan("18", DAY + 9_000, -9_000, device=2, verify=15, punch=255, source="live"),
            scan("17", DAY - WIB, 0, device=3, source="camera", score=93, liveness=2, gallery=41),
            scan("18", DAY + 9_002, 2, device=2, work=3, source="push"),
            scan("17", DAY - WIB + 5, 1, device=3, source="camera", score=0, gallery=41),
            scan("17", DAY + 4, device=1, source="serial"),
            scan("19", DAY + 4, device=1, source="kiosk"),
        ),
        (),
        40,
    ),
    "07-numbers-that-do-not-fit-a-column": (
        (
            scan("17", DAY, 2**37),
            scan("17", DAY + 1, work=2**45),
            scan("17", 2**33, 2**35),
            scan("17", DAY + 2, verify=2**38),
        ),
        ("17",),
        1,
    ),
    "08-a-day-of-a-hundred": (a_day(), (), 1),
    "10-clocks-that-move-and-a-position": (
        (
            event.Clock("6f1c9be3" * 4, 40, DAY, 1, 2_000),
            event.Clock("6f1c9be3" * 4, 90, DAY + 50, 4, 30, ((1, 25_200_480), (2, 25_190_000))),
            event.Covered(2, 0, DAY + 60, 41_215),
            scan("17", DAY + 60 + WIB, 3 - WIB, device=2),
            event.Covered(2, 0, DAY + 3_610, 41_216),
            event.Covered(1, DAY, DAY + 3_611, 9),
            event.Clock("A boot", 5, DAY + 9_000, 0, 0, ((2, -3),), (-6_914_744, 107_609_810)),
            event.Clock("A boot", 65, DAY + 9_060, 4, 9, ((2, 4_000),), (-6_914_740, 107_609_800)),
            event.Clock("", 2**50, 2**51, 0, 0),
        ),
        ("17",),
        77,
    ),
    "11-a-camera-and-a-screen": (FACE_KINDS, ("17",), 4),
    "12-what-vouches-for-a-chain": (VOUCHED_KINDS, ("17",), 812),
    "13-who-is-enrolled": (ROLL_KINDS, ("17",), 44),
    "09-columns-of-sixteen-and-seventeen-values": (
        tuple(
            scan("17", DAY + i, verify=i % 16 * 999_983, work=i % 17 * 999_983) for i in range(80)
        ),
        ("17",),
        500,
    ),
}

RECEIPTS = {
    "01-plain": receipt.Receipt(EPOCH, 812, 1_795_021_200_123, 1_795_021_200_140),
    "02-want": receipt.Receipt(EPOCH, 812, 1_795_021_200_123, 1_795_021_200_123, want=813),
    "03-fork": receipt.Receipt(EPOCH, 812, 1_795_021_200_123, 1_795_021_200_523, fork=True),
    "04-refused": receipt.Receipt(EPOCH, 812, 1_795_021_200_123, 1_795_021_200_124, refused=True),
    "05-slow": receipt.Receipt(EPOCH, 812, 1_795_021_200_123, 1_795_021_200_124, slow=30),
    "06-everything": receipt.Receipt(
        0xFFFF_FFFF, 2**40, 1_795_021_200_123, 1_795_021_209_999, 2**40 + 1, True, True, 300
    ),
    "07-nothing-stored": receipt.Receipt(0, 0, 0, 0),
    "08-signed": receipt.Receipt(
        *(EPOCH, 812, 1_795_021_200_123, 1_795_021_200_140),
        head=bytes(range(100, 132)),
        signature=bytes(range(64)),
    ),
}

DOCUMENTS = {
    "birth-01-full.json": health.encode(
        health.Birth(
            online=True,
            epoch=EPOCH,
            max_seq=900,
            acked=812,
            head="5a" * 32,
            version="0.1.0",
            trust=3,
            disk_free=12_000_000_000,
            alerts=(("lobi", "log_almost_full"), ("pintu", "unreachable")),
        )
    ),
    "birth-02-will.json": health.encode(health.Birth(online=False, epoch=EPOCH)),
    "owner-01-online.json": health.encode(health.Owner(online=True, worker="ingest-1")),
    "owner-02-offline.json": health.encode(health.Owner(online=False, worker="ingest-1")),
    "invitation-01-plain.json": invitation.encode(
        invitation.Invitation(
            KID, "127.0.0.1", 1883, False, "", KEY, bytes(range(32, 64)), bytes(range(64, 96))
        )
    ),
    "invitation-02-tls.json": invitation.encode(
        invitation.Invitation(
            "0Z9XQ2",
            "pusat.example.go.id",
            8883,
            True,
            "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
            KEY[::-1],
            bytes(range(96, 128)),
            bytes(range(128, 160)),
        )
    ),
    "records-01-every-kind.txt": b"".join(event.canonical(r) + b"\n" for r in EVERY_KIND),
    "records-02-faces.txt": b"".join(event.canonical(r) + b"\n" for r in FACE_KINDS),
    "records-03-vouched.txt": b"".join(event.canonical(r) + b"\n" for r in VOUCHED_KINDS),
    "records-04-enrolled.txt": b"".join(event.canonical(r) + b"\n" for r in ROLL_KINDS),
}


def frame_file(name: str, codec: int) -> str:
    """A frame with everything that is needed to read it, as JSON."""
    records, pins, first = FRAMES[name]
    lines = [event.canonical(record) for record in records]
    before = sha256(b"the head before " + name.encode()).digest()
    after = chain.heads(before, lines)[-1]
    whole = batch.Batch(KID, EPOCH, first, tuple(lines), before[:4], after[:4])
    facts = {
        "codec": codec,
        "kid": KID,
        "key": KEY.hex(),
        "epoch": EPOCH,
        "first": first,
        "pins_before": pins,
        "head_before": before.hex(),
        "head_after": after.hex(),
        "frame": batch.encode(whole, pins, KEY, codec).hex(),
    }
    body = ",\n  ".join(line.decode() for line in lines)
    return json.dumps(facts, indent=1)[:-2] + f',\n "records": [\n  {body}\n ]\n}}\n'


def receipt_file(name: str) -> str:
    """A receipt's fields and its bytes in hexadecimal, as JSON."""
    given = RECEIPTS[name]
    facts = {
        "kid": KID,
        "key": KEY.hex(),
        "receipt": msgspec.to_builtins(given),
        "bytes": receipt.encode(KID, given, KEY).hex(),
    }
    return json.dumps(facts, indent=1) + "\n"


def chain_file() -> str:
    """The heads of the records of every kind, and where such a kiosk's batches go."""
    start = chain.genesis(KID, EPOCH)
    heads = chain.heads(start, [event.canonical(record) for record in EVERY_KIND])
    facts = {
        "kid": KID,
        "epoch": EPOCH,
        "genesis": start.hex(),
        "heads": [head.hex() for head in heads],
        "topic": topics.events(KID),
    }
    return json.dumps(facts, indent=1) + "\n"


def evidence_file() -> str:
    """The codes that people keep of the records in records-02-faces.txt."""
    start = chain.genesis(KID, EPOCH)
    heads = chain.heads(start, [event.canonical(record) for record in FACE_KINDS])
    codes = [chain.evidence_code(KID, seq, head) for seq, head in enumerate(heads, 1)]
    facts = {"kid": KID, "epoch": EPOCH, "heads": [head.hex() for head in heads], "codes": codes}
    return json.dumps(facts, indent=1) + "\n"


def files() -> dict[str, bytes]:
    """Every golden file by name."""
    made = {
        f"frame-{name}-v{batch.VERSION}-codec{codec}.json": frame_file(name, codec).encode()
        for name in FRAMES
        for codec in (batch.JSON, batch.COLUMNS, batch.ARITHMETIC)
    }
    made |= {f"receipt-{name}.json": receipt_file(name).encode() for name in RECEIPTS}
    made |= {"chain-01-every-kind.json": chain_file().encode()}
    made |= {"chain-02-evidence-codes.json": evidence_file().encode()}
    made |= golden_sticks.files() | golden_commands.files() | golden_faces.files()
    return made | DOCUMENTS


def main() -> None:
    """Add what is not there yet, and its checksums."""
    GOLDEN.mkdir(exist_ok=True)
    with (GOLDEN / "SHA256SUMS").open("a") as sums:
        for name, data in sorted(files().items()):
            if not (GOLDEN / name).exists():
                (GOLDEN / name).write_bytes(data)
                sums.write(f"{sha256(data).hexdigest()}  {name}\n")


if __name__ == "__main__":
    main()
