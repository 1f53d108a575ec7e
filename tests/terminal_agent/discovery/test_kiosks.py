"""Kiosks announce themselves, and whoever looks around hears them."""

import threading
import uuid
from contextlib import contextmanager
from ipaddress import IPv4Address

from zeroconf import IPVersion, ServiceInfo, Zeroconf

from terminal_agent.discovery.found import FoundKiosk
from terminal_agent.discovery.kiosks import Herald, kiosks

LOOPBACK = [IPv4Address("127.0.0.1")]


@contextmanager
def announcing(herald):
    stop = threading.Event()
    thread = threading.Thread(target=herald.run, args=(stop,))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def heard(kid):
    """Other tests of this machine may be announcing as well."""
    return [one for one in kiosks(3.0, LOOPBACK) if one.kid == kid]


def test_a_kiosk_is_heard_with_its_address_and_version_until_it_stops():
    kid = uuid.uuid4().hex[:12]
    with announcing(Herald(kid, 8080, "1.2", setup=True, at=lambda: LOOPBACK)):
        assert heard(kid) == [FoundKiosk(kid, "127.0.0.1", 8080, "1.2", setup=True)]
    assert heard(kid) == []


def test_what_a_stranger_announces_moves_no_cursor_and_fills_no_screen():
    kid = uuid.uuid4().hex[:12]
    told = {"kid": f"{kid}\x1b[2J\n\u202e", "version": "\x1b]0;x\x07" + "9" * 200}
    kind = "_hadir._tcp.local."
    with Zeroconf(["127.0.0.1"], ip_version=IPVersion.V4Only) as voice:
        addresses = [LOOPBACK[0].packed]
        voice.register_service(
            ServiceInfo(kind, f"{kid}.{kind}", port=1, properties=told, addresses=addresses)
        )
        [one] = heard(f"{kid}[2J")
    assert one.version == "]0;x" + "9" * 60


def test_a_kiosk_without_a_network_says_nothing_and_breaks_nothing():
    with announcing(Herald("T07A", 0, "1.2", at=list)):
        assert kiosks(0.1, []) == []
