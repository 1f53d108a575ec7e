"""A kiosk's life with every kind of wrong clock: the kiosk's own modules write the records, the
centre's derive the times, and whoever plays it knows the truth (UTC milliseconds)."""

from pathlib import Path
from random import Random

from contract import event
from contract.event import Device, Scan
from contract.receipt import Receipt
from sync_server import chains
from sync_server.chains import Chain, Held
from terminal_agent.clock import Clock
from terminal_agent.clock_trust import Fix, server_fix
from terminal_agent.delivery import Delivery, Reading
from terminal_agent.journal import Journal

S, M, H, DAY = 1_000, 60_000, 3_600_000, 86_400_000
START = 1_795_000_000 * S
WIB = 420
WRONG_BOOTS = ("1970", "1969", "2054", "years ago", "in a year", "as it went down")


class Machine:
    """What a kernel tells, over a truth that only the play moves. `ppm`: its crystal."""

    def __init__(self, life, boot, wall_ms, ppm, rtc=False):
        self.life, self.boot, self.ppm, self.rtc = life, boot, ppm, rtc
        self.booted = life.now
        self.ahead = wall_ms - self.up_ms()
        self.ntp_ms = None

    def up_ms(self):
        return (self.life.now - self.booted) * (1_000_000 + self.ppm) // 1_000_000

    def wall_ms(self):
        if self.ntp_ms is not None:
            self.ahead = self.life.now + self.ntp_ms - self.up_ms()
        return self.up_ms() + self.ahead

    def vouched_ms(self):
        return None if self.ntp_ms is None else abs(self.ntp_ms) + 20

    def set_by_rtc(self):
        return self.rtc


class Terminal:
    """A terminal's clock: an offset and a drift, set by hand now and then; its unread punches."""

    def __init__(self, life, serial, ahead_ms, ppm):
        self.life, self.serial, self.ahead, self.ppm = life, serial, ahead_ms, ppm
        self.log, self.set_unseen = [], False

    def shows(self):
        drift = (self.life.now - START) * self.ppm // 1_000_000
        return (self.life.now + WIB * M + self.ahead + drift) // S


class Life:
    """One kiosk, its terminals and its link. What happens is called; `truth` is by PIN."""

    def __init__(self, folder: Path, ppm=0, received_late_s=0):
        self.now, self.truth, self.boots, self.ppm = START, [], 0, ppm
        self.path = folder / "journal.db"
        self.journal = None
        self.arrived = []  # (epoch, [(seq, server seconds, record)]) of finished epochs
        self.current = {}
        self.serials = {}
        self.terminals = {}
        self.lies = 0

    # The kiosk

    def boot(self, wall_ms, rtc=False):
        """Power comes: the system clock begins at `wall_ms`; `rtc`: a battery clock set it."""
        if self.journal:
            self.journal.close()
        self.boots += 1
        self.machine = Machine(self, f"boot-{self.boots}", wall_ms, self.ppm, rtc)
        self.clock = Clock(machine=self.machine)
        self.journal = Journal(self.path, "T07A", self.clock.look())
        past, boot = self.journal.past, self.machine.boot
        self.clock.recall(past.trusted_clock(), past.clock_in(boot))
        self.keep()

    def keep(self):
        self.journal.keep_clock(self.clock.look())

    def ntp(self, error_ms):
        """The kernel is synchronised from now on; None: nobody vouches any more."""
        self.machine.wall_ms()
        self.machine.ntp_ms = error_ms
        self.keep()

    def set_system_clock(self, wall_ms):
        """By hand, as root: the kernel then vouches for nothing."""
        self.machine.ntp_ms = None
        self.machine.ahead = wall_ms - self.machine.up_ms()
        self.keep()

    def camera(self):
        """A person before the kiosk's own camera."""
        scan = Scan(0, self._pin(), int(self.clock.wall()), False, 0, 15, 0, 0, "camera")
        self.journal.store(Delivery("CAM", "camera", "", (Reading(scan),)), self.clock.look())

    # The terminals

    def punch(self, serial):
        terminal = self.terminals[serial]
        terminal.log.append((self._pin(), terminal.shows()))

    def poll(self, serial, noise_ms=0):
        """As zk_pull does: the clock, the new rows, and that the log was read whole."""
        terminal = self.terminals[serial]
        rows, terminal.log, terminal.set_unseen = terminal.log, [], False
        look = self.clock.look()
        measured = terminal.shows() * S + 500 - round(self.clock.wall() * S) + noise_ms
        scans = [Scan(0, pin, t, False, 0, 1, 0, 0, "pull") for pin, t in rows]
        readings = tuple(Reading(scan) for scan in scans)
        parcel = Delivery(serial, "ZKTeco", "6.60", readings, measured, look.wall, 1)
        self.journal.store(parcel, look)

    # The link

    def gnss(self, lie_ms=0):
        """A receiver under the sky tells the time, or whoever spoofs it does."""
        self.clock.learn(Fix(self.clock.up_ms(), self.now + lie_ms, 1_000, 4))
        self.keep()

    def server_time(self, there_ms, back_ms, late_ms=0, lie_ms=0):
        """A batch goes and its receipt comes; both ways take their time."""
        sent = self.clock.up_ms()
        self.now += there_ms
        receipt = Receipt(1, 1, self.now + lie_ms, self.now + late_ms + lie_ms)
        self.now += late_ms + back_ms
        fix = server_fix(sent, self.clock.up_ms(), receipt)
        if fix:
            self.clock.learn(fix)
        self.keep()

    def send(self):
        """Everything arrives at the centre and is receipted."""
        standing = self.journal.standing()
        run = self.journal.run(standing.acked + 1, standing.last - standing.acked)
        held = self.current.setdefault(run.epoch, [])
        for seq, data in enumerate(run.records, standing.acked + 1):
            held.append((seq, self.now // S, event.read(data)))
        self.journal.acknowledge(run.epoch, standing.last)

    def fork(self):
        self.journal.begin_epoch("fork", self.clock.look())

    def chains(self):
        """What the centre makes of all that arrived."""
        for epoch, records in self.current.items():
            serials = {r.index: r.serial for _, _, r in records if isinstance(r, Device)}
            kept = [one for one in records if event.tag_of(one[2]) in chains.KINDS]
            yield Chain(Held("T07A", epoch, kept, serials, set()), WIB)

    def derived(self):
        """(true milliseconds, derived) of everything that arrived."""
        for chain in self.chains():
            for pin, punch in chain.punches:
                yield self.truth[int(pin)], punch.derived

    def _pin(self):
        self.truth.append(self.now)
        return str(len(self.truth) - 1)


class Schedule:
    """A life drawn from a seed: days, power cuts, clocks, people, hands that should not.

    `liars`: GNSS is spoofed at any time, and the server lies in one boot. They tell what the network
    disproves: a lie that nothing contradicts cannot be found out (docs/limits.md).
    """

    def __init__(self, folder: Path, seed: int, liars: bool = False, most_days: int = 31):
        self.draw, self.liars, self.most_days = Random(seed), liars, most_days
        self.sky = None  # the newest boot in which GNSS told anything
        self.liar = self.lie = None  # the boot in which the server lies, and by how much
        self.proved = None  # the newest boot, of this epoch, that had the network's time
        self.life = Life(folder, ppm=self.draw.randint(-40, 40))
        self.rtc = self.draw.choice(("none", "good", "good", "flat", "wrong"))
        self.rtc_ahead = self.draw.randint(-800, 800)
        for serial in ("CJ1", "CJ2"):
            self._install(serial)

    def _install(self, serial):
        ahead = self.draw.choice((0, 0, 700, 37 * M, -H, -25 * M))
        # Liars tell of time; two crystals 80 ppm apart and unread for days are another story.
        ppm = self.draw.randint(-40, 40) // (2 if self.liars else 1)
        terminal = self.life.terminals[serial] = Terminal(self.life, serial, ahead, ppm)
        terminal.set_unseen = self.liars  # nobody sees what was set before the first look

    def play(self):
        """All of it; ends with everything sent."""
        end = START + min(self.most_days, self.draw.randint(1, 31)) * DAY
        self._power()
        while self.life.now < end:
            self._go_on()
        self.life.send()
        self.life.journal.close()
        return self.life

    def _go_on(self):
        self.life.now += int(self.draw.expovariate(1 / (6 * M))) + 1
        kinds = {
            "people": 40,
            "camera": 25,
            "poll": 40,
            "link": 6,
            "ntp": 1.5,
            "step": 0.6,
            "set_terminal": 0.5,
            "cut": 0.6,
            "night": 0.8,
            "fork": 0.1,
        }
        if self.liars:
            kinds |= {"gnss": 2, "spoof": 0.6, "lie": 1}
        getattr(self, "_" + self.draw.choices(list(kinds), list(kinds.values()))[0])()
        boot = self.life.boots
        look = self.life.clock.look()
        if look.trust in (2, 3) and boot not in (self.sky, self.liar):
            self.proved = boot

    def _gnss(self):
        self.sky = self.life.boots
        self.life.gnss()

    def _spoof(self):
        by = self._disprovable()
        self.sky = self.life.boots
        self.life.lies += 1
        self.life.gnss(by)

    def _lie(self):
        by = self._disprovable()
        if self.liar in (None, self.life.boots) and not self.life.machine.ntp_ms:
            self.liar, self.lie = self.life.boots, self.lie or by
            self.life.lies += 1
            self.life.server_time(50, 50, lie_ms=self.lie)

    def _disprovable(self):
        lies = [400 * DAY]
        if self.proved:
            lies.append(-400 * DAY)
        if self.proved == self.life.boots:
            lies += [45 * M, -45 * M, 3 * DAY, -3 * DAY]
        return self.draw.choice(lies)

    def _people(self):
        serial = self.draw.choice(("CJ1", "CJ2"))
        for _ in range(self.draw.randint(1, 6)):
            self.life.punch(serial)
            self.life.now += self.draw.randint(1, 40 * S)

    def _camera(self):
        for _ in range(self.draw.randint(1, 3)):
            self.life.camera()
            self.life.now += self.draw.randint(1, 40 * S)

    def _poll(self):
        self.life.poll(self.draw.choice(("CJ1", "CJ2")), self.draw.randint(-200, 200))

    def _link(self):
        if self.draw.random() < 0.7:
            self.life.send()
        if self.draw.random() < 0.5:
            there, back = self.draw.choice(((300, 300), (50, 4_000), (6_000, 100), (9_000, 3_000)))
            self.life.server_time(there, back, self.draw.choice((0, 5, 20_000)))

    def _ntp(self):
        # A kiosk far from any server: most lives are without, and it comes late.
        on = self.life.machine.ntp_ms is None and self.draw.random() < 0.5
        self.life.ntp(self.draw.randint(-400, 400) if on else None)

    def _step(self):
        by = self.draw.choice((-45 * M, 10 * M, -2_000 * DAY, 400 * DAY, 3 * S, -H))
        self.life.set_system_clock(self.life.machine.wall_ms() + by)

    def _set_terminal(self):
        terminal = self.life.terminals[self.draw.choice(("CJ1", "CJ2"))]
        if terminal.set_unseen:
            return  # set and set back between two looks: nobody can see that (docs/limits.md)
        terminal.set_unseen = True
        terminal.ahead = self.draw.choice((0, -45 * M, 20 * M, -DAY, 3 * S, -2_000 * DAY))

    def _cut(self):
        """The mains: for minutes, mostly; terminals have batteries and go on."""
        for _ in range(self.draw.randint(0, 4)):
            self.life.now += self.draw.randint(1, 30 * M)
            self.life.punch(self.draw.choice(("CJ1", "CJ2")))
        self._power()

    def _night(self):
        self.life.now += self.draw.randint(H, 14 * H)
        if self.draw.random() < 0.3:
            self._power()

    def _fork(self):
        if self.life.boots not in (self.sky, self.liar):
            self.life.fork()
            self.proved = None

    def _power(self):
        right = self.life.now + self.rtc_ahead
        if self.rtc == "good":
            # Set right at some trusted moment; a cheap crystal loses up to three seconds a day.
            self.life.boot(
                right + (self.life.now - START) * self.draw.randint(-2, 2) // DAY, rtc=True
            )
        elif self.rtc == "flat":
            self.life.boot(946_684_800 * S, rtc=True)
        else:
            self.life.boot(self._wrong(), rtc=self.rtc == "wrong")

    def _wrong(self):
        """No life lasts so long that such a clock would be possible."""
        return {
            "1970": 0,
            "1969": -DAY,
            "2054": 2_650_000_000 * S,
            "years ago": self.life.now - self.draw.randint(100, 2_000) * DAY,
            "in a year": self.life.now + self.draw.randint(100, 400) * DAY,
            "as it went down": self.life.now - 40 * DAY,
        }[self.draw.choice(WRONG_BOOTS)]
