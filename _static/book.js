// The buttons of the header and of listings; paper.js has that which prints. (The script of sphinx-book-theme is not loaded: it looks for 28 sorts of
// notes in the margin, of which this book has none.)
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-action]"), action = button?.dataset.action;
  if (action === "copy") copy(button);
  for (const menu of document.querySelectorAll("details.dropdown[open]"))
    if (!menu.contains(event.target) || event.target.closest(".dropdown-item")) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector("details.dropdown[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

// in a wide window the contents are hidden and shown; in a narrow one the theme opens them as a dialog
document.querySelector(".primary-toggle")?.addEventListener("click", (event) => {
  if (!matchMedia("(min-width: 992px)").matches) return;
  event.stopImmediatePropagation();
  document.getElementById("pst-primary-sidebar").classList.toggle("pst-sidebar-hidden");
}, true);

// the dialog closes when its reader has chosen where to go, on this page too
document.getElementById("pst-primary-sidebar-modal")?.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (!link) return;
  event.currentTarget.close();
  // the page is laid out anew under the dialog, so that the first jump may miss
  if (link.hash && link.pathname === location.pathname)
    requestAnimationFrame(() => setTimeout(() => document.getElementById(link.hash.slice(1))?.scrollIntoView()));
});

// paper is light, whatever the screen is
matchMedia("print").addEventListener("change", (event) => {
  const { dataset } = document.documentElement;
  if (event.matches) [dataset.screen, dataset.theme] = [dataset.theme, "light"];
  else if (dataset.screen) { dataset.theme = dataset.screen; delete dataset.screen; }
});

const helper = document.querySelector(".sbt-scroll-pixel-helper");
if (helper && "IntersectionObserver" in window)
  new IntersectionObserver(([{ boundingClientRect }]) => {
    document.body.classList.toggle("scrolled", boundingClientRect.y < 0);
  }).observe(helper);

// The letters of the book are fetched when the reader moves, for the pages that follow (layout.html).
if (!localStorage.getItem(letters.kept) && location.protocol !== "file:") {
  const first = ["pointerdown", "keydown", "scroll"];
  const fetchLetters = () => {
    first.forEach((name) => removeEventListener(name, fetchLetters));
    letters.add("prefetch", "source.css");
    for (const name of letters.files) letters.add("prefetch", `${name}-latin.woff2`, { as: "font", crossOrigin: "" });
    localStorage.setItem(letters.kept, "1");
  };
  first.forEach((name) => addEventListener(name, fetchLetters, { passive: true }));
}

async function copy(button) {
  const code = button.parentElement.querySelector("pre"), whole = code.textContent;
  // of a dialog with Python what was typed
  const typed = whole.startsWith(">>> ") && whole.match(/^(?:>>>|\.\.\.).*/gm).map((line) => line.slice(4)).join("\n");
  const text = typed || whole;
  try {
    await navigator.clipboard.writeText(text);
  } catch { // an address without https: by the selection
    const selection = getSelection();
    selection.selectAllChildren(code);
    document.addEventListener("copy", (event) => {
      event.clipboardData.setData("text/plain", text);
      event.preventDefault();
    }, { once: true });
    document.execCommand("copy");
    selection.removeAllRanges();
  }
  const name = button.title;
  button.title = button.ariaLabel = "Copied";
  setTimeout(() => { button.title = button.ariaLabel = name; }, 2000);
}

// What scrolls can be reached by keyboard, and fades where there is more. The theme measures all of it at the start and
// after each change of the page, a slider's too; here it is measured when it is laid out, and until then it is taken to
// scroll (markup.py).
const SCROLLS = "pre, div.math, .cell_output, .cell_output > .output, .pst-scrollable-table-container, .katex-display, .loss-card, .loss-table-scroll";
const sides = (e) => [e.scrollLeft > 2, e.scrollLeft + e.clientWidth < e.scrollWidth - 2];
const fade = (e, [left, right]) => {
  e.classList.toggle("more-left", left);
  e.classList.toggle("more-right", right);
};
if ("ResizeObserver" in window) {
  const scrollables = new ResizeObserver((entries) => {
    const found = entries.map(({ target: e }) => [e.scrollWidth > e.clientWidth || e.scrollHeight > e.clientHeight, sides(e)]);
    entries.forEach(({ target }, i) => { target.tabIndex = found[i][0] ? 0 : -1; fade(target, found[i][1]); });
  });
  const all = [...document.querySelectorAll(SCROLLS)].filter((e) => !e.querySelector("live-figure")); // drawn beyond its box
  all.forEach((e) => scrollables.observe(e));
  document.addEventListener("scroll", ({ target: e }) => { if (all.includes(e)) fade(e, sides(e)); }, { capture: true, passive: true });
  // in another window letters may have another size, in a box of the same: whatever was measured is so no more
  let wide = innerWidth;
  addEventListener("resize", () => {
    if (innerWidth === wide) return;
    wide = innerWidth;
    for (const e of all) {
      if (e.matches("pre, .katex-display, .pst-scrollable-table-container")) e.tabIndex = 0;
      scrollables.unobserve(e);
      scrollables.observe(e);
    }
  });
}

// Blocks far from the window are laid out when they come near (book.css), so that a number of pixels from the top
// is no place: a page that is loaded again returns to the block that was at the top. (Sphinx empties history.state.)
{
  const blocks = [...document.querySelectorAll(".bd-article section > :not(section)")];
  const name = `lossbook.place.${location.pathname}`;
  let resting, stored;
  try { stored = JSON.parse(sessionStorage.getItem(name)); } catch { /* storage is blocked */ }
  addEventListener("scroll", () => {
    clearTimeout(resting);
    resting = setTimeout(() => {
      const index = blocks.findIndex((block) => block.getBoundingClientRect().bottom > 80);
      const place = index > 0 ? [index, blocks[index].getBoundingClientRect().top] : null;
      try { sessionStorage.setItem(name, JSON.stringify(place)); } catch { /* storage is blocked */ }
    }, 200);
  }, { passive: true });
  const again = performance.getEntriesByType("navigation")[0]?.type !== "navigate";
  const block = again && blocks[stored?.[0]];
  if (block) {
    history.scrollRestoration = "manual";
    const go = (times) => {
      scrollBy({ top: block.getBoundingClientRect().top - stored[1], behavior: "instant" });
      if (times) requestAnimationFrame(() => go(times - 1));
    };
    go(4);
  }
}

// What a link of the text shows in its place comes when one is first met (_ext/booksite/in_place).
{
  const folder = new URL("in_place/in_place", document.currentScript.src);
  const links = ".bd-article :is(.view, .bibtex-citation a, a[href*='#term-'], a[href^='#equation-']):not(.headerlink, .in-place-card *)";
  const come = (tag, more) => new Promise((onload, onerror) => document.head.append(Object.assign(document.createElement(tag), { onload, onerror, ...more })));
  for (const link of document.querySelectorAll("a.view")) link.hash += `?${link.dataset.view}`;
  let ready, touch;
  const meet = (event) => {
    const { type } = event, link = event.target.closest?.(links);
    if (!link) return;
    if (type === "pointerover") touch = event.pointerType === "touch";
    if (type === "click") {
      const shows = link.matches(".view") ? link.pathname === location.pathname : touch && "popover" in link;
      if (!shows || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
    }
    ready ??= Promise.all([come("link", { rel: "stylesheet", href: `${folder}.css` }), come("script", { src: `${folder}.js` })]);
    ready.then(() => inPlace(link, event), () => type === "click" && location.assign(link.href));
  };
  for (const type of ["pointerover", "focusin", "click"]) document.addEventListener(type, meet);
}
