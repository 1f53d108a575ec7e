"""A month's data for other applications: facts and records as JSON Lines and CSV, with a manifest
that names each file's digest. Pure: the same month makes the same bytes.
"""

import csv
import hashlib
import io
import zipfile
from collections.abc import Iterable, Mapping

import msgspec

from sync_server import fact
from sync_server.exports.paper import Paper, harmless
from sync_server.sheet import Row

SCHEMA = "tukin-export/1"
_RECORD = ("nip", "opd", "month", "workdays", "present", "late_min", "early_min", "cut_bp")
_MONEY = ("discipline_bp", "productivity_bp", "base", "cut", "discipline", "productivity", "gross")
COLUMNS = ("nip", "name", "title", "rank", "grade", *_RECORD[1:], *_MONEY, "codes", "pending")
# A zip entry holds a time; a fixed one, so that the same month makes the same bytes.
_STAMP = (1980, 1, 1, 0, 0, 0)


def files(paper: Paper) -> dict[str, bytes]:
    """Every file of the month by name, the manifest last."""
    found = {
        "facts.jsonl": _lines(fact.to_json(one) for one in paper.facts),
        "facts.csv": _facts_csv(paper),
        "months.jsonl": _lines(map(msgspec.json.encode, paper.sheet.rows)),
        "months.csv": _months_csv(paper.sheet.rows),
    }
    return {**found, "manifest.json": manifest(paper, found)}


def manifest(paper: Paper, found: Mapping[str, bytes]) -> bytes:
    """What the files are, what they rest on, and their digests."""
    sheet = paper.sheet
    told = {
        "schema": SCHEMA,
        "opd": sheet.opd,
        "month": sheet.month,
        "rev": paper.rev,
        "state": paper.state,
        "final": paper.final,
        "sheet_sha256": paper.digest,
        "facts_sha256": sheet.facts_sha256,
        "rulesets": sheet.rulesets,
        "engine": sheet.engine,
        "people": len(sheet.rows),
        "facts": len(paper.facts),
        "pending": len(sheet.pending),
        "gross": sheet.gross,
        "checkpoint": paper.checkpoint
        and {"no": paper.checkpoint.no, "sha256": paper.checkpoint.digest},
        "files": {
            name: {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
            for name, data in sorted(found.items())
        },
    }
    return msgspec.json.format(msgspec.json.encode(told), indent=1) + b"\n"


def packed(paper: Paper) -> bytes:
    """All files in one zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files(paper).items():
            archive.writestr(zipfile.ZipInfo(name, _STAMP), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _lines(found: Iterable[bytes]) -> bytes:
    return b"".join(line + b"\n" for line in found)


def _facts_csv(paper: Paper) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, fact.COLUMNS, lineterminator="\n")
    writer.writeheader()
    for one in paper.facts:
        writer.writerow({key: harmless(text) for key, text in fact.row(one).items()})
    return out.getvalue().encode()


def _months_csv(rows: Iterable[Row]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        record = row.record
        numbers = [_text(getattr(record, name)) for name in (*_RECORD[1:], *_MONEY)]
        codes = " ".join(f"{code}:{n}" for code, n in sorted(record.counts.items()))
        texts = [row.name, row.title, row.rank, row.grade]
        pending = str(len(record.pending))
        writer.writerow([record.nip, *map(harmless, texts), *numbers, codes, pending])
    return out.getvalue().encode()


def _text(number: object) -> str:
    """A number that nobody has brought yet is an empty cell, never 0."""
    return "" if number is None else str(number)
