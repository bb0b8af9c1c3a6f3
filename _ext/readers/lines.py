"""Lines of Markdown: fences, quotes, HTML, and what is left of MyST where nothing should be."""

from __future__ import annotations

import re
from html import escape

#: signs of one paragraph
_WITHIN = r"(?:(?!\n[ >]*\n){})"
#: code and math, in which nothing is translated
VERBATIM = (
    rf"(?P<code>(?P<ticks>`+)(?!`){_WITHIN.format('.')}*?(?<!`)(?P=ticks)(?!`))"
    rf"|(?P<math>(?<![\\$])(?:\$\${_WITHIN.format('[^$]')}+\$\$|\$(?!\s){_WITHIN.format('[^$]')}+?(?<![\\\s])\$))"
)
_VERBATIM = re.compile(VERBATIM, re.S)
_FENCED = re.compile(
    r"^[ >]*(?P<mark>`{3,}|~{3,})[^\n]*\n(?:.*?\n)??[ >]*(?P=mark)[ \t]*$", re.S | re.M
)
_RAW = re.compile(
    r"\{[a-z][\w:.+-]*\}`[^`\n]*`?"  # a role; in code it would have lost its text by now
    r"|^[ >*-]*(?::{3,}|`{3,}\{|~{3,}\{)[^\n]*"
    r"|^[ >*-]*\([\w.:-]+\)=[ \t]*$"
    r"|\$\$[ \t]*\([\w.:-]+\)[ \t]*$"
    r"|\{\{[^\n]*|<!--[^\n]*|<(?:inv|project|path|myst):[^\n>]*"
    r"|\[\^[^\]\n]+\]"
    r"|^[ ]{0,3}:[ ]{1,3}\S[^\n]*"
    r"|(?<=[\])])\{[.#\w][^}\n]*\}"
    r"|^[ >]*\{[.#][^}\n]*\}[ \t]*$"
    r"|^\+\+\+.*$|^%.*$"
    r"|\\begin\{\w+\*?\}"
    r"|[^\n]{0,20}\$[^\n]{0,20}",  # a price: JupyterLab takes it for the start of a formula, escaped or not
    re.M,
)


def raw(text: str) -> str:
    """The first piece of MyST that stands in plain Markdown, or nothing."""
    text = _FENCED.sub("", text)
    text = _VERBATIM.sub(lambda m: m[0] if _role_before(m) else "x", text)
    found = _RAW.search(text)
    return found[0].strip() if found else ""


def _role_before(code: re.Match) -> bool:
    return bool(re.search(r"\{[a-z][\w:.+-]*\}$", code.string[: code.start()]))


def closing(lines: list[str], start: int, mark: str) -> int:
    """The line that closes what `mark` has opened on the line before `start`."""
    for k in range(start, len(lines)):
        line = lines[k].strip()
        if len(line) >= len(mark) and line == mark[0] * len(line):
            return k
    raise ValueError(f"{lines[start - 1]!r} is not closed")


def fence_around(code: str) -> str:
    """A fence that is longer than any in the code."""
    return "`" * max(3, 1 + max(map(len, re.findall(r"^ *(`{3,})", code, re.M)), default=0))


def quoted(lines: list[str]) -> list[str]:
    """A quote. An equation in it takes one line, since some front ends read its other lines with their `>`."""
    joined: list[str] = []
    equation: list[str] | None = None
    fence = ""
    for line in spaced("\n".join(lines)).split("\n"):
        mark = re.match(r" *(`{3,}|~{3,})", line)
        if mark and not fence:
            fence = mark[1]
        elif mark and line.strip().startswith(fence):
            fence = ""
        if line.strip() == "$$" and not fence and not mark:
            if equation is None:
                equation = []
            else:
                indent = line[: line.index("$")]
                joined.append(f"{indent}$${' '.join(equation)}$$")
                equation = None
        elif equation is not None:
            equation.append(
                re.sub(r"(?<!\\)%.*", "", line).strip()
            )  # TeX's comments end with the line
        else:
            joined.append(line)
    return [f"> {line}".rstrip() for line in joined]


def spaced(text: str) -> str:
    """Without runs of empty lines, outside code."""
    out, last = [], 0
    for code in _FENCED.finditer(text):
        out += [re.sub(r"\n{3,}", "\n\n", text[last : code.start()]), code[0]]
        last = code.end()
    out.append(re.sub(r"\n{3,}", "\n\n", text[last:]))
    return "".join(out).strip("\n")


def html(text: str) -> str:
    """A line of Markdown inside a line of HTML: its math stays, the rest becomes elements."""
    kept: list[str] = []

    def keep(found: re.Match) -> str:
        code = found["code"]
        kept.append(
            f"<code>{escape(code.strip('`'))}</code>" if code else escape(found[0], quote=False)
        )
        return f"\0{len(kept) - 1}\0"

    text = escape(_VERBATIM.sub(keep, text), quote=False)
    text = re.sub(
        r"\[([^\[\]]*)\]\([^()\s]*\)", r"\1", text
    )  # a link would fold and unfold as well
    text = re.sub(r"\*\*(.+?)\*\*", r"\1", text)  # it is bold already
    text = re.sub(r"\*([^*]+)\*|(?<!\w)_([^_]+)_(?!\w)", lambda m: f"<i>{m[1] or m[2]}</i>", text)
    return re.sub("\0(\\d+)\0", lambda m: kept[int(m[1])], text)


def in_a_cell(text: str) -> str:
    """Without bars, which would end a cell of a table, in formulas too."""
    math = {r"\|": r"\Vert ", "|": r"\vert "}

    def bars(found: re.Match) -> str:
        if found["math"]:
            return re.sub(r"\\?\|", lambda bar: math[bar[0]], found[0]).replace(" $", "$")
        return found[0].replace("|", r"\|")

    return re.sub(rf"{VERBATIM}|\|", bars, text, flags=re.S)


def anchor(label: str) -> str:
    return f'<a id="{escape(label)}"></a>'


def unlinked(text: str) -> str:
    """Markdown without its links, to stand in a link itself."""
    return re.sub(r"(?<!!)\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\([^()\s]*\)", r"\1", text)
