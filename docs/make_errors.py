"""Writes docs/errors.md: every code that a kiosk or the centre says, with what to do, out of the wording.

Type: .venv/bin/python docs/make_errors.py
"""

import ast
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from sync_server.wording import TOPICS, alerts, diagnosis  # noqa: E402 - after the path
from terminal_agent import wording  # noqa: E402
from terminal_agent.wording import doctor  # noqa: E402

PAGE = ROOT / "docs/errors.md"
_HEAD = """# Every code, and what to do

Written by `docs/make_errors.py` out of the words that the programs say; do not edit. In a sentence,
{braces} stand for a name, an address or a number. Kode dicari menurut abjad di tiap bagian; the codes
stand in `--json`, in the log (`code=...`) and behind alerts.
"""
_Words = Mapping[str, tuple[str, str]]
_Section = tuple[str, str, _Words]


def page() -> str:
    """The whole of it."""
    return _HEAD + "".join(map(_section, _sections()))


def _sections() -> Iterator[_Section]:
    found = {
        code: both
        for code, both in doctor.WORDS.items()
        if not code.startswith(("level_", "of_", "mended_", "bundle_written", "doctor_"))
    }
    yield "Kiosk: what `terminal-agent doctor` finds", "Temuan pada kios", found
    kiosk = wording.catalogue()
    raised = {code: kiosk[code] for code in _raised("terminal_agent") if code in kiosk}
    yield "Kiosk: why something cannot be done", "Kesalahan pada kios", raised
    yield "Kiosk pages at the centre: alerts", "Peringatan kios di pusat", alerts.WORDS
    bad = {code: bad for code, (_, bad) in diagnosis.WORDS.items()}
    yield "Centre: what `sync-server doctor` finds", "Temuan pada broker", bad
    centre = {code: both for topic in TOPICS for code, both in topic.WORDS.items()}
    raised = {code: centre[code] for code in _raised("sync_server") if code in centre}
    yield "Centre: why something is refused", "Penolakan di pusat", raised


def _raised(package: str) -> set[str]:
    """Every text that stands in the making of an error; which of them are codes, the words tell."""
    found = set[str]()
    for path in (ROOT / package).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Raise) or _makes_error(node):
                found |= {
                    one.value
                    for one in ast.walk(node)
                    if isinstance(one, ast.Constant) and isinstance(one.value, str)
                }
    return found


def _makes_error(node: ast.AST) -> bool:
    """An error may be made in one place and raised in another."""
    if not isinstance(node, ast.Call):
        return False
    name = ast.unparse(node.func).rpartition(".")[2]
    return name in ("BadFile", "StickFailed") or name.startswith(("Source", "Journal", "_Refused"))


def _section(section: _Section) -> str:
    english, indonesian, words = section
    rows = "".join(
        f"| `{code}` | {_cell(both[0])} | {_cell(both[1])} |\n"
        for code, both in sorted(words.items())
    )
    return (
        f"\n## {english}\n\n{indonesian}.\n\n| code | Indonesia | English |\n|---|---|---|\n{rows}"
    )


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
