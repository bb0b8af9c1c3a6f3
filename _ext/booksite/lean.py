"""Makes the written site light, safe and accessible: what the theme ships and no page uses goes out.

After the build each page gets one style sheet with only the rules that some page can use, fonts cut to the
glyphs that are shown, deferred scripts, and a Content-Security-Policy; `mend.py` mends the markup.
"""

from __future__ import annotations

import base64
import hashlib
import html
import io
import logging as python_logging
import os
import posixpath
import re
from collections.abc import Iterator
from pathlib import Path

import tinycss2
from fontTools import subset
from fontTools.ttLib import TTFont
from sphinx.util import logging

from .mend import Mender

logger = logging.getLogger(__name__)
python_logging.getLogger("fontTools").setLevel(python_logging.WARNING)

SHEET = "site.css"
_STYLE = re.compile(r'\s*<link\b(?=[^>]*rel="stylesheet")[^>]*href="([^"]+)"[^>]*>')
_SCRIPT = re.compile(r"[ \t]*<script\b([^>]*)>(.*?)</script>\n?", re.S)
_WORD = re.compile(r"[A-Za-z_][\w-]*")
_ATTRIBUTE = re.compile(r'\b(?:class|id|type|role|rel|data-[\w-]+)="([^"]*)"')
_TAG = re.compile(r"<([a-z][\w-]*)")
_LEAF = re.compile(r'<span(?: class="([^"]*)")?[^>]*>([^<]+)<')
#: KaTeX's class for each of its fonts; the fonts that are not here serve any character
_CHOSEN_BY = {
    "KaTeX_AMS-Regular": "mathbb|textbb|amsrm",
    "KaTeX_Caligraphic-Bold": "boldsymbol",
    "KaTeX_Caligraphic-Regular": "mathcal",
    "KaTeX_Fraktur-Bold": "mathboldfrak|textboldfrak",
    "KaTeX_Fraktur-Regular": "mathfrak|textfrak",
    "KaTeX_Main-Bold": "mathbf|textbf",
    "KaTeX_Main-BoldItalic": "textbf",
    "KaTeX_Main-Italic": "mathit|textit",
    "KaTeX_Math-BoldItalic": "boldsymbol",
    "KaTeX_Math-Italic": "mathnormal",
    "KaTeX_SansSerif-Bold": "mathboldsf|textboldsf",
    "KaTeX_SansSerif-Italic": "mathitsf|mathsfit|textitsf",
    "KaTeX_SansSerif-Regular": "mathsf|textsf",
    "KaTeX_Script-Regular": "mathscr|textscr",
    "KaTeX_Typewriter-Regular": "mathtt|texttt",
}
#: the definition of a variable in a style sheet, with its name
_VARIABLE = re.compile(
    r"""(?<=[{;\s])(--[\w-]+)\s*:(?:"[^"]*"|'[^']*'|url\([^)"']*\)|[^;{}"'])*;?"""
)
#: scripts whose work the pages do without (icons from a font, menus and hints of the browser), or `book.js` does
_UNUSED = (
    "scripts/fontawesome.js",
    "scripts/bootstrap.js",
    "scripts/sphinx-book-theme.js",
    "clipboard.min.js",
    "copybutton.js",
)
#: scripts that only the page of the search results needs
_SEARCH = ("searchtools.js", "language_data.js", "searchindex.js")


class Site:
    """The folder of the written site, and how its pages are made lean."""

    def __init__(self, folder: Path, kept: Path):
        self.folder, self.kept = folder, kept
        self.static = folder / "_static"
        texts = {p: p.read_text("utf-8") for p in sorted(folder.rglob("*.html"))}
        self.pages = {p: t for p, t in texts.items() if _STYLE.search(t)}  # the others redirect

    def run(self) -> None:
        before = dict(self.pages)
        for name in _UNUSED:
            (self.static / name).unlink(missing_ok=True)
        mend = Mender(self.static)
        for path, text in self.pages.items():
            if 'data-from="' not in text:
                self.pages[path] = mend(self.scripts(path, text))
        sheet = self.sheet()
        (self.static / SHEET).write_text(sheet, "utf-8")
        version = hashlib.sha256(sheet.encode()).hexdigest()[:8]
        for path, text in self.pages.items():
            if 'data-from="' not in text:
                text = self.policy(self.link(path, text, version))
            if text != before[path]:
                path.write_text(text, "utf-8")
        self.fonts(sheet)
        self.measuring()

    # -------------------------------------------------------------------------- style sheets

    def links(self, path: Path, text: str) -> list[str]:
        """The style sheets of a page, as paths in the site."""
        named = re.search(r'data-from="([^"]*)"', text)
        if named:
            return named[1].split()
        found = (u.partition("?")[0].partition("_static/")[2] for u in _STYLE.findall(text))
        return [f"_static/{name}" for name in dict.fromkeys(found)]

    def link(self, path: Path, text: str, version: str) -> str:
        """One style sheet in place of many."""
        names = self.links(path, text)
        up = _STYLE.search(text)[1].partition("_static/")[
            0
        ]  # of the 404 page it is the root of the host
        one = (
            f'\n    <link rel="stylesheet" href="{up}_static/{SHEET}?v={version}" '
            f'data-from="{" ".join(names)}">'
        )
        first = _STYLE.search(text)
        assert first is not None
        head = text[: first.start()] + one
        return head + _STYLE.sub("", text[first.start() :])

    def words(self) -> set[str]:
        """Every name that a selector could match: in the markup, or put there by a script."""
        found: set[str] = {"html", "body", "root"}
        for text in self.pages.values():
            values = set(_ATTRIBUTE.findall(text))
            found.update(w for v in values for w in v.split())
            found.update(_TAG.findall(text))
        for script in self.code():
            found.update(_WORD.findall(script))
        return found

    def code(self) -> list[str]:
        """The scripts that the pages may load, but for the states of figures."""
        paths = [p for p in self.static.rglob("*.js") if p.parent.name != "live"]
        return [p.read_text("utf-8", "replace") for p in paths]

    def sheet(self) -> str:
        """All style sheets of the site, in order, without the rules that nothing can match."""
        names: list[str] = []  # in the order of the pages: a later sheet overrules an earlier one
        for path, text in self.pages.items():
            at = 0
            for name in self.links(path, text):
                if name not in names:
                    names.insert(at, name)
                at = names.index(name) + 1
        words = self.words()
        parts = []
        for name in names:
            path = self.folder / name
            if path.name == SHEET or not path.exists():
                continue
            parts += self.imported(path, words)
        return self.without_unused_variables("\n".join(parts))

    def without_unused_variables(self, sheet: str) -> str:
        """Half of the variables that the theme defines are for parts that no page has."""
        outside: set[str] = set()
        for text in [*self.pages.values(), *self.code()]:
            outside.update(re.findall(r"--[A-Za-z][\w-]*", text))
        before = ""
        while sheet != before:  # a variable may be used by one that is not
            before = sheet
            sheet = _drop(sheet, outside.union(re.findall(r"var\(\s*(--[\w-]+)", sheet)))
        return re.sub(r"[^{}]+\{\s*\}", "", sheet)

    def imported(self, path: Path, words: set[str]) -> Iterator[str]:
        """The used rules of a style sheet, after those of the sheets that it imports."""
        source = path.read_text("utf-8")
        rules = tinycss2.parse_stylesheet(source, skip_comments=True, skip_whitespace=True)
        for rule in [r for r in rules if r.type == "at-rule" and r.lower_at_keyword == "import"]:
            rules.remove(rule)
            address = next(t.value for t in rule.prelude if t.type in ("string", "url"))
            yield from self.imported((path.parent / address).resolve(), words)
        folder = posixpath.relpath(path.parent.resolve(), self.static.resolve())
        yield _rebase("\n".join(_used(rules, words)), folder)

    # -------------------------------------------------------------------------- scripts

    def scripts(self, path: Path, text: str) -> str:
        """Scripts that the page can use, deferred; the options of the documentation stand in the page."""
        here = path.relative_to(self.folder)
        searching = here.name == "search.html"

        def change(match: re.Match) -> str:
            attributes, body = match.groups()
            source = re.search(r'src="([^"?]+)', attributes)
            if not source:
                return "" if _needless_inline(body, text) else match[0]
            name = posixpath.basename(source[1])
            if name == "documentation_options.js":
                options = (self.static / name).read_text("utf-8").strip()
                return f"    <script>{options}</script>\n"
            if source[1].endswith(_UNUSED) or (name in _SEARCH and not searching):
                return ""
            if name == "design-tabs.js" and 'class="sd-tab' not in text:
                return ""
            if name == "togglebutton.js" and not _toggles(text):
                return ""
            if re.search(r"\b(defer|async)\b", attributes):
                return match[0]
            return match[0].replace("<script", "<script defer", 1)

        text = _SCRIPT.sub(change, text)
        text = re.sub(r'\s*<link rel="preload" as="script"[^>]*>', "", text)
        return re.sub(
            r"document\.documentElement\.dataset\.mode = localStorage.*?;\s*"
            r"document\.documentElement\.dataset\.theme = localStorage.*?;",
            _STORED_THEME,
            text,
            count=1,
            flags=re.S,
        )

    def measuring(self) -> None:
        """Take out the theme's measuring of all that could scroll, for which `book.js` has a cheaper way.

        It lays out every hidden listing at the start, and again after each move of a slider.
        """
        path = self.static / "scripts" / "pydata-sphinx-theme.js"
        text = path.read_text("utf-8")
        start = r',"complete"===document\.readyState\?(\w+)\(\):window\.addEventListener\("load",\1\)(?=\}\)\(\);)'
        path.write_text(re.sub(start, "", text), "utf-8")

    # -------------------------------------------------------------------------- policy and fonts

    def policy(self, text: str) -> str:
        """The Content-Security-Policy of a page: its own host, and the scripts that stand in it by hash."""
        hashes = []
        for attributes, body in _SCRIPT.findall(text):
            if "src=" not in attributes and "application/" not in attributes:
                digest = hashlib.sha256(body.encode()).digest()
                hashes.append(f"'sha256-{base64.b64encode(digest).decode()}'")
        scripts = " ".join(dict.fromkeys(["'self'", *hashes]))
        rules = [
            "default-src 'self'",
            f"script-src {scripts}",
            "style-src 'self' 'unsafe-inline'",  # SVG and KaTeX have style attributes
            "img-src 'self' data:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
        ]
        meta = f'<meta http-equiv="Content-Security-Policy" content="{"; ".join(rules)}">'
        return re.sub(r'(<meta charset="utf-8" ?/?>)', rf"\1\n    {meta}", text, count=1)

    def fonts(self, sheet: str) -> None:
        """Fonts cut to the glyphs that some page shows."""
        leaves = {leaf for text in self.pages.values() for leaf in _LEAF.findall(text)}
        icons = set(re.findall("[\ue000-\uf8ff]", sheet))  # the private use area
        for path in self.static.rglob("*.woff2"):
            if path.parent.name == "webfonts":
                characters = icons
            else:
                chosen = re.compile(_CHOSEN_BY.get(path.stem, ""))
                shown = {text for names, text in leaves if chosen.search(names)}
                characters = set(html.unescape("".join(sorted(shown))))
            self.cut(path, characters)

    def cut(self, path: Path, characters: set[str]) -> None:
        data = path.read_bytes()
        wanted = "".join(sorted(characters))
        key = hashlib.sha256(data + wanted.encode()).hexdigest()[:20]
        kept = self.kept / f"{path.stem}-{key}.woff2"
        if not kept.exists():
            kept.parent.mkdir(parents=True, exist_ok=True)
            font = TTFont(io.BytesIO(data))
            options = subset.Options(flavor="woff2", layout_features=["*"], notdef_outline=True)
            options.drop_tables += ["FFTM"]
            cutter = subset.Subsetter(options)
            cutter.populate(text=wanted)
            cutter.subset(font)
            subset.save_font(font, str(kept), options)
        if len(data) > kept.stat().st_size:
            path.write_bytes(kept.read_bytes())


#: the reader's theme, before the first paint; where storage is blocked, the scripts of the theme find an empty one
_STORED_THEME = """
    try { localStorage.getItem("mode"); } catch {
      const none = { getItem: () => null, setItem() {}, removeItem() {}, clear() {}, key: () => null, length: 0 };
      Object.defineProperty(window, "localStorage", { value: none });
    }
    const root = document.documentElement, mode = localStorage.getItem("mode") || "auto";
    const dark = mode === "dark" || (mode === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
    root.dataset.mode = mode;
    root.dataset.theme = dark ? "dark" : "light";"""


def _toggles(text: str) -> bool:
    return bool(re.search(r'class="(?:[^"]* )?(?:toggle|admonition dropdown)[ "]', text))


def _needless_inline(body: str, text: str) -> bool:
    return (
        "toggleHint" in body or "toggleOpen" in body or "togglebutton" in body
    ) and not _toggles(text)


def _drop(sheet: str, used: set[str]) -> str:
    """A style sheet without the variables that are not among the used."""
    return _VARIABLE.sub(lambda m: m[0] if m[1] in used else "", sheet)


def _used(rules: list, words: set[str]) -> Iterator[str]:
    """The rules that some element of the site can match, as text."""
    for rule in rules:
        if rule.type == "qualified-rule":
            selectors = _selectors(tinycss2.serialize(rule.prelude))
            selectors = [s for s in selectors if _matches(s, words)]
            if selectors:
                yield f"{','.join(selectors)}{{{_shorter(rule.content)}}}"
        elif rule.type == "at-rule" and rule.content is not None:
            prelude = tinycss2.serialize(rule.prelude).strip()
            name = rule.lower_at_keyword
            if name in ("media", "supports", "layer", "container"):
                inner = tinycss2.parse_rule_list(
                    rule.content, skip_comments=True, skip_whitespace=True
                )
                body = "\n".join(_used(inner, words))
                if body:
                    yield f"@{name} {prelude}{{{body}}}"
            else:
                # a formula is there at once, and gets its letters when they arrive
                content = re.sub(
                    r"font-display: ?block", "font-display:swap", _shorter(rule.content)
                )
                yield f"@{name} {prelude}{{{content if 'KaTeX' in content else _shorter(rule.content)}}}"
        elif rule.type == "at-rule":
            yield rule.serialize()


def _selectors(prelude: str) -> list[str]:
    """A list of selectors, split at the commas outside of brackets."""
    parts, depth, part = [], 0, ""
    for c in prelude:
        depth += (c in "([") - (c in ")]")
        if c == "," and depth == 0:
            parts.append(part.strip())
            part = ""
        else:
            part += c
    return [*parts, part.strip()]


def _matches(selector: str, words: set[str]) -> bool:
    # what stands in :not(), :is(), :where() may be absent and the selector still match
    bare = selector
    while (shorter := re.sub(r":(?:not|is|where|has)\([^()]*\)", "", bare)) != bare:
        bare = shorter
    bare = re.sub(r"\[[^\]]*\]|::?[\w-]+(\([^()]*\))?", "", bare)
    names = re.findall(r"[.#]((?:\\.|[\w-])+)", bare)
    return all(re.sub(r"\\(.)", r"\1", n) in words for n in names)


def _shorter(content: list) -> str:
    text = tinycss2.serialize([t for t in content if t.type != "comment"])
    return re.sub(r"\s+", " ", text).strip()


def _rebase(text: str, folder: str) -> str:
    """Addresses relative to a style sheet's own folder, made relative to `_static`."""

    def change(match: re.Match) -> str:
        address = match[1].strip("\"'")
        if re.match(r"[a-z]+:|#|/", address):
            return match[0]
        return f'url("{posixpath.normpath(posixpath.join(folder, address))}")'

    return re.sub(r"url\(([^)]+)\)", change, text)


def finish(app, exception) -> None:
    if exception is None and app.builder.format == "html":
        folder = Path(app.outdir)
        Site(folder, Path(app.srcdir) / "_build" / ".fonts").run()
        size = os.path.getsize(folder / "_static" / SHEET)
        logger.info(f"one style sheet for all pages: {size / 1000:.0f} kB")


def setup(app) -> dict:
    app.connect("build-finished", finish, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
