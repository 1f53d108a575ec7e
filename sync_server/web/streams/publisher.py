"""The one thread of a process that looks whether something changed, and draws it once for all.

It lives as long as anybody looks. If it fails, so do its streams: their pages come again, and with
them a new thread.
"""

import asyncio
import logging
import threading
from collections.abc import Callable, Hashable, Mapping
from typing import Protocol

from sync_server.web.streams.channel import Channel, Listener, Part, partial

log = logging.getLogger(__name__)

_LOOK_S = 1.0
_BEAT_S = 20.0
_SLOW_S = 30.0  # a page that has taken nothing for so long is let go
_MOST = 6  # streams of one login: HTTP/1.1 browsers open no more to one host


Wanted = Hashable  # what somebody looks at; equal for all who see the same


class Member(Listener, Protocol):
    """A stream, as the publisher knows it."""

    who: str
    sending_since: float | None

    def beat(self) -> None:
        """Say that the line lives."""

    def end(self) -> None:
        """Finish."""

    def drop(self) -> None:
        """Let go."""


Drawn = object  # what panels were drawn from
Draw = Callable[[Wanted, Drawn | None], tuple[Drawn, Mapping[str, str] | None]]


class Publisher:
    """`draw` gives what it draws from and the panels of what is wanted as HTML by id, None where nothing
    changed since what it is given (None: it draws anew). It runs in the publisher's thread; all else here belongs to the event
    loop. `part`: how an event holds a panel; pages take HTML."""

    def __init__(self, draw: Draw, part: Part = partial) -> None:
        self._draw, self._part = draw, part
        self._channels: dict[Wanted, Channel] = {}
        self._members: set[Member] = set()
        # What the thread reads: replaced, never changed.
        self._open: tuple[tuple[Wanted, Channel], ...] = ()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._hurry = threading.Event()
        self._beating: asyncio.TimerHandle | None = None

    def full(self, who: str) -> bool:
        """Whether a login has all the streams that it may have."""
        return sum(one.who == who for one in self._members) >= _MOST

    def join(self, wanted: Wanted, member: Member) -> Channel:
        """Begin to tell a stream."""
        channel = self._channels.setdefault(wanted, Channel(self._part))
        channel.listeners.add(member)
        self._members.add(member)
        loop = asyncio.get_running_loop()
        with self._lock:
            self._open = tuple(self._channels.items())
            if self._thread is None:
                name = "publisher"
                self._thread = threading.Thread(
                    target=self._run, args=(loop,), name=name, daemon=True
                )
                self._thread.start()
        if not channel.turn:
            self._hurry.set()
        if self._beating is None:
            self._beating = loop.call_later(_BEAT_S, self._beat, loop)
        return channel

    def leave(self, wanted: Wanted, member: Member) -> None:
        """Nobody is told any more."""
        self._members.discard(member)
        channel = self._channels.get(wanted)
        if channel is None:
            return
        channel.listeners.discard(member)
        if not channel.listeners:
            del self._channels[wanted]
            with self._lock:
                self._open = tuple(self._channels.items())

    def end(self) -> None:
        """Finish every stream: the process goes."""
        for one in tuple(self._members):
            one.end()

    def _beat(self, loop: asyncio.AbstractEventLoop) -> None:
        now = loop.time()
        for one in tuple(self._members):
            if one.sending_since is not None and now - one.sending_since > _SLOW_S:
                log.info("stream.dropped reason=slow")
                one.drop()
            else:
                one.beat()
        again = bool(self._members)
        self._beating = loop.call_later(_BEAT_S, self._beat, loop) if again else None

    def _run(self, loop: asyncio.AbstractEventLoop) -> None:
        drawn: dict[Channel, Drawn] = {}
        whole = False
        try:
            while found := self._still():
                before, drawn = drawn, {}
                for wanted, channel in found:
                    drawn[channel], panels = self._draw(wanted, before.get(channel))
                    if panels is not None:
                        html = {name: text.encode() for name, text in panels.items()}
                        loop.call_soon_threadsafe(channel.put, html)
                self._hurry.wait(_LOOK_S)
                self._hurry.clear()
            whole = True
        finally:
            if not whole:
                with self._lock:
                    self._thread = None
                loop.call_soon_threadsafe(self.end)

    def _still(self) -> tuple[tuple[Wanted, Channel], ...]:
        """What is looked at; nothing: the thread is over, and whoever comes starts another."""
        with self._lock:
            if not self._open:
                self._thread = None
            return self._open
