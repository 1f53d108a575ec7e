"""Daily facts as other programs take them: JSON Lines and a table."""

import csv
import io
from collections.abc import Iterable

from sync_server import fact
from sync_server.fact import Fact


def json_lines(found: Iterable[Fact]) -> str:
    """One JSON object a line."""
    return "".join(fact.to_json(one).decode() + "\n" for one in found)


def table(found: Iterable[Fact]) -> str:
    """CSV with the columns of the schema; NIP stays text."""
    out = io.StringIO()
    writer = csv.DictWriter(out, fact.COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(map(fact.row, found))
    return out.getvalue()
