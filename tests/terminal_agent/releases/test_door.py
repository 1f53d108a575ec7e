"""What the centre's real door gives of a release, and to whom."""

import http.client
import socket
import threading
from contextlib import closing

import pytest

from sync_server import doorway, enrol_door, release_door
from tests.terminal_agent.releases.region import standing


@pytest.fixture
def region(tmp_path):
    with standing(tmp_path) as region:
        yield region


def test_the_door_gives_ranges_of_a_release_and_nothing_else(region):
    state, digest = region.site.folder / "server", region.order().files[0][1]
    whole = region.file.read_bytes()
    assert release_door.asked(state, f"/releases/{digest}/pack", "bytes=10-19").data == whole[10:20]
    for path in ("/releases/../keys/pack", f"/releases/{digest}/pack/..", f"/releases/{digest}/"):
        assert release_door.asked(state, path, "bytes=0-1") is None
    for span in ("", "bytes=0-", "bytes=5-1", f"bytes=0-{2**30}", "bytes=999999999-999999999"):
        assert release_door.asked(state, f"/releases/{digest}/pack", span).status == 416
    assert release_door.asked(state, f"/releases/{'0' * 64}/manifest", "") is None


def test_a_kiosk_that_asks_for_a_manifest_again_and_again_has_to_wait(region):
    """Each is packed anew, up to eight megabytes."""
    digest = region.order().files[0][1]
    trust = region.agent()._door(region.order()).trust

    def status():
        with closing(
            http.client.HTTPSConnection("127.0.0.1", region.config.enrol.port, context=trust())
        ) as wire:
            wire.request("GET", f"/releases/{digest}/manifest")
            return wire.getresponse().status

    assert {status() for _ in range(60)} == {200}
    assert status() == 429


@pytest.mark.all_only("some seconds of a slow link")
def test_whoever_is_slow_gets_the_whole_of_a_piece_as_long_as_each_block_arrives(
    region, monkeypatch
):
    """OpenSSL counts the time of a whole write: the door's patience is 20 s, here two."""
    monkeypatch.setattr(enrol_door._Visit, "timeout", 2.0)
    come_in = doorway.Doorway.process_request

    def narrow(door, request, address):
        request.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 16_384)
        come_in(door, request, address)

    monkeypatch.setattr(doorway.Doorway, "process_request", narrow)
    path = f"/releases/{region.order().files[0][1]}/pack"
    context = region.agent()._door(region.order()).trust()
    with socket.socket() as plain:
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16_384)
        plain.connect(("127.0.0.1", region.config.enrol.port))
        with context.wrap_socket(plain, server_hostname="127.0.0.1") as wire:
            wire.sendall(f"GET {path} HTTP/1.0\r\nRange: bytes=0-899999\r\n\r\n".encode())
            came = 0
            while block := wire.recv(8_192):
                came += len(block)
                threading.Event().wait(0.06)
    assert came > 900_000
