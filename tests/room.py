"""A kiosk's journal and the room behind its door, with real clients at a real socket."""

import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

import msgspec

from contract import event
from contract.command import Member, Staff, Window
from contract.invitation import Invitation
from contract.people import nip_mark, secret_mark
from terminal_agent import staff
from terminal_agent.config import Camera, Config, Kiosk, Screen
from terminal_agent.door.client import Door
from terminal_agent.door.words import MadeGallery, Seen, Sight, Typed
from terminal_agent.errors import SourceUnavailable
from terminal_agent.intake import Intake
from terminal_agent.lobby.source import Home, Lobby
from tests import halves
from tests.halves import TestClock

KID = "T07A"
INVITED = Invitation(KID, "127.0.0.1", 1883, False, "", *[bytes(range(32))] * 3)
SITI, BUDI, WATI = "17", "18", "19"
NIPS = {SITI: "198501012010012001", BUDI: "198002022005011002", WATI: "199003032015032003"}
SECRET = "246810"  # noqa: S105
DUE_IN, DUE_OUT = 1_795_000_200, 1_795_030_200  # whole minutes; the test clock starts before
HOURS = Window(DUE_IN - 7_200, DUE_IN, DUE_IN + 18_000, DUE_OUT, DUE_OUT + 7_200)


class Room:
    """The kiosk; its clock stands still but where a test moves it."""

    def __init__(self, folder: Path, source="clip.mp4", **kiosk):
        self.clock = TestClock()
        self.folder = folder
        self.short = tempfile.TemporaryDirectory(prefix="hadir")  # a socket's path must be short
        self.socket = Path(self.short.name) / "run" / "agent.sock"
        self.invited = INVITED
        self.state = folder / "kiosk"
        self.kiosk = halves.Kiosk(self.state, self.invited, self.clock, **kiosk)
        self.config = Config(
            kiosk=Kiosk(state=str(self.state), socket=str(self.socket)),
            camera=Camera(source=source),
            screen=Screen(sound=False),
        )
        self.alerts: dict[str, str] = {}
        self.doors: list[Door] = []
        self.start()

    @property
    def journal(self):
        return self.kiosk.journal

    def start(self):
        self.stop = threading.Event()
        self.intake = self.new_intake()
        home = Home(self.config, self.invited, self.journal, self.clock, self.alerts)
        self.lobby = Lobby(home, self.intake, self.kiosk.dispatch.sent)
        self.thread = threading.Thread(target=self.lobby.run, args=(self.intake,))
        self.thread.start()

    def new_intake(self):
        return Intake(self.journal, self.clock, self.stop, lambda: None, lambda code: None)

    def end(self):
        """As SIGTERM does."""
        self.stop.set()
        connected(last := Door(self.socket, "command"))  # it listens no longer in vain
        self.thread.join(10)
        last.close()

    def restart(self):
        self.end()
        self.kiosk.crash()
        self.start()

    def enter(self, role) -> Door:
        door = Door(self.socket, role)
        eventually(lambda: connected(door))
        eventually(lambda: self.lobby._doorway.count(role))
        self.doors.append(door)
        return door

    def screen(self) -> Door:
        """A screen that has heard how the camera is."""
        door = self.enter("screen")
        until(door, Sight)
        return door

    def camera(self) -> Door:
        door = self.enter("camera")
        door.say(Sight(up=True, people=3))
        eventually(lambda: self.lobby._board.sight.up)
        return door

    def know(self, *letters):
        """The staff of the office; those of `letters` may type a secret number."""
        members = tuple(
            Member(
                pin,
                f"Pegawai {pin}",
                nip_mark(self.invited.mac_key, nip),
                secret_mark(nip, SECRET) if pin in letters else "",
                0,
            )
            for pin, nip in NIPS.items()
        )
        staff.keep(self.state, msgspec.json.encode(Staff(1, members, ((HOURS,),))))

    def records(self, *kinds):
        last = self.journal.standing().last
        read = (event.read(data) for data in self.journal.run(1, last).records)
        return [record for record in read if isinstance(record, kinds)]

    def close(self):
        for door in self.doors:
            door.close()
        self.end()
        self.journal.close()
        self.short.cleanup()


def up(t) -> int:
    """A moment (UTC seconds by a test's clock) as the camera tells it."""
    clock = TestClock()
    return int(t - clock.booted)


def seen(pin=SITI, t=None, **more) -> Seen:
    """Seen at `t` (seconds since the boot)."""
    plain = {"verify": 15, "score": 80, "liveness": 1, "gallery": 4}
    return Seen(0, pin, up(TestClock().now) if t is None else t, **{**plain, **more})


def typed(pin, secret="") -> Typed:
    return Typed(0, NIPS[pin], secret)


def gallery(version=4, **more) -> MadeGallery:
    plain = {"model": "dlib", "people": 9, "threshold": 4600, "digest": "ab"}
    return MadeGallery(0, version, **{**plain, **more})


def connected(door) -> bool:
    with suppress(SourceUnavailable):
        door.connect()
        return True
    return False


def until(door, kind, seconds=5.0):
    """The next word of that kind."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for word in door.words(0.2):
            if isinstance(word, kind):
                return word
    raise AssertionError(f"no {kind.__name__} within {seconds} s")


def news(door, seconds=0.3):
    """What has been told by now; the door is hung up on neither side."""
    found = []
    while words := door.words(seconds):
        found += words
    return found


def eventually(true, seconds=5.0):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.01)
