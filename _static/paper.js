// A page on paper: a figure with controls stands there in three of its states, by the rule of tools/stills.py.
{
  const figures = () => [...document.querySelectorAll("live-figure[data-states]")].filter((f) => f.controls?.length);
  const ready = (figure) => figure.channels || figure.querySelector(".lf-failed");
  const drawing = (figure) => figure.drawing?.svg || figure.querySelector("svg");

  function same(text, wanted) {
    const plain = text.replace("−", "-");
    return wanted !== null && wanted !== "" && (plain === wanted || +plain === +wanted);
  }

  // What may stand beside the first state: what the question opens, then the ends of the first slider, then the rest.
  function* candidates({ id, controls }) {
    for (const { dataset } of document.querySelectorAll(`.guess-answers[data-figure="${id}"] [data-view]`)) {
      const wanted = new URLSearchParams(dataset.view);
      yield controls.map((c) => {
        const index = c.texts.findIndex((text) => same(text, wanted.get(c.name)));
        return index < 0 ? c.initial : index;
      });
    }
    const slides = ({ inputs }) => inputs[0].type === "range";
    for (const control of [...controls.filter(slides), ...controls.filter((c) => !slides(c))]) {
      const last = control.texts.length - 1;
      for (const index of new Set([0, last, Math.floor(last / 2)]))
        if (index !== control.initial) yield controls.map((c) => (c === control ? index : c.initial));
    }
  }

  // A copy of what the figure shows now, with what moved in words and numbers.
  function still(figure, state, number) {
    const box = document.createElement("div"), svg = drawing(figure).cloneNode(true);
    for (const grip of svg.querySelectorAll(".lf-grip")) grip.remove();
    for (const part of [svg, ...svg.querySelectorAll("*")])
      for (const { name, value } of [...part.attributes]) // names of its own: a definition may differ between states
        if (name === "id") part.id = `${value}-${number}`;
        else if (value.includes("#")) part.setAttribute(name, value.replace(/(^#|url\(#)([^)]+)/g, `$1$2-${number}`));
    const said = figure.controls.flatMap((c, i) => {
      if (state[i] === c.initial) return [];
      const label = figure.querySelector(`[data-control="${c.name}"] :is(label, legend)`).cloneNode(true);
      for (const input of label.querySelectorAll("input, select")) input.remove();
      return [`${label.innerHTML.trim()} = ${c.texts[state[i]]}${c.unit}`];
    });
    const read = [...figure.querySelectorAll(".lf-readouts > span")].map((span) => span.textContent);
    box.className = "still";
    const words = document.createElement("p");
    words.innerHTML = said.join(", ");
    if (read.length) words.append(document.createElement("br"), read.join(", "));
    box.append(svg, words);
    return box;
  }

  function unfold() {
    for (const figure of figures()) {
      if (!figure.channels || figure.querySelector(".stills")) continue;
      const place = (state) => state.reduce((at, index, i) => at * figure.controls[i].texts.length + index, 0);
      figure.show(figure.first);
      const seen = new Set([drawing(figure).innerHTML]), row = document.createElement("div");
      row.className = "stills";
      for (const state of candidates(figure)) {
        figure.show(place(state));
        const drawn = drawing(figure).innerHTML;
        if (!seen.has(drawn)) row.append(still(figure, state, seen.size));
        if (seen.add(drawn).size === 3) break;
      }
      figure.show(figure.first);
      figure.querySelector("figure").append(row);
    }
  }

  function fold() {
    for (const figure of figures()) {
      figure.querySelector(".stills")?.remove();
      figure.show();
    }
  }

  // The states of figures further down are not there yet: they are fetched before the page is printed.
  async function printed() {
    const all = figures(), late = Date.now() + 4000;
    for (const figure of all) figure.load();
    while (!all.every(ready) && Date.now() < late) await new Promise((done) => setTimeout(done, 50));
    window.print();
  }

  addEventListener("beforeprint", unfold);
  addEventListener("afterprint", fold);
  addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key !== "p") return;
    if (event.defaultPrevented) return;
    event.preventDefault();
    printed();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest('[data-action="print"]')) printed();
  });
}
