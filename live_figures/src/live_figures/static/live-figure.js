// Live figures: puts the attributes of the chosen state into the inline SVG.
// The format of the states is described in live_figures/encoding.py, which writes it.
(() => {
  "use strict";
  if (window.liveFigures) return; // each of two figures may have brought it
  const home = document.currentScript?.src; // none where the script stands in the page itself
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
        for (let start = 0; start < a.length; start += stride * size)
          for (let i = start + stride; i < start + stride * size; i++) a[i] += a[i - stride];
    });
    for (let order = orders[shape.length]; order--;)
      for (let i = 2 * states; i < a.length; i++) a[i] += a[i - 2 * states];
    return a;
  }

  // A function from the number of a state to the attribute's value in it, and `ready`, which unpacks it before.
  function reader(channel, sizes, total) {
    let read;
    const ready = () => { read ||= unpacked(channel, sizes, total); };
    return Object.assign((state) => (ready(), read(state)), { ready });
  }

  function unpacked([, , groups, which], sizes, total) {
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

  // Does the jobs one after the other whenever the page has nothing else to do.
  const idle = window.requestIdleCallback || ((f) => setTimeout(() => f({ timeRemaining: () => 0 }), 20));
  function inPauses(jobs) {
    idle((pause) => {
      do jobs.shift()?.(); while (jobs.length && pause.timeRemaining() > 2);
      if (jobs.length) inPauses(jobs);
    });
  }

  window.liveFigures = (file, data) => waiting.get(file)?.(data);

  const near = "IntersectionObserver" in window && new IntersectionObserver((entries) => {
    for (const e of entries) if (e.isIntersecting) e.target.load();
  }, { rootMargin: "800px" });

  const still = matchMedia("(prefers-reduced-motion: reduce)");
  matchMedia("print").addEventListener("change", (e) => { // paper has the view that the text speaks of
    for (const figure of document.querySelectorAll("live-figure")) {
      if (!figure.drawings) continue;
      const state = e.matches ? figure.first : figure.state();
      for (const drawing of figure.drawings) drawing.show(state);
      figure.show(state);
    }
  });

  // One of the drawings of a figure, and what each state changes in it.
  class Drawing {
    constructor(svg, figure, file, inside) {
      Object.assign(this, { svg, figure, file, inside });
      this.elements = [svg, ...svg.querySelectorAll("*")];
      this.shown = figure.state();
    }

    get visible() { return getComputedStyle(this.svg).display !== "none"; }

    // The states are in the element itself, or in a file beside the script.
    load() {
      if (this.loading) return;
      this.loading = true;
      if (this.inside) return this.take(JSON.parse(this.inside.textContent));
      const script = document.createElement("script"), { file, figure } = this;
      waiting.set(file, (data) => this.take(data));
      const failed = () => { if (!this.channels) figure.fail(); };
      if (!file || !home) return failed();
      script.onload = script.onerror = failed;
      script.src = new URL(file, new URL("live/", home));
      document.head.append(script);
    }

    take(data) {
      const total = data.n.reduce((a, b) => a * b, 1), { svg, figure } = this;
      this.channels = data.c.map((c) => ({
        element: this.elements[c[0]], name: c[1], value: reader(c, data.n, total), last: undefined,
      }));
      figure.readings ||= data.r.map(([table, which]) => [table, which && unpack(which, total)]);
      this.handles = [...svg.querySelectorAll("[data-handle]")].map((g) => new Handle(g, this, total));
      figure.show();
      if (figure.drawing === this) figure.hand();
      inPauses(this.channels.map((c) => c.value.ready));
    }

    show(state) {
      if (!this.channels || state === this.shown) return;
      this.shown = state;
      for (const c of this.channels) {
        const value = c.value(state);
        if (value === c.last) continue;
        c.last = value;
        if (c.name === "") write(c.element, value);
        else if (value === null) c.element.removeAttribute(c.name);
        else c.element.setAttribute(c.name, value);
      }
      this.handles.forEach((h) => h.follow());
    }
  }

  class LiveFigure extends HTMLElement {
    connectedCallback() {
      if (this.controls) return;
      this.controls = [...this.querySelectorAll(".lf-control")].map((box) => new Control(box, this));
      if (!this.controls.length) return;
      this.outputs = [...this.querySelectorAll(".lf-readouts b")];
      this.reset = this.querySelector(".lf-reset");
      this.reset.addEventListener("click", () => {
        this.controls.forEach((c) => { c.stop(); c.set(c.initial); });
        this.moved();
      });
      this.link = this.querySelector(".lf-link");
      this.link?.addEventListener("click", (event) => this.share(event));
      this.first = this.told = this.state();
      const [wide, narrow] = this.querySelectorAll("figure > svg"), { states, narrow: other } = this.dataset;
      this.drawings = [new Drawing(wide, this, states, this.querySelector(".lf-states"))];
      if (narrow) this.drawings.push(new Drawing(narrow, this, other, this.querySelector(".lf-narrow-states")));
      [this.drawing] = this.drawings;
      near ? near.observe(this) : this.load();
      this.addEventListener("focusin", () => this.load(), { once: true });
      addEventListener("hashchange", () => this.fromHash());
      new ResizeObserver(() => this.choose()).observe(this);
      this.fromHash();
    }

    // Who held a point by the keyboard holds it in the other drawing too, once that has its points.
    hand() {
      const grip = this.drawing.handles?.[this.hold]?.grip;
      if (!grip) return;
      this.hold = undefined;
      grip.focus({ preventScroll: true });
    }

    get channels() { return this.drawing?.channels; }
    get shown() { return this.drawing?.shown; }

    // The drawing that the style sheet shows now; it takes over where the reader was.
    choose() {
      const before = this.drawing, now = this.drawings.find((d) => d.visible) || before;
      if (now !== before) {
        this.drawing = now;
        this.hold = before.handles?.findIndex((h) => h.grip === this.held);
        if (this.loading) now.load();
        now.show(this.state());
        this.hand();
      }
      now.handles?.forEach((h) => h.fit());
    }

    state() {
      return this.controls.reduce((state, c) => state * c.texts.length + c.index, 0);
    }

    load() {
      if (this.loading || !this.controls?.length) return;
      this.loading = true;
      near && near.unobserve(this);
      this.choose();
      this.drawing.load();
    }

    fail() {
      const note = this.querySelector(".lf-note");
      note.textContent = "The data behind these controls could not be loaded; the figure shows its first view.";
      note.classList.add("lf-failed");
      this.controls.forEach((c) => { c.stop(); c.set(c.initial); });
      for (const input of this.querySelectorAll("input, select, button")) input.disabled = true;
    }

    show(state = this.state()) {
      this.drawing?.show(state);
      if (!this.readings || state === this.told) return;
      this.told = state;
      this.readings.forEach(([table, which], i) => {
        write(this.outputs[i], table[which ? which[state] : 0]);
      });
    }

    moved() {
      this.show();
      this.tell();
      this.reset.disabled = this.controls.every((c) => c.index === c.initial);
      clearTimeout(this.timer);
      this.timer = setTimeout(() => { // browsers allow a hundred changes of the address in half a minute
        const view = this.reset.disabled ? location.href.split("#")[0] : this.view();
        try { history.replaceState(history.state, "", view); } catch { /* file:// in some browsers */ }
      }, 300);
      clearTimeout(this.quiet);
      this.quiet = setTimeout(() => { // a screen reader hears the numbers once the reader rests
        const status = this.querySelector(".lf-status");
        const readouts = this.querySelector(".lf-readouts");
        if (status && readouts) status.textContent = readouts.textContent;
      }, 700);
    }

    // A page may have something to do once a reader has set the figure, by hand or by an address.
    tell() {
      this.dispatchEvent(new Event("live-figure-moved", { bubbles: true }));
    }

    // The address of what is shown.
    view() {
      const query = new URLSearchParams(this.controls.map((c) => [c.name, ascii(c.texts[c.index])]));
      return this.reset.disabled ? `#${this.id}` : `#${this.id}?${query}`;
    }

    // Copies the address of this view; where a page may not, the link leads there, to be copied from the address bar.
    async share(event) {
      const address = new URL(this.view(), location.href).href, { link } = this;
      link.href = address;
      if (event.ctrlKey || event.metaKey || event.shiftKey || !navigator.clipboard) return;
      event.preventDefault();
      const named = link.textContent;
      if (link.dataset.said) return;
      link.dataset.said = named;
      try {
        await navigator.clipboard.writeText(address);
        link.textContent = "Link copied";
      } catch {
        location.hash = this.view();
        link.textContent = "Link in the address bar";
      }
      const status = this.querySelector(".lf-status");
      if (status) status.textContent = link.textContent;
      setTimeout(() => { link.textContent = named; delete link.dataset.said; }, 2000);
    }

    // The view in the address: #name?control=text&...; what it does not know is ignored.
    fromHash() {
      const [name, query] = location.hash.slice(1).split("?");
      if (name !== this.id || !query) return;
      const wanted = new URLSearchParams(query);
      for (const c of this.controls) {
        const index = c.find(wanted.get(c.name));
        if (index >= 0) c.set(index);
      }
      this.load();
      this.show();
      this.reset.disabled = this.controls.every((c) => c.index === c.initial);
      this.tell();
      this.scrollIntoView({ block: "center" });
    }
  }

  // A marker that is dragged: where it is in each state is read off the states themselves.
  class Handle {
    constructor(group, drawing, total) {
      const { figure, svg } = drawing, here = figure.drawings.indexOf(drawing);
      Object.assign(this, { figure, svg });
      this.controls = group.dataset.handle.split(",").map((n) => figure.controls.find((c) => c.name === n));
      const marker = group.querySelector("use");
      this.panel = (group.dataset.panel || "").split(" ").map(Number); // left, top, width, height
      // a marker beyond its panel is not drawn in that state: it is nowhere
      const shown = drawing.channels.filter((c) => c.name === "display" && c.element.contains(marker));
      [this.x, this.y] = ["x", "y"].map((name) => {
        const c = drawing.channels.find((c) => c.element === marker && c.name === name);
        return Float64Array.from({ length: total }, (_, s) =>
          shown.some((d) => d.value(s) === "none") ? NaN : +(c ? c.value(s) : marker.getAttribute(name)));
      });
      const make = (tag, attributes) => {
        const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
        for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
        return element;
      };
      const first = this.controls[0];
      const grip = this.grip = make("circle", {
        class: "lf-grip", tabindex: 0, role: "slider", "aria-valuemin": 0,
        "aria-valuemax": first.texts.length - 1,
        "aria-label": `Drag: ${this.controls.map((c) => c.label).join(", ")}`,
      });
      // what a finger meets is whole; the ring that is seen ends with the panel
      const id = `${figure.id}-ring-${here}-${svg.querySelectorAll(".lf-grip").length}`;
      const [x, y, width, height] = this.panel, clip = make("clipPath", { id });
      clip.append(make("rect", { x, y, width, height }));
      const rim = make("g", { class: "lf-rim", "clip-path": `url(#${id})`, "aria-hidden": true });
      this.ring = make("circle", { class: "lf-ring" });
      rim.append(clip, this.ring);
      svg.append(grip, rim);
      this.fit();
      this.follow();
      grip.addEventListener("focus", () => { figure.held = grip; });
      grip.addEventListener("blur", () => { if (drawing.visible) figure.held = null; });
      grip.addEventListener("pointerdown", (event) => {
        event.preventDefault();
        grip.focus();
        grip.setPointerCapture(event.pointerId);
        const { x, y } = this.point(event), state = figure.state();
        this.offset = [this.x[state] - x, this.y[state] - y];
      });
      // touch-action alone does not keep Chromium from scrolling: inside an SVG it comes too late
      grip.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
      grip.addEventListener("pointermove", (event) => {
        if (!grip.hasPointerCapture(event.pointerId)) return;
        const { x, y } = this.point(event), to = [x + this.offset[0], y + this.offset[1]];
        this.toward(...to);
        this.pulled = this.reach(...to);
        this.follow();
      });
      grip.addEventListener("lostpointercapture", () => { // at rest it is where its state has it
        this.pulled = null;
        this.follow();
      });
      grip.addEventListener("keydown", (event) => {
        const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
        const end = { Home: () => 0, End: (c) => c.texts.length - 1 }[event.key];
        if (!step && !end) return;
        event.preventDefault();
        step ? this.step(...step) : this.go(this.controls.map(end));
      });
    }

    point(event) {
      return new DOMPoint(event.clientX, event.clientY)
        .matrixTransform(this.svg.getScreenCTM().inverse());
    }

    // every setting of this handle's controls, the others as they are
    *settings() {
      const kept = this.controls.map((c) => c.index), [a, b] = this.controls;
      for (let i = 0; i < a.texts.length; i++)
        for (let j = 0; j < (b ? b.texts.length : 1); j++) {
          a.index = i;
          if (b) b.index = j;
          const state = this.figure.state();
          this.controls.forEach((c, k) => { c.index = kept[k]; });
          yield [[i, j], state];
        }
    }

    go(to) {
      if (!to || this.controls.every((c, k) => c.index === to[k])) return;
      this.controls.forEach((c, k) => c.set(to[k]));
      this.figure.moved();
    }

    toward(x, y) {
      let best = null, least = Infinity;
      for (const [to, state] of this.settings()) {
        const distance = (this.x[state] - x) ** 2 + (this.y[state] - y) ** 2;
        if (distance < least) [best, least] = [to, distance];
      }
      this.go(best);
    }

    // Where a finger may hold it: on the way of its control, or within the places of both.
    reach(x, y) {
      const places = [...this.settings()].map(([, s]) => [this.x[s], this.y[s]]).filter(([a]) => !isNaN(a));
      const between = (v, low, high) => Math.min(Math.max(v, low), high);
      if (this.controls[1]) return [x, y].map((v, k) => {
        const all = places.map((p) => p[k]);
        return between(v, Math.min(...all), Math.max(...all));
      });
      let best, least = Infinity;
      places.forEach(([a, b], i) => {
        const [c, d] = places[i + 1] || [a, b], dx = c - a, dy = d - b;
        const part = between(((x - a) * dx + (y - b) * dy) / (dx * dx + dy * dy || 1), 0, 1);
        const place = [a + part * dx, b + part * dy], distance = Math.hypot(place[0] - x, place[1] - y);
        if (distance < least) [best, least] = [place, distance];
      });
      return best;
    }

    // One control: its next value, or the last one; up is right, as in every slider, whichever way its curve goes.
    along(by) {
      const [{ index, texts }] = this.controls, way = [...this.settings()].map(([, s]) => s).filter((s) => !isNaN(this.x[s]));
      const [from, to] = [way[0], way[way.length - 1]], wide = this.x[to] - this.x[from], high = this.y[from] - this.y[to];
      const next = index + by * ((Math.abs(wide) > 1 ? wide : high) < 0 ? -1 : 1);
      if (texts[next] !== undefined) this.go([next]);
    }

    // The nearest setting in that direction; a step in the other direction's line comes last.
    step(dx, dy) {
      if (this.controls.length === 1) return this.along(dx - dy);
      const here = this.figure.state();
      let best = null, least = Infinity;
      if (isNaN(this.x[here])) { // no direction leads from nowhere: one value on, or back
        const [a, ...rest] = this.controls, to = a.index + (dx - dy);
        return a.texts[to] && this.go([to, ...rest.map((c) => c.index)]);
      }
      for (const [to, state] of this.settings()) {
        const x = this.x[state] - this.x[here], y = this.y[state] - this.y[here];
        const along = x * dx + y * dy, across = Math.abs(x * dy) + Math.abs(y * dx);
        if (along > 0.01 && along + 4 * across < least) [best, least] = [to, along + 4 * across];
      }
      this.go(best);
    }

    // 44 px across for a finger, however small the page draws the figure
    fit() {
      const matrix = this.svg.getScreenCTM();
      if (!matrix?.a) return;
      this.grip.setAttribute("r", Math.max(16, 22 / matrix.a).toFixed(1));
      this.ring.setAttribute("r", (15 / matrix.a).toFixed(1));
    }

    // A point that has left its panel takes its ring along; for who holds it by the keyboard it waits at the edge.
    follow() {
      const state = this.figure.state(), { grip, ring, panel: [left, top, width, height] } = this;
      const [x, y] = this.pulled || [this.x[state], this.y[state]];
      const within = [Math.min(Math.max(x, left), left + width), Math.min(Math.max(y, top), top + height)];
      const gone = !(Math.hypot(x - within[0], y - within[1]) <= 1); // of one that is nowhere too
      for (const circle of [grip, ring]) {
        if (x === x) {
          circle.setAttribute("cx", within[0]);
          circle.setAttribute("cy", within[1]);
        }
        circle.classList.toggle("lf-gone", gone);
      }
      grip.setAttribute("aria-valuenow", this.controls[0].index);
      grip.setAttribute("aria-valuetext", this.controls.map((c) => `${c.label} ${c.text}`).join(", "));
    }
  }

  // Another text in the same node, which spares the browser taking one out and putting one in.
  const write = (element, text) => {
    if (element.firstChild) element.firstChild.data = text;
    else element.textContent = text;
  };

  const ascii = (text) => text.replace(/−/g, "-");

  class Control {
    constructor(box, figure) {
      this.box = box;
      this.name = box.dataset.control;
      this.texts = JSON.parse(box.dataset.texts);
      this.inputs = [...box.querySelectorAll("input, select:not(.lf-speed)")];
      this.value = box.querySelector(".lf-value > span");
      this.unit = box.dataset.unit || "";
      if (this.value && this.texts.length < 12) // few enough to be marked under the slider
        box.querySelector(".lf-slot").style.setProperty("--lf-steps", this.texts.length - 1);
      this.play = box.querySelector(".lf-play");
      const named = box.closest("[aria-label]") === box ? box : this.inputs[0];
      this.label = named.getAttribute("aria-label") || box.querySelector("legend, label").textContent.trim();
      this.initial = this.inputs.reduce((at, input, i) => { // what the page says, not what a reload kept
        if (input.type === "radio") return input.defaultChecked ? i : at;
        if (input.type === "checkbox") return +input.defaultChecked;
        if (input.type === "range") return +input.defaultValue;
        return [...input.options].findIndex((o) => o.defaultSelected);
      }, 0);
      this.set(this.initial);
      box.addEventListener("input", (event) => {
        const input = event.target;
        if (input === this.speed) {
          if (this.timer) this.run();
          return;
        }
        this.stop();
        this.set(input.type === "checkbox" ? +input.checked : +input.value);
        figure.moved();
      });
      this.speed = box.querySelector(".lf-speed");
      this.step = () => {
        this.set((this.index + 1) % this.texts.length);
        figure.moved();
        if (this.index === this.texts.length - 1 && !("repeat" in this.play.dataset)) this.stop();
      };
      this.play?.addEventListener("click", () => {
        const playing = this.timer;
        this.stop();
        if (playing) return;
        if (still.matches) return this.step(); // who asks for less motion gets a step for each press
        this.run();
      });
    }

    run() {
      this.stop();
      this.timer = setInterval(this.step, this.play.dataset.interval / this.speed.value);
      this.play.setAttribute("aria-pressed", true);
    }

    get text() { return this.texts[this.index] + this.unit; }

    // Which value an address names, -1 where it names none: a minus may be a hyphen, and 1.5 is 1.50.
    find(wanted) {
      const name = wanted && ascii(wanted);
      return this.texts.findIndex((text) => ascii(text) === name || (name && +ascii(text) === +name));
    }

    stop() {
      clearInterval(this.timer);
      this.timer = 0;
      this.play?.setAttribute("aria-pressed", false);
    }

    set(index) {
      this.index = index;
      const text = this.text, input = this.inputs[0];
      if (input.type === "radio") this.inputs[index].checked = true;
      else if (input.type === "checkbox") input.checked = index === 1;
      else input.value = index;
      if (this.value) {
        write(this.value, text);
        input.setAttribute("aria-valuetext", text);
      }
    }
  }

  const define = () => customElements.define("live-figure", LiveFigure);
  // an element that is still being parsed has no children yet
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", define);
  else define();
})();
