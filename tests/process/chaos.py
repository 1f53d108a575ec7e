"""Everything that happens to an office in the field, at once, from one seed."""

import os
import random
import shutil
import time
from collections import Counter
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from simulators.link import Link, weather
from tests.process.disks import small_disk
from tests.process.office import Program, terminal, until
from tests.process.sky import FarBroker, SkyOffice
from tests.process.storm import Crowd

# 10 % of the packets are lost, four in a row on average; some come twice, some late.
WEATHER = weather(300, 0.10, burst=4, doubled=0.02, reordered=0.05)
CALM = weather(300)
CARD_MB = 24


class Victim(Protocol):
    """What chaos strikes: a kiosk with its card, a centre, a broker and the link between them."""

    agent: Program
    agent_state: Path
    server: Program
    broker: FarBroker
    wire: Link

    def progress(self) -> object:
        """Something that changes whenever the centre's word has got through."""

    def card_changes(self) -> None:
        """The card is as it was before, or as it is now, while it is put back to its image."""


class Chaos:
    """Strikes a victim; every kind of strike comes once before one comes again."""

    def __init__(self, victim: Victim, image: Path, seed: int) -> None:
        self.happened: Counter[str] = Counter()
        self._victim = victim
        self._image = image
        self._chance = random.Random(seed)
        self._coming: list[Callable[[], None]] = []

    def rage(self, seconds: float) -> None:
        """Strike for so long; then calm, and everything runs again."""
        self._copy_card()
        self._victim.wire.become(WEATHER)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._strike()
            self._revive()
        self._victim.wire.become(CALM)
        time.sleep(1)  # what died of a strike just now has ended by then
        self._revive()

    def _strike(self) -> None:
        self._let_live()
        if not self._coming:
            kinds = self._kinds()
            self._coming = self._chance.sample(kinds, len(kinds))
        strike = self._coming.pop()
        strike()
        self.happened[strike.__name__.lstrip("_")] += 1

    def _kinds(self) -> list[Callable[[], None]]:
        return [
            self._kill_agent,
            self._kill_server,
            self._kill_broker,
            self._cut,
            self._fill_card,
            self._copy_card,
            self._roll_back,
        ]

    def _let_live(self) -> None:
        """Strike at any moment, or just after something got through: a receipt is on its way for
        a moment only, and a kiosk that never connects is hit by nothing."""
        before = self._victim.progress()
        patience = time.monotonic() + self._chance.uniform(0, 8)
        while time.monotonic() < patience and self._victim.progress() == before:
            time.sleep(0.02)

    def _kill_agent(self) -> None:
        _kill(self._victim.agent)

    def _kill_server(self) -> None:
        _kill(self._victim.server)

    def _kill_broker(self) -> None:
        self._victim.broker.kill()

    def _cut(self) -> None:
        self._victim.wire.cut()
        time.sleep(self._chance.uniform(1, 6))
        self._victim.wire.mend()

    def _fill_card(self) -> None:
        """The card is full for a while: what cannot be written must not be promised."""
        filler = self._victim.agent_state / "filler"
        with filler.open("wb", buffering=0) as file, _until_full():
            while True:
                file.write(bytes(4096))
        time.sleep(self._chance.uniform(0.5, 2))
        filler.unlink()

    def _copy_card(self) -> None:
        """An image of the card, as a technician keeps one in a drawer."""
        _kill(self._victim.agent)
        shutil.rmtree(self._image, ignore_errors=True)
        shutil.copytree(self._victim.agent_state, self._image)
        self._victim.agent.start()

    def _roll_back(self) -> None:
        """The card is replaced by its image: everything since then never happened to it."""
        _kill(self._victim.agent)
        self._victim.card_changes()
        card = self._victim.agent_state
        for file in card.iterdir():
            file.unlink() if file.is_file() else shutil.rmtree(file)
        shutil.copytree(self._image, card, dirs_exist_ok=True)
        self._victim.card_changes()
        self._victim.agent.start()

    def _revive(self) -> None:
        """What systemd does."""
        for one in (self._victim.agent, self._victim.server, self._victim.broker):
            if not one.running():
                one.start()


class StruckOffice(SkyOffice):
    """Our own office as a victim; `torn` are the epochs of which there are two histories."""

    def __init__(self, folder: Path, wire: Link) -> None:
        super().__init__(folder, wire)
        self.torn: set[int] = set()

    def progress(self) -> object:
        """The acked mark of the journal and the centre's."""
        return self.marks()[1:]

    def card_changes(self) -> None:
        """Every epoch that this state of the card knows."""
        self.torn |= set(self.journal().acked)

    def receipted(self) -> bool:
        """Whether the centre has every punch and the kiosk knows it. A card that was rolled back
        journals again, under a new epoch, what had no receipt."""
        last, acked, stored = self.marks()
        return self.stored() == len(self.held()) and last <= acked == stored


def play(folder: Path, seed: int, seconds: float, tell: Callable[[str], object]) -> list[str]:
    """One bad day of our own office over a link of its own; what is wrong after it."""
    with Link(CALM, seed=seed) as wire:
        office = StruckOffice(folder, wire)
        chaos = Chaos(office, folder / "card.image", seed)
        try:
            with small_disk(office.agent_state, CARD_MB), office:
                office.furnish(terminal())
                office.start()
                with Crowd(office, burst=8):
                    office.server.wait_for("batch.stored")
                    chaos.rage(seconds)
                until(office.receipted, office.report, 180, step=0.2)
                found = office.wrong(office.torn)
                office.stop()
        finally:
            tell(f"seed {seed}: {dict(chaos.happened)}")
    return found


@contextmanager
def _until_full():
    try:
        yield
    except OSError as problem:
        if problem.strerror != os.strerror(28):
            raise


def _kill(program: Program) -> None:
    if program.running():
        program.kill()
