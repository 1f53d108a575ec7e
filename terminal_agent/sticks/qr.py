"""QR codes on a terminal, or as pictures; the only home of segno."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from terminal_agent.sticks.bundle import write_whole

if TYPE_CHECKING:
    import segno


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
        write_whole(files[-1], picture(text, file.suffix))
    return files


def _code(text: str) -> "segno.QRCode":
    import segno  # a megabyte that the agent, which is started beside this, has no use for

    # The lowest correction: a screen has no scratches, and larger squares are read from further off.
    return segno.make_qr(text, error="l", boost_error=False)


def picture(text: str, suffix: str) -> bytes:
    """A code as ".svg" or ".png"."""
    from io import BytesIO

    out = BytesIO()
    _code(text).save(out, kind=suffix.lstrip(".").lower(), scale=6, border=4)
    return out.getvalue()
