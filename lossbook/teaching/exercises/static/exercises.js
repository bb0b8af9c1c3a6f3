// Exercises answered in the page: what lossbook/teaching/exercises/checking.py says, said here. Answers stay in this browser.
{
  const KEY = "lossbook.exercises.1"; // the number is the version of what is stored: key -> [answer, solved]
  const load = () => {
    try {
      const stored = JSON.parse(localStorage.getItem(KEY));
      return Object.fromEntries(Object.entries(stored).filter(([, entry]) => Array.isArray(entry)));
    } catch { return {}; }
  };
  const save = () => {
    try { localStorage.setItem(KEY, JSON.stringify(state)); } catch { /* blocked or full: kept as long as the page */ }
  };
  let state = load();

  // ---- what a person types

  const NAMES = { __proto__: null, pi: Math.PI, e: Math.E, inf: Infinity, infinity: Infinity, nan: NaN };
  const FUNCTIONS = { __proto__: null, ln: Math.log, log: Math.log, exp: Math.exp, sqrt: Math.sqrt };
  const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
  const TOKEN = /(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|(?:(?:np|numpy|math)\.)?[a-z]\w*|\*\*|\S/giu;

  // The value of an expression. What cannot be read is thrown, as a sentence.
  const calculate = (text) => {
    const tokens = text.toLowerCase().match(TOKEN) || [];
    let at = 0;
    const fail = () => {
      const where = at < tokens.length ? `from “${tokens[at]}” on` : "at the end";
      throw `Not understood ${where}: write a number, or use + - * / ^, parentheses, pi, e, ln, exp and sqrt.`;
    };
    const take = (...wanted) => wanted.includes(tokens[at]) && tokens[at++];
    const sum = () => {
      let value = product();
      for (let sign; (sign = take("+", "-")); ) value += sign === "+" ? product() : -product();
      return value;
    };
    const product = () => {
      let value = signed();
      for (let sign; (sign = take("*", "/")); ) {
        const other = signed();
        if (sign === "/" && other === 0) throw "That divides by zero.";
        value = sign === "*" ? value * other : value / other;
      }
      return value;
    };
    const signed = () => (take("-") ? -signed() : take("+") ? signed() : power());
    const power = () => {
      const base = atom();
      return take("^", "**") ? base ** signed() : base;
    };
    const group = () => {
      if (!take("(")) fail();
      const value = sum();
      return take(")") ? value : fail();
    };
    const atom = () => {
      const token = tokens[at] || "", name = token.replace(/^\w+\.(?=[a-z])/, "");
      if (token === "(") return group();
      if (NUMBER.test(token)) return at++, Number(token);
      if (name in NAMES) return at++, NAMES[name];
      if (name in FUNCTIONS) return at++, FUNCTIONS[name](group());
      return fail();
    };
    const value = sum();
    return at < tokens.length ? fail() : value;
  };

  // The numbers in what was typed, and whether something had to be worked out.
  const understand = (typed, kind) => {
    const SIGNS = { "−": "-", "–": "-", "×": "*", "·": "*", "⋅": "*", "÷": "/", "π": "(pi)" };
    let text = typed.replace(/[−–×·⋅÷π]/g, (sign) => SIGNS[sign]).trim(), parts = [text];
    if (kind === "array") {
      text = text.replace(/^(?:\[(.*)\]|\(([^()]*)\))$/, "$1$2").replace(/,\s*$/, "").trim();
      if (text.includes(";")) throw "Write commas between the numbers, and decimal points in them.";
      parts = text.split(text.includes(",") ? "," : /\s+/);
    } else if (text.includes(",")) {
      throw "Write a decimal point, and no commas: 1.5, not 1,5.";
    }
    return { values: parts.map(calculate), plain: parts.every((part) => NUMBER.test(part.trim())) };
  };

  // ---- what lossbook.teaching.exercises says

  // A number as Python's format "g" writes it: six digits, a tie goes to the even one.
  const g = (x) => {
    if (!Number.isFinite(x)) return Number.isNaN(x) ? "nan" : x > 0 ? "inf" : "-inf";
    const exact = x.toExponential(99), tie = /^-?\d\.\d{4}[02468]50*e/.test(exact);
    const [digits, power] = (tie ? exact.replace(/50*e/, "e") : x.toExponential(5)).split("e");
    const short = (text) => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);
    if (power >= -4 && power < 6) {
      return (Object.is(x, -0) ? "-" : "") + short(Number(`${digits}e${power}`).toFixed(5 - power));
    }
    return `${short(digits)}e${power[0]}${power.slice(1).padStart(2, "0")}`;
  };

  const limit = (truth, tolerance, nearest) => Math.max(
    tolerance * Math.max(1e-12, ...truth.map(Math.abs).filter(Number.isFinite)), nearest / 2 * (1 + 1e-9));
  const near = (x, y, most) => Math.abs(x - y) <= most || Object.is(x, y) || x === y;
  const close = (given, truth, tolerance, nearest) =>
    given.length === truth.length && given.every((x, i) => near(x, truth[i], limit(truth, tolerance, nearest)));

  const judge = (task, given) => {
    const wrong = (message, hint = task.hint) => ({ right: false, message, hint });
    const choice = task.kind === "choice", numbers = (values) => values.map(Number);
    const same = (value, tolerance = task.tolerance, nearest = task.nearest) =>
      choice ? given === value : close(given, numbers(value), tolerance, nearest);
    if (same(task.answer)) return { right: true, message: `right. ${task.right}`.trimEnd(), hint: "" };
    for (const [value, message] of task.mistakes) if (same(value)) return wrong(message, "");
    if (choice) return wrong(`not ${given}.`);
    const truth = numbers(task.answer), opposite = truth.map((x) => -x);
    if (task.kind === "number") {
      if (Number.isNaN(given[0])) return wrong("that is not a number (NaN).");
      if (same(opposite)) return wrong("the size is right; look at the sign.");
      if (same(truth, 0.01, 0)) return wrong(`${g(given[0])} is close, but not close enough: ${task.asked || "keep more digits"}.`);
      return wrong(`${g(given[0])} is not it.`);
    }
    if (given.length !== truth.length) return wrong(`the shape is (${given.length},); expected (${truth.length},).`);
    if (same(opposite)) return wrong("the sizes are right; look at the sign.");
    const most = limit(truth, task.tolerance, task.nearest);
    const off = truth.flatMap((x, i) => (Math.abs(given[i] - x) <= most || given[i] === x ? [] : i));
    return wrong(
      `entries that differ: ${off.length} of ${truth.length}, the first at [${off[0]}], where yours is ${g(given[off[0]])}.`);
  };

  // ---- the page

  const line = (name, text) => Object.assign(document.createElement("p"), { className: name, textContent: text });
  const renders = [];
  const render = () => renders.forEach((again) => again());

  for (const form of document.querySelectorAll(".answer-form")) {
    const key = form.dataset.key, task = JSON.parse(form.dataset.exercise);
    const input = form.querySelector("input[type=text]"), said = form.querySelector(".answer-said");
    const radio = (value) => [...form.querySelectorAll("input[type=radio]")].find((r) => (value === undefined ? r.checked : r.value === value));
    const mark = Object.assign(document.createElement("span"), { className: "answer-mark", textContent: " ✓ solved" });

    // Says what is to be said of the answer that stands in the form; true if it is right, null if it cannot be judged.
    const tell = () => {
      said.replaceChildren();
      form.dataset.verdict = "";
      try {
        if (!(input ? input.value.trim() : radio())) throw input ? "Type an answer first." : "Choose an answer first.";
        const read = input ? understand(input.value, task.kind) : { values: radio().value, plain: true };
        if (!read.plain) said.append(line("answer-read", `Understood as ${read.values.map(g).join(", ")}.`));
        const { right, message, hint } = judge(task, read.values);
        form.dataset.verdict = right ? "right" : "wrong";
        said.append(line("answer-message", message));
        if (hint) said.append(line("answer-hint", `Hint: ${hint}`));
        return right;
      } catch (problem) {
        if (typeof problem !== "string") throw problem;
        said.append(line("answer-problem", problem));
        return null;
      }
    };
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const right = tell();
      if (right === null) return;
      state[key] = [input ? input.value : radio().value, Number(right || !!state[key]?.[1])];
      save();
      render();
    });
    renders.push(() => {
      const [value, solved] = state[key] || [];
      if (value === undefined && form.dataset.verdict) { // forgotten, here or in another tab
        form.reset();
        said.replaceChildren();
        form.dataset.verdict = "";
      }
      if (!solved) mark.remove();
      else if (!mark.isConnected) form.closest(".exercise").querySelector(".admonition-title").append(mark);
    });
    const last = state[key]?.[0], chosen = last !== undefined && radio(last);
    if (input && last !== undefined) input.value = last;
    if (chosen) chosen.checked = true;
    form.hidden = false;
    if (chosen || (input && last !== undefined)) tell();
  }

  for (const count of document.querySelectorAll("[data-keys]")) {
    const keys = count.dataset.keys.split(" "), bar = count.parentElement.querySelector("progress");
    renders.push(() => {
      const solved = keys.filter((key) => state[key]?.[1]).length;
      count.textContent = `${solved} of ${keys.length} solved`;
      count.classList.toggle("all-solved", solved === keys.length);
      if (bar) bar.value = solved;
    });
    count.parentElement.hidden = false;
  }

  document.querySelector(".answers-clear")?.addEventListener("click", () => {
    if (!confirm("Forget all your answers, in every chapter?")) return;
    state = {};
    try { localStorage.removeItem(KEY); } catch { /* blocked */ }
    render();
  });
  // answers given in another tab, or before the way back to this page
  const reload = () => { state = load(); render(); };
  addEventListener("storage", (event) => { if (event.key === KEY || event.key === null) reload(); });
  addEventListener("pageshow", (event) => { if (event.persisted) reload(); });
  document.documentElement.classList.add("answers-here");
  render();
}
