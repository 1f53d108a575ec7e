"""A network camera (MJPEG over HTTP, loopback) before which simulated people walk in real time."""

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

import cv2

from simulators.faces import FPS, Storyboard, at
from simulators.scene import Scene, frame

_BOUNDARY = "hadir-lens"
_QUALITY = 90


class Lens:
    """Serves `url` until the block ends; `play` says what it sees from now on.

    `seconds` is a monotonic clock, seconds.
    """

    def __init__(self, seconds: Callable[[], float]) -> None:
        self._seconds = seconds
        self._storyboard: Storyboard = [(0.0, ())]
        self._began = seconds()
        self._stop = threading.Event()
        lens = self

        class Watcher(BaseHTTPRequestHandler):
            """One client that looks through the lens."""

            def do_GET(self) -> None:
                lens._stream(self)

            def log_message(self, format: str, *args: object) -> None:
                pass  # the demo's own words are enough

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Watcher)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/lens.mjpg"

    def __enter__(self) -> "Lens":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._server.shutdown()
        self._server.server_close()

    def play(self, storyboard: Storyboard) -> float:
        """Show a storyboard from its first line on; how many seconds it lasts."""
        self._storyboard = storyboard
        self._began = self._seconds()
        return storyboard[-1][0] - storyboard[0][0]

    def _now(self) -> Scene:
        storyboard = self._storyboard
        second = storyboard[0][0] + self._seconds() - self._began
        return at(storyboard, min(second, storyboard[-1][0]))

    def _stream(self, client: BaseHTTPRequestHandler) -> None:
        client.send_response(200)
        client.send_header("Content-Type", f"multipart/x-mixed-replace; boundary={_BOUNDARY}")
        client.end_headers()
        number = 0
        try:
            while not self._stop.wait(1 / FPS):
                number += 1
                picture = frame(self._now(), number)
                jpeg = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])[1]
                head = f"--{_BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: {jpeg.size}"
                client.wfile.write(head.encode() + b"\r\n\r\n" + jpeg.tobytes() + b"\r\n")
        except OSError:
            return  # whoever looked has gone
