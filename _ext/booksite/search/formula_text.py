"""A formula as one line of text, from the MathML that KaTeX sets beside its letters."""

from __future__ import annotations

import re
import unicodedata
from xml.etree import ElementTree

_RAISED = str.maketrans("0123456789+−n⊤", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿᵀ")
_LOWERED = str.maketrans("0123456789+−", "₀₁₂₃₄₅₆₇₈₉₊₋")
_OVER = {"^": "\u0302", "ˉ": "\u0304", "‾": "\u0304", "~": "\u0303", "˙": "\u0307", "⃗": "\u20d7"}
_SPACED = "=≤≥<>≈∝≠∼→↦∈+−±·×⋅"


def text(mathml: str) -> str:
    line = _text(ElementTree.fromstring(mathml.replace("&nbsp;", " ")))
    line = re.sub(r"(^|[({[=≤≥<>,;] ?)([−±+]) ", r"\1\2", re.sub(r"\s+", " ", line).strip())
    return unicodedata.normalize("NFC", re.sub(r" (?=[,;.)])|(?<=[a-z]{2}) (?=[(\[])", "", line))


def _text(node: ElementTree.Element) -> str:
    tag = node.tag.rpartition("}")[2]
    if tag in ("annotation", "mphantom", "mpadded"):
        return ""
    if tag == "mspace":
        return " "
    if tag == "mo":
        sign = (node.text or "").strip("\u2061\u200b ")
        return f" {sign} " if sign and sign in _SPACED else sign + " " * (sign == ",")
    parts = [_text(child) for child in node]
    if not parts:
        said = node.text or ""
        return f" {said} " if tag == "mi" and len(said) > 1 and said.isalpha() else said
    if tag in ("msup", "msub", "msubsup", "munder", "munderover", "mover"):
        base, *more = (part.strip() for part in parts)
        if tag == "mover":
            over = _OVER.get(more[0], f"^{more[0]}")
            return unicodedata.normalize("NFC", base + over)
        low = more[0] if tag != "msup" else ""
        high = more[-1] if tag not in ("msub", "munder") else ""
        whole = base + _script(low, "_", _LOWERED) + _script(high, "^", _RAISED)
        return f"{whole} " if base in "∑∏∫" or "_" in whole else whole
    if tag == "mfrac":
        return "/".join(map(_one, parts))
    if tag == "msqrt":
        return "√" + _one("".join(parts))
    if tag == "mtr":
        return ", ".join(part.strip(" ,") for part in parts if part.strip())
    return ("; " if tag == "mtable" else "").join(parts)


def _script(script: str, sign: str, small: dict[int, str]) -> str:
    script = script.replace(" ", "")
    if all(ord(letter) in small for letter in script):
        return script.translate(small)
    return "′" if script == "′" else sign + _one(script)


def _one(part: str) -> str:
    """In parentheses, unless it is one thing."""
    part = part.strip()
    return part if re.fullmatch(r"[\w.∣|∂]+[²′̂]?|\([^()]*\)", part) else f"({part})"
