"""What goes wrong on purpose. A test sets fields before or during a conversation.

Every fault here has been seen in the field; the names of the fields say what is observed, not why.
Commands are protocol numbers (1504 and so on).
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Faults:
    """All off by default. Safe to change while clients are connected."""

    fragment: int = 0
    """TCP: cut every write into pieces of this many bytes, `pause` seconds apart."""
    pause: float = 0.001
    coalesce: bool = False
    """TCP: all packets of an answer in one write."""
    hold_events: int = 0
    """TCP: keep live events back until this many have gathered, then one write for all."""
    length_error: int = 0
    """TCP: added to every length field."""
    close_after: int | None = None
    """TCP: send this many bytes more on whichever connection sends, then close it. Once."""
    mute: bool = False
    """The terminal hears and says nothing, and keeps its connections."""
    unanswered: set[int] = field(default_factory=set)
    """Commands that are carried out but never answered."""
    refuse: dict[int, int] = field(default_factory=dict)
    """Command to the reply code (2001, 4989, 65535...) given instead of the answer."""
    delay: dict[int, float] = field(default_factory=dict)
    """Command to the seconds before its answer; longer than the client waits makes it late."""
    duplicate: set[int] = field(default_factory=set)
    """Commands whose answer is sent twice."""
    udp_drop: set[int] = field(default_factory=set)
    """UDP: positions in a bulk answer (0 is 1500, 1 the first 1501) that are lost, each once."""
    udp_swap: set[int] = field(default_factory=set)
    """UDP: positions in a bulk answer that change places with the next packet, each once."""
    udp_loss: float = 0.0
    """UDP: share of datagrams lost in either direction, drawn from `chance`."""
    chance: random.Random = field(default_factory=lambda: random.Random(0))
    before: dict[int, Callable[[], object]] = field(default_factory=dict)
    """Command to something that happens just before the terminal acts on it."""
    after: dict[int, Callable[[], object]] = field(default_factory=dict)
    """Command to something that happens once it is acted on, before the answer goes out."""
    between: Callable[[int], object] | None = None
    """Called with 0, 1, 2... before each packet of an answer is sent."""

    def loses(self) -> bool:
        """Whether the next datagram is lost by chance."""
        return self.udp_loss > 0 and self.chance.random() < self.udp_loss
