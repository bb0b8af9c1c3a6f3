"""Film a live figure of the built site, for the README: python -m tools.picture"""

import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from .browser import chromium

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    frames = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.FLAGS)
        page = browser.new_page(viewport={"width": 900, "height": 900})
        page.goto((ROOT / "_build/html/chapters/mse.html").as_uri())
        figure = page.locator("live-figure#wrong_record")
        figure.scroll_into_view_if_needed()
        page.wait_for_function("() => document.getElementById('wrong_record').channels")
        slider = figure.locator("input[type=range]")
        slider.focus()
        for key in [None] + ["ArrowRight"] * 15 + ["ArrowLeft"] * 15:
            if key:
                page.keyboard.press(key)
            frames.append(Image.open(io.BytesIO(figure.screenshot())).convert("RGB"))
        browser.close()
    palette = frames[15].quantize(48)
    small = [f.quantize(48, palette=palette, dither=Image.Dither.NONE) for f in frames]
    times = [900] + [110] * 14 + [1200] + [70] * 15
    out = ROOT / "tools" / "live-figure.gif"
    small[0].save(
        out, save_all=True, append_images=small[1:], duration=times, loop=0, optimize=True
    )
    print(f"{out.relative_to(ROOT)}: {out.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
