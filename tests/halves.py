"""A kiosk's and the centre's real halves, with whatever carrier a test puts between them."""

from pathlib import Path

import msgspec

from contract.event import Scan
from contract.invitation import Invitation
from sync_server import authority, schema
from sync_server.authority import Keys, Registrar
from sync_server.config import Broker
from sync_server.desk import Desk
from terminal_agent.clock import Look
from terminal_agent.delivery import Delivery, Reading
from terminal_agent.dispatch import Dispatch
from terminal_agent.journal import Journal
from terminal_agent.pace import Pace
from tests.ledgers import laid, opened

WIB_MS = 25_200_000


class TestClock:
    """A clock that only a test moves; UTC seconds."""

    __test__ = False

    def __init__(self, now=1_795_000_000.0, boot="b1", trust=3):
        self.now = now
        self.boot = boot
        self.trust = trust
        self.booted = now - 100
        self.fixes = []

    def look(self):
        return Look(self.boot, int(self.now - self.booted), int(self.now), self.trust, 5)

    def wall(self):
        return self.now

    def system(self):
        return self.now

    def monotonic(self):
        return self.now

    def up_ms(self):
        return round((self.now - self.booted) * 1000)

    def learn(self, fix):
        self.fixes.append(fix)


class Kiosk:
    """The agent's half: journal and dispatch, restartable from its folder."""

    def __init__(
        self,
        folder: Path,
        invited: Invitation,
        clock: TestClock,
        pace=Pace(patience=0.0),  # noqa: B008 - a frozen value
        chance=lambda: 0.5,
    ):
        self.folder, self.invited, self.clock = folder, invited, clock
        self.pace, self.chance = pace, chance
        folder.mkdir(parents=True, exist_ok=True)
        self.start()

    def start(self):
        self.journal = Journal(self.folder / "journal.db", self.invited.kid, self.clock.look())
        self.dispatch = Dispatch(self.invited, self.journal, self.clock, self.pace, self.chance)
        self.dispatch.connected()

    def crash(self):
        """What is not committed is gone; the file stays as it is."""
        self.journal.close()
        self.start()

    def punch(self, *scans, serial="CJ1", placed=True, offset_ms=WIB_MS, **parcel):
        """Store (pin, device second) pairs as a poll would."""
        readings = tuple(
            Reading(Scan(0, pin, t, False, 0, 1, 0, 0, "pull"), f"{pin}@{t}".encode(), placed)
            for pin, t in scans
        )
        parcel = Delivery(serial, "ZKTeco", "6.60", readings, offset_ms, **parcel)
        return len(self.journal.store(parcel, self.clock.look()).records)


class Centre:
    """The server's half: ledger and desk, restartable from its folder."""

    def __init__(self, folder: Path, clock: TestClock, ledger: Path | str | None = None):
        self.folder, self.clock = folder, clock
        self.database = opened(ledger or laid(folder / "ledger.db"))
        self.registrar = Registrar(Keys(folder), Broker(), int(clock.now))
        self.start()

    def start(self):
        self.desk = Desk(self.database, self.clock.wall, authority.signer(self.folder))

    def invite(self, kid, opd="1.01"):
        with self.database.writing() as tx:
            invited = authority.invite(tx, self.registrar, kid, opd)
            authority.note_file(tx, self.registrar, "siti", "kiosk_invited", kid)
            return invited

    def replace(self, kid):
        with self.database.writing() as tx:
            return authority.replace(tx, self.registrar, kid)

    def rows(self, table, **where):
        chosen = getattr(schema, table)
        query = chosen.select().filter_by(**where)
        with self.database.reading() as tx:
            return tx.execute(query.order_by(*chosen.primary_key.columns)).all()

    def scans(self, kid):
        """(pin, t) of every stored scan of a kiosk, in order."""
        rows = (msgspec.json.decode(row.record) for row in self.rows("event", kid=kid, kind="scan"))
        return [(row[2], row[3]) for row in rows]

    def close(self):
        self.database.close()


def talk(kiosk: Kiosk, centre: Centre, turns=50):
    """A perfect carrier, until nothing waits."""
    for _ in range(turns):
        frames = list(kiosk.dispatch.frames(0))
        if not frames:
            return
        for kid, data in centre.desk.take([(kiosk.invited.kid, frame) for frame in frames]):
            assert kid == kiosk.invited.kid
            kiosk.dispatch.take(data)
        kiosk.clock.now += 1
