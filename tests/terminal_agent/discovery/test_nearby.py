"""What the kernel tells of the office's network, as real files of /proc/net have it."""

import socket
from ipaddress import IPv4Address, IPv4Network

import pytest

from terminal_agent.discovery import nearby
from terminal_agent.discovery.found import hosts, within_limit
from terminal_agent.errors import SourceMisconfigured
from terminal_agent.provision import desk

ROUTE = """\
Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
eth0	00000000	0101A8C0	0003	0	0	100	00000000	0	0	0
eth0	0001A8C0	00000000	0001	0	0	100	00FFFFFF	0	0	0
wlan0	0000FEA9	00000000	0001	0	0	0	0000FFFF	0	0	0
wwan0	F4FF0A0A	00000000	0001	0	0	0	FCFFFFFF	0	0	0
eth1	0000000A	00000000	0001	0	0	0	000000FF	0	0	0
tun0	0100080A	00000000	0005	0	0	0	FFFFFFFF	0	0	0
"""
ARP = """\
IP address       HW type     Flags       HW address            Mask     Device
192.168.1.201    0x1         0x2         00:17:61:12:7E:04     *        eth0
192.168.1.7      0x1         0x0         00:00:00:00:00:00     *        eth0
192.168.1.1      0x1         0x2         02:fc:00:00:00:05     *        eth0
"""
TRIE = """\
Main:
  +-- 0.0.0.0/0 3 0 5
     |-- 192.168.1.0
        /24 link UNICAST
     |-- 192.168.1.50
        /32 host LOCAL
     |-- 192.168.1.255
        /32 link BROADCAST
Local:
     |-- 192.168.1.50
        /32 host LOCAL
     |-- 127.0.0.1
        /32 host LOCAL
"""


def test_networks_with_a_wire_of_their_own_are_ours_and_routed_ones_are_not():
    assert nearby.routes(ROUTE) == [
        ("eth0", IPv4Network("192.168.1.0/24")),
        ("wwan0", IPv4Network("10.10.255.244/30")),
        ("eth1", IPv4Network("10.0.0.0/8")),
    ]


def test_neighbours_that_answered_are_known_by_their_network_card():
    assert nearby.neighbours(ARP) == {
        "192.168.1.201": "00:17:61:12:7e:04",
        "192.168.1.1": "02:fc:00:00:00:05",
    }


def test_our_own_addresses_are_told_from_those_of_others():
    assert nearby.addresses(TRIE) == [IPv4Address("192.168.1.50"), IPv4Address("127.0.0.1")]


@pytest.mark.parametrize("read", [nearby.routes, nearby.neighbours, nearby.addresses])
def test_a_kernel_that_tells_nothing_is_no_error(read):
    assert not read("")
    assert nearby.connected("", 4370) == set()


@pytest.mark.parametrize("kind", [socket.SOCK_STREAM, socket.SOCK_DGRAM])
def test_a_connection_of_this_machine_is_seen_and_gone_when_it_is_closed(kind):
    with socket.socket(socket.AF_INET, kind) as server:
        server.bind(("127.83.4.9", 0))
        if kind == socket.SOCK_STREAM:
            server.listen()
        port = server.getsockname()[1]
        assert nearby.held(port) == set()
        with socket.socket(socket.AF_INET, kind) as client:
            client.connect(("127.83.4.9", port))
            assert nearby.held(port) == {"127.83.4.9"}
        assert nearby.held(port) == set()


def test_of_a_large_network_only_the_part_around_the_kiosk_is_swept():
    campus = IPv4Network("10.0.0.0/8")
    assert within_limit(campus, IPv4Address("10.20.31.7")) == IPv4Network("10.20.28.0/22")
    assert within_limit(campus) == IPv4Network("10.0.0.0/22")
    office = IPv4Network("192.168.1.0/24")
    assert within_limit(office, IPv4Address("192.168.1.7")) == office


@pytest.mark.parametrize(
    ("text", "network"),
    [
        ("192.168.1.201", "192.168.1.0/24"),
        (" 192.168.1.7/24 ", "192.168.1.0/24"),
        ("10.1.2.3/32", "10.1.2.3/32"),
        ("100.64.3.0/24", "100.64.3.0/24"),
    ],
)
def test_a_network_is_typed_one_way_for_the_command_and_the_setup_page(text, network):
    assert nearby.typed(text) == desk.network(text) == IPv4Network(network)


@pytest.mark.parametrize(
    ("text", "code"), [("kantor", "bad_network"), ("8.8.8.0/24", "foreign_network")]
)
def test_what_is_no_network_of_an_office_is_refused_by_both(text, code):
    with pytest.raises(SourceMisconfigured) as typed:
        nearby.typed(text)
    with pytest.raises(SourceMisconfigured) as on_page:
        desk.network(text)
    assert (typed.value.code, on_page.value.code) == (code, f"setup_{code}")


def test_nobody_looks_for_a_terminal_at_our_own_address():
    office = IPv4Network("192.168.1.0/29")
    assert IPv4Address("192.168.1.2") not in hosts(office, [IPv4Address("192.168.1.2")])
    assert len(hosts(office)) == 6


def test_a_rehearsal_on_loopback_never_searches_the_office():
    assert nearby.around("127.0.0.5") == [IPv4Network("127.0.0.0/24")]
    assert IPv4Network("127.0.0.0/24") not in nearby.around("10.1.2.3")
    assert nearby.around("mesin.local") == nearby.networks()
