"""An invitation installs whole or not at all, and says what is wrong with it."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract import invitation
from contract.errors import BatchError
from contract.invitation import Invitation

GOOD = Invitation(
    "T07A", "127.0.0.1", 1883, False, "", bytes(range(32)), bytes(range(32)), bytes(range(32))
)


def with_(**changes) -> bytes:
    """The file with some fields as given; None takes one out."""
    fields = json.loads(invitation.encode(GOOD)) | changes
    return json.dumps({name: value for name, value in fields.items() if value is not None}).encode()


def test_an_invitation_says_the_same_on_both_sides():
    assert invitation.decode(invitation.encode(GOOD)) == GOOD


def test_a_technician_can_look_at_it():
    text = invitation.encode(GOOD).decode()
    assert '\n  "kid": "T07A"' in text
    assert text.endswith("}\n")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not an invitation"),
        (b"\xff\xfe", "not an invitation"),
        (b"[]", "not an invitation"),
        (with_(mac_key=None), "mac_key"),
        (with_(broker_port="1883"), "broker_port"),
        (with_(quota=3), "quota"),
        (with_(mac_key="***"), "mac_key"),
        (with_(mac_key="AAAA"), "names no kiosk or holds no key"),
        (with_(kid="t07a"), "names no kiosk or holds no key"),
        (with_(kid=""), "names no kiosk or holds no key"),
        (invitation.encode(GOOD)[:-9], "not an invitation"),
    ],
)
def test_what_is_not_a_whole_invitation_says_why(data, reason):
    with pytest.raises(BatchError, match=reason):
        invitation.decode(data)


@given(st.binary(max_size=60) | st.integers(1, 3000).map(lambda deep: b"[" * deep))
def test_any_file_is_an_invitation_or_a_reason(data):
    with contextlib.suppress(BatchError):
        invitation.decode(data)
