"""Citations by author and year, and the list of references at the end of a notebook."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

from pybtex.backends.markdown import Backend
from pybtex.database import Entry, parse_file
from pybtex.richtext import Text
from pybtex.style.formatting.plain import Style


class Bibliography:
    """The entries of a BibTeX file."""

    def __init__(self, path: Path):
        self._entries = parse_file(str(path)).entries
        self._style = Style()

    def label(self, key: str) -> str:
        """Author and year, as `sphinxcontrib.bibtex` writes them: "Plackett, 1972", "Ali et al., 2019"."""
        return ", ".join(self._who_and_year(key))

    @cache  # noqa: B019  one object a run
    def _who_and_year(self, key: str) -> tuple[str, str]:
        entry = self._entry(key)
        people = entry.persons.get("author") or entry.persons.get("editor") or []
        names = [" ".join([*p.prelast_names, *p.last_names]) for p in people]
        names = [_plain(name) for name in names] or [_plain(entry.fields.get("key", key))]
        who = f"{names[0]} *et al.*" if len(names) > 2 else " and ".join(names)
        if "year" not in entry.fields:
            raise ValueError(f"{key!r} has no year in the bibliography")
        return who, entry.fields["year"]

    def citation(self, keys: str) -> str:
        """`{cite}` of one or more keys: each label leads to its reference."""
        links = (f"[{self.label(k)}](#{anchor(k)})" for k in keys_of(keys))
        return f"[{', '.join(links)}]"

    def in_text(self, keys: str) -> str:
        """`{cite:t}`: the authors are part of the sentence, and the year leads to the reference."""
        pairs = ((*self._who_and_year(k), anchor(k)) for k in keys_of(keys))
        return ", ".join(f"{who} [[{year}](#{where})]" for who, year, where in pairs)

    def references(self, keys: list[str]) -> str:
        """The list of those that were cited, in the order of their authors."""
        formatted = self._style.format_entries([self._entry(k) for k in dict.fromkeys(keys)])
        lines = []
        for entry in sorted(formatted, key=lambda e: _sortable(self.label(e.key))):
            text = entry.text.render(Backend())
            lines.append(f'- <a id="{anchor(entry.key)}"></a>{_tidy(text)}')
        return "\n".join(lines)

    def _entry(self, key: str) -> Entry:
        if key not in self._entries:
            raise KeyError(f"{key!r} is not in the bibliography")
        return self._entries[key]


def anchor(key: str) -> str:
    return f"ref-{key}"


def keys_of(keys: str) -> list[str]:
    return [k.strip() for k in keys.split(",")]


def _plain(text: str) -> str:
    return str(Text.from_latex(text))


def _sortable(label: str) -> str:
    return unicodedata.normalize("NFKD", label).casefold()


def _tidy(text: str) -> str:
    """On one line, without the backslashes that pybtex puts before harmless signs, with spaces that break."""
    text = re.sub(r"\\([-.()!+#])", r"\1", text.replace("\n", " "))
    text = re.sub(r"\]\((https?://\S+?)\)(?=[.,;]? |[.,;]?$)", _link, text)
    return text.replace("&nbsp;", " ").replace("\u00a0", " ")


def _link(found: re.Match) -> str:
    """Brackets end an address in some front ends; old DOIs have them."""
    address = found[1].replace("\\_", "_")
    for sign in "()<>":
        address = address.replace(sign, f"%{ord(sign):02X}")
    return f"]({address})"
