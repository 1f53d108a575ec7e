"""Where every kiosk's chain and the centre's own books stood on a day, signed, numbered and linked.

A checkpoint is short text. It is printed on the monthly list, mailed to the inspectorate, and sent back
to every kiosk: whoever has one can prove that the ledger still holds what it held then (`ledger verify
--against FILE`).
"""

from sync_server.checkpoints.book import Kept, latest, make, newest, of_no, printed
from sync_server.checkpoints.paper import Checkpoint, Standing, digest, parse, short, signed_text

__all__ = [
    "Checkpoint",
    "Kept",
    "Standing",
    "digest",
    "latest",
    "make",
    "newest",
    "of_no",
    "parse",
    "printed",
    "short",
    "signed_text",
]
