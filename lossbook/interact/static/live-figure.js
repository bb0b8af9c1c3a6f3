// Live figures: puts the attributes of the chosen state into the inline SVG.
// The format of the states is described in lossbook/interact/diff.py, which writes it.
(() => {
  "use strict";
  const base = new URL("live/", document.currentScript.src);
  const waiting = new Map(); // file → what to do with its states
  let ALPHABET = "";
  for (let c = 35; c < 127; c++) {
    const char = String.fromCharCode(c);
    if (!"<\\&'".includes(char)) ALPHABET += char;
  }
  const BASE = ALPHABET.length, LEADS = 9, ONE = BASE - LEADS - 1;
  const DIGIT = new Int16Array(128);
  [...ALPHABET].forEach((c, i) => { DIGIT[c.charCodeAt(0)] = i; });

  function unpack(text, length) {
    const out = new Float64Array(length);
    for (let i = 0, at = 0; i < length; i++) {
      let n = DIGIT[text.charCodeAt(at++)];
      if (n === BASE - 1) {
        n = 0;
        const digits = DIGIT[text.charCodeAt(at++)];
        for (let k = digits; k--;) n = n * BASE + DIGIT[text.charCodeAt(at + k)];
        at += digits;
        n += ONE + LEADS * BASE;
      } else if (n >= ONE) {
        n = ONE + (n - ONE) * BASE + DIGIT[text.charCodeAt(at++)];
      }
      out[i] = n % 2 ? -(n + 1) / 2 : n / 2;
    }
    return out;
  }

  // Undo the differences: sums along each axis of the states, then along the numbers (x with x, y with y).
  function integrate(a, shape, orders, states) {
    let stride = states;
    shape.forEach((size, axis) => {
      stride /= size;
      for (let order = orders[axis]; order--;)
        for (let i = 0; i < a.length; i++)
          if (Math.floor((i % states) / stride) % size) a[i] += a[i - stride];
    });
    for (let order = orders[shape.length]; order--;)
      for (let i = 2 * states; i < a.length; i++) a[i] += a[i - 2 * states];
    return a;
  }

  // A function from the number of a state to the attribute's value in it.
  function reader([, , groups, which], sizes, total) {
    const group = which ? unpack(which, total) : null;
    const counts = groups.map(() => 0);
    const row = new Int32Array(total);
    for (let s = 0; s < total; s++) row[s] = counts[group ? group[s] : 0]++;
    const numbers = groups.map((g, i) => {
      if (!Array.isArray(g)) return null;
      const [pieces, orders, text] = g, states = counts[i];
      const shape = states === total ? sizes : [states];
      return integrate(unpack(text, states * (pieces.length - 1)), shape, orders, states);
    });
    return (state) => {
      const i = group ? group[state] : 0, g = groups[i];
      if (!numbers[i]) return g;
      const pieces = g[0], states = counts[i];
      let value = pieces[0];
      for (let k = 1, at = row[state]; k < pieces.length; k++, at += states)
        value += numbers[i][at] / 20 + pieces[k];
      return value;
    };
  }

  window.liveFigures = (file, data) => waiting.get(file)?.(data);

  const near = "IntersectionObserver" in window && new IntersectionObserver((entries) => {
    for (const e of entries) if (e.isIntersecting) e.target.load();
  }, { rootMargin: "800px" });

  class LiveFigure extends HTMLElement {
    connectedCallback() {
      if (this.controls) return;
      const svg = this.querySelector("svg");
      this.elements = [svg, ...svg.querySelectorAll("*")];
      this.controls = [...this.querySelectorAll(".lf-control")].map((box) => new Control(box, this));
      if (!this.controls.length) return;
      this.outputs = [...this.querySelectorAll(".lf-readouts b")];
      this.reset = this.querySelector(".lf-reset");
      this.reset.addEventListener("click", () => {
        this.controls.forEach((c) => c.set(c.initial));
        this.moved();
      });
      this.shown = this.state();
      near ? near.observe(this) : this.load();
      this.addEventListener("focusin", () => this.load(), { once: true });
      addEventListener("hashchange", () => this.fromHash());
      this.fromHash();
    }

    state() {
      return this.controls.reduce((state, c) => state * c.texts.length + c.index, 0);
    }

    load() {
      if (this.loading || !this.dataset.states) return; // a still figure has no states
      this.loading = true;
      near && near.unobserve(this);
      const file = this.dataset.states, script = document.createElement("script");
      waiting.set(file, (data) => {
        const total = data.n.reduce((a, b) => a * b, 1);
        this.channels = data.c.map((c) => ({
          element: this.elements[c[0]], name: c[1], value: reader(c, data.n, total), last: undefined,
        }));
        this.readings = data.r.map(([table, which]) => [table, which && unpack(which, total)]);
        this.show();
      });
      const failed = () => {
        if (this.channels) return;
        const note = this.querySelector(".lf-note");
        note.textContent = "The data behind these controls could not be loaded; the figure shows its first view.";
        note.classList.add("lf-failed");
        this.classList.add("lf-broken");
      };
      script.onload = script.onerror = failed;
      script.src = new URL(file, base);
      document.head.append(script);
    }

    show() {
      const state = this.state();
      if (!this.channels || state === this.shown) return;
      this.shown = state;
      for (const c of this.channels) {
        const value = c.value(state);
        if (value === c.last) continue;
        c.last = value;
        if (c.name === "") c.element.textContent = value;
        else if (value === null) c.element.removeAttribute(c.name);
        else c.element.setAttribute(c.name, value);
      }
      this.readings.forEach(([table, which], i) => {
        this.outputs[i].textContent = table[which ? which[state] : 0];
      });
    }

    moved() {
      this.show();
      this.reset.disabled = this.controls.every((c) => c.index === c.initial);
      clearTimeout(this.timer);
      this.timer = setTimeout(() => { // browsers allow a hundred changes of the address in half a minute
        const query = new URLSearchParams(this.controls.map((c) => [c.name, c.texts[c.index]]));
        try { history.replaceState(history.state, "", `#${this.id}?${query}`); } catch { /* file:// in some browsers */ }
      }, 300);
    }

    // The view in the address: #name?control=text&...; what it does not know is ignored.
    fromHash() {
      const [name, query] = location.hash.slice(1).split("?");
      if (name !== this.id || !query) return;
      const wanted = new URLSearchParams(query);
      for (const c of this.controls) {
        const index = c.texts.indexOf(wanted.get(c.name));
        if (index >= 0) c.set(index);
      }
      this.load();
      this.show();
      this.reset.disabled = this.controls.every((c) => c.index === c.initial);
      this.scrollIntoView({ block: "center" });
    }
  }

  class Control {
    constructor(box, figure) {
      this.box = box;
      this.name = box.dataset.control;
      this.texts = JSON.parse(box.dataset.texts);
      this.inputs = [...box.querySelectorAll("input, select")];
      this.value = box.querySelector(".lf-value");
      this.play = box.querySelector(".lf-play");
      this.initial = this.inputs.reduce((at, input, i) => { // what the page says, not what a reload kept
        if (input.type === "radio") return input.defaultChecked ? i : at;
        if (input.type === "checkbox") return +input.defaultChecked;
        if (input.type === "range") return +input.defaultValue;
        return [...input.options].findIndex((o) => o.defaultSelected);
      }, 0);
      this.set(this.initial);
      box.addEventListener("input", (event) => {
        const input = event.target;
        this.set(input.type === "checkbox" ? +input.checked : +input.value);
        figure.moved();
      });
      this.play?.addEventListener("click", () => {
        const playing = !this.timer;
        clearInterval(this.timer);
        this.timer = playing && setInterval(() => {
          this.set((this.index + 1) % this.texts.length);
          figure.moved();
        }, +this.play.dataset.interval);
        this.play.setAttribute("aria-pressed", playing);
      });
    }

    set(index) {
      this.index = index;
      const text = this.texts[index], input = this.inputs[0];
      if (input.type === "radio") this.inputs[index].checked = true;
      else if (input.type === "checkbox") input.checked = index === 1;
      else input.value = index;
      if (this.value) {
        this.value.textContent = text;
        input.setAttribute("aria-valuetext", text);
      }
    }
  }

  customElements.define("live-figure", LiveFigure);
})();
