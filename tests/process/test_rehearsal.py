"""`terminal-agent simulate`: a technician cuts the link on purpose, without root, and sees what the
journal is for."""

import json

from tests.process.office import Program, crowd, terminal, until


def rehearse(office, *words):
    """Start the command beside a running centre."""
    command = (*office.agent.command[:3], "simulate", *words)
    program = Program(office.folder / "rehearsal.log", *command)
    office._stack.callback(program.stop)
    return program.start()


def test_what_is_scanned_while_the_cable_is_cut_is_receipted_after_it(office):
    device = terminal()
    office.furnish(device)
    office.server.start()
    office.server.wait_for("broker.connected")
    program = rehearse(office, "--seconds", "4", "--json")
    program.wait_for("the cable is CUT")
    crowd(device, 1000, 5)
    assert program.ended(90) == 0, program.said()
    verdict = json.loads(program.said().splitlines()[-1])
    assert verdict["held"]
    assert verdict["scans"] == 5
    assert verdict["waiting"] == verdict["receipted"] >= 5
    assert office.stored() == 5
    office.audit()


def test_where_nobody_scans_nothing_is_proven(office):
    office.furnish(terminal())
    office.server.start()
    office.server.wait_for("broker.connected")
    program = rehearse(office, "--seconds", "1")
    assert program.ended(60) == 1
    assert "NOT PROVEN" in program.said()


def test_beside_a_running_agent_the_rehearsal_refuses(office):
    """It would be a second writer of the journal."""
    device = terminal()
    office.furnish(device)
    office.start()
    crowd(device, 1000)
    office.settle()
    program = rehearse(office)
    assert program.ended() == 2
    assert "already" in program.said()
    assert office.agent.running()
    until(office.arrived, office.report)
