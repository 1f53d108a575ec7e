"""What terminals in the field have sent is read for ever, and sent again byte for byte."""

import json
import zlib
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from contract import batch, chain, event, health, invitation, receipt, topics
from tests.contract import make_golden

GOLDEN = Path(__file__).parent / "golden"
FRAMES = sorted(GOLDEN.glob("frame-*.json"))
WRITTEN = [path for path in FRAMES if f"-v{batch.VERSION}-" in path.name]
RECEIPTS = sorted(GOLDEN.glob("receipt-*.json"))
RECORDS = (GOLDEN / "records-01-every-kind.txt").read_bytes().splitlines()
FACE_RECORDS = (GOLDEN / "records-02-faces.txt").read_bytes().splitlines()
VOUCHED_RECORDS = (GOLDEN / "records-03-vouched.txt").read_bytes().splitlines()
ROLL_RECORDS = (GOLDEN / "records-04-enrolled.txt").read_bytes().splitlines()
EVERY_RECORD = RECORDS + FACE_RECORDS + VOUCHED_RECORDS + ROLL_RECORDS
OTHER_ZLIB = "ng" in zlib.ZLIB_RUNTIME_VERSION  # deflates to other bytes that inflate to the same


class FrameFile(msgspec.Struct, forbid_unknown_fields=True):
    """A frame, and what both sides know when it is read."""

    codec: int
    kid: str
    key: str
    epoch: int
    first: int
    pins_before: list[str]
    head_before: str
    head_after: str
    frame: str
    records: list[msgspec.Raw]

    def batch(self) -> batch.Batch:
        heads = [bytes.fromhex(head)[:4] for head in (self.head_before, self.head_after)]
        records = tuple(bytes(record) for record in self.records)
        return batch.Batch(self.kid, self.epoch, self.first, records, *heads)


def read(path) -> FrameFile:
    return msgspec.json.decode(path.read_bytes(), type=FrameFile)


@pytest.mark.parametrize("path", FRAMES, ids=lambda path: path.stem)
def test_a_golden_frame_is_read_as_the_records_beside_it(path):
    held = read(path)
    frame, key = bytes.fromhex(held.frame), bytes.fromhex(held.key)
    header = batch.peek(frame)
    assert batch.genuine(held.kid, frame, key)
    assert header.codec == held.codec
    assert batch.decode(held.kid, header, frame, held.pins_before) == held.batch()


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.stem)
def test_the_records_of_a_golden_frame_make_the_same_frame_again(path):
    held = read(path)
    deflated = held.codec != batch.JSON and any(event.kind(r) != "scan" for r in held.records)
    if deflated and OTHER_ZLIB:
        pytest.skip("this Python has zlib-ng, which deflates to other bytes")
    made = batch.encode(held.batch(), held.pins_before, bytes.fromhex(held.key), held.codec)
    assert made.hex() == held.frame


@pytest.mark.parametrize("path", FRAMES, ids=lambda path: path.stem)
def test_a_golden_frame_carries_the_heads_that_its_records_make(path):
    held = read(path)
    heads = chain.heads(bytes.fromhex(held.head_before), held.batch().records)
    assert heads[-1].hex() == held.head_after


@pytest.mark.parametrize("path", RECEIPTS, ids=lambda path: path.stem)
def test_a_golden_receipt_says_what_stands_beside_it_and_is_made_again(path):
    held = json.loads(path.read_bytes())
    kid, key, data = held["kid"], bytes.fromhex(held["key"]), bytes.fromhex(held["bytes"])
    said = receipt.decode(kid, data, key)
    assert said == msgspec.convert(held["receipt"], receipt.Receipt)
    assert receipt.encode(kid, said, key) == data


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("birth-*.json")), ids=lambda path: path.stem)
def test_a_golden_birth_is_read_and_said_again(path):
    assert health.encode(health.decode_birth(path.read_bytes())) == path.read_bytes()


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("owner-*.json")), ids=lambda path: path.stem)
def test_a_golden_owner_is_read_and_said_again(path):
    assert health.encode(health.decode_owner(path.read_bytes())) == path.read_bytes()


@pytest.mark.parametrize(
    "path", sorted(GOLDEN.glob("invitation-*.json")), ids=lambda path: path.stem
)
def test_a_golden_invitation_still_installs(path):
    assert invitation.encode(invitation.decode(path.read_bytes())) == path.read_bytes()


@pytest.mark.parametrize("data", EVERY_RECORD, ids=event.kind)
def test_the_canonical_bytes_of_a_record_kind_stay_as_they_were(data):
    record = event.read(data)
    assert record is not None
    assert event.canonical(record) == data


def test_frames_of_every_version_and_codec_are_kept():
    """Version 1 has no writer any more, so nothing but these files says how it was written."""
    heads = {read(path).frame[:2] for path in FRAMES}
    assert heads == {"10", "14", "20", "24", "28"}


def test_every_record_kind_has_golden_bytes():
    kinds = {kind.__struct_config__.tag for kind in get_args(event.AnyRecord)}
    assert {event.kind(data) for data in EVERY_RECORD} == kinds


def test_the_chain_over_the_golden_records_stays_as_it_was():
    held = json.loads((GOLDEN / "chain-01-every-kind.json").read_bytes())
    start = chain.genesis(held["kid"], held["epoch"])
    assert start.hex() == held["genesis"]
    assert [head.hex() for head in chain.heads(start, RECORDS)] == held["heads"]
    assert topics.events(held["kid"]) == held["topic"], "the bucket follows from the name"


def test_the_codes_that_people_kept_stay_as_they_were():
    held = json.loads((GOLDEN / "chain-02-evidence-codes.json").read_bytes())
    start = chain.genesis(held["kid"], held["epoch"])
    heads = chain.heads(start, FACE_RECORDS)
    assert [head.hex() for head in heads] == held["heads"]
    codes = [chain.evidence_code(held["kid"], seq, head) for seq, head in enumerate(heads, 1)]
    assert codes == held["codes"]


def test_new_golden_files_are_only_added(tmp_path, monkeypatch):
    """The script that makes them leaves what is there, and its checksums, as they are."""
    monkeypatch.setattr(make_golden, "GOLDEN", tmp_path)
    kept = tmp_path / "birth-02-will.json"
    kept.write_text("what the field sends")
    make_golden.main()
    make_golden.main()
    assert kept.read_text() == "what the field sends"
    lines = (tmp_path / "SHA256SUMS").read_text().splitlines()
    names = [line.split("  ")[1] for line in lines]
    assert sorted(names) == sorted(make_golden.files().keys() - {kept.name})
