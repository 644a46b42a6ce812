"""Take the pictures of the README and of the home page anew: ``python -m tests.pictures [PREFIX …]``.

Without a page's prefix all pages are taken. Every picture is the running app in its opening state, light
and dark.
"""

import io
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page as Tab
from playwright.sync_api import sync_playwright

from app.catalogue import HOME, PAGES, ROOT
from tests.e2e.conftest import CHROMIUM, QUIET, start_server

FOLDER = ROOT / "app/thumbnails"
WIDTH, HEIGHT = 1366, 768
THUMBNAIL_WIDTH = 900
# By prefix: what is there once a page has drawn
DRAWN = {
    "emb": ".scatter-view[data-drawn]",
    "gate": ".gates-view[data-drawn]",
    "seq": ".st-key-seq_alignment .figure[data-drawn]",
    "self": ".attention-steps[data-drawn]",
    "attn": ".attention-view[data-drawn]",
    "pos": ".st-key-pos_picture .stVegaLiteChart svg.marks",  # Vega draws last
    "dist": ".distribution-view svg[data-drawn]",
    "pref": ".token-replay[data-drawn]",
    "honest": ".lie[data-drawn]",
}
PICTURE = {
    "emb": ".scatter-view .grid",
    "gate": ".gates-view .stage",
    "seq": ".st-key-seq_figure",
    "self": ".attention-steps .stage",
    "attn": ".attention-view .panels",
    "pos": ".st-key-pos_picture",
    "dist": ".distribution-view svg",
    "pref": ".token-replay .both",
    "honest": ".lie .pair",
}

STATE = {"self": "?self_step=3"}  # what says more than the opening state


def save(shot: bytes, name: str, width: int) -> None:
    """Write a screenshot as WebP, ``width`` pixels wide at most."""
    picture = Image.open(io.BytesIO(shot)).convert("RGB")
    if picture.width > width:
        picture = picture.resize(
            (width, round(picture.height * width / picture.width)), Image.Resampling.LANCZOS
        )
    picture.save(FOLDER / name, quality=88, method=6)
    print(FOLDER / name, f"{(FOLDER / name).stat().st_size / 1000:.0f} kB")


def take(tab: Tab, address: str, scheme: str, prefixes: set[str]) -> None:
    """All pictures of one theme."""
    for page in PAGES:
        if page is HOME or page.prefix not in prefixes:
            continue
        tab.goto(f"{address}/{page.url_path}{STATE.get(page.prefix, '')}")
        tab.locator(DRAWN[page.prefix]).wait_for()
        for button in ("Share", "Present"):
            tab.get_by_role("button", name=button).wait_for()
        tab.locator(".st-key-frame_carriers").wait_for(state="hidden")  # the style sheet is there
        tab.mouse.move(0, HEIGHT - 1)
        tab.wait_for_function("() => !document.querySelector('[data-testid=\"stStatusWidget\"]')")
        save(tab.screenshot(), f"{page.thumbnail}-page-{scheme}.webp", WIDTH)
        save(
            tab.locator(PICTURE[page.prefix]).screenshot(), f"{page.thumbnail}-{scheme}.webp", THUMBNAIL_WIDTH
        )


def main() -> None:
    """Start the app, visit the pages, save what a visitor sees."""
    prefixes = set(sys.argv[1:]) or set(DRAWN)
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as logs, sync_playwright() as playwright:
        address, server = start_server(ROOT / "streamlit_app.py", Path(logs) / "log")
        try:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
            for scheme in ("light", "dark"):
                context = browser.new_context(
                    viewport={"width": WIDTH, "height": HEIGHT}, color_scheme=scheme, device_scale_factor=1.5
                )
                take(context.new_page(), address, scheme, prefixes)
        finally:
            server.terminate()


if __name__ == "__main__":
    main()
