"""pyzk 0.9, unchanged, reads the simulated terminal whole: a client that we did not write."""

from contextlib import contextmanager
from datetime import datetime

import pytest
import zk

from simulators.zk import profiles, wire
from simulators.zk.layouts import Punch
from simulators.zk.sample import furnish
from simulators.zk.terminal import Terminal
from tests.simulators.raw import device

# pyzk makes a socket that it never closes.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")

PROFILES = pytest.mark.parametrize(
    "profile", [profiles.F19, profiles.OLD8, profiles.OLD16], ids=lambda p: p.name
)
LINKS = pytest.mark.parametrize("udp", [False, True], ids=["tcp", "udp"])


@contextmanager
def pyzk(terminal, **options):
    """A connected pyzk; the socket that it keeps when something fails is closed for it."""
    peer = zk.ZK(terminal.address, port=terminal.port, timeout=5, ommit_ping=True, **options)
    try:
        yield peer.connect()
        peer.disconnect()
    finally:
        peer._ZK__sock.close()


def stored(punch: Punch):
    year, month, day, *clock = wire.fields_of(punch.code)
    when = datetime(year, month, day, *clock)
    return punch.pin, when, punch.verify, punch.state


@LINKS
@PROFILES
def test_pyzk_reads_the_whole_log_and_all_people(profile, udp):
    terminal = device(profile)
    furnish(terminal, 5_000)
    with Terminal(terminal) as served, pyzk(served, force_udp=udp) as peer:
        rows = peer.get_attendance()
        people = peer.get_users()
        # In 16-byte records pyzk calls the vendor's state "status" and the way of verifying "punch".
        swapped = profile.record_width == 16
        read = [
            (r.user_id, r.timestamp, *((r.punch, r.status) if swapped else (r.status, r.punch)))
            for r in rows
        ]
        assert read == [stored(punch) for punch in terminal.log.punches]
        assert [(u.uid, u.user_id) for u in people] == [
            (u.uid, u.pin) for u in terminal.users.values()
        ]
        assert people[0].name == "Pegawai 1"[: 8 if profile.user_width == 28 else 24].strip()


@LINKS
def test_pyzk_is_shown_a_punch_as_it_happens(udp):
    terminal = device(profiles.F19)
    furnish(terminal, 10)
    seen = []
    with Terminal(terminal) as served, pyzk(served, force_udp=udp) as peer:
        for event in peer.live_capture(new_timeout=0.3):
            if event is None:
                terminal.punch("1014", verify=15, state=1)
            else:
                seen.append((event.uid, event.user_id, event.timestamp, event.status, event.punch))
                peer.end_live_capture = True
        assert served.traffic.event_acks == 1
    noon = datetime(2026, 3, 2, 12, 0)
    assert seen == [(2, "1014", noon, 15, 1)]


@LINKS
def test_pyzk_opens_a_terminal_with_a_comm_key_and_not_without(udp):
    with Terminal(device(profiles.F19, comm_key=4711)) as served:
        wrong = pyzk(served, password=4712, force_udp=udp)
        with pytest.raises(zk.exception.ZKErrorResponse, match="Unauthenticated"), wrong:
            pytest.fail("the wrong key opened the terminal")
        with pyzk(served, password=4711, force_udp=udp) as peer:
            assert peer.get_serialnumber() == "BWXP204560001"
            assert peer.get_platform() == "ZMM220_TFT"
            assert peer.get_firmware_version() == profiles.F19.firmware


def test_pyzk_manages_people_fingers_and_the_clock():
    terminal = device(profiles.F19)
    with Terminal(terminal) as served, pyzk(served) as peer:
        peer.set_user(uid=7, name="Wayan", user_id="1007", card=99)
        (person,) = peer.get_users()
        finger = zk.finger.Finger(7, 3, 1, bytes(range(1, 200)))
        peer.save_user_template(person, [finger])
        assert peer.get_user_template(7, 3).template == finger.template
        assert [f.template for f in peer.get_templates()] == [finger.template]
        assert terminal.templates == {(7, 3): finger.template}
        wanted = datetime(2026, 3, 2, 7, 0, 5)
        peer.set_time(wanted)
        assert peer.get_time() == wanted
        peer.delete_user(uid=7)
        assert peer.get_users() == []
        assert [line.operation for line in terminal.operations] == [30, 21, 9]
