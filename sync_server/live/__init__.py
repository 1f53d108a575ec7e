"""What an office is at this moment. Nothing here is kept: a fact is made of the same events later."""

from sync_server.live.board import CAME, EXPECTED, Board, arrivals, board
from sync_server.live.boards import Boards
from sync_server.live.person import STATES, Row, State

__all__ = ["CAME", "EXPECTED", "STATES", "Board", "Boards", "Row", "State", "arrivals", "board"]
