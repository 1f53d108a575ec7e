"""An invitation is installed whole, for this user's eyes, and never over another kiosk's."""

import os
import stat

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from msgspec.structs import replace

from contract import invitation
from contract.invitation import Invitation
from terminal_agent import identity
from terminal_agent.errors import SourceMisconfigured

INVITED = Invitation(
    "T07A", "127.0.0.1", 1883, False, "", bytes(range(32)), bytes(range(32)), bytes(range(32))
)


@pytest.fixture
def state(tmp_path):
    return tmp_path / "state"


@pytest.fixture
def enrol(tmp_path, state):
    def enrol(invited=INVITED):
        file = tmp_path / "file.json"
        file.write_bytes(invitation.encode(invited))
        file.chmod(0o644)
        return identity.enrol(file, state)

    return enrol


def test_what_was_enrolled_is_loaded(enrol, state):
    assert enrol() == identity.load(state) == INVITED


def test_nobody_else_reads_the_keys_whatever_the_umask(enrol, state):
    before = os.umask(0)
    try:
        enrol()
    finally:
        os.umask(before)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in state.iterdir()}
    assert modes == {"invitation.json": 0o600, "event-key.pem": 0o600}


def test_the_event_key_is_born_here_and_kept_over_a_new_invitation(enrol, state):
    """What it has sealed must stay verifiable."""
    enrol()
    key = (state / "event-key.pem").read_bytes()
    assert load_pem_private_key(key, None)
    enrol(replace(INVITED, mac_key=bytes(32)))
    assert (state / "event-key.pem").read_bytes() == key
    assert identity.load(state).mac_key == bytes(32)


def test_no_two_kiosks_have_one_event_key(tmp_path):
    file = tmp_path / "file.json"
    file.write_bytes(invitation.encode(INVITED))
    for name in "ab":
        identity.enrol(file, tmp_path / name)
    assert len({(tmp_path / name / "event-key.pem").read_bytes() for name in "ab"}) == 2


def test_another_kiosks_folder_is_left_as_it_is(enrol, state):
    enrol()
    with pytest.raises(SourceMisconfigured, match="belongs to kiosk T07A") as told:
        enrol(replace(INVITED, kid="T07B"))
    assert told.value.code == "other_kiosk"
    assert identity.load(state).kid == "T07A"


def test_before_enrolment_a_person_is_told_what_to_type(state):
    with pytest.raises(SourceMisconfigured, match="terminal-agent enrol-kiosk FILE") as told:
        identity.load(state)
    assert told.value.code == "not_enrolled"


@pytest.mark.parametrize("content", [None, b"", b"{}", b"\xff", invitation.encode(INVITED)[:-30]])
def test_half_an_invitation_changes_nothing(enrol, tmp_path, state, content):
    enrol()
    file = tmp_path / "half.json"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SourceMisconfigured, match=r"half\.json") as told:
        identity.enrol(file, state)
    assert told.value.code == "invitation"
    assert identity.load(state) == INVITED


def test_an_installed_invitation_that_was_damaged_is_named(enrol, state):
    enrol()
    (state / "invitation.json").write_bytes(b"{}")
    with pytest.raises(SourceMisconfigured) as told:
        identity.load(state)
    assert told.value.code == "invitation"
