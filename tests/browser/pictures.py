"""The README's pictures: `.venv/bin/python -m tests.browser.pictures` writes docs/screens/*.png, 64
colours each. The kiosk's come out of the browser tests' (run these first); the centre's are taken here,
each of a page that was just opened."""

import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from bench.screen import launched
from tests.browser.centre import Served
from tests.browser.conftest import ROOT, SCREENS
from tests.region import Region, nip

FOLDER = ROOT / "docs/screens"
KIOSK = (800, 469)
WIDTH, HIGHEST = 960, 900
KIOSKS = {
    "ready": "siap-1024x600",
    "cards": "empat-day-1024x600",
    "challenge": "toleh-kiri-1024x600",
}
WAYAN = nip("1003")
CENTRE = {
    "board": "/offices/1.01",
    "month": f"/people/{WAYAN}/2026-01",
    "explain": f"/explain/{WAYAN}/2026-01-14",
    "sheet": "/months/2026-01/1.01",
    "corrections": "/corrections?opd=1.01",
    "ekinerja": f"/ekinerja/of/{WAYAN}",
    "data": "/data",
    "kiosks": "/kiosks",
}


def main() -> None:
    """Small enough to be kept beside the text; what the tests have not drawn stays as it was."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, state in KIOSKS.items():
        if (SCREENS / f"{state}.png").exists():
            keep(SCREENS / f"{state}.png", name, KIOSK)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        home = Region(Path(folder))
        for step in (home.people, home.month, home.papers, home.settle):
            step()
        with Served(home) as centre:
            browser = launched(playwright)
            for name, path in CENTRE.items():
                keep(taken(browser, centre, path, Path(folder) / f"{name}.png"), f"centre-{name}")
            browser.close()
        home.close()


def taken(browser: Browser, centre: Served, path: str, file: Path) -> Path:
    """The top of a page, as high as it is up to HIGHEST; nothing in it has the focus."""
    view = {"width": WIDTH, "height": HIGHEST}
    context = browser.new_context(viewport=view, base_url=centre.address)
    context.add_cookies([centre.cookie("bkpsdm")])
    page = context.new_page()
    page.goto(path)
    page.evaluate("document.fonts.ready")
    high = page.evaluate("document.body.getBoundingClientRect().bottom")
    clip = {"x": 0, "y": 0, "width": WIDTH, "height": min(HIGHEST, int(high))}
    page.screenshot(path=file, clip=clip)
    context.close()
    return file


def keep(shot: Path, name: str, size: tuple[int, int] | None = None) -> None:
    """A picture in 64 colours beside the text."""
    with Image.open(shot) as whole:
        small = whole.convert("RGB")
        if size:
            small = small.resize(size, Image.Resampling.LANCZOS)
        small.quantize(64).save(FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
