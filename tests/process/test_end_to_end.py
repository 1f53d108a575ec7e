"""A day's log on a terminal becomes punches in the ledger; agent, server and broker are real."""

import json

from simulators.zk.sample import furnish
from tests.process.office import terminal


def test_every_punch_of_a_terminal_reaches_the_ledger_once(brokered):
    office, _ = brokered
    device = terminal()
    furnish(device.device, 1000)
    office.furnish(device)
    office.start()
    office.settle()
    office.audit()
    seen = office.kiosk()
    assert (seen["online"], seen["alerts"], seen["forked"]) == (True, [], False)


def test_a_technician_may_look_at_the_journal_while_the_agent_runs(office):
    """Status and verify read beside the one writer, which goes on undisturbed."""
    device = terminal()
    furnish(device.device, 500)
    office.furnish(device)
    office.start()
    office.settle()
    facts = json.loads(office.type("terminal-agent", "status", "--json"))
    assert facts["kid"] == "T07A"
    assert facts["acked"] >= 500
    office.type("terminal-agent", "journal", "verify")
    for i in range(250):
        device.device.punch(str(5000 + i))
    office.settle()
    office.audit()
    assert office.agent.running()
