"""The README's pictures out of the browser tests': run these first, then
`.venv/bin/python -m tests.browser.pictures` writes docs/screens/*.png, 64 colours each."""

from PIL import Image

from tests.browser.conftest import ROOT, SCREENS

KIOSK, CENTRE = (800, 469), (960, 675)
PICTURES = {
    "ready": ("siap-1024x600", KIOSK),
    "cards": ("empat-day-1024x600", KIOSK),
    "challenge": ("toleh-kiri-1024x600", KIOSK),
    "centre-board": ("pusat-offices-opd-meja", CENTRE),
    "centre-month": ("pusat-people-nip-month-meja", CENTRE),
    "centre-explain": ("pusat-explain-nip-date-meja", CENTRE),
    "centre-sheet": ("pusat-months-month-opd-meja", CENTRE),
    "centre-corrections": ("pusat-corrections-meja", CENTRE),
    "centre-ekinerja": ("pusat-ekinerja-meja", CENTRE),
    "centre-data": ("pusat-data-meja", CENTRE),
    "centre-kiosks": ("pusat-kiosks-meja", CENTRE),
}


def main() -> None:
    """Small enough to be kept beside the text; what the tests have not drawn stays as it was."""
    folder = ROOT / "docs/screens"
    folder.mkdir(parents=True, exist_ok=True)
    for name, (state, size) in PICTURES.items():
        if not (SCREENS / f"{state}.png").exists():
            continue
        with Image.open(SCREENS / f"{state}.png") as shot:
            small = shot.convert("RGB").resize(size, Image.Resampling.LANCZOS)
            small.quantize(64).save(folder / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
