"""Parts that go away and come back, one at a time."""

from tests.process.office import crowd, terminal


def test_a_centre_that_was_killed_finds_no_fork_when_it_returns(brokered):
    """The broker still keeps the kiosk's birth, which is older than what the ledger holds."""
    office, _ = brokered
    device = terminal()
    office.furnish(device)
    office.start()
    office.server.wait_for("broker.connected")
    office.agent.wait_for("uplink.connected")
    crowd(device, 1000)
    office.settle()
    office.server.kill()
    office.server.start().wait_for("broker.connected", 2)
    crowd(device, 2000)
    office.settle()
    office.audit()
    assert not office.kiosk()["forked"]
