"""A live figure of a page: loaded, set, and read as a drawing of Python's is."""

import re

from live_figures.svg_tree import compact

# Which of a figure's drawings the page shows.
SHOWN = """(figure) =>
  [...figure.querySelectorAll("figure > svg")].find((svg) => getComputedStyle(svg).display !== "none")"""
# Its elements, their attributes and texts; as JSON, which Playwright passes on faster than objects.
READ = f"""(figure) => {{
  const found = [], svg = ({SHOWN})(figure), chosen = ["class", "display"];
  (function walk(e) {{
    if (e !== svg && e.getAttribute("display") === "none" || e.matches(".lf-grip, .lf-rim")) return;
    const attributes = [...e.attributes].filter((a) => e !== svg || !chosen.includes(a.name));
    const named = Object.fromEntries(attributes.map((a) => [a.name, a.value]));
    found.push([e.localName, named, e.children.length ? "" : e.textContent]);
    for (const child of e.children) walk(child);
  }})(svg);
  return JSON.stringify(found);
}}"""
CHOOSE = """(figure, places) => {
  const boxes = [...figure.querySelectorAll(".lf-control")];
  boxes.forEach((box, i) => {
    const inputs = [...box.querySelectorAll("input, select")];
    let input = inputs[0];
    if (input.type === "radio") { input = inputs[places[i]]; input.checked = true; }
    else if (input.type === "checkbox") input.checked = places[i] === 1;
    else input.value = places[i];
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
}"""


def loaded(page, name):
    """The figure, scrolled to, with its states."""
    figure = page.locator(f"live-figure#{name}")
    figure.scroll_into_view_if_needed()
    if figure.locator(".lf-control").count():
        page.wait_for_function("(n) => document.getElementById(n).channels", arg=name)
    return figure


def flat(node):
    """The elements of a drawing in document order."""
    yield [node.tag, node.attributes, node.text]
    for child in node.children:
        yield from flat(child)


def by_order(elements):
    """The same elements with their ids numbered as they come, without plain groups: they say nothing.

    Paths that no state replaces are in steps on a page: here all are.
    """
    elements = [
        [tag, {k: compact(v) if k == "d" else v for k, v in attributes.items()}, text]
        for tag, attributes, text in elements
        if [tag, attributes, text] != ["g", {}, ""]
    ]
    names = {}
    for _, attributes, _ in elements:
        if "id" in attributes:
            names.setdefault(attributes["id"], f"id{len(names)}")

    def renamed(value):
        return re.sub(r"(^#|url\(#)([^)]+)", lambda m: m[1] + names[m[2]], value)

    return [
        [tag, {k: names[v] if k == "id" else renamed(v) for k, v in attributes.items()}, text]
        for tag, attributes, text in elements
    ]
