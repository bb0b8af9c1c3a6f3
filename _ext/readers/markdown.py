"""From MyST to Markdown that JupyterLab, Notebook, VS Code, Colab and GitHub's preview all set.

Whatever is not known here is an error, so that nothing stands raw in a notebook.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape

from .citations import Bibliography, keys_of
from .contents import Page
from .labels import Labels, Target, term_anchor

_OPENING = re.compile(r"^(:{3,}|`{3,})\{([^}]+)\} *(.*)$")
_FENCE = re.compile(r"^(`{3,}|~{3,})")
_OPTION = re.compile(r"^:([\w-]+): *(.*)$")
_TARGET = re.compile(r"^\(([^()\s]+)\)=$")
_LABELED = re.compile(r"^\$\$(?: *\(([^()\s]+)\))?$")
#: code, math, or a role with its text; whichever starts first
_INLINE = re.compile(
    r"\{(?P<role>[a-z][\w:.+-]*)\}`(?P<text>[^`]+)`"
    r"|(?P<code>(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`))"
    r"|(?P<math>(?<![\\$])\$(?!\s)[^$]+?(?<![\\\s])\$)"
    r'|<a href="(?P<href>[^"]*)">(?P<inner>.*?)</a>'
    r"|\]\((?P<address>[^()\s]+)\)",
    re.S,
)
_WITH_TARGET = re.compile(r"(.*?)\s*<([^<>]+)>", re.S)


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
    """

    def __init__(
        self,
        page: Page,
        labels: Labels,
        bibliography: Bibliography,
        pages: list[Page],
        site: str = "",
        alone: bool = False,
    ):
        self.page, self.labels, self.bibliography = page, labels, bibliography
        self.site, self.alone = site, alone
        self.pages = {p.name: p for p in pages}
        self.cited: list[str] = []

    def __call__(self, text: str) -> str:
        try:
            return _spaced("\n".join(self._blocks(text.split("\n"))))
        except (KeyError, ValueError) as error:
            raise ValueError(f"{self.page.path}: {error.args[0]}") from error

    # ---- blocks

    def _blocks(self, lines: list[str]) -> list[str]:
        out: list[str] = []
        prose: list[str] = []  # roles may span the lines of a paragraph

        def flush() -> None:
            if prose:
                out.extend(self._inline("\n".join(prose)).split("\n"))
                prose.clear()

        at = 0
        while at < len(lines):
            line = lines[at]
            opening, fence = _OPENING.match(line), _FENCE.match(line)
            if opening or fence:
                flush()
                mark = (opening or fence)[1]
                end = _closing(lines, at + 1, mark)
                body = lines[at + 1 : end]
                if opening:
                    out += self._directive(opening[2], opening[3].strip(), body)
                else:
                    out += [line, *body, lines[end]]
                at = end
            elif target := _TARGET.match(line):
                flush()
                out += [_anchor(target[1]), ""]
            elif line.startswith("$$"):
                flush()
                end = at if _one_line(line) else _end_of_math(lines, at + 1)
                out += self._display(lines[at : end + 1])
                at = end
            elif line.startswith("# "):
                flush()
                number = f"{self.page.number}. " if self.page.number else ""
                out.append(f"# {number}{self._inline(line[2:])}")
            else:
                prose.append(line)
            at += 1
        flush()
        return out

    def _display(self, lines: list[str]) -> list[str]:
        if len(lines) == 1:
            return lines
        label = _LABELED.match(lines[-1])[1]
        if not label:
            return lines
        target = self.labels[label]
        tag = rf"\tag{{{target.number}}}"
        return [_anchor(label), "", *lines[:-1], tag, "$$"]

    def _directive(self, name: str, argument: str, body: list[str]) -> list[str]:
        options = {}
        while body and (option := _OPTION.match(body[0])):
            options[option[1]] = option[2]
            body = body[1:]
        if name not in _DIRECTIVES:
            raise ValueError(f"the directive {name!r} is not known here")
        return _DIRECTIVES[name](self, self._inline(argument), options, body)

    def _admonition(self, title: str, options: dict, body: list[str]) -> list[str]:
        return ["", *_quoted([f"**{title}**", "", *self._blocks(body)]), ""]

    def _dropdown(self, title: str, options: dict, body: list[str]) -> list[str]:
        summary = f"<summary><b>{_html(title)}</b></summary>"
        return ["", "<details>", summary, "", *self._blocks(body), "", "</details>", ""]

    def _exercise(self, title: str, options: dict, body: list[str]) -> list[str]:
        label = options["label"]
        heading = f"### {self.labels[label].text} {title}"
        return ["", _anchor(label), "", heading, "", *self._blocks(body), ""]

    def _tabs(self, title: str, options: dict, body: list[str]) -> list[str]:
        return ["", *self._blocks(body), ""]

    def _tab(self, title: str, options: dict, body: list[str]) -> list[str]:
        return ["", f"**{title}**", "", *self._blocks(body), ""]

    def _plain(self, title: str, options: dict, body: list[str]) -> list[str]:
        return ["", *self._blocks(body), ""]

    def _glossary(self, title: str, options: dict, body: list[str]) -> list[str]:
        out = []
        for line in body:
            if line and not line[0].isspace():
                out += ["", f'<a id="{term_anchor(line)}"></a>**{line}**', ""]
            else:
                out.append(line.strip())
        return [*self._inline("\n".join(out)).split("\n"), ""]

    def _tile(self, document: str, options: dict, body: list[str]) -> list[str]:
        page = self._page(document)
        number = f"{page.number}. " if page.number else ""
        words = self._inline(" ".join(line.strip() for line in body))
        return ["", f"**{self.to_page(page, number + page.title)}**<br>", *words.split("\n"), ""]

    def _nothing(self, title: str, options: dict, body: list[str]) -> list[str]:
        return []

    # ---- inline

    def _inline(self, text: str) -> str:
        return _INLINE.sub(self._replaced, text)

    def _replaced(self, found: re.Match) -> str:
        if found["role"]:
            if found["role"] not in _ROLES:
                raise ValueError(f"the role {found['role']!r} is not known here")
            return _ROLES[found["role"]](self, found["text"])
        if found["href"] is not None:
            return self._html_link(found["href"], self._inline(found["inner"]))
        if found["address"] and found["address"].startswith("#"):
            return f"](#{self.labels[found['address'][1:]].anchor})"
        return found[0]  # code, math, links to other sites

    def _html_link(self, href: str, words: str) -> str:
        """A link to a view of a live figure leads to the page that has it, where one is known."""
        if re.match(r"https?:", href):
            return f"[{words}]({href})"
        document, _, view = href.partition("#")
        document = document or f"{self.page.name}.html"
        return self._published(f"chapters/{document}{'#' * bool(view)}{view}", words)

    def _published(self, path: str, words: str) -> str:
        """A link to the published site, or the words where its address is not known."""
        return f"[{words}]({self.site}{path})" if self.site else words

    def _to(self, target: Target, words: str) -> str:
        if target.page is self.page:
            return f"[{words}](#{target.anchor})"
        if target.page.file and not self.alone:
            return f"[{words}]({target.page.file}#{target.anchor})"
        return self._published(f"{target.page.document}.html#{target.anchor}", words)

    def _page(self, document: str) -> Page:
        name = document.strip().rpartition("/")[2]
        if name not in self.pages:
            raise KeyError(f"there is no page {document!r}")
        return self.pages[name]

    def _doc(self, text: str) -> str:
        words, document = _words_and_target(text)
        page = self._page(document)
        return self.to_page(page, self._inline(words or page.title))

    def to_page(self, page: Page, words: str) -> str:
        """A link to a page: to its notebook, to the site, or the words alone."""
        if page.file and not self.alone:
            return f"[{words}]({page.file})"
        return self._published(f"{page.document}.html", words)

    def _ref(self, text: str) -> str:
        words, label = _words_and_target(text)
        if label in ("genindex", "search"):
            return self._published(f"{label}.html", words or label)
        target = self.labels[label]
        return self._to(target, self._inline(words or target.text))

    def _eq(self, text: str) -> str:
        target = self.labels[text]
        return self._to(target, target.text)

    def _term(self, text: str) -> str:
        words, name = _words_and_target(text)
        return self._to(self.labels.term(name), words or name)

    def _cite(self, text: str) -> str:
        self.cited += keys_of(text)
        return self.bibliography.citation(text)

    def _python(self, text: str) -> str:
        words, name = _words_and_target(text)
        short = name.startswith("~")
        name = name.lstrip("~")
        shown = words or (name.rpartition(".")[2] if short else name)
        return self._published(f"chapters/api.html#{name}", f"`{shown}`")


_DIRECTIVES: dict[str, Callable] = {
    "admonition": Translator._admonition,
    "dropdown": Translator._dropdown,
    "exercise": Translator._exercise,
    "tab-set": Translator._tabs,
    "tab-item": Translator._tab,
    "div": Translator._plain,
    "tiles": Translator._plain,
    "tile": Translator._tile,
    "glossary": Translator._glossary,
    "exercise-progress": Translator._nothing,
}
for _kind in ("note", "tip", "hint", "important", "warning", "caution", "seealso"):
    _DIRECTIVES[_kind] = lambda self, title, options, body, kind=_kind: self._admonition(
        title or kind.capitalize().replace("Seealso", "See also"), options, body
    )

_ROLES: dict[str, Callable] = {
    "doc": Translator._doc,
    "ref": Translator._ref,
    "numref": Translator._ref,
    "eq": Translator._eq,
    "term": Translator._term,
    "cite": Translator._cite,
    **{
        f"py:{kind}": Translator._python
        for kind in ("class", "func", "meth", "mod", "attr", "data")
    },
}


def _words_and_target(text: str) -> tuple[str, str]:
    """`words <target>`, or the target alone."""
    found = _WITH_TARGET.fullmatch(text)
    return (found[1], found[2]) if found else ("", text)


def _anchor(label: str) -> str:
    return f'<a id="{escape(label)}"></a>'


def _html(text: str) -> str:
    """A line of Markdown inside a line of HTML: its math stays, its code and emphasis become elements."""
    text = re.sub(r"`([^`]+)`", lambda m: f"<code>{escape(m[1])}</code>", text)
    return re.sub(r"\*([^*]+)\*", r"<i>\1</i>", text)


def _closing(lines: list[str], start: int, mark: str) -> int:
    for k in range(start, len(lines)):
        line = lines[k].rstrip()
        if len(line) >= len(mark) and line == line[0] * len(line) and line[0] == mark[0]:
            return k
    raise ValueError(f"{lines[start - 1]!r} is not closed")


def _one_line(line: str) -> bool:
    return len(line) > 4 and line.rstrip().endswith("$$")


def _end_of_math(lines: list[str], start: int) -> int:
    for k in range(start, len(lines)):
        if _LABELED.match(lines[k]):
            return k
    raise ValueError(f"the equation after {lines[start - 1]!r} is not closed")


def _quoted(lines: list[str]) -> list[str]:
    """A quote. An equation in it takes one line, since some front ends read its other lines with their `>`."""
    joined: list[str] = []
    equation: list[str] | None = None
    fenced = False
    for line in lines:
        fenced ^= line.startswith("```")
        if line == "$$" and not fenced:
            if equation is None:
                equation = []
            else:
                joined.append(f"$${' '.join(equation)}$$")
                equation = None
        elif equation is not None:
            equation.append(line.strip())
        else:
            joined.append(line)
    text = _spaced("\n".join(joined))
    return [f"> {line}".rstrip() for line in text.split("\n")]


def _spaced(text: str) -> str:
    """Without runs of empty lines, outside code."""
    pieces = re.split(r"(^```.*?^```$)", text, flags=re.S | re.M)
    pieces[::2] = [re.sub(r"\n{3,}", "\n\n", p) for p in pieces[::2]]
    return "".join(pieces).strip("\n")
