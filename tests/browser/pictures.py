"""The README's pictures out of the browser tests': run these first, then
`.venv/bin/python -m tests.browser.pictures` writes docs/screens/*.png, 64 colours each."""

from PIL import Image

from tests.browser.conftest import ROOT, SCREENS

PICTURES = {
    "ready": "siap-1024x600",
    "cards": "empat-day-1024x600",
    "challenge": "toleh-kiri-1024x600",
}


def main() -> None:
    """Small enough to be kept beside the text."""
    folder = ROOT / "docs/screens"
    folder.mkdir(parents=True, exist_ok=True)
    for name, state in PICTURES.items():
        with Image.open(SCREENS / f"{state}.png") as shot:
            small = shot.convert("RGB").resize((800, 469), Image.Resampling.LANCZOS)
            small.quantize(64).save(folder / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
