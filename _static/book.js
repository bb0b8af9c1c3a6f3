// Buttons of the header, whose code the theme has in attributes; the site's policy does not allow that.
document.addEventListener("click", (event) => {
  const action = event.target.closest("[data-action]")?.dataset.action;
  if (action === "print") window.print();
  if (action === "fullscreen") window.toggleFullScreen?.();
});

// What scrolls can be reached by keyboard. The theme measures all of it at the start and after each change of the
// page, a slider's too; here it is measured when it is laid out.
if ("ResizeObserver" in window) {
  const scrollables = new ResizeObserver((entries) => {
    const found = entries.map(({ target: e }) => e.scrollWidth > e.clientWidth || e.scrollHeight > e.clientHeight);
    entries.forEach(({ target }, i) => { target.tabIndex = found[i] ? 0 : -1; });
  });
  for (const e of document.querySelectorAll("pre, .cell_output > .output, .pst-scrollable-table-container"))
    scrollables.observe(e);
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
