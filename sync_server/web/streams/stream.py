"""One page's stream of server-sent events, from its begin to its end."""

import asyncio

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from sync_server.web.streams.channel import BEAT, Channel
from sync_server.web.streams.publisher import Publisher, Wanted

_LIFE_S = 900  # then the page asks again, and whoever may no longer look is sent away


class Stream(Response):
    """`who`: the login that it counts for."""

    media_type = "text/event-stream"

    def __init__(self, publisher: Publisher, wanted: Wanted, who: str) -> None:
        super().__init__(headers={"X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._publisher, self._wanted = publisher, wanted
        self.who = who
        self.sending_since: float | None = None  # of the event loop's clock
        self._turn = 0
        self._beat = self._over = False
        self._woken: asyncio.Future[None] | None = None
        self._task: asyncio.Task[None] | None = None

    def wake(self) -> None:
        """There is something to send."""
        if self._woken is not None and not self._woken.done():
            self._woken.set_result(None)

    def beat(self) -> None:
        """Say that the line lives: proxies and dead sockets notice."""
        self._beat = True
        self.wake()

    def end(self) -> None:
        """Finish the answer in good order."""
        self._over = True
        self.wake()

    def drop(self) -> None:
        """Let go of somebody who takes nothing."""
        self._over = True
        if self._task is not None:
            self._task.cancel()

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        """Answer until the page is gone, the stream's life is over or the publisher ends it."""
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        loop = asyncio.get_running_loop()
        left = asyncio.ensure_future(_left(receive))
        left.add_done_callback(lambda _: self.end())
        timer = loop.call_later(_LIFE_S, self.end)
        channel = self._publisher.join(self._wanted, self)
        self._task = asyncio.ensure_future(self._tell(channel, send))
        try:
            await asyncio.wait([self._task])
        finally:
            timer.cancel()
            left.cancel()
            self._task.cancel()
            self._publisher.leave(self._wanted, self)
        if not self._task.cancelled() and (problem := self._task.exception()):
            raise problem
        if not self._task.cancelled():
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _tell(self, channel: Channel, send: Send) -> None:
        loop = asyncio.get_running_loop()
        while not self._over:
            data = channel.since(self._turn)
            self._turn = channel.turn
            if not data and self._beat:
                data = BEAT
            self._beat = False
            if data:
                self.sending_since = loop.time()
                await send({"type": "http.response.body", "body": data, "more_body": True})
                self.sending_since = None
            if self._turn == channel.turn and not (self._over or self._beat):
                self._woken = loop.create_future()
                await self._woken


async def _left(receive: Receive) -> None:
    """Returns when the page is gone."""
    while (await receive())["type"] != "http.disconnect":
        pass
