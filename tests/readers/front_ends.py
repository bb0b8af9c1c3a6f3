"""How front ends read a Markdown cell: its formulas, and its prose without them and without code."""

import re

_CODE = re.compile(r"^(`{3,}|~{3,}).*?^\1\s*$|(`+)(?!`).+?(?<!`)\2(?!`)", re.S | re.M)
_MATH = re.compile(r"\$\$(.+?)\$\$|(?<![\\$])\$(?!\s)([^$]+?)(?<![\\\s])\$(?!\d)", re.S)


def formulas(source: str) -> list[tuple[str, bool]]:
    """The TeX of each formula of a cell, and whether it is displayed."""
    text = _CODE.sub("x", source)
    return [((d or i).strip(), bool(d)) for d, i in _MATH.findall(text)]


def prose(source: str) -> str:
    """What is left without code and formulas."""
    return _MATH.sub("x", _CODE.sub("x", source))
