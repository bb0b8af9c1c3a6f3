"""One style sheet for all pages, without the rules and variables that no page can use."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from pathlib import Path

import lightningcss

NAME = "site.css"
LINK = re.compile(r'\s*<link\b(?=[^>]*rel="stylesheet")[^>]*href="([^"]*?)(_static/[^"?]+)[^>]*>')
_MADE_OF = re.compile(r'data-from="([^"]*)"')
_ATTRIBUTE = re.compile(r'\b(?:class|id|data-[\w-]+)="([^"]*)"')
#: what it is written for; newer ways to say a thing are said in the older one too
BROWSERS = ["chrome >= 100", "firefox >= 100", "safari >= 15"]


def sheets(page: str) -> list[str]:
    """The style sheets of a page, as paths in the site."""
    made_of = _MADE_OF.search(page)
    return made_of[1].split() if made_of else list(dict.fromkeys(n for _, n in LINK.findall(page)))


def linked(page: str, version: str) -> str:
    """The page with one style sheet in place of many."""
    first = LINK.search(page)
    link = f'\n    <link rel="stylesheet" href="{first[1]}_static/{NAME}?v={version}"'
    made_of = f' data-from="{" ".join(sheets(page))}">'
    return page[: first.start()] + link + made_of + LINK.sub("", page[first.start() :])


def purged(folder: Path, pages: Iterable[str], scripts: Iterable[str]) -> str:
    """All style sheets of the site, without what no markup has and no script names."""
    names: list[str] = []  # in the order of the pages: a later sheet overrules an earlier one
    said = list(scripts)
    for page in pages:
        at = 0
        for name in sheets(page):
            if name not in names:
                names.insert(at, name)
            at = names.index(name) + 1
        said += [*set(_ATTRIBUTE.findall(page)), *re.findall(r"--[A-Za-z][\w-]*", page)]
    sheet = "\n".join(_whole(folder / name, folder / "_static") for name in names)
    words = set(re.findall(r"(?:--)?[A-Za-z_][\w-]*", "\n".join(said)))
    words.update(re.findall(r"@keyframes ([\w-]+)", sheet))
    classes = {re.sub(r"\\(.)", r"\1", n) for n in re.findall(r"[.#]((?:\\.|[\w-])+)", sheet)}
    sheet = _without(classes - words, sheet)
    definitions = re.findall(r"(--[\w-]+):([^;{}]*)", sheet)
    used = words | _variables(re.sub(r"--[\w-]+:[^;{}]*", "", sheet))
    while more := {v for n, value in definitions if n in used for v in _variables(value)} - used:
        used |= more
    return _without({name for name, _ in definitions} - used, sheet)


def _variables(text: str) -> set[str]:
    return set(re.findall(r"var\(\s*(--[\w-]+)", text))


def _without(unused: set[str], sheet: str) -> str:
    return lightningcss.process_stylesheet(
        sheet, error_recovery=True, unused_symbols=unused, browsers_list=BROWSERS
    )


def _whole(path: Path, static: Path) -> str:
    """A style sheet with those that it imports; its addresses start at the folder of all."""
    text = lightningcss.bundle_css(
        str(path), error_recovery=True, browsers_list=BROWSERS, minify=False
    )
    here = posixpath.relpath(path.parent, static)
    address = r'url\("(?![a-z]+:|#|/)([^"]+)"\)'
    return re.sub(
        address, lambda m: f'url("{posixpath.normpath(posixpath.join(here, m[1]))}")', text
    )
