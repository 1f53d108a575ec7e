"""What goes wrong in a world, drawn from its seed, and how it comes to rest afterwards."""

from collections.abc import Iterator
from pathlib import Path

from contract.event import Scan, read
from tests.faults.cards import Card
from tests.faults.truth import check
from tests.faults.world import World
from tests.sync_server.clock_life import DAY, H, M, S

_ROUNDS = 12


class Nemesis:
    """Strikes a world every few hours until its people have gone home."""

    def __init__(self, world: World) -> None:
        self.world, self._draw = world, world.draw
        self._images: dict[Card, Path] = {}
        # Whoever sets a terminal's clock unseen by a card that is put back later can be found out by
        # nobody (docs/limits.md): a world has the one or the other.
        self._surgery = self._draw.random() < 0.6
        # A ledger that was put back and then meets the copy of a card first takes the copy's history
        # for the epoch's: what the other card was receipted for is on that card only (docs/limits.md).
        self._copies = self._draw.random() < 0.5
        self._every = self._draw.choice((15 * M, 40 * M, 90 * M))
        self._strange = 0
        world.later(self._draw.expovariate(1 / self._every), self._strike)
        for card in world.cards:
            world.later(self._draw.uniform(H, 6 * H), lambda one=card: self._hang_up(one))

    def _strike(self) -> None:
        if self.world.now >= self.world.end:
            return
        kinds = {
            self._kill_agent: 3,
            self._cut_power: 3,
            self._step_clock: 3,
            self._ntp: 3,
            self._kill_centre: 4,
            self._centre_away: 1,
            self._back_up: 1,
            self._replay: 2,
        }
        if not (self._surgery and self._copies):
            kinds |= {self._restore: 1}
        if self._surgery:
            kinds |= {self._image: 4, self._roll_back: 3, self._new_card: 1}
            kinds |= {self._clone: 1} if self._copies else {}
        else:
            kinds |= {self._set_terminal: 4}
        [strike] = self._draw.choices(list(kinds), list(kinds.values()))
        if strike(self._draw.choice(self.world.cards)) is not False:
            self.world.happened[strike.__name__.strip("_")] += 1
        self.world.later(self._draw.expovariate(1 / self._every), self._strike)

    # Machines and links

    def _kill_agent(self, card: Card) -> bool:
        if not card.journal:
            return False
        self.world.net.gone(card)
        card.stop()
        card.start()
        self.world.later(self._draw.randint(1, 60) * S, lambda: self.world.net.connect(card))
        return True

    def _cut_power(self, card: Card) -> None:
        self.world.net.gone(card)
        card.stop()
        dark = self._draw.choice((20 * S, 10 * M, 5 * H))
        self.world.later(dark, lambda: self.world.power(card))

    def _hang_up(self, card: Card) -> None:
        """The satellite sets; it may stay away for days."""
        if self.world.now >= self.world.end or card not in self.world.cards:
            return
        self.world.net.gone(card)
        away = self._draw.choice((M, M, H, 9 * H, 30 * H))
        self.world.later(away, lambda: self.world.net.connect(card))
        self.world.later(away + self._draw.uniform(H, 9 * H), lambda: self._hang_up(card))

    def _step_clock(self, card: Card) -> bool:
        if not card.journal:
            return False
        by = self._draw.choice((-45 * M, 10 * M, -2_000 * DAY, 400 * DAY, 3 * S, -H))
        card.machine.ntp_ms, card.machine.ahead = None, card.machine.ahead + by
        card.journal.keep_clock(card.clock.look())
        return True

    def _ntp(self, card: Card) -> bool:
        if not card.journal:
            return False
        on = card.machine.ntp_ms is None
        card.machine.wall_ms()
        card.machine.ntp_ms = self._draw.randint(-400, 400) if on else None
        card.journal.keep_clock(card.clock.look())
        return True

    def _set_terminal(self, card: Card) -> bool:
        """Set and set back between two looks: nobody can see that (docs/limits.md)."""
        terminal = self._draw.choice(card.serves)
        if terminal.set_unseen:
            return False
        terminal.set_unseen = True
        terminal.ahead = self._draw.choice((0, -45 * M, 20 * M, -DAY, 3 * S, -2_000 * DAY))
        return True

    # The centre

    def _kill_centre(self, _: Card) -> None:
        self.world.net.centre_dies_at = self._draw.randint(1, 30)

    def _centre_away(self, _: Card) -> None:
        self.world.net.centre_away_until = self.world.now + self._draw.choice((M, H, 8 * H))

    def _back_up(self, _: Card) -> None:
        self.world.centre.back_up()

    def _restore(self, _: Card) -> bool:
        if not self.world.centre.has_backup():
            return False
        self.world.centre.restore()
        for kid in sorted({card.kid for card in self.world.cards}):
            self._invite_again([card for card in self.world.cards if card.kid == kid])
        self._mourn("the centre was restored from a backup")
        return True

    def _invite_again(self, copies: list[Card]) -> None:
        """Where the backup is older than the card, its operator makes a new invitation for it."""
        if all(self.world.centre.knows(card.invited) for card in copies):
            return
        invited = self.world.centre.replace(copies[0].kid)
        for card in copies:
            self.world.net.gone(card)
            card.invited, running = invited, card.journal is not None
            card.stop()
            if running:
                card.start()
                self.world.later(M, lambda one=card: self.world.net.connect(one))

    def _replay(self, _: Card) -> bool:
        heard = self.world.net.recorded
        if not heard:
            return False
        self.world.net.replay(self._draw.sample(heard, min(len(heard), 5)))
        return True

    # Cards

    def _image(self, card: Card) -> None:
        self._images[card] = self.world.folder / f"{card.folder.name}.image"
        card.copy_to(self._images[card])

    def _roll_back(self, card: Card) -> bool:
        if card not in self._images:
            return False
        self.world.net.gone(card)
        card.stop()
        self.world.history.copied(card.held())
        card.become(self._images[card])
        self._mourn("its card was rolled back")
        self.world.power(card)
        return True

    def _clone(self, card: Card) -> bool:
        """A copy of the card lives in another machine from now on, and reads the same terminals."""
        if self._strange == 2 or not (card.folder / "journal.db").exists():
            return False
        self._strange += 1
        folder = self.world.folder / f"{card.kid}-copy-{self._strange}"
        copy = Card(self.world, folder, card.invited, card.serves)
        copy.rtc, copy.ppm = self._draw.choice(("none", "good", "flat")), card.ppm
        card.copy_to(folder)
        self.world.join(copy)
        return True

    def _new_card(self, card: Card) -> None:
        """The old one broke, and its copies have a key that is worth nothing now."""
        for old in [one for one in self.world.cards if one.kid == card.kid]:
            self.world.net.gone(old)
            old.stop()
            if (old.folder / "journal.db").exists():
                self.world.history.copied(old.held())
            self.world.cards.remove(old)
        self._strange += 1
        folder = self.world.folder / f"{card.kid}-new-{self._strange}"
        new = Card(self.world, folder, self.world.centre.replace(card.kid), card.serves)
        new.rtc, new.ppm = card.rtc, card.ppm
        self.world.join(new)
        self._mourn("its card was replaced")

    def _mourn(self, why: str) -> None:
        """What is on no card and not in the ledger any more is gone, whoever was told of it."""
        there = set(self.world.centre_numbers())
        for card in self.world.cards:
            there |= set(_works(card))
        for number, touch in enumerate(self.world.history.touches):
            if touch.told and not touch.on_device and number not in there and not touch.gone:
                touch.gone = why
                self.world.happened["gone with a card or a disk"] += 1


def _works(card: Card) -> Iterator[int]:
    if (card.folder / "journal.db").exists():
        for record, _ in card.held().events.values():
            scan = read(record)
            if isinstance(scan, Scan):
                yield scan.work


def settle(world: World) -> bool:
    """Calm days: every kiosk has power and its turn on the link, every terminal is read, and the
    operator asks for what the centre lacks. True once nothing waits any more."""
    world.net.calm()
    world.run(world.now + 2 * H)
    for counter in range(_ROUNDS):
        for card in world.cards:
            world.power(card)
            world.read_terminals(card)
            world.net.gone(card)
            world.net.connect(card)
            for place, order in enumerate(world.centre.wants_again(card.kid)):
                card.dispatch.resending.ask(1_000 * counter + place, order)
            world.run(world.now + 40 * M)
        if all(_at_rest(world, card) for card in world.cards):
            return True
    return False


def _at_rest(world: World, card: Card) -> bool:
    standing = card.journal.standing()
    owed = any(
        card.journal.holds_to(one.epoch, one.first, one.last)
        for one in world.centre.wants_again(card.kid)
    )
    return standing.acked >= standing.urgent and not owed


def play(folder: Path, seed: int, most_days: int = 2) -> tuple[World, list[str]]:
    """A whole world; what is wrong in it."""
    world = World(folder, seed, most_days)
    Nemesis(world)
    try:
        world.run(world.end)
        rested = settle(world)
        copies = [card.held() for card in world.cards]
        for copy in copies:
            world.history.copied(copy)
        with world.centre.database.reading() as tx:
            found = check(world.history, tx, copies)
        return world, found if rested else ["it never came to rest", *found]
    finally:
        for card in world.cards:
            card.stop()
        world.centre.close()
