"""The journal has one writer."""

from tests.process.office import crowd, terminal


def test_a_second_agent_on_one_journal_says_so_and_ends(office):
    """Two writers would give two scans one number; the first one goes on undisturbed."""
    device = terminal()
    office.furnish(device)
    office.start()
    crowd(device, 1000)
    office.settle()
    second = office.another(office.agent)
    assert second.ended() == 2
    assert "already" in second.said()
    crowd(device, 2000)
    office.settle()
    assert office.agent.running()
    office.audit()
