"""An HTML document, printed by Chromium into a PDF with an outline."""

from __future__ import annotations

import io
from pathlib import Path
from urllib.parse import unquote, urlsplit

import matplotlib
import yaml
from playwright.sync_api import Route, sync_playwright
from pypdf import PdfReader, PdfWriter
from pypdf.generic import Fit

from .browser import chromium
from .fonts import one_weight

ROOT = Path(__file__).resolve().parents[1]
HOST = "http://book.invalid/"  # no host: every request is answered from the folder of the site
FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"  # the same letters on every machine
#: title, id, and (id, title) of its sections
Entry = tuple[str, str, list[tuple[str, str]]]


class Printer:
    """A Chromium that is asked for nothing but files of the site."""

    def __init__(self, site: Path):
        self.site = site

    def __enter__(self) -> Printer:
        self._playwright = sync_playwright().start()
        self._browser = self._playwright.chromium.launch(
            executable_path=chromium.find(), args=chromium.FLAGS
        )
        return self

    def __exit__(self, *args) -> None:
        self._browser.close()
        self._playwright.stop()

    def pdf(self, html: str) -> bytes:
        page = self._browser.new_page()
        missing: list[str] = []

        def answer(route: Route) -> None:
            path = unquote(urlsplit(route.request.url).path).lstrip("/")
            file = FONTS / path[6:] if path.startswith("fonts/") else self.site / path
            if path.startswith(
                "source/"
            ):  # a font of many weights would become pictures of letters
                route.fulfill(body=one_weight(path[7:]), content_type="font/woff2")
            elif path == "":
                route.fulfill(body=html, content_type="text/html; charset=utf-8")
            elif file.is_file():
                route.fulfill(path=file)
            else:
                missing.append(path)
                route.fulfill(status=404)

        page.route("**/*", answer)
        page.goto(HOST, timeout=120_000)
        page.evaluate("document.fonts.ready")
        data = page.pdf(prefer_css_page_size=True, print_background=True, tagged=True)
        page.close()
        if missing:
            raise RuntimeError(
                f"the document asks for files that the site does not have: {missing}"
            )
        return data


def page_numbers(data: bytes) -> dict[str, int]:
    """The page, from 1, of each destination by its name."""
    reader = PdfReader(io.BytesIO(data))
    return {
        name.lstrip("/"): reader.get_destination_page_number(target) + 1
        for name, target in reader.named_destinations.items()
    }


def full_name(author: dict[str, str]) -> str:
    return author.get("name") or f"{author['given-names']} {author['family-names']}"


def finished(data: bytes, outline: list[Entry]) -> bytes:
    """The PDF with its outline and its metadata."""
    about = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    reader = PdfReader(io.BytesIO(data))
    targets = {name.lstrip("/"): target for name, target in reader.named_destinations.items()}
    writer = PdfWriter(clone_from=reader)

    # Chromium's own outline names a heading twice that it moved to the next page
    def entry(title: str, ident: str, parent=None):
        target = targets[ident]
        page = reader.get_destination_page_number(target)
        fit = Fit.xyz(left=0, top=float(target.top))
        return writer.add_outline_item(title=title, page_number=page, parent=parent, fit=fit)

    for title, ident, sections in outline:
        item = entry(title, ident)
        for place, heading in sections:
            entry(heading, place, item)
    writer.add_metadata(
        {
            "/Title": about["title"],
            "/Author": ", ".join(map(full_name, about["authors"])),
            "/Keywords": ", ".join(about["keywords"]),
        }
    )
    writer.page_mode = "/UseOutlines"
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()
