"""A full disk: the side that cannot commit says so and promises nothing; room is all it needs."""

import os

import pytest

from tests.process.disks import small_disk
from tests.process.office import crowd, terminal, until

pytestmark = pytest.mark.all_only("needs root")


def fill(folder):
    """Leave no room at all on the disk of `folder`; the file that took it."""
    filler = folder / "filler"
    handle = os.open(filler, os.O_WRONLY | os.O_CREAT)
    for size in (65_536, 4_096, 1):
        with pytest.raises(OSError, match="No space left"):
            _pour(handle, size)
    os.close(handle)
    return filler


def _pour(handle, size):
    while True:
        os.write(handle, bytes(size))


def punch_until(condition, office):
    """A hundred people at a time, until something can be seen to be so."""
    pins = iter(range(2_000, 200_000, 100))
    until(lambda: crowd(office.terminals[0], next(pins), 100) or condition(), office.report)


def test_an_agent_whose_disk_is_full_says_so_and_loses_nothing(office):
    """The terminals keep what the journal could not take; with room it is all there, once. Meanwhile
    the agent runs on: it sends, takes receipts and tells the centre."""
    with small_disk(office.agent_state, 4):
        device = terminal()
        office.furnish(device)
        office.start()
        crowd(device, 1000)
        office.settle()
        filler = fill(office.agent_state)
        punch_until(lambda: "storage.full" in office.agent.said(), office)
        alert = ["storage", "storage_full"]
        until(lambda: alert in office.kiosk()["alerts"], office.report)
        assert office.stored() < len(office.held())
        office.agent.kill()
        office.agent.start()
        until(lambda: alert in office.kiosk()["alerts"], office.report)
        assert office.agent.running(), "it starts on a full disk too"
        filler.unlink()
        office.settle()
        until(lambda: office.kiosk()["alerts"] == [], office.report)
        office.audit()
        office.agent.stop()


def test_a_centre_whose_disk_is_full_receipts_nothing_until_there_is_room(office):
    """It stays up, the kiosk keeps and sends again; nobody has to restart anything."""
    with small_disk(office.server_state, 4):
        device = terminal()
        office.furnish(device)
        office.start()
        crowd(device, 1000)
        office.settle()
        filler = fill(office.server_state)
        punch_until(lambda: "ledger.failed" in office.server.said(), office)
        held = len(office.held())
        until(lambda: office.journalled() == held, office.report)
        assert office.stored() < held
        last, acked, stored = office.marks()
        assert acked <= stored < last
        filler.unlink()
        office.settle()
        office.audit()
        assert office.server.running()
        office.server.stop()
