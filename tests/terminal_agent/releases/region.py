"""A centre with its real door and a release, and a kiosk that knows the door."""

import secrets
import threading
from contextlib import closing, contextmanager

import msgspec

from contract.command import Update
from contract.invitation import Invitation
from sync_server import (
    enrol_door,
    release_store,
)
from sync_server.certificates import PrivateAuthority
from sync_server.config import Broker, Config, Enrol
from sync_server.database import Database
from terminal_agent.config import Config as KioskConfig
from terminal_agent.config import Kiosk as KioskTable
from terminal_agent.journal import Journal
from terminal_agent.pace import Pace
from terminal_agent.releases.updates import Home, Updates
from terminal_agent.timetable import Timetable
from terminal_agent.usage import Meter
from tests.halves import Centre, TestClock
from tests.ledgers import laid
from tests.process.office import free_port
from tests.terminal_agent.releases.site import Site

KID = "T07A"
PROGRAM = secrets.token_bytes(900_000)  # nothing deflates it: several requests long


class Region:
    """A centre with a door and a release, and a kiosk that knows the door."""

    def __init__(self, folder):
        self.clock = TestClock()
        self.site = Site(folder)
        self.centre = Centre(folder / "centre", self.clock)
        port = free_port()
        door = f"https://127.0.0.1:{port}"
        self.config = Config(
            state=str(folder / "server"),
            broker=Broker(embedded=False, mutual=True),
            enrol=Enrol(address=door, host="127.0.0.1", port=port),
        )
        papers = PrivateAuthority(folder / "server", int(self.clock.now))
        invited: Invitation = self.centre.invite(KID)
        self.invited = msgspec.structs.replace(invited, ca=papers.file.read_text(), door=door)
        self.file = self.site.file("0.2.0", PROGRAM)
        self.key = folder / "made/0.2.0/release.pub"

    def agent(self, meter=None, hours=()):
        kiosk = KioskTable(state=str(self.site.state), link="live")
        journal = Journal(self.site.state / "journal.db", KID, self.clock.look())
        self.alerts = []
        self.meter = meter or Meter(self.site.state, self.clock, 0, 0, self.alerts.append)
        timetable = Timetable(self.clock, Pace(patience=0.0), lambda: 0.0, hours)
        config = KioskConfig(kiosk=kiosk)
        home = Home(
            *(config, self.invited, journal, timetable, self.meter), lambda: True, self.site.place
        )
        return Updates(home, self.alerts.append)

    def order(self):
        stored = release_store.stored(self.site.folder / "server")
        return Update(stored[0].release, "0.2.0", tuple((one.arch, one.digest) for one in stored))


@contextmanager
def standing(folder):
    """The release is kept at the centre, whose door is open."""
    region = Region(folder)
    release_store.add(folder / "server", region.file, region.key)
    with closing(Database(laid(folder / "door.db"))) as database:
        stop = threading.Event()
        with enrol_door.opened(database, region.config, region.clock.wall, stop):
            yield region
