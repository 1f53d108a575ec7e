"""What carries frames and receipts in a world: it loses, doubles, delays and reorders them."""

from typing import Any

from tests.faults.cards import Card
from tests.sync_server.clock_life import H, M, S


class Net:
    """The broker and the way to it. One session per kiosk's name: whoever connects takes it over."""

    def __init__(self, world: Any) -> None:
        self._world, draw = world, world.draw
        self.loss = draw.choice((0.0, 0.05, 0.2, 0.5))
        self.doubled = draw.choice((0.0, 0.02, 0.2))
        self._slow = draw.choice((50, 300, 4_000))
        self._online: dict[str, Card] = {}
        self._waiting: list[tuple[str, bytes]] = []
        self.recorded: list[tuple[str, bytes]] = []
        self.centre_dies_at = 0
        self.centre_away_until = 0

    def calm(self) -> None:
        """From now on nothing is lost, and little is late."""
        self.loss = self.doubled = 0.0
        self._slow = 50
        self.centre_dies_at = self.centre_away_until = 0

    def connect(self, card: Card) -> None:
        """The link is there and the agent runs."""
        if not card.journal or card.online:
            return
        if other := self._online.get(card.kid):
            other.online = False
        self._online[card.kid], card.online = card, True
        card.dispatch.connected()
        card.silent_until = self._world.now + 3 * S
        self._world.later(self._delay(), lambda: self._born(card))
        self._world.later(3 * S, lambda: self.tick(card))

    def gone(self, card: Card) -> None:
        """The link is not there."""
        card.online = False
        if self._online.get(card.kid) is card:
            del self._online[card.kid]

    def tick(self, card: Card) -> None:
        """What should leave now, leaves; and again soon, while anything waits."""
        if not card.online or self._world.now < card.silent_until:
            return
        for frame in card.dispatch.frames(0):
            self.recorded.append((card.kid, frame))
            self._carry(lambda data=frame: self._arrive(card.kid, data))
        standing = card.journal.standing()
        if card.dispatch.sent() > standing.acked or standing.urgent > standing.acked:
            card.gap = min(5 * M, int(card.gap * 1.6))
            if not card.ticking:
                card.ticking = True
                self._world.later(card.gap, lambda: self._tick_again(card))

    def _tick_again(self, card: Card) -> None:
        card.ticking = False
        self.tick(card)

    def _born(self, card: Card) -> None:
        """A birth is QoS 1 and retained: while the connection lives, it gets there, and a centre that
        was away hears of it first of all."""
        if card.online and self._world.now < self.centre_away_until:
            self._world.later(self.centre_away_until - self._world.now, lambda: self._born(card))
        elif card.online:
            document = card.dispatch.birth("1", {})
            for answer in self._world.centre.desk.born([(card.kid, document)]):
                self._answer(answer)

    def _delay(self) -> float:
        return self._slow * self._world.draw.uniform(0.5, 3.0)

    def _carry(self, arrive: Any) -> None:
        draw = self._world.draw
        if draw.random() >= self.loss:
            self._world.later(self._delay(), arrive)
        if draw.random() < self.doubled:
            self._world.later(draw.choice((self._delay(), M, H)), arrive)

    def _arrive(self, kid: str, frame: bytes) -> None:
        """What comes while the centre works is taken together."""
        if not self._waiting:
            self._world.later(self._world.draw.choice((1, 20, 500)), self._serve)
        self._waiting.append((kid, frame))

    def replay(self, frames: list[tuple[str, bytes]]) -> None:
        """Whoever owns the broker plays back what he heard."""
        for kid, frame in frames:
            self._arrive(kid, frame)

    def _serve(self) -> None:
        frames, self._waiting = self._waiting, []
        if self._world.now < self.centre_away_until:
            return
        dies_at, self.centre_dies_at = self.centre_dies_at, 0
        for answer in self._world.centre.take(frames, dies_at):
            self._answer(answer)

    def _answer(self, answer: tuple[str, bytes]) -> None:
        kid, data = answer
        self._carry(lambda: self._receipt(kid, data))

    def _receipt(self, kid: str, data: bytes) -> None:
        card = self._online.get(kid)
        if card and card.journal:
            card.silent_until, card.gap = 0, S
            if card.dispatch.take(data):
                self._world.later(self._delay(), lambda: self._born(card))
            self.tick(card)
