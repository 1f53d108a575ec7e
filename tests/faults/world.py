"""A world from one seed: kiosks, their people and terminals, one centre and a poor net between them,
in days of simulated time; `nemesis` does what goes wrong.

Journal, dispatch, codecs, clocks, desk, ledger and the derived times are the real modules; only the
machines' clocks, the terminals, the net and the truth are played.
"""

import heapq
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

from contract.event import Scan
from terminal_agent.clock_trust import ANCHOR
from tests.faults.cards import AGAIN, Card, Terminal
from tests.faults.centre import Centre
from tests.faults.net import Net
from tests.faults.truth import History, numbers
from tests.sync_server.clock_life import DAY, START, WRONG_BOOTS, H, M, Machine, S

KIDS = ("T07A", "T07B", "T07C", "T07D", "T07E")
_PEOPLE = [str(pin) for pin in range(1001, 1031)]
_IDLE = 30 * M  # how often an agent that has nothing to do looks whether something is scheduled


class World:
    """What happens is drawn from the seed; `happened` counts it. Times are UTC milliseconds."""

    def __init__(self, folder: Path, seed: int, most_days: int = 2) -> None:
        self.draw, self.folder, self.now = Random(seed), folder, START
        self.history, self.happened = History(), Counter[str]()
        self._queue: list[tuple[int, int, Callable[[], None]]] = []
        self._queued = 0
        self._shown: set[tuple[str, str, int]] = set()
        self.deadly = self.draw.choice((0.0, 0.01, 0.05))  # how many stores end in kill -9
        self.centre = Centre(self, folder)
        self.net = Net(self)
        self.end = START + self.draw.choice((6 * H, 9 * H, 14 * H, most_days * DAY))
        count = self.draw.choice((1, 1, 1, 1, 2, 2, 3, 5))
        self.pace = count * self.draw.choice((5 * M, 9 * M, 15 * M))
        self.cards = [self._furnish(kid) for kid in KIDS[:count]]

    def _furnish(self, kid: str) -> Card:
        ahead = self.draw.choice((0, 0, 700, 37 * M, -H, -25 * M))
        terminal = Terminal(self, f"CJ-{kid}", ahead, self.draw.randint(-40, 40))
        terminal.set_unseen = True  # nobody sees what was set before the first look
        card = Card(self, self.folder / kid, self.centre.invite(kid), [terminal])
        card.rtc = self.draw.choice(("none", "good", "good", "flat", "wrong"))
        card.ppm = self.draw.randint(-40, 40)
        self._again(card, self._people, self.pace * 5)
        self._live(card)
        return card

    def join(self, card: Card) -> None:
        """One more card that is in some machine from now on."""
        self.cards.append(card)
        self._live(card)

    def _live(self, card: Card) -> None:
        self.later(self.draw.randint(0, 10 * M), lambda: self.power(card))
        self._again(card, self._camera, self.pace * 6)
        self._again(card, self.read_terminals, self.pace * 4)

    # Time

    def later(self, ms: float, act: Callable[[], None]) -> None:
        """Do it after so many milliseconds."""
        self._queued += 1
        heapq.heappush(self._queue, (self.now + max(1, int(ms)), self._queued, act))

    def _again(self, card: Card, act: Callable[[Card], None], every: int) -> None:
        """Whoever comes, comes at random; as long as the world is busy and the card is there."""

        def come() -> None:
            if self.now < self.end and self._is_there(card):
                act(card)
                self.later(self.draw.expovariate(1 / every), come)

        self.later(self.draw.expovariate(1 / every), come)

    def _is_there(self, card: Card) -> bool:
        """The card, or one that came in its place and reads the same terminals."""
        return any(card.serves is one.serves for one in self.cards)

    def centre_numbers(self) -> set[int]:
        """The touches that the ledger has."""
        with self.centre.database.reading() as tx:
            return numbers(tx)

    def run(self, until: int) -> None:
        """Everything that is due until then."""
        while self._queue and self._queue[0][0] <= until:
            ms, _, act = heapq.heappop(self._queue)
            self.now = max(self.now, ms)
            act()
        self.now = max(self.now, until)

    # Machines

    def power(self, card: Card) -> None:
        """It boots with whatever clock its machine has."""
        if card.journal or card not in self.cards:
            return
        if card.rtc == "good":
            drift = (self.now - START) * self.draw.randint(-2, 2) // DAY
            card.boot(self.now + drift + self.draw.randint(-800, 800), card.ppm, rtc=True)
        elif card.rtc == "flat":
            card.boot(946_684_800 * S, card.ppm, rtc=True)
        else:
            card.boot(self._wrong(), card.ppm, rtc=card.rtc == "wrong")
        self.later(self.draw.choice((5 * S, M, 20 * M, 3 * H)), lambda: self.net.connect(card))
        self._idle(card, card.machine)

    def _idle(self, card: Card, machine: Machine) -> None:
        if card.machine is machine and card in self.cards and self.now < self.end + DAY:
            self.net.tick(card)
            self.later(_IDLE, lambda: self._idle(card, machine))

    def _wrong(self) -> int:
        """A clock that nobody set right; no world lasts so long that one of them would be possible."""
        return {
            "1970": 0,
            "1969": -DAY,
            "2054": 2_650_000_000 * S,
            "years ago": self.now - self.draw.randint(100, 2_000) * DAY,
            "in a year": self.now + self.draw.randint(100, 400) * DAY,
            "as it went down": self.now - 40 * DAY,
        }[self.draw.choice(WRONG_BOOTS)]

    # People

    def _people(self, card: Card) -> None:
        """At the terminals, which have batteries of their own."""
        for terminal in card.serves:
            for _ in range(self.draw.randint(1, 4)):
                pin = self._somebody(terminal.serial, terminal.shows())
                number = self.history.touch(terminal.serial, pin, self.now, on_device=True)
                terminal.punch(pin, number)
                self.now += self.draw.randint(1, 30 * S)

    def _camera(self, card: Card) -> None:
        if not card.journal:
            return
        pin = self._somebody(card.camera, int(card.clock.wall()), apart=AGAIN)
        number = self.history.touch(card.camera, pin, self.now, on_device=False)
        store = card.camera_sees(pin, number)
        self._dies(card, store)  # then its process says it again, until it is answered
        stored = store()
        said = [one for one in stored.records if isinstance(one, Scan)]
        self.history.told(said[0] if said else card.scan(number))
        self.net.tick(card)

    def read_terminals(self, card: Card) -> None:
        """As the agent does every few minutes."""
        if not card.journal:
            return
        card.journal.keep_clock(card.clock.look())
        for terminal in card.serves:
            self._dies(card, lambda one=terminal: card.poll(one))
            card.poll(terminal, self.draw.randint(-200, 200))
            if card.clock.look().trust >= ANCHOR:
                terminal.set_unseen = False
        self.net.tick(card)

    def _dies(self, card: Card, act: Callable[[], object]) -> bool:
        """The agent may be killed while it stores; it is started again at once."""
        if self.draw.random() >= self.deadly:
            return False
        self.happened["killed while storing"] += 1
        self.net.gone(card)
        card.dies_during(act, self.draw.randint(1, 12))
        card.start()
        self.later(self.draw.randint(1, 60) * S, lambda: self.net.connect(card))
        return True

    def _somebody(self, serial: str, shown: int, apart: int = 0) -> str:
        """Two touches of one person in one second of one clock are another test; before a camera, those
        that are not `apart` seconds are one."""
        near = range(shown - apart, shown + apart + 1)
        pin = self.draw.choice(_PEOPLE)
        while any((serial, pin, second) in self._shown for second in near):
            pin = self.draw.choice(_PEOPLE)
        self._shown.add((serial, pin, shown))
        return pin
