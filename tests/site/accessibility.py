"""What axe finds wrong in a page."""

from pathlib import Path

import axe_playwright_python

from .pages import LAID_OUT

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")

# axe takes milliseconds for the ground of each piece of text, on a long page a minute. Of all pieces with one look
# (colors, size, weight, the colors below and around) the first stands for the others.
ALIKE = """() => {
  const grounds = new Map([[null, ""]]);
  const ground = (e) => {
    if (!grounds.has(e)) {
      const s = getComputedStyle(e);
      const clear = s.backgroundColor === "rgba(0, 0, 0, 0)" && s.backgroundImage === "none" && s.opacity === "1";
      const layer = clear ? "" : [s.backgroundColor, s.backgroundImage, s.opacity].join();
      grounds.set(e, layer + ground(e.parentElement));
    }
    return grounds.get(e);
  };
  const lettered = (e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
  const looks = new Map();
  for (const e of document.querySelectorAll("body *:not(svg *)")) {
    if (!lettered(e)) continue;
    const s = getComputedStyle(e), around = getComputedStyle(e.parentElement);
    looks.set(e, [ground(e), s.color, s.fontSize, s.fontWeight, s.textShadow, s.textDecorationLine, s.position,
      s.zIndex, e.localName === "a" && around.color].join());
  }
  const seen = new Set(), alike = [];
  for (const [e, look] of looks) {
    const inside = [...e.querySelectorAll("*")].filter((x) => looks.has(x)).map((x) => looks.get(x));
    if ([look, ...inside].every((x) => seen.has(x))) alike.push(e);
    seen.add(look);
  }
  alike.forEach((e) => e.setAttribute("data-alike", ""));
}"""

OF_COLOR = ["color-contrast", "link-in-text-block"]


def violations(page, **options):
    found = page.evaluate(
        "(o) => axe.run(document, { resultTypes: ['violations'], ...o })", options
    )
    return [(v["id"], [n["html"][:200] for n in v["nodes"][:3]]) for v in found["violations"]]


def wrong_colors(page):
    """What axe finds in the colors of a page; of what looks alike, in the first."""
    page.evaluate(ALIKE)
    hidden = page.add_style_tag(content="[data-alike] { visibility: hidden !important }")
    found = violations(page, runOnly=OF_COLOR)
    hidden.evaluate("(tag) => tag.remove()")
    page.evaluate(
        "document.querySelectorAll('[data-alike]').forEach((e) => e.removeAttribute('data-alike'))"
    )
    return found


def wrong_structure(page):
    """What axe finds in all but the colors."""
    return violations(page, rules={rule: {"enabled": False} for rule in OF_COLOR})


def ready(page):
    """The page with axe in it, all of it laid out, its colors changing at once."""
    page.add_style_tag(content=LAID_OUT + "*, ::before, ::after { transition: none !important }")
    page.evaluate(AXE)
    return page
