"""In safe mode no camera looks, whoever starts it, and the screen says so."""

import threading
from pathlib import Path

from terminal_agent import safe_mode
from terminal_agent.camera.telling import Telling
from terminal_agent.camera.watch import Watch
from terminal_agent.clock import Clock
from terminal_agent.config import Camera, Config, Kiosk
from terminal_agent.door.server import Doorway
from terminal_agent.door.words import Sight
from terminal_agent.kiosk.place import Place
from terminal_agent.kiosk.shown import rest
from terminal_agent.kiosk.speech import Speech
from terminal_agent.watchdog import Pulse, Watchdog
from tests.process.office import until

PORTRAITS = Path(__file__).parents[2] / "simulators/portraits"


def test_a_camera_in_safe_mode_says_so_and_opens_nothing(tmp_path):
    socket, state, seen, stop = tmp_path / "door", tmp_path / "state", [], threading.Event()
    state.mkdir()
    safe_mode.switch(state, on=True)
    door = Doorway(socket, lambda _, word: seen.append(word), lambda _: (), lambda _: None)
    config = Config(
        kiosk=Kiosk(state=str(state), socket=str(socket)), camera=Camera(f"{PORTRAITS}#5?loop")
    )
    clock = Clock("host")
    telling = Telling(socket)
    dog = Watchdog(Pulse(clock.monotonic), clock.monotonic)
    watch = Watch(config, clock, stop, (telling, dog))
    threads = [
        threading.Thread(target=door.run, args=(lambda: not stop.wait(0.05),)),
        threading.Thread(target=watch.run),
    ]
    for thread in threads:
        thread.start()
    try:
        until(lambda: any(isinstance(one, Sight) for one in seen), lambda: str(seen), 30)
    finally:
        stop.set()
        threads[1].join()
        telling.close()
        threads[0].join()
    codes = {(one.up, one.code) for one in seen if isinstance(one, Sight)}
    assert codes == {(False, "safe_mode")}
    assert not (state / "faces.db").exists(), "not even the models were loaded"


def test_the_switch_outlives_a_start_and_is_an_alert_until_it_is_switched_back(tmp_path):
    safe_mode.switch(tmp_path, on=True)
    safe_mode.switch(tmp_path, on=True)
    assert safe_mode.alert(tmp_path) == "safe_mode"
    safe_mode.switch(tmp_path, on=False)
    safe_mode.switch(tmp_path, on=False)
    assert safe_mode.alert(tmp_path) == ""


def test_the_screen_asks_for_fingers_and_calls_it_no_failure():
    state = rest(Sight(up=False, code="safe_mode"), _place(), Speech("id"))
    assert (state.word, state.look, state.shape) == ("Mode aman", "ready", "finger")
    assert "Tempel jari" in state.line


def _place():
    return Place("T07A", "WIB", 25_200)
