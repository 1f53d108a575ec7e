"""The centre asks, the kiosk does: over a real broker, with real processes and a simulated terminal."""

import json
import signal

import pytest
from paho.mqtt import client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from contract import topics
from simulators.zk.layouts import User as Enrolled
from tests.process.copies import KID, rows_of
from tests.process.office import COMM_KEY, terminal, until


def fates(office):
    """What became of every command, oldest first."""
    sent = json.loads(office.type("sync-server", "kiosk", "sent", KID, "--json"))["sent"]
    return [(one["name"], one["fate"], one["detail"]) for one in reversed(sent)]


def send(office, *words):
    office.type("sync-server", "kiosk", "send", KID, *words)


def settled(office, count):
    """Wait until so many commands have their fate; what it was."""
    until(
        lambda: len([one for one in fates(office) if one[1] not in ("waiting", "sent")]) >= count,
        lambda: f"{count} settled: {fates(office)}\n{office.report()}",
    )
    return fates(office)


def test_everything_that_a_centre_can_ask_is_done_and_told(office):
    """Sent before the kiosk is there: commands wait for it, and leave in their order."""
    lobby = terminal(comm_key=4711)
    office.furnish(lobby, every=3_600)
    config = office.folder / "agent.toml"
    keyed = config.read_text().replace(f"comm_key = {COMM_KEY}", "comm_key = 4711")
    config.write_text(keyed + "live = false\n")
    lobby.device.write_user(Enrolled(4, "17", "Sari"))
    people = office.folder / "people.csv"
    people.write_text("pin,nama,hapus\n17,Ani,\n21,Budi,\n")
    office.server.start()
    send(office, "pull")
    send(office, "users", people, "--device", "t0")
    send(office, "live", "--minutes", "5")
    send(office, "logs")
    send(office, "pull", "--device", "pintu")
    office.agent.start()
    told = settled(office, 5)
    assert [(name, fate) for name, fate, _ in told] == [
        ("pull", "done"),
        ("users", "done"),
        ("live", "done"),
        ("logs", "done"),
        ("pull", "refused"),
    ], told
    assert {user.pin: user.name for user in lobby.device.users.values()} == {
        "17": "Ani",
        "21": "Budi",
    }
    lobby.device.punch("21")
    send(office, "pull")
    assert settled(office, 6)[-1][:2] == ("pull", "done")
    until(lambda: office.stored() == 1, office.report)
    bundle = office.folder / "log.json"
    office.type("sync-server", "kiosk", "logs", KID, "--to", bundle)
    found = json.loads(bundle.read_text())
    assert found["config"]["zkteco"][0]["comm_key"] == "***"
    assert any("agent.started" in line for line in found["log"])
    assert "4711" not in bundle.read_text()
    office.audit()


@pytest.mark.all_only("takes its time")
def test_a_configuration_is_in_force_after_the_agent_has_started_again(office):
    lobby = terminal()
    office.furnish(lobby)
    office.start()
    wanted = office.folder / "ordered.toml"
    wanted.write_text(
        f'[kiosk]\nlink = "live"\nclock = "host"\n[[zkteco]]\nname = "pintu"\nhost = "127.0.0.1"\n'
        f"port = {lobby.port}\nevery = 0.2\ncomm_key = {COMM_KEY}\n"
    )
    send(office, "configure", wanted)
    assert office.agent.ended() == 0, "systemd starts it again (Restart=always)"
    office.agent.start()
    assert settled(office, 1) == [("configure", "done", "")]
    office.agent.wait_for("poll.done name=pintu")
    shown = json.loads(office.type("terminal-agent", "config"))
    assert shown["zkteco"][0]["name"] == "pintu"
    assert shown["kiosk"]["state"] == str(office.agent_state)


@pytest.mark.all_only("takes its time")
def test_a_kiosk_that_loses_power_while_it_works_does_it_after_all(office):
    """The order is asked for again at the next birth, from the database."""
    lobby = terminal()
    office.furnish(lobby)
    office.start()
    until(lambda: office.kiosk()["online"], office.report)
    office.agent.signal(signal.SIGSTOP)
    send(office, "pull")
    until(lambda: fates(office)[0][1] == "sent", office.report)
    office.agent.kill()
    office.server.kill()
    office.start()
    assert settled(office, 1)[0][:2] == ("pull", "done")


@pytest.mark.all_only("takes its time")
def test_a_stranger_on_the_broker_is_not_obeyed(office):
    """Somebody replays a command that was done, and makes up another."""
    lobby = terminal()
    office.furnish(lobby)
    office.start()
    send(office, "live", "--minutes", "0")
    settled(office, 1)
    [(envelope,)] = rows_of(office.server_state / "ledger.db", "SELECT envelope FROM command")
    said = office.agent.said().count("command.begun")
    stranger = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
    stranger.connect("127.0.0.1", office.port)
    stranger.loop_start()
    for payload in (envelope, envelope[:-1] + b"x", b"junk"):
        stranger.publish(topics.commands(KID), payload, qos=1).wait_for_publish(5)
    office.agent.wait_for("command.forged", 2)
    stranger.disconnect()
    stranger.loop_stop()
    assert office.agent.said().count("command.begun") == said
    until(lambda: office.kiosk()["alerts"] == [["command", "forged_command"]], office.report)


def test_the_same_over_either_broker(brokered):
    office, _ = brokered
    office.furnish(terminal())
    office.start()
    send(office, "pull", "--full")
    assert settled(office, 1)[0][:2] == ("pull", "done")
