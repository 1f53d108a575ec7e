"""QR codes on a terminal, or as pictures; the only home of segno."""

from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

import segno

from terminal_agent.sticks.bundle import write_whole


def show(texts: Iterable[str], out: TextIO) -> None:
    """Draw each code with half-height blocks."""
    for text in texts:
        _code(text).terminal(out, border=2, compact=True)
        out.write("\n")


def save(texts: list[str], file: Path) -> list[Path]:
    """Write each code as SVG or PNG, by the name's ending; several get -1, -2 … before it.

    Raises StickFailed.
    """
    files = []
    for number, text in enumerate(texts, 1):
        name = f"{file.stem}-{number}{file.suffix}" if len(texts) > 1 else file.name
        files.append(file.with_name(name))
        write_whole(files[-1], _picture(text, file.suffix))
    return files


def _code(text: str) -> segno.QRCode:
    # The lowest correction: a screen has no scratches, and larger squares are read from further off.
    return segno.make_qr(text, error="l", boost_error=False)


def _picture(text: str, suffix: str) -> bytes:
    from io import BytesIO

    out = BytesIO()
    _code(text).save(out, kind=suffix.lstrip(".").lower(), scale=6, border=4)
    return out.getvalue()
