"""The centre's pages with the boards that every peer has: one query per person, nothing kept.

`python -m bench.web_peer CONFIG` serves until SIGTERM.
"""

import signal
import sys
from collections.abc import Iterable
from pathlib import Path

import msgspec
import uvicorn

from sync_server import config, live, roster, server
from sync_server.live import Board, Boards
from sync_server.web.app import build
from sync_server.web.panels import Panels
from sync_server.web.place import Place


class OneByOne(Boards):
    """Asks for each person by himself, each time."""

    def of(self, opds: Iterable[str]) -> dict[str, Board]:
        """The boards of offices."""
        return {opd: self._of(opd) for opd in opds}

    def _of(self, opd: str) -> Board:
        with self._database.reading() as tx:
            now = int(self._wall())
            nips = [one.nip for one in roster.people(tx, opd)]
            boards = [live.board(tx, opd, now, [nip]) for nip in nips]
        rows = tuple(row for board in boards for row in board.rows)
        return msgspec.structs.replace(boards[0], rows=rows)


def main(path: Path) -> None:
    """Serve the pages."""
    settings = config.load(path)
    database = server.open_ledger(settings)
    app = build(Place(database, server.wall, settings))
    app.state.panels = Panels(OneByOne(database, server.wall))
    shape = uvicorn.Config(app, host="127.0.0.1", port=settings.web.port, log_config=None)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    uvicorn.Server(shape).run()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
