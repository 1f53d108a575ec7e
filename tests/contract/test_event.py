"""Canonical bytes: one record, one text, and what cannot be read faithfully is not read at all."""

import json
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract import event
from tests.contract.strategies import records

SCAN = b'["scan",1,"17",1795046400,false,4,1,0,0,"pull",null,null,null]'


@given(records)
def test_a_record_is_read_back_as_it_was_written(record):
    data = event.canonical(record)
    assert event.read(data) == record
    assert event.canonical(event.read(data)) == data


@given(records)
def test_a_record_says_its_kind_first(record):
    data = event.canonical(record)
    assert event.kind(data) == json.loads(data)[0] == record.__struct_config__.tag


@given(records)
def test_a_record_is_one_line_without_spaces(record):
    """A journal can be shown line by line, and columns split deflated records at line ends."""
    assert b"\n" not in event.canonical(record)
    assert event.canonical(record).startswith(b'["')


@pytest.mark.parametrize(
    "data",
    [
        SCAN.replace(b",", b", "),
        SCAN.replace(b"17", b"\\u0031\\u0037", 1),
        SCAN[:-1] + b",null]",
        SCAN.replace(b"false", b"0"),
        SCAN.replace(b",null]", b"]"),
        SCAN.replace(b'"pull"', b'"rumour"'),
        b'["weather",3]',
        b'["scan"]',
        b"[]",
        b"{}",
        b"",
        b"\xff",
        b"[" * 3000,
    ],
    ids=repr,
)
def test_bytes_that_this_version_would_write_otherwise_are_not_read(data):
    """They are kept as they are: read and written again they would be other evidence."""
    assert event.read(data) is None


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (SCAN, "scan"),
        (b'["weather",{"rain":[3]}]', "weather"),
        (b'["scan"]', "scan"),
        (b"[]", ""),
        (b"[7]", ""),
        (b'"scan"', ""),
        (b"{}", ""),
        (b"", ""),
        (b"\xff", ""),
        (b"[" * 3000, ""),
    ],
    ids=repr,
)
def test_a_kind_is_known_even_where_the_record_is_not(data, kind):
    assert event.kind(data) == kind


@given(st.binary(max_size=80))
def test_any_bytes_are_read_faithfully_or_not_at_all(data):
    record = event.read(data)
    assert record is None or event.canonical(record) == data
    assert isinstance(event.kind(data), str)


def test_no_two_kinds_share_a_tag():
    tags = [kind.__struct_config__.tag for kind in get_args(event.AnyRecord)]
    assert len(set(tags)) == len(tags)


def test_what_waits_for_company_is_what_the_wire_names():
    """Anything else, and a scan above all, must be able to start a flush."""
    assert set(event.BOOKKEEPING_KINDS) == {
        "clock",
        "covered",
        "seal",
        "receipt_noted",
        "checkpoint_noted",
        "hardware",
    }
