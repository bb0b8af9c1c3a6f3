"""The HTML in and around a figure: captions, labels, controls, readouts, and the drawing itself."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from html import escape, unescape
from typing import Any

from .controls import Control, LiveFigureError
from .encoding import Merged, columns, pack
from .svg_tree import compact

__all__ = ["inline"]


def alt_and_caption(func: Callable) -> tuple[str, list[str]]:
    """The docstring's first paragraph, and the others."""
    import inspect

    paragraphs = [
        " ".join(p.split()) for p in re.split(r"\n\s*\n", inspect.getdoc(func) or "") if p.strip()
    ]
    if not paragraphs:
        raise LiveFigureError(
            f"live figure '{func.__name__}' has no docstring; its first paragraph is the figure's text "
            "alternative, for readers who cannot see it, and the rest its caption"
        )
    return paragraphs[0], paragraphs[1:]


_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
_INLINE = re.compile(r"\$([^$]+)\$|`([^`]+)`|\*\*([^*]+)\*\*|\*([^*]+)\*")
_KINDS = ("math", "code", "strong", "em")
_MARKUP = {
    "": "{}",
    "math": '<span class="lf-tex">\\({}\\)</span>',
    "code": "<code>{}</code>",
    "strong": "<strong>{}</strong>",
    "em": "<em>{}</em>",
}


def pieces(text: str) -> Iterator[tuple[str, str]]:
    """The markup of captions and labels: (kind, text), the kind one of math, code, strong, em, or empty for words."""
    at = 0
    for m in _INLINE.finditer(text):
        for kind, piece in (
            ("", text[at : m.start()]),
            (_KINDS[(m.lastindex or 1) - 1], m[m.lastindex or 1]),
        ):
            if piece:
                yield kind, piece if kind else _APOSTROPHE.sub("’", piece)
        at = m.end()
    if text[at:]:
        yield "", _APOSTROPHE.sub("’", text[at:])


def inline(text: str) -> str:
    """Captions and labels as HTML: math between dollars, code, bold and emphasis; apostrophes as in the text.

    Math stays as TeX inside ``<span class="lf-tex">``: the Sphinx extension and Jupyter set it.

    Parameters
    ----------
    text : str
        The words; marks are those of Markdown.

    Returns
    -------
    str
        HTML.

    Examples
    --------
    >>> inline("a *small* x")
    'a <em>small</em> x'
    """
    marked = "".join(_MARKUP[kind].format(escape(piece)) for kind, piece in pieces(text))
    return _TOUCHED.sub(_kept, marked)


#: A browser may break a line on either side of a formula. One of at most so much TeX is kept on one line with the
#: signs that touch it.
SHORT_FORMULA = 30
OPENING, CLOSING = r"[(\[“‘]", r"[,.;:!?)\]’”]"
_TOUCHED = re.compile(
    rf'({OPENING}*)<span class="lf-tex">\\\((?:(?!</span>).){{1,{SHORT_FORMULA}}}\\\)</span>({CLOSING}*)'
)


def _kept(found: re.Match) -> str:
    touched = found[1] or found[2]
    return f'<span class="lf-keep">{found[0]}</span>' if touched else found[0]


#: what may be followed by another sentence, and what only looks like the end of one
_END = re.compile(r"[.!?…][\"”’)*]*(?=\s+\S)")
_NO_END = re.compile(r"(?:\b(?:e\.g|i\.e|cf|vs|etc|Fig|Eq|Sec|No|Dr|Mr|Ms|Mrs|St|al))\.$")


def first_sentence(text: str) -> str:
    """The beginning of a text of `inline`'s marks, up to the end of its first sentence.

    >>> first_sentence("At 3.5 (e.g. `f. g`) it *stops*. Then it waits.")
    'At 3.5 (e.g. `f. g`) it *stops*.'
    """
    marked = [m.span() for m in _INLINE.finditer(text)]
    for m in _END.finditer(text):
        head, after = text[: m.end()], text[m.end() :].lstrip()
        whole = not any(start < m.end() < stop for start, stop in marked)
        if whole and not after[0].islower() and not _NO_END.search(text[: m.start() + 1]):
            return head
    return text


def caption_of(paragraphs: list[str]) -> str:
    """The caption of a figure, its first sentence in bold letters; nothing where there is none."""
    if not paragraphs:
        return ""
    first = first_sentence(paragraphs[0])
    lead = f"<p><b>{inline(first)}</b>{inline(paragraphs[0][len(first) :])}</p>"
    return (
        f"<figcaption>{lead}{''.join(f'<p>{inline(p)}</p>' for p in paragraphs[1:])}</figcaption>"
    )


_TEX = re.compile(r'<span class="lf-tex">\\\((.*?)\\\)</span>', re.S)


def split_math(html: str) -> list[str]:
    """HTML cut at the math that `inline` marks: every second piece is TeX."""
    return [unescape(piece) if i % 2 else piece for i, piece in enumerate(_TEX.split(html))]


def spoken(text: str) -> str:
    """A label for a screen reader, which makes nothing of typeset math: ``$x_8$`` is "x 8"."""
    return " ".join(re.sub(r"\\(?:mathrm|mathbf|text)\b|[$\\{}_]", " ", text).split())


def write_svg(element: Merged, state: int, extra: str = "") -> str:
    """The common tree as SVG, with the attributes of one state."""
    found = columns(element)
    values = {name: column[state] for name, column in found.items()}
    if len(set(found.get("d", ()))) == 1:  # no state replaces it
        values["d"] = compact(values["d"] or "")
    text = values.pop("") or ""
    attributes = "".join(
        f' {name}="{escape(value)}"' for name, value in values.items() if value is not None
    )
    tag = element.first.tag
    inside = escape(text) + "".join(write_svg(c, state) for c in element.children)
    return f"<{tag}{attributes}{extra}>{inside}</{tag}>" if inside else f"<{tag}{attributes}/>"


def _room(texts: Iterable[str]) -> str:
    """The style of a box that holds the longest of some texts on one line.

    A box whose size is known does not move the page around it when the text in it changes. The unit is the width
    of a digit (ch); wide letters are taken as wider, thin ones as thinner, whatever the reader's font is.
    """

    def width(char: str) -> float:
        for some, ch in ((".,:;'|!il \u00a0", 0.6), ("+−±=<>×", 1.35), ("%mMwW→∞", 1.65)):
            if char in some:
                return ch
        return 1.25 if char.isupper() else 1.05

    return f' style="width:{max(sum(map(width, text)) for text in texts):.1f}ch"'


#: how much faster than the author's interval a play button can run
_SPEEDS = {0.25: "¼", 0.5: "½", 1: "1", 2: "2", 4: "4"}


def _control(name: str, control: Control) -> str:
    """One native input with its label; its values are numbered, the texts stand beside it."""
    ident = f"{name}-{control.name}"
    label = inline(control.label)
    named = f' aria-label="{escape(spoken(control.label))}"' if "$" in control.label else ""
    data = f'data-control="{control.name}" data-texts="{escape(json.dumps(control.texts, ensure_ascii=False))}"'
    # a percent sign or a degree stands next to its number
    unit = control.unit if control.unit[:1] in ("", "%", "°") else f"\u00a0{control.unit}"
    if unit:
        data += f' data-unit="{escape(unit)}"'
    texts = [escape(t + unit) for t in control.texts]
    text = texts[control.default]
    if control.kind == "checkbox":
        checked = " checked" if control.default else ""
        return (
            f'<div class="lf-control lf-checkbox" {data}><label><input type="checkbox" '
            f'id="{ident}"{named}{checked}> {label}</label></div>'
        )
    if control.kind == "select":
        options = "".join(
            f'<option value="{i}"{" selected" if i == control.default else ""}>{t}</option>'
            for i, t in enumerate(texts)
        )
        return (
            f'<div class="lf-control lf-select" {data}><label for="{ident}">{label}</label>'
            f'<select id="{ident}"{named}>{options}</select></div>'
        )
    if control.kind == "radio":
        options = "".join(
            f'<label><input type="radio" name="{ident}" value="{i}"'
            f"{' checked' if i == control.default else ''}> {escape(t)}</label>"
            for i, t in enumerate(control.texts)
        )
        return (
            f'<fieldset class="lf-control lf-radio" {data}{named}><legend>{label}</legend>'
            f"<div>{options}</div></fieldset>"
        )
    button = speed = ""
    if control.kind == "play":
        repeat = " data-repeat" if control.repeat else ""
        button = (
            f'<button type="button" class="lf-play" data-interval="{control.interval}"{repeat} '
            f'aria-label="Play {escape(spoken(control.label))}" aria-pressed="false"></button>'
        )
        options = "".join(
            f'<option value="{factor}"{" selected" if factor == 1 else ""}>{text}×</option>'
            for factor, text in _SPEEDS.items()
        )
        speed = (
            f'<label class="lf-unseen" for="{ident}-speed">Speed of {escape(spoken(control.label))}</label>'
            f'<select class="lf-speed" id="{ident}-speed">{options}</select>'
        )
    return (
        f'<div class="lf-control lf-range" {data}><label for="{ident}">{label}</label>{button}'
        f'<span class="lf-slot"><input type="range" id="{ident}"{named} min="0" max="{len(control) - 1}" step="1" '
        f'value="{control.default}" aria-valuetext="{text}"></span>'
        f'<span class="lf-value" aria-hidden="true"><span{_room(t + unit for t in control.texts)}>{text}</span></span>'
        f"{speed}</div>"
    )


#: a readout of at most so many letters stays on one line
_SHORT = 20


def readouts_of(readouts: list[dict[str, str]], default: int) -> tuple[str, list[Any]]:
    """The line of live numbers under the figure, and what each is in every state."""
    names = dict.fromkeys(name for r in readouts for name in r)
    if not names:
        return "", []
    items, data = [], []
    for name in names:
        values = [r.get(name, "–") for r in readouts]
        table = list(dict.fromkeys(values))
        data.append([table, pack([table.index(v) for v in values]) if len(table) > 1 else ""])
        box = _room(table) if max(map(len, table)) <= _SHORT else ""  # a long one breaks on a phone
        items.append(f"<span>{inline(name)} <b{box}>{escape(values[default])}</b></span>")
    return f'<div class="lf-readouts">{"".join(items)}</div>', data


def panel_of(name: str, controls: list[Control]) -> str:
    """All controls of a figure, and what stands in their place where nothing runs."""
    if not controls:
        return ""
    return (
        '<div class="lf-controls" role="group" aria-label="Controls of the figure">'
        f"{''.join(_control(name, c) for c in controls)}"
        "</div>"
        '<p class="lf-note">This figure is live: with JavaScript, on the website, its controls redraw it.</p>'
    )


def actions_of(name: str, controls: list[Control]) -> str:
    """What a reader can do with the figure: share the view, and go back to the first one."""
    if not controls:
        return ""
    return (
        f'<div class="lf-actions"><a class="lf-link" href="#{name}">Link to this view</a>'
        '<button type="button" class="lf-reset" disabled>Reset</button>'
        '<span class="lf-status" role="status"></span></div>'
    )
