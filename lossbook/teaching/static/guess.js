// A guess that is made: the figure opens on it, and the reader's mark is in it.
// (What the buttons say of it stands in _ext/booksite/guesses.py.)
document.addEventListener("click", async (event) => {
  const button = event.target.closest?.(".guess-answer");
  if (!button) return;
  const box = button.parentElement, figure = document.getElementById(box.dataset.figure);
  for (const other of box.querySelectorAll(".guess-answer")) other.ariaPressed = other === button;
  const words = button.textContent.trim().replace(/[.?!]$/, "");
  box.querySelector(".guess-said").textContent = "Your guess is marked in the figure.";
  if (!figure) return;

  let line = figure.querySelector(".guess-line");
  if (!line) {
    line = document.createElement("p");
    line.className = "guess-line";
    line.append("Your guess: ", document.createElement("b"));
    figure.querySelector("figure").prepend(line);
  }
  line.lastChild.textContent = words;
  for (const svg of figure.querySelectorAll("svg")) {
    svg.querySelectorAll(".guess-ring").forEach((ring) => ring.remove());
    for (const text of svg.querySelectorAll("text"))
      text.classList.toggle("guess-mark", !!button.dataset.mark && text.textContent.includes(button.dataset.mark));
  }
  figure.scrollIntoView({ block: "nearest" });
  if (!button.dataset.view || !figure.controls) return;

  figure.load();
  for (let turn = 0; !figure.channels && turn < 200; turn++) await new Promise((done) => setTimeout(done, 25));
  if (!figure.channels || button.ariaPressed !== "true") return;
  for (const [name, text] of new URLSearchParams(button.dataset.view)) {
    const control = figure.controls.find((c) => c.name === name);
    const index = control?.texts.findIndex((t) => t.replace(/−/g, "-") === text) ?? -1;
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
