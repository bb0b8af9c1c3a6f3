// What a figure says does not stand beside an open question: its room is kept by a copy that nobody sees or hears, and it
// is shown once the reader has guessed, moved the figure, asked for it, or found a word of it by the browser's search.
// So with what a text alternative says behind "Seen:": before it, it tells what is drawn.
for (const { dataset } of document.querySelectorAll(".guess-answers")) {
  const figure = document.getElementById(dataset.figure), caption = figure?.querySelector("figcaption");
  if (!caption || figure.matches(".guess-open")) continue;
  const button = document.createElement("button"), room = document.createElement("div");
  button.type = "button";
  button.className = "guess-show";
  button.textContent = "Show what it says";
  button.addEventListener("click", () => {
    say(figure);
    caption.tabIndex = -1; // who reads by ear, or goes on by keyboard, is there
    caption.focus({ preventScroll: true });
  });
  room.className = "guess-room";
  room.ariaHidden = true;
  for (const words of caption.querySelectorAll(":scope > p")) {
    room.append(words.cloneNode(true));
    words.setAttribute("hidden", "until-found");
    words.addEventListener("beforematch", () => say(figure));
  }
  for (const svg of figure.querySelectorAll("figure > svg")) {
    svg.dataset.said = svg.ariaLabel;
    svg.ariaLabel = svg.ariaLabel.split(" Seen: ")[0];
  }
  figure.classList.add("guess-open");
  caption.prepend(button);
  caption.append(room);
}

function say(figure) {
  if (!figure?.classList.contains("guess-open")) return;
  figure.classList.remove("guess-open");
  for (const gone of figure.querySelectorAll(".guess-show, .guess-room")) gone.remove();
  for (const words of figure.querySelectorAll("figcaption > p[hidden]")) words.hidden = false;
  for (const svg of figure.querySelectorAll("svg[data-said]")) {
    svg.ariaLabel = svg.dataset.said;
    delete svg.dataset.said;
  }
}

document.addEventListener("live-figure-moved", (event) => say(event.target));

// A guess that is made: the figure opens on it, and the reader's mark is in it.
// (What the buttons say of it stands in _ext/booksite/guesses.py.)
const spoken = (text) => // of a label, what is seen: a part of it may be hidden
  [...text.childNodes].filter((n) => n.getAttribute?.("display") !== "none").map((n) => n.textContent).join("").trim();

// The label that is these words, or else begins with them; only one, and only one that is seen.
function labelled(svg, words) {
  // the drawing for a phone is hidden as a whole, where no style sheet shows it
  const after = [...svg.querySelectorAll("text")].filter((text) => !text.closest("[display=none]:not(svg)"))
    .map((text) => [text, spoken(text)]).filter(([, said]) => said.startsWith(words))
    .map(([text, said]) => [text, said.slice(words.length)]);
  return (after.find(([, rest]) => !rest) || after.find(([, rest]) => !/^[\p{L}\p{N}-]/u.test(rest)))?.[0];
}

// In each state anew: what was one label in the last may be hidden in it, or say something else.
function markGuess(figure) {
  for (const svg of figure.querySelectorAll("figure > svg")) {
    const label = figure.guessed && labelled(svg, figure.guessed);
    for (const text of svg.querySelectorAll(".guess-mark")) if (text !== label) text.classList.remove("guess-mark");
    label?.classList.add("guess-mark");
  }
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.(".guess-answer");
  if (!button) return;
  const box = button.parentElement, figure = document.getElementById(box.dataset.figure);
  for (const other of box.querySelectorAll(".guess-answer")) other.ariaPressed = other === button;
  box.querySelector(".guess-said").textContent =
    button.dataset.mark ? "Your guess is marked in the figure." : "Your guess stands above the figure.";
  if (!figure) return;
  say(figure);

  let line = figure.querySelector(".guess-line");
  if (!line) {
    line = document.createElement("p");
    line.className = "guess-line";
    line.append("Your guess: ", document.createElement("b"));
    figure.querySelector("figure").prepend(line);
  }
  const words = button.cloneNode(true); // formulas and all, without the stop, which may stand in one span with a formula
  let end = words;
  while (end.lastChild) end = end.lastChild;
  if (end.nodeType === Node.TEXT_NODE) end.data = end.data.trimEnd().replace(/[.?!]$/, "");
  line.lastChild.replaceChildren(...words.childNodes);
  for (const ring of figure.querySelectorAll(".guess-ring")) ring.remove();
  figure.guessed = button.dataset.mark;
  figure.guessWatch ||= new MutationObserver(() => markGuess(figure));
  for (const svg of figure.querySelectorAll("figure > svg"))
    figure.guessWatch.observe(svg, { subtree: true, childList: true, characterData: true, attributeFilter: ["display"] });
  markGuess(figure);
  figure.scrollIntoView({ block: "nearest" });
  if (!button.dataset.view || !figure.controls) return;

  figure.load();
  for (let turn = 0; !figure.channels && turn < 200; turn++) await new Promise((done) => setTimeout(done, 25));
  if (!figure.channels || button.ariaPressed !== "true") return;
  for (const [name, text] of new URLSearchParams(button.dataset.view)) {
    const control = figure.controls.find((c) => c.name === name), index = control?.find(text) ?? -1;
    if (index >= 0) control.set(index);
  }
  figure.moved();
  for (const grip of figure.querySelectorAll(".lf-grip")) { // where the guess was, once the reader moves on
    const ring = document.createElementNS("http://www.w3.org/2000/svg", "circle");
    for (const name of ["cx", "cy"]) ring.setAttribute(name, grip.getAttribute(name));
    ring.setAttribute("r", 8);
    ring.setAttribute("class", "guess-ring");
    grip.before(ring);
  }
});
