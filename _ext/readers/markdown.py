"""From MyST to Markdown that JupyterLab, Notebook, VS Code, Colab and GitHub's preview all set.

Whatever is not known here is an error, so that nothing stands raw in a notebook.
"""

from __future__ import annotations

import base64
import mimetypes
import re

from .citations import Bibliography
from .contents import Page
from .directives import BARE, DIRECTIVES
from .labels import Labels, Target, slug
from .lines import VERBATIM, anchor, closing, raw, spaced, unlinked
from .notes import Notes
from .roles import ROLES

_OPENING = re.compile(r"^(:{3,}|`{3,}|~{3,})\{([^}]+)\} *(.*)$")
_FENCE = re.compile(r"^(`{3,}|~{3,})")
_OPTION = re.compile(r"^ *:([\w-]+): *(.*)$")
_TARGET = re.compile(r"^\(([^()\s]+)\)=\s*$")
_END_OF_MATH = re.compile(r"(.*)\$\$(?: *\(([^()\s]+)\))?\s*$")
_NUMBERED = re.compile(r"\\begin\{((?:align|gather|equation|multline|alignat)\*?)\}")
_ATTRIBUTES = re.compile(r"^\{[.#][^{}]*\}\s*$")
_HEADING = re.compile(r"^##+ +(.+)")
_BESIDE = re.compile(r"[\w./-]+\.(?:ipynb|md)(?:#\S*)?")
#: a role with its text, code, math, links and what follows them; whichever starts first
_INLINE = re.compile(
    r"\{(?P<role>[a-z][\w:.+-]*)\}(?P<quotes>`+)(?P<text>[^`].*?)(?P=quotes)(?!`)"
    rf"|{VERBATIM}"
    r'|<a href="(?P<href>[^"]*)">(?P<inner>.*?)</a>'
    r"|<!--.*?-->"
    r"|!\[(?P<alt>[^\[\]]*)\]\((?P<image>[^()\s]+)[^()]*\)"
    r"|(?<!\\)\[(?P<words>(?:`[^`]*`|\[[^\[\]]*\]|[^\[\]`])*)\]\((?P<address>[^()\s]+)(?:\s+\"[^\"]*\")?\)"
    r"|(?<!\\)\[\^(?P<note>[^\[\]\s]+)\](?!:)"
    r"|\[(?P<span>[^\[\]]*)\]\{[.#\w][^{}\n]*\}"
    r"|(?<=\))\{[.#\w][^{}\n]*\}",  # attributes of a link or an image
    re.S,
)


class Translator:
    """Translates the cells of one page, and remembers what it cited.

    Parameters
    ----------
    page : Page
        The page that is translated.
    labels : Labels
        What can be referred to.
    bibliography : Bibliography
        What can be cited.
    pages : list of Page
        All pages, for `{doc}`.
    site : str
        The address of the published site with a slash at its end, or empty where none is known.
    alone : bool
        True if the other notebooks are not beside this one, so that links lead to the site.
    passages : set of str, optional
        The addresses of headings to which code leads, as the clinic does: ``mse#the-rivals``.
    """

    def __init__(
        self,
        page: Page,
        labels: Labels,
        bibliography: Bibliography,
        pages: list[Page],
        site: str = "",
        alone: bool = False,
        passages: frozenset[str] = frozenset(),
    ):
        self.passages = passages
        self.page, self.labels, self.bibliography = page, labels, bibliography
        self.site, self.alone = site, alone
        self.pages = {p.name: p for p in pages}
        self.cited: list[str] = []
        self.notes = Notes()
        #: those of the cell that was translated last, as a notebook attaches them
        self.images: dict[str, dict[str, str]] = {}

    def __call__(self, text: str) -> str:
        self.images = {}
        try:
            done = spaced("\n".join(self.blocks(text.split("\n"))))
            if left := raw(done):
                raise ValueError(f"{left!r} is not known here, or stands where it is not seen")
            return done
        except (KeyError, ValueError) as error:
            raise ValueError(f"{self.page.path}: {error.args[0]}") from error

    # ---- blocks

    def blocks(self, lines: list[str]) -> list[str]:
        out: list[str] = []
        prose: list[str] = []  # roles may span the lines of a paragraph

        def flush() -> None:
            if prose:
                out.extend(self.inline("\n".join(prose)).split("\n"))
                prose.clear()

        at = 0
        while at < len(lines):
            line = lines[at]
            end = self._end_of_block(lines, at)
            if end is None and (heading := _HEADING.match(line)):
                prose += self._passage(heading[1])
            if end is None and not line.startswith("# "):
                prose.append(line)
                at += 1
                continue
            flush()
            if end is None:
                number = f"{self.page.number}. " if self.page.number else ""
                out.append(f"# {number}{self.inline(line[2:])}")
                end = at
            elif indent := len(line) - len(line.lstrip(" ")):  # in an item of a list
                inner = [x[min(indent, len(x) - len(x.lstrip(" "))) :] for x in lines[at : end + 1]]
                out += [" " * indent * bool(x) + x for x in self.blocks(inner)]
            else:
                out += self._block(lines[at : end + 1])
            at = end + 1
        flush()
        return out

    def _end_of_block(self, lines: list[str], at: int) -> int | None:
        """The last line of the block that starts here, or None where it is prose."""
        line = lines[at].strip() if lines[at].startswith(" ") else lines[at]
        if mark := _OPENING.match(line) or _FENCE.match(line):
            if mark.re is _FENCE and mark[1] in line[len(mark[1]) :]:
                return None  # code in a line, between as many ticks
            return closing(lines, at + 1, mark[1])
        if line.startswith("$$"):
            if _END_OF_MATH.fullmatch(line[2:]):
                return at
            if "$$" in line[2:]:
                return None  # a formula at the beginning of a line of prose
            for k in range(at + 1, len(lines)):
                if _END_OF_MATH.fullmatch(lines[k]):
                    return k
            raise ValueError(f"the equation after {line!r} is not closed")
        if line.startswith("<!--"):
            for k in range(at, len(lines)):
                if "-->" in lines[k]:
                    return k if lines[k].rstrip().endswith("-->") else None
            raise ValueError(f"{line!r} is not closed")
        if numbered := _NUMBERED.match(line):
            for k in range(at, len(lines)):
                if rf"\end{{{numbered[1]}}}" in lines[k]:
                    return k
            raise ValueError(f"{line!r} is not closed")
        if _TARGET.match(line) or _ATTRIBUTES.match(line):
            return at
        if lines[at].startswith(("%", "+++")):
            return at
        if Notes.opening(line):
            return Notes.end(lines, at)
        after = lines[at + 1] if at + 1 < len(lines) else ""
        if line and re.match(r": {1,3}\S", after):
            k = at + 1
            while k + 1 < len(lines) and re.match(r": {1,3}\S| {2,}\S", lines[k + 1]):
                k += 1
            return k
        return None

    def _block(self, lines: list[str]) -> list[str]:
        first = lines[0]
        if opening := _OPENING.match(first):
            return self._directive(opening[2], opening[3].strip(), lines[1:-1])
        if _FENCE.match(first):
            return lines
        if first.startswith("$$"):
            *tex, last = [first[2:], *lines[1:]]
            end = _END_OF_MATH.fullmatch(last)
            if len(lines) == 1 and not end[2]:
                return lines
            return self.equation([line for line in (*tex, end[1]) if line.strip()], end[2] or "")
        if numbered := _NUMBERED.match(first):
            return self._environment(numbered[1], lines)
        if target := _TARGET.match(first):
            return [anchor(target[1]), "", *self._passage(target[1])]
        if Notes.opening(first):
            self.notes.define(lines, self.inline)
            return []
        if re.match(": ", lines[1] if len(lines) > 1 else ""):
            body = "\n".join(re.sub("^: +", "", line).strip() for line in lines[1:])
            return [*self.inline(f"**{first.strip()}**<br>\n{body}").split("\n")]
        return [""]  # comments, attributes, breaks between cells

    def _passage(self, name: str) -> list[str]:
        """An anchor as the site has it for a label or a heading, where code leads there and none is there yet."""
        part = slug(name)
        led = f"{self.page.name}#{part}" in self.passages
        there = part in self.labels and self.labels[part].page is self.page
        return [anchor(part), ""] if led and not there else []

    def equation(self, tex: list[str], label: str = "") -> list[str]:
        """Between dollars, with an anchor and a number if it is labeled."""
        tag = [rf"\tag{{{self.labels[label].number}}}"] if label else []
        return [*([anchor(label), ""] if label else []), "$$", *tex, *tag, "$$"]

    def _environment(self, name: str, lines: list[str]) -> list[str]:
        """A bare environment. Between dollars, where all front ends want it, MathJax takes inner ones only."""
        inner = {"align*": "aligned", "gather*": "gathered", "equation*": ""}
        if name not in inner:
            raise ValueError(
                f"'\\begin{{{name}}}' is not known here; write $$ ... $$ (label), or align*, gather*, equation*"
            )
        text = "\n".join(lines).strip()
        for word in ("begin", "end"):
            new = rf"\{word}{{{inner[name]}}}" if inner[name] else ""
            text = text.replace(rf"\{word}{{{name}}}", new)
        return ["", *self.equation(text.strip().split("\n")), ""]

    def _directive(self, name: str, argument: str, body: list[str]) -> list[str]:
        if name not in DIRECTIVES:
            raise ValueError(f"the directive {name!r} is not known here")
        options = {}
        if body and body[0].strip() == "---":  # options may stand between rules as well
            end = closing(body, 1, "---")
            body = [f":{line}" for line in body[1:end] if line.strip()] + body[end + 1 :]
        while body and (option := _OPTION.match(body[0])):
            options[option[1]] = option[2].strip()
            body = body[1:]
        title = argument if name in BARE else self.inline(argument)
        return DIRECTIVES[name](self, title, options, body)

    # ---- inline

    def inline(self, text: str) -> str:
        return _INLINE.sub(self._replaced, text)

    def _replaced(self, found: re.Match) -> str:
        if found["role"]:
            if found["role"] not in ROLES:
                raise ValueError(f"the role {found['role']!r} is not known here")
            return ROLES[found["role"]](self, found["text"])
        if found["code"] or found["math"]:
            return found[0]
        if found["href"] is not None:
            return self._html_link(found["href"], self.inline(found["inner"]))
        if found["image"]:
            return self.image(found["image"], found["alt"])
        if found["address"]:
            return self._link(found["address"], unlinked(self.inline(found["words"])), found[0])
        if found["note"]:
            return self.notes.reference(found["note"])
        if found["span"]:
            return self.inline(found["span"])
        return ""  # comments, attributes

    def _link(self, address: str, words: str, whole: str) -> str:
        """A link in Markdown: to a label, to a page, or to another site."""
        if re.match(r"[a-z]+:|//", address):
            return f"[{words}{whole[whole.rindex('](') :]}"
        if address.startswith("#") or address in self.labels:
            return self.link(address.lstrip("#"), words, "ref")
        if _BESIDE.fullmatch(address):
            document, _, label = address.partition("#")
            return self.link(label or document.rpartition(".")[0], words, "ref" if label else "doc")
        raise ValueError(f"the link {whole!r} leads nowhere")

    def link(self, target: str, words: str, kind: str) -> str:
        """A link of a kind that cards know too: doc, ref or url. Without words it has those of the target."""
        if kind == "doc":
            page = self.page_of(target)
            return self.to_page(page, words or self.title_of(page))
        if kind == "ref":
            found = self.labels[target]
            words = words or unlinked(self.inline(found.text))
            if not words:
                raise ValueError(
                    f"{target!r} stands before no heading, so a link to it needs words"
                )
            return self.to_target(found, words)
        return self._link(target, words, f"[{words}]({target})")

    def image(self, path: str, alt: str = "") -> str:
        """An image is attached to its cell: a notebook alone has no files beside it."""
        if re.match(r"https?:", path):
            return f"![{alt}]({path})"
        folder = self.page.root if path.startswith("/") else self.page.path.parent
        file = folder / path.lstrip("/")
        kind = mimetypes.guess_type(file.name)[0]
        if not file.is_file() or not (kind or "").startswith("image/"):
            raise ValueError(f"there is no image {path!r}")
        name = re.sub(r"[^\w.-]", "-", path.lstrip("./"))
        self.images[name] = {kind: base64.b64encode(file.read_bytes()).decode()}
        return f"![{alt}](attachment:{name})"

    def _html_link(self, href: str, words: str) -> str:
        """A link to a view of a live figure leads to the page that has it, where one is known."""
        if re.match(r"https?:", href):
            return f"[{words}]({href})"
        document, _, view = href.partition("#")
        document = document or f"{self.page.name}.html"
        folder = self.page.document.rpartition("/")[0]
        return self.published(
            f"{folder}{'/' * bool(folder)}{document}{'#' * bool(view)}{view}", words
        )

    def published(self, path: str, words: str) -> str:
        """A link to the published site, or the words where its address is not known."""
        return f"[{words}]({self.site}{path})" if self.site else words

    def to_target(self, target: Target, words: str) -> str:
        if target.page is self.page:
            return f"[{words}](#{target.anchor})"
        if target.page.file and not self.alone:
            return f"[{words}]({target.page.file}#{target.anchor})"
        return self.published(f"{target.page.document}.html#{target.anchor}", words)

    def to_page(self, page: Page, words: str) -> str:
        """A link to a page: to its notebook, to the site, or the words alone."""
        if page.file and not self.alone:
            return f"[{words}]({page.file})"
        return self.published(f"{page.document}.html", words)

    def title_of(self, page: Page) -> str:
        return unlinked(self.inline(page.title))

    def page_of(self, document: str) -> Page:
        name = document.strip().rpartition("/")[2]
        if name not in self.pages:
            raise KeyError(f"there is no page {document!r}")
        return self.pages[name]
