"""Templates on their way, and the marks by which a kiosk knows people: whole, small, or refused."""

import json
import zlib
from base64 import b32decode
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as some

from contract import chain, command, faces, people
from contract.command import Command, Faces
from contract.errors import BatchError
from contract.faces import Look, Template

GOLDEN = Path(__file__).parent / "golden"
KEY = bytes(range(32))

looks = some.builds(Look, some.binary(min_size=1, max_size=128), some.integers(0, 100))
templates = some.builds(
    Template,
    pin=some.text(min_size=1, max_size=9),
    model=some.sampled_from(["dlib-resnet-1", "other"]),
    looks=some.lists(looks, min_size=1, max_size=faces.MOST_LOOKS).map(tuple),
    made=some.integers(0, 2**40),
    by=some.text(max_size=9),
    note=some.text(max_size=40),
)


def person(pin, looks=5):
    """As large as a person of an office gets: five looks that nothing can deflate."""
    vectors = tuple(
        Look(bytes((7 * i + n) * 31 % 256 for i in range(128)), 80) for n in range(looks)
    )
    return Template(pin, "dlib-resnet-1", vectors, 1_795_021_200, "T07A")


@given(some.lists(templates, max_size=6).map(tuple))
def test_templates_come_out_as_they_went_in(given_templates):
    assert faces.unpack(faces.pack(given_templates)) == given_templates


def test_templates_of_the_golden_file_are_read_and_named_as_ever():
    held = json.loads((GOLDEN / "faces-01-templates.json").read_bytes())
    found = faces.unpack(bytes.fromhex(held["packed"]))
    assert found == msgspec.convert(held["templates"], tuple[Template, ...])
    assert [faces.digest(one) for one in found] == held["digests"]
    assert faces.transport_key(bytes.fromhex(held["mac_key"])).hex() == held["transport_key"]
    assert faces.bound_to(held["kid"]).hex() == held["bound_to"]
    parcels = faces.parted(bytes.fromhex(held["parcel"]))
    assert faces.joined(parcels).hex() == held["parcel"]
    assert parcels == [b"", b"sealed", bytes(300)]


@given(some.binary(max_size=300))
def test_whatever_was_sealed_is_templates_or_a_batch_error(data):
    for bytes_ in (data, zlib.compress(data)):
        try:
            faces.unpack(bytes_)
        except BatchError:
            continue
        assert zlib.decompress(bytes_) == b"[]"


@pytest.mark.parametrize(
    "plain",
    [
        b'[["17","m",[],0,"x"]]',
        b'[["17","m",[["AA==",1],["AA==",1],["AA==",1],["AA==",1],["AA==",1],["AA==",1],'
        b'["AA==",1],["AA==",1],["AA==",1]],0,"x"]]',
        b'[["17","m",[["",1]],0,"x"]]',
        b'[["17","m",[["' + b"AAAA" * 700 + b'",1]],0,"x"]]',
        b'[["17","m"]]',
        b'{"pin":"17"}',
        b"\xff",
        b"[" * 100_000,
    ],
    ids=["no look", "nine looks", "empty", "endless", "half", "no list", "no text", "deep"],
)
def test_what_no_template_can_be_is_refused(plain):
    with pytest.raises(BatchError):
        faces.unpack(zlib.compress(plain))


def test_a_few_bytes_that_inflate_without_end_are_refused_before_they_fill_the_memory():
    bomb = zlib.compress(bytes(1 << 26), 9)
    assert len(bomb) < 70_000
    with pytest.raises(BatchError, match="too large"):
        faces.unpack(bomb)


def test_templates_that_were_cut_off_are_refused():
    packed = faces.pack((person("17"),))
    with pytest.raises(BatchError, match="cut off"):
        faces.unpack(packed[:-3])


@given(some.lists(templates, max_size=12))
def test_all_templates_are_in_some_run_and_those_of_a_person_in_one(given_templates):
    runs = faces.runs(given_templates)
    assert sorted(map(repr, given_templates)) == sorted(repr(one) for run in runs for one in run)
    pins = [{one.pin for one in run} for run in runs]
    assert all(a.isdisjoint(b) for n, a in enumerate(pins) for b in pins[n + 1 :])


def test_every_run_of_a_large_office_fits_the_envelope_of_a_command():
    staff = [person(str(n), faces.MOST_LOOKS) for n in range(300)]
    runs = faces.runs(staff)
    assert len(runs) > 1
    for part, run in enumerate(runs, 1):
        sealed = faces.pack(run) + bytes(faces.NONCE_BYTES + 16)
        order = Command(2**53 - 1, 2**53 - 1, Faces(sealed, part, len(runs)))
        assert len(command.encode(order)) + command.SIGNATURE_BYTES <= command.MAX_ENVELOPE


@given(some.lists(some.binary(max_size=50), max_size=8))
def test_parcels_come_apart_as_they_were_put_together(parcels):
    assert faces.parted(faces.joined(parcels)) == parcels


@given(some.lists(some.binary(max_size=50), min_size=1, max_size=8), some.integers(1, 60))
def test_a_body_that_was_cut_off_is_refused_or_ends_at_a_parcel(parcels, lost):
    try:
        found = faces.parted(faces.joined(parcels)[:-lost])
    except BatchError:
        return
    assert found == parcels[: len(found)]
    assert len(found) < len(parcels)


def test_no_two_kiosks_share_a_key_or_a_place_for_templates():
    assert faces.transport_key(KEY) not in (KEY, faces.transport_key(KEY[::-1]))
    assert faces.bound_to("T07A") != faces.bound_to("T07B")


def test_the_marks_of_people_stay_as_they_were():
    held = json.loads((GOLDEN / "people-01-marks.json").read_bytes())
    assert people.nip_mark(bytes.fromhex(held["mac_key"]), held["nip"]) == held["nip_mark"]
    assert people.secret_mark(held["nip"], held["secret"]) == held["secret_mark"]


def test_a_nip_is_known_by_another_mark_at_every_kiosk():
    marks = {people.nip_mark(key, nip) for key in (KEY, KEY[::-1]) for nip in ("1", "2")}
    assert len(marks) == 4


def test_the_same_number_of_two_people_has_two_marks():
    marks = {
        people.secret_mark(nip, number) for nip in ("1", "2") for number in ("000000", "000001")
    }
    assert len(marks) == 4


@given(some.integers(1, 2**53), some.binary(min_size=32, max_size=32))
def test_an_evidence_code_names_the_kiosk_the_number_and_forty_bits_of_the_head(seq, head):
    kid, number, letters = chain.evidence_code("T07A", seq, head).split("-")
    assert (kid, int(number)) == ("T07A", seq)
    assert b32decode(letters) == head[:5]
    assert len(letters) == 8
