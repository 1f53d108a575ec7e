"""What every page stands on."""

from collections.abc import Callable

import msgspec
from starlette.requests import Request

from sync_server.config import Config
from sync_server.database import Database


class Place(msgspec.Struct, frozen=True):
    """The database, the clock (server UTC seconds) and the configuration."""

    database: Database
    wall: Callable[[], float]
    settings: Config


def place(request: Request) -> Place:
    """The place that a request came to."""
    found: Place = request.app.state.place
    return found
