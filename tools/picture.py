"""Film a live figure of the built site, for the README: python -m tools.picture"""

import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from .browser import chromium
from .browser.server import serving

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    frames = []
    with sync_playwright() as playwright, serving(ROOT / "_build/html") as site:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.FLAGS)
        page = browser.new_page(viewport={"width": 900, "height": 900})
        page.goto(f"{site}chapters/mse.html")
        page.evaluate("localStorage.setItem('lossbook.letters', '1')")
        for _ in range(2):  # the book's letters come with the second page, and may be late in it
            page.reload()
            page.evaluate("document.fonts.ready")
        page.add_style_tag(content="input { outline: none !important }")
        figure = page.locator("live-figure#wrong_record")
        figure.scroll_into_view_if_needed()
        page.wait_for_function("() => document.getElementById('wrong_record').channels")
        slider = figure.locator("input[type=range]")
        slider.focus()
        box = figure.bounding_box()
        around = {"x": box["x"] - 14, "y": box["y"] - 10}
        around |= {"width": box["width"] + 28, "height": box["height"] + 14}
        for key in [None] + ["ArrowRight"] * 15 + ["ArrowLeft"] * 15:
            if key:
                page.keyboard.press(key)
            shot = page.screenshot(clip=around)
            frames.append(Image.open(io.BytesIO(shot)).convert("RGB"))
        browser.close()
    palette = frames[15].quantize(64)
    small = [f.quantize(64, palette=palette, dither=Image.Dither.NONE) for f in frames]
    times = [900] + [110] * 14 + [1200] + [70] * 15
    out = ROOT / "tools" / "live-figure.gif"
    small[0].save(
        out, save_all=True, append_images=small[1:], duration=times, loop=0, optimize=True
    )
    print(f"{out.relative_to(ROOT)}: {out.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
