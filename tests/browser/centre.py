"""The centre's pages for browser tests: a real server on SQLite in a thread, a region in it, and
somebody of any role in a real Chromium."""

import socket
import threading

import pytest
import uvicorn

from sync_server.accounts import sessions
from sync_server.config import Config, Web
from sync_server.web.app import build
from sync_server.web.place import Place
from tests.region import ACCOUNTS, Region

HOST = "127.0.0.1"


class Served:
    """The pages of a region, over real HTTP."""

    def __init__(self, home: Region, settings: Config | None = None) -> None:
        self.region, self.database = home, home.database
        self.settings = settings or Config(web=Web(title="Kabupaten Contoh"))
        self.app = build(Place(home.database, home.wall, self.settings))
        self._wire = socket.socket()
        self._wire.bind((HOST, 0))
        self.address = f"http://{HOST}:{self._wire.getsockname()[1]}"
        shape = uvicorn.Config(self.app, log_config=None, timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(shape)
        self._thread = threading.Thread(target=self._serve, name="pages")

    def __enter__(self):
        self._thread.start()
        while not self._server.started and self._thread.is_alive():
            self._thread.join(0.02)
        return self

    def __exit__(self, *_):
        self._server.should_exit = True
        self._thread.join()
        self._wire.close()

    def cookie(self, role: str) -> dict:
        """The login of a role, as the login page would have made it."""
        with self.database.writing() as tx:
            secret = sessions.begin(tx, ACCOUNTS[role][0], self.region.wall())
        return {"name": "hadir", "value": secret, "url": self.address}

    def _serve(self):
        self._server.run(sockets=[self._wire])


@pytest.fixture(scope="module")
def centre(tmp_path_factory):
    """The region after a month, served; `centre.address`, `centre.database`, `centre.region`."""
    home = Region(tmp_path_factory.mktemp("region")).whole()
    with Served(home) as served:
        yield served
    home.close()


@pytest.fixture
def signed_in(chromium, centre):
    """signed_in(role, size=(1280, 900)): a page of a browser in which the role is logged in; at the end
    nothing may have complained, and no request may have left the host."""
    contexts, complaints = [], []

    def enter(role, size=(1280, 900)):
        view = {"width": size[0], "height": size[1]}
        context = chromium.new_context(viewport=view, base_url=centre.address)
        contexts.append(context)
        if role:
            context.add_cookies([centre.cookie(role)])
        page = context.new_page()
        page.on("console", lambda said: complaints.append(f"{page.url}: {said.text}"))
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.on("request", lambda asked: _stays(asked.url, centre.address, complaints))
        return page

    yield enter
    for context in contexts:
        context.close()
    assert complaints == []


def _stays(url, address, complaints):
    if not url.startswith(address):
        complaints.append(f"{url} is not ours")


__all__ = ["centre", "signed_in"]
