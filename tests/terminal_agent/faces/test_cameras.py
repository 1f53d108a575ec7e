"""Every kind of camera gives its newest frame, says when it is gone, and can be opened again."""

import socket
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue

import cv2
import numpy as np
import pytest

from simulators import faces
from terminal_agent.clock import Clock
from terminal_agent.errors import SourceMisconfigured, SourceUnavailable
from terminal_agent.faces.cameras.album import Album
from terminal_agent.faces.cameras.grabbing import Camera, gone
from terminal_agent.faces.cameras.opening import opened

CLOCK = Clock()
PATIENCE = 20.0


def grey(level: int) -> np.ndarray:
    """A picture that can be told from others after JPEG."""
    return np.full((48, 64, 3), level, np.uint8)


def level(image: np.ndarray) -> int:
    return round(float(image.mean()) / 10) * 10


@pytest.fixture
def folder(tmp_path):
    """1.png is the darkest, 10.png the brightest."""
    where = tmp_path / "pictures"
    where.mkdir()
    for number in range(1, 11):
        cv2.imwrite(str(where / f"{number}.png"), grey(number * 20))
    return where


def levels(camera: Camera, until_gone: int = 1000) -> list[int]:
    """The grey levels of all frames until the camera is gone, or so many."""
    found = []
    with suppress(SourceUnavailable):
        while len(found) < until_gone:
            if frame := camera.newest(PATIENCE):
                found.append(level(frame[0]))
    camera.close()
    return found


def test_a_folder_is_shown_in_the_order_of_its_numbers_and_ends_like_an_unplugged_camera(folder):
    album, stop = Album(folder, 100, CLOCK), threading.Event()
    assert [level(album.read(stop)) for _ in range(10)] == [n * 20 for n in range(1, 11)]
    with pytest.raises(SourceUnavailable) as ended:
        album.read(stop)
    assert ended.value.code == "camera_gone"


def test_a_folder_that_loops_begins_again(folder):
    assert len(levels(opened(f"{folder}#100?loop", CLOCK), until_gone=15)) == 15


def test_a_damaged_picture_is_passed_over(folder):
    (folder / "5.png").write_bytes(b"\x89PNG, then nothing")
    album, stop = Album(folder, 100, CLOCK), threading.Event()
    assert [level(album.read(stop)) for _ in range(9)] == [20, 40, 60, 80, 120, 140, 160, 180, 200]


def test_a_folder_that_is_removed_is_a_camera_that_is_gone(folder):
    camera = opened(f"{folder}#20?loop", CLOCK)
    assert camera.newest(PATIENCE)
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    levels(camera)
    with pytest.raises(SourceUnavailable):
        opened(str(folder), CLOCK)


@pytest.mark.parametrize("name", ["clip.avi", "clip.mp4"])
def test_a_clip_gives_its_frames_and_ends_like_an_unplugged_camera(tmp_path, name):
    path = faces.write(
        [cv2.resize(grey(n * 20), (640, 480)) for n in range(1, 11)], tmp_path / name, 50
    )
    shown = levels(opened(str(path), CLOCK))
    assert shown[0] <= 60
    assert shown == sorted(shown)
    assert shown[-1] >= 180


def test_only_the_newest_frame_is_kept():
    class Fed:
        """A camera that shows what a test puts in."""

        def __init__(self):
            self.queue, self.taken = Queue(), threading.Semaphore(0)

        def read(self, stop):
            self.taken.release()
            frame = self.queue.get(timeout=PATIENCE)
            if frame is None:
                raise gone("pulled out")
            return frame

        def close(self):
            self.taken.release()

    fed = Fed()
    for number in range(5):
        fed.queue.put(grey(number * 20))
    camera = Camera(fed, CLOCK)
    for _ in range(6):  # the sixth read begins when the fifth frame is kept
        assert fed.taken.acquire(timeout=PATIENCE)
    assert level(camera.newest(0)[0]) == 80
    assert camera.newest(0) is None
    fed.queue.put(None)
    with pytest.raises(SourceUnavailable):
        camera.newest(PATIENCE)
    camera.close()


def test_a_large_picture_is_made_small_before_anybody_pays_for_its_pixels(tmp_path):
    where = tmp_path / "large"
    where.mkdir()
    cv2.imwrite(str(where / "1.jpg"), np.zeros((1080, 1920, 3), np.uint8))
    camera = opened(f"{where}?loop", CLOCK)
    assert camera.newest(PATIENCE)[0].shape == (360, 640, 3)
    camera.close()


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("", "no_camera_source"),
        ("webcam", "camera_unknown"),
        ("picamera2", "no_picamera2"),
    ],
)
def test_what_no_waiting_can_mend_is_told_to_a_person(source, code):
    with pytest.raises(SourceMisconfigured) as wrong:
        opened(source, CLOCK)
    assert wrong.value.code == code


def test_a_camera_of_an_unknown_kind_is_named_without_its_password():
    with pytest.raises(SourceMisconfigured) as wrong:
        opened("rtmp://admin:rahasia@10.0.0.9/1", CLOCK)
    assert "rtmp://***@10.0.0.9/1" in str(wrong.value)
    assert "rahasia" not in str(wrong.value)


@pytest.mark.parametrize("source", ["/dev/video-not-there", "/nowhere/clip.mp4"])
def test_what_is_not_there_yet_may_come(source):
    with pytest.raises(SourceUnavailable) as missing:
        opened(source, CLOCK)
    assert missing.value.code == "camera_gone"


class Stream:
    """MJPEG over HTTP on loopback, on a port that stays the same from one life to the next."""

    def __init__(self, port: int = 0) -> None:
        self._stop = threading.Event()
        stream = self

        class Viewer(BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=x")
                self.end_headers()
                jpeg = cv2.imencode(".jpg", cv2.resize(grey(120), (320, 240)))[1].tobytes()
                part = b"--x\r\nContent-Type: image/jpeg\r\n\r\n" + jpeg + b"\r\n"
                while not stream._stop.wait(0.02):
                    try:
                        self.wfile.write(part)
                    except OSError:
                        return

            def log_message(self, format, *args):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Viewer)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def end(self) -> None:
        self._stop.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def test_a_network_camera_that_restarts_is_gone_and_can_be_opened_again():
    stream = Stream()
    url = f"http://127.0.0.1:{stream.port}/stream"
    camera = opened(url, CLOCK)
    assert level(camera.newest(PATIENCE)[0]) == 120
    stream.end()
    levels(camera)
    with pytest.raises(SourceUnavailable):
        opened(url, CLOCK)
    again = Stream(stream.port)
    camera = opened(url, CLOCK)
    assert level(camera.newest(PATIENCE)[0]) == 120
    again.end()
    camera.close()


def test_the_log_never_shows_a_network_cameras_password():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(SourceUnavailable) as missing:
        opened(f"http://admin:hunter2@127.0.0.1:{port}/", CLOCK)
    assert "hunter2" not in str(missing.value)


@pytest.mark.all_only("waits for the time limit of five seconds")
def test_an_rtsp_camera_that_accepts_and_says_nothing_is_given_up():
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        pytest.raises(SourceUnavailable) as missing,
    ):
        opened(f"rtsp://127.0.0.1:{silent.getsockname()[1]}/live", CLOCK)
    assert missing.value.code == "camera_gone"
