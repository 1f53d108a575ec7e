"""What a long link does to packets, as pure scheduling: seconds and chance are arguments.

A packet waits in the sender's queue (or falls off its end), takes its time at the rate of the link,
may be lost in the sky, and arrives after the delay: once, twice, or late behind its followers.
"""

from collections.abc import Callable

import msgspec

Share = float  # of packets, 0 … 1


class Weather(msgspec.Struct, frozen=True):
    """One direction of a link. `delay` and `late` in seconds, `rate` in bit/s (0: no limit).

    `burst`: how many packets a loss takes in a row on average (Gilbert-Elliott, 1: each loss is by
    itself). `queue`: bytes that may wait for the rate. `reordered` packets come `late` seconds more.
    """

    delay: float = 0.0
    loss: Share = 0.0
    burst: float = 1.0
    rate: float = 0.0
    queue: int = 64 * 1024
    doubled: Share = 0.0
    reordered: Share = 0.0
    late: float = 0.05


class Count(msgspec.Struct, frozen=True):
    """Packets and their bytes, IP headers included."""

    packets: int = 0
    octets: int = 0

    def plus(self, size: int) -> "Count":
        """One more packet."""
        return Count(self.packets + 1, self.octets + size)


class Way(msgspec.Struct):
    """What one direction has carried: offered + doubled = delivered + dropped + in flight.

    Of the dropped, `overflowed` found the queue full and `cut` a cut link; the sky took the rest.
    """

    offered: Count = Count()
    doubled: Count = Count()
    delivered: Count = Count()
    dropped: Count = Count()
    overflowed: Count = Count()
    cut: Count = Count()

    @property
    def in_flight(self) -> int:
        """Packets under way."""
        return (
            self.offered.packets
            + self.doubled.packets
            - self.delivered.packets
            - self.dropped.packets
        )


class Road:
    """One direction: when each packet arrives, and the count of all. `chance` draws from [0, 1)."""

    def __init__(self, weather: Weather, chance: Callable[[], float]) -> None:
        self.weather = weather
        self.way = Way()
        self.whole = True
        self._chance = chance
        self._free_at = 0.0
        self._fading = False

    def offer(self, now: float, size: int) -> tuple[float, ...]:
        """When a packet that enters at `now` arrives: never, once or twice."""
        self.way.offered = self.way.offered.plus(size)
        if not self.whole:
            self._drop_cut(size)
            return ()
        sent = self._transmitted(now, size)
        if sent is None:
            self.way.overflowed = self.way.overflowed.plus(size)
        if sent is None or self._lost():
            self.way.dropped = self.way.dropped.plus(size)
            return ()
        arrives = sent + self.weather.delay + self._lateness()
        if not self._happens(self.weather.doubled):
            return (arrives,)
        self.way.doubled = self.way.doubled.plus(size)
        return (arrives, arrives)

    def arrive(self, size: int) -> bool:
        """Whether a packet whose time has come gets through: what is under way dies with a cut."""
        if not self.whole:
            self._drop_cut(size)
            return False
        self.way.delivered = self.way.delivered.plus(size)
        return True

    def _drop_cut(self, size: int) -> None:
        self.way.cut = self.way.cut.plus(size)
        self.way.dropped = self.way.dropped.plus(size)

    def _transmitted(self, now: float, size: int) -> float | None:
        """When its last bit has left; None where the queue has no room for it."""
        rate = self.weather.rate
        if not rate:
            return now
        starts = max(now, self._free_at)
        if (starts - now) * rate / 8 + size > self.weather.queue:
            return None
        self._free_at = starts + size * 8 / rate
        return self._free_at

    def _lost(self) -> bool:
        """Two states, clear and fading; a fading link loses all. The shares of both follow from
        `loss`, how long a fade holds from `burst`."""
        loss, burst = self.weather.loss, self.weather.burst
        if not loss:
            return False
        if loss >= 1:
            return True
        clears = 1 / burst if burst > 1 else 1 - loss
        fades = clears * loss / (1 - loss)
        draw = self._chance()
        self._fading = draw >= clears if self._fading else draw < fades
        return self._fading

    def _lateness(self) -> float:
        return self.weather.late if self._happens(self.weather.reordered) else 0.0

    def _happens(self, share: Share) -> bool:
        return bool(share) and self._chance() < share
