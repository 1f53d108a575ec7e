"""Who does something about a month, when (server UTC seconds), and what he says to it."""

import msgspec

from sync_server.roles import Viewer


class Deed(msgspec.Struct, frozen=True):
    """One act of one person."""

    viewer: Viewer
    at: float
    note: str = ""
